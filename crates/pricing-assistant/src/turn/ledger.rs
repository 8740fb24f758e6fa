//! What a turn sends, uses and costs, within the month's limit.

use std::time::Instant as Stopwatch;

use app_contract::{AssistantNews, Drafting, ModelSettings, ModelUse, SentData};
use pricing_operations::{OperationError, Workspace};

use super::prompts::Prompt;
use super::speaking::Speaker;
use super::talking::Talk;
use super::{Failure, unused};
use crate::models::{Completion, Heard, LanguageModel, Message, ModelError, ModelRequest, ask};
use crate::tools::Gave;

/// Longest answer, in tokens.
const LONGEST_ANSWER: u32 = 1_500;
/// Bytes of a token where a server does not count.
const BYTES_PER_TOKEN: u64 = 4;

/// The accounts of a turn.
pub(super) struct Ledger<'a> {
    pub(super) used: ModelUse,
    workspace: &'a Workspace,
    settings: ModelSettings,
    told_whom: bool,
    veiled: usize,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(workspace: &'a Workspace, settings: &ModelSettings) -> Self {
        Self { used: unused(settings), workspace, settings: settings.clone(), told_whom: false, veiled: 0 }
    }

    pub(super) fn note_question(&mut self, talk: &Talk) {
        let fields = vec!["question".to_owned(), "earlier questions".to_owned(), "names of the tools".to_owned()];
        let bytes = talk.question_bytes() as u64;
        self.used.sent.push(SentData { what: "question".to_owned(), fields, rows: 0, bytes, withheld: 0 });
    }

    pub(super) fn note_result(&mut self, tool: &str, gave: &Gave) {
        let fields = if gave.failed { vec!["error".to_owned()] } else { gave.fields.clone() };
        let veiled = gave.veiled.saturating_sub(self.veiled);
        self.veiled = self.veiled.max(gave.veiled);
        self.used.sent.push(SentData {
            what: tool.to_owned(),
            fields,
            rows: gave.rows,
            bytes: gave.text.len() as u64,
            withheld: u32::try_from(veiled).unwrap_or(u32::MAX),
        });
    }

    /// Notes whether drafts can still be made, after a call.
    pub(super) fn note_drafting(&mut self, refused: bool, read_outside_text: bool) {
        let now = match (refused, read_outside_text) {
            (true, _) => Drafting::Refused,
            (_, true) => Drafting::Ended,
            _ => Drafting::Open,
        };
        self.used.drafting = self.used.drafting.max(now);
    }

    /// Asks within the limit, and enters what was used.
    pub(super) async fn ask(
        &mut self,
        model: &dyn LanguageModel,
        prompt: &Prompt,
        messages: &[Message],
        speaker: &mut Speaker<'_>,
        news: &(dyn Fn(AssistantNews) + Send + Sync),
    ) -> Result<Completion, Failure> {
        let sent = prompt.bytes() as u64 + messages.iter().map(bytes).sum::<u64>();
        let longest_answer = self.longest_answer(sent / BYTES_PER_TOKEN).await?;
        if !self.told_whom {
            self.told_whom = true;
            let place = if self.used.local { "on this machine" } else { "over the network" };
            news(AssistantNews::Waiting(format!("{} at {}, {place}", self.used.model, self.used.host)));
        }
        let request = ModelRequest {
            model: &self.settings.model,
            system: &prompt.system,
            messages,
            tools: &prompt.tools,
            may_call: prompt.may_call,
            schema: prompt.schema.as_ref(),
            longest_answer,
        };
        let started = Stopwatch::now();
        let (first, heard) = (&mut self.used.first_text_ms, &mut 0u64);
        let mut hear = |news: Heard<'_>| match news {
            Heard::Text(text) => {
                let waited = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
                first.get_or_insert(waited);
                *heard += text.len() as u64;
                speaker.hear(text);
            }
            Heard::Again => speaker.again(),
        };
        let ended = ask(model, &request, &mut hear).await;
        let counted = ended.as_ref().ok().and_then(|completion| completion.tokens);
        // What was refused before it was read costs nothing.
        let unread = matches!(ended, Err(ModelError::Unreachable | ModelError::Refused | ModelError::Unknown));
        if !unread {
            let estimate = (sent / BYTES_PER_TOKEN, *heard / BYTES_PER_TOKEN);
            self.enter(counted.unwrap_or(estimate), counted.is_none()).await?;
        }
        Ok(ended?)
    }

    async fn enter(&mut self, (input, output): (u64, u64), estimated: bool) -> Result<(), OperationError> {
        let cost = self.settings.cost_micro(input, output);
        self.used.calls += 1;
        self.used.input_tokens += input;
        self.used.output_tokens += output;
        self.used.cost_micro += cost;
        self.used.estimated |= estimated;
        self.workspace.add_model_usage(input, output, cost).await
    }

    /// The longest answer that the limit still allows after sending so much.
    async fn longest_answer(&self, input: u64) -> Result<u32, Failure> {
        let most = LONGEST_ANSWER.min(self.settings.context_tokens / 4);
        let (tokens, cost) = (self.settings.monthly_tokens, self.settings.monthly_cost_micro);
        if tokens.is_none() && cost.is_none() {
            return Ok(most);
        }
        let usage = self.workspace.model_usage().await?;
        let mut left = u64::from(most);
        if let Some(limit) = tokens {
            left = left.min(limit.saturating_sub(usage.input_tokens + usage.output_tokens + input));
        }
        if let Some(limit) = cost {
            let after = usage.cost_micro.saturating_add(self.settings.cost_micro(input, 0));
            let money = u64::try_from(limit.saturating_sub(after)).unwrap_or(0);
            let price = u64::try_from(self.settings.output_price_micro).unwrap_or(0);
            let affordable = money.saturating_mul(1_000_000).checked_div(price);
            left = left.min(affordable.unwrap_or(u64::from(money > 0) * left));
        }
        // An answer of a few words is none.
        if left < 16 { Err(ModelError::Limit.into()) } else { Ok(u32::try_from(left).unwrap_or(most)) }
    }
}

fn bytes(message: &Message) -> u64 {
    let bytes = match message {
        Message::Person(text) => text.len(),
        Message::Model { text, calls } => text.len() + calls.iter().map(|call| call.arguments.len()).sum::<usize>(),
        Message::Results(results) => results.iter().map(|result| result.text.len()).sum(),
    };
    bytes as u64
}
