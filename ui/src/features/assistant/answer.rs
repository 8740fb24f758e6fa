//! One question with its answer: figures lead to where they come from, steps can be opened.

use app_contract::{AnswerBlock, AssistantTurn, PinAnswer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::blocks::Blocks;
use super::button::SmallButton;
use super::desk::AssistantDesk;
use super::model_part::{ModelPart, notes};
use super::step::Step;
use crate::components::clipboard::to_clipboard;
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
    let has_card = answer.blocks.iter().any(|block| matches!(block, AnswerBlock::Card(_)));
    let noted = answer.model.as_ref().and_then(|used| notes(used, has_card));
    let model_part = answer.model.map(|used| view! { <ModelPart used /> });
    let steps = StoredValue::new(answer.steps.clone());
    let suggestions = answer.suggestions.into_iter().map(|question| {
        let words = question.clone();
        SmallButton::new(words).press(move || desk.ask(question.clone()))
    });
    let suggestions = suggestions.collect_view();
    let withheld = (answer.withheld > 0).then(|| {
        let words = format!(
            "{} withheld, because a number in it was found in no result.",
            counted(u64::from(answer.withheld), "passage was", "passages were")
        );
        view! { <p class="notice caution">{words}</p> }
    });
    let look_ups = counted(answer.steps.len() as u64, "look-up", "look-ups");
    let lines = answer
        .steps
        .into_iter()
        .enumerate()
        .map(|(place, step)| view! { <Step answer=id place step /> })
        .collect_view();
    let actions = [
        SmallButton::quiet("Pin").testid("answer-pin").pressed(pinned, "Pinned").press(move || {
            pin.run(PinAnswer { answer: id, pinned: !pinned.get_untracked() });
        }),
        SmallButton::quiet("Copy").testid("answer-copy").press(move || copy(words.get_value())),
        SmallButton::quiet("Copy as Markdown")
            .testid("answer-markdown")
            .hint("With the source of every figure")
            .press(move || copy(markdown.get_value())),
        SmallButton::quiet("Ask again").testid("answer-again").press(move || desk.ask(question.get_value())),
    ];
    let without = of_model.then(|| {
        SmallButton::quiet("Ask without the model").press(move || desk.ask_without_model(question.get_value()))
    });
    view! {
        <article class="turn" data-testid="assistant-turn">
            <p class="turn-question">{turn.question}</p>
            <Blocks blocks=answer.blocks steps />
            {withheld}
            {noted}
            <div class="turn-actions">{actions.into_iter().collect_view()} {without}</div>
            <details class="stated">
                <summary>{format!("{} · {look_ups} · {}", answer.understood, age(turn.asked_at))}</summary>
                <ol class="steps">{lines}</ol>
                {model_part}
            </details>
            <div class="turn-suggestions">{suggestions}</div>
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
            AnswerBlock::Card(card) => lines.push(format!("{}: {} → {}", card.heading(), card.current, card.proposed)),
        }
    }
    lines.join("\n")
}
