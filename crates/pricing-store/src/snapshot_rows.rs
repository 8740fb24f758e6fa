//! The rows the snapshot is built from, streamed in the order of the product key. Each stream reads one table, so
//! that no join multiplies rows; the builder puts them together.

use std::path::Path;
use std::time::Duration;

use pricing_domain::{
    BasisPoints, CompetitorId, Currency, ExchangeRate, Instant, OfferFlags, PackCoefficient, ProductId,
};
use rusqlite::OpenFlags;
use sqlx::Row;
use uuid::Uuid;

use crate::audit::uuid;
use crate::figures::IS_PROMOTED;
use crate::{Store, StoreError};

/// A product with the names of what it refers to.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table of the same name")]
pub struct ProductRecord<'a> {
    pub key: i64,
    pub sku: &'a str,
    pub name: &'a str,
    pub brand: &'a str,
    pub category: &'a str,
    pub supplier: &'a str,
    pub role: &'a str,
    pub lifecycle: &'a str,
    pub key_value: bool,
    pub own_brand: bool,
    pub net_content_micro: Option<i64>,
    pub content_unit: &'a str,
    pub vat_class: &'a str,
    pub tags: &'a str,
    /// JSON: an object of texts; empty: none.
    pub attributes: &'a str,
}

/// A GTIN of a product.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table of the same name")]
pub struct GtinRecord {
    pub product_key: i64,
    pub gtin: i64,
}

/// A dated cost in force.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table of the same name")]
pub struct CostRecord<'a> {
    pub product_key: i64,
    pub cost_type: &'a str,
    pub valid_from: i64,
    pub amount_micro: i64,
    pub currency: &'a str,
    /// The change that it came or changed with last: of equal beginnings the later one counts.
    pub changed_seq: i64,
}

/// A regular price in force or in the past; the newest that has begun counts.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table of the same name")]
pub struct PriceRecord {
    pub product_key: i64,
    pub list_key: i64,
    pub amount_minor: i64,
    pub valid_from: i64,
}

/// Limits of a product on a list.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table of the same name")]
pub struct BoundRecord {
    pub product_key: i64,
    pub list_key: i64,
    pub min_minor: Option<i64>,
    pub max_minor: Option<i64>,
    pub map_minor: Option<i64>,
    pub rrp_minor: Option<i64>,
}

/// A competitor.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table of the same name")]
pub struct CompetitorRecord {
    pub key: i64,
    pub id: CompetitorId,
    pub name: String,
}

/// The newest span of a listing.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the tables of the same names")]
pub struct OfferRecord<'a> {
    pub product_key: i64,
    pub listing_key: i64,
    pub competitor_key: i64,
    pub amount_minor: i64,
    pub shipping_minor: Option<i64>,
    pub currency: &'a str,
    pub kind: &'a str,
    pub availability: &'a str,
    pub condition: &'a str,
    pub match_type: &'a str,
    pub pack: PackCoefficient,
    pub last_seen: i64,
    pub times_seen: u32,
    pub flags: OfferFlags,
    /// What the newest page turned out to be; it may have become unreadable since the span.
    pub state: &'a str,
}

/// What was sold of a product on a day, on one price list or on all.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table of the same name")]
pub struct SalesRecord {
    pub product_key: i64,
    pub day: i64,
    pub units_milli: i64,
    pub net_revenue_micro: Option<i64>,
    pub price_micro: Option<i64>,
    pub is_promotion: bool,
}

/// A VAT rate.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table of the same name")]
pub struct VatRecord {
    pub class: String,
    pub country: String,
    pub rate: BasisPoints,
}

/// Which products a stream is about.
#[derive(Clone, Debug, Default)]
pub struct ProductFilter(Option<String>);

impl ProductFilter {
    /// Only these, by key.
    pub fn only(keys: impl IntoIterator<Item = i64>) -> Self {
        let keys: Vec<String> = keys.into_iter().map(|key| key.to_string()).collect();
        Self(Some(keys.join(",")))
    }

