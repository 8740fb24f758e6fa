//! What competitors did between the two newest collections.

use app_contract::CompetitorMove;
use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::formats::{change, integer};

/// One line for each competitor, largest first.
#[component]
pub fn Moves(
    /// Largest first.
    moves: Vec<CompetitorMove>,
) -> impl IntoView {
    if moves.is_empty() {
        let text = "No competitor changed a price between the two newest collections.";
        return view! { <Empty text /> }.into_any();
    }
    let rows = moves
        .into_iter()
        .map(|moved| {
            view! {
                <tr>
                    <th scope="row">{moved.competitor}</th>
                    <td class="numeric">{format!("▼ {}", integer(moved.lowered))}</td>
                    <td class="numeric">{format!("▲ {}", integer(moved.raised))}</td>
                    <td class="numeric">{change(moved.average_bp)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Moves"><table>
            <thead>
                <tr>
                    <th scope="col">"Competitor"</th>
                    <th scope="col" class="numeric">"Lowered"</th>
                    <th scope="col" class="numeric">"Raised"</th>
                    <th scope="col" class="numeric" title="Mean change of the prices that moved">"Mean change"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table></div>
    }
    .into_any()
}
