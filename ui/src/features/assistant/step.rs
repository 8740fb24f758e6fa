//! A look-up of an answer: what it was, the same once more on request, and the line below a piece that comes from it.

use app_contract::{RepeatAssistantStep, RepeatedStep, ToolStep};
use leptos::prelude::*;
use pricing_domain::AnswerId;

use super::blocks::Blocks;
use super::links::lead;
use crate::components::show::Show;
use crate::formats::{counted, date_time, integer};
use crate::writes::write;

/// The look-up.
#[component]
pub fn Step(
    /// Of which answer.
    answer: AnswerId,
    /// Its place.
    place: usize,
    /// The step.
    step: ToolStep,
) -> impl IntoView {
    let again = RwSignal::new(None::<RepeatedStep>);
    let repeat = write::<RepeatAssistantStep>(move |repeated| again.set(Some(repeated)));
    let can_repeat = step.call.is_some();
    let label = format!("Step {}: run again", place + 1);
    let number = u32::try_from(place).unwrap_or(u32::MAX);
    view! {
        <li data-testid="assistant-step">
            {format!("{}. ", place + 1)}
            {question(&step)}
            " "
            <Show when=move || can_repeat>
                <button
                    type="button"
                    class="link-button"
                    aria-label=label.clone()
                    data-testid="step-again"
                    disabled=repeat.pending()
                    on:click=move |_| { repeat.run(RepeatAssistantStep { answer, step: number }); }
                >
                    "run again"
                </button>
            </Show>
            {detail(&step)}
            {move || again.get().map(|repeated| view! { <Again repeated /> })}
        </li>
    }
}

/// Where a table, a picture or a card comes from: its look-up, which opens. `None`: the answer has no such step.
pub fn source(steps: StoredValue<Vec<ToolStep>>, place: u32) -> Option<AnyView> {
    let step = steps.with_value(|steps| steps.get(place as usize).cloned())?;
    let words = format!("Source: {}, {}", counted(step.rows, "row", "rows"), date_time(step.at));
    let told = view! {
        <details class="source" data-testid="answer-source">
            <summary>{words}</summary>
            {question(&step)}
            {detail(&step)}
        </details>
    };
    Some(told.into_any())
}

/// What was looked up, and the way to its rows.
fn question(step: &ToolStep) -> AnyView {
    view! { {format!("{} ", step.question)} {lead(&step.link, "", String::new(), "rows".to_owned())} }.into_any()
}

/// How it was looked up, in small print.
fn detail(step: &ToolStep) -> AnyView {
    let rows = counted(step.rows, "row", "rows");
    let milliseconds = step.elapsed_us / 1000;
    let words = format!("{}: {rows}, {}, {milliseconds} ms, state {}", step.tool, date_time(step.at), step.sequence);
    view! { <small class="muted">{words}</small> }.into_any()
}

/// What the step gives now.
#[component]
fn Again(
    /// As it was made again.
    repeated: RepeatedStep,
) -> impl IntoView {
    let RepeatedStep { rows_then, place, answer } = repeated;
    let step = answer.steps.get(place as usize).cloned();
    let steps = StoredValue::new(answer.steps);
    step.map(|step| {
        let then = match rows_then == step.rows {
            true => "as before".to_owned(),
            false => format!("{} then", integer(rows_then)),
        };
        let words = format!("Now {} ({then}), state {}.", counted(step.rows, "row", "rows"), step.sequence);
        view! {
            <div class="step-again" role="status" data-testid="step-result">
                <p class="muted">{words}</p>
                <Blocks blocks=answer.blocks steps />
            </div>
        }
    })
}