    pub(crate) const fn is_everything(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn sql(&self, column: &str) -> String {
        self.0.as_ref().map_or_else(String::new, |keys| format!(" AND {column} IN ({keys})"))
    }
}

/// Reads the tables of the snapshot as they stand at one moment, on a connection and a thread of its own: a catalogue of
/// a million products is some ten million rows, of which each must cost as little as can be.
pub struct SnapshotReader {
    pub(crate) connection: rusqlite::Connection,
}

macro_rules! stream {
    ($reader:expr, $sql:expr, [$($bind:expr),*], |$row:ident| $body:block) => {{
        let mut statement = $reader.connection.prepare($sql)?;
        let mut rows = statement.query(rusqlite::params![$($bind),*])?;
        while let Some($row) = rows.next()? $body
        Ok::<(), StoreError>(())
    }};
}

pub(crate) fn text<'row>(row: &'row rusqlite::Row<'_>, column: usize) -> Result<&'row str, StoreError> {
    row.get_ref(column)?.as_str().map_err(|_| StoreError::Unexpected("a text"))
}

impl SnapshotReader {
    /// Opens a file that is a workspace and open already, at this moment.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = rusqlite::Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(30))?;
        connection.execute_batch("PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -65536; BEGIN")?;
        Ok(Self { connection })
    }

    pub(crate) const fn connection(&self) -> &rusqlite::Connection {
        &self.connection
    }

    /// The last change that is in what it reads. The first question to a reader settles its moment.
    fn sequence(&self) -> Result<i64, StoreError> {
        Ok(self.connection.query_row("SELECT coalesce(max(key), 0) FROM change_set", [], |row| row.get(0))?)
    }

    /// The keys of all products, ascending.
    pub fn product_keys(&self) -> Result<Vec<i64>, StoreError> {
        // In the order in which an index gives them, which is smaller than the table.
        let mut statement = self.connection.prepare("SELECT key FROM product")?;
        let mut keys = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        keys.sort_unstable();
        Ok(keys)
    }

    /// (key, id) of all products, in any order.
    pub fn stream_product_ids(&self, mut each: impl FnMut(i64, ProductId)) -> Result<(), StoreError> {
        stream!(self, "SELECT key, id FROM product", [], |row| {
            let id = row.get_ref(1)?.as_blob().ok().and_then(|bytes| bytes.try_into().ok());
            let id: [u8; 16] = id.ok_or(StoreError::Unexpected("the id of a product"))?;
            each(row.get(0)?, ProductId(Uuid::from_bytes(id)));
        })
    }

