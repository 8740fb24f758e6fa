//! Price tests that a person kept, with the products that take part.

use pricing_domain::{ExperimentId, Instant};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};

use crate::audit::uuid;
use crate::operation::Operation;
use crate::{Store, StoreError};

/// A product of a test: its key, today's price and the price in the test, in minor units.
pub type TestedProduct = (i64, i64, i64);

/// A price test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExperimentRecord {
    /// Its id.
    pub id: ExperimentId,
    /// Its name.
    pub name: String,
    /// What was asked for, as JSON.
    pub body: String,
    /// The first day, as days since 1970.
    pub starts: i64,
    /// With the new price.
    pub treated: Vec<TestedProduct>,
    /// With the old price.
    pub held: Vec<TestedProduct>,
    /// When it was kept.
    pub kept_at: Instant,
    /// By whom.
    pub kept_by: String,
}

/// A price test to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `experiment`")]
pub struct NewExperiment {
    pub name: String,
    pub body: String,
    pub starts: i64,
    pub treated: Vec<TestedProduct>,
    pub held: Vec<TestedProduct>,
}

const COLUMNS: &str = "SELECT id, name, body, starts, treated, held, kept_at, kept_by FROM experiment";

impl Store {
    /// Every price test, newest first.
    pub async fn list_experiments(&self) -> Result<Vec<ExperimentRecord>, StoreError> {
        let sql = format!("{COLUMNS} ORDER BY kept_at DESC, key DESC");
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&self.readers).await?;
        rows.iter().map(record).collect()
    }

    /// One price test.
    pub async fn find_experiment(&self, id: ExperimentId) -> Result<Option<ExperimentRecord>, StoreError> {
        let sql = format!("{COLUMNS} WHERE id = ?");
        let row = sqlx::query(AssertSqlSafe(sql)).bind(id.0.as_bytes().to_vec()).fetch_optional(&self.readers).await?;
        row.as_ref().map(record).transpose()
    }
}

fn record(row: &SqliteRow) -> Result<ExperimentRecord, StoreError> {
    let products = |text: String| serde_json::from_str(&text).map_err(|_| StoreError::Unexpected("a price test"));
    Ok(ExperimentRecord {
        id: ExperimentId(uuid(row, 0)?),
        name: row.try_get(1)?,
        body: row.try_get(2)?,
        starts: row.try_get(3)?,
        treated: products(row.try_get(4)?)?,
        held: products(row.try_get(5)?)?,
        kept_at: Instant(row.try_get(6)?),
        kept_by: row.try_get(7)?,
    })
}

impl Operation {
    /// Keeps a price test.
    pub async fn keep_experiment(&mut self, new: NewExperiment, actor: &str) -> Result<ExperimentId, StoreError> {
        let text = |products: &[TestedProduct]| {
            serde_json::to_string(products).map_err(|_| StoreError::Unexpected("a price test"))
        };
        let (treated, held) = (text(&new.treated)?, text(&new.held)?);
        self.concern_only([]);
        let id = ExperimentId(self.ids.next_id());
        let at = self.at.0;
        sqlx::query(
            "INSERT INTO experiment (id, name, body, starts, treated, held, kept_at, kept_by) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(id.0.as_bytes().to_vec())
        .bind(new.name)
        .bind(new.body)
        .bind(new.starts)
        .bind(treated)
        .bind(held)
        .bind(at)
        .bind(actor)
        .execute(self.connection())
        .await?;
        self.rows += 1;
        Ok(id)
    }

    /// Forgets a price test. `false`: there is none.
    pub async fn remove_experiment(&mut self, id: ExperimentId) -> Result<bool, StoreError> {
        self.concern_only([]);
        let removed = sqlx::query("DELETE FROM experiment WHERE id = ?")
            .bind(id.0.as_bytes().to_vec())
            .execute(self.connection())
            .await?
            .rows_affected();
        self.rows += removed;
        Ok(removed > 0)
    }
}
