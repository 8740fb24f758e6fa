//! Products that fulfil conditions.

use std::time::Instant as Stopwatch;

use app_contract::AnswerOutcome;
use pricing_domain::{GridColumn, GridFilter, GridSort};
use pricing_operations::OperationError;
use question_grammar::{Condition, Limit, Scope, Stance};

use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::{PRODUCT_COLUMNS, Place, linked};
use crate::wording::{condition_words, scope_words};

/// Rows shown unless the question says how many, and most rows shown.
const USUAL: usize = 10;
const MOST: usize = 50;

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
        let first = match lasting {
            Some(longest) => place.first_by_cover(&rows, longest, shown),
            None => place.first(&rows, sort, shown),
        };
        let cells: Vec<_> = first
            .iter()
            .map(|row| {
                let mut cells = place.product_cells(*row);
                if lasting.is_some() {
                    cells.push(place.cover_centidays(*row).map(|cover| Figure::Count(cover / 100)));
                }
                cells
            })
            .collect();
        (all, rows.len(), first, cells)
    });
    let (all, matching, first, cells) = looked.await.map_err(|error| OperationError::fault(error.to_string()))?;
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
    if said.is_empty() {
        composer.say("{0} products: {1}.", "{0} Produkte: {1}.", &[count, Figure::Words(scope_said)]);
    } else {
        let conditions = Figure::Words(said.join("; "));
        composer.say(
            "{0} of {1} products ({2}): {3}.",
            "{0} von {1} Produkten ({2}): {3}.",
            &[count, of, Figure::Words(scope_said), conditions],
        );
    }
    let links = composer.product_links(&first).await?;
    let mut columns = PRODUCT_COLUMNS.to_vec();
    if cover_order(conditions).is_some() {
        columns.push(("Stock lasts, days", "Bestand reicht, Tage", true));
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
