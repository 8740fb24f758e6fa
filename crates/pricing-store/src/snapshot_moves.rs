//! Prices that began lately, ours and those of competitors, for the guardrails that look back.

use pricing_domain::Instant;
use rusqlite::params;

use crate::{ProductFilter, SnapshotReader, StoreError};

/// Whose price began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveOwner {
    /// Ours, in the price list with this key.
    List(i64),
    /// A competitor's.
    Listing {
        /// The key of the listing.
        listing_key: i64,
        /// The key of the competitor.
        competitor_key: i64,
    },
}

/// A price that began, and the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveRecord {
    /// The product.
    pub product_key: i64,
    /// Whose price it is.
    pub owner: MoveOwner,
    /// The price.
    pub amount_minor: i64,
    /// Its currency; `None`: that of the list.
    pub currency: Option<String>,
    /// When it began: microseconds since 1970.
    pub began: i64,
    /// The price before it, where there was one.
    pub before_minor: Option<i64>,
}

impl SnapshotReader {
    /// The regular prices that began after `since` and until `now`: by product, list and time.
    pub fn stream_own_moves(
        &self,
        filter: &ProductFilter,
        since: Instant,
        now: Instant,
        mut each: impl FnMut(MoveRecord),
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT product_key, list_key, valid_from, amount_minor FROM price WHERE price_type = 'regular' \
             AND min_quantity_milli = 0 AND valid_from <= ?{} ORDER BY product_key, list_key, valid_from",
            filter.sql("product_key")
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query(params![now.0])?;
        let mut before: Option<((i64, i64), i64)> = None;
        while let Some(row) = rows.next()? {
            let (product_key, list_key, began) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let amount_minor = row.get(3)?;
            let earlier = before.replace(((product_key, list_key), amount_minor));
            if began > since.0 {
                each(MoveRecord {
                    product_key,
                    owner: MoveOwner::List(list_key),
                    amount_minor,
                    currency: None,
                    began,
                    before_minor: earlier.filter(|(of, _)| *of == (product_key, list_key)).map(|(_, amount)| amount),
                });
            }
        }
        Ok(())
    }

    /// The prices of accepted listings that were first seen after `since` and until `now`: by product, listing and time.
    pub fn stream_offer_moves(
        &self,
        filter: &ProductFilter,
        since: Instant,
        now: Instant,
        mut each: impl FnMut(MoveRecord),
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT l.product_key, l.key, l.competitor_key, s.amount_minor, s.currency, s.first_seen, \
             (SELECT x.amount_minor FROM offer_span x WHERE x.listing_key = l.key AND x.first_seen < s.first_seen \
             ORDER BY x.first_seen DESC LIMIT 1) FROM listing l JOIN offer_span s ON s.listing_key = l.key \
             AND s.first_seen > ? AND s.first_seen <= ? WHERE l.decision = 'accepted'{} \
             ORDER BY l.product_key, l.key, s.first_seen",
            filter.sql("l.product_key")
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query(params![since.0, now.0])?;
        while let Some(row) = rows.next()? {
            each(MoveRecord {
                product_key: row.get(0)?,
                owner: MoveOwner::Listing { listing_key: row.get(1)?, competitor_key: row.get(2)? },
                amount_minor: row.get(3)?,
                currency: Some(row.get(4)?),
                began: row.get(5)?,
                before_minor: row.get(6)?,
            });
        }
        Ok(())
    }
}
