//! An answer under way: steps with what they gave, sentences in both languages, tables, cards; checked at the end.

use std::sync::Arc;
use std::time::Instant as Stopwatch;

use app_contract::{
    AnswerBlock, AnswerChart, AnswerLink, AnswerOutcome, AnswerPicture, AnswerRow, AnswerTable, AssistantAnswer,
    ProposalCard, StepCall, TextSpan, ToolStep,
};
use pricing_domain::{Currency, GridFilter, GridSort, Instant, PriceListId};
use pricing_operations::{OperationError, Workspace};
use pricing_rules::Snapshot;
use question_grammar::{Condition, Language, Scope};

use crate::attached::FileInHand;
use crate::checker::{Checker, Known};
use crate::figures::Figure;
use crate::rows::Place;
use crate::said::Said;
use crate::steps::ADVISOR;

/// A piece of an answer under way, not checked yet.
#[derive(Clone)]
pub(crate) enum Block {
    /// A sentence of ours: shown as a whole or not at all.
    Text(Said),
    /// A paragraph of a model: sentences that do not hold are left out.
    Prose(String),
    Table(AnswerTable),
    Chart(AnswerChart),
    Card(ProposalCard),
}

/// In place of a sentence that was withheld.
const GAP: &str = " […] ";

/// An answer under way.
pub(crate) struct Composer<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) list: usize,
    pub(crate) now: Instant,
    pub(crate) language: Language,
    /// The file that the person chose for this conversation.
    pub(crate) file: Option<Arc<FileInHand>>,
    started: Stopwatch,
    question: Known,
    steps: Vec<(ToolStep, Known)>,
    /// The step that is spoken of: the newest, unless an earlier one was gone back to.
    current: usize,
    blocks: Vec<Block>,
    suggestions: Vec<String>,
    outcome: AnswerOutcome,
    /// What steps are made by now, and the first of its steps.
    call: Option<(String, serde_json::Value, usize)>,
}

/// A table cell: a figure, or nothing.
pub(crate) type Cell = Option<Figure>;

/// The numbers of the question, that sales are those of 28 days, and the competitors' names.
fn definitions(question: &str, snapshot: &Snapshot) -> Known {
    let mut known = Known::of_question(question);
    known.add(&Figure::Count(28));
    snapshot.competitors.iter().for_each(|competitor| known.add(&Figure::Words(competitor.name.clone())));
    known
}

impl<'a> Composer<'a> {
    pub(crate) fn new(
        workspace: &'a Workspace,
        snapshot: Arc<Snapshot>,
        list: usize,
        language: Language,
        question: &str,
    ) -> Self {
        Self {
            list,
            now: workspace.time(),
            language,
            file: None,
            started: Stopwatch::now(),
            question: definitions(question, &snapshot),
            workspace,
            snapshot,
            steps: Vec::new(),
            current: 0,
            blocks: Vec::new(),
            suggestions: Vec::new(),
            outcome: AnswerOutcome::Answered,
            call: None,
        }
    }

    /// Steps from now on are made by this call.
    pub(crate) fn begin_call(&mut self, tool: &str, arguments: serde_json::Value) {
        self.call = Some((tool.to_owned(), arguments, self.steps.len()));
    }

    /// Whether a model called a tool for what is under way, and not the person's own sentence.
    pub(crate) fn is_asked_by_model(&self) -> bool {
        self.call.as_ref().is_some_and(|(tool, ..)| tool != ADVISOR)
    }

