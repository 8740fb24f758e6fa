//! Merging costs, promotions, locks and sales.

use pricing_domain::MICROSECONDS_PER_DAY;

use super::listed_rows::{list_added, list_changed};
use super::products::extend_dictionary;
use super::{MergeCounts, RefusedRow, refusals};
use crate::StoreError;
use crate::merge::{execute, keep_images, merge, table};
use crate::operation::Operation;

/// A cost without a beginning holds from now on, unless the same one holds already.
pub(super) async fn merge_costs(op: &mut Operation) -> Result<MergeCounts, StoreError> {
    extend_dictionary(op, "supplier", "name", "supplier").await?;
    let at = op.at.0;
    let day = at.div_euclid(MICROSECONDS_PER_DAY) * MICROSECONDS_PER_DAY;
    // Dated today, it counts over a cost that came in earlier today.
    let later = format!(
        "s.valid_from = {day} AND EXISTS (SELECT 1 FROM cost c WHERE c.product_key = p.key \
         AND c.cost_type = s.cost_type AND c.supplier_key = coalesce(v.key, 0) \
         AND c.valid_from > {day} AND c.valid_from <= {at})"
    );
    merge(
        op,
        table("cost"),
        &format!(
            "SELECT s.line, 0 AS fresh, p.key AS product_key, s.cost_type, coalesce(v.key, 0) AS supplier_key, \
             iif({later}, {at}, coalesce(s.valid_from, {at})) AS valid_from, s.amount_micro, s.currency, s.unit \
             FROM temp.stage s CROSS JOIN product p ON p.sku = s.sku LEFT JOIN supplier v ON v.name = s.supplier \
             WHERE s.valid_from IS NOT NULL AND NOT ({later}) OR (s.amount_micro, s.currency, s.unit) IS NOT \
             (SELECT c.amount_micro, c.currency, iif(s.unit IS NULL, NULL, c.unit) FROM cost c \
             WHERE c.product_key = p.key AND c.cost_type = s.cost_type AND c.supplier_key = coalesce(v.key, 0) \
             AND c.valid_from <= {at} ORDER BY c.valid_from DESC LIMIT 1)"
        ),
    )
    .await
}

pub(super) async fn merge_promotions(
    op: &mut Operation,
    refused: &mut Vec<RefusedRow>,
) -> Result<MergeCounts, StoreError> {
    refused.extend(refusals::unknown_lists(op).await?);
    refused.extend(refusals::foreign_currencies(op).await?);
    merge(
        op,
        table("promotion"),
        "SELECT s.*, 0 AS fresh, p.key AS product_key, l.key AS list_key FROM temp.stage s \
         CROSS JOIN product p ON p.sku = s.sku JOIN price_list l ON l.code = s.price_list",
    )
    .await
}

/// A lock without a list holds on every list, and one that names the list outranks it there. A lock without a
/// beginning is the one in force, or holds from now on.
pub(super) async fn merge_locks(op: &mut Operation, refused: &mut Vec<RefusedRow>) -> Result<MergeCounts, StoreError> {
    refused.extend(refusals::unknown_lists(op).await?);
    refused.extend(refusals::foreign_currencies(op).await?);
    let at = op.at.0;
    let spread = format!(
        "SELECT s.line, 0 AS fresh, p.key AS product_key, l.key AS list_key, s.kind, s.valid_to, s.reason, \
         iif(s.currency = l.currency, s.amount_minor, NULL) AS amount_minor, s.price_list IS NULL AS everywhere, coalesce(s.valid_from, (SELECT k.valid_from FROM price_lock k \
         WHERE k.product_key = p.key AND k.list_key = l.key AND k.valid_from <= {at} \
         AND (k.valid_to IS NULL OR k.valid_to > {at}) ORDER BY k.valid_from DESC LIMIT 1), {at}) AS valid_from \
         FROM temp.stage s CROSS JOIN product p ON p.sku = s.sku \
         JOIN price_list l ON s.price_list IS NULL OR l.code = s.price_list"
    );
    let source = format!(
        "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY product_key, list_key, valid_from \
         ORDER BY everywhere, line) AS place FROM ({spread})) WHERE place = 1"
    );
    merge(op, table("price_lock"), &source).await
}

