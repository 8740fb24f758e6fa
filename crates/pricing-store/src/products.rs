//! One product with everything that belongs to it, for the panel beside the grid.

use std::str::FromStr;

use pricing_domain::{
    Availability, Confidence, CostType, Currency, ExtractionMethod, Instant, ListingId, MatchType, MicroAmount, Money,
    OfferFlags, OfferKind, PackCoefficient, PriceCause, PriceState, PriceType, ProductId, ReadState,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};

use crate::audit::uuid;
use crate::{Store, StoreError};

/// Which product: inside and at the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProductIdentity {
    /// Inside.
    pub key: i64,
    /// At the contract.
    pub id: ProductId,
}

/// Fields that the snapshot does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductFields {
    /// Manufacturer's number.
    pub mpn: Option<String>,
    /// All GTINs.
    pub gtins: Vec<i64>,
    /// Items in a pack.
    pub pack_items: Option<i64>,
    /// Supplier.
    pub supplier: Option<String>,
    /// Families, separated by commas.
    pub family: Option<String>,
}

/// A dated cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostRow {
    /// Which cost.
    pub cost_type: CostType,
    /// Amount.
    pub amount: MicroAmount,
    /// Currency.
    pub currency: Currency,
    /// From when on.
    pub valid_from: Instant,
}

/// One of our own prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPriceRow {
    /// The list's name.
    pub price_list: String,
    /// What kind.
    pub price_type: PriceType,
    /// Amount.
    pub price: Money,
    /// From when on.
    pub valid_from: Instant,
    /// Until when.
    pub valid_to: Option<Instant>,
    /// How far it has come.
    pub state: PriceState,
    /// Why it exists.
    pub cause: PriceCause,
}

/// A listing with its newest reading and its newest price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingOffer {
    /// Inside.
    pub key: i64,
    /// At the contract.
    pub id: ListingId,
    /// Who.
    pub competitor: String,
    /// Who, inside.
    pub competitor_key: i64,
    /// Where.
    pub url: String,
    /// How close their product is.
    pub match_type: MatchType,
    /// How many of ours theirs is.
    pub pack: PackCoefficient,
    /// What the newest page turned out to be.
    pub state: Option<ReadState>,
    /// In words.
    pub reason: String,
    /// Their title.
    pub title: Option<String>,
    /// The newest price.
    pub span: Option<OfferSpanRow>,
}

/// A stretch of an unchanged offer with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferSpanRow {
    /// What a buyer could pay.
    pub price: Money,
    /// Shown struck through.
    pub was_minor: Option<i64>,
    /// Shipping.
    pub shipping_minor: Option<i64>,
    /// What kind of price.
    pub kind: OfferKind,
    /// Availability.
    pub availability: Availability,
    /// Seen first.
    pub first_seen: Instant,
    /// Seen last.
    pub last_seen: Instant,
    /// Readings.
    pub times_seen: u32,
    /// How it was found.
    pub method: ExtractionMethod,
    /// How sure.
    pub confidence: Confidence,
    /// The piece of the page.
    pub fragment: String,
    /// What is unusual.
    pub flags: OfferFlags,
}

fn parse<T: FromStr>(row: &SqliteRow, index: usize) -> Result<T, StoreError> {
    let text: &str = row.try_get(index)?;
    T::from_str(text).map_err(|_| StoreError::Unexpected("a stored word"))
}

impl Store {
    /// The product with an id.
    pub async fn find_product(&self, id: ProductId) -> Result<Option<i64>, StoreError> {
        Ok(sqlx::query_scalar("SELECT key FROM product WHERE id = ?")
            .bind(id.0.as_bytes().to_vec())
            .fetch_optional(&self.readers)
            .await?)
    }

    /// The product with a SKU.
    pub async fn find_sku(&self, sku: &str) -> Result<Option<ProductIdentity>, StoreError> {
        let row =
            sqlx::query("SELECT key, id FROM product WHERE sku = ?").bind(sku).fetch_optional(&self.readers).await?;
        row.map(|row| Ok(ProductIdentity { key: row.try_get(0)?, id: ProductId(uuid(&row, 1)?) })).transpose()
    }

    /// The ids of products by key, in the order of the keys asked for. At most 500.
    pub async fn product_ids(&self, keys: &[u32]) -> Result<Vec<ProductId>, StoreError> {
        let list = keys.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let sql = format!("SELECT key, id FROM product WHERE key IN ({list})");
        let rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_all(&self.readers).await?;
        let mut found = std::collections::HashMap::with_capacity(keys.len());
        for row in &rows {
            found.insert(row.try_get::<i64, _>(0)?, ProductId(uuid(row, 1)?));
        }
        keys.iter()
            .map(|key| found.get(&i64::from(*key)).copied().ok_or(StoreError::Unexpected("a product key")))
            .collect()
    }

