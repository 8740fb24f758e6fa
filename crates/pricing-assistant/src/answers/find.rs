//! Products that fulfil conditions.

use std::time::Instant as Stopwatch;

use app_contract::AnswerOutcome;
use pricing_domain::{Currency, GridColumn, GridFilter, GridSort, Ratio, Rounding};
use pricing_operations::OperationError;
use question_grammar::{Condition, Limit, ProductSum, Scope, Stance};

use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::{PRODUCT_COLUMNS, Place, linked};
use crate::wording::{condition_words, scope_words};

/// Rows shown unless the question says how many, and most rows shown.
const USUAL: usize = 10;
const MOST: usize = 50;
/// Within half a percent the market's page counts prices as level.
const LEVEL_BP: i32 = 50;

/// Says how many there are and lists the first.
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    scope: &Scope,
    conditions: &[Condition],
    order: Option<GridSort>,
    limit: Limit,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let sort = order.unwrap_or_else(|| natural_order(conditions));
    let shown = match limit {
        Limit::Usual => USUAL,
        Limit::Rows(rows) => (rows as usize).min(MOST),
        Limit::CountOnly => 5,
    };
    let grid: Vec<GridFilter> = conditions
        .iter()
        .filter_map(|condition| match condition {
            Condition::Grid(filter) => Some(filter.clone()),
            _ => None,
        })
        .collect();
    let (snapshot, list, now) = (composer.snapshot.clone(), composer.list, composer.now);
    let (asked, tests, filters) = (scope.clone(), conditions.to_vec(), grid.clone());
    let looked = tokio::task::spawn_blocking(move || {
        let place = Place { snapshot: &snapshot, list, now };
        let all = place.rows_of(&asked, &[]).len();
        let rows = place.keep(place.rows_of(&asked, &filters), &tests);
        let lasting = cover_order(&tests);
        let sum = sum_order(&tests);
        let first = match (lasting, sum) {
            (Some(longest), _) => place.first_by_cover(&rows, longest, shown),
            (_, Some((figure, smallest))) => place.first_by_sum(&rows, figure, smallest, shown),
            _ => place.first(&rows, sort, shown),
        };
        let cells: Vec<_> = first
            .iter()
            .map(|row| {
                let mut cells = place.product_cells(*row);
                if lasting.is_some() {
                    cells.push(place.cover_centidays(*row).map(|cover| Figure::Count(cover / 100)));
                }
                if let Some((figure, _)) = sum {
                    cells.push(place.sum(*row, figure).map(|sum| in_money(sum, place.currency())));
                }
                cells
            })
            .collect();
        let dearer = tests.contains(&Condition::Grid(GridFilter::DearerThanLowest));
        let clearly = match dearer && limit == Limit::CountOnly {
            true => rows.iter().filter(|row| place.gap(**row).is_some_and(|gap| gap > LEVEL_BP)).count(),
            false => 0,
        };
        (all, rows.len(), first, cells, clearly)
    });
    let (all, matching, first, cells, clearly) =
        looked.await.map_err(|error| OperationError::fault(error.to_string()))?;
    let link = composer.grid_link(&scope.search, &[scope.filters.clone(), grid].concat(), sort);
    let language = composer.language;
    let said: Vec<String> = conditions.iter().map(|one| condition_words(one, language, composer.currency())).collect();
    let scope_said = scope_words(scope, language);
    let question = [&[scope_said.clone()][..], &said].concat().join("; ");
    composer.step("find_products", question, matching, started, link);
    composer.know(conditions.iter().filter_map(limit_figure));
    let count = composer.gave(Figure::Count(matching as i64));
    let of = composer.gave(Figure::Count(all as i64));
    if all == 0 {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say("No product is there: {0}.", "Es gibt kein Produkt: {0}.", &[Figure::Words(scope_said)]);
        return Ok(());
    }
    // A sum that only puts them in order leaves none out.
    let narrows = conditions.iter().any(|condition| !matches!(condition, Condition::By { .. }));
    if said.is_empty() {
        composer.say("{0} products: {1}.", "{0} Produkte: {1}.", &[count, Figure::Words(scope_said)]);
    } else {
        let conditions = Figure::Words(said.join("; "));
        composer.say(
            "{0} of {1} products ({2}): {3}.",
            "{0} von {1} Produkten ({2}): {3}.",
            &[count, of, Figure::Words(scope_said), conditions],
        );
        if limit == Limit::CountOnly && narrows && matching > 0 {
            let ratio = Ratio { numerator: matching as i128 * 1_000, denominator: all as i128 };
            let share = composer.gave(Figure::Percent(ratio.round(Rounding::Nearest) * 10));
            composer.say("That is {0} of them.", "Das sind {0} davon.", &[share]);
        }
        if limit == Limit::CountOnly && clearly > 0 && clearly != matching {
            let figures = [Figure::Count(clearly as i64), Figure::Percent(i64::from(LEVEL_BP))];
            composer.know(figures.clone());
            composer.say(
                "On {0} of them by more than {1}; within that the market's page counts as level.",
                "Bei {0} davon um mehr als {1}; innerhalb davon zählt die Marktseite als gleichauf.",
                &figures,
            );
        }
    }
    let links = composer.product_links(&first).await?;
    let mut columns = PRODUCT_COLUMNS.to_vec();
    if cover_order(conditions).is_some() {
        columns.push(("Stock lasts, days", "Bestand reicht, Tage", true));
    }
    if let Some((figure, _)) = sum_order(conditions) {
        columns.push(match figure {
            ProductSum::Revenue => ("Net revenue of 28 days", "Nettoumsatz von 28 Tagen", true),
            ProductSum::Profit => ("Margin of 28 days", "Marge von 28 Tagen", true),
        });
    }
    composer.table(("Products", "Produkte"), &columns, linked(cells, links), matching);
    suggest(composer, conditions);
    Ok(())
}