/// Adds up rows of the same product and day, as files of several stores or of single receipts have them: units and
/// revenue are sums, the price is the average by units. Gives how many rows went into others.
pub(super) async fn sum_sales(op: &mut Operation) -> Result<u64, StoreError> {
    let before: i64 = sqlx::query_scalar("SELECT count(*) FROM temp.stage").fetch_one(op.connection()).await?;
    // Revenue is known only where every row states it; a day of returns alone has no average.
    execute(
        op,
        "CREATE TEMP TABLE summed AS SELECT min(line) AS line, sku, price_list, day, sum(units_milli) AS units_milli, \
         iif(count(net_revenue_micro) = count(*), sum(net_revenue_micro), NULL) AS net_revenue_micro, \
         iif(min(price_micro) IS max(price_micro) OR sum(units_milli) <= 0 OR min(units_milli) < 0, max(price_micro), \
         CAST(round(sum(price_micro * units_milli) * 1.0 / sum(iif(price_micro IS NULL, 0, units_milli))) AS INTEGER)) \
         AS price_micro, max(promotion) AS promotion FROM temp.stage GROUP BY sku, day, price_list HAVING count(*) > 1"
            .to_owned(),
    )
    .await?;
    execute(
        op,
        "DELETE FROM temp.stage WHERE (sku, day, coalesce(price_list, '')) IN \
         (SELECT sku, day, coalesce(price_list, '') FROM temp.summed)"
            .to_owned(),
    )
    .await?;
    execute(
        op,
        "INSERT INTO temp.stage (line, sku, price_list, day, units_milli, net_revenue_micro, price_micro, promotion) \
         SELECT line, sku, price_list, day, units_milli, net_revenue_micro, price_micro, promotion FROM temp.summed"
            .to_owned(),
    )
    .await?;
    execute(op, "DROP TABLE temp.summed".to_owned()).await?;
    let after: i64 = sqlx::query_scalar("SELECT count(*) FROM temp.stage").fetch_one(op.connection()).await?;
    Ok(u64::try_from(before - after).unwrap_or(0))
}

/// A sale that names no list was made on the default one and stands under list 0.
pub(super) async fn merge_sales(op: &mut Operation, refused: &mut Vec<RefusedRow>) -> Result<MergeCounts, StoreError> {
    refused.extend(refusals::unknown_lists(op).await?);
    let counts = merge(
        op,
        table("sales"),
        "SELECT s.*, 0 AS fresh, p.key AS product_key, coalesce(l.key, 0) AS list_key FROM temp.stage s \
         CROSS JOIN product p ON p.sku = s.sku LEFT JOIN price_list l ON l.code = s.price_list",
    )
    .await?;
    refresh_volumes(op).await?;
    Ok(counts)
}

pub(super) async fn merge_stock(op: &mut Operation) -> Result<MergeCounts, StoreError> {
    merge(
        op,
        table("stock"),
        "SELECT s.line, 0 AS fresh, p.key AS product_key, s.location, s.quantity, s.inbound, s.inbound_day \
         FROM temp.stage s CROSS JOIN product p ON p.sku = s.sku",
    )
    .await
}

/// Rates carry no change set: images say what was there before.
pub(super) async fn merge_rates(op: &mut Operation) -> Result<MergeCounts, StoreError> {
    const SAME: &str = "t.base = n.base AND t.quote = n.quote AND t.day = n.day";
    let differs =
        format!("temp.stage n JOIN exchange_rate t ON {SAME} WHERE (t.mantissa, t.scale) IS NOT (n.mantissa, n.scale)");
    let missing = format!("temp.stage n WHERE NOT EXISTS (SELECT 1 FROM exchange_rate t WHERE {SAME})");
    list_added(op, "exchange_rate", &missing).await?;
    list_changed(op, "exchange_rate", &differs).await?;
    let images = format!(
        "SELECT json_array(t.base, t.quote, t.day), json_array(t.mantissa, t.scale, t.source), \
         json_array(n.mantissa, n.scale, n.source), 0 FROM {differs}"
    );
    let changed = keep_images(op, "exchange_rate", images).await?;
    if changed > 0 {
        execute(
            op,
            format!(
                "UPDATE exchange_rate AS t SET mantissa = n.mantissa, scale = n.scale, source = n.source \
                 FROM temp.stage n WHERE {SAME} AND (t.mantissa, t.scale) IS NOT (n.mantissa, n.scale)"
            ),
        )
        .await?;
    }
    let images = format!(
        "SELECT json_array(n.base, n.quote, n.day), 'null', json_array(n.mantissa, n.scale, n.source), 0 FROM {missing}"
    );
    keep_images(op, "exchange_rate", images).await?;
    let added = execute(
        op,
        format!(
            "INSERT INTO exchange_rate (base, quote, day, mantissa, scale, source) \
             SELECT n.base, n.quote, n.day, n.mantissa, n.scale, n.source FROM {missing}"
        ),
    )
    .await?;
    op.rows += added + changed;
    Ok(MergeCounts { added, changed })
}

/// Recomputes the volumes of the 28 days up to the newest day of sales.
pub(crate) async fn refresh_volumes(op: &mut Operation) -> Result<(), StoreError> {
    execute(op, "DELETE FROM product_volume".to_owned()).await?;
    execute(
        op,
        "INSERT INTO product_volume (product_key, units_milli) \
         SELECT product_key, sum(units_milli) FROM sales WHERE day > (SELECT max(day) FROM sales) - 28 \
         GROUP BY product_key"
            .to_owned(),
    )
    .await?;
    Ok(())
}
