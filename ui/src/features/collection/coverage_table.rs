//! How much of each competitor is read.

use app_contract::CompetitorCoverage;
use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::formats::{MISSING, age, integer, percent};

/// One line for each competitor.
#[component]
pub fn CoverageTable(
    /// The competitors.
    competitors: Vec<CompetitorCoverage>,
) -> impl IntoView {
    if competitors.is_empty() {
        let text = "Your competitors will be here. Import a file with the columns sku, competitor and url.";
        return view! { <Empty text /> }.into_any();
    }
    let rows = competitors
        .into_iter()
        .map(|competitor| {
            let share = share_bp(competitor.fresh, competitor.listings);
            let label = format!("Read at {}", competitor.name);
            view! {
                <tr>
                    <th scope="row">
                        {competitor.name}
                        <small class="muted">{competitor.origins.join(", ")}</small>
                    </th>
                    <td class="numeric">{integer(competitor.listings)}</td>
                    <td class="numeric">{integer(competitor.fresh)}</td>
                    <td>
                        <meter min="0" max="10000" value=share.to_string() aria-label=label></meter>
                        <span class="numbers">{percent(share)}</span>
                    </td>
                    <td class="numeric">{integer(competitor.due)}</td>
                    <td>{competitor.last_read.map_or(MISSING.into(), age)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Competitors">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Competitor"</th>
                        <th scope="col" class="numeric">"Pages"</th>
                        <th scope="col" class="numeric">"With price"</th>
                        <th scope="col">"Share"</th>
                        <th scope="col" class="numeric">"Due"</th>
                        <th scope="col">"Last read"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
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
