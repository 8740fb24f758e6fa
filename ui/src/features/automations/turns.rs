//! Turns of what runs by itself, each with what it did.

use app_contract::{AutomationTurnView, ExportReport};
use leptos::prelude::*;
use pricing_domain::AutomationOutcome;

use crate::components::empty::Empty;
use crate::components::toasts::Toasts;
use crate::features::files::hand_over;
use crate::formats::{date_time, integer};

/// The turns.
#[component]
pub fn Turns(
    /// In the order they are shown.
    turns: Vec<AutomationTurnView>,
) -> impl IntoView {
    if turns.is_empty() {
        return view! { <Empty text="Each turn will be listed here with what it did." /> }.into_any();
    }
    let toasts = expect_context::<Toasts>();
    let rows = turns.into_iter().map(|turn| row(turn, toasts)).collect_view();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Turns">
            <table data-testid="automation-turns">
                <thead>
                    <tr>
                        <th scope="col">"Started"</th>
                        <th scope="col">"Automation"</th>
                        <th scope="col">"Ended"</th>
                        <th scope="col" class="numeric">"Pages"</th>
                        <th scope="col" class="numeric">"Proposed"</th>
                        <th scope="col" class="numeric">"Approved"</th>
                        <th scope="col" class="numeric">"Handed over"</th>
                        <th scope="col" class="numeric">"Exceptions"</th>
                        <th scope="col">"What it did"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(turn: AutomationTurnView, toasts: Toasts) -> impl IntoView {
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
    view! {
        <tr>
            <th scope="row">{date_time(turn.started_at)}</th>
            <td>{turn.name}</td>
            <td class:negative=wrong>{outcome}</td>
            <td class="numeric">{integer(figures.pages)}</td>
            <td class="numeric">{integer(figures.proposed)}</td>
            <td class="numeric">{integer(figures.approved)}</td>
            <td class="numeric">{integer(figures.handed_over)}</td>
            <td class="numeric">{integer(figures.exceptions)}</td>
            <td class="text">{turn.words.join(" ")}" "{file}</td>
        </tr>
    }
}
