//! Questions in words and their answers: text whose every figure has its source, tables, proposal cards, tool steps.

mod markdown;

use pricing_domain::{
    AnswerId, FileId, FileKind, GridFilter, GridSort, Instant, MarketFilter, PriceListId, ProductId, ProposalId,
    RuleSet,
};
use serde::{Deserialize, Serialize};

use super::imports::ImportOptions;
use super::jobs::FileRef;
use super::models::ModelUse;
use super::proposals::ProposalFilter;
use super::scenarios::ScenarioInput;

/// Where the person is while asking.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AssistantContext {
    /// The product that is on the screen: “it”, “this product”.
    pub product: Option<ProductId>,
    /// Names this question in events and for cancelling.
    pub ticket: Option<String>,
    /// Asks the advisor even where a model is chosen.
    pub without_model: bool,
    /// Without the questions before: each stands for itself.
    pub alone: bool,
    /// A file of competitors' prices that the person chose for this conversation. Only a person turns a path into an id.
    pub file: Option<FileId>,
}

/// A question with its answer, as the conversation keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssistantTurn {
    /// Its id.
    pub id: AnswerId,
    /// When it was asked.
    pub asked_at: Instant,
    /// By whom.
    pub asked_by: String,
    /// The question as it was written.
    pub question: String,
    /// The answer.
    pub answer: AssistantAnswer,
    /// Kept when the conversation is cleared.
    pub pinned: bool,
}

/// How a question ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerOutcome {
    /// With an answer.
    Answered,
    /// A name fits several things; one is to be chosen.
    Choose,
    /// It names what the workspace does not have.
    NotInWorkspace,
    /// The workspace knows too little of it.
    NotEnoughData,
    /// It was not understood.
    NotUnderstood,
}

/// An answer. Figures stand in `blocks` only where a tool gave them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssistantAnswer {
    /// `en` or `de`.
    pub language: String,
    /// How the question was read, for people.
    pub understood: String,
    /// The reading in one word, for scripts: `find`, `compare`, `what_if`, …
    pub intent: String,
    /// How it ended.
    pub outcome: AnswerOutcome,
    /// The answer, from top to bottom.
    pub blocks: Vec<AnswerBlock>,
    /// What was looked up, in order; figures name a step by its place.
    pub steps: Vec<ToolStep>,
    /// Questions to go on with.
    pub suggestions: Vec<String>,
    /// Blocks that were withheld because a number in them was in no tool's result.
    pub withheld: u32,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// The model's part in it; `None`: the advisor alone.
    #[serde(default)]
    pub model: Option<ModelUse>,
    /// The file that the person had chosen.
    #[serde(default)]
    pub file: Option<FileRef>,
}

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerBlock {
    /// A paragraph.
    Text(Vec<TextSpan>),
    /// Rows.
    Table(AnswerTable),
    /// A picture; at most one in an answer.
    Chart(AnswerChart),
    /// Something a person may do.
    Card(ProposalCard),
}

/// A picture of an answer: which one, not its pixels. Whoever shows it has it drawn by its ordinary command, in the
/// colours of the theme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnswerChart {
    /// Which picture.
    pub picture: AnswerPicture,
    /// What it shows.
    pub title: String,
    /// The same in words, for whoever cannot see it.
    pub alternative: String,
    /// The tool step that it belongs to.
    pub step: u32,
}

/// Which of the product's own pictures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerPicture {
    /// The prices of a product, ours and the competitors' (`get_price_chart`).
    PriceHistory {
        /// Whose.
        product: ProductId,
        /// Whose own price.
        price_list: PriceListId,
        /// Days back.
        days: u32,
    },
    /// The price index day by day (`get_index_history`).
    IndexHistory(MarketFilter),
    /// From the margin of some weeks to that of the weeks after (`get_margin_bridge`).
    MarginBridge {
        /// Which products.
        filter: MarketFilter,
        /// Whole weeks of each period.
        weeks: u32,
    },
}

/// A stretch of text; a figure has a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextSpan {
    /// The words or the figure.
    pub text: String,
    /// Where the figure comes from; `None`: words.
    pub source: Option<FigureSource>,
}

impl TextSpan {
    /// Stretches as one line; behind each figure of a look-up stands that one's number.
    pub fn cited(spans: &[Self]) -> String {
        let mut line = String::new();
        for span in spans {
            line.push_str(&span.text);
            if let Some(FigureSource::Step(step)) = span.source {
                line.push_str(&format!(" [{}]", step + 1));
            }
        }
        line
    }
}

/// Where a figure comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureSource {
    /// The question itself: “5 %”.
    Question,
    /// A tool's result, by its place in the steps.
    Step(u32),
}

