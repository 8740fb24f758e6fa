//! Break-even: how many more pieces a lower price must sell, how many fewer a higher one may, for the same margin in
//! money; and how far prices can fall before nothing is earned.

use std::time::Instant as Stopwatch;

use app_contract::AnswerOutcome;
use pricing_domain::{GridSort, Ratio, Rounding};
use pricing_operations::OperationError;
use pricing_rules::{CompiledRules, UNREACHABLE_FLOOR, UsableOffers, bounds_of};
use question_grammar::{Scope, Supposed};
use rayon::prelude::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::suppose::{case, sums_of, supposed_words};
use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::{Place, linked};
use crate::wording::scope_words;

/// Products listed that come to lie below cost first.
const SHOWN: usize = 10;
/// More products than this are a group that a question by words may mean.
const SEVERAL: usize = 50;

/// What is asked about: one product, or all of a scope.
struct Matter {
    row: Option<u32>,
    said: String,
}

/// Answers with a change, or how far prices can fall.
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    scope: &Scope,
    supposed: Option<&Supposed>,
) -> Result<(), OperationError> {
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let rows: Vec<u32> = place
        .rows_of(scope, &[])
        .into_par_iter()
        .filter(|row| place.is_sold(*row) && place.price(*row).is_some())
        .collect();
    if rows.is_empty() {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        let said = Figure::Words(scope_words(scope, composer.language));
        composer.say("No product with a price is there: {0}.", "Es gibt kein Produkt mit Preis: {0}.", &[said]);
        return Ok(());
    }
    if rows.len() > 1 && !scope.search.is_empty() && rows.len() <= SEVERAL {
        return which(composer, &place, &rows, scope).await;
    }
    let matter = match rows.as_slice() {
        [row] => {
            let name =
                format!("{} {}", snapshot.products.sku.get(*row as usize), snapshot.products.name.get(*row as usize));
            composer.name(&name);
            Matter { row: Some(*row), said: name }
        }
        _ => Matter { row: None, said: scope_words(scope, composer.language) },
    };
    match supposed {
        Some(supposed) => change(composer, scope, supposed, &matter).await,
        None => match matter.row {
            Some(row) => lowest(composer, scope, row, &matter).await,
            None => room(composer, scope, rows, &matter).await,
        },
    }
}

/// Words that fit several products: one is to be named.
async fn which(
    composer: &mut Composer<'_>,
    place: &Place<'_>,
    rows: &[u32],
    scope: &Scope,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let sort = GridSort { column: pricing_domain::GridColumn::Units, descending: true };
    let first = place.first(rows, sort, SHOWN);
    let said = scope_words(scope, composer.language);
    composer.step(
        "find_products",
        said.clone(),
        rows.len(),
        started,
        composer.grid_link(&scope.search, &scope.filters, sort),
    );
    composer.ended_as(AnswerOutcome::Choose);
    let count = composer.gave(Figure::Count(rows.len() as i64));
    composer.say(
        "{0} products fit ({1}). Name one by its SKU:",
        "{0} Produkte passen ({1}). Nennen Sie eines mit seiner SKU:",
        &[count, Figure::Words(said)],
    );
    let cells = first.iter().map(|row| place.product_cells(*row)).collect();
    let links = composer.product_links(&first).await?;
    composer.table(("Products", "Produkte"), crate::rows::PRODUCT_COLUMNS, linked(cells, links), rows.len());
    Ok(())
}

/// Margins of a piece or of 28 days before and after, in millionths or thousandths of them: only their ratio counts.
#[derive(Clone, Copy)]
struct Margins {
    before: i128,
    after: i128,
    units_milli: i128,
}

impl Margins {
    /// Basis points of pieces that must come or may go, to the tenth of a percent that is shown: rounded once.
    fn share_bp(self) -> i64 {
        let (numerator, denominator) = if self.after < self.before {
            (self.before - self.after, self.after)
        } else {
            (self.after - self.before, self.after)
        };
        Ratio { numerator: numerator * 1_000, denominator }.round(Rounding::Nearest) * 10
    }

