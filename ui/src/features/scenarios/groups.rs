//! A scenario's result by category, brand and position among competitors: units, revenue and margin with their intervals.

use app_contract::{ScenarioGroup, ScenarioTotals};
use leptos::prelude::*;
use pricing_domain::{Currency, Money};

use super::result::amount;
use crate::components::panel::Panel;
use crate::components::table::{Cell, Column, Row, TableShape, row};
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

const GROUPS: TableShape = TableShape::framed(
    "Groups",
    &[
        Column::head("Group"),
        Column::number("Products"),
        Column::number("Units a week"),
        Column::number("Change"),
        Column::number("Revenue a week"),
        Column::number("Change"),
        Column::number("Margin a week"),
        Column::number("Change"),
    ],
)
.tall()
.testid("scenario-groups");

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
    let rows = groups.into_iter().take(SHOWN).map(|group| row(group, currency)).collect();
    let note = moves.then(|| {
        view! { <p class="muted">"Products stay in the group of today's position; the second number stands there at the end."</p> }
    });
    view! {
        <Panel title=title>
            {GROUPS.labelled(title).with(rows)}
            {note}
        </Panel>
    }
}

fn row(group: ScenarioGroup, currency: Currency) -> Row {
    let name = if group.name.is_empty() { "without one".to_owned() } else { group.name };
    let products = match group.products_after {
        Some(after) => format!("{} → {}", integer(group.products), integer(after)),
        None => integer(group.products),
    };
    let (today, after) = (group.today, group.after);
    let units =
        (decimal(after.units.value, 0), format!("{} to {}", decimal(after.units.low, 0), decimal(after.units.high, 0)));
    let change = |of: fn(&ScenarioTotals) -> i64| signed_money(Money::new(of(&after) - of(&today), currency));
    let cell = |(value, between): (String, String)| Cell::from(value).note(between);
    row![
        name,
        products,
        cell(units),
        decimal(after.units.value - today.units.value, 0),
        cell(amount(after.revenue, currency)),
        change(|totals| totals.revenue.value),
        cell(amount(after.margin, currency)),
        change(|totals| totals.margin.value)
    ]
}
