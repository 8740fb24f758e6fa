//! The assistant's pinned answers as a part of a report: every figure with the number of the look-up it comes from, and
//! the look-ups below.

use app_contract::{AnswerBlock, AnswerChart, AnswerPicture, AnswerTable, AssistantTurn, TextSpan, ToolStep};
use reports::{Block, Cell, Column, Picture, Table};

use super::PICTURE_WIDTH;
use super::parts::print_look;
use crate::charts::ChartRequest;
use crate::{ChartQuestion, ErrorKind, OperationError, Workspace};

/// Pinned answers of a report, the newest.
const MOST_ANSWERS: u32 = 20;
/// Pixels of a picture down the page.
const PICTURE_HEIGHT: u32 = 250;

impl Workspace {
    /// The pinned answers, oldest first, each as it was given then; its picture is drawn anew.
    pub(super) async fn pinned_blocks(&self) -> Result<Vec<Block>, OperationError> {
        let turns = self.pinned_answers(MOST_ANSWERS).await?;
        let mut blocks = vec![Block::Heading("Pinned answers".into())];
        if turns.is_empty() {
            blocks.push(Block::Paragraph("No answer of the assistant is pinned.".into()));
        }
        for (place, turn) in turns.iter().enumerate() {
            let number = place + 1;
            blocks.push(Block::Heading(format!("Answer {number}: {}", turn.question)));
            blocks.push(Block::Paragraph(format!(
                "Asked on {} (UTC) by {}. Figures are those of that time.",
                minute(turn.asked_at),
                turn.asked_by
            )));
            for block in &turn.answer.blocks {
                self.push_answer_block(&mut blocks, block, number).await?;
            }
            if let Some(sources) = sources(turn, number) {
                blocks.push(Block::Table(sources));
            }
        }
        Ok(blocks)
    }

    async fn push_answer_block(
        &self,
        blocks: &mut Vec<Block>,
        block: &AnswerBlock,
        answer: usize,
    ) -> Result<(), OperationError> {
        match block {
            AnswerBlock::Text(spans) => blocks.push(Block::Paragraph(TextSpan::cited(spans))),
            AnswerBlock::Table(table) => blocks.push(Block::Table(table_of(table, answer))),
            AnswerBlock::Chart(chart) => match Box::pin(self.picture_of(chart)).await {
                Ok(picture) => blocks.push(Block::Picture(picture)),
                // What it showed may be gone from the workspace; its words stay.
                Err(error) if error.kind == ErrorKind::NotFound => {
                    blocks.push(Block::Paragraph(format!("{}: {}", chart.title, chart.alternative)));
                }
                Err(error) => return Err(error),
            },
            AnswerBlock::Card(card) => {
                let head = format!("{}: {} → {} [{}]", card.title, card.current, card.proposed, card.step + 1);
                let lines = card.effect.iter().chain(&card.guardrails).map(String::as_str);
                let text = [head.as_str(), &card.reason, &card.confidence].into_iter().chain(lines);
                let text: Vec<&str> = text.filter(|line| !line.is_empty()).collect();
                blocks.push(Block::Paragraph(text.join(". ")));
            }
        }
        Ok(())
    }

    async fn picture_of(&self, chart: &AnswerChart) -> Result<Picture, OperationError> {
        let look = print_look(PICTURE_WIDTH, PICTURE_HEIGHT);
        let (title, svg, description) = match &chart.picture {
            AnswerPicture::PriceHistory { product, price_list, days } => {
                let request = ChartRequest {
                    width: look.width,
                    height: look.height,
                    days: *days,
                    until: None,
                    palette: look.palette,
                };
                let drawn = self.price_chart(*product, *price_list, request).await?;
                (drawn.title, drawn.svg, drawn.description)
            }
            AnswerPicture::IndexHistory(filter) => {
                let drawn = self.drawn_chart(filter, ChartQuestion::IndexHistory, look).await?;
                (drawn.title, drawn.svg, drawn.description)
            }
            AnswerPicture::MarginBridge { filter, weeks } => {
                let drawn = self.drawn_chart(filter, ChartQuestion::Bridge(*weeks), look).await?;
                (drawn.title, drawn.svg, drawn.description)
            }
        };
        Ok(Picture { title, svg, description })
    }
}

/// A table of an answer: its cells as they were shown.
fn table_of(table: &AnswerTable, answer: usize) -> Table {
    let width = |place: usize| {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(place)).map(|cell| cell.chars().count());
        u16::try_from(cells.max().unwrap_or(0).clamp(8, 36)).unwrap_or(36)
    };
    let column = |(place, (title, number)): (usize, &(String, bool))| match number {
        true => Column::numbers(title, width(place)),
        false => Column::words(title, width(place)),
    };
    let rows = table.rows.iter().map(|row| row.cells.iter().map(Cell::text).collect());
    let shown = table.rows.len() as u64;
    let left_out = if shown < table.total { format!(" {shown} of {} rows.", table.total) } else { String::new() };
    Table {
        title: format!("{answer}. {}", table.title),
        columns: table.columns.iter().enumerate().map(column).collect(),
        rows: rows.collect(),
        note: format!("Source [{}] of answer {answer}.{left_out}", table.step + 1),
        empty: "No rows.".into(),
    }
}

/// What an answer was looked up in.
fn sources(turn: &AssistantTurn, answer: usize) -> Option<Table> {
    let row = |(place, step): (usize, &ToolStep)| {
        vec![
            Cell::text(format!("[{}]", place + 1)),
            Cell::text(step.tool.replace('_', " ")),
            Cell::text(&step.question),
            Cell::count(step.rows),
            Cell::Minute(step.at),
            Cell::count(u64::try_from(step.sequence).unwrap_or(0)),
        ]
    };
    let rows: Vec<Vec<Cell>> = turn.answer.steps.iter().enumerate().map(row).collect();
    let columns = vec![
        Column::words("No.", 6),
        Column::words("Look-up", 20),
        Column::words("Asked", 36),
        Column::numbers("Rows", 10),
        Column::words("At (UTC)", 18),
        Column::numbers("State", 10),
    ];
    let title = format!("Sources of answer {answer}");
    let (note, empty) = ("State: the newest change of the workspace at that time.".into(), String::new());
    (!rows.is_empty()).then_some(Table { title, columns, rows, note, empty })
}

/// “2026-11-25 22:51”.
fn minute(at: pricing_domain::Instant) -> String {
    let text = at.to_string().replace('T', " ");
    text.chars().take("2026-11-25 22:51".len()).collect()
}
