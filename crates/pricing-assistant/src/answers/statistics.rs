//! Means, medians and ranges of what products have by themselves; and the prices that leave a wanted margin.

use std::collections::HashMap;
use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome};
use pricing_domain::{Currency, GridColumn, GridFilter, GridSort, Ratio, Rounding};
use pricing_operations::OperationError;
use question_grammar::{Condition, Groups, ProductFigure, Scope, Statistic, WantedMargin};
use rayon::prelude::{IntoParallelIterator, ParallelIterator, ParallelSlice, ParallelSliceMut};

use super::rank::{groups_words, name_of_group, names_of_groups};
use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::{Place, linked};
use crate::wording::of_words;

const STRETCH: usize = 8_192;
/// Most groups and products of a table.
const MOST: usize = 50;
const LISTED: usize = 10;

/// What is asked for.
pub(super) struct Asked<'a> {
    /// How values are made one.
    pub(super) statistic: Statistic,
    /// Of what.
    pub(super) of: ProductFigure,
    /// For which products.
    pub(super) scope: &'a Scope,
    /// Only those that fulfil all.
    pub(super) conditions: &'a [Condition],
    /// For each of these.
    pub(super) groups: Option<Groups>,
}

/// Some values in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Summary {
    number: usize,
    /// In thousandths of the value's own unit.
    mean_milli: i128,
    /// In halves of it.
    median_twice: i64,
    least: i64,
    greatest: i64,
}

/// Sums values up. They are put in order.
fn sum_up(values: &mut [i64]) -> Option<Summary> {
    let (number, middle) = (values.len(), values.len() / 2);
    if number == 0 {
        return None;
    }
    let sum: i128 = values.iter().map(|value| i128::from(*value)).sum();
    let mean = Ratio { numerator: sum * 1_000, denominator: i128::try_from(number).unwrap_or(1) };
    values.par_sort_unstable();
    let median_twice = if number % 2 == 1 { 2 * values[middle] } else { values[middle - 1] + values[middle] };
    Some(Summary {
        number,
        mean_milli: i128::from(mean.round(Rounding::Nearest)),
        median_twice,
        least: values[0],
        greatest: values[number - 1],
    })
}

/// The value of a product, in a unit of its own.
fn value(place: &Place<'_>, of: ProductFigure, row: u32) -> Option<i64> {
    match of {
        ProductFigure::Price => place.price(row),
        ProductFigure::Cost => place.cost_micro(row),
        ProductFigure::Margin => place.margin(row).map(i64::from),
        ProductFigure::UnitMargin => {
            let net = place.net_micro(row, place.price(row)?)?;
            i64::try_from(net - i128::from(place.cost_micro(row)?)).ok()
        }
        ProductFigure::Lowest => place.lowest(row),
        ProductFigure::Gap => place.gap(row).map(i64::from),
        ProductFigure::Offers => place.value(GridColumn::Offers, row),
        ProductFigure::Stock => place.value(GridColumn::Stock, row),
        ProductFigure::Units => Some(place.units_milli(row)),
        ProductFigure::Cover => place.cover_centidays(row),
    }
}

/// A value ÷ `scale` as it is shown. Counts that are no whole numbers have both decimals.
fn shown(of: ProductFigure, value: i128, scale: i128, currency: Currency) -> Figure {
    let rounded = |factor: i128, denominator: i128| {
        Ratio { numerator: value * factor, denominator: scale * denominator }.round(Rounding::Nearest)
    };
    let count = |factor: i128, denominator: i128| match (value * factor) % (scale * denominator) {
        0 => Figure::Count(rounded(factor, denominator)),
        _ => Figure::WholeIndex(rounded(factor * 100, denominator)),
    };
    match of {
        ProductFigure::Price | ProductFigure::Lowest => Figure::Money(rounded(1, 1), currency),
        ProductFigure::Cost | ProductFigure::UnitMargin => Figure::Cost(rounded(1, 1), currency),
        ProductFigure::Margin | ProductFigure::Gap => Figure::Percent(rounded(1, 1)),
        ProductFigure::Offers | ProductFigure::Stock => count(1, 1),
        ProductFigure::Units => count(1, 1_000),
        ProductFigure::Cover => Figure::Count(rounded(1, 100)),
    }
}

