//! The pieces of an answer: words with figures that lead to their source, tables, pictures, cards.

use app_contract::{AnswerBlock, AnswerTable, FigureSource, TextSpan, ToolStep};
use leptos::prelude::*;
use leptos_router::components::A;

use super::card::Card;
use super::links::address;
use super::picture::AnswerPictureView;
use crate::components::table::{Cell, Column, Row, TableShape};
use crate::formats::{counted, integer};

/// The pieces, from top to bottom.
#[component]
pub fn Blocks(
    /// In order.
    blocks: Vec<AnswerBlock>,
    /// What figures come from.
    steps: StoredValue<Vec<ToolStep>>,
) -> impl IntoView {
    let pieces = blocks.into_iter().map(|block| match block {
        AnswerBlock::Text(spans) => view! { <p><Spans spans steps /></p> }.into_any(),
        AnswerBlock::Table(table) => view! { <Table table steps /> }.into_any(),
        AnswerBlock::Chart(chart) => view! { <AnswerPictureView chart /> }.into_any(),
        AnswerBlock::Card(card) => view! { <Card card /> }.into_any(),
    });
    pieces.collect_view()
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
    let columns = table.columns.iter().map(|(title, numeric)| match numeric {
        true => Column::number(title),
        false => Column::text(title),
    });
    let columns: Vec<Column> = columns.collect();
    let shown = table.rows.len() as u64;
    let rows = table.rows.into_iter().map(|row| {
        let mut link = row.link.as_ref().map(address);
        // The first cell leads to what the row is about.
        let cells = row.cells.into_iter().map(|cell| match link.take() {
            Some(href) => Cell::link(href, cell),
            None => cell.into(),
        });
        Row::new(cells.collect())
    });
    let rows = rows.collect();
    let more = (shown < table.total).then(|| {
        let link = steps.with_value(|steps| steps.get(table.step as usize).map(|step| address(&step.link)));
        let words = format!("All {}", integer(table.total));
        link.map(|href| view! { <p><A href=href>{words}</A></p> })
    });
    view! {
        {TableShape::framed(&table.title, &columns).tall().captioned().with(rows)}
        {more}
    }
}
