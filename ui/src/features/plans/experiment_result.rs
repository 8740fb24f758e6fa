//! The price tests that are kept, and what each says so far.

use app_contract::{ExperimentReading, ExperimentRow, ProposeExperiment, ReadExperiment, RemoveExperiment};
use leptos::prelude::*;
use pricing_domain::ExperimentId;

use super::grades::grade_counts;
use super::proposed::Proposed;
use crate::components::facts::{fact, items};
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::components::table::{Cell, Column, TableShape, row};
use crate::formats::{counted, decimal, integer};
use crate::reads::read;
use crate::writes::write;

const KEPT: TableShape =
    TableShape::framed("Price tests", &[Column::head(""), Column::text(""), Column::text("").class("row-actions")])
        .testid("experiments-kept");

/// The list, and the reading of the one that is open.
#[component]
pub fn KeptExperiments(
    /// The tests, newest first.
    rows: Vec<ExperimentRow>,
    /// The one that is open.
    open: RwSignal<Option<ExperimentId>>,
) -> impl IntoView {
    let made = RwSignal::new(None);
    let propose = write::<ProposeExperiment>(move |done| made.set(Some(done)));
    let remove = write::<RemoveExperiment>(|_| {});
    let is_empty = rows.is_empty();
    let lines = rows.into_iter().map(|row| {
        let id = row.id;
        let who = match row.experiment.switchback {
            Some(switchback) => format!("{} in turns, every {} weeks", integer(row.treated), switchback.period),
            None => format!("{} with and {} without", integer(row.treated), integer(row.held)),
        };
        let about = format!(
            "{} weeks from {}, new prices {} %, {who}",
            row.experiment.weeks,
            row.starts,
            decimal(row.experiment.percent, 0)
        );
        let actions = view! {
            <button
                type="button"
                class="button small"
                data-testid="propose-experiment"
                disabled=move || propose.pending().get()
                on:click=move |_| { propose.run(ProposeExperiment { experiment: id }); }
            >
                "Propose the new prices"
            </button>
            <button
                type="button"
                class="button small"
                on:click=move |_| {
                    if open.get_untracked() == Some(id) {
                        open.set(None);
                    }
                    remove.run(RemoveExperiment { experiment: id });
                }
            >
                "Remove"
            </button>
        };
        let title = Cell::button(row.name, Some("open-experiment"), move || open.set(Some(id)));
        row![title, about, actions.into_any()].chosen(Signal::derive(move || open.get() == Some(id)))
    });
    let lines = lines.collect();
    let nothing = is_empty.then(|| {
        view! { <p class="muted">"Design a test below and keep it; once it runs, its sales are read here."</p> }
    });
    let reading = read(move || open.get().map(|experiment| ReadExperiment { experiment }));
    view! {
        {nothing}
        <Proposed made />
        {KEPT.hidden(is_empty).with(lines)}
        <Show when=move || open.get().is_some()>
            <Reading from=reading lines=4 show=|reading: ExperimentReading| view! { <Said reading /> } />
        </Show>
    }
}

/// What a test says, the plain answer first.
#[component]
fn Said(
    /// The reading.
    reading: ExperimentReading,
) -> impl IntoView {
    let remarks = items(reading.remarks.iter().cloned());
    let group = |place: usize| {
        let (before, after) = reading.units[place];
        format!("{} → {} a week", decimal(before, 1), decimal(after, 1))
    };
    let units = match reading.row.experiment.switchback {
        Some(_) => fact("Units at the old and at the new price", group(0)).into_any(),
        None => (fact("Units with the new price", group(0)), fact("Units with the old price", group(1))).into_any(),
    };
    let price =
        reading.price_change.map(|change| fact("Prices charged differ by", format!("{} %", decimal(change, 1))));
    let elasticity = reading.elasticity.map(|found| {
        let words = format!("{} ({} to {})", decimal(found.value, 2), decimal(found.low, 2), decimal(found.high, 2));
        fact("The elasticity that it means", words)
    });
    let expected = reading
        .expected_elasticity
        .map(|value| fact("By the sales as a whole", format!("{} on average", decimal(value, 2))));
    view! {
        <p class="scenario-answer" data-testid="experiment-reading">{reading.answer.clone()}</p>
        <ul class="muted">{remarks}</ul>
        <dl class="facts">
            {fact("Looked at", counted(u64::from(reading.weeks), "week", "weeks"))}
            {units}
            {fact("Products", format!("{} and {}", integer(reading.treated), integer(reading.held)))}
            {fact("By chance alone", format!("a difference as large in {} of 100 tests", decimal(100.0 * reading.p, 1)))}
            {price}
            {elasticity}
            {expected}
            {fact("Elasticities of these products rest on", grade_counts(&reading.grades))}
        </dl>
    }
}
