//! A long history for measurements: listings, spans, sales and volumes by a formula in whole numbers, so that another
//! database can make the same rows. Not part of the product: only with the feature `measuring`.

use pricing_domain::{Instant, MICROSECONDS_PER_DAY};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use crate::operation::Durability;
use crate::{Store, StoreError};

/// Days that the history covers.
pub const HISTORY_DAYS: i64 = 730;
/// Spans of each listing.
pub const SPANS_A_LISTING: i64 = 10;
/// Products with sales: one of so many.
const SOLD_PART: i64 = 20;
/// Days with sales.
const SALES_DAYS: i64 = 112;
/// Products of which spans are written in one transaction.
const PRODUCTS_A_WRITE: i64 = 20_000;
/// Products with a minimum advertised price.
const ADVERTISED: i64 = 100;

/// What was generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GeneratedHistory {
    /// Listings, one for each product and competitor.
    pub listings: u64,
    /// Their spans.
    pub spans: u64,
    /// Rows of sales.
    pub sales: u64,
}

/// The same rows are made here and by another database, in its own words.
#[derive(Clone, Copy)]
struct Formula {
    /// Divides whole numbers.
    division: &'static str,
    /// A product's own price.
    price: &'static str,
    /// The midnight with which the day of the newest prices begins, in microseconds.
    today: i64,
}

impl Formula {
    fn new(division: &'static str, price: &'static str, now: Instant) -> Self {
        Self { division, price, today: now.0.div_euclid(MICROSECONDS_PER_DAY) * MICROSECONDS_PER_DAY }
    }

    /// When span `n` of a listing was seen first.
    fn first_seen(self, n: &str) -> String {
        let begin = self.today - HISTORY_DAYS * MICROSECONDS_PER_DAY;
        let day = format!("(({n}) * 73 + {} % 60)", mixed("l.key", n));
        let second = format!("({} % 3600)", mixed("l.key", &format!("{n} + 50")));
        format!("({begin} + ({day} * 86400 + 18000 + {second}) * 1000000)")
    }

    /// When it was seen last: a day before the next one, the newest today.
    fn last_seen(self) -> String {
        let newest = format!("({} + (18000 + {} % 3600) * 1000000)", self.today, mixed("l.key", "n + 50"));
        format!(
            "CASE WHEN n < {} THEN {} - {MICROSECONDS_PER_DAY} ELSE {newest} END",
            SPANS_A_LISTING - 1,
            self.first_seen("n + 1")
        )
    }

    fn amount(self) -> String {
        let Self { division, price, .. } = self;
        let amount = format!("({price} * (84 + {} % 28) {division} 100)", mixed("l.key", "n + 100"));
        format!("CASE WHEN {amount} < 1 THEN 1 ELSE {amount} END")
    }
}

/// A number from two others, 20 bits of it.
fn mixed(one: &str, other: &str) -> String {
    format!("(((({one}) * 2654435761 + ({other}) * 40503 + 12345) >> 9) & 1048575)")
}

/// A query for DuckDB that gives the spans of [`Store::generate_history`] from a table `product (key, amount_minor)`:
/// product, competitor (from 1), first, last, amount.
pub fn spans_for_duckdb(competitors: usize, now: Instant) -> String {
    let formula = Formula::new("//", "l.amount_minor", now);
    format!(
        "SELECT l.product, l.competitor, {} AS first, {} AS last, {} AS amount FROM (SELECT p.key AS product, \
         c.key AS competitor, (p.key - 1) * {competitors} + c.key AS key, p.amount_minor FROM product p CROSS JOIN \
         (SELECT unnest(range(1, {competitors} + 1)) AS key) c) l \
         CROSS JOIN (SELECT unnest(range(0, {SPANS_A_LISTING})) AS n) step",
        formula.first_seen("n"),
        formula.last_seen(),
        formula.amount()
    )
}

impl Store {
    /// Gives every product a listing at each of these competitors with two years of prices up to `now`, and some of them
    /// sales. Into a workspace that has products only.
    pub async fn generate_history(&self, competitors: &[&str], now: Instant) -> Result<GeneratedHistory, StoreError> {
        let mut op = self.begin("benchmark", "generate", now, Durability::Facts).await?;
        for name in competitors {
            let id = op.ids.next_id();
            sqlx::query("INSERT INTO competitor (id, name, created_seq, changed_seq) VALUES (?1, ?2, ?3, ?3)")
                .bind(id.as_bytes().to_vec())
                .bind(*name)
                .bind(op.sequence)
                .execute(op.connection())
                .await?;
        }
        op.mark_all_stale().await?;
        op.commit("Generated a history", false).await?;
        let mut connection = self.staging_connection().await?;
        run(&mut connection, "PRAGMA synchronous = OFF").await?;
        let listings = add_listings(&mut connection, competitors.len()).await?;
        let spans = add_spans(&mut connection, now).await?;
        let sales = add_sales(&mut connection, now).await?;
        add_advertised_prices(&mut connection).await?;
        connection.close().await?;
        Ok(GeneratedHistory { listings, spans, sales })
    }

    /// (key, price, units of 28 days in thousandths, category, brand) of every product on the list that is shown first, as
    /// lines of CSV without a heading.
    pub async fn products_for_duckdb(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT p.key || ',' || a.amount_minor || ',' || coalesce(v.units_milli, 0) || ',\"' \
                   || coalesce(c.path, '') || '\",\"' || coalesce(b.name, '') || '\"' FROM product p \
                   JOIN price a ON a.product_key = p.key AND a.list_key = (SELECT min(key) FROM price_list) \
                   AND a.price_type = 'regular' AND a.min_quantity_milli = 0 \
                   LEFT JOIN product_volume v ON v.product_key = p.key LEFT JOIN category c ON c.key = p.category_key \
                   LEFT JOIN brand b ON b.key = p.brand_key";
        Ok(sqlx::query_scalar(sql).fetch_all(&self.readers).await?)
    }

