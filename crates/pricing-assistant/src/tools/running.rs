//! Runs a call and tells a model what it gave: in few rows and bytes, summarised by code, names quoted as data.

use app_contract::{AnswerChart, AnswerPicture, AnswerTable, ProposalCard};
use pricing_operations::{ErrorKind, OperationError};
use question_grammar::Language;
use serde_json::Value;

use super::drafting;
use super::reading::{Asked, read};
use super::specs::{drafts, holds_outside_text};
use crate::answers::{kept, read_question, respond_to, respond_to_question, show_chart};
use crate::checker::Checker;
use crate::composer::{Block, Composer};
use crate::figures::Figure;
use crate::plain_text::{quoted, visible};
use crate::said::Said;
use crate::veil::Veil;

/// How much of a result is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Rows of a table.
    pub(crate) rows: usize,
    /// Bytes in all.
    pub(crate) bytes: usize,
    /// Whether drafts may be made.
    pub(crate) drafts: bool,
}

/// What a call gave.
#[derive(Default)]
pub(crate) struct Gave {
    /// For the model.
    pub(crate) text: String,
    /// It could not be run; the text says why.
    pub(crate) failed: bool,
    /// It is no draft, because text from files or pages was read before.
    pub(crate) draft_refused: bool,
    /// It holds names or texts from files and pages.
    pub(crate) outside_text: bool,
    /// What was told: titles of columns.
    pub(crate) fields: Vec<String>,
    /// Figures that a placeholder stands for, in this turn so far.
    pub(crate) veiled: usize,
    /// Rows that were told.
    pub(crate) rows: u64,
    /// The call for people.
    pub(crate) words: String,
    /// What it gave as the advisor shows it.
    pub(crate) blocks: Vec<Block>,
}

impl Gave {
    /// A call that could not be run. Names that the reason lists are quoted.
    pub(crate) fn failed(text: String) -> Self {
        Self { outside_text: text.contains('«'), text, failed: true, ..Self::default() }
    }

    /// A draft that may not be made any more.
    fn no_draft() -> Self {
        let refused = "Only tools that read remain in this turn, because text from files or pages was read in it. \
                       Tell the person what you would draft; they can ask for it in their next question.";
        Self { draft_refused: true, ..Self::failed(refused.to_owned()) }
    }
}

/// Runs a call. A call that cannot be run is an ordinary result that says why; only faults of the program are errors.
pub(crate) async fn run(
    composer: &mut Composer<'_>,
    name: &str,
    arguments: &Value,
    bounds: Bounds,
    veil: &mut Veil,
) -> Result<Gave, OperationError> {
    if drafts(name) && !bounds.drafts {
        return Ok(Gave::no_draft());
    }
    let (asked, words) = match read(name, arguments, &composer.snapshot) {
        Ok(read) => read,
        Err(why) => return Ok(Gave::failed(visible(&why))),
    };
    let before = composer.take_blocks();
    composer.begin_call(name, arguments.clone());
    let done = Box::pin(perform(composer, asked, bounds.drafts)).await;
    composer.end_call();
    let blocks = composer.take_blocks();
    composer.put(before);
    match done {
        Ok(true) => {}
        Ok(false) => return Ok(Gave::no_draft()),
        Err(error) if error.kind == ErrorKind::Fault || error.kind == ErrorKind::Cancelled => return Err(error),
        // A reason of an operation may repeat names.
        Err(error) => return Ok(Gave { outside_text: true, ..Gave::failed(visible(&error.message)) }),
    }
    Ok(told(composer, blocks, (visible(&words), holds_outside_text(name)), bounds, veil))
}

/// Looks up or drafts what was asked for; `false`: a question in words asks for a draft, and none may be made.
pub(crate) async fn perform(composer: &mut Composer<'_>, asked: Asked, drafts: bool) -> Result<bool, OperationError> {
    match asked {
        Asked::Intent(intent) => respond_to(composer, *intent).await?,
        Asked::Question(question) => match read_question(composer, &question).await? {
            (_, true) if !drafts => return Ok(false),
            (reading, _) => respond_to_question(composer, &reading, &question).await?,
        },
        Asked::KeptScenario(name) => kept::one(composer, &name).await?,
        Asked::Elasticity(sku) => drafting::elasticity(composer, &sku).await?,
        Asked::Matches { search, limit } => drafting::matches(composer, &search, limit).await?,
        Asked::Price { sku, hundredths, reason } => drafting::price(composer, &sku, hundredths, &reason).await?,
        Asked::Scenario(asked) => drafting::scenario(composer, asked).await?,
        Asked::Chart(asked) => show_chart(composer, &asked).await?,
    }
    Ok(true)
}

