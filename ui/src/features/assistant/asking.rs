//! The answer that is being made: words as they come, look-ups, and a way to stop.

use leptos::prelude::*;

use super::button::SmallButton;
use super::desk::AssistantDesk;
use crate::formats::counted;
use crate::session::{Answering, LookUp};

/// The question with what is known of its answer.
#[component]
pub fn Asking(
    /// The question.
    question: String,
) -> impl IntoView {
    let desk = expect_context::<AssistantDesk>();
    let answering = expect_context::<Answering>();
    let status = move || match answering.whom.get() {
        Some(whom) if answering.words.with(String::is_empty) => format!("Asking {whom}…"),
        Some(_) => "Answering…".to_owned(),
        None => "Looking it up…".to_owned(),
    };
    let line = |one: LookUp| {
        let done = match one.rows {
            Some(rows) => counted(rows, "row", "rows"),
            None => "…".to_owned(),
        };
        view! { <li>{format!("{} ", one.tool)}<small class="muted">{format!("{}: {done}", one.question)}</small></li> }
    };
    let look_ups = move || answering.look_ups.get().into_iter().map(line).collect_view();
    view! {
        <article class="turn" data-testid="assistant-asking">
            <p class="turn-question">{question}</p>
            <ol class="steps">{look_ups}</ol>
            <p class="said">{move || answering.words.get()}</p>
            <p class="muted" role="status">{status}</p>
            {SmallButton::new("Stop").testid("assistant-stop").press(move || desk.stop())}
        </article>
    }
}
