//! Which listings a run has taken, so that two runs never read the same page and a crash neither loses nor doubles one.
//! And what is remembered of each origin between runs.

use pricing_domain::{CompetitorId, Instant};
use sqlx::AssertSqlSafe;

use crate::listings::DueListing;
use crate::operation::Operation;
use crate::{Store, StoreError};

/// Which listings a run is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CollectionScope {
    /// Also those that are not due yet.
    pub all: bool,
    /// Also those that were not read since then: of a scheduled turn.
    pub unread_since: Option<Instant>,
    /// Of these competitors; empty: of all.
    pub competitors: Vec<CompetitorId>,
}

impl Operation {
    /// Frees what runs took that ended without giving it back. Only for the one program that may collect.
    pub async fn free_left_leases(&mut self) -> Result<(), StoreError> {
        self.concern_only([]);
        for sql in [
            "DELETE FROM listing_lease",
            "UPDATE collection_run SET broken_off = 1 WHERE finished_at IS NULL AND broken_off = 0",
        ] {
            sqlx::query(sql).execute(self.connection()).await?;
        }
        Ok(())
    }

    /// Takes the listings of a run: those of its scope that no other run has.
    pub async fn take_leases(&mut self, run: i64, scope: &CollectionScope) -> Result<u64, StoreError> {
        let at = self.at.0;
        let mut sql = "INSERT INTO listing_lease (listing_key, run_key) SELECT l.key, ?1 FROM listing l \
             JOIN competitor c ON c.key = l.competitor_key LEFT JOIN listing_reading r ON r.listing_key = l.key \
             WHERE l.decision = 'accepted' AND l.url LIKE 'http%' AND (?2 OR coalesce(r.due_at, 0) <= ?3 OR r.read_at < ?4) \
             AND NOT EXISTS (SELECT 1 FROM listing_lease o WHERE o.listing_key = l.key)"
            .to_owned();
        if !scope.competitors.is_empty() {
            let ids: Vec<String> = scope.competitors.iter().map(|id| format!("x'{}'", id.0.simple())).collect();
            sql.push_str(&format!(" AND c.id IN ({})", ids.join(",")));
        }
        Ok(sqlx::query(AssertSqlSafe(sql))
            .persistent(false)
            .bind(run)
            .bind(scope.all)
            .bind(at)
            .bind(scope.unread_since.map(|since| since.0))
            .execute(self.connection())
            .await?
            .rows_affected())
    }

    /// Gives back what a run has not read.
    pub async fn give_back_leases(&mut self, run: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM listing_lease WHERE run_key = ?").bind(run).execute(self.connection()).await?;
        Ok(())
    }

    pub(crate) async fn release_lease(&mut self, listing_key: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM listing_lease WHERE listing_key = ?")
            .bind(listing_key)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Keeps what is remembered of origins.
    pub async fn keep_origins(&mut self, origins: &[(String, String)]) -> Result<(), StoreError> {
        self.concern_only([]);
        for (origin, state) in origins {
            sqlx::query("INSERT OR REPLACE INTO origin_state (origin, state) VALUES (?, ?)")
                .bind(origin)
                .bind(state)
                .execute(self.connection())
                .await?;
        }
        Ok(())
    }

    /// Forgets pages kept beside prices for longer than their competitor's time. Those that wait in quarantine stay.
    pub async fn drop_old_pages(&mut self, default_days: u32, now: Instant) -> Result<u64, StoreError> {
        Ok(sqlx::query(
            "UPDATE evidence SET page_zstd = NULL WHERE key IN (SELECT e.key FROM evidence e \
             JOIN listing l ON l.key = e.listing_key JOIN competitor c ON c.key = l.competitor_key \
             WHERE e.page_zstd IS NOT NULL AND \
             e.at < ?1 - coalesce(json_extract(c.settings, '$.keep_pages_days'), ?2) * ?3 \
             AND NOT EXISTS (SELECT 1 FROM quarantined_reading q WHERE q.evidence_key = e.key \
             AND q.decision = 'waiting'))",
        )
        .bind(now.0)
        .bind(default_days)
        .bind(pricing_domain::MICROSECONDS_PER_DAY)
        .execute(self.connection())
        .await?
        .rows_affected())
    }
}

impl Store {
    /// The pages that a run has taken, longest waiting first.
    pub async fn leased_listings(&self, run: i64) -> Result<Vec<DueListing>, StoreError> {
        let sql = format!(
            "SELECT {} FROM listing_lease o \
             JOIN listing l ON l.key = o.listing_key JOIN competitor c ON c.key = l.competitor_key \
             LEFT JOIN listing_reading r ON r.listing_key = l.key LEFT JOIN page_cache p ON p.listing_key = l.key \
             WHERE o.run_key = ? ORDER BY coalesce(r.due_at, 0), l.key",
            crate::listings::due_columns()
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(run).fetch_all(&self.readers).await?;
        rows.iter().map(crate::listings::due_listing).collect()
    }

    /// What is remembered of every origin.
    pub async fn origin_states(&self) -> Result<Vec<(String, String)>, StoreError> {
        Ok(sqlx::query_as("SELECT origin, state FROM origin_state").fetch_all(&self.readers).await?)
    }
}