const fn words(of: ProductFigure) -> (&'static str, &'static str) {
    match of {
        ProductFigure::Price => ("Price", "Preis"),
        ProductFigure::Cost => ("Cost", "Einstand"),
        ProductFigure::Margin => ("Margin of the net price", "Marge des Nettopreises"),
        ProductFigure::UnitMargin => {
            ("Margin a piece (net price less cost)", "Marge je Stück (Nettopreis weniger Einstand)")
        }
        ProductFigure::Lowest => ("Lowest usable offer", "Günstigstes brauchbares Angebot"),
        ProductFigure::Gap => ("Gap to the lowest offer", "Abstand zum günstigsten Angebot"),
        ProductFigure::Offers => ("Competitors with a usable offer", "Wettbewerber mit brauchbarem Angebot"),
        ProductFigure::Stock => ("Pieces in stock", "Stück auf Lager"),
        ProductFigure::Units => ("Pieces sold in 28 days", "Verkaufte Stück in 28 Tagen"),
        ProductFigure::Cover => ("Days that the stock lasts", "Tage, die der Bestand reicht"),
    }
}

/// The five figures of a summary, in the order of the table.
fn figures(of: ProductFigure, one: &Summary, currency: Currency) -> [Figure; 5] {
    let plain = |value: i64| shown(of, i128::from(value), 1, currency);
    [
        Figure::Count(i64::try_from(one.number).unwrap_or(i64::MAX)),
        shown(of, one.mean_milli, 1_000, currency),
        shown(of, i128::from(one.median_twice), 2, currency),
        plain(one.least),
        plain(one.greatest),
    ]
}

/// Says the figure, and the others beside it.
pub(super) async fn tell(composer: &mut Composer<'_>, asked: &Asked<'_>) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    let (list, now, of, groups) = (composer.list, composer.now, asked.of, asked.groups);
    let (scope, conditions) = (asked.scope.clone(), asked.conditions.to_vec());
    let looked = tokio::task::spawn_blocking(move || {
        let place = Place { snapshot: &snapshot, list, now };
        let rows = place.matching(&scope, &conditions);
        let valued = rows.par_chunks(STRETCH).flat_map_iter(|stretch| {
            stretch.iter().filter_map(|row| Some((*row, value(&place, of, *row)?))).collect::<Vec<_>>()
        });
        let valued: Vec<(u32, i64)> = valued.collect();
        let mut values: Vec<i64> = valued.iter().map(|(_, value)| *value).collect();
        let whole = sum_up(&mut values);
        let grouped = groups.map(|groups| by_group(&place, &valued, groups)).unwrap_or_default();
        (rows.len(), whole, grouped)
    });
    let (rows, whole, grouped) = looked.await.map_err(|error| OperationError::fault(error.to_string()))?;
    let language = composer.language;
    let said = of_words(asked.scope, asked.conditions, language, composer.currency());
    let filters = asked.conditions.iter().filter_map(grid_filter);
    let filters = asked.scope.filters.iter().cloned().chain(filters).collect::<Vec<_>>();
    let link = composer.grid_link(&asked.scope.search, &filters, GridSort::default());
    composer.step("statistics", format!("{}; {said}", words(of).0), rows, started, link);
    let what = Figure::Words(composer.pick(words(of).0, words(of).1).to_owned());
    let Some(whole) = whole else {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: of no product this is known: {0} ({1}).",
            "Zu wenig Daten: Von keinem Produkt ist dies bekannt: {0} ({1}).",
            &[what, Figure::Words(said)],
        );
        return Ok(());
    };
    let [number, mean, median, least, greatest] =
        figures(of, &whole, composer.currency()).map(|figure| composer.gave(figure));
    let of_products = Figure::Words(said);
    match asked.statistic {
        Statistic::Mean => composer.say(
            "{0}: the mean of {2} products ({3}) is {1}, each counted alike.",
            "{0}: Der Durchschnitt über {2} Produkte ({3}) ist {1}, jedes gleich gezählt.",
            &[what, mean, number, of_products],
        ),
        Statistic::Median => composer.say(
            "{0}: the median of {2} products ({3}) is {1}.",
            "{0}: Der Median über {2} Produkte ({3}) ist {1}.",
            &[what, median, number, of_products],
        ),
        Statistic::Range => composer.say(
            "{0}: from {1} to {4} over {2} products ({3}).",
            "{0}: von {1} bis {4} über {2} Produkte ({3}).",
            &[what, least, number, of_products, greatest],
        ),
    }
    table(composer, asked, &whole, &grouped);
    Ok(())
}

