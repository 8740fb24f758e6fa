//! The price history of one product: our own prices, and every competitor's spans.

use pricing_domain::Instant;
use sqlx::Row;

use crate::{Store, StoreError};

/// A stretch of our own price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnSpan {
    /// From.
    pub from: Instant,
    /// To; `None`: until further notice.
    pub to: Option<Instant>,
    /// Minor units of the list's currency.
    pub amount_minor: i64,
}

/// A stretch of a competitor's offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistorySpan {
    /// Which listing.
    pub listing_key: i64,
    /// Who.
    pub competitor: String,
    /// Like for like, in minor units.
    pub amount_minor: i64,
    /// Seen first.
    pub first_seen: Instant,
    /// Seen last.
    pub last_seen: Instant,
    /// Could be bought.
    pub buyable: bool,
}

/// What a chart is drawn from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductHistory {
    /// Ours.
    pub own: Vec<OwnSpan>,
    /// Theirs, by listing and time.
    pub offers: Vec<HistorySpan>,
    /// Promotions of ours.
    pub promotions: Vec<(Instant, Option<Instant>)>,
}

impl Store {
    /// The history of a product on a list since an instant, offers in the list's currency only.
    pub async fn product_history(
        &self,
        product_key: i64,
        list_key: i64,
        since: Instant,
    ) -> Result<ProductHistory, StoreError> {
        let own = sqlx::query(
            "SELECT valid_from, valid_to, amount_minor FROM price WHERE product_key = ? AND list_key = ? \
             AND price_type = 'regular' AND min_quantity_milli = 0 AND (valid_to IS NULL OR valid_to > ?) \
             ORDER BY valid_from",
        )
        .bind(product_key)
        .bind(list_key)
        .bind(since.0)
        .fetch_all(&self.readers)
        .await?;
        let offers = sqlx::query(
            "SELECT l.key, c.name, s.amount_minor, l.pack_numerator, l.pack_denominator, s.first_seen, s.last_seen, \
             s.availability FROM listing l JOIN competitor c ON c.key = l.competitor_key \
             JOIN offer_span s ON s.listing_key = l.key \
             WHERE l.product_key = ? AND l.decision = 'accepted' AND s.last_seen >= ? \
             AND s.currency = (SELECT currency FROM price_list WHERE key = ?) ORDER BY c.name, l.key, s.first_seen",
        )
        .bind(product_key)
        .bind(since.0)
        .bind(list_key)
        .fetch_all(&self.readers)
        .await?;
        let promotions: Vec<(i64, Option<i64>)> = sqlx::query_as(
            "SELECT valid_from, valid_to FROM promotion WHERE product_key = ? AND list_key = ? \
             AND (valid_to IS NULL OR valid_to > ?) ORDER BY valid_from",
        )
        .bind(product_key)
        .bind(list_key)
        .bind(since.0)
        .fetch_all(&self.readers)
        .await?;
        Ok(ProductHistory {
            own: own
                .iter()
                .map(|row| {
                    Ok(OwnSpan {
                        from: Instant(row.try_get(0)?),
                        to: row.try_get::<Option<i64>, _>(1)?.map(Instant),
                        amount_minor: row.try_get(2)?,
                    })
                })
                .collect::<Result<_, StoreError>>()?,
            offers: offers
                .iter()
                .map(|row| {
                    let pack =
                        pricing_domain::PackCoefficient { numerator: row.try_get(3)?, denominator: row.try_get(4)? };
                    let availability: pricing_domain::Availability =
                        row.try_get::<&str, _>(7)?.parse().map_err(|_| StoreError::Unexpected("a stored word"))?;
                    Ok(HistorySpan {
                        listing_key: row.try_get(0)?,
                        competitor: row.try_get(1)?,
                        amount_minor: pack.like_for_like(row.try_get(2)?),
                        first_seen: Instant(row.try_get(5)?),
                        last_seen: Instant(row.try_get(6)?),
                        buyable: availability.buyable(),
                    })
                })
                .collect::<Result<_, StoreError>>()?,
            promotions: promotions.into_iter().map(|(from, to)| (Instant(from), to.map(Instant))).collect(),
        })
    }
}
