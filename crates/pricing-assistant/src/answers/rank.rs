//! Categories, brands or suppliers in the order of a figure.

use std::collections::HashMap;
use std::time::Instant as Stopwatch;

use app_contract::AnswerOutcome;
use pricing_domain::{GridFilter, GridSort};
use pricing_operations::OperationError;
use pricing_rules::{Column, Dictionary, Snapshot};
use question_grammar::{Condition, Groups, Limit, RankFigure, Scope};
use rayon::prelude::{ParallelIterator, ParallelSlice};

use super::sums::{GroupSums, money, pieces};
use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::Place;
use crate::wording::{condition_words, scope_words};

const STRETCH: usize = 8_192;
const USUAL: usize = 10;
const MOST: usize = 50;

/// What is put in order, and how.
pub(super) struct Ranking<'a> {
    pub(super) groups: Groups,
    pub(super) figure: Option<RankFigure>,
    pub(super) conditions: &'a [Condition],
    pub(super) smallest: bool,
    pub(super) scope: &'a Scope,
    pub(super) limit: Limit,
}

/// The figures that groups can be ordered by, in words.
const BY: &[(RankFigure, &str, &str)] = &[
    (RankFigure::Margin, "margin of the net price", "Marge des Nettopreises"),
    (RankFigure::Profit, "margin in money over 28 days", "Marge in Geld über 28 Tage"),
    (RankFigure::Revenue, "net revenue of 28 days at today's prices", "Nettoumsatz von 28 Tagen zu heutigen Preisen"),
    (RankFigure::Units, "pieces sold in 28 days", "verkauften Stück in 28 Tagen"),
    (RankFigure::Products, "number of products", "Zahl der Produkte"),
    (
        RankFigure::Dearer,
        "share of compared products dearer than the lowest offer",
        "Anteil verglichener Produkte über dem günstigsten Angebot",
    ),
    (RankFigure::Stock, "pieces in stock", "Stück auf Lager"),
    (RankFigure::Price, "mean price", "Durchschnittspreis"),
    (RankFigure::Index, "price index against the lowest offers", "Preisindex gegen die günstigsten Angebote"),
    (RankFigure::StockValue, "value of the stock at cost", "Bestandswert zu Einstand"),
];

/// Puts groups in order and says which comes first.
pub(super) async fn tell(composer: &mut Composer<'_>, asked: &Ranking<'_>) -> Result<(), OperationError> {
    let what = match asked.groups {
        Groups::Categories => ("categories", "Kategorien"),
        Groups::Brands => ("brands", "Marken"),
        Groups::Suppliers => ("suppliers", "Lieferanten"),
    };
    let what = Figure::Words(composer.pick(what.0, what.1).to_owned());
    let Some(by) = asked.figure.and_then(|figure| BY.iter().find(|(known, ..)| *known == figure)) else {
        unknown(composer, what);
        return Ok(());
    };
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    let (list, now, groups) = (composer.list, composer.now, asked.groups);
    let (scope, conditions) = (asked.scope.clone(), asked.conditions.to_vec());
    let summed = tokio::task::spawn_blocking(move || {
        let place = Place { snapshot: &snapshot, list, now };
        let grid: Vec<GridFilter> = conditions.iter().filter_map(grid_filter).collect();
        let rows = place.keep(place.rows_of(&scope, &grid), &conditions);
        (rows.len(), by_group(&place, &rows, groups))
    });
    let (rows, sums) = summed.await.map_err(|error| OperationError::fault(error.to_string()))?;
    let language = composer.language;
    let said = asked.conditions.iter().map(|one| condition_words(one, language, composer.currency()));
    let of = [scope_words(asked.scope, language)].into_iter().chain(said).collect::<Vec<_>>().join("; ");
    let sort = GridSort::default();
    let filters = [asked.scope.filters.clone(), asked.conditions.iter().filter_map(grid_filter).collect()].concat();
    let link = composer.grid_link(&asked.scope.search, &filters, sort);
    composer.step("rank_groups", of.clone(), rows, started, link);
    let mut ranked: Vec<(i128, u32, GroupSums)> =
        sums.into_iter().filter_map(|(code, sums)| Some((value(by.0, &sums)?, code, sums))).collect();
    ranked.sort_by_key(|(value, code, _)| (if asked.smallest { *value } else { -*value }, *code));
    show(composer, asked, by, &ranked, [what, Figure::Words(of)])
}

