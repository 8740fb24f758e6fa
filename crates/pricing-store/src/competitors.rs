//! Competitors with how they are collected, the recipes for their sites, and when they are collected.

use pricing_domain::{CompetitorId, Instant, ListingId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::audit::{count, uuid};
use crate::operation::Operation;
use crate::{Store, StoreError};

/// A competitor with how its collection stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the columns they come from")]
pub struct CompetitorRow {
    pub key: i64,
    pub id: CompetitorId,
    pub name: String,
    /// JSON; what is missing is as usual.
    pub settings: String,
    pub listings: u64,
    /// Whose newest reading gave a price.
    pub fresh: u64,
    /// Whose newest reading gave none.
    pub failed: u64,
    /// Whose newest price waits in quarantine.
    pub quarantined: u64,
    pub due: u64,
    pub never_read: u64,
    pub oldest_read: Option<Instant>,
    pub newest_read: Option<Instant>,
}

/// A recipe of a competitor's site.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table of the same name")]
pub struct SiteRecipeRow {
    pub competitor_key: i64,
    pub site: String,
    pub body: String,
    pub changed_at: Instant,
    pub changed_by: String,
}

/// When a competitor is collected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table of the same name")]
pub struct ScheduleRow {
    pub competitor_key: i64,
    pub competitor: CompetitorId,
    pub pattern: String,
    pub time_zone: String,
    pub paused: bool,
    pub next_at: Option<Instant>,
    pub last_at: Option<Instant>,
}

fn schedule_row(row: &SqliteRow) -> Result<ScheduleRow, StoreError> {
    Ok(ScheduleRow {
        competitor_key: row.try_get(0)?,
        competitor: CompetitorId(uuid(row, 1)?),
        pattern: row.try_get(2)?,
        time_zone: row.try_get(3)?,
        paused: row.try_get(4)?,
        next_at: row.try_get::<Option<i64>, _>(5)?.map(Instant),
        last_at: row.try_get::<Option<i64>, _>(6)?.map(Instant),
    })
}

impl Store {
    /// Every competitor, by name.
    pub async fn competitor_rows(&self, now: Instant) -> Result<Vec<CompetitorRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.key, c.id, c.name, c.settings, count(l.key), coalesce(sum(r.state = 'product'), 0), \
             coalesce(sum(r.state <> 'product'), 0), \
             (SELECT count(*) FROM quarantined_reading q JOIN listing x ON x.key = q.listing_key \
             WHERE x.competitor_key = c.key AND q.decision = 'waiting'), \
             coalesce(sum(l.key IS NOT NULL AND coalesce(r.due_at, 0) <= ?), 0), \
             coalesce(sum(l.key IS NOT NULL AND r.listing_key IS NULL), 0), min(r.read_at), max(r.read_at) \
             FROM competitor c LEFT JOIN listing l ON l.competitor_key = c.key AND l.decision = 'accepted' \
             AND l.url LIKE 'http%' LEFT JOIN listing_reading r ON r.listing_key = l.key \
             GROUP BY c.key ORDER BY c.name",
        )
        .bind(now.0)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(CompetitorRow {
                    key: row.try_get(0)?,
                    id: CompetitorId(uuid(row, 1)?),
                    name: row.try_get(2)?,
                    settings: row.try_get(3)?,
                    listings: count(row, 4)?,
                    fresh: count(row, 5)?,
                    failed: count(row, 6)?,
                    quarantined: count(row, 7)?,
                    due: count(row, 8)?,
                    never_read: count(row, 9)?,
                    oldest_read: row.try_get::<Option<i64>, _>(10)?.map(Instant),
                    newest_read: row.try_get::<Option<i64>, _>(11)?.map(Instant),
                })
            })
            .collect()
    }

    /// The key, the name and the settings of a competitor.
    pub async fn find_competitor(&self, id: CompetitorId) -> Result<Option<(i64, String, String)>, StoreError> {
        Ok(sqlx::query_as("SELECT key, name, settings FROM competitor WHERE id = ?")
            .bind(id.0.as_bytes().to_vec())
            .fetch_optional(&self.readers)
            .await?)
    }

    /// The settings of a listing's competitor.
    pub async fn competitor_of(&self, listing: ListingId) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT c.settings FROM listing l JOIN competitor c ON c.key = l.competitor_key WHERE l.id = ?",
        )
        .bind(listing.0.as_bytes().to_vec())
        .fetch_optional(&self.readers)
        .await?)
    }

    /// The settings of every competitor that has any, by key.
    pub async fn competitor_settings(&self) -> Result<Vec<(i64, String)>, StoreError> {
        Ok(sqlx::query_as("SELECT key, settings FROM competitor WHERE settings <> '{}'")
            .fetch_all(&self.readers)
            .await?)
    }

    /// (competitor, origin) of every accepted page: scheme, host and port as the address has them.
    pub async fn competitor_origins(&self) -> Result<Vec<(i64, String)>, StoreError> {
        // The third slash ends the origin.
        Ok(sqlx::query_as(
            "SELECT DISTINCT competitor_key, substr(url, 1, instr(substr(url, 9) || '/', '/') + 7) FROM listing \
             WHERE decision = 'accepted' AND url LIKE 'http%' ORDER BY 1, 2",
        )
        .fetch_all(&self.readers)
        .await?)
    }

    /// Addresses of accepted pages of a competitor on a site, those read longest ago first.
    pub async fn pages_of(&self, competitor_key: i64, limit: u32) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT l.url FROM listing l LEFT JOIN listing_reading r ON r.listing_key = l.key \
             WHERE l.competitor_key = ? AND l.decision = 'accepted' AND l.url LIKE 'http%' \
             ORDER BY r.state = 'gone', coalesce(r.read_at, 0), l.key LIMIT ?",
        )
        .bind(competitor_key)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?)
    }

    /// All recipes, or those of one competitor.
    pub async fn site_recipes(&self, competitor_key: Option<i64>) -> Result<Vec<SiteRecipeRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT competitor_key, site, body, changed_at, changed_by FROM site_recipe \
             WHERE ?1 IS NULL OR competitor_key = ?1 ORDER BY competitor_key, site",
        )
        .bind(competitor_key)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SiteRecipeRow {
                    competitor_key: row.try_get(0)?,
                    site: row.try_get(1)?,
                    body: row.try_get(2)?,
                    changed_at: Instant(row.try_get(3)?),
                    changed_by: row.try_get(4)?,
                })
            })
            .collect()
    }

    /// All schedules.
    pub async fn schedules(&self) -> Result<Vec<ScheduleRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT s.competitor_key, c.id, s.pattern, s.time_zone, s.paused, s.next_at, s.last_at \
             FROM collection_schedule s JOIN competitor c ON c.key = s.competitor_key ORDER BY c.name",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(schedule_row).collect()
    }
}

