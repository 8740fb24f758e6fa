//! Collection runs, coverage by competitor, and what failed.

use std::str::FromStr;

use pricing_domain::{CompetitorId, Currency, Instant, ListingId, Money, ProductId, ReadState};
use sqlx::Row;

use crate::audit::{count, uuid};
use crate::operation::Operation;
use crate::{ReadingCounts, Store, StoreError};

/// A collection run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table of the same name")]
pub struct CollectionRunRow {
    pub started_at: Instant,
    pub finished_at: Option<Instant>,
    pub pages: u64,
    pub counts: ReadingCounts,
    pub cancelled: bool,
}

/// A competitor's listings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompetitorCoverageRow {
    /// Its id.
    pub id: CompetitorId,
    /// Name.
    pub name: String,
    /// A page of each site, to name its origin by.
    pub sample_urls: Vec<String>,
    /// Listings.
    pub listings: u64,
    /// Whose newest reading gave a price.
    pub fresh: u64,
    /// Due now.
    pub due: u64,
    /// Newest reading.
    pub last_read: Option<Instant>,
}

/// A listing whose newest reading failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the columns they come from")]
pub struct FailureRow {
    pub listing: ListingId,
    pub product: ProductId,
    pub sku: String,
    pub name: String,
    pub competitor: String,
    pub url: String,
    pub reason: String,
    pub at: Instant,
    pub last_price: Option<Money>,
    pub last_seen: Option<Instant>,
}

