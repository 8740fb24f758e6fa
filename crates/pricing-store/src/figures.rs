//! Figures by day that are kept beside the facts they come from, so that no page scans history.
//!
//! They are written apart from operations: they hold nothing that facts do not, and writing them is no change of the
//! workspace. Operations that write facts of the past say from when on figures are stale; whoever reads figures brings
//! them up to date first.

mod changes;
mod market;
mod sales;

use sqlx::{Connection, Row, SqliteConnection};
use tokio::sync::OwnedMutexGuard;

use crate::merge::execute;
use crate::operation::Operation;
use crate::workspace_file::Writer;
use crate::{Store, StoreError};

pub use changes::{ChangeRow, MoveRow};
pub use market::{OfferHistoryRow, OwnPriceHistoryRow, StandingCell, StandingDay};
pub use sales::{SalesDayRow, WeekSales};

/// A day and an hour before all others.
pub(crate) const BEGINNING: &str = "-4000000";

/// SQL: whether a sale fell in a promotion.
pub(crate) const IS_PROMOTED: &str = "lower(trim(coalesce(promotion, ''))) NOT IN ('', '0', 'no', 'false')";

/// What can be stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaleFigures {
    /// Price changes of competitors, from an hour since 1970 on.
    Changes,
    /// The market's standing before today, from a day since 1970 on.
    History,
    /// Sales, from a day since 1970 on.
    Sales,
}

impl StaleFigures {
    const fn name(self) -> &'static str {
        match self {
            Self::Changes => "changes_from",
            Self::History => "history_from",
            Self::Sales => "sales_from",
        }
    }
}

/// A combination of category, brand and role that some product has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRow {
    /// Its key.
    pub key: i64,
    /// The category's path, or empty.
    pub category: String,
    /// The brand, or empty.
    pub brand: String,
    /// The role, or empty.
    pub role: String,
}

/// A transaction that writes derived figures only. Dropped without commit it leaves nothing.
pub(crate) struct Derivation {
    writer: OwnedMutexGuard<Writer>,
}

impl Derivation {
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        sqlx::query("COMMIT").execute(&mut self.writer.connection).await?;
        self.writer.open = false;
        Ok(())
    }

    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.writer.connection
    }

    async fn forget(&mut self, figures: StaleFigures) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM figure_state WHERE name = ?").bind(figures.name()).execute(self.connection()).await?;
        Ok(())
    }
}

impl Store {
    pub(crate) async fn derive(&self) -> Result<Derivation, StoreError> {
        let mut writer = self.writer.clone().lock_owned().await;
        writer.end_left_open().await;
        writer.open = true;
        sqlx::query("PRAGMA synchronous = NORMAL").execute(&mut writer.connection).await?;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut writer.connection).await?;
        Ok(Derivation { writer })
    }

    /// From when on figures are stale; `None`: they are up to date.
    pub async fn stale_from(&self, figures: StaleFigures) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT value FROM figure_state WHERE name = ?";
        Ok(sqlx::query_scalar(sql).bind(figures.name()).fetch_optional(&self.readers).await?)
    }

    /// Every segment by key.
    pub async fn segments(&self) -> Result<Vec<SegmentRow>, StoreError> {
        let rows =
            sqlx::query("SELECT key, category, brand, role FROM segment ORDER BY key").fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                Ok(SegmentRow {
                    key: row.try_get(0)?,
                    category: row.try_get(1)?,
                    brand: row.try_get(2)?,
                    role: row.try_get(3)?,
                })
            })
            .collect()
    }

    /// Makes the segments of (category, brand, role) that are not there yet, and gives all of them.
    pub async fn add_segments(&self, wanted: &[(&str, &str, &str)]) -> Result<Vec<SegmentRow>, StoreError> {
        let known = self.segments().await?;
        let missing: Vec<_> = {
            let known: std::collections::HashSet<(&str, &str, &str)> =
                known.iter().map(|one| (one.category.as_str(), one.brand.as_str(), one.role.as_str())).collect();
            wanted.iter().filter(|one| !known.contains(*one)).collect()
        };
        if missing.is_empty() {
            return Ok(known);
        }
        let mut derivation = self.derive().await?;
        for (category, brand, role) in missing {
            sqlx::query("INSERT OR IGNORE INTO segment (category, brand, role) VALUES (?, ?, ?)")
                .bind(*category)
                .bind(*brand)
                .bind(*role)
                .execute(derivation.connection())
                .await?;
        }
        derivation.commit().await?;
        self.segments().await
    }
}

impl Operation {
    /// Says that facts of the past were written: `from` is an SQL expression for the first hour or day concerned, NULL
    /// for none.
    pub(crate) async fn mark_stale(&mut self, figures: StaleFigures, from: &str) -> Result<(), StoreError> {
        let name = figures.name();
        execute(
            self,
            format!(
                "INSERT INTO figure_state (name, value) SELECT '{name}', v.value FROM (SELECT ({from}) AS value) v \
                 WHERE v.value IS NOT NULL ON CONFLICT (name) DO UPDATE SET value = min(value, excluded.value)"
            ),
        )
        .await?;
        Ok(())
    }

    /// Says that any figure may be wrong: after an undo, and when dates were moved.
    pub(crate) async fn mark_all_stale(&mut self) -> Result<(), StoreError> {
        for figures in [StaleFigures::Changes, StaleFigures::History, StaleFigures::Sales] {
            self.mark_stale(figures, BEGINNING).await?;
        }
        Ok(())
    }
}

/// Keys as a JSON array, for `json_each`.
fn json_keys(keys: &[i64]) -> String {
    let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
    format!("[{}]", keys.join(","))
}

/// A condition on a segment column by the keys bound as `?`; without keys the row of all segments together.
const fn segment_condition(keys: Option<&[i64]>) -> &'static str {
    match keys {
        None => "segment_key = 0 AND ? IS NOT NULL",
        Some(_) => "segment_key IN (SELECT value FROM json_each(?))",
    }
}

/// Opens a plain connection on which a long stream is read without holding others.
async fn streaming(store: &Store) -> Result<SqliteConnection, StoreError> {
    store.staging_connection().await
}

/// Ends it.
async fn close(connection: SqliteConnection) -> Result<(), StoreError> {
    Ok(connection.close().await?)
}