    /// Who made the draft under way.
    pub(crate) fn drafted_by(&self) -> &'static str {
        match self.is_asked_by_model() {
            true => self.pick("Drafted by a language model.", "Von einem Sprachmodell entworfen."),
            false => self.pick("Drafted from your sentence.", "Aus Ihrem Satz entworfen."),
        }
    }

    /// Steps from now on are made by no call that could be made again.
    pub(crate) fn end_call(&mut self) {
        self.call = None;
    }

    /// The keys of the products of a scope that fulfil all; `None`: it is about all.
    pub(crate) fn products_of(&self, scope: &Scope, conditions: &[Condition]) -> Option<Vec<i64>> {
        if scope.is_all() && conditions.is_empty() {
            return None;
        }
        let place = Place { snapshot: &self.snapshot, list: self.list, now: self.now };
        let key = |row: u32| i64::from(self.snapshot.products.key.get(row as usize));
        Some(place.matching(scope, conditions).into_iter().map(key).collect())
    }

    pub(crate) fn list_id(&self) -> PriceListId {
        self.snapshot.lists[self.list].id
    }

    pub(crate) fn currency(&self) -> Currency {
        self.snapshot.lists[self.list].currency
    }

    pub(crate) fn money(&self, minor: i64) -> Figure {
        Figure::Money(minor, self.currency())
    }

    /// One of two wordings.
    pub(crate) const fn pick<'t>(&self, english: &'t str, german: &'t str) -> &'t str {
        match self.language {
            Language::English => english,
            Language::German => german,
        }
    }

    /// Records a look-up that has just ended.
    pub(crate) fn step(&mut self, tool: &str, question: String, rows: usize, since: Stopwatch, link: AnswerLink) {
        let step = ToolStep {
            tool: tool.to_owned(),
            question,
            rows: rows as u64,
            sequence: self.snapshot.sequence,
            at: self.now,
            elapsed_us: u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX),
            link,
            call: self.call.as_ref().map(|(tool, arguments, first)| StepCall {
                tool: tool.clone(),
                arguments: arguments.clone(),
                price_list: self.snapshot.lists[self.list].code.clone(),
                place: u32::try_from(self.steps.len() - first).unwrap_or(u32::MAX),
            }),
        };
        self.current = self.steps.len();
        self.steps.push((step, Known::default()));
    }

    /// The place of the step that is spoken of: the newest, unless an earlier one was gone back to.
    pub(crate) fn current_step(&self) -> u32 {
        u32::try_from(self.current).unwrap_or(u32::MAX)
    }

    /// Speaks of an earlier step again: sentences, tables and cards from now on are of it, until the next look-up.
    pub(crate) fn back_to(&mut self, step: u32) {
        self.current = step as usize;
    }

    /// Adds to what the current step gave.
    pub(crate) fn know(&mut self, figures: impl IntoIterator<Item = Figure>) {
        if let Some((_, known)) = self.steps.get_mut(self.current) {
            figures.into_iter().for_each(|figure| known.add(&figure));
        }
    }

    /// A figure of the current step, which it carries from now on.
    pub(crate) fn gave(&mut self, figure: Figure) -> Figure {
        self.know([figure.clone()]);
        match self.steps.is_empty() {
            true => figure,
            false => figure.of_step(self.current_step()),
        }
    }

    /// A sentence in the language of the question; `{0}`, `{1}` … are the figures, each of the step that it carries, or of
    /// the current one.
    pub(crate) fn say(&mut self, english: &str, german: &str, figures: &[Figure]) {
        let said = Said::new(self.pick(english, german), figures, self.language, |figure| self.made_from(figure));
        self.blocks.push(Block::Text(said));
    }

    /// A line that was made of figures of the current step before.
    pub(crate) fn say_line(&mut self, line: &str) {
        self.blocks.push(Block::Text(Said::line(line, self.current_step())));
    }

    /// The step that a figure was made from: the one it carries; else the current one or, where that did not give it, the
    /// nearest before. Never a later one.
    fn made_from(&self, figure: &Figure) -> Option<u32> {
        let carried = figure.step();
        let gave = |place: &usize| self.steps.get(*place).is_some_and(|(_, known)| known.has(figure));
        carried.or_else(|| (0..=self.current).rev().find(gave).and_then(|place| u32::try_from(place).ok()))
    }

    /// Lets the numbers of a question that this one is read with stand in the answer.
    pub(crate) fn asked_too(&mut self, question: &str) {
        self.question.extend(Known::of_question(question));
    }

    /// Lets a name of the workspace stand in the answer, digits included.
    pub(crate) fn name(&mut self, name: &str) {
        self.question.add(&Figure::Words(name.to_owned()));
    }

    /// A table of the current step. `columns`: (English, German, holds numbers).
    pub(crate) fn table(
        &mut self,
        title: (&str, &str),
        columns: &[(&str, &str, bool)],
        rows: Vec<(Vec<Cell>, Option<AnswerLink>)>,
        total: usize,
    ) {
        if rows.is_empty() {
            return;
        }
        let figures: Vec<Figure> = rows.iter().flat_map(|(cells, _)| cells.iter().flatten().cloned()).collect();
        self.know(figures);
        let language = self.language;
        let shown = rows.into_iter().map(|(cells, link)| AnswerRow {
            cells: cells
                .iter()
                .map(|cell| cell.as_ref().map_or_else(|| "–".to_owned(), |one| one.text(language)))
                .collect(),
            link,
        });
        let table = AnswerTable {
            title: self.pick(title.0, title.1).to_owned(),
            columns: columns.iter().map(|(en, de, number)| (self.pick(en, de).to_owned(), *number)).collect(),
            rows: shown.collect(),
            total: total as u64,
            step: self.current_step(),
        };
        self.blocks.push(Block::Table(table));
    }

    /// A picture of the current step, unless the answer has one. Its words hold no figure that the step did not give.
    pub(crate) fn chart(&mut self, picture: AnswerPicture, title: String, alternative: String) {
        if self.blocks.iter().any(|block| matches!(block, Block::Chart(_))) {
            return;
        }
        let step = self.current_step();
        self.blocks.push(Block::Chart(AnswerChart { picture, title, alternative, step }));
    }

    pub(crate) fn card(&mut self, card: ProposalCard) {
        self.blocks.push(Block::Card(card));
    }

    pub(crate) fn suggest(&mut self, english: String, german: String) {
        let suggestion = match self.language {
            Language::English => english,
            Language::German => german,
        };
        if self.suggestions.len() < 4 && !self.suggestions.contains(&suggestion) {
            self.suggestions.push(suggestion);
        }
    }

    /// Takes what was said so far out of the answer, for a model to say it in its own words.
    pub(crate) fn take_blocks(&mut self) -> Vec<Block> {
        std::mem::take(&mut self.blocks)
    }

    /// Puts pieces into the answer.
    pub(crate) fn put(&mut self, blocks: impl IntoIterator<Item = Block>) {
        self.blocks.extend(blocks);
    }

    /// A check against all that is known by now.
    pub(crate) fn checker(&self) -> Checker {
        let known: Vec<Known> = self.steps.iter().map(|(_, known)| known.clone()).collect();
        Checker::new(&known, &self.question)
    }

    pub(crate) const fn outcome(&self) -> AnswerOutcome {
        self.outcome
    }

    pub(crate) const fn ended_as(&mut self, outcome: AnswerOutcome) {
        self.outcome = outcome;
    }

    /// The link to the product grid.
    pub(crate) fn grid_link(&self, search: &[String], filters: &[GridFilter], sort: GridSort) -> AnswerLink {
        AnswerLink::Products { price_list: self.list_id(), search: search.join(" "), filters: filters.to_vec(), sort }
    }

    /// Rows of the snapshot as links to their products.
    pub(crate) async fn product_links(&self, rows: &[u32]) -> Result<Vec<AnswerLink>, OperationError> {
        let keys: Vec<u32> = rows.iter().map(|row| self.snapshot.products.key.get(*row as usize)).collect();
        let ids = self.workspace.product_ids(&keys).await?;
        let price_list = self.list_id();
        let sku = |row: &u32| self.snapshot.products.sku.get(*row as usize).to_owned();
        let links = ids.into_iter().zip(rows);
        Ok(links.map(|(product, row)| AnswerLink::Product { product, sku: sku(row), price_list }).collect())
    }

    /// The answer, after every number was looked for in the results.
    pub(crate) fn finish(self, intent: &str, understood: String) -> AssistantAnswer {
        let checker = self.checker();
        let mut withheld = 0;
        let mut blocks = Vec::new();
        for block in chart_before_tables(self.blocks) {
            let checked = match block {
                Block::Text(said) => checker.check_said(&said, self.language).map(AnswerBlock::Text).ok(),
                Block::Prose(text) => {
                    let (spans, left_out) = prose(&checker, &text, self.language);
                    withheld += left_out;
                    if spans.is_empty() {
                        continue;
                    }
                    Some(AnswerBlock::Text(spans))
                }
                Block::Table(table) => {
                    table_holds(&checker, &table, self.language).then_some(AnswerBlock::Table(table))
                }
                Block::Chart(chart) => {
                    chart_holds(&checker, &chart, self.language).then_some(AnswerBlock::Chart(chart))
                }
                Block::Card(card) => card_holds(&checker, &card, self.language).then_some(AnswerBlock::Card(card)),
            };
            withheld += u32::from(checked.is_none());
            blocks.extend(checked);
        }
        AssistantAnswer {
            language: match self.language {
                Language::English => "en".to_owned(),
                Language::German => "de".to_owned(),
            },
            understood,
            intent: intent.to_owned(),
            outcome: self.outcome,
            blocks,
            steps: self.steps.into_iter().map(|(step, _)| step).collect(),
            suggestions: self.suggestions,
            withheld,
            elapsed_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            model: None,
            file: self.file.map(|hand| hand.file.clone()),
        }
    }
}