/// A look-up that an answer is made from. It can be opened and repeated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolStep {
    /// Which tool.
    pub tool: String,
    /// What it was asked, for people.
    pub question: String,
    /// Rows behind the result.
    pub rows: u64,
    /// The state of the workspace it was asked of: the number of its newest change.
    pub sequence: i64,
    /// When.
    pub at: Instant,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// Where the interface shows the rows.
    pub link: AnswerLink,
    /// How it is made again; `None` in answers of earlier versions, and where nothing was looked up.
    #[serde(default)]
    pub call: Option<StepCall>,
}

/// The call that a step was made by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepCall {
    /// A tool of the list, or `advisor` with a reading as its argument.
    pub tool: String,
    /// Its arguments.
    pub arguments: serde_json::Value,
    /// Code of the price list that it was asked of.
    pub price_list: String,
    /// Which of the call's steps, from 0.
    pub place: u32,
}

/// A step that was made again: the call's steps as they are now, and of what it says only what rests on this step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RepeatedStep {
    /// Rows behind it then.
    pub rows_then: u64,
    /// Its place in the steps of `answer`.
    pub place: u32,
    /// What it gives now. It is not kept.
    pub answer: AssistantAnswer,
}

/// A place in the interface.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerLink {
    /// The product grid.
    Products {
        /// Whose prices.
        price_list: PriceListId,
        /// Words to search.
        search: String,
        /// All hold.
        filters: Vec<GridFilter>,
        /// The order.
        sort: GridSort,
    },
    /// A product.
    Product {
        /// Which.
        product: ProductId,
        /// Its SKU; empty in answers of earlier versions.
        #[serde(default)]
        sku: String,
        /// Whose prices.
        price_list: PriceListId,
    },
    /// The waiting proposals.
    Proposals(ProposalFilter),
    /// The rules in force.
    Rules,
    /// The figures of today.
    Today,
    /// Collection.
    Collection,
    /// Matches with competitors' pages.
    Matches,
    /// Competitors beside each other.
    Analytics,
    /// Kept scenarios.
    Scenarios,
    /// What was handed over and changed.
    History,
    /// The documented questions.
    Help,
    /// Importing a file; what it holds, where that is known.
    Import(Option<FileKind>),
    /// Rows of a file that the person chose: the preview of its import.
    FileRows {
        /// The file.
        file: FileRef,
        /// How it is read.
        options: Box<ImportOptions>,
    },
}

/// A table of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnswerTable {
    /// What it lists.
    pub title: String,
    /// The columns' titles and whether they hold numbers.
    pub columns: Vec<(String, bool)>,
    /// The rows.
    pub rows: Vec<AnswerRow>,
    /// Rows in all; more than are shown where the table is cut.
    pub total: u64,
    /// The tool step that gave it.
    pub step: u32,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnswerRow {
    /// One text a column.
    pub cells: Vec<String>,
    /// Where it leads.
    pub link: Option<AnswerLink>,
}

/// Something that a person may do, or leave. Nothing is done by the answer itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProposalCard {
    /// What it is.
    pub title: String,
    /// Name of the product that it is about; empty where it is about none, or the title has the name. It is text from a
    /// file: shown to people, never told to a model.
    #[serde(default)]
    pub product: String,
    /// As it is now.
    pub current: String,
    /// As it would be.
    pub proposed: String,
    /// Why.
    pub reason: String,
    /// What it would do, a line each.
    pub effect: Vec<String>,
    /// What the guardrails say, a line each.
    pub guardrails: Vec<String>,
    /// How sure it is: what the answer rests on and what it leaves out.
    pub confidence: String,
    /// The tool step behind it.
    pub step: u32,
    /// What *Apply* does: an ordinary command, by the person.
    pub action: CardAction,
}

impl ProposalCard {
    /// Title and product in one line.
    pub fn heading(&self) -> String {
        if self.product.is_empty() { self.title.clone() } else { format!("{} {}", self.title, self.product) }
    }
}

/// What a person can do with a card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardAction {
    /// `decide_proposals` with this proposal: approve or reject.
    DecideProposal(ProposalId),
    /// Open these rules in the editor, where they can be previewed and put in force.
    EditRules(Box<RuleSet>),
    /// `price_by_hand` with this price.
    PriceByHand {
        /// Whose price.
        proposal: ProposalId,
        /// In minor units of the list's currency.
        price_minor: i64,
        /// For the audit.
        reason: String,
    },
    /// Open this scenario on its screen.
    OpenScenario(Box<ScenarioInput>),
    /// Choose a file of this kind (`None`: its first line tells) and see its preview.
    ImportFile(Option<FileKind>),
    /// `start_import` of the file that the person chose, read as the answer read it.
    ImportAttached {
        /// The file.
        file: FileRef,
        /// How it is read.
        options: Box<ImportOptions>,
    },
    /// Nothing can be applied: an assumption.
    None,
}

/// A documented question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssistantQuestion {
    /// What it is about.
    pub topic: String,
    /// In English, with a name of the workspace.
    pub english: String,
    /// In German.
    pub german: String,
}