    /// Whole pieces: those that must come rounded up, those that may go rounded down.
    fn pieces(self) -> i64 {
        let rounding = if self.after < self.before { Rounding::Up } else { Rounding::Down };
        let difference = (self.before - self.after).abs();
        Ratio { numerator: self.units_milli * difference, denominator: self.after * 1_000 }.round(rounding)
    }
}

async fn change(
    composer: &mut Composer<'_>,
    scope: &Scope,
    supposed: &Supposed,
    matter: &Matter,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let sums = sums_of(composer, scope, supposed).await?;
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let one = matter.row.and_then(|row| {
        let competitor = match supposed {
            Supposed::Match { name } => name.as_deref().and_then(|name| place.competitor(name)),
            _ => None,
        };
        let mut offers = UsableOffers::new(&snapshot, composer.list, composer.now);
        let case = case(&place, row, supposed, competitor, &mut offers)?;
        let margin = |side: usize| Some(place.net_micro(row, case.price[side])? - i128::from(case.cost[side]?));
        Some((Margins { before: margin(0)?, after: margin(1)?, units_milli: sums.units_milli }, case))
    });
    let said = supposed_words(composer, supposed);
    let link = composer.grid_link(&scope.search, &scope.filters, GridSort::default());
    composer.step("break_even", format!("{said}; {}", matter.said), sums.products as usize, started, link);
    let all = Margins { before: sums.margin[0], after: sums.margin[1], units_milli: sums.units_milli };
    let margins = match (matter.row, &one) {
        (Some(_), None) => None,
        (Some(_), Some((margins, _))) => Some(*margins),
        _ => (sums.units_milli > 0).then_some(all),
    };
    let Some(margins) = margins else {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        let lacking = match sums.costed {
            0 => composer.pick("no cost is known, so no margin", "kein Einstand bekannt, also keine Marge"),
            _ => composer.pick("nothing was sold in 28 days", "in 28 Tagen nichts verkauft"),
        };
        let figures = [Figure::Words(matter.said.clone()), Figure::Words(lacking.to_owned())];
        composer.say("Not enough data on {0}: {1}.", "Zu wenig Daten zu {0}: {1}.", &figures);
        return Ok(());
    };
    begin(composer, matter, &said, &sums, &one);
    verdict(composer, margins, matter.row.is_some());
    if sums.costed < sums.products {
        let left = composer.gave(Figure::Count((sums.products - sums.costed) as i64));
        composer.say(
            "{0} products without a cost or a VAT rate are left out of the margin.",
            "{0} Produkte ohne Einstand oder Steuersatz sind in der Marge nicht enthalten.",
            &[left],
        );
    }
    composer.say(
        "This is what the margin needs, not what customers will do.",
        "Das ist, was die Marge braucht, nicht, was die Kunden tun werden.",
        &[],
    );
    suggest(composer, matter, scope);
    Ok(())
}

/// What is assumed, and what it does to a piece or to 28 days.
fn begin(
    composer: &mut Composer<'_>,
    matter: &Matter,
    said: &str,
    sums: &super::suppose::Sums,
    one: &Option<(Margins, super::suppose::Case)>,
) {
    let (title, said) = (Figure::Words(matter.said.clone()), Figure::Words(said.to_owned()));
    if let Some((margins, case)) = one {
        let micro = |amount: i128| Figure::Cost(i64::try_from(amount).unwrap_or(i64::MAX), composer.currency());
        let figures =
            [composer.money(case.price[0]), composer.money(case.price[1]), micro(margins.before), micro(margins.after)];
        let [price, then, before, after] = figures.map(|figure| composer.gave(figure));
        composer.say(
            "{0}, {1}: at {2} a piece earns a margin of {3}, at {4} one of {5}.",
            "{0}, {1}: Bei {2} bringt ein Stück {3} Marge, bei {4} sind es {5}.",
            &[title, said, price, before, then, after],
        );
        return;
    }
    let per_minor = i128::from(composer.currency().micro_per_minor()) * 1_000;
    let minor = |amount: i128| Ratio { numerator: amount, denominator: per_minor }.round(Rounding::Nearest);
    let figures = sums.margin.map(|amount| composer.money(minor(amount)));
    let [before, after] = figures.map(|figure| composer.gave(figure));
    composer.say(
        "{0}, {1}: the margin of 28 days goes from {2} to {3} at unchanged volumes.",
        "{0}, {1}: Die Marge von 28 Tagen geht bei gleichem Absatz von {2} auf {3}.",
        &[title, said, before, after],
    );
}

