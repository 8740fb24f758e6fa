//! A scenario's result by category, brand and position among competitors: units, revenue and margin with their intervals.

use app_contract::{ScenarioGroup, ScenarioTotals};
use leptos::prelude::*;
use pricing_domain::{Currency, Money};

use super::result::amount;
use crate::components::panel::Panel;
use crate::formats::{decimal, integer, signed_money};

/// Groups that are shown of each kind.
const SHOWN: usize = 12;

/// A table for each kind of group.
#[component]
pub fn Groups(
    /// Titles with their groups.
    groups: [(&'static str, Vec<ScenarioGroup>); 3],
    /// Of all amounts.
    currency: Currency,
) -> impl IntoView {
    let tables = groups.into_iter().filter(|(_, groups)| !groups.is_empty());
    let tables = tables.map(|(title, groups)| view! { <GroupTable title groups currency /> });
    tables.collect_view()
}

/// Groups with what each sells and earns in a week at the end.
#[component]
fn GroupTable(
    /// What they are grouped by.
    title: &'static str,
    /// The groups.
    groups: Vec<ScenarioGroup>,
    /// Of all amounts.
    currency: Currency,
) -> impl IntoView {
    let moves = groups.iter().any(|group| group.products_after.is_some());
    let rows = groups.into_iter().take(SHOWN).map(|group| row(group, currency)).collect_view();
    let note = moves.then(|| {
        view! { <p class="muted">"Products stay in the group of today's position; the second number stands there at the end."</p> }
    });
    view! {
        <Panel title=title>
            <div class="table-frame tall" tabindex="0" role="region" aria-label=title>
                <table data-testid="scenario-groups">
                    <thead>
                        <tr>
                            <th scope="col">"Group"</th>
                            <th scope="col" class="numeric">"Products"</th>
                            <th scope="col" class="numeric">"Units a week"</th>
                            <th scope="col" class="numeric">"Change"</th>
                            <th scope="col" class="numeric">"Revenue a week"</th>
                            <th scope="col" class="numeric">"Change"</th>
                            <th scope="col" class="numeric">"Margin a week"</th>
                            <th scope="col" class="numeric">"Change"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {note}
        </Panel>
    }
}

fn row(group: ScenarioGroup, currency: Currency) -> impl IntoView + use<> {
    let name = if group.name.is_empty() { "without one".to_owned() } else { group.name };
    let products = match group.products_after {
        Some(after) => format!("{} → {}", integer(group.products), integer(after)),
        None => integer(group.products),
    };
    let (today, after) = (group.today, group.after);
    let units =
        (decimal(after.units.value, 0), format!("{} to {}", decimal(after.units.low, 0), decimal(after.units.high, 0)));
    let change = |of: fn(&ScenarioTotals) -> i64| signed_money(Money::new(of(&after) - of(&today), currency));
    let cell = |(value, between): (String, String)| {
        view! { <td class="numeric">{value}<small class="muted">{between}</small></td> }
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="numeric">{products}</td>
            {cell(units)}
            <td class="numeric">{decimal(after.units.value - today.units.value, 0)}</td>
            {cell(amount(after.revenue, currency))}
            <td class="numeric">{change(|totals| totals.revenue.value)}</td>
            {cell(amount(after.margin, currency))}
            <td class="numeric">{change(|totals| totals.margin.value)}</td>
        </tr>
    }
}