    /// Some listings with the amount of their newest span, spread over all of them.
    pub async fn spread_listings(&self, count: i64) -> Result<Vec<(i64, i64)>, StoreError> {
        let sql = "SELECT l.key, (SELECT s.amount_minor FROM offer_span s WHERE s.listing_key = l.key \
                   ORDER BY s.first_seen DESC LIMIT 1) FROM listing l \
                   WHERE l.key % max(1, (SELECT max(key) FROM listing) / ?1) = 0 LIMIT ?1";
        Ok(sqlx::query_as(sql).bind(count).fetch_all(&self.readers).await?)
    }
}

async fn add_listings(connection: &mut SqliteConnection, competitors: usize) -> Result<u64, StoreError> {
    let sql = format!(
        "INSERT INTO listing (key, id, product_key, competitor_key, url, match_type, created_seq, changed_seq) \
         SELECT (p.key - 1) * {competitors} + c.key, CAST(printf('%016d', (p.key - 1) * {competitors} + c.key) AS BLOB), \
         p.key, c.key, 'https://' || lower(c.name) || '.example/p/' || p.key, 'exact', p.created_seq, p.created_seq \
         FROM product p CROSS JOIN competitor c"
    );
    run(connection, &sql).await
}

async fn add_spans(connection: &mut SqliteConnection, now: Instant) -> Result<u64, StoreError> {
    run(connection, "DROP INDEX offer_span_first_seen").await?;
    run(connection, "CREATE TEMP TABLE step (n INTEGER PRIMARY KEY)").await?;
    for n in 0..SPANS_A_LISTING {
        run(connection, &format!("INSERT INTO step VALUES ({n})")).await?;
    }
    let formula = Formula::new("/", "p.amount_minor", now);
    let (first, seen, amount) = (formula.first_seen("n"), formula.last_seen(), formula.amount());
    let sql = format!(
        "INSERT INTO offer_span (listing_key, first_seen, last_seen, times_seen, amount_minor, currency, \
         kind_code, availability_code, condition_code, confidence_code, method_code) SELECT key, first, last, (last - first) / {MICROSECONDS_PER_DAY} + 1, \
         amount, 'EUR', 0, 0, 0, 0, 0 FROM (SELECT l.key AS key, {first} AS first, \
         {seen} AS last, {amount} AS amount FROM price p CROSS JOIN listing l CROSS JOIN temp.step \
         WHERE p.product_key >= ?1 AND p.product_key < ?2 AND p.list_key = (SELECT min(key) FROM price_list) \
         AND p.price_type = 'regular' AND p.min_quantity_milli = 0 AND l.product_key = p.product_key)"
    );
    let products: i64 = sqlx::query_scalar("SELECT max(key) FROM product").fetch_one(&mut *connection).await?;
    let mut rows = 0;
    for from in (0..=products).step_by(usize::try_from(PRODUCTS_A_WRITE).unwrap_or(usize::MAX)) {
        let query = sqlx::query(AssertSqlSafe(sql.clone())).bind(from).bind(from + PRODUCTS_A_WRITE);
        rows += query.execute(&mut *connection).await?.rows_affected();
    }
    run(connection, "CREATE INDEX offer_span_first_seen ON offer_span (first_seen)").await?;
    run(connection, "PRAGMA wal_checkpoint(TRUNCATE)").await?;
    Ok(rows)
}

/// A minimum advertised price that every competitor is below, for as many products as fill a dozen pages of a report.
async fn add_advertised_prices(connection: &mut SqliteConnection) -> Result<u64, StoreError> {
    let sql = format!(
        "INSERT INTO price_bound (product_key, list_key, map_minor, created_seq, changed_seq) \
         SELECT product_key, list_key, amount_minor * 2, created_seq, changed_seq FROM price \
         WHERE price_type = 'regular' AND min_quantity_milli = 0 AND list_key = (SELECT min(key) FROM price_list) \
         ORDER BY product_key LIMIT {ADVERTISED} ON CONFLICT DO UPDATE SET map_minor = excluded.map_minor"
    );
    run(connection, &sql).await
}

async fn add_sales(connection: &mut SqliteConnection, now: Instant) -> Result<u64, StoreError> {
    let today = now.0.div_euclid(MICROSECONDS_PER_DAY);
    let units = mixed("p.key", "7");
    let volumes = format!(
        "INSERT OR REPLACE INTO product_volume (product_key, units_milli) SELECT p.key, (1 + {units} % 40) * 1000 \
         FROM product p"
    );
    run(connection, &volumes).await?;
    let sold = mixed("p.product_key", "d.day");
    let sql = format!(
        "WITH RECURSIVE d (day) AS (SELECT {today} - {SALES_DAYS} UNION ALL SELECT day + 1 FROM d WHERE day < {today} - 1) \
         INSERT INTO sales (product_key, day, list_key, units_milli, net_revenue_micro, created_seq, changed_seq) \
         SELECT p.product_key, d.day, 0, (1 + {sold} % 4) * 1000, (1 + {sold} % 4) * p.amount_minor * 10000 * 100 / 107, \
         p.created_seq, p.created_seq FROM price p CROSS JOIN d WHERE p.product_key % {SOLD_PART} = 0 \
         AND p.list_key = (SELECT min(key) FROM price_list) AND p.price_type = 'regular' AND p.min_quantity_milli = 0"
    );
    run(connection, &sql).await
}

async fn run(connection: &mut SqliteConnection, sql: &str) -> Result<u64, StoreError> {
    Ok(sqlx::query(AssertSqlSafe(sql.to_owned())).execute(connection).await?.rows_affected())
}
