//! Up to five kept scenarios side by side.

use std::collections::BTreeSet;

use app_contract::KeptScenarioRow;
use leptos::prelude::*;
use pricing_domain::{Money, ScenarioId};

use crate::components::panel::Panel;
use crate::components::show::Show;
use crate::components::table::{Column, Row, TableShape};
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
    let table = move || {
        let ticked = ticked.get();
        let names = ticked.iter().map(|row| Column::number(&row.name));
        let columns: Vec<Column> = std::iter::once(Column::head("A week at the end")).chain(names).collect();
        let line = |title: &'static str, of: fn(&KeptScenarioRow) -> String| {
            Row::new(std::iter::once(title.into()).chain(ticked.iter().map(|row| of(row).into())).collect())
        };
        let rows = vec![
            line("Margin", |row| amount(row, row.after.margin.value)),
            line("95 % between", |row| {
                format!("{} to {}", amount(row, row.after.margin.low), amount(row, row.after.margin.high))
            }),
            line("Against today", |row| {
                signed_money(Money::new(row.after.margin.value - row.today.margin.value, row.currency))
            }),
            line("Revenue", |row| amount(row, row.after.revenue.value)),
            line("Units", |row| decimal(row.after.units.value, 0)),
            line("Our prices", |row| format!("{} %", decimal(row.after.price_change, 1))),
            line("Units at prices never charged", |row| format!("{} %", decimal(row.after.extrapolated, 0))),
            line("Weeks", |row| row.weeks.to_string()),
            line("Price list", |row| row.price_list.clone()),
        ];
        TableShape::framed("Scenarios side by side", &columns).testid("scenarios-compared").with(rows)
    };
    view! {
        <Show when=move || ticked.with(|ticked| ticked.len() > 1)>
            <Panel title="Side by side">{table}</Panel>
        </Show>
    }
}

fn amount(row: &KeptScenarioRow, minor: i64) -> String {
    money(Money::new(minor, row.currency))
}
