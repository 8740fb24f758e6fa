//! Language models behind the assistant: which is chosen, what may leave this machine for it, what it has used.

use serde::{Deserialize, Serialize};

/// Who answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// The advisor of this program, without a model.
    #[default]
    Advisor,
    /// OpenAI.
    OpenAi,
    /// Any server that speaks OpenAI's chat completions: Ollama, llama.cpp, LM Studio, vLLM, Mistral, …
    Compatible,
    /// Anthropic, by its own messages API.
    Anthropic,
}

impl ModelKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Advisor, Self::OpenAi, Self::Compatible, Self::Anthropic];

    /// As it is stored and typed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Advisor => "advisor",
            Self::OpenAi => "open_ai",
            Self::Compatible => "compatible",
            Self::Anthropic => "anthropic",
        }
    }

    /// For people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Advisor => "Advisor, without a model",
            Self::OpenAi => "OpenAI",
            Self::Compatible => "Compatible server by URL",
            Self::Anthropic => "Anthropic",
        }
    }

    /// Where it is reached unless another address is given.
    pub const fn usual_url(self) -> &'static str {
        match self {
            Self::Advisor | Self::Compatible => "",
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Anthropic => "https://api.anthropic.com/v1",
        }
    }
}

/// How costs and margins are told to a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareCosts {
    /// Not at all: the model writes a placeholder, and the figure is put in on this machine.
    #[default]
    Withheld,
    /// Rounded to one digit, beside the placeholder.
    Coarse,
    /// As they are.
    Exact,
}

impl ShareCosts {
    /// As it is stored and typed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Withheld => "withheld",
            Self::Coarse => "coarse",
            Self::Exact => "exact",
        }
    }
}

/// How a model calls tools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolCalling {
    /// By the protocol's own tool calls.
    #[default]
    Native,
    /// In a JSON envelope, for models whose own calls are not reliable.
    Envelope,
}

/// Which of OpenAI's two protocols is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelProtocol {
    /// Chat completions, which every compatible server speaks.
    #[default]
    Chat,
    /// Responses.
    Responses,
}

/// Which model answers, and within which bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelSettings {
    /// Who answers.
    pub kind: ModelKind,
    /// The address of its API; empty: the usual one.
    pub url: String,
    /// The model's name there.
    pub model: String,
    /// For OpenAI and compatible servers.
    pub protocol: ModelProtocol,
    /// Refuses every address that is not on this machine.
    pub local_only: bool,
    /// Costs and margins.
    pub costs: ShareCosts,
    /// How tools are called.
    pub calling: ToolCalling,
    /// Tokens that fit into one request; results are shortened to half of it.
    pub context_tokens: u32,
    /// Longest wait for the next piece of an answer.
    pub timeout_seconds: u32,
    /// Tokens that may be used in a month; `None`: no limit.
    pub monthly_tokens: Option<u64>,
    /// What may be spent in a month, in 10⁻⁶ of `currency`; `None`: no limit.
    pub monthly_cost_micro: Option<i64>,
    /// Price of a million tokens that are sent, in 10⁻⁶ of `currency`.
    pub input_price_micro: i64,
    /// Price of a million tokens that are written.
    pub output_price_micro: i64,
    /// Of the prices and the limit.
    pub currency: String,
    /// The person has seen what leaves this machine and lets it. Kept on this machine and not in the workspace, so that
    /// a workspace from elsewhere agrees to nothing; asked anew for another address.
    pub agreed: bool,
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self {
            kind: ModelKind::Advisor,
            url: String::new(),
            model: String::new(),
            protocol: ModelProtocol::Chat,
            local_only: true,
            costs: ShareCosts::Withheld,
            calling: ToolCalling::Native,
            context_tokens: 8_192,
            timeout_seconds: 60,
            monthly_tokens: None,
            monthly_cost_micro: None,
            input_price_micro: 0,
            output_price_micro: 0,
            currency: "USD".to_owned(),
            agreed: false,
        }
    }
}

impl ModelSettings {
    /// The address that is called.
    pub fn address(&self) -> &str {
        let own = self.url.trim().trim_end_matches('/');
        if own.is_empty() { self.kind.usual_url() } else { own }
    }

    /// What so many tokens cost, in 10⁻⁶ of the currency, rounded up.
    pub const fn cost_micro(&self, input: u64, output: u64) -> i64 {
        let exact = input as i128 * self.input_price_micro as i128 + output as i128 * self.output_price_micro as i128;
        ((exact + 999_999) / 1_000_000) as i64
    }
}