impl Operation {
    /// Changes how a competitor is collected and which of its readings count. Every product may be concerned.
    pub async fn write_competitor_settings(&mut self, key: i64, settings: &str) -> Result<(), StoreError> {
        let old: String = sqlx::query_scalar("SELECT settings FROM competitor WHERE key = ?")
            .bind(key)
            .fetch_one(self.connection())
            .await?;
        if old == settings {
            return Ok(());
        }
        let sequence = self.sequence;
        sqlx::query("UPDATE competitor SET settings = ?, changed_seq = ? WHERE key = ?")
            .bind(settings)
            .bind(sequence)
            .bind(key)
            .execute(self.connection())
            .await?;
        self.rows += 1;
        self.record_change("competitor", key, "settings", Some(old), Some(settings.to_owned())).await
    }

    /// Puts a recipe in the place of the one for its site; `None`: removes that. Pages of this competitor are read
    /// anew at the next visit, also where they have not changed.
    pub async fn write_site_recipe(
        &mut self,
        competitor_key: i64,
        site: &str,
        body: Option<&str>,
        actor: &str,
    ) -> Result<(), StoreError> {
        self.concern_only([]);
        let old: Option<String> =
            sqlx::query_scalar("SELECT body FROM site_recipe WHERE competitor_key = ? AND site = ?")
                .bind(competitor_key)
                .bind(site)
                .fetch_optional(self.connection())
                .await?;
        if old.as_deref() == body {
            return Ok(());
        }
        let at = self.at.0;
        match body {
            Some(body) => {
                sqlx::query(
                    "INSERT OR REPLACE INTO site_recipe (competitor_key, site, body, changed_at, changed_by) \
                     VALUES (?, ?, ?, ?, ?)",
                )
                .bind(competitor_key)
                .bind(site)
                .bind(body)
                .bind(at)
                .bind(actor)
                .execute(self.connection())
                .await?;
            }
            None => {
                sqlx::query("DELETE FROM site_recipe WHERE competitor_key = ? AND site = ?")
                    .bind(competitor_key)
                    .bind(site)
                    .execute(self.connection())
                    .await?;
            }
        }
        for forget in [
            "DELETE FROM page_cache WHERE listing_key IN (SELECT key FROM listing WHERE competitor_key = ?)",
            "UPDATE listing_reading SET last_modified = NULL \
             WHERE listing_key IN (SELECT key FROM listing WHERE competitor_key = ?)",
        ] {
            sqlx::query(forget).bind(competitor_key).execute(self.connection()).await?;
        }
        self.rows += 1;
        let field = format!("recipe {site}");
        self.record_change("competitor", competitor_key, &field, old, body.map(str::to_owned)).await
    }