impl Store {
    /// The newest runs, newest first.
    pub async fn collection_runs(&self, limit: u32) -> Result<Vec<CollectionRunRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT started_at, finished_at, pages, prices, moved, failed, cancelled FROM collection_run \
             ORDER BY key DESC LIMIT ?",
        )
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(CollectionRunRow {
                    started_at: Instant(row.try_get(0)?),
                    finished_at: row.try_get::<Option<i64>, _>(1)?.map(Instant),
                    pages: count(row, 2)?,
                    counts: ReadingCounts {
                        prices: count(row, 3)?,
                        moved: count(row, 4)?,
                        failed: count(row, 5)?,
                        quarantined: 0,
                    },
                    cancelled: row.try_get(6)?,
                })
            })
            .collect()
    }

    /// Whether the newest run that ended was broken off by the end of its program.
    pub async fn has_broken_off_run(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT coalesce((SELECT finished_at IS NULL FROM collection_run ORDER BY key DESC LIMIT 1), 0)",
        )
        .fetch_one(&self.readers)
        .await?)
    }

    /// Every competitor with its listings.
    pub async fn competitor_coverage(&self, now: Instant) -> Result<Vec<CompetitorCoverageRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.id, c.name, coalesce(min(l.url), ''), coalesce(max(l.url), ''), count(l.key), \
             coalesce(sum(r.state = 'product'), 0), coalesce(sum(l.key IS NOT NULL AND coalesce(r.due_at, 0) <= ?), 0), \
             max(r.read_at) FROM competitor c \
             LEFT JOIN listing l ON l.competitor_key = c.key AND l.decision = 'accepted' \
             LEFT JOIN listing_reading r ON r.listing_key = l.key GROUP BY c.key ORDER BY c.name",
        )
        .bind(now.0)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(CompetitorCoverageRow {
                    id: CompetitorId(uuid(row, 0)?),
                    name: row.try_get(1)?,
                    sample_urls: vec![row.try_get(2)?, row.try_get(3)?],
                    listings: count(row, 4)?,
                    fresh: count(row, 5)?,
                    due: count(row, 6)?,
                    last_read: row.try_get::<Option<i64>, _>(7)?.map(Instant),
                })
            })
            .collect()
    }

    /// How many listings failed at their newest reading, by state, most frequent first.
    pub async fn failure_counts(&self) -> Result<Vec<(ReadState, u64)>, StoreError> {
        let failures: Vec<&str> =
            ReadState::ALL.iter().filter(|state| **state != ReadState::Product).map(|state| state.as_str()).collect();
        let failures = serde_json::to_string(&failures).map_err(|_| StoreError::Unexpected("the names of states"))?;
        let rows = sqlx::query(
            // The states by name, so that the index passes over the readings that succeeded.
            "SELECT r.state, count(*) AS n FROM listing_reading r JOIN listing l ON l.key = r.listing_key \
             WHERE r.state IN (SELECT value FROM json_each(?)) AND l.decision = 'accepted' \
             GROUP BY r.state ORDER BY n DESC, r.state",
        )
        .bind(failures.as_str())
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                let state =
                    ReadState::from_str(row.try_get(0)?).map_err(|_| StoreError::Unexpected("a stored word"))?;
                Ok((state, count(row, 1)?))
            })
            .collect()
    }

    /// Listings whose newest reading ended in `state`, with how many there are.
    pub async fn list_failures(
        &self,
        state: ReadState,
        offset: u64,
        limit: u32,
    ) -> Result<(u64, Vec<FailureRow>), StoreError> {
        let all: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM listing_reading r JOIN listing l ON l.key = r.listing_key \
             WHERE r.state = ? AND l.decision = 'accepted'",
        )
        .bind(state.as_str())
        .fetch_one(&self.readers)
        .await?;
        let rows = sqlx::query(
            "SELECT l.id, p.id, p.sku, p.name, c.name, l.url, r.reason, r.read_at, s.amount_minor, s.currency, \
             s.last_seen FROM listing_reading r JOIN listing l ON l.key = r.listing_key \
             JOIN product p ON p.key = l.product_key JOIN competitor c ON c.key = l.competitor_key \
             LEFT JOIN offer_span s ON s.listing_key = l.key AND s.first_seen = \
             (SELECT max(first_seen) FROM offer_span x WHERE x.listing_key = l.key) \
             WHERE r.state = ? AND l.decision = 'accepted' ORDER BY p.sku, c.name LIMIT ? OFFSET ?",
        )
        .bind(state.as_str())
        .bind(limit)
        .bind(i64::try_from(offset).unwrap_or(i64::MAX))
        .fetch_all(&self.readers)
        .await?;
        let failures = rows
            .iter()
            .map(|row| {
                let amount: Option<i64> = row.try_get(8)?;
                let last_price = amount
                    .map(|amount| {
                        let currency = Currency::new(row.try_get(9)?);
                        Ok::<_, StoreError>(Money::new(
                            amount,
                            currency.map_err(|_| StoreError::Unexpected("a stored word"))?,
                        ))
                    })
                    .transpose()?;
                Ok(FailureRow {
                    listing: ListingId(uuid(row, 0)?),
                    product: ProductId(uuid(row, 1)?),
                    sku: row.try_get(2)?,
                    name: row.try_get(3)?,
                    competitor: row.try_get(4)?,
                    url: row.try_get(5)?,
                    reason: row.try_get(6)?,
                    at: Instant(row.try_get(7)?),
                    last_price,
                    last_seen: row.try_get::<Option<i64>, _>(10)?.map(Instant),
                })
            })
            .collect::<Result<_, StoreError>>()?;
        Ok((u64::try_from(all).unwrap_or(0), failures))
    }
}

impl Operation {
    /// Begins a run; its counts follow with [`Operation::update_run`].
    pub async fn begin_run(&mut self) -> Result<i64, StoreError> {
        let at = self.at.0;
        self.concern_only([]);
        Ok(sqlx::query("INSERT INTO collection_run (started_at) VALUES (?)")
            .bind(at)
            .execute(self.connection())
            .await?
            .last_insert_rowid())
    }

    /// Adds to the counts of a run; `finished` ends it.
    pub async fn update_run(
        &mut self,
        run: i64,
        counts: ReadingCounts,
        finished: Option<Instant>,
        cancelled: bool,
    ) -> Result<(), StoreError> {
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        self.concern_only([]);
        sqlx::query(
            "UPDATE collection_run SET pages = pages + ?, prices = prices + ?, moved = moved + ?, failed = failed + ?, \
             finished_at = coalesce(?, finished_at), cancelled = ? WHERE key = ?",
        )
        .bind(number(counts.prices + counts.failed))
        .bind(number(counts.prices))
        .bind(number(counts.moved))
        .bind(number(counts.failed))
        .bind(finished.map(|at| at.0))
        .bind(cancelled)
        .bind(run)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Makes a new run's rows count as one change set even when it read nothing yet.
    pub fn note_rows(&mut self, rows: u64) {
        self.rows += rows;
    }
}
