//! Alerts: what people want to hear of, what was known at the newest look, what was given, and how sending stands.
//!
//! Rules are written by operations. Looks, history and sending change nothing that a person did, so they are written
//! apart from operations, as figures are.

mod deliveries;

use pricing_domain::{AlertId, AlertRule, AlertRuleId, AlertWay, Instant};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::audit::{count, uuid};
use crate::ids::IdMaker;
use crate::operation::Operation;
use crate::{Store, StoreError};

pub use deliveries::{AlertDeliveryRow, DeliveryEnd, DueDelivery};

/// Alerts that are kept; the oldest go first.
const KEPT: i64 = 5_000;

/// A rule as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRuleRow {
    /// Inside.
    pub key: i64,
    /// At the contract.
    pub id: AlertRuleId,
    /// What a person wants to hear of.
    pub rule: AlertRule,
    /// Who made it.
    pub created_by: String,
    /// The newest look; `None`: nobody has looked yet.
    pub look: Option<AlertLookRow>,
    /// When it alerted last.
    pub last_alert_at: Option<Instant>,
}

/// A look, without what it knew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertLookRow {
    /// Rises by one with each look.
    pub version: i64,
    /// The place of the change sequence that was looked at.
    pub sequence: i64,
    /// When.
    pub at: Instant,
    /// Subjects beyond their limit.
    pub beyond: u64,
    /// Subjects that could not be judged.
    pub unjudged: u64,
}

/// What a look leaves.
#[derive(Clone, Debug)]
pub struct AlertLook<'a> {
    /// Of which rule.
    pub rule_key: i64,
    /// The version of the look before, 0 without one.
    pub before_version: i64,
    /// The place of the change sequence that was looked at.
    pub sequence: i64,
    /// When.
    pub at: Instant,
    /// Subjects beyond their limit.
    pub beyond: u64,
    /// Subjects that could not be judged.
    pub unjudged: u64,
    /// What is known now; `None`: as before.
    pub known: Option<&'a [u8]>,
    /// What is told.
    pub alert: Option<NewAlert<'a>>,
}

/// An alert to be kept.
#[derive(Clone, Debug)]
pub struct NewAlert<'a> {
    /// Of which rule.
    pub rule: AlertRuleId,
    /// What happened, as JSON.
    pub body: &'a str,
    /// Ways with their targets.
    pub ways: &'a [(AlertWay, String)],
    /// When it is sent.
    pub due_at: Instant,
}

/// An alert that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRow {
    /// Inside.
    pub key: i64,
    /// At the contract.
    pub id: AlertId,
    /// Of which rule.
    pub rule: AlertRuleId,
    /// When.
    pub at: Instant,
    /// What happened, as JSON.
    pub body: String,
}

impl Store {
    /// Every rule, in the order in which they were made.
    pub async fn alert_rules(&self) -> Result<Vec<AlertRuleRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT r.key, r.id, r.body, r.created_by, w.version, w.looked_seq, w.looked_at, w.beyond, \
             w.unjudged, (SELECT max(at) FROM alert a WHERE a.rule_id = r.id) FROM alert_rule r \
             LEFT JOIN alert_watch w ON w.rule_key = r.key ORDER BY r.key",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(rule_row).collect()
    }

    /// What was known at the newest look of a rule.
    pub async fn alert_known(&self, rule_key: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT known FROM alert_watch WHERE rule_key = ?";
        Ok(sqlx::query_scalar(sql).bind(rule_key).fetch_optional(&self.readers).await?)
    }

    /// Keeps a look with what it tells. `None`: another program looked in between, and nothing is kept.
    pub async fn record_alert_look(&self, look: &AlertLook<'_>) -> Result<Option<Option<AlertId>>, StoreError> {
        let mut derivation = self.derive().await?;
        if !write_look(derivation.connection(), look).await? {
            // Dropped, the transaction leaves nothing.
            return Ok(None);
        }
        let mut given = None;
        if let Some(alert) = &look.alert {
            given = Some(write_alert(derivation.connection(), look.at, alert).await?);
        }
        derivation.commit().await?;
        Ok(Some(given))
    }

    /// Alerts that were given, newest first, and how many there are.
    pub async fn alerts(
        &self,
        rule: Option<AlertRuleId>,
        offset: u64,
        limit: u32,
    ) -> Result<(u64, Vec<AlertRow>), StoreError> {
        let rule = rule.map(|rule| rule.0.as_bytes().to_vec());
        let all: i64 = sqlx::query_scalar("SELECT count(*) FROM alert WHERE ?1 IS NULL OR rule_id = ?1")
            .bind(&rule)
            .fetch_one(&self.readers)
            .await?;
        let rows = sqlx::query(
            "SELECT key, id, rule_id, at, body FROM alert WHERE ?1 IS NULL OR rule_id = ?1 \
             ORDER BY key DESC LIMIT ?2 OFFSET ?3",
        )
        .bind(&rule)
        .bind(limit)
        .bind(i64::try_from(offset).unwrap_or(i64::MAX))
        .fetch_all(&self.readers)
        .await?;
        let alerts = rows.iter().map(|row| {
            Ok(AlertRow {
                key: row.try_get(0)?,
                id: AlertId(uuid(row, 1)?),
                rule: AlertRuleId(uuid(row, 2)?),
                at: Instant(row.try_get(3)?),
                body: row.try_get(4)?,
            })
        });
        Ok((u64::try_from(all).unwrap_or(0), alerts.collect::<Result<_, StoreError>>()?))
    }
}