fn grid_filter(condition: &Condition) -> Option<GridFilter> {
    match condition {
        Condition::Grid(filter) => Some(filter.clone()),
        _ => None,
    }
}

fn unknown(composer: &mut Composer<'_>, what: Figure) {
    composer.ended_as(AnswerOutcome::NotUnderstood);
    let list = BY.iter().map(|(_, english, german)| composer.pick(english, german)).collect::<Vec<_>>().join(", ");
    composer.say(
        "I cannot put {0} in order by that. I can by: {1}.",
        "Danach kann ich {0} nicht ordnen. Ordnen kann ich nach: {1}.",
        &[what, Figure::Words(list)],
    );
    composer.suggest(
        "Which categories have the weakest margin?".into(),
        "Welche Kategorien haben die schwächste Marge?".into(),
    );
}

fn by_group(place: &Place<'_>, rows: &[u32], groups: Groups) -> HashMap<u32, GroupSums> {
    let column = column(place.snapshot, groups);
    let parts = rows.par_chunks(STRETCH).map(|stretch| {
        let mut sums: HashMap<u32, GroupSums> = HashMap::new();
        for row in stretch.iter().copied().filter(|row| place.is_sold(*row)) {
            sums.entry(column.get(row as usize)).or_default().add(place, row, place.lowest(row));
        }
        sums
    });
    parts.reduce(HashMap::new, |mut all, part| {
        part.into_iter().for_each(|(code, sums)| all.entry(code).or_default().merge(&sums));
        all
    })
}

fn value(by: RankFigure, sums: &GroupSums) -> Option<i128> {
    match by {
        RankFigure::Margin => sums.margin_bp().map(i128::from),
        RankFigure::Profit => sums.margin_bp().map(|_| sums.margin),
        RankFigure::Revenue => Some(sums.revenue),
        RankFigure::Units => Some(sums.units),
        RankFigure::Products => Some(i128::from(sums.products)),
        RankFigure::Dearer => sums.dearer_bp().map(i128::from),
        RankFigure::Stock => Some(sums.stock),
        RankFigure::Price => sums.mean_price().map(i128::from),
        RankFigure::Index => sums.index().map(i128::from),
        RankFigure::StockValue => Some(sums.stock_at_cost),
    }
}

fn shown(composer: &Composer<'_>, by: RankFigure, sums: &GroupSums) -> Option<Figure> {
    Some(match by {
        RankFigure::Margin => Figure::Percent(sums.margin_bp()?),
        RankFigure::Profit => money(composer, sums.margin),
        RankFigure::Revenue => money(composer, sums.revenue),
        RankFigure::Units => pieces(sums.units),
        RankFigure::Products => count(sums.products),
        RankFigure::Dearer => Figure::Percent(sums.dearer_bp()?),
        RankFigure::Stock => Figure::Count(i64::try_from(sums.stock).unwrap_or(i64::MAX)),
        RankFigure::Price => composer.money(sums.mean_price()?),
        RankFigure::Index => Figure::WholeIndex(sums.index()?),
        RankFigure::StockValue => money(composer, sums.stock_at_cost * 1_000),
    })
}

