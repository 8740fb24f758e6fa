//! Merging products: the product itself, then what its row says of GTINs, family, stock, cost, limits and price.

use pricing_domain::MICROSECONDS_PER_DAY;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::{MergeCounts, RefusedRow, attributes, prices, refusals, sales};
use crate::StoreError;
use crate::merge::{MergeTable, execute, insert_new, is_empty, keep_images, merge, table, touch};
use crate::operation::Operation;

/// Staged rows with their products, found once for all that follows.
pub(super) const JOINED: &str = "FROM temp.identified p CROSS JOIN temp.stage s ON s.rowid = p.place";
/// The names of a staged row's families; what is staged separates them by `|`.
pub(super) const FAMILIES: &str = "json_each('[' || replace(json_quote(s.family), '|', '\",\"') || ']')";
/// What every row of a product's belongings begins with.
pub(super) const FRESH: &str = "s.line, p.fresh, p.key AS product_key";

pub(super) async fn merge_products(
    op: &mut Operation,
    refused: &mut Vec<RefusedRow>,
) -> Result<MergeCounts, StoreError> {
    let default = sqlx::query("SELECT key, currency FROM price_list ORDER BY is_default DESC, key LIMIT 1")
        .fetch_optional(op.connection())
        .await?;
    // Without a list there is no row either: the first one brings its list with it.
    let Some(default) = default else { return Ok(MergeCounts::default()) };
    let (list, currency): (i64, String) = (default.try_get(0)?, default.try_get(1)?);
    refused.extend(
        refusals::refuse_where(
            op,
            "currency",
            &format!("currency <> (SELECT currency FROM price_list WHERE key = {list})"),
            &foreign_currency_words(&currency),
        )
        .await?,
    );
    refused.extend(refusals::unfinished_products(op.connection()).await?);
    settle_lifecycles(op.connection()).await?;
    refused.extend(attributes::settle(op.connection()).await?);
    for (dictionary, name, column) in
        [("brand", "name", "brand"), ("supplier", "name", "supplier"), ("category", "path", "category")]
    {
        extend_dictionary(op, dictionary, name, column).await?;
    }
    execute(
        op,
        format!(
            "INSERT OR IGNORE INTO family (name) SELECT DISTINCT j.value FROM temp.stage s CROSS JOIN {FAMILIES} j \
             WHERE s.family IS NOT NULL"
        ),
    )
    .await?;
    let products = "SELECT s.*, 1 AS fresh, b.key AS brand_key, v.key AS supplier_key, c.key AS category_key \
         FROM temp.stage s LEFT JOIN brand b ON b.name = s.brand LEFT JOIN supplier v ON v.name = s.supplier \
         LEFT JOIN category c ON c.path = s.category";
    if is_empty(op, "product").await? {
        insert_new(op, table("product"), products).await?;
    } else {
        merge(op, table("product"), products).await?;
    }
    let added = identify(op).await?;
    let all_new = is_empty(op, "temp.identified WHERE fresh = 0").await?;
    merge_belongings(op, list, all_new).await?;
    if !is_empty(op, "temp.stage WHERE sale_state IS NOT NULL").await? {
        sales::merge_sale_prices(op, list).await?;
    }
    execute(op, "DROP TABLE temp.identified".to_owned()).await?;
    let touched: i64 = sqlx::query_scalar("SELECT count(*) FROM temp.touched").fetch_one(op.connection()).await?;
    Ok(MergeCounts { added, changed: u64::try_from(touched).unwrap_or(0) })
}

/// Whether a staged row gives a product that is there already another category, brand or role.
pub(super) async fn moves_segments(op: &mut Operation) -> Result<bool, StoreError> {
    let differs = "temp.stage s CROSS JOIN product p ON p.sku = s.sku LEFT JOIN brand b ON b.key = p.brand_key \
                   LEFT JOIN category c ON c.key = p.category_key \
                   WHERE (s.category IS NOT NULL AND s.category IS NOT c.path) \
                   OR (s.brand IS NOT NULL AND s.brand IS NOT b.name) \
                   OR (s.role IS NOT NULL AND s.role IS NOT p.role)";
    Ok(!is_empty(op, differs).await?)
}

/// Finds the product of each staged row, and whether it is new with this change set; gives how many are.
async fn identify(op: &mut Operation) -> Result<u64, StoreError> {
    let sequence = op.sequence;
    execute(op, "CREATE TEMP TABLE identified (place INTEGER PRIMARY KEY, key, fresh)".to_owned()).await?;
    execute(
        op,
        format!(
            "INSERT INTO temp.identified SELECT s.rowid, p.key, p.created_seq = {sequence} FROM temp.stage s \
             CROSS JOIN product p ON p.sku = s.sku"
        ),
    )
    .await?;
    let new: i64 =
        sqlx::query_scalar("SELECT count(*) FROM temp.identified WHERE fresh = 1").fetch_one(op.connection()).await?;
    Ok(u64::try_from(new).unwrap_or(0))
}

