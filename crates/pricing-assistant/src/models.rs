//! Language models behind one small trait: what is asked of them, what they give, and how they fail.
//!
//! A model gets text and the list of tools, and gives text and calls. It holds no rights: calls are validated and run by
//! the turn, and nothing that a model names is fetched.

mod anthropic;
mod asking;
mod endpoint;
mod errors;
mod local;
mod open_ai;
mod responses;

use std::time::Duration;

use app_contract::{AssistantTool, ModelKind, ModelProtocol, ModelSettings};
use futures::future::BoxFuture;
use secret_store::Secret;
use serde_json::Value;

pub(crate) use asking::{Heard, ask};
pub use endpoint::{Endpoint, endpoint};
pub use errors::ModelError;
pub use local::{find_local_servers, test_connection};

/// Text that one answer may hold, in bytes; what is longer is no answer to a question.
const LONGEST_TEXT: usize = 64 * 1024;
/// Arguments that one call may hold, in bytes.
const LONGEST_ARGUMENTS: usize = 16 * 1024;
/// Calls that one completion may hold.
const MOST_CALLS: usize = 16;

/// A call of a tool, as the model wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ToolCall {
    pub(crate) id: String,
    pub(crate) name: String,
    /// JSON, or what the model took for it.
    pub(crate) arguments: String,
}

/// What a call gave, on its way to the model.
#[derive(Clone, Debug)]
pub(crate) struct CallResult {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) failed: bool,
}

/// A piece of the conversation of one turn.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// From the person's side.
    Person(String),
    /// From the model.
    Model { text: String, calls: Vec<ToolCall> },
    /// Results of the calls before.
    Results(Vec<CallResult>),
}

/// What is asked.
pub(crate) struct ModelRequest<'a> {
    pub(crate) model: &'a str,
    pub(crate) system: &'a str,
    pub(crate) messages: &'a [Message],
    /// Every tool that calls of this turn may name, also those made before.
    pub(crate) tools: &'a [AssistantTool],
    /// Whether one may be called now.
    pub(crate) may_call: bool,
    /// The schema that the whole text must follow.
    pub(crate) schema: Option<&'a Value>,
    pub(crate) longest_answer: u32,
}

/// What came back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Completion {
    pub(crate) text: String,
    pub(crate) calls: Vec<ToolCall>,
    /// Tokens sent and written, where the server counts.
    pub(crate) tokens: Option<(u64, u64)>,
}

/// Hears text as it comes.
pub(crate) type Hear<'a> = &'a mut (dyn FnMut(&str) + Send);

/// A server with language models.
pub(crate) trait LanguageModel: Send + Sync {
    /// Completes a conversation; `hear` gets the text as it arrives. Dropping the future ends the request.
    fn complete<'a>(
        &'a self,
        request: &'a ModelRequest<'a>,
        hear: Hear<'a>,
    ) -> BoxFuture<'a, Result<Completion, ModelError>>;

    /// The names of its models.
    fn list_models(&self) -> BoxFuture<'_, Result<Vec<String>, ModelError>>;
}

/// The server that the settings choose. Nothing is sent yet; an address elsewhere is refused while “local only” is on.
pub(crate) fn connect(settings: &ModelSettings, key: Option<&Secret>) -> Result<Box<dyn LanguageModel>, ModelError> {
    let endpoint = endpoint(settings)?;
    let key = key.map(|key| key.reveal().to_owned()).unwrap_or_default();
    match settings.kind {
        ModelKind::Advisor => Err(ModelError::NoModel),
        ModelKind::OpenAi | ModelKind::Anthropic if key.is_empty() => Err(ModelError::NoKey),
        ModelKind::Anthropic => Ok(Box::new(anthropic::Anthropic::new(&endpoint, &key, settings)?)),
        ModelKind::OpenAi | ModelKind::Compatible => match settings.protocol {
            ModelProtocol::Chat => Ok(Box::new(open_ai::OpenAi::new(&endpoint, &key, settings)?)),
            ModelProtocol::Responses => Ok(Box::new(responses::Responses {
                client: open_ai::open_ai_client(&endpoint, &key)?,
                silence: Duration::from_secs(u64::from(settings.timeout_seconds)),
            })),
        },
    }
}