/// Whether products are put in order by how long their stock lasts, and whether the longest first.
fn cover_order(conditions: &[Condition]) -> Option<bool> {
    conditions.iter().find_map(|condition| match condition {
        Condition::Cover { side: question_grammar::Side::AtLeast, days: 0 } => Some(false),
        Condition::Cover { side, .. } => {
            Some(matches!(side, question_grammar::Side::Above | question_grammar::Side::AtLeast))
        }
        _ => None,
    })
}

/// The sum that products are put in order by, and whether the smallest first.
fn sum_order(conditions: &[Condition]) -> Option<(ProductSum, bool)> {
    conditions.iter().find_map(|condition| match condition {
        Condition::By { figure, smallest } => Some((*figure, *smallest)),
        _ => None,
    })
}

/// Thousandths of millionths as money.
fn in_money(sum: i128, currency: Currency) -> Figure {
    let per_minor = i128::from(currency.micro_per_minor()) * 1_000;
    Figure::Money(Ratio { numerator: sum, denominator: per_minor }.round(Rounding::Nearest), currency)
}

/// The number of a condition, which its words repeat.
fn limit_figure(condition: &Condition) -> Option<Figure> {
    match condition {
        Condition::Beyond { value: question_grammar::Quantity::Percent(share), .. } => {
            Some(Figure::Percent(i64::from(share.0)))
        }
        Condition::Beyond { value: question_grammar::Quantity::Count(count), .. } => Some(Figure::Count(*count)),
        Condition::Cover { days, .. } => Some(Figure::Count(i64::from(*days))),
        _ => None,
    }
}

/// What matters most comes first: the worst margin, the largest gap, the most sold.
fn natural_order(conditions: &[Condition]) -> GridSort {
    let descending = |column| GridSort { column, descending: true };
    for condition in conditions {
        match condition {
            Condition::Grid(GridFilter::BelowCost) => {
                return GridSort { column: GridColumn::Margin, descending: false };
            }
            Condition::Grid(GridFilter::DearerThanLowest) | Condition::Competitor { stance: Stance::Cheaper, .. } => {
                return descending(GridColumn::Gap);
            }
            Condition::Beyond { column, side, .. } => {
                let below = matches!(side, question_grammar::Side::Below | question_grammar::Side::AtMost);
                return GridSort { column: *column, descending: !below };
            }
            _ => {}
        }
    }
    descending(GridColumn::Units)
}

fn suggest(composer: &mut Composer<'_>, conditions: &[Condition]) {
    if conditions.contains(&Condition::Grid(GridFilter::BelowCost)) {
        composer.suggest("What needs me?".into(), "Was wartet auf mich?".into());
    }
    if conditions.contains(&Condition::Grid(GridFilter::DearerThanLowest)) {
        composer.suggest(
            "Which competitor undercuts us most?".into(),
            "Welcher Wettbewerber unterbietet uns am meisten?".into(),
        );
    }
    composer.suggest("What are the biggest price changes?".into(), "Was sind die größten Preisänderungen?".into());
}