/// The picture stands below the words and above the rows.
fn chart_before_tables(mut blocks: Vec<Block>) -> Vec<Block> {
    if let Some(place) = blocks.iter().position(|block| matches!(block, Block::Chart(_))) {
        let chart = blocks.remove(place);
        let rows = blocks.iter().position(|block| matches!(block, Block::Table(_) | Block::Card(_)));
        blocks.insert(rows.unwrap_or(blocks.len()), chart);
    }
    blocks
}

/// Whether every number of a table was given.
pub(crate) fn table_holds(checker: &Checker, table: &AnswerTable, language: Language) -> bool {
    let cells = table.rows.iter().flat_map(|row| &row.cells);
    let titles = table.columns.iter().map(|(title, _)| title).chain([&table.title]);
    cells.chain(titles).all(|cell| checker.holds(cell, language))
}

fn chart_holds(checker: &Checker, chart: &AnswerChart, language: Language) -> bool {
    [&chart.title, &chart.alternative].into_iter().all(|words| checker.check(words, language).is_ok())
}

fn card_holds(checker: &Checker, card: &ProposalCard, language: Language) -> bool {
    let lines = [&card.current, &card.proposed, &card.reason, &card.confidence];
    let mut lines = lines.into_iter().chain(&card.effect).chain(&card.guardrails);
    lines.all(|line| checker.check(line, language).is_ok())
}