fn by_group(place: &Place<'_>, valued: &[(u32, i64)], groups: Groups) -> Vec<(u32, Summary)> {
    let column = super::rank::column(place.snapshot, groups);
    let mut values: HashMap<u32, Vec<i64>> = HashMap::new();
    for (row, value) in valued {
        values.entry(column.get(*row as usize)).or_default().push(*value);
    }
    let values: Vec<(u32, Vec<i64>)> = values.into_iter().collect();
    values.into_par_iter().filter_map(|(code, mut values)| Some((code, sum_up(&mut values)?))).collect()
}

fn grid_filter(condition: &Condition) -> Option<GridFilter> {
    match condition {
        Condition::Grid(filter) => Some(filter.clone()),
        _ => None,
    }
}

/// All five figures, of the whole or of each group.
fn table(composer: &mut Composer<'_>, asked: &Asked<'_>, whole: &Summary, grouped: &[(u32, Summary)]) {
    let (snapshot, currency) = (composer.snapshot.clone(), composer.currency());
    let mut rows = Vec::new();
    let total;
    match asked.groups {
        None => {
            let all = composer.pick("all", "alle").to_owned();
            rows.push(([vec![Some(Figure::Words(all))], some(figures(asked.of, whole, currency))].concat(), None));
            total = 1;
        }
        Some(groups) => {
            let names = names_of_groups(&snapshot, groups);
            let mut ordered: Vec<&(u32, Summary)> = grouped.iter().collect();
            let key = |one: &Summary| match asked.statistic {
                Statistic::Mean => one.mean_milli,
                Statistic::Median => i128::from(one.median_twice),
                Statistic::Range => i128::from(one.greatest) - i128::from(one.least),
            };
            ordered.sort_by_key(|(code, one)| (-key(one), *code));
            total = ordered.len();
            for (code, one) in ordered.into_iter().take(MOST) {
                let name = Figure::Words(name_of_group(composer, names, *code));
                rows.push(([vec![Some(name)], some(figures(asked.of, one, currency))].concat(), None));
            }
        }
    }
    let group = asked.groups.map_or(("Of", "Von"), groups_words);
    let columns = [
        (group.0, group.1, false),
        ("Products", "Produkte", true),
        ("Mean", "Durchschnitt", true),
        ("Median", "Median", true),
        ("Smallest", "Kleinster", true),
        ("Largest", "Größter", true),
    ];
    composer.table(words(asked.of), &columns, rows, total);
}

fn some<const N: usize>(figures: [Figure; N]) -> Vec<Option<Figure>> {
    figures.into_iter().map(Some).collect()
}

/// The lowest price in minor units whose net price leaves the wanted margin over a cost in millionths; `None`: none does.
fn price_leaving(place: &Place<'_>, row: u32, margin: WantedMargin) -> Option<i64> {
    let cost = i128::from(place.cost_micro(row)?);
    let columns = &place.snapshot.lists[place.list];
    let vat = i128::from(columns.contained_vat_bp(row as usize)?);
    let per_minor = i128::from(place.currency().micro_per_minor());
    let enough = |minor: i64| {
        let net = place.net_micro(row, minor)?;
        Some(match margin {
            WantedMargin::Share(share) => (net - cost) * 10_000 >= net * i128::from(share.0),
            WantedMargin::Amount(hundredths) => net - cost >= i128::from(hundredths) * 10_000,
        })
    };
    let net = match margin {
        WantedMargin::Share(share) if share.0 < 10_000 => cost * 10_000 / i128::from(10_000 - share.0),
        WantedMargin::Share(_) => return None,
        WantedMargin::Amount(hundredths) => cost + i128::from(hundredths) * 10_000,
    };
    let mut price = i64::try_from(net * (10_000 + vat) / 10_000 / per_minor).ok()?.max(1);
    // Rounded a little low: one step or two up.
    while price > 1 && enough(price - 1)? {
        price -= 1;
    }
    while !enough(price)? {
        price = price.checked_add(1)?;
    }
    Some(price)
}