fn told(
    composer: &mut Composer<'_>,
    blocks: Vec<Block>,
    (words, outside): (String, bool),
    bounds: Bounds,
    veil: &mut Veil,
) -> Gave {
    let checker = composer.checker();
    let language = composer.language;
    let mut gave = Gave { words, outside_text: outside, ..Gave::default() };
    let mut shown = Vec::new();
    for block in &blocks {
        match block {
            Block::Text(Said { text, .. }) | Block::Prose(text) => {
                gave.text.push_str(&veil.line(&visible(text), &checker, language));
                gave.text.push('\n');
            }
            Block::Table(table) => tell_table(&mut gave, table, (&checker, language), bounds, veil),
            Block::Chart(chart) => tell_chart(&mut gave, chart, (&checker, language), veil),
            Block::Card(card) => tell_card(&mut gave, card, (&checker, language), veil),
        }
        if let Block::Table(table) = block {
            shown.push(table.rows.len().min(bounds.rows));
        }
    }
    // A model may say how many rows it was given.
    composer.know(shown.into_iter().map(|rows| Figure::Count(i64::try_from(rows).unwrap_or(i64::MAX))));
    if gave.text.len() > bounds.bytes {
        let cut = (0..=bounds.bytes).rev().find(|at| gave.text.is_char_boundary(*at)).unwrap_or(0);
        gave.text.truncate(cut);
        gave.text.push_str("\n… (cut: ask for fewer products)");
    }
    if gave.fields.is_empty() {
        gave.fields.push("sentences".to_owned());
    }
    gave.veiled = veil.count();
    gave.blocks = blocks;
    gave
}

fn tell_table(
    gave: &mut Gave,
    table: &AnswerTable,
    (checker, language): (&Checker, Language),
    bounds: Bounds,
    veil: &mut Veil,
) {
    let titles: Vec<&str> = table.columns.iter().map(|(title, _)| title.as_str()).collect();
    gave.text.push_str(&format!("{}:\n{}\n", table.title, titles.join(" | ")));
    let covered: Vec<bool> = titles.iter().map(|title| veil.covers(title) || veil.covers(&table.title)).collect();
    let outside = &mut gave.outside_text;
    for row in table.rows.iter().take(bounds.rows) {
        // A row that speaks of a cost tells it in any of its cells.
        let sensitive = row.cells.iter().any(|cell| veil.covers(cell));
        let cells = row.cells.iter().zip(&table.columns).zip(&covered).map(|((cell, (_, number)), covered)| {
            let cell = if *number { visible(cell) } else { quoted(cell) };
            *outside |= cell.starts_with('«');
            if *covered || sensitive {
                veil.hide(&cell, checker, language)
            } else {
                veil.line(&cell, checker, language)
            }
        });
        gave.text.push_str(&cells.collect::<Vec<_>>().join(" | "));
        gave.text.push('\n');
    }
    let told = table.rows.len().min(bounds.rows) as u64;
    if told < table.total {
        gave.text.push_str(&format!("({told} of {} rows)\n", table.total));
    }
    gave.rows += told;
    for title in titles {
        if !gave.fields.iter().any(|known| known == title) {
            gave.fields.push(title.to_owned());
        }
    }
}

/// A model gets a picture in words, and that the person sees it.
fn tell_chart(gave: &mut Gave, chart: &AnswerChart, (checker, language): (&Checker, Language), veil: &mut Veil) {
    let words = visible(&format!("{}. {}", chart.title, chart.alternative));
    let words = match chart.picture {
        // Amounts of margin: told like any other.
        AnswerPicture::MarginBridge { .. } if veil.covers("margin") => veil.hide(&words, checker, language),
        _ => veil.line(&words, checker, language),
    };
    gave.text.push_str(&format!("A chart is shown to the person: {words}\n"));
}

fn tell_card(gave: &mut Gave, card: &ProposalCard, (checker, language): (&Checker, Language), veil: &mut Veil) {
    let lines = [&card.title, &card.current, &card.proposed];
    gave.text.push_str("A card is shown to the person, who alone can apply it:\n");
    for line in lines.into_iter().chain(&card.effect).chain(&card.guardrails) {
        gave.text.push_str(&veil.line(&visible(line), checker, language));
        gave.text.push('\n');
    }
}
