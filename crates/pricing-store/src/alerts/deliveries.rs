//! Sending: what is due is taken by one program, and its end is noted.

use std::str::FromStr;

use pricing_domain::{AlertId, AlertWay, Instant, MessageState};
use sqlx::{AssertSqlSafe, Row};

use crate::audit::uuid;
use crate::{Store, StoreError};

/// What a program took and did not end within this time is free again: it was killed.
const TAKEN_FOR_MINUTES: i64 = 10;
/// Most that is taken at once.
const AT_ONCE: u32 = 200;

/// A way of an alert to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertDeliveryRow {
    /// Of which alert, inside.
    pub alert_key: i64,
    /// Which way.
    pub way: AlertWay,
    /// An address; empty for the others.
    pub target: String,
    /// When it is sent.
    pub due_at: Instant,
    /// How it stands.
    pub state: MessageState,
    /// When it was handed over.
    pub sent_at: Option<Instant>,
    /// Why it was not.
    pub error: String,
}

/// Something to be sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueDelivery {
    /// Inside.
    pub key: i64,
    /// Of which alert.
    pub alert: AlertId,
    /// When it happened.
    pub at: Instant,
    /// What happened, as JSON.
    pub body: String,
    /// Which way.
    pub way: AlertWay,
    /// Where to.
    pub target: String,
    /// Attempts before this one.
    pub attempts: u32,
}

/// How sending ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryEnd {
    /// It was handed over.
    Sent(Instant),
    /// It is tried again.
    Again(Instant, String),
    /// It was given up.
    Failed(String),
}

impl Store {
    /// How sending of some alerts stands.
    pub async fn alert_deliveries(&self, alerts: &[i64]) -> Result<Vec<AlertDeliveryRow>, StoreError> {
        let keys = alerts.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        let sql = format!(
            "SELECT alert_key, way, target, due_at, state, sent_at, error FROM alert_delivery \
             WHERE alert_key IN ({keys}) ORDER BY key"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                Ok(AlertDeliveryRow {
                    alert_key: row.try_get(0)?,
                    way: word(row.try_get(1)?)?,
                    target: row.try_get(2)?,
                    due_at: Instant(row.try_get(3)?),
                    state: word(row.try_get(4)?)?,
                    sent_at: row.try_get::<Option<i64>, _>(5)?.map(Instant),
                    error: row.try_get(6)?,
                })
            })
            .collect()
    }

    /// Takes what is due on some ways, so that no other program sends it too.
    pub async fn take_due_deliveries(&self, now: Instant, ways: &[AlertWay]) -> Result<Vec<DueDelivery>, StoreError> {
        let ways = ways.iter().map(|way| format!("'{way}'")).collect::<Vec<_>>().join(",");
        let freed = now.0 - TAKEN_FOR_MINUTES * 60 * 1_000_000;
        let due = format!(
            "way IN ({ways}) AND due_at <= {now} AND (state = 'waiting' OR (state = 'sending' AND taken_at < {freed}))",
            now = now.0
        );
        let waits =
            format!("SELECT EXISTS (SELECT 1 FROM alert_delivery WHERE state IN ('waiting', 'sending') AND {due})");
        let waits: bool = sqlx::query_scalar(AssertSqlSafe(waits)).persistent(false).fetch_one(&self.readers).await?;
        if !waits {
            return Ok(Vec::new());
        }
        let mut derivation = self.derive().await?;
        let take = format!(
            "UPDATE alert_delivery SET state = 'sending', taken_at = {}, attempts = attempts + 1 WHERE key IN \
             (SELECT key FROM alert_delivery WHERE state IN ('waiting', 'sending') AND {due} ORDER BY key LIMIT {AT_ONCE}) \
             RETURNING key",
            now.0
        );
        let taken: Vec<i64> =
            sqlx::query_scalar(AssertSqlSafe(take)).persistent(false).fetch_all(derivation.connection()).await?;
        let keys = taken.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        let sql = format!(
            "SELECT d.key, a.id, a.at, a.body, d.way, d.target, d.attempts FROM alert_delivery d \
             JOIN alert a ON a.key = d.alert_key WHERE d.key IN ({keys}) ORDER BY d.key"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_all(derivation.connection()).await?;
        derivation.commit().await?;
        rows.iter()
            .map(|row| {
                Ok(DueDelivery {
                    key: row.try_get(0)?,
                    alert: AlertId(uuid(row, 1)?),
                    at: Instant(row.try_get(2)?),
                    body: row.try_get(3)?,
                    way: word(row.try_get(4)?)?,
                    target: row.try_get(5)?,
                    attempts: row.try_get::<u32, _>(6)?,
                })
            })
            .collect()
    }

    /// Notes how sending ended.
    pub async fn end_delivery(&self, key: i64, end: &DeliveryEnd) -> Result<(), StoreError> {
        let (state, due, sent, error) = match end {
            DeliveryEnd::Sent(at) => (MessageState::Sent, None, Some(at.0), ""),
            DeliveryEnd::Again(at, error) => (MessageState::Waiting, Some(at.0), None, error.as_str()),
            DeliveryEnd::Failed(error) => (MessageState::Failed, None, None, error.as_str()),
        };
        let mut writer = self.writer.lock().await;
        writer.end_left_open().await;
        sqlx::query(
            "UPDATE alert_delivery SET state = ?, due_at = coalesce(?, due_at), sent_at = ?, error = ?, taken_at = NULL \
             WHERE key = ?",
        )
        .bind(state.as_str())
        .bind(due)
        .bind(sent)
        .bind(error)
        .bind(key)
        .execute(&mut writer.connection)
        .await?;
        Ok(())
    }
}

fn word<T: FromStr>(text: &str) -> Result<T, StoreError> {
    T::from_str(text).map_err(|_| StoreError::Unexpected("a stored word"))
}
