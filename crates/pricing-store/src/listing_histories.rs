//! What a new reading is judged by: what its listing showed before, and what a person decided about it.

use std::collections::HashMap;

use pricing_domain::{BasisPoints, Currency, Instant, OfferFlag, PackCoefficient, QuarantineDecision};
use sqlx::{AssertSqlSafe, Row};

use crate::{Store, StoreError};

/// Readings of one span count at most so often: one unchanged price is no range.
const MOST_OF_A_SPAN: u32 = 5;

/// A doubtful price that was read once is no example of what is usual.
const DOUBTFUL: u32 =
    1 << OfferFlag::UnusualForListing as u8 | 1 << OfferFlag::FarFromOthers as u8 | 1 << OfferFlag::FarFromCost as u8;

/// A listing with what it showed before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingHistory {
    /// The listing, inside.
    pub listing_key: i64,
    /// Its product, inside.
    pub product_key: i64,
    /// Its competitor, inside.
    pub competitor_key: i64,
    /// How many of ours theirs is.
    pub pack: PackCoefficient,
    /// VAT on the product, where it is known.
    pub vat: Option<BasisPoints>,
    /// Amounts in minor units, newest first, each as often as it was read (at most five times a span).
    pub usual: Vec<i64>,
    /// The currency of these: the newest one.
    pub currency: Option<Currency>,
    /// Amounts that a person took out of quarantine.
    pub accepted: Vec<i64>,
    /// Amounts that a person rejected.
    pub rejected: Vec<i64>,
}

impl Store {
    /// The histories of some listings from `since` on. `country`: of the VAT.
    pub async fn listing_histories(
        &self,
        listings: &[i64],
        country: &str,
        since: Instant,
    ) -> Result<HashMap<i64, ListingHistory>, StoreError> {
        let keys = listings.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        let sql = format!(
            "SELECT l.key, l.product_key, l.competitor_key, l.pack_numerator, l.pack_denominator, \
             (SELECT rate_bp FROM vat_rate v WHERE v.class = p.vat_class AND v.country IN (?, '*') \
             ORDER BY v.country = '*', v.valid_from DESC LIMIT 1) \
             FROM listing l JOIN product p ON p.key = l.product_key WHERE l.key IN ({keys})"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).bind(country).fetch_all(&self.readers).await?;
        let mut histories = HashMap::with_capacity(rows.len());
        for row in &rows {
            let listing_key = row.try_get(0)?;
            let history = ListingHistory {
                listing_key,
                product_key: row.try_get(1)?,
                competitor_key: row.try_get(2)?,
                pack: PackCoefficient { numerator: row.try_get(3)?, denominator: row.try_get(4)? },
                vat: row.try_get::<Option<i32>, _>(5)?.map(BasisPoints),
                usual: Vec::new(),
                currency: None,
                accepted: Vec::new(),
                rejected: Vec::new(),
            };
            histories.insert(listing_key, history);
        }
        self.add_spans(&mut histories, &keys, since).await?;
        self.add_decisions(&mut histories, &keys).await?;
        Ok(histories)
    }

    async fn add_spans(
        &self,
        histories: &mut HashMap<i64, ListingHistory>,
        keys: &str,
        since: Instant,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT listing_key, amount_minor, currency, times_seen FROM offer_span \
             WHERE listing_key IN ({keys}) AND last_seen >= ? AND (flags & {DOUBTFUL} = 0 OR times_seen > 1) \
             ORDER BY listing_key, first_seen DESC"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).bind(since.0).fetch_all(&self.readers).await?;
        for row in &rows {
            let Some(history) = histories.get_mut(&row.try_get::<i64, _>(0)?) else { continue };
            let currency = Currency::new(row.try_get(2)?).map_err(|_| StoreError::Unexpected("a stored word"))?;
            if *history.currency.get_or_insert(currency) != currency {
                continue;
            }
            let times = row.try_get::<u32, _>(3)?.clamp(1, MOST_OF_A_SPAN);
            let amount: i64 = row.try_get(1)?;
            history.usual.extend((0..times).map(|_| amount));
        }
        Ok(())
    }

    async fn add_decisions(&self, histories: &mut HashMap<i64, ListingHistory>, keys: &str) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT DISTINCT listing_key, amount_minor, decision FROM quarantined_reading \
             WHERE listing_key IN ({keys}) AND decision <> 'waiting'"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_all(&self.readers).await?;
        for row in &rows {
            let Some(history) = histories.get_mut(&row.try_get::<i64, _>(0)?) else { continue };
            let decided = if row.try_get::<&str, _>(2)? == QuarantineDecision::Accepted.as_str() {
                &mut history.accepted
            } else {
                &mut history.rejected
            };
            decided.push(row.try_get(1)?);
        }
        Ok(())
    }
}
