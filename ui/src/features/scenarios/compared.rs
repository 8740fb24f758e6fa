//! Up to five kept scenarios side by side.

use std::collections::BTreeSet;

use app_contract::KeptScenarioRow;
use leptos::prelude::*;
use pricing_domain::{Money, ScenarioId};

use crate::components::panel::Panel;
use crate::formats::{decimal, money, signed_money};

/// How many stand side by side.
pub const MOST: usize = 5;

/// The ticked ones, a column each.
#[component]
pub fn Compared(
    /// Every kept scenario.
    #[prop(into)]
    rows: Signal<Vec<KeptScenarioRow>>,
    /// Which are ticked.
    beside: RwSignal<BTreeSet<ScenarioId>>,
) -> impl IntoView {
    let ticked = Memo::new(move |_| {
        let beside = beside.get();
        rows.get().into_iter().filter(|row| beside.contains(&row.id)).collect::<Vec<_>>()
    });
    let line = move |title: &'static str, of: fn(&KeptScenarioRow) -> String| {
        let cells = ticked.get().iter().map(|row| view! { <td class="numeric">{of(row)}</td> }).collect_view();
        view! { <tr><th scope="row">{title}</th>{cells}</tr> }
    };
    let heads = move || {
        ticked.get().into_iter().map(|row| view! { <th scope="col" class="numeric">{row.name}</th> }).collect_view()
    };
    view! {
        <Show when=move || ticked.with(|ticked| ticked.len() > 1)>
            <Panel title="Side by side">
                <div class="table-frame" tabindex="0" role="region" aria-label="Scenarios side by side">
                    <table data-testid="scenarios-compared">
                        <thead>
                            <tr><th scope="col">"A week at the end"</th>{heads}</tr>
                        </thead>
                        <tbody>
                            {move || line("Margin", |row| amount(row, row.after.margin.value))}
                            {move || line("95 % between", |row| {
                                format!("{} to {}", amount(row, row.after.margin.low), amount(row, row.after.margin.high))
                            })}
                            {move || line("Against today", |row| {
                                signed_money(Money::new(row.after.margin.value - row.today.margin.value, row.currency))
                            })}
                            {move || line("Revenue", |row| amount(row, row.after.revenue.value))}
                            {move || line("Units", |row| decimal(row.after.units.value, 0))}
                            {move || line("Our prices", |row| format!("{} %", decimal(row.after.price_change, 1)))}
                            {move || line("Units at prices never charged", |row| {
                                format!("{} %", decimal(row.after.extrapolated, 0))
                            })}
                            {move || line("Weeks", |row| row.weeks.to_string())}
                            {move || line("Price list", |row| row.price_list.clone())}
                        </tbody>
                    </table>
                </div>
            </Panel>
        </Show>
    }
}

fn amount(row: &KeptScenarioRow, minor: i64) -> String {
    money(Money::new(minor, row.currency))
}