async fn write_look(connection: &mut SqliteConnection, look: &AlertLook<'_>) -> Result<bool, StoreError> {
    let [beyond, unjudged] = [look.beyond, look.unjudged].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    let done = if look.before_version == 0 {
        sqlx::query(
            "INSERT INTO alert_watch (rule_key, version, looked_seq, looked_at, beyond, unjudged, known) \
             SELECT key, 1, ?, ?, ?, ?, ? FROM alert_rule WHERE key = ? ON CONFLICT (rule_key) DO NOTHING",
        )
        .bind(look.sequence)
        .bind(look.at.0)
        .bind(beyond)
        .bind(unjudged)
        .bind(look.known.unwrap_or_default())
        .bind(look.rule_key)
        .execute(connection)
        .await?
    } else {
        sqlx::query(
            "UPDATE alert_watch SET version = version + 1, looked_seq = ?, looked_at = ?, beyond = ?, \
             unjudged = ?, known = coalesce(?, known) WHERE rule_key = ? AND version = ?",
        )
        .bind(look.sequence)
        .bind(look.at.0)
        .bind(beyond)
        .bind(unjudged)
        .bind(look.known)
        .bind(look.rule_key)
        .bind(look.before_version)
        .execute(connection)
        .await?
    };
    Ok(done.rows_affected() == 1)
}

async fn write_alert(
    connection: &mut SqliteConnection,
    at: Instant,
    alert: &NewAlert<'_>,
) -> Result<AlertId, StoreError> {
    let id = AlertId(IdMaker::new(at).next_id());
    let key = sqlx::query("INSERT INTO alert (id, rule_id, at, body) VALUES (?, ?, ?, ?)")
        .bind(id.0.as_bytes().to_vec())
        .bind(alert.rule.0.as_bytes().to_vec())
        .bind(at.0)
        .bind(alert.body)
        .execute(&mut *connection)
        .await?
        .last_insert_rowid();
    for (way, target) in alert.ways {
        sqlx::query("INSERT INTO alert_delivery (alert_key, way, target, due_at) VALUES (?, ?, ?, ?)")
            .bind(key)
            .bind(way.as_str())
            .bind(target)
            .bind(alert.due_at.0)
            .execute(&mut *connection)
            .await?;
    }
    for sql in ["DELETE FROM alert_delivery WHERE alert_key <= ? - ?", "DELETE FROM alert WHERE key <= ? - ?"] {
        sqlx::query(sql).bind(key).bind(KEPT).execute(&mut *connection).await?;
    }
    Ok(id)
}

fn rule_row(row: &SqliteRow) -> Result<AlertRuleRow, StoreError> {
    let look = match row.try_get::<Option<i64>, _>(4)? {
        None => None,
        Some(version) => Some(AlertLookRow {
            version,
            sequence: row.try_get(5)?,
            at: Instant(row.try_get(6)?),
            beyond: count(row, 7)?,
            unjudged: count(row, 8)?,
        }),
    };
    Ok(AlertRuleRow {
        key: row.try_get(0)?,
        id: AlertRuleId(uuid(row, 1)?),
        rule: serde_json::from_str(row.try_get(2)?).map_err(|_| StoreError::Unexpected("an alert"))?,
        created_by: row.try_get(3)?,
        look,
        last_alert_at: row.try_get::<Option<i64>, _>(9)?.map(Instant),
    })
}

impl Operation {
    /// Adds a rule.
    pub async fn add_alert_rule(&mut self, rule: &AlertRule, actor: &str) -> Result<AlertRuleId, StoreError> {
        self.concern_only([]);
        let id = AlertRuleId(self.ids.next_id());
        let (at, body) = (self.at.0, body_of(rule)?);
        sqlx::query("INSERT INTO alert_rule (id, body, created_at, created_by) VALUES (?, ?, ?, ?)")
            .bind(id.0.as_bytes().to_vec())
            .bind(body)
            .bind(at)
            .bind(actor)
            .execute(self.connection())
            .await?;
        self.rows += 1;
        Ok(id)
    }

    /// Changes a rule. `forget`: what was known of its subjects holds no more.
    pub async fn change_alert_rule(&mut self, key: i64, rule: &AlertRule, forget: bool) -> Result<(), StoreError> {
        self.concern_only([]);
        let body = body_of(rule)?;
        sqlx::query("UPDATE alert_rule SET body = ? WHERE key = ?")
            .bind(body)
            .bind(key)
            .execute(self.connection())
            .await?;
        if forget {
            sqlx::query("DELETE FROM alert_watch WHERE rule_key = ?").bind(key).execute(self.connection()).await?;
        }
        self.rows += 1;
        Ok(())
    }

    /// Removes a rule. What it told stays.
    pub async fn remove_alert_rule(&mut self, key: i64) -> Result<(), StoreError> {
        self.concern_only([]);
        for sql in ["DELETE FROM alert_watch WHERE rule_key = ?", "DELETE FROM alert_rule WHERE key = ?"] {
            sqlx::query(sql).bind(key).execute(self.connection()).await?;
        }
        self.rows += 1;
        Ok(())
    }
}

fn body_of(rule: &AlertRule) -> Result<String, StoreError> {
    serde_json::to_string(rule).map_err(|_| StoreError::Unexpected("an alert"))
}