/// Merges what the rows say beside the product itself. Where all products are new, nothing of it can be there yet.
async fn merge_belongings(op: &mut Operation, list: i64, all_new: bool) -> Result<(), StoreError> {
    let at = op.at.0;
    if !all_new {
        leave_families(op).await?;
        forget_empty_stock(op).await?;
    }
    for (table, source) in belongings(list, at) {
        if all_new {
            insert_new(op, table, &source).await?;
        } else {
            merge(op, table, &source).await?;
        }
    }
    let prices = format!("s.price_minor AS amount_minor, NULL AS valid_to {JOINED} WHERE s.price_minor IS NOT NULL");
    let regular = format!("SELECT {FRESH}, {list} AS list_key, 'regular' AS price_type, 0 AS min_quantity_milli");
    if all_new {
        let stated = format!("{at} AS valid_from, 'live' AS state, 'import' AS cause, NULL AS cause_key");
        insert_new(op, table("price"), &format!("{regular}, {stated}, {prices}")).await?;
    } else {
        prices::replace_current(op, &format!("{regular}, {prices}")).await?;
    }
    Ok(())
}

pub(super) fn foreign_currency_words(list: &str) -> String {
    format!("the default price list is in {list}; give this price in a prices file with its own list")
}

/// Adds the names in a staged column that a dictionary table does not have yet.
pub(super) async fn extend_dictionary(
    op: &mut Operation,
    table: &str,
    name: &str,
    column: &str,
) -> Result<(), StoreError> {
    execute(
        op,
        format!(
            "INSERT OR IGNORE INTO {table} ({name}) SELECT DISTINCT {column} FROM temp.stage WHERE {column} IS NOT NULL"
        ),
    )
    .await?;
    Ok(())
}

/// A row that states families takes its product out of the others.
async fn leave_families(op: &mut Operation) -> Result<(), StoreError> {
    let left = format!(
        "{JOINED} JOIN product_family m ON m.product_key = p.key JOIN family f ON f.key = m.family_key \
         WHERE s.family IS NOT NULL AND f.name NOT IN (SELECT j.value FROM {FAMILIES} j)"
    );
    touch(op, &format!("SELECT s.line {left}")).await?;
    let images = format!("SELECT json_array(m.product_key, m.family_key), json_array(), 'null', m.changed_seq {left}");
    let count = keep_images(op, "product_family", images).await?;
    if count > 0 {
        let gone = format!("SELECT m.product_key, m.family_key {left}");
        execute(op, format!("DELETE FROM product_family WHERE (product_key, family_key) IN ({gone})")).await?;
        op.rows += count;
    }
    Ok(())
}

/// A row that says that there is stock, and not how much, makes nothing in stock a number that nobody knows.
async fn forget_empty_stock(op: &mut Operation) -> Result<(), StoreError> {
    let empty = format!(
        "{JOINED} JOIN stock k ON k.product_key = p.key AND k.location = '' AND k.quantity <= 0 \
         WHERE s.in_stock = 1 AND s.quantity IS NULL"
    );
    touch(op, &format!("SELECT s.line {empty}")).await?;
    let images = format!(
        "SELECT json_array(k.product_key, k.location), json_array(k.quantity, k.inbound, k.inbound_day), 'null', \
         k.changed_seq {empty}"
    );
    let count = keep_images(op, "stock", images).await?;
    if count > 0 {
        let gone = format!("SELECT k.product_key {empty}");
        execute(op, format!("DELETE FROM stock WHERE location = '' AND product_key IN ({gone})")).await?;
        op.rows += count;
    }
    Ok(())
}

/// Products that are not staged are out of sale from now on.
pub(super) async fn end_missing(op: &mut Operation) -> Result<u64, StoreError> {
    let product = table("product");
    let missing = "t.lifecycle IS NOT 'ended' AND NOT EXISTS (SELECT 1 FROM temp.stage s WHERE s.sku = t.sku) \
                   AND NOT EXISTS (SELECT 1 FROM temp.seen x WHERE x.sku = t.sku)";
    let list =
        |form: &dyn Fn(&str) -> String| product.values.iter().map(|value| form(value)).collect::<Vec<_>>().join(", ");
    let old = list(&|value| format!("t.{value}"));
    let new = list(&|value| if value == "lifecycle" { "'ended'".to_owned() } else { format!("t.{value}") });
    execute(op, "CREATE INDEX IF NOT EXISTS temp.stage_sku ON stage (sku)".to_owned()).await?;
    let images = format!(
        "SELECT json_array(t.sku), json_array({old}), json_array({new}), t.changed_seq FROM product t WHERE {missing}"
    );
    let count = keep_images(op, "product", images).await?;
    if count > 0 {
        let sequence = op.sequence;
        execute(op, format!("UPDATE product AS t SET lifecycle = 'ended', changed_seq = {sequence} WHERE {missing}"))
            .await?;
        op.rows += count;
        remember_ending(op).await?;
    }
    Ok(count)
}

