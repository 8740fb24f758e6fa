//! One question with its answer: figures lead to where they come from, steps can be opened.

use app_contract::{
    AnswerBlock, AnswerOutcome, AnswerTable, AssistantTurn, FigureSource, PinAnswer, TextSpan, ToolStep,
};
use leptos::prelude::*;
use leptos_router::components::A;

use super::card::Card;
use super::desk::AssistantDesk;
use super::links::address;
use crate::formats::{age, counted, integer};
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
    let answer = turn.answer;
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
            {blocks}
            {withheld}
            <div class="turn-suggestions">{suggestions}</div>
            <details class="stated">
                <summary>{format!("{} · {}", answer.understood, age(turn.asked_at))}</summary>
                <ol class="steps">{lines}</ol>
                <button
                    type="button"
                    class="button small"
                    aria-pressed=move || pinned.get().to_string()
                    on:click=move |_| {
                        pin.dispatch_local(PinAnswer { answer: id, pinned: !pinned.get_untracked() });
                    }
                >
                    {move || if pinned.get() { "Pinned" } else { "Pin" }}
                </button>
            </details>
        </article>
    }
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
    let detail = format!("{}, {} ms, state {}", counted(step.rows, "row", "rows"), milliseconds, step.sequence);
    view! {
        <li>
            {format!("{}. {} ", place + 1, step.question)}
            <A href=address(&step.link)>"rows"</A>
            <small class="muted">{format!("{}: {detail}", step.tool)}</small>
        </li>
    }
}