/// Whether any sentence of a paragraph holds.
pub(crate) fn holds_in_part(checker: &Checker, text: &str, language: Language) -> bool {
    !prose(checker, text, language).0.is_empty()
}

/// The sentences of a paragraph that hold, and how many do not.
fn prose(checker: &Checker, text: &str, language: Language) -> (Vec<TextSpan>, u32) {
    if let Ok(spans) = checker.check(text, language) {
        return (spans, 0);
    }
    let words = |text: &str| TextSpan { text: text.to_owned(), source: None };
    let (mut spans, mut left_out, mut kept) = (Vec::new(), 0, 0);
    for sentence in sentences(text) {
        match checker.check(sentence, language) {
            Ok(checked) => {
                kept += 1;
                spans.extend(checked);
            }
            Err(_) => {
                left_out += 1;
                if spans.last().is_none_or(|span: &TextSpan| span.text != GAP) {
                    spans.push(words(GAP));
                }
            }
        }
    }
    if kept == 0 { (Vec::new(), left_out) } else { (spans, left_out) }
}

/// A text cut after each sentence; a point within a number ends none.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    for pair in letters.windows(2) {
        let ((_, mark), (next, after)) = (pair[0], pair[1]);
        if matches!(mark, '.' | '!' | '?' | ';') && after.is_whitespace() {
            found.push(&text[start..next]);
            start = next;
        }
    }
    found.push(&text[start..]);
    found.retain(|sentence| !sentence.trim().is_empty());
    found
}

#[cfg(test)]
mod tests {
    use app_contract::FigureSource;
    use question_grammar::Language;

    use super::{Figure, Known, prose};
    use crate::checker::Checker;

    #[test]
    fn a_sentence_with_an_unknown_number_is_left_out_and_the_others_stay() {
        let mut known = Known::default();
        known.add(&Figure::Count(12));
        let checker = Checker::new(&[known], &Known::default());
        let text = "12 products are below cost. They lose 4,711 EUR a week! Look at them.";
        let (spans, left_out) = prose(&checker, text, Language::English);
        let shown: String = spans.iter().map(|span| span.text.as_str()).collect();
        assert_eq!((shown.as_str(), left_out), ("12 products are below cost. […]  Look at them.", 1));
        assert_eq!(spans[0].source, Some(FigureSource::Step(0)));
        assert_eq!(prose(&checker, "All 99 of them.", Language::English).1, 1);
    }
}
