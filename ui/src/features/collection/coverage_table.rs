//! How much of each competitor is read.

use app_contract::CompetitorCoverage;
use leptos::prelude::*;

use crate::components::table::{Cell, Column, TableShape, row};
use crate::formats::{MISSING, age, integer, percent};

const COVERAGE: TableShape = TableShape::framed(
    "Competitors",
    &[
        Column::head("Competitor"),
        Column::number("Pages"),
        Column::number("With price"),
        Column::text("Share"),
        Column::number("Due"),
        Column::text("Last read"),
    ],
)
.empty("Your competitors will be here. Import a file with the columns sku, competitor and url.");

/// One line for each competitor.
#[component]
pub fn CoverageTable(
    /// The competitors.
    competitors: Vec<CompetitorCoverage>,
) -> impl IntoView {
    let rows = competitors
        .into_iter()
        .map(|competitor| {
            let share = share_bp(competitor.fresh, competitor.listings);
            let label = format!("Read at {}", competitor.name);
            let meter = view! {
                <meter min="0" max="10000" value=share.to_string() aria-label=label></meter>
                <span class="numbers">{percent(share)}</span>
            };
            row![
                Cell::from(competitor.name).note(competitor.origins.join(", ")),
                integer(competitor.listings),
                integer(competitor.fresh),
                meter.into_any(),
                integer(competitor.due),
                competitor.last_read.map_or(MISSING.into(), age)
            ]
        })
        .collect();
    COVERAGE.with(rows)
}

/// A part of a whole in basis points, rounded down: all is only said when it is all.
fn share_bp(part: u64, whole: u64) -> i32 {
    let share = u128::from(part) * 10_000 / u128::from(whole.max(1));
    i32::try_from(share.min(10_000)).expect("at most 10,000")
}

#[cfg(test)]
mod tests {
    use super::share_bp;

    #[test]
    fn a_share_is_whole_only_when_nothing_is_missing() {
        assert_eq!((share_bp(0, 0), share_bp(9_999_999, 10_000_000), share_bp(7, 7)), (0, 9_999, 10_000));
    }
}