    /// What the snapshot does not hold of a product.
    pub async fn product_fields(&self, key: i64) -> Result<ProductFields, StoreError> {
        let row = sqlx::query(
            "SELECT p.mpn, p.pack_items, s.name, (SELECT group_concat(name, ', ') FROM \
             (SELECT f.name FROM product_family m JOIN family f ON f.key = m.family_key WHERE m.product_key = p.key \
             ORDER BY f.name)) \
             FROM product p LEFT JOIN supplier s ON s.key = p.supplier_key WHERE p.key = ?",
        )
        .bind(key)
        .fetch_one(&self.readers)
        .await?;
        let gtins = sqlx::query_scalar("SELECT gtin FROM product_gtin WHERE product_key = ? ORDER BY gtin")
            .bind(key)
            .fetch_all(&self.readers)
            .await?;
        Ok(ProductFields {
            mpn: row.try_get(0)?,
            pack_items: row.try_get(1)?,
            supplier: row.try_get(2)?,
            family: row.try_get(3)?,
            gtins,
        })
    }

    /// All costs of a product, newest first.
    pub async fn costs_of(&self, key: i64) -> Result<Vec<CostRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT cost_type, amount_micro, currency, valid_from FROM cost WHERE product_key = ? \
             ORDER BY valid_from DESC, cost_type",
        )
        .bind(key)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(CostRow {
                    cost_type: parse(row, 0)?,
                    amount: MicroAmount(row.try_get(1)?),
                    currency: parse(row, 2)?,
                    valid_from: Instant(row.try_get(3)?),
                })
            })
            .collect()
    }

    /// Prices of a product that hold now or later, by list. Whether one is planned or live is told by the time.
    pub async fn prices_of(&self, key: i64, now: Instant) -> Result<Vec<OwnPriceRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT l.name, p.price_type, p.amount_minor, l.currency, p.valid_from, p.valid_to, \
             CASE WHEN p.valid_from > ?2 THEN 'planned' WHEN p.state = 'sent' THEN 'sent' ELSE 'live' END, p.cause \
             FROM price p JOIN price_list l ON l.key = p.list_key WHERE p.product_key = ?1 \
             AND (p.valid_to IS NULL OR p.valid_to > ?2) ORDER BY l.is_default DESC, l.key, p.valid_from DESC",
        )
        .bind(key)
        .bind(now.0)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(OwnPriceRow {
                    price_list: row.try_get(0)?,
                    price_type: parse(row, 1)?,
                    price: Money::new(row.try_get(2)?, parse(row, 3)?),
                    valid_from: Instant(row.try_get(4)?),
                    valid_to: row.try_get::<Option<i64>, _>(5)?.map(Instant),
                    state: parse(row, 6)?,
                    cause: parse(row, 7)?,
                })
            })
            .collect()
    }

    /// The listings of a product with their newest price.
    pub async fn listings_of(&self, key: i64) -> Result<Vec<ListingOffer>, StoreError> {
        let rows = sqlx::query(
            "SELECT l.key, l.id, c.name, l.url, l.match_type, l.pack_numerator, l.pack_denominator, r.state, \
             coalesce(r.reason, ''), r.title, s.amount_minor, s.currency, s.was_minor, s.shipping_minor, s.kind, \
             s.availability, s.first_seen, s.last_seen, s.times_seen, s.method, s.confidence, \
             coalesce(e.fragment, ''), s.flags, l.competitor_key FROM listing l \
             JOIN competitor c ON c.key = l.competitor_key LEFT JOIN listing_reading r ON r.listing_key = l.key \
             LEFT JOIN offer_span s ON s.listing_key = l.key AND s.first_seen = \
             (SELECT max(first_seen) FROM offer_span x WHERE x.listing_key = l.key) \
             LEFT JOIN evidence e ON e.key = s.evidence_key \
             WHERE l.product_key = ? AND l.decision = 'accepted' ORDER BY c.name, l.key",
        )
        .bind(key)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(listing_offer).collect()
    }
}

fn listing_offer(row: &SqliteRow) -> Result<ListingOffer, StoreError> {
    let state: Option<&str> = row.try_get(7)?;
    let amount: Option<i64> = row.try_get(10)?;
    let span = amount
        .map(|amount| {
            Ok::<_, StoreError>(OfferSpanRow {
                price: Money::new(amount, parse(row, 11)?),
                was_minor: row.try_get(12)?,
                shipping_minor: row.try_get(13)?,
                kind: parse(row, 14)?,
                availability: parse(row, 15)?,
                first_seen: Instant(row.try_get(16)?),
                last_seen: Instant(row.try_get(17)?),
                times_seen: row.try_get(18)?,
                method: parse(row, 19)?,
                confidence: parse(row, 20)?,
                fragment: row.try_get(21)?,
                flags: OfferFlags(row.try_get(22)?),
            })
        })
        .transpose()?;
    Ok(ListingOffer {
        key: row.try_get(0)?,
        id: ListingId(uuid(row, 1)?),
        competitor: row.try_get(2)?,
        competitor_key: row.try_get(23)?,
        url: row.try_get(3)?,
        match_type: parse(row, 4)?,
        pack: PackCoefficient { numerator: row.try_get(5)?, denominator: row.try_get(6)? },
        state: state.map(|text| text.parse().map_err(|_| StoreError::Unexpected("a stored word"))).transpose()?,
        reason: row.try_get(8)?,
        title: row.try_get(9)?,
        span,
    })
}