fn count(number: u64) -> Figure {
    Figure::Count(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The column that tells which group a product is of.
pub(super) const fn column(snapshot: &Snapshot, groups: Groups) -> &Column<u32> {
    let products = &snapshot.products;
    match groups {
        Groups::Categories => &products.category,
        Groups::Brands => &products.brand,
        Groups::Suppliers => &products.supplier,
    }
}

/// The names of groups.
pub(super) fn names_of_groups(snapshot: &Snapshot, groups: Groups) -> &Dictionary {
    match groups {
        Groups::Categories => &snapshot.categories,
        Groups::Brands => &snapshot.brands,
        Groups::Suppliers => &snapshot.suppliers,
    }
}

/// What a group of a kind is called.
pub(super) const fn groups_words(groups: Groups) -> (&'static str, &'static str) {
    match groups {
        Groups::Categories => ("Category", "Kategorie"),
        Groups::Brands => ("Brand", "Marke"),
        Groups::Suppliers => ("Supplier", "Lieferant"),
    }
}

/// A group's name; a product may have none.
pub(super) fn name_of_group(composer: &Composer<'_>, names: &Dictionary, code: u32) -> String {
    match names.text(code) {
        "" => composer.pick("(none)", "(ohne)").to_owned(),
        name => name.to_owned(),
    }
}

fn show(
    composer: &mut Composer<'_>,
    asked: &Ranking<'_>,
    by: &(RankFigure, &str, &str),
    ranked: &[(i128, u32, GroupSums)],
    [what, of]: [Figure; 2],
) -> Result<(), OperationError> {
    let snapshot = composer.snapshot.clone();
    let names = names_of_groups(&snapshot, asked.groups);
    let by_words = Figure::Words(composer.pick(by.1, by.2).to_owned());
    let Some((_, code, first)) = ranked.first() else {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: no {0} have a {1} ({2}).",
            "Zu wenig Daten: Keine {0} haben dies: {1} ({2}).",
            &[what, by_words, of],
        );
        return Ok(());
    };
    let number = composer.gave(count(ranked.len() as u64));
    let leader = composer.gave(Figure::Words(name_of_group(composer, names, *code)));
    let value = shown(composer, by.0, first).map(|figure| composer.gave(figure));
    let figures = [number, what, by_words, leader, value.unwrap_or_else(|| Figure::Words("–".into())), of];
    let words = match asked.smallest {
        true => (
            "{0} {1} by {2}, the smallest first ({5}): {3} with {4}.",
            "{0} {1} nach {2}, die kleinsten zuerst ({5}): {3} mit {4}.",
        ),
        false => (
            "{0} {1} by {2}, the largest first ({5}): {3} with {4}.",
            "{0} {1} nach {2}, die größten zuerst ({5}): {3} mit {4}.",
        ),
    };
    composer.say(words.0, words.1, &figures);
    let wanted = match asked.limit {
        Limit::Rows(rows) => (rows as usize).min(MOST),
        _ => USUAL,
    };
    let rows: Vec<_> = ranked
        .iter()
        .take(wanted)
        .map(|(_, code, sums)| {
            let text = names.text(*code).to_owned();
            let filter = match asked.groups {
                Groups::Categories => GridFilter::Category(text.clone()),
                Groups::Brands => GridFilter::Brand(text.clone()),
                Groups::Suppliers => GridFilter::Supplier(text.clone()),
            };
            let link = (!text.is_empty()).then(|| composer.grid_link(&[], &[filter], GridSort::default()));
            let own =
                (!matches!(by.0, RankFigure::Margin | RankFigure::Profit | RankFigure::Revenue | RankFigure::Units))
                    .then(|| shown(composer, by.0, sums))
                    .flatten();
            let cells = vec![
                Some(Figure::Words(name_of_group(composer, names, *code))),
                Some(count(sums.products)),
                sums.margin_bp().map(Figure::Percent),
                Some(money(composer, sums.margin)),
                Some(money(composer, sums.revenue)),
                Some(pieces(sums.units)),
                Some(count(sums.dearer)),
                Some(count(sums.compared)),
                own,
            ];
            (cells, link)
        })
        .collect();
    let extra = matches!(
        by.0,
        RankFigure::Dearer | RankFigure::Stock | RankFigure::Price | RankFigure::Index | RankFigure::StockValue
    );
    let mut columns = vec![
        ("Group", "Gruppe", false),
        ("Products", "Produkte", true),
        ("Margin", "Marge", true),
        ("Margin of 28 days", "Marge von 28 Tagen", true),
        ("Net revenue of 28 days", "Nettoumsatz von 28 Tagen", true),
        ("Sold in 28 days", "Verkauft in 28 Tagen", true),
        ("Dearer than the lowest", "Über dem Günstigsten", true),
        ("Compared", "Verglichen", true),
    ];
    let rows = match extra {
        true => {
            columns.push(match by.0 {
                RankFigure::Dearer => ("Share dearer", "Anteil darüber", true),
                RankFigure::Stock => ("In stock", "Auf Lager", true),
                RankFigure::Index => ("Price index", "Preisindex", true),
                RankFigure::StockValue => ("Stock at cost", "Bestand zu Einstand", true),
                _ => ("Mean price", "Durchschnittspreis", true),
            });
            rows
        }
        false => rows.into_iter().map(|(mut cells, link)| (cells.drain(..8).collect(), link)).collect(),
    };
    composer.table(("Groups in order", "Gruppen in ihrer Reihenfolge"), &columns, rows, ranked.len());
    Ok(())
}
