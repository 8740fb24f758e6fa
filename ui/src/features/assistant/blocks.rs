//! The pieces of an answer: words with figures that lead to their source, tables, pictures, cards.

use app_contract::{AnswerBlock, AnswerTable, FigureSource, TextSpan, ToolStep};
use leptos::prelude::*;

use super::card::Card;
use super::links::{address, lead};
use super::picture::AnswerPictureView;
use super::step::source;
use crate::components::table::{Cell, Column, Row, TableShape};
use crate::formats::{counted, date_time, integer};

/// The pieces, from top to bottom.
#[component]
pub fn Blocks(
    /// In order.
    blocks: Vec<AnswerBlock>,
    /// What figures come from.
    steps: StoredValue<Vec<ToolStep>>,
) -> impl IntoView {
    let pieces = blocks.into_iter().map(|block| match block {
        AnswerBlock::Text(spans) => {
            let spans = spans.into_iter().map(|one| span(one, steps)).collect_view();
            view! { <p>{spans}</p> }.into_any()
        }
        AnswerBlock::Table(table) => self::table(table, steps),
        AnswerBlock::Chart(chart) => view! { <AnswerPictureView chart steps /> }.into_any(),
        AnswerBlock::Card(card) => view! { <Card card steps /> }.into_any(),
    });
    pieces.collect_view()
}

/// Words, or a figure that leads to its rows.
fn span(span: TextSpan, steps: StoredValue<Vec<ToolStep>>) -> AnyView {
    let step = match span.source {
        Some(FigureSource::Step(place)) => steps.with_value(|steps| steps.get(place as usize).cloned()),
        _ => None,
    };
    let Some(step) = step else { return span.text.into_any() };
    let title = format!("{}: {}, {}", step.question, counted(step.rows, "row", "rows"), date_time(step.at));
    lead(&step.link, "figure-link", title, span.text)
}

/// Rows of an answer.
fn table(table: AnswerTable, steps: StoredValue<Vec<ToolStep>>) -> AnyView {
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
        let link = steps.with_value(|steps| steps.get(table.step as usize).map(|step| step.link.clone()));
        let words = format!("All {}", integer(table.total));
        link.map(|link| view! { <p>{lead(&link, "", String::new(), words)}</p> })
    });
    view! {
        {TableShape::framed(&table.title, &columns).tall().captioned().with(rows)}
        {more}
        {source(steps, table.step)}
    }
    .into_any()
}