/// How many pieces it takes.
fn verdict(composer: &mut Composer<'_>, margins: Margins, is_one: bool) {
    let (before, after) = (margins.before, margins.after);
    if before <= 0 {
        composer.say(
            "Nothing is earned at today's price, so there is no margin to make up for.",
            "Zum heutigen Preis wird nichts verdient; es gibt also keine Marge, die aufzuholen wäre.",
            &[],
        );
        return;
    }
    if after <= 0 {
        let words = match is_one {
            true => (
                "No number of pieces makes up for it: then each piece is sold at or below its cost.",
                "Keine Stückzahl gleicht das aus: Dann wird jedes Stück zum Einstand oder darunter verkauft.",
            ),
            false => (
                "No number of pieces makes up for it: then nothing is left of the margin.",
                "Keine Stückzahl gleicht das aus: Dann bleibt von der Marge nichts.",
            ),
        };
        composer.say(words.0, words.1, &[]);
        return;
    }
    if after == before {
        composer.say("The margin stays as it is.", "Die Marge bleibt, wie sie ist.", &[]);
        return;
    }
    let share = composer.gave(Figure::Percent(margins.share_bp()));
    let more = after < before;
    let words = match more {
        true => (
            "For the same margin in money it takes {0} more pieces.",
            "Für dieselbe Marge in Geld braucht es {0} mehr Stück.",
        ),
        false => (
            "For the same margin in money {0} of the pieces may be lost.",
            "Für dieselbe Marge in Geld dürfen {0} der Stück wegfallen.",
        ),
    };
    composer.say(words.0, words.1, &[share]);
    let units = Ratio { numerator: margins.units_milli, denominator: 1_000 }.round(Rounding::Nearest);
    if units == 0 {
        composer.say(
            "Nothing was sold in 28 days, so that no number of pieces can be told for that margin.",
            "In 28 Tagen wurde nichts verkauft; eine Stückzahl zu dieser Marge lässt sich nicht nennen.",
            &[],
        );
        return;
    }
    let pieces = margins.pieces();
    let in_all = if more { units + pieces } else { units - pieces };
    let figures = [Figure::Count(units), Figure::Count(pieces), Figure::Count(in_all)];
    let figures = figures.map(|figure| composer.gave(figure));
    let words = match more {
        true => (
            "Of the {0} pieces of 28 days that is {1} more, {2} in all, for that margin.",
            "Zu den {0} Stück von 28 Tagen sind das {1} mehr, zusammen {2}, für diese Marge.",
        ),
        false => (
            "Of the {0} pieces of 28 days that is {1} fewer, {2} in all, for that margin.",
            "Von den {0} Stück von 28 Tagen sind das {1} weniger, noch {2}, für diese Marge.",
        ),
    };
    composer.say(words.0, words.1, &figures);
}

fn suggest(composer: &mut Composer<'_>, matter: &Matter, scope: &Scope) {
    let Some(row) = matter.row else { return };
    if scope.search.is_empty() {
        return;
    }
    let sku = composer.snapshot.products.sku.get(row as usize).to_owned();
    composer.suggest(format!("How price sensitive is {sku}?"), format!("Wie preisempfindlich ist {sku}?"));
    composer.suggest(
        format!("How far can {sku} go down before we lose money?"),
        format!("Wie weit kann {sku} runtergehen, ohne draufzuzahlen?"),
    );
}