    /// Writes when a competitor is collected; `None`: only when a person says so.
    pub async fn write_schedule(
        &mut self,
        competitor_key: i64,
        schedule: Option<&ScheduleRow>,
    ) -> Result<(), StoreError> {
        self.concern_only([]);
        let old: Option<String> = sqlx::query_scalar(
            "SELECT pattern || ' ' || time_zone || iif(paused, ' paused', '') FROM collection_schedule \
             WHERE competitor_key = ?",
        )
        .bind(competitor_key)
        .fetch_optional(self.connection())
        .await?;
        let Some(schedule) = schedule else {
            sqlx::query("DELETE FROM collection_schedule WHERE competitor_key = ?")
                .bind(competitor_key)
                .execute(self.connection())
                .await?;
            self.rows += u64::from(old.is_some());
            return self.record_change("competitor", competitor_key, "schedule", old, None).await;
        };
        sqlx::query(
            "INSERT INTO collection_schedule (competitor_key, pattern, time_zone, paused, next_at) \
             VALUES (?, ?, ?, ?, ?) ON CONFLICT (competitor_key) DO UPDATE SET pattern = excluded.pattern, \
             time_zone = excluded.time_zone, paused = excluded.paused, next_at = excluded.next_at",
        )
        .bind(competitor_key)
        .bind(&schedule.pattern)
        .bind(&schedule.time_zone)
        .bind(schedule.paused)
        .bind(schedule.next_at.map(|at| at.0))
        .execute(self.connection())
        .await?;
        self.rows += 1;
        let paused = if schedule.paused { " paused" } else { "" };
        let new = format!("{} {}{paused}", schedule.pattern, schedule.time_zone);
        self.record_change("competitor", competitor_key, "schedule", old, Some(new)).await
    }

    /// Notes that a scheduled collection begins, and when the next one is. Returns false when another program took
    /// this turn already.
    pub async fn take_turn(
        &mut self,
        schedule: &ScheduleRow,
        begun: Instant,
        next_at: Option<Instant>,
    ) -> Result<bool, StoreError> {
        self.concern_only([]);
        let taken = sqlx::query(
            "UPDATE collection_schedule SET last_at = ?, next_at = ? WHERE competitor_key = ? AND next_at IS ? \
             AND paused = 0",
        )
        .bind(begun.0)
        .bind(next_at.map(|at| at.0))
        .bind(schedule.competitor_key)
        .bind(schedule.next_at.map(|at| at.0))
        .execute(self.connection())
        .await?
        .rows_affected();
        self.rows += taken;
        Ok(taken == 1)
    }

    /// Goes on with a turn at `at`, where its next is later: pages of it were left.
    pub async fn go_on_with_turn(&mut self, competitor_key: i64, at: Instant) -> Result<(), StoreError> {
        let moved = sqlx::query(
            "UPDATE collection_schedule SET next_at = ?1 WHERE competitor_key = ?2 AND next_at > ?1 AND paused = 0 \
             AND last_at IS NOT NULL",
        )
        .bind(at.0)
        .bind(competitor_key)
        .execute(self.connection())
        .await?
        .rows_affected();
        self.rows += moved;
        Ok(())
    }
}
