//! Recording what was read: an unchanged offer extends its span, another one begins a new span with its evidence, a
//! page without a usable price extends or begins a stretch of failures.

use pricing_domain::{
    Availability, Condition, Confidence, Currency, ExtractionMethod, Instant, MICROSECONDS_PER_HOUR, OfferFlags,
    OfferKind, QuarantineCause, ReadState,
};
use sqlx::{AssertSqlSafe, Row};

use crate::StoreError;
use crate::figures::StaleFigures;
use crate::operation::Operation;

/// What one page turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Which listing.
    pub listing_key: i64,
    /// When it was read.
    pub at: Instant,
    /// When it is due again.
    pub due_at: Instant,
    /// What the page is.
    pub state: ReadState,
    /// In words.
    pub reason: String,
    /// Their title.
    pub title: Option<String>,
    /// Its price, where it has a usable one.
    pub offer: Option<ReadOffer>,
    /// The address it was read from, after redirects.
    pub url: String,
    /// Of the bytes of the page.
    pub sha256: Option<Vec<u8>>,
    /// The page itself, compressed, to be kept beside a price that is new.
    pub page_zstd: Option<Vec<u8>>,
    /// Why its price may be none; such a reading is kept apart.
    pub quarantine: Option<QuarantineCause>,
    /// The page is as it was at the last reading; that one holds on, and there is no offer.
    pub unchanged: bool,
    /// How the next visit may be spared or shortened (RFC 9111); `None`: nothing is known.
    pub cache_policy: Option<CachePolicyText>,
    /// What the site's sitemap says of the page's last change; `None`: nothing, or it was not asked.
    pub listed_change: Option<String>,
}

/// A cache policy with the version of the reader whose reading it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachePolicyText {
    /// The reader's version.
    pub reader: String,
    /// JSON.
    pub policy: String,
}

/// A price as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of `offer_span` and `evidence`")]
pub struct ReadOffer {
    pub amount_minor: i64,
    pub currency: Currency,
    pub kind: OfferKind,
    pub availability: Availability,
    pub condition: Condition,
    pub was_minor: Option<i64>,
    pub shipping_minor: Option<i64>,
    pub promotion_text: Option<String>,
    pub seller: Option<String>,
    pub pack: Option<String>,
    pub confidence: Confidence,
    pub method: ExtractionMethod,
    pub fragment: String,
    pub flags: OfferFlags,
}

/// What recording did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadingCounts {
    /// Readings with a price.
    pub prices: u64,
    /// Prices that differ from the one before.
    pub moved: u64,
    /// Readings without a usable price, those in quarantine among them.
    pub failed: u64,
    /// Readings that wait in quarantine.
    pub quarantined: u64,
}

impl Operation {
    /// Records readings in the order they were made. One that is not newer than the newest of its listing is known
    /// already, so recording a reading twice changes nothing.
    pub async fn record_readings(&mut self, readings: &[Reading]) -> Result<ReadingCounts, StoreError> {
        let mut counts = ReadingCounts::default();
        self.concern_listings(readings).await?;
        for reading in readings {
            if self.is_known(reading).await? {
                continue;
            }
            match (&reading.offer, reading.quarantine) {
                _ if reading.unchanged => {
                    let priced = self.repeat_newest(reading).await?;
                    counts.prices += u64::from(priced);
                    counts.failed += u64::from(!priced);
                }
                (Some(offer), Some(cause)) => {
                    counts.failed += 1;
                    counts.quarantined += 1;
                    self.record_quarantined(reading, offer, cause).await?;
                }
                (Some(offer), None) => {
                    counts.prices += 1;
                    counts.moved += u64::from(self.record_offer(reading, offer).await?);
                }
                (None, _) => {
                    counts.failed += 1;
                    self.record_failure(reading).await?;
                }
            }
            self.record_newest(reading).await?;
            self.record_cache_policy(reading).await?;
            self.release_lease(reading.listing_key).await?;
            self.rows += 1;
        }
        if counts.moved > 0 {
            let first = readings.iter().map(|reading| reading.at.0.div_euclid(MICROSECONDS_PER_HOUR)).min();
            self.mark_stale(StaleFigures::Changes, &first.unwrap_or(0).to_string()).await?;
        }
        Ok(counts)
    }

    async fn concern_listings(&mut self, readings: &[Reading]) -> Result<(), StoreError> {
        let keys: Vec<String> = readings.iter().map(|reading| reading.listing_key.to_string()).collect();
        let sql = format!("SELECT DISTINCT product_key FROM listing WHERE key IN ({})", keys.join(","));
        let products: Vec<i64> =
            sqlx::query_scalar(AssertSqlSafe(sql)).persistent(false).fetch_all(self.connection()).await?;
        self.concern_only(products);
        Ok(())
    }