/// The lowest price of a row that is not below its cost; `None`: cost or VAT is not known.
fn price_at_cost(place: &Place<'_>, row: u32) -> Option<i64> {
    const PROBE: i64 = 1_000_000;
    let cost = i128::from(place.cost_micro(row)?);
    let net = place.net_micro(row, PROBE).filter(|net| *net > 0)?;
    // Near it by proportion; by how much net prices are rounded is told by trying.
    let near = Ratio { numerator: cost * i128::from(PROBE), denominator: net };
    let mut price = (near.round(Rounding::Down) - 1).max(1);
    while place.net_micro(row, price)? < cost {
        price += 1;
    }
    Some(price)
}

/// How far one product's price can fall.
async fn lowest(composer: &mut Composer<'_>, scope: &Scope, row: u32, matter: &Matter) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let (price, at_cost) = (place.price(row).unwrap_or_default(), price_at_cost(&place, row));
    let rules = composer.workspace.rule_set().await?;
    let floor = CompiledRules::compile(&rules, &snapshot)
        .ok()
        .and_then(|compiled| bounds_of(&compiled, &snapshot, composer.list, row as usize, composer.now).0)
        .filter(|floor| *floor < UNREACHABLE_FLOOR);
    let link = composer.grid_link(&scope.search, &scope.filters, GridSort::default());
    composer.step("break_even", matter.said.clone(), 1, started, link);
    let title = Figure::Words(matter.said.clone());
    let (Some(least), Some(cost)) = (at_cost, place.cost_micro(row)) else {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data on {0}: no cost or VAT rate is known.",
            "Zu wenig Daten zu {0}: kein Einstand oder kein Steuersatz bekannt.",
            &[title],
        );
        return Ok(());
    };
    let change = Ratio { numerator: i128::from(least - price) * 10_000, denominator: i128::from(price) };
    let figures = [
        composer.money(price),
        composer.money(least),
        Figure::Percent(change.round(Rounding::Nearest)),
        Figure::Cost(cost, composer.currency()),
    ];
    let [price_said, least_said, change, cost] = figures.map(|figure| composer.gave(figure));
    let words = match price >= least {
        true => (
            "{0}: from {1} down to {2} ({3}) it is not sold below its cost of {4}; any lower it is.",
            "{0}: Von {1} bis hinab auf {2} ({3}) liegt es nicht unter seinem Einstand von {4}; darunter schon.",
        ),
        false => (
            "{0}: at {1} it is already sold below its cost of {4}; {2} would be needed ({3}).",
            "{0}: Mit {1} liegt es bereits unter seinem Einstand von {4}; nötig wären {2} ({3}).",
        ),
    };
    composer.say(words.0, words.1, &[title, price_said, least_said, change, cost]);
    if let Some(floor) = floor {
        let floor = composer.gave(composer.money(floor));
        composer.say(
            "The guardrails stop earlier or later than that: the floor of the rules in force is {0}.",
            "Die Leitplanken halten an anderer Stelle: Die Untergrenze der geltenden Regeln ist {0}.",
            &[floor],
        );
    }
    suggest_change(composer, row);
    Ok(())
}

fn suggest_change(composer: &mut Composer<'_>, row: u32) {
    let sku = composer.snapshot.products.sku.get(row as usize).to_owned();
    composer.suggest(
        format!("How many more {sku} must we sell if we drop it 5 %?"),
        format!("Wie viel Stück mehr müssen wir von {sku} verkaufen, wenn wir 5 % senken?"),
    );
}

