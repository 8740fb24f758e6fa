//! One question with its answer: figures lead to where they come from, steps can be opened.

use app_contract::{
    AnswerBlock, AnswerOutcome, AnswerTable, AssistantTurn, FigureSource, PinAnswer, TextSpan, ToolStep,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

use super::card::Card;
use super::desk::AssistantDesk;
use super::links::address;
use super::model_part::{FellBack, ModelPart};
use crate::components::clipboard::to_clipboard;
use crate::components::toasts::Toasts;
use crate::formats::{age, counted, date_time, integer};
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
    let question = StoredValue::new(turn.question.clone());
    let copy = move |_: leptos::ev::MouseEvent| {
        spawn_local(async move {
            match to_clipboard(words.get_value()).await {
                true => toasts.done("Copied."),
                false => toasts.error("The clipboard cannot be written here."),
            }
        });
    };
    let of_model = answer.model.is_some();
    let used = answer.model.clone();
    let steps = StoredValue::new(answer.steps.clone());
    let blocks = answer.blocks.into_iter().map(|block| match block {
        AnswerBlock::Text(spans) => view! { <p><Spans spans steps /></p> }.into_any(),
        AnswerBlock::Table(table) => view! { <Table table steps /> }.into_any(),
        AnswerBlock::Card(card) => view! { <Card card /> }.into_any(),
    });
    let blocks = blocks.collect_view();
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
    let lines = answer.steps.into_iter().enumerate().map(|(place, step)| view! { <Step place step /> }).collect_view();
    view! {
        <article class="turn" data-testid="assistant-turn" class:unsure=unsure>
            <p class="turn-question">{turn.question}</p>
            <FellBack used=used.clone() />
            {blocks}
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
                <button type="button" class="button small" data-testid="answer-copy" on:click=copy>"Copy"</button>
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
            AnswerBlock::Card(card) => lines.push(format!("{}: {} → {}", card.title, card.current, card.proposed)),
        }
    }
    lines.join("\n")
}

/// Words and figures.
#[component]
fn Spans(
    /// In order.
    spans: Vec<TextSpan>,
    /// What figures come from.
    steps: StoredValue<Vec<ToolStep>>,
) -> impl IntoView {
    spans
        .into_iter()
        .map(|span| match span.source {
            Some(FigureSource::Step(place)) => {
                let step = steps.with_value(|steps| steps.get(place as usize).cloned());
                match step {
                    Some(step) => {
                        let title = format!("{}: {}", step.question, counted(step.rows, "row", "rows"));
                        view! { <A href=address(&step.link) attr:class="figure-link" attr:title=title>{span.text}</A> }
                            .into_any()
                    }
                    None => view! { <span>{span.text}</span> }.into_any(),
                }
            }
            _ => view! { <span>{span.text}</span> }.into_any(),
        })
        .collect_view()
}

/// Rows of an answer.
#[component]
fn Table(
    /// The table.
    table: AnswerTable,
    /// What it comes from.
    steps: StoredValue<Vec<ToolStep>>,
) -> impl IntoView {
    let numeric: Vec<bool> = table.columns.iter().map(|(_, numeric)| *numeric).collect();
    let heads = table.columns.into_iter().map(|(title, numeric)| {
        view! { <th scope="col" class:numeric=numeric>{title}</th> }
    });
    let heads = heads.collect_view();
    let shown = table.rows.len() as u64;
    let rows = table.rows.into_iter().map(|row| {
        let link = row.link.as_ref().map(address);
        let cells = row.cells.into_iter().zip(numeric.clone()).enumerate().map(move |(place, (cell, numeric))| {
            let cell = match link.clone().filter(|_| place == 0) {
                Some(href) => view! { <A href=href>{cell}</A> }.into_any(),
                None => view! { <span>{cell}</span> }.into_any(),
            };
            view! { <td class:numeric=numeric>{cell}</td> }
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    let rows = rows.collect_view();
    let more = (shown < table.total).then(|| {
        let link = steps.with_value(|steps| steps.get(table.step as usize).map(|step| address(&step.link)));
        let words = format!("All {}", integer(table.total));
        link.map(|href| view! { <p><A href=href>{words}</A></p> })
    });
    let label = table.title.clone();
    view! {
        <div class="table-frame tall" tabindex="0" role="region" aria-label=label>
            <table>
                <caption>{table.title}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {more}
    }
}

/// What was looked up.
#[component]
fn Step(
    /// Its place.
    place: usize,
    /// The step.
    step: ToolStep,
) -> impl IntoView {
    let milliseconds = step.elapsed_us / 1000;
    let rows = counted(step.rows, "row", "rows");
    let detail = format!("{rows}, {}, {milliseconds} ms, state {}", date_time(step.at), step.sequence);
    view! {
        <li>
            {format!("{}. {} ", place + 1, step.question)}
            <A href=address(&step.link)>"rows"</A>
            <small class="muted">{format!("{}: {detail}", step.tool)}</small>
        </li>
    }
}
