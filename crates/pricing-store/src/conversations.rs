//! Questions to the assistant with their answers.
//!
//! They change nothing in the workspace, so they are written outside operations: an entry in the audit for each
//! question would hide what was done, and every snapshot would have to be brought up to date for nothing.

use pricing_domain::{AnswerId, Instant};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::audit::uuid;
use crate::ids::IdMaker;
use crate::{Store, StoreError};

/// Turns that are kept; the oldest that are not pinned go first.
const KEPT: i64 = 1_000;

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationTurn {
    /// Its id.
    pub id: AnswerId,
    /// When it was asked.
    pub asked_at: Instant,
    /// By whom.
    pub asked_by: String,
    /// The question.
    pub question: String,
    /// The answer as JSON.
    pub answer: String,
    /// Stays when the conversation is cleared.
    pub pinned: bool,
}

impl Store {
    /// Keeps a question with its answer.
    pub async fn keep_turn(
        &self,
        at: Instant,
        by: &str,
        question: &str,
        answer: &str,
    ) -> Result<ConversationTurn, StoreError> {
        let id = AnswerId(IdMaker::new(at).next_id());
        let mut writer = self.writer.lock().await;
        writer.end_left_open().await;
        sqlx::query("INSERT INTO assistant_turn (id, asked_at, asked_by, question, answer) VALUES (?, ?, ?, ?, ?)")
            .bind(id.0.as_bytes().to_vec())
            .bind(at.0)
            .bind(by)
            .bind(question)
            .bind(answer)
            .execute(&mut writer.connection)
            .await?;
        sqlx::query("DELETE FROM assistant_turn WHERE pinned = 0 AND key <= (SELECT max(key) FROM assistant_turn) - ?")
            .bind(KEPT)
            .execute(&mut writer.connection)
            .await?;
        Ok(ConversationTurn {
            id,
            asked_at: at,
            asked_by: by.to_owned(),
            question: question.to_owned(),
            answer: answer.to_owned(),
            pinned: false,
        })
    }

    /// The newest turns and all that are pinned, newest first.
    pub async fn list_turns(&self, limit: u32) -> Result<Vec<ConversationTurn>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, asked_at, asked_by, question, answer, pinned FROM assistant_turn WHERE pinned = 1 \
             OR key IN (SELECT key FROM assistant_turn ORDER BY key DESC LIMIT ?) ORDER BY key DESC",
        )
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(turn).collect()
    }

    /// One turn.
    pub async fn find_turn(&self, id: AnswerId) -> Result<Option<ConversationTurn>, StoreError> {
        let row =
            sqlx::query("SELECT id, asked_at, asked_by, question, answer, pinned FROM assistant_turn WHERE id = ?")
                .bind(id.0.as_bytes().to_vec())
                .fetch_optional(&self.readers)
                .await?;
        row.as_ref().map(turn).transpose()
    }

    /// The pinned turns, the newest `limit` of them, oldest first.
    pub async fn pinned_turns(&self, limit: u32) -> Result<Vec<ConversationTurn>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, asked_at, asked_by, question, answer, pinned FROM assistant_turn WHERE pinned = 1 \
             ORDER BY key DESC LIMIT ?",
        )
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().rev().map(turn).collect()
    }

    /// Pins a turn or lets it go. Gives whether there is such a turn.
    pub async fn pin_turn(&self, id: AnswerId, pinned: bool) -> Result<bool, StoreError> {
        let mut writer = self.writer.lock().await;
        writer.end_left_open().await;
        let done = sqlx::query("UPDATE assistant_turn SET pinned = ? WHERE id = ?")
            .bind(pinned)
            .bind(id.0.as_bytes().to_vec())
            .execute(&mut writer.connection)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Forgets every turn that is not pinned. Gives how many.
    pub async fn clear_turns(&self) -> Result<u64, StoreError> {
        let mut writer = self.writer.lock().await;
        writer.end_left_open().await;
        let done = sqlx::query("DELETE FROM assistant_turn WHERE pinned = 0").execute(&mut writer.connection).await?;
        Ok(done.rows_affected())
    }
}

fn turn(row: &SqliteRow) -> Result<ConversationTurn, StoreError> {
    Ok(ConversationTurn {
        id: AnswerId(uuid(row, 0)?),
        asked_at: Instant(row.try_get(1)?),
        asked_by: row.try_get(2)?,
        question: row.try_get(3)?,
        answer: row.try_get(4)?,
        pinned: row.try_get(5)?,
    })
}