    async fn is_known(&mut self, reading: &Reading) -> Result<bool, StoreError> {
        let known =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM listing_reading WHERE listing_key = ? AND read_at >= ?)")
                .bind(reading.listing_key)
                .bind(reading.at.0)
                .fetch_one(self.connection())
                .await?;
        Ok(known)
    }

    /// Returns whether the price moved against an earlier one.
    async fn record_offer(&mut self, reading: &Reading, offer: &ReadOffer) -> Result<bool, StoreError> {
        let seller_key = self.seller_key(reading.listing_key, offer.seller.as_deref()).await?;
        let newest = sqlx::query(
            "SELECT first_seen, last_seen, amount_minor, currency, kind, availability, was_minor, shipping_minor, \
             condition, seller_key FROM offer_span WHERE listing_key = ? ORDER BY first_seen DESC LIMIT 1",
        )
        .bind(reading.listing_key)
        .fetch_optional(self.connection())
        .await?;
        let mut moved = false;
        if let Some(row) = newest {
            let first_seen: i64 = row.try_get(0)?;
            let last_seen: i64 = row.try_get(1)?;
            let amount: i64 = row.try_get(2)?;
            let same = amount == offer.amount_minor
                && row.try_get::<&str, _>(3)? == offer.currency.code()
                && row.try_get::<&str, _>(4)? == offer.kind.as_str()
                && row.try_get::<&str, _>(5)? == offer.availability.as_str()
                && row.try_get::<Option<i64>, _>(6)? == offer.was_minor
                && row.try_get::<Option<i64>, _>(7)? == offer.shipping_minor
                && row.try_get::<&str, _>(8)? == offer.condition.as_str()
                && row.try_get::<Option<i64>, _>(9)? == seller_key;
            // A failure in between ends a span: nobody saw the price then.
            let interrupted = self.was_interrupted(reading.listing_key, last_seen).await?;
            if same && !interrupted {
                sqlx::query(
                    "UPDATE offer_span SET last_seen = ?, times_seen = times_seen + 1, flags = ? \
                     WHERE listing_key = ? AND first_seen = ?",
                )
                .bind(reading.at.0)
                .bind(i64::from(offer.flags.0))
                .bind(reading.listing_key)
                .bind(first_seen)
                .execute(self.connection())
                .await?;
                return Ok(false);
            }
            moved = amount != offer.amount_minor;
        }
        self.begin_span(reading, offer, seller_key).await?;
        Ok(moved)
    }

    /// The key of a seller at the competitor of a listing.
    pub(crate) async fn seller_key(&mut self, listing: i64, name: Option<&str>) -> Result<Option<i64>, StoreError> {
        let Some(name) = name else { return Ok(None) };
        sqlx::query(
            "INSERT OR IGNORE INTO seller (competitor_key, name) SELECT competitor_key, ? FROM listing WHERE key = ?",
        )
        .bind(name)
        .bind(listing)
        .execute(self.connection())
        .await?;
        Ok(sqlx::query_scalar(
            "SELECT s.key FROM seller s JOIN listing l ON l.competitor_key = s.competitor_key \
             WHERE l.key = ? AND s.name = ?",
        )
        .bind(listing)
        .bind(name)
        .fetch_optional(self.connection())
        .await?)
    }

    async fn begin_span(
        &mut self,
        reading: &Reading,
        offer: &ReadOffer,
        seller_key: Option<i64>,
    ) -> Result<(), StoreError> {
        let evidence = self.keep_evidence(reading, offer).await?;
        sqlx::query(
            "INSERT INTO offer_span (listing_key, first_seen, last_seen, times_seen, amount_minor, currency, \
             kind_code, availability_code, condition_code, was_minor, shipping_minor, promotion_text, confidence_code, \
             method_code, evidence_key, flags, seller_key) VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(reading.listing_key)
        .bind(reading.at.0)
        .bind(reading.at.0)
        .bind(offer.amount_minor)
        .bind(offer.currency.code())
        .bind(offer.kind as u8)
        .bind(offer.availability as u8)
        .bind(offer.condition as u8)
        .bind(offer.was_minor)
        .bind(offer.shipping_minor)
        .bind(&offer.promotion_text)
        .bind(offer.confidence as u8)
        .bind(offer.method as u8)
        .bind(evidence)
        .bind(i64::from(offer.flags.0))
        .bind(seller_key)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Whether a reading that gave no price for use lies after `since`.
    async fn was_interrupted(&mut self, listing_key: i64, since: i64) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM failure_span WHERE listing_key = ?1 AND last_at > ?2) \
             OR EXISTS (SELECT 1 FROM quarantined_reading WHERE listing_key = ?1 AND last_seen > ?2 \
             AND decision <> 'accepted')",
        )
        .bind(listing_key)
        .bind(since)
        .fetch_one(self.connection())
        .await?)
    }

    /// Keeps where a price was read. Returns the key of the evidence.
    pub(crate) async fn keep_evidence(&mut self, reading: &Reading, offer: &ReadOffer) -> Result<i64, StoreError> {
        Ok(sqlx::query(
            "INSERT INTO evidence (listing_key, at, url, fragment, sha256, page_zstd, pack) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(reading.listing_key)
        .bind(reading.at.0)
        .bind(&reading.url)
        .bind(&offer.fragment)
        .bind(&reading.sha256)
        .bind(&reading.page_zstd)
        .bind(&offer.pack)
        .execute(self.connection())
        .await?
        .last_insert_rowid())
    }

    /// The page is as it was: whatever it said then, it says now. Returns whether that was a price.
    async fn repeat_newest(&mut self, reading: &Reading) -> Result<bool, StoreError> {
        let (offer, quarantined, failed): (Option<i64>, Option<i64>, Option<i64>) = sqlx::query_as(
            "SELECT (SELECT max(last_seen) FROM offer_span WHERE listing_key = ?1), \
             (SELECT max(last_seen) FROM quarantined_reading WHERE listing_key = ?1 AND decision <> 'accepted'), \
             (SELECT max(last_at) FROM failure_span WHERE listing_key = ?1)",
        )
        .bind(reading.listing_key)
        .fetch_one(self.connection())
        .await?;
        let newest = offer.max(quarantined).max(failed);
        let (sql, priced) = if newest.is_none() {
            return Ok(false);
        } else if newest == offer {
            (
                "UPDATE offer_span SET last_seen = ?, times_seen = times_seen + 1 WHERE listing_key = ? AND last_seen = ?",
                true,
            )
        } else if newest == quarantined {
            (
                "UPDATE quarantined_reading SET last_seen = ?, times_seen = times_seen + 1 \
                 WHERE listing_key = ? AND last_seen = ?",
                false,
            )
        } else {
            ("UPDATE failure_span SET last_at = ?, times = times + 1 WHERE listing_key = ? AND last_at = ?", false)
        };
        sqlx::query(sql).bind(reading.at.0).bind(reading.listing_key).bind(newest).execute(self.connection()).await?;
        Ok(priced)
    }

    async fn record_cache_policy(&mut self, reading: &Reading) -> Result<(), StoreError> {
        match &reading.cache_policy {
            Some(CachePolicyText { reader, policy }) => {
                sqlx::query("INSERT OR REPLACE INTO page_cache (listing_key, reader, policy) VALUES (?, ?, ?)")
                    .bind(reading.listing_key)
                    .bind(reader)
                    .bind(policy)
                    .execute(self.connection())
                    .await?;
            }
            None => {
                sqlx::query("DELETE FROM page_cache WHERE listing_key = ?")
                    .bind(reading.listing_key)
                    .execute(self.connection())
                    .await?;
            }
        }
        Ok(())
    }

    async fn record_failure(&mut self, reading: &Reading) -> Result<(), StoreError> {
        let extended = sqlx::query(
            "UPDATE failure_span SET last_at = ?1, times = times + 1, reason = ?2 \
             WHERE listing_key = ?3 AND state = ?4 \
             AND first_at = (SELECT max(first_at) FROM failure_span WHERE listing_key = ?3) \
             AND last_at >= (SELECT coalesce(max(last_seen), 0) FROM offer_span WHERE listing_key = ?3) \
             AND last_at >= (SELECT coalesce(max(last_seen), 0) FROM quarantined_reading WHERE listing_key = ?3)",
        )
        .bind(reading.at.0)
        .bind(&reading.reason)
        .bind(reading.listing_key)
        .bind(reading.state.as_str())
        .execute(self.connection())
        .await?
        .rows_affected();
        if extended == 0 {
            sqlx::query(
                "INSERT INTO failure_span (listing_key, first_at, last_at, times, state, reason) \
                 VALUES (?, ?, ?, 1, ?, ?)",
            )
            .bind(reading.listing_key)
            .bind(reading.at.0)
            .bind(reading.at.0)
            .bind(reading.state.as_str())
            .bind(&reading.reason)
            .execute(self.connection())
            .await?;
        }
        Ok(())
    }

    async fn record_newest(&mut self, reading: &Reading) -> Result<(), StoreError> {
        let mut reason = reading.reason.clone();
        if let Some(cause) = reading.quarantine {
            reason = format!("Waits in quarantine: {}.", cause.reason());
        }
        sqlx::query(
            "INSERT INTO listing_reading (listing_key, due_at, read_at, state, reason, title, last_modified) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?8) ON CONFLICT (listing_key) DO UPDATE SET due_at = excluded.due_at, \
             read_at = excluded.read_at, state = iif(?7, state, excluded.state), \
             reason = iif(?7, reason, excluded.reason), title = coalesce(excluded.title, title), \
             last_modified = iif(?7, last_modified, excluded.last_modified)",
        )
        .bind(reading.listing_key)
        .bind(reading.due_at.0)
        .bind(reading.at.0)
        .bind(match reading.quarantine {
            Some(_) => ReadState::Ambiguous.as_str(),
            None => reading.state.as_str(),
        })
        .bind(reason)
        .bind(&reading.title)
        .bind(reading.unchanged)
        .bind(&reading.listed_change)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
