//! Our prices of one list beside those of another.

use std::time::Instant as Stopwatch;

use app_contract::AnswerOutcome;
use pricing_domain::{GridSort, Ratio, Rounding};
use pricing_operations::OperationError;
use question_grammar::{Direction, Limit, Scope};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::{Place, linked};
use crate::wording::scope_words;

/// Rows shown unless the question says how many, where only a number is asked for, and most.
const USUAL: usize = 10;
const FEW: usize = 5;
const MOST: usize = 50;

/// What is compared.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The list that is spoken of.
    pub(super) list: &'a str,
    /// The other one.
    pub(super) other: &'a str,
    /// Only products that are dearer (up) or cheaper (down) on the first.
    pub(super) side: Option<Direction>,
    /// How many are wanted.
    pub(super) limit: Limit,
}

/// Counts where the one is dearer, and lists the largest differences.
pub(super) async fn tell(composer: &mut Composer<'_>, scope: &Scope, asked: Asked<'_>) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    let place_of = |code: &str| snapshot.lists.iter().position(|list| list.code == code);
    let (Some(first), Some(second)) = (place_of(asked.list), place_of(asked.other)) else {
        return super::unsure::not_here(composer, asked.list);
    };
    let name = |list: usize| Figure::Words(snapshot.lists[list].name.clone());
    if snapshot.lists[first].currency != snapshot.lists[second].currency
        || snapshot.lists[first].tax_mode != snapshot.lists[second].tax_mode
    {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: {0} and {1} have prices in different currencies, or with and without tax.",
            "Zu wenig Daten: {0} und {1} haben Preise in verschiedenen Währungen oder mit und ohne Steuer.",
            &[name(first), name(second)],
        );
        return Ok(());
    }
    composer.list = first;
    let (own, theirs) = (
        Place { snapshot: &snapshot, list: first, now: composer.now },
        Place { snapshot: &snapshot, list: second, now: composer.now },
    );
    let rows = own.rows_of(scope, &[]);
    let pairs: Vec<(u32, i64, i64)> =
        rows.par_iter().filter_map(|row| Some((*row, own.price(*row)?, theirs.price(*row)?))).collect();
    let dearer = pairs.iter().filter(|(_, one, other)| one > other).count();
    let cheaper = pairs.iter().filter(|(_, one, other)| one < other).count();
    let link = composer.grid_link(&scope.search, &scope.filters, GridSort::default());
    let said = scope_words(scope, composer.language);
    let question = format!("{} / {}; {said}", snapshot.lists[first].code, snapshot.lists[second].code);
    composer.step("compare_price_lists", question, pairs.len(), started, link);
    if pairs.is_empty() {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: nothing of {2} has a price on both lists, {0} and {1}.",
            "Zu wenig Daten: Nichts aus {2} hat auf beiden Listen, {0} und {1}, einen Preis.",
            &[name(first), name(second), Figure::Words(said)],
        );
        return Ok(());
    }
    if let [(row, one, other)] = pairs.as_slice() {
        one_product(composer, *row, (*one, *other), (name(first), name(second)));
        return Ok(());
    }
    let counts =
        [pairs.len(), dearer, pairs.len() - dearer - cheaper, cheaper].map(|count| Figure::Count(count as i64));
    let [all, dearer, level, cheaper] = counts.map(|count| composer.gave(count));
    composer.say(
        "{5}: {0} products have a price on both lists. In {1}, {3} are dearer than in {2}, {6} at the same price, {4} cheaper.",
        "{5}: {0} Produkte haben auf beiden Listen einen Preis. {1} gegenüber {2}: {3} teurer, {6} gleich, {4} günstiger.",
        &[all, name(first), name(second), dearer, cheaper, Figure::Words(said), level],
    );
    let wanted = |one: i64, other: i64| match asked.side {
        Some(Direction::Up) => one > other,
        Some(Direction::Down) => one < other,
        None => one != other,
    };
    let mut differing: Vec<_> = pairs.into_iter().filter(|(_, one, other)| wanted(*one, *other)).collect();
    let total = differing.len();
    let by_size = |(row, one, other): &(u32, i64, i64)| (std::cmp::Reverse((one - other).abs()), *row);
    let shown = match asked.limit {
        Limit::Usual => USUAL,
        Limit::Rows(rows) => (rows as usize).min(MOST),
        Limit::CountOnly => FEW,
    };
    // Only those that are shown are put in order.
    if differing.len() > shown && shown > 0 {
        differing.select_nth_unstable_by_key(shown - 1, by_size);
    }
    differing.truncate(shown);
    differing.sort_unstable_by_key(by_size);
    let links = composer.product_links(&differing.iter().map(|(row, ..)| *row).collect::<Vec<_>>()).await?;
    let cells = differing
        .iter()
        .map(|(row, one, other)| {
            let money = [*one, *other, one - other].map(|minor| Some(composer.money(minor)));
            let [one_said, other_said, difference] = money;
            vec![Some(own.sku(*row)), Some(own.name(*row)), one_said, other_said, difference, Some(share(*one, *other))]
        })
        .collect();
    let (first, second) = (snapshot.lists[first].name.clone(), snapshot.lists[second].name.clone());
    let columns = [
        ("SKU", "SKU", false),
        ("Product", "Produkt", false),
        (first.as_str(), first.as_str(), true),
        (second.as_str(), second.as_str(), true),
        ("Difference", "Unterschied", true),
        ("In percent", "In Prozent", true),
    ];
    composer.table(("Largest differences", "Größte Unterschiede"), &columns, linked(cells, links), total);
    Ok(())
}

fn share(one: i64, other: i64) -> Figure {
    let ratio = Ratio { numerator: i128::from(one - other) * 10_000, denominator: i128::from(other) };
    Figure::Percent(ratio.round(Rounding::Nearest))
}

fn one_product(composer: &mut Composer<'_>, row: u32, (one, other): (i64, i64), (first, second): (Figure, Figure)) {
    let products = &composer.snapshot.products;
    let title = format!("{} {}", products.sku.get(row as usize), products.name.get(row as usize));
    composer.name(&title);
    let figures = [composer.money(one), composer.money(other), composer.money((one - other).abs()), share(one, other)];
    let [one_said, other_said, difference, share] = figures.map(|figure| composer.gave(figure));
    let title = Figure::Words(title);
    if one == other {
        composer.say(
            "{0} costs {1} on both lists, {2} and {3}.",
            "{0} kostet auf beiden Listen, {2} und {3}, {1}.",
            &[title, one_said, first, second],
        );
        return;
    }
    let words = match one > other {
        true => (
            "{0} costs {1} in {2} and {3} in {4}: {5} dearer in {2} ({6}).",
            "{0} kostet {1} ({2}) und {3} ({4}): in {2} {5} teurer ({6}).",
        ),
        false => (
            "{0} costs {1} in {2} and {3} in {4}: {5} cheaper in {2} ({6}).",
            "{0} kostet {1} ({2}) und {3} ({4}): in {2} {5} günstiger ({6}).",
        ),
    };
    composer.say(words.0, words.1, &[title, one_said, first, other_said, second, difference, share]);
}
