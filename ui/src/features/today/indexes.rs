//! The price index against each competitor.

use app_contract::CompetitorIndex;
use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::formats::{index, integer, percent};

/// One line for each competitor, best covered first.
#[component]
pub fn Indexes(
    /// Best covered first.
    indexes: Vec<CompetitorIndex>,
) -> impl IntoView {
    if indexes.is_empty() {
        let text = "The price index will be here once competitor prices have been collected.";
        return view! { <Empty text /> }.into_any();
    }
    let rows = indexes
        .into_iter()
        .map(|line| {
            let side = match line.index_centi {
                ..10_000 => "▼ cheaper",
                10_000 => "level",
                _ => "▲ dearer",
            };
            view! {
                <tr>
                    <th scope="row">{line.competitor}</th>
                    <td class="numeric">{index(line.index_centi)}</td>
                    <td class="muted side">{side}</td>
                    <td class="numeric">{percent(line.coverage_bp)}</td>
                    <td class="numeric">{integer(line.products)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Price index"><table>
            <thead>
                <tr>
                    <th scope="col">"Competitor"</th>
                    <th scope="col" class="numeric" title="Σ(units × our price) ÷ Σ(units × their price) × 100">"Index"</th>
                    <th scope="col">"We are"</th>
                    <th scope="col" class="numeric" title="Share of sold, priced products compared">"Coverage"</th>
                    <th scope="col" class="numeric">"Products"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table></div>
    }
    .into_any()
}