/// Says which price leaves a wanted margin, product by product.
pub(super) async fn price_for_margin(
    composer: &mut Composer<'_>,
    scope: &Scope,
    margin: WantedMargin,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let rows = place.rows_of(scope, &[]);
    let sort = GridSort { column: GridColumn::Units, descending: true };
    let first = place.first(&rows, sort, LISTED);
    let said = crate::wording::scope_words(scope, composer.language);
    let link = composer.grid_link(&scope.search, &scope.filters, sort);
    composer.step("price_for_margin", said.clone(), rows.len(), started, link);
    let wanted = match margin {
        WantedMargin::Share(share) => Figure::Percent(i64::from(share.0)),
        WantedMargin::Amount(hundredths) => Figure::Cost(hundredths * 10_000, composer.currency()),
    };
    let priced: Vec<(u32, Option<i64>)> = first.iter().map(|row| (*row, price_leaving(&place, *row, margin))).collect();
    let Some((row, price)) = priced.iter().find_map(|(row, price)| Some((*row, (*price)?))) else {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: no cost is known ({0}), so no price can be told for a margin.",
            "Zu wenig Daten: Kein Einstand bekannt ({0}), also lässt sich zu einer Marge kein Preis nennen.",
            &[Figure::Words(said)],
        );
        return Ok(());
    };
    let title = Figure::Words(format!(
        "{} {}",
        snapshot.products.sku.get(row as usize),
        snapshot.products.name.get(row as usize)
    ));
    let (price, wanted) = (composer.gave(composer.money(price)), composer.gave(wanted));
    composer.say(
        "{0}: at {1} the margin of the net price is at least {2}; a cent less would leave less.",
        "{0}: Bei {1} ist die Marge des Nettopreises mindestens {2}; ein Cent weniger ließe weniger.",
        &[title, price, wanted],
    );
    composer.say(
        "Price endings, floors and ceilings are not in it.",
        "Preisendungen, Unter- und Obergrenzen sind nicht darin.",
        &[],
    );
    let cells = priced.iter().map(|(row, price)| {
        let mut cells = place.product_cells(*row);
        cells.truncate(5);
        cells.push(price.map(|price| composer.money(price)));
        cells
    });
    let cells: Vec<_> = cells.collect();
    let links: Vec<AnswerLink> = composer.product_links(&first).await?;
    let mut columns = crate::rows::PRODUCT_COLUMNS[..5].to_vec();
    columns.push(("Price for that margin", "Preis für diese Marge", true));
    composer.table(("Products", "Produkte"), &columns, linked(cells, links), rows.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Summary, shown, sum_up};
    use crate::figures::Figure;
    use pricing_domain::Currency;
    use question_grammar::ProductFigure;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        let one = sum_up(&mut [400, 100, 300, 201]).expect("values");
        assert_eq!(one, Summary { number: 4, mean_milli: 250_250, median_twice: 501, least: 100, greatest: 400 });
        assert_eq!(shown(ProductFigure::Price, 501, 2, Currency::EUR), Figure::Money(251, Currency::EUR));
        assert_eq!(sum_up(&mut [7, 9, 8]).map(|one| one.median_twice), Some(16));
        assert_eq!(sum_up(&mut []), None);
    }

    #[test]
    fn counts_keep_decimals_only_where_they_have_some() {
        assert_eq!(shown(ProductFigure::Stock, 7_000, 1_000, Currency::EUR), Figure::Count(7));
        assert_eq!(shown(ProductFigure::Stock, 7_250, 1_000, Currency::EUR), Figure::WholeIndex(725));
        assert_eq!(shown(ProductFigure::Units, 2_500_000, 1_000, Currency::EUR), Figure::WholeIndex(250));
    }
}
