//! Turns of what runs by itself, each with what it did.

use app_contract::{AutomationTurnView, ExportReport};
use leptos::prelude::*;
use pricing_domain::AutomationOutcome;

use crate::components::table::{Cell, Column, Row, TableShape, row};
use crate::components::toasts::Toasts;
use crate::features::files::hand_over;
use crate::formats::{date_time, integer};

const TURNS: TableShape = TableShape::framed(
    "Turns",
    &[
        Column::head("Started"),
        Column::text("Automation"),
        Column::text("Ended"),
        Column::number("Pages"),
        Column::number("Proposed"),
        Column::number("Approved"),
        Column::number("Handed over"),
        Column::number("Exceptions"),
        Column::text("What it did").class("text"),
    ],
)
.testid("automation-turns")
.empty("Each turn will be listed here with what it did.");

/// The turns.
#[component]
pub fn Turns(
    /// In the order they are shown.
    turns: Vec<AutomationTurnView>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let rows = turns.into_iter().map(|turn| row(turn, toasts)).collect();
    TURNS.with(rows)
}

fn row(turn: AutomationTurnView, toasts: Toasts) -> Row {
    let figures = turn.figures;
    let wrong = !matches!(turn.outcome, None | Some(AutomationOutcome::Done));
    let outcome = match turn.outcome {
        None => "at work, or broken off",
        Some(AutomationOutcome::Done) => "done",
        Some(AutomationOutcome::Stopped) => "■ blocked by the stop switch",
        Some(AutomationOutcome::Held) => "⚠ held by the circuit breaker",
        Some(AutomationOutcome::Failed) => "⚠ failed",
        Some(AutomationOutcome::Cancelled) => "stopped by a person",
    };
    let file = turn.file.map(|file| {
        let save = move |_| hand_over(ExportReport { file: file.clone(), rows: figures.handed_over }, toasts);
        view! { <button type="button" class="button small" data-testid="turn-file" on:click=save>"Save the file"</button> }
    });
    let did = view! { {turn.words.join(" ")}" "{file} };
    row![
        date_time(turn.started_at),
        turn.name,
        Cell::from(outcome).class_if(wrong, "negative"),
        integer(figures.pages),
        integer(figures.proposed),
        integer(figures.approved),
        integer(figures.handed_over),
        integer(figures.exceptions),
        did.into_any()
    ]
}
