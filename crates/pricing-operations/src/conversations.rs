//! What the assistant needs of a workspace: its time, ids of rows, and the conversation that is kept.

use app_contract::{AssistantAnswer, AssistantTurn};
use pricing_domain::{AnswerId, Instant, ProductId};
use pricing_store::ConversationTurn;

use crate::{OperationError, Workspace};

impl Workspace {
    /// The time, from the clock that all operations share.
    pub fn time(&self) -> Instant {
        self.now()
    }

    /// The ids of products by their keys in the snapshot.
    pub async fn product_ids(&self, keys: &[u32]) -> Result<Vec<ProductId>, OperationError> {
        Ok(self.store.product_ids(keys).await?)
    }

    /// Keeps a question with its answer. No other part of the workspace is written.
    pub async fn keep_turn(&self, question: &str, answer: &AssistantAnswer) -> Result<AssistantTurn, OperationError> {
        let text = serde_json::to_string(answer).map_err(|error| OperationError::fault(error.to_string()))?;
        let kept = self.store.keep_turn(self.now(), &self.actor(), question, &text).await?;
        Ok(AssistantTurn {
            id: kept.id,
            asked_at: kept.asked_at,
            asked_by: kept.asked_by,
            question: kept.question,
            answer: answer.clone(),
            pinned: kept.pinned,
        })
    }

    /// The newest questions with their answers, newest first. What another version wrote and this one cannot read is
    /// left out.
    pub async fn conversation(&self, limit: u32) -> Result<Vec<AssistantTurn>, OperationError> {
        let turns = self.store.list_turns(limit.min(500)).await?;
        Ok(turns.into_iter().filter_map(view).collect())
    }

    /// One question with its answer.
    pub async fn kept_turn(&self, answer: AnswerId) -> Result<AssistantTurn, OperationError> {
        let gone = || OperationError::not_found("This answer is not kept any more.");
        let turn = self.store.find_turn(answer).await?.ok_or_else(gone)?;
        view(turn).ok_or_else(|| OperationError::refused("Another version wrote this answer; ask the question again."))
    }

    /// The pinned answers, the newest `limit` of them, oldest first.
    pub(crate) async fn pinned_answers(&self, limit: u32) -> Result<Vec<AssistantTurn>, OperationError> {
        Ok(self.store.pinned_turns(limit).await?.into_iter().filter_map(view).collect())
    }

    /// Pins an answer or lets it go.
    pub async fn pin_answer(&self, answer: AnswerId, pinned: bool) -> Result<(), OperationError> {
        if self.store.pin_turn(answer, pinned).await? {
            return Ok(());
        }
        Err(OperationError::not_found("This answer is not kept any more."))
    }

    /// Forgets every answer that is not pinned.
    pub async fn clear_conversation(&self) -> Result<u64, OperationError> {
        Ok(self.store.clear_turns().await?)
    }
}

fn view(turn: ConversationTurn) -> Option<AssistantTurn> {
    Some(AssistantTurn {
        id: turn.id,
        asked_at: turn.asked_at,
        asked_by: turn.asked_by,
        question: turn.question,
        answer: serde_json::from_str(&turn.answer).ok()?,
        pinned: turn.pinned,
    })
}