impl ModelSettings {
    /// Where, how costs are told, and that rows of chosen files are: what a person agrees to. What was agreed to before
    /// files could be chosen does not count for them.
    pub fn consent(&self) -> String {
        format!("{} {} files", self.address(), self.costs.as_str())
    }
}

/// The settings with what a person needs beside them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSettingsView {
    /// The settings.
    pub settings: ModelSettings,
    /// A key is kept for this address.
    pub has_key: bool,
    /// Where keys are kept, for people.
    pub key_place: String,
    /// The address is on this machine.
    pub local: bool,
    /// Why no model can be asked as things stand.
    pub problem: Option<String>,
    /// What leaves this machine with a question, a line each.
    pub leaves: Vec<String>,
    /// What was used this month.
    pub usage: ModelUsage,
}

/// What was used in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelUsage {
    /// `2026-11`.
    pub month: String,
    /// Requests.
    pub calls: u64,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// In 10⁻⁶ of the currency of the settings at the time.
    pub cost_micro: i64,
}

/// Whether a model can be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelTest {
    /// It answered.
    pub reached: bool,
    /// What happened, for people.
    pub message: String,
    /// The models that the server names.
    pub models: Vec<String>,
    /// How long it took.
    pub elapsed_ms: u64,
}

/// A server with models on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalModelServer {
    /// Its address.
    pub url: String,
    /// Its models.
    pub models: Vec<String>,
}

/// What a model had a part in: shown beside the answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelUse {
    /// The model's name.
    pub model: String,
    /// The host that was asked.
    pub host: String,
    /// It is on this machine.
    pub local: bool,
    /// Requests.
    pub calls: u32,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// The server did not count, so tokens are estimated from bytes.
    pub estimated: bool,
    /// In 10⁻⁶ of `currency`.
    pub cost_micro: i64,
    /// Of the cost.
    pub currency: String,
    /// What was sent.
    pub sent: Vec<SentData>,
    /// From sending to the first piece of text, in milliseconds.
    pub first_text_ms: Option<u64>,
    /// Why the advisor answered instead.
    pub fell_back: Option<String>,
    /// Whether drafts could be made to the end of the turn.
    pub drafting: Drafting,
}

/// Whether a model could make drafts in a turn. Once it has read text from files or pages, it can only look things up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drafting {
    /// To its end.
    #[default]
    Open,
    /// Until such text was read.
    Ended,
    /// It tried to after that, and was refused.
    Refused,
}

impl Drafting {
    /// For people; `None`: there is nothing to say.
    pub const fn note(self) -> Option<&'static str> {
        match self {
            Self::Open => None,
            Self::Ended => Some(
                "Names from your files or pages were read for this answer. From there on it could only look things up, \
                 so that such a text cannot lead to a draft. Ask for a draft in a question of its own.",
            ),
            Self::Refused => Some(
                "The model wanted to draft something after it had read names from your files or pages. No draft was \
                 made, so that such a text cannot lead to one. Ask for it in a question of its own.",
            ),
        }
    }
}

/// Something that was sent to a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentData {
    /// What: the question, or a tool's name.
    pub what: String,
    /// Its fields.
    pub fields: Vec<String>,
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// Figures that a placeholder stood for.
    pub withheld: u32,
}

/// News of a question that is being answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssistantNews {
    /// More text, checked: what no tool gave is left out.
    Text(String),
    /// The text so far is void, a new attempt begins.
    Again,
    /// A tool is at work.
    Step {
        /// Which.
        tool: String,
        /// With what, for people.
        question: String,
    },
    /// A tool is done.
    StepDone {
        /// Which.
        tool: String,
        /// Rows behind its result.
        rows: u64,
    },
    /// What is waited for.
    Waiting(String),
}

/// A tool that a model or another assistant can call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssistantTool {
    /// Its name.
    pub name: String,
    /// What it does, for a model.
    pub description: String,
    /// It makes a draft; others only read. None of them commits.
    pub drafts: bool,
    /// The JSON schema of its arguments.
    pub parameters: serde_json::Value,
}

/// What a tool gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssistantToolResult {
    /// For a model.
    pub text: String,
    /// It could not be run; the text says why.
    pub failed: bool,
    /// Rows behind it.
    pub rows: u64,
}