/// How far the prices of a group can fall together, and whose comes to lie below cost first.
async fn room(
    composer: &mut Composer<'_>,
    scope: &Scope,
    rows: Vec<u32>,
    matter: &Matter,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    let (list, now) = (composer.list, composer.now);
    let computed = tokio::task::spawn_blocking(move || {
        let place = Place { snapshot: &snapshot, list, now };
        let of = |row: &u32| {
            let (price, least) = place.price(*row).zip(price_at_cost(&place, *row))?;
            let units = i128::from(place.units_milli(*row));
            let revenue = units * place.net_micro(*row, price).unwrap_or_default();
            let cost = units * i128::from(place.cost_micro(*row).unwrap_or_default());
            let room = Ratio { numerator: i128::from(least - price) * 10_000, denominator: i128::from(price) };
            Some((revenue, cost, (room.round(Rounding::Nearest), *row, least, price < least)))
        };
        let found: Vec<_> = rows.par_iter().filter_map(of).collect();
        let revenue: i128 = found.iter().map(|(revenue, ..)| revenue).sum();
        let cost: i128 = found.iter().map(|(_, cost, _)| cost).sum();
        let below = found.iter().filter(|(.., (.., below))| *below).count();
        let above = found.into_iter().filter(|(.., (.., below))| !below);
        let mut rooms: Vec<(i64, u32, i64)> = above.map(|(.., (room, row, least, _))| (room, row, least)).collect();
        rooms.sort_unstable_by_key(|(room, row, _)| (std::cmp::Reverse(*room), *row));
        (revenue, cost, below, rooms.len(), rooms.into_iter().take(SHOWN).collect::<Vec<_>>())
    });
    let (revenue, cost, below, costed, first) =
        computed.await.map_err(|error| OperationError::fault(error.to_string()))?;
    let link = composer.grid_link(&scope.search, &scope.filters, GridSort::default());
    composer.step("break_even", matter.said.clone(), costed + below, started, link);
    let title = Figure::Words(matter.said.clone());
    if revenue <= 0 || first.is_empty() {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data on {0}: nothing with a cost was sold in 28 days.",
            "Zu wenig Daten zu {0}: Nichts mit einem Einstand wurde in 28 Tagen verkauft.",
            &[title],
        );
        return Ok(());
    }
    let fall = Ratio { numerator: (cost - revenue) * 10_000, denominator: revenue }.round(Rounding::Nearest);
    let fall = composer.gave(Figure::Percent(fall));
    composer.say(
        "{0}: all prices together could change by {1} before nothing is left of the margin of 28 days, at unchanged volumes.",
        "{0}: Alle Preise zusammen könnten sich um {1} ändern, bis von der Marge von 28 Tagen nichts bleibt, bei gleichem Absatz.",
        &[title, fall],
    );
    if below > 0 {
        let below = composer.gave(Figure::Count(below as i64));
        composer.say(
            "{0} products are below their cost already.",
            "{0} Produkte liegen schon unter Einstand.",
            &[below],
        );
    }
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list, now };
    let links = composer.product_links(&first.iter().map(|(_, row, _)| *row).collect::<Vec<_>>()).await?;
    let cells = first
        .iter()
        .map(|(room, row, least)| {
            let price = place.price(*row).map(|price| composer.money(price));
            let room = Some(Figure::Percent(*room));
            vec![Some(place.sku(*row)), Some(place.name(*row)), price, Some(composer.money(*least)), room]
        })
        .collect();
    let columns = [
        ("SKU", "SKU", false),
        ("Product", "Produkt", false),
        ("Price", "Preis", true),
        ("Price at cost", "Preis beim Einstand", true),
        ("Room to cost", "Luft bis Einstand", true),
    ];
    composer.table(("Below cost first", "Zuerst unter Einstand"), &columns, linked(cells, links), costed);
    if let Some((_, row, _)) = first.first() {
        suggest_change(composer, *row);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Margins;

    /// 256.99 with 19 % VAT at a cost of 147.114, 13 pieces: 10 % less.
    #[test]
    fn a_lower_price_must_bring_what_it_takes_from_each_piece() {
        let margins = Margins { before: 68_844_000, after: 47_248_000, units_milli: 13_000 };
        assert_eq!(margins.share_bp(), 4_570);
        assert_eq!(margins.pieces(), 6);
    }

    /// Pieces that may go are rounded down: one more would cost margin.
    #[test]
    fn a_higher_price_may_lose_what_it_earns_more() {
        let margins = Margins { before: 66_951_000, after: 86_867_000, units_milli: 11_000 };
        assert_eq!(margins.share_bp(), 2_290);
        assert_eq!(margins.pieces(), 2);
    }

    /// 42.346 % is 42.3 %, not 42.35 % and then 42.4 %.
    #[test]
    fn shares_are_rounded_once() {
        let margins = Margins { before: 142_346, after: 100_000, units_milli: 1_000 };
        assert_eq!(margins.share_bp(), 4_230);
    }
}
