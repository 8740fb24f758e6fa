//! Up to five results side by side.

use app_contract::ScenarioView;
use leptos::prelude::*;
use pricing_domain::Money;

use crate::components::panel::Panel;
use crate::formats::{decimal, money, signed_money};

/// How many are kept.
pub const MOST: usize = 5;

/// The results that a person kept.
#[component]
pub fn Compared(
    /// In the order in which they were kept.
    kept: RwSignal<Vec<ScenarioView>>,
) -> impl IntoView {
    let rows = move || {
        kept.get()
            .into_iter()
            .enumerate()
            .map(|(place, one)| {
                let amount = |minor: i64| money(Money::new(minor, one.currency));
                let change = one.after.margin.value - one.today.margin.value;
                view! {
                    <tr>
                        <th scope="row">{one.name.clone()}</th>
                        <td class="numeric">{amount(one.after.margin.value)}</td>
                        <td class="numeric muted">
                            {format!("{} to {}", amount(one.after.margin.low), amount(one.after.margin.high))}
                        </td>
                        <td class="numeric">{signed_money(Money::new(change, one.currency))}</td>
                        <td class="numeric">{amount(one.after.revenue.value)}</td>
                        <td class="numeric">{decimal(one.after.units.value, 0)}</td>
                        <td class="numeric">{format!("{} %", decimal(one.after.price_change, 1))}</td>
                        <td>
                            <button
                                type="button"
                                class="button small"
                                on:click=move |_| kept.update(|kept| { kept.remove(place); })
                            >
                                "Remove"
                            </button>
                        </td>
                    </tr>
                }
            })
            .collect_view()
    };
    view! {
        <Show when=move || kept.with(|kept| !kept.is_empty())>
            <Panel title="Side by side">
                <div class="table-frame" tabindex="0" role="region" aria-label="Scenarios side by side">
                    <table data-testid="scenarios-compared">
                        <thead>
                            <tr>
                                <th scope="col">"Scenario"</th>
                                <th scope="col" class="numeric">"Margin a week"</th>
                                <th scope="col" class="numeric">"95 % between"</th>
                                <th scope="col" class="numeric">"Change"</th>
                                <th scope="col" class="numeric">"Revenue"</th>
                                <th scope="col" class="numeric">"Units"</th>
                                <th scope="col" class="numeric">"Our prices"</th>
                                <th scope="col"><span class="visually-hidden">"Remove"</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </Panel>
        </Show>
    }
}
