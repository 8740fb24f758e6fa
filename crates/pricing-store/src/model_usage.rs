//! What language models used in each month. Written outside operations, like the conversation: it is no change of the
//! workspace.

use sqlx::Row;

use crate::{Store, StoreError};

/// What was used in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModelUsageRow {
    /// Requests.
    pub calls: u64,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// In 10⁻⁶ of a currency.
    pub cost_micro: i64,
}

impl Store {
    /// Adds a request to its month.
    pub async fn add_model_usage(&self, month: i64, used: ModelUsageRow) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().await;
        writer.end_left_open().await;
        sqlx::query(
            "INSERT INTO model_usage (month, calls, input_tokens, output_tokens, cost_micro) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (month) DO UPDATE SET calls = calls + excluded.calls, \
             input_tokens = input_tokens + excluded.input_tokens, \
             output_tokens = output_tokens + excluded.output_tokens, cost_micro = cost_micro + excluded.cost_micro",
        )
        .bind(month)
        .bind(i64::try_from(used.calls).unwrap_or(i64::MAX))
        .bind(i64::try_from(used.input_tokens).unwrap_or(i64::MAX))
        .bind(i64::try_from(used.output_tokens).unwrap_or(i64::MAX))
        .bind(used.cost_micro)
        .execute(&mut writer.connection)
        .await?;
        Ok(())
    }

    /// What a month has used so far.
    pub async fn model_usage(&self, month: i64) -> Result<ModelUsageRow, StoreError> {
        let row = sqlx::query("SELECT calls, input_tokens, output_tokens, cost_micro FROM model_usage WHERE month = ?")
            .bind(month)
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(ModelUsageRow::default()) };
        let count = |place: usize| row.try_get::<i64, _>(place).map(|count| u64::try_from(count).unwrap_or(0));
        Ok(ModelUsageRow {
            calls: count(0)?,
            input_tokens: count(1)?,
            output_tokens: count(2)?,
            cost_micro: row.try_get(3)?,
        })
    }
}
