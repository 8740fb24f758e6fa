//! Tools for other assistants: the same look-ups and drafts within the same bounds, one call at a time.

use std::time::{Duration, Instant as Stopwatch};

use app_contract::{AssistantAnswer, AssistantContext, AssistantToolResult, ModelSettings, ShareCosts};
use pricing_operations::{OperationError, Workspace};
use serde_json::Value;

use crate::answers::{Ask, begin};
use crate::composer::Block;
use crate::tools::{Bounds, run};
use crate::turn::MOST_CALLS;
use crate::veil::Veil;

/// How a question of another assistant begins in the conversation.
pub(crate) const FROM_OUTSIDE: &str = "From another assistant: ";
/// A pause of this length ends a turn, because the protocol tells of none.
const PAUSE: Duration = Duration::from_secs(20);

/// What another assistant did in its turn.
#[derive(Debug, Default)]
pub struct OutsideTurn {
    last: Option<Stopwatch>,
    calls: u32,
    read_outside_text: bool,
}

impl OutsideTurn {
    /// Whether a call may be made now, and whether it may draft.
    pub fn begin_call(&mut self) -> Result<bool, String> {
        if self.last.is_some_and(|last| last.elapsed() >= PAUSE) {
            *self = Self::default();
        }
        if self.calls >= MOST_CALLS {
            return Err(format!(
                "{MOST_CALLS} calls were made in one turn. Answer the person first; after a pause of {} seconds a new \
                 turn begins.",
                PAUSE.as_secs()
            ));
        }
        self.last = Some(Stopwatch::now());
        self.calls += 1;
        Ok(!self.read_outside_text)
    }

    /// Notes that text from files or pages was read.
    pub const fn note(&mut self, outside_text: bool) {
        self.read_outside_text |= outside_text;
    }
}

/// A call's result, and whether text from files or pages is in it.
pub struct OutsideCall {
    /// For the other assistant.
    pub result: AssistantToolResult,
    /// Text from files or pages is in it.
    pub outside_text: bool,
    /// What it drafted, for the conversation: the question and the answer.
    pub drafted: Option<(String, AssistantAnswer)>,
}

/// Calls a tool for another assistant.
pub async fn call_tool(
    workspace: &Workspace,
    settings: &ModelSettings,
    (tool, arguments): (&str, &Value),
    may_draft: bool,
) -> Result<OutsideCall, OperationError> {
    let shown: String = crate::plain_text::visible(tool).chars().take(40).collect();
    let question = format!("{FROM_OUTSIDE}{shown}");
    let context = AssistantContext::default();
    let mut begun =
        begin(workspace, &Ask { question: &question, price_list: None, context: &context, file: None }).await?;
    let mut veil = Veil::new(settings.costs);
    let bounds = Bounds { rows: 20, bytes: 6_000, drafts: may_draft };
    let gave = run(&mut begun.composer, tool, arguments, bounds, &mut veil).await?;
    let mut text = gave.text.clone();
    if gave.veiled > 0 && settings.costs != ShareCosts::Exact {
        text.push_str(
            "\n(Marks like [[f1]] stand for costs and margins that are withheld; the person can change that.)",
        );
    }
    let cards: Vec<Block> = gave.blocks.iter().filter(|block| matches!(block, Block::Card(_))).cloned().collect();
    let drafted = (!cards.is_empty()).then(|| {
        begun.composer.put(cards);
        let asked = format!("{question} ({})", gave.words);
        (asked, begun.composer.finish("draft", shown))
    });
    let result = AssistantToolResult { text, failed: gave.failed, rows: gave.rows };
    Ok(OutsideCall { result, outside_text: gave.outside_text, drafted })
}

#[cfg(test)]
mod tests {
    use super::{MOST_CALLS, OutsideTurn};

    #[test]
    fn a_turn_has_a_last_call_and_drafts_end_once_outside_text_was_read() {
        let mut turn = OutsideTurn::default();
        assert_eq!(turn.begin_call(), Ok(true));
        turn.note(true);
        assert_eq!(turn.begin_call(), Ok(false));
        for _ in 2..MOST_CALLS {
            assert!(turn.begin_call().is_ok());
        }
        assert!(turn.begin_call().is_err());
    }
}
