//! Prices that began lately, ours and those of competitors, for the guardrails that look back.

use pricing_domain::{Instant, OfferFlags, PackCoefficient};
use rusqlite::params;

use crate::snapshot_rows::text;
use crate::{OfferRecord, ProductFilter, SnapshotReader, StoreError};

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
    /// The price before it, where there was one in the same currency.
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

    /// The newest span of every accepted listing to `offer`, and to `moved` its prices that were first seen after `since`
    /// and until `now`, by time: by listing; of some products by product and listing.
    ///
    /// One walk over the newest spans of each listing: two steps into the table a listing, however long its history.
    pub fn stream_offers_and_moves(
        &self,
        filter: &ProductFilter,
        (since, now): (Instant, Instant),
        mut offer: impl FnMut(OfferRecord<'_>),
        mut moved: impl FnMut(MoveRecord),
    ) -> Result<(), StoreError> {
        // All listings come in the order of their key without being sorted.
        let by_product = if filter.is_everything() { "" } else { "l.product_key, " };
        let sql = format!(
            "SELECT l.product_key, l.key, l.competitor_key, s.amount_minor, s.shipping_minor, s.currency, s.kind, \
             s.availability, s.condition, l.match_type, l.pack_numerator, l.pack_denominator, s.last_seen, \
             coalesce(r.state, ''), s.times_seen, s.flags, s.first_seen FROM listing l CROSS JOIN offer_span s \
             ON s.listing_key = l.key AND s.first_seen >= coalesce((SELECT max(x.first_seen) FROM offer_span x \
             WHERE x.listing_key = l.key AND x.first_seen <= ?1), ?1) \
             LEFT JOIN listing_reading r ON r.listing_key = l.key WHERE l.decision = 'accepted'{} \
             ORDER BY {by_product}l.key, s.first_seen DESC",
            filter.sql("l.product_key")
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query(params![since.0])?;
        let mut listing = None;
        // Of one listing, the newest first; the one after it is the price before.
        let mut spans: Vec<MoveRecord> = Vec::new();
        let mut pass_on = |spans: &mut Vec<MoveRecord>| {
            let mut earlier: Option<(Option<String>, i64)> = None;
            for span in spans.drain(..).rev() {
                let before = earlier.take().filter(|(currency, _)| *currency == span.currency);
                earlier = Some((span.currency.clone(), span.amount_minor));
                if span.began > since.0 && span.began <= now.0 {
                    moved(MoveRecord { before_minor: before.map(|(_, amount)| amount), ..span });
                }
            }
        };
        while let Some(row) = rows.next()? {
            let (product_key, listing_key, competitor_key) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (amount_minor, began) = (row.get(3)?, row.get(16)?);
            if listing != Some(listing_key) {
                pass_on(&mut spans);
                listing = Some(listing_key);
                offer(OfferRecord {
                    product_key,
                    listing_key,
                    competitor_key,
                    amount_minor,
                    shipping_minor: row.get(4)?,
                    currency: text(row, 5)?,
                    kind: text(row, 6)?,
                    availability: text(row, 7)?,
                    condition: text(row, 8)?,
                    match_type: text(row, 9)?,
                    pack: PackCoefficient { numerator: row.get(10)?, denominator: row.get(11)? },
                    last_seen: row.get(12)?,
                    state: text(row, 13)?,
                    times_seen: row.get(14)?,
                    flags: OfferFlags(row.get(15)?),
                });
                if began <= since.0 {
                    continue;
                }
            }
            spans.push(MoveRecord {
                product_key,
                owner: MoveOwner::Listing { listing_key, competitor_key },
                amount_minor,
                currency: Some(row.get(5)?),
                began,
                before_minor: None,
            });
        }
        pass_on(&mut spans);
        Ok(())
    }

    /// The newest span of every accepted listing: by listing; of some products by product and listing.
    pub fn stream_offers(&self, filter: &ProductFilter, offer: impl FnMut(OfferRecord<'_>)) -> Result<(), StoreError> {
        let end = Instant(i64::MAX);
        self.stream_offers_and_moves(filter, (end, end), offer, |_| {})
    }
}