    /// All products by key.
    pub fn stream_products(&self, mut each: impl FnMut(ProductRecord<'_>)) -> Result<(), StoreError> {
        let sql = "SELECT p.key, p.sku, p.name, coalesce(b.name, ''), coalesce(c.path, ''), coalesce(s.name, ''), \
                   coalesce(p.role, ''), coalesce(p.lifecycle, ''), \
                   coalesce(p.key_value, 0) + 2 * coalesce(p.own_brand, 0), p.net_content_micro, \
                   coalesce(p.content_unit, ''), coalesce(p.vat_class, ''), coalesce(p.tags, ''), \
                   coalesce(p.attributes, '') FROM product p \
                   LEFT JOIN brand b ON b.key = p.brand_key LEFT JOIN category c ON c.key = p.category_key \
                   LEFT JOIN supplier s ON s.key = p.supplier_key ORDER BY p.key";
        stream!(self, &sql, [], |row| {
            let flags: i64 = row.get(8)?;
            each(ProductRecord {
                key: row.get(0)?,
                sku: text(row, 1)?,
                name: text(row, 2)?,
                brand: text(row, 3)?,
                category: text(row, 4)?,
                supplier: text(row, 5)?,
                role: text(row, 6)?,
                lifecycle: text(row, 7)?,
                key_value: flags & 1 == 1,
                own_brand: flags & 2 == 2,
                net_content_micro: row.get(9)?,
                content_unit: text(row, 10)?,
                vat_class: text(row, 11)?,
                tags: text(row, 12)?,
                attributes: text(row, 13)?,
            });
        })
    }

    /// GTINs by product.
    pub fn stream_gtins(&self, mut each: impl FnMut(GtinRecord)) -> Result<(), StoreError> {
        stream!(self, "SELECT product_key, gtin FROM product_gtin ORDER BY product_key", [], |row| {
            each(GtinRecord { product_key: row.get(0)?, gtin: row.get(1)? });
        })
    }

    /// (product, family) by product.
    pub fn stream_families(&self, mut each: impl FnMut(i64, &str)) -> Result<(), StoreError> {
        let sql = "SELECT m.product_key, f.name FROM product_family m JOIN family f ON f.key = m.family_key \
                   ORDER BY m.product_key";
        stream!(self, &sql, [], |row| {
            each(row.get(0)?, text(row, 1)?);
        })
    }

    /// (product, pieces at a location) by product. A number that names no location is that of all together, and counts
    /// only where no location is known.
    pub fn stream_stock(&self, mut each: impl FnMut(i64, i64)) -> Result<(), StoreError> {
        let sql = "SELECT s.product_key, s.quantity FROM stock s WHERE s.location <> '' OR NOT EXISTS (SELECT 1 \
                   FROM stock o WHERE o.product_key = s.product_key AND o.location <> '') ORDER BY s.product_key";
        stream!(self, sql, [], |row| {
            each(row.get(0)?, row.get(1)?);
        })
    }

    /// Costs that have begun, by product.
    pub fn stream_costs(
        &self,
        filter: &ProductFilter,
        now: Instant,
        mut each: impl FnMut(CostRecord<'_>),
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT product_key, cost_type, valid_from, amount_micro, currency, changed_seq FROM cost WHERE valid_from <= ?{} \
             ORDER BY product_key",
            filter.sql("product_key")
        );
        stream!(self, &sql, [now.0], |row| {
            each(CostRecord {
                product_key: row.get(0)?,
                cost_type: text(row, 1)?,
                valid_from: row.get(2)?,
                amount_micro: row.get(3)?,
                currency: text(row, 4)?,
                changed_seq: row.get(5)?,
            });
        })
    }

    /// Regular prices in force, by product.
    pub fn stream_prices(
        &self,
        filter: &ProductFilter,
        now: Instant,
        mut each: impl FnMut(PriceRecord),
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT product_key, list_key, amount_minor, valid_from FROM price WHERE price_type = 'regular' \
             AND min_quantity_milli = 0 AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?){}",
            filter.sql("product_key")
        );
        stream!(self, &sql, [now.0, now.0], |row| {
            each(PriceRecord {
                product_key: row.get(0)?,
                list_key: row.get(1)?,
                amount_minor: row.get(2)?,
                valid_from: row.get(3)?,
            });
        })
    }

    /// When the first price of each product began (microseconds since 1970), in the order of the product key.
    pub fn stream_first_prices(&self, mut each: impl FnMut(i64, i64)) -> Result<(), StoreError> {
        let sql = "SELECT product_key, MIN(valid_from) FROM price GROUP BY product_key ORDER BY product_key";
        stream!(self, &sql, [], |row| {
            each(row.get(0)?, row.get(1)?);
        })
    }

    /// Limits by product.
    pub fn stream_bounds(&self, mut each: impl FnMut(BoundRecord)) -> Result<(), StoreError> {
        let sql = "SELECT product_key, list_key, min_minor, max_minor, map_minor, rrp_minor FROM price_bound";
        stream!(self, &sql, [], |row| {
            each(BoundRecord {
                product_key: row.get(0)?,
                list_key: row.get(1)?,
                min_minor: row.get(2)?,
                max_minor: row.get(3)?,
                map_minor: row.get(4)?,
                rrp_minor: row.get(5)?,
            });
        })
    }

    /// (product, list) pairs under a lock now, with the price that it names; the newest lock first.
    pub fn stream_locks(
        &self,
        filter: &ProductFilter,
        now: Instant,
        mut each: impl FnMut(i64, i64, Option<i64>),
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT product_key, list_key, amount_minor FROM price_lock \
             WHERE valid_from <= ? AND (valid_to IS NULL OR valid_to > ?){} ORDER BY valid_from DESC",
            filter.sql("product_key")
        );
        stream!(self, &sql, [now.0, now.0], |row| {
            each(row.get(0)?, row.get(1)?, row.get(2)?);
        })
    }

    /// (product, list) pairs in a promotion now, or with a price of that type.
    pub fn stream_promotions(
        &self,
        filter: &ProductFilter,
        now: Instant,
        mut each: impl FnMut(i64, i64),
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT product_key, list_key FROM promotion WHERE valid_from <= ?1 AND (valid_to IS NULL OR valid_to > ?2){of} \
             UNION ALL SELECT product_key, list_key FROM price WHERE price_type = 'promotion' AND valid_from <= ?1 \
             AND (valid_to IS NULL OR valid_to > ?2){of}",
            of = filter.sql("product_key")
        );
        stream!(self, &sql, [now.0, now.0], |row| {
            each(row.get(0)?, row.get(1)?);
        })
    }

    /// (product, units of 28 days in thousandths).
    pub fn stream_volumes(&self, mut each: impl FnMut(i64, i64)) -> Result<(), StoreError> {
        stream!(self, "SELECT product_key, units_milli FROM product_volume", [], |row| {
            each(row.get(0)?, row.get(1)?);
        })
    }

    /// The newest day with sales of any product. Reads every row.
    pub fn newest_sale(&self) -> Result<Option<i64>, StoreError> {
        Ok(self.connection.query_row("SELECT max(day) FROM sales", [], |row| row.get(0))?)
    }

    /// Sales on the default list by product and day.
    pub fn stream_sales(&self, each: impl FnMut(SalesRecord)) -> Result<(), StoreError> {
        self.stream_sales_of(&ProductFilter::default(), each)
    }

    /// Sales of some products on the default list by product and day.
    pub fn stream_sales_of(&self, filter: &ProductFilter, mut each: impl FnMut(SalesRecord)) -> Result<(), StoreError> {
        let only = filter.sql("product_key");
        let sql = format!(
            "SELECT product_key, day, units_milli, net_revenue_micro, price_micro, {IS_PROMOTED} FROM sales \
             WHERE list_key = 0{only} ORDER BY product_key, day"
        );
        stream!(self, &sql, [], |row| {
            each(SalesRecord {
                product_key: row.get(0)?,
                day: row.get(1)?,
                units_milli: row.get(2)?,
                net_revenue_micro: row.get(3)?,
                price_micro: row.get(4)?,
                is_promotion: row.get(5)?,
            });
        })
    }

    /// (product, role) of products that have one.
    pub fn stream_roles(&self, filter: &ProductFilter, mut each: impl FnMut(i64, String)) -> Result<(), StoreError> {
        let sql = format!("SELECT key, role FROM product WHERE role IS NOT NULL{}", filter.sql("key"));
        stream!(self, &sql, [], |row| {
            each(row.get(0)?, row.get(1)?);
        })
    }

    /// (product, list, is an exception) of proposals that wait in the newest batch.
    pub fn stream_waiting(
        &self,
        filter: &ProductFilter,
        mut each: impl FnMut(i64, i64, bool),
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT product_key, list_key, kind = 'exception' FROM proposal WHERE status = 'pending' \
             AND batch_key = (SELECT max(key) FROM batch WHERE finished = 1){}",
            filter.sql("product_key")
        );
        stream!(self, &sql, [], |row| {
            each(row.get(0)?, row.get(1)?, row.get(2)?);
        })
    }
}

