//! Which pages are due.

use pricing_domain::Instant;
use sqlx::{AssertSqlSafe, Row};

use crate::{Store, StoreError};

/// A page to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueListing {
    /// Inside.
    pub key: i64,
    /// Where.
    pub url: String,
    /// Whose page, inside.
    pub competitor_key: i64,
    /// The site's hints and selectors, as JSON.
    pub hints: String,
    /// The currency of the newest price.
    pub currency: Option<String>,
    /// How the visit may be spared or shortened, with the version of the reader that it holds for.
    pub cache: Option<(String, String)>,
    /// What the site's sitemap said of the page's last change when the page was read; only where it was read well.
    pub listed_change: Option<String>,
}

/// The currency of the newest price of listing `l`.
const CURRENCY: &str =
    "(SELECT currency FROM offer_span s WHERE s.listing_key = l.key ORDER BY first_seen DESC LIMIT 1)";

/// What is told of a listing that is due: key, url, competitor, hints, reader, policy, currency, listed change; of listing
/// `l`, competitor `c`, reading `r` and cache `p`.
pub(crate) fn due_columns() -> String {
    format!(
        "l.key, l.url, l.competitor_key, c.hints, p.reader, p.policy, {CURRENCY}, \
         iif(r.state IN ('product', 'sold_out'), r.last_modified, NULL)"
    )
}

/// Columns: [`due_columns`].
pub(crate) fn due_listing(row: &sqlx::sqlite::SqliteRow) -> Result<DueListing, StoreError> {
    let reader: Option<String> = row.try_get(4)?;
    let policy: Option<String> = row.try_get(5)?;
    Ok(DueListing {
        key: row.try_get(0)?,
        url: row.try_get(1)?,
        competitor_key: row.try_get(2)?,
        hints: row.try_get(3)?,
        cache: reader.zip(policy),
        currency: row.try_get(6)?,
        listed_change: row.try_get(7)?,
    })
}

impl Store {
    /// Listings that are due at `now` (or all), longest waiting first.
    pub async fn due_listings(&self, now: Instant, all: bool) -> Result<Vec<DueListing>, StoreError> {
        let sql = format!(
            "SELECT {} FROM listing l \
             JOIN competitor c ON c.key = l.competitor_key LEFT JOIN listing_reading r ON r.listing_key = l.key \
             LEFT JOIN page_cache p ON p.listing_key = l.key \
             WHERE l.decision = 'accepted' AND l.url LIKE 'http%' AND (? OR coalesce(r.due_at, 0) <= ?) \
             ORDER BY coalesce(r.due_at, 0), l.key",
            due_columns()
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(all).bind(now.0).fetch_all(&self.readers).await?;
        rows.iter().map(due_listing).collect()
    }

    /// How many listings are accepted, and how many of them are due.
    pub async fn listing_counts(&self, now: Instant) -> Result<(u64, u64), StoreError> {
        let row: (i64, i64) = sqlx::query_as(
            "SELECT count(*), coalesce(sum(coalesce(r.due_at, 0) <= ?), 0) FROM listing l \
             LEFT JOIN listing_reading r ON r.listing_key = l.key WHERE l.decision = 'accepted' AND l.url LIKE 'http%'",
        )
        .bind(now.0)
        .fetch_one(&self.readers)
        .await?;
        Ok((u64::try_from(row.0).unwrap_or(0), u64::try_from(row.1).unwrap_or(0)))
    }
}
