//! One question with its answer: figures lead to where they come from, steps can be opened.

use app_contract::{AnswerBlock, AnswerOutcome, AssistantTurn, PinAnswer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::blocks::Blocks;
use super::desk::AssistantDesk;
use super::model_part::{FellBack, ModelPart};
use super::step::Step;
use crate::components::clipboard::to_clipboard;
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::formats::{age, counted};
use crate::writes::write;

/// The turn.
#[component]
pub fn Turn(
    /// Question and answer.
    turn: AssistantTurn,
) -> impl IntoView {
    let desk = expect_context::<AssistantDesk>();
    let id = turn.id;
    let pinned = RwSignal::new(turn.pinned);
    let pin = write::<PinAnswer>(move |()| pinned.update(|pinned| *pinned = !*pinned));
    let toasts = expect_context::<Toasts>();
    let answer = turn.answer;
    let words = StoredValue::new(plain(&answer.blocks));
    let markdown = StoredValue::new(answer.markdown());
    let question = StoredValue::new(turn.question.clone());
    let copy = move |text: String| {
        spawn_local(async move {
            match to_clipboard(text).await {
                true => toasts.done("Copied."),
                false => toasts.error("The clipboard cannot be written here."),
            }
        });
    };
    let of_model = answer.model.is_some();
    let used = answer.model.clone();
    let steps = StoredValue::new(answer.steps.clone());
    let suggestions = answer.suggestions.into_iter().map(|question| {
        let words = question.clone();
        view! {
            <button type="button" class="button small quiet" on:click=move |_| desk.ask(question.clone())>{words}</button>
        }
    });
    let suggestions = suggestions.collect_view();
    let withheld = (answer.withheld > 0).then(|| {
        let words = format!(
            "{} withheld, because a number in it was found in no result.",
            counted(u64::from(answer.withheld), "passage was", "passages were")
        );
        view! { <p class="notice caution">{words}</p> }
    });
    let unsure = matches!(answer.outcome, AnswerOutcome::NotInWorkspace | AnswerOutcome::NotEnoughData);
    let lines = answer
        .steps
        .into_iter()
        .enumerate()
        .map(|(place, step)| view! { <Step answer=id place step /> })
        .collect_view();
    view! {
        <article class="turn" data-testid="assistant-turn" class:unsure=unsure>
            <p class="turn-question">{turn.question}</p>
            <FellBack used=used.clone() />
            <Blocks blocks=answer.blocks steps />
            {withheld}
            <div class="turn-suggestions">{suggestions}</div>
            <details class="stated">
                <summary>{format!("{} · {}", answer.understood, age(turn.asked_at))}</summary>
                <ol class="steps">{lines}</ol>
                {used.map(|used| view! { <ModelPart used /> })}
                <button
                    type="button"
                    class="button small"
                    aria-pressed=move || pinned.get().to_string()
                    on:click=move |_| {
                        pin.run(PinAnswer { answer: id, pinned: !pinned.get_untracked() });
                    }
                >
                    {move || if pinned.get() { "Pinned" } else { "Pin" }}
                </button>
                " "
                <button
                    type="button"
                    class="button small"
                    data-testid="answer-copy"
                    on:click=move |_| copy(words.get_value())
                >
                    "Copy"
                </button>
                " "
                <button
                    type="button"
                    class="button small"
                    data-testid="answer-markdown"
                    title="With the source of every figure"
                    on:click=move |_| copy(markdown.get_value())
                >
                    "Copy as Markdown"
                </button>
                " "
                <button
                    type="button"
                    class="button small"
                    data-testid="answer-again"
                    on:click=move |_| desk.ask(question.get_value())
                >
                    "Ask again"
                </button>
                " "
                <Show when=move || of_model>
                    <button
                        type="button"
                        class="button small"
                        on:click=move |_| desk.ask_without_model(question.get_value())
                    >
                        "Ask without the model"
                    </button>
                </Show>
            </details>
        </article>
    }
}

/// The answer as text that a document or a spreadsheet takes.
fn plain(blocks: &[AnswerBlock]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for block in blocks {
        match block {
            AnswerBlock::Text(spans) => lines.push(spans.iter().map(|span| span.text.as_str()).collect()),
            AnswerBlock::Table(table) => {
                let titles: Vec<&str> = table.columns.iter().map(|(title, _)| title.as_str()).collect();
                lines.push(titles.join("\t"));
                lines.extend(table.rows.iter().map(|row| row.cells.join("\t")));
            }
            AnswerBlock::Chart(chart) => lines.push(format!("{}: {}", chart.title, chart.alternative)),
            AnswerBlock::Card(card) => lines.push(format!("{}: {} → {}", card.title, card.current, card.proposed)),
        }
    }
    lines.join("\n")
}