/// The change sets that ended what their file lacked: such a product is sold again when a file lists it again, one that
/// a person or a file ended by name is not.
const ENDED_AS_MISSING: &str = "ended_as_missing";

async fn remember_ending(op: &mut Operation) -> Result<(), StoreError> {
    let known: Option<String> = op.setting(ENDED_AS_MISSING).await?;
    let mut sequences: Vec<i64> = known.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    sequences.push(op.sequence);
    let text = serde_json::to_string(&sequences).unwrap_or_default();
    sqlx::query(
        "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(ENDED_AS_MISSING)
    .bind(text)
    .execute(op.connection())
    .await?;
    Ok(())
}

/// Staged rows that say only that their product is sold (`active`), and rows of products that ended because an earlier
/// file lacked them: where the product has ended it is regular again, any other stage stays.
pub(super) async fn settle_lifecycles(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let ended = "SELECT p.sku FROM product p WHERE p.lifecycle = 'ended'";
    let as_missing = format!(
        "{ended} AND p.changed_seq IN (SELECT j.value FROM setting t, json_each(t.value) j \
         WHERE t.name = '{ENDED_AS_MISSING}')"
    );
    for sql in [
        format!(
            "UPDATE temp.stage SET lifecycle = 'regular' WHERE (lifecycle = 'active' AND sku IN ({ended})) \
             OR (lifecycle IS NULL AND sku IN ({as_missing}))"
        ),
        "UPDATE temp.stage SET lifecycle = NULL WHERE lifecycle = 'active'".to_owned(),
    ] {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    }
    Ok(())
}

/// The tables a product's row fills beside its own, with what goes into them.
/// The first cost that a product file brings on a day holds from its start, like one of a cost file that is dated today; a
/// further one from now on. So the later import counts.
fn belongings(list: i64, at: i64) -> [(&'static MergeTable, String); 5] {
    let day = at.div_euclid(MICROSECONDS_PER_DAY) * MICROSECONDS_PER_DAY;
    [
        (
            table("product_gtin"),
            format!(
                "SELECT {FRESH}, j.value AS gtin {JOINED} CROSS JOIN json_each(s.gtins) j WHERE s.gtins IS NOT NULL"
            ),
        ),
        (
            table("product_family"),
            format!(
                "SELECT {FRESH}, f.key AS family_key {JOINED} CROSS JOIN {FAMILIES} j JOIN family f ON f.name = j.value \
                 WHERE s.family IS NOT NULL"
            ),
        ),
        (
            table("stock"),
            format!(
                "SELECT {FRESH}, '' AS location, s.quantity, NULL AS inbound, NULL AS inbound_day {JOINED} \
                 WHERE s.quantity IS NOT NULL"
            ),
        ),
        (
            table("cost"),
            format!(
                "SELECT {FRESH}, s.cost_type, 0 AS supplier_key, iif(EXISTS (SELECT 1 FROM cost c \
                 WHERE c.product_key = p.key AND c.cost_type = s.cost_type AND c.supplier_key = 0 \
                 AND c.valid_from BETWEEN {day} AND {at}), {at}, {day}) AS valid_from, s.cost_micro AS amount_micro, \
                 s.cost_currency AS currency, NULL AS unit {JOINED} WHERE s.cost_micro IS NOT NULL \
                 AND (s.cost_micro, s.cost_currency) IS NOT (SELECT c.amount_micro, c.currency FROM cost c \
                 WHERE c.product_key = p.key AND c.cost_type = s.cost_type AND c.supplier_key = 0 \
                 AND c.valid_from <= {at} ORDER BY c.valid_from DESC LIMIT 1)"
            ),
        ),
        (
            table("price_bound"),
            format!(
                "SELECT {FRESH}, {list} AS list_key, s.min_minor, s.max_minor, s.map_minor, s.rrp_minor, \
                 s.compare_at_minor {JOINED} WHERE coalesce(s.min_minor, s.max_minor, s.map_minor, s.rrp_minor, \
                 s.compare_at_minor) IS NOT NULL"
            ),
        ),
    ]
}