impl Store {
    /// A reader of the snapshot's tables as they stand now. Reads block: it belongs on a blocking thread.
    pub fn snapshot_reader(&self) -> Result<SnapshotReader, StoreError> {
        SnapshotReader::open(self.path())
    }

    /// Two readers of the same moment, for two threads.
    pub fn snapshot_readers(&self) -> Result<[SnapshotReader; 2], StoreError> {
        let mut first = self.snapshot_reader()?;
        loop {
            let second = self.snapshot_reader()?;
            if first.sequence()? == second.sequence()? {
                return Ok([first, second]);
            }
            first = second;
        }
    }

    /// All competitors by key.
    pub async fn competitors(&self) -> Result<Vec<CompetitorRecord>, StoreError> {
        let rows = sqlx::query("SELECT key, id, name FROM competitor ORDER BY key").fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                Ok(CompetitorRecord { key: row.try_get(0)?, id: CompetitorId(uuid(row, 1)?), name: row.try_get(2)? })
            })
            .collect()
    }

    /// All exchange rates.
    pub async fn exchange_rates(&self) -> Result<Vec<ExchangeRate>, StoreError> {
        let rows =
            sqlx::query("SELECT base, quote, day, mantissa, scale FROM exchange_rate").fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                let currency = |code| Currency::new(code).map_err(|_| StoreError::Unexpected("a currency"));
                Ok(ExchangeRate {
                    base: currency(row.try_get(0)?)?,
                    quote: currency(row.try_get(1)?)?,
                    day: row.try_get(2)?,
                    mantissa: row.try_get(3)?,
                    scale: row.try_get(4)?,
                })
            })
            .collect()
    }

    /// All VAT rates.
    pub async fn vat_rates(&self) -> Result<Vec<VatRecord>, StoreError> {
        let rows = sqlx::query("SELECT class, country, rate_bp FROM vat_rate ORDER BY class, country, valid_from")
            .fetch_all(&self.readers)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(VatRecord { class: row.try_get(0)?, country: row.try_get(1)?, rate: BasisPoints(row.try_get(2)?) })
            })
            .collect()
    }
}
