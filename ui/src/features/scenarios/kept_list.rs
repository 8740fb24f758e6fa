//! The scenarios that are kept in the workspace: opened, copied, compared, removed.

use std::collections::BTreeSet;

use app_contract::{CopyScenario, KeptScenarioRow, RemoveScenario};
use leptos::prelude::*;
use pricing_domain::{Money, ScenarioId};

use super::compared::MOST;
use crate::components::table::{Column, TableShape, row};
use crate::components::toasts::Toasts;
use crate::formats::{date_time, money, signed_money};
use crate::writes::write;

const KEPT: TableShape = TableShape::framed(
    "Kept scenarios",
    &[
        Column::text("Beside"),
        Column::head("Scenario"),
        Column::number("Margin a week"),
        Column::number("Change"),
        Column::text("Kept").class("muted"),
        Column::text("Actions").unseen().class("row-actions"),
    ],
)
.testid("scenarios-kept");

/// The list.
#[component]
pub fn KeptList(
    /// The scenarios, newest first.
    rows: Vec<KeptScenarioRow>,
    /// The one on the desk.
    #[prop(into)]
    open: Signal<Option<ScenarioId>>,
    /// Which are side by side.
    beside: RwSignal<BTreeSet<ScenarioId>>,
    /// Called with the one to put on the desk.
    put: Callback<ScenarioId>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let copy = write::<CopyScenario>(move |row| toasts.done(format!("Copied as “{}”", row.name)));
    let remove = write::<RemoveScenario>(|_| {});
    let is_empty = rows.is_empty();
    let lines = rows.into_iter().map(|row| {
        let id = row.id;
        let amount = |minor: i64| Money::new(minor, row.currency);
        let change = row.after.margin.value - row.today.margin.value;
        let mark = row.outdated.then(|| view! { <span class="mark caution">"catalogue has changed since"</span> });
        let lost = row.not_repeatable.clone().map(|why| {
            view! { <span class="mark caution" title=why.clone()>"cannot be recomputed"</span><small class="muted">{why}</small> }
        });
        let name = row.name.clone();
        let tick = format!("Side by side: {name}");
        let ticked = move || beside.with(|beside| beside.contains(&id));
        let is_full = move || beside.with(|beside| beside.len() >= MOST) && !ticked();
        let copied = name.clone();
        let choice = view! {
            <input
                type="checkbox"
                aria-label=tick
                data-testid="scenario-beside"
                prop:checked=ticked
                disabled=is_full
                on:change=move |_| beside.update(|beside| {
                    if !beside.remove(&id) {
                        beside.insert(id);
                    }
                })
            />
        };
        let title = view! {
            <button type="button" class="link-button" data-testid="open-scenario" on:click=move |_| put.run(id)>
                {name}
            </button>
            {mark}
            {lost}
        };
        let actions = view! {
            <button
                type="button"
                class="button small"
                on:click=move |_| {
                    copy.run(CopyScenario { scenario: id, name: format!("{copied}, copy") });
                }
            >
                "Copy"
            </button>
            <button
                type="button"
                class="button small"
                data-testid="remove-scenario"
                on:click=move |_| {
                    beside.update(|beside| { beside.remove(&id); });
                    remove.run(RemoveScenario { scenario: id });
                }
            >
                "Remove"
            </button>
        };
        row![
            choice.into_any(),
            title.into_any(),
            money(amount(row.after.margin.value)),
            signed_money(amount(change)),
            format!("{} · {}", date_time(row.kept_at), row.kept_by),
            actions.into_any()
        ]
        .current(Signal::derive(move || open.get() == Some(id)))
    });
    let lines = lines.collect();
    let nothing = is_empty.then(|| {
        view! { <p class="muted">"Keep a scenario to find it here again, with everything that decided its answer."</p> }
    });
    view! {
        {nothing}
        {KEPT.hidden(is_empty).with(lines)}
    }
}
