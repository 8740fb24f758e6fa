//! Merging prices: those with a beginning by it, those without one in place of the price in force.

use sqlx::{AssertSqlSafe, Row};

use super::listed_rows::{list_added, list_changed};
use super::{MergeCounts, RefusedRow, refusals};
use crate::StoreError;
use crate::merge::{execute, keep_images, merge, table};
use crate::operation::Operation;

/// Staged rows with their products and lists.
const JOINED: &str = "s.line, 0 AS fresh, p.key AS product_key, l.key AS list_key, s.price_type, s.min_quantity_milli, \
     s.amount_minor, s.valid_to, s.valid_from, s.state FROM temp.stage s CROSS JOIN product p ON p.sku = s.sku \
     JOIN price_list l ON l.code = s.price_list";

/// Prices of a type or from a quantity on that have a list of their own belong there.
pub(super) async fn to_their_lists(op: &mut Operation) -> Result<(), StoreError> {
    execute(
        op,
        "UPDATE OR REPLACE temp.stage AS s SET price_list = l.code, price_type = 'regular', min_quantity_milli = 0 \
         FROM price_list l JOIN price_list b ON b.key = l.parent_key WHERE b.code = s.price_list \
         AND l.price_type = s.price_type AND l.min_quantity_milli = s.min_quantity_milli"
            .to_owned(),
    )
    .await?;
    Ok(())
}

pub(super) async fn merge_prices(op: &mut Operation, refused: &mut Vec<RefusedRow>) -> Result<MergeCounts, StoreError> {
    refused.extend(refusals::unknown_lists(op).await?);
    refused.extend(refusals::foreign_currencies(op).await?);
    let dated = merge(
        op,
        table("price"),
        &format!("SELECT 'import' AS cause, NULL AS cause_key, {JOINED} WHERE s.valid_from IS NOT NULL"),
    )
    .await?;
    let current = replace_current(op, &format!("SELECT {JOINED} WHERE s.valid_from IS NULL")).await?;
    Ok(MergeCounts { added: dated.added + current.added, changed: dated.changed + current.changed })
}

/// Lists on which staged rows have prices from a quantity on, with how many of these products have none for one item.
pub(super) async fn without_base(op: &mut Operation) -> Result<Vec<(String, u64)>, StoreError> {
    let at = op.at.0;
    let sql = format!(
        "SELECT s.price_list, count(DISTINCT s.sku) FROM temp.stage s CROSS JOIN product p ON p.sku = s.sku \
         JOIN price_list l ON l.code = s.price_list WHERE s.min_quantity_milli > 0 AND s.price_type = 'regular' \
         AND NOT EXISTS (SELECT 1 FROM price b WHERE b.product_key = p.key AND b.list_key = l.key \
         AND b.price_type = 'regular' AND b.min_quantity_milli = 0 AND (b.valid_to IS NULL OR b.valid_to > {at})) \
         GROUP BY s.price_list ORDER BY s.price_list"
    );
    let rows: Vec<(String, i64)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(op.connection()).await?;
    Ok(rows.into_iter().map(|(list, count)| (list, u64::try_from(count).unwrap_or(0))).collect())
}

/// Closes the open ends of a history where the next price begins, then merges it like other prices.
pub(super) async fn merge_history(
    op: &mut Operation,
    refused: &mut Vec<RefusedRow>,
) -> Result<MergeCounts, StoreError> {
    let at = op.at.0;
    execute(
        op,
        format!(
            "UPDATE temp.stage AS s SET valid_to = n.begins, state = iif(n.begins <= {at}, 'ended', s.state) \
             FROM (SELECT line, lead(valid_from) OVER (PARTITION BY sku, price_list, price_type, min_quantity_milli \
             ORDER BY valid_from) AS begins FROM temp.stage) n \
             WHERE n.line = s.line AND s.valid_to IS NULL AND n.begins IS NOT NULL"
        ),
    )
    .await?;
    merge_prices(op, refused).await
}

/// Puts prices in force from now on. Where the price in force is the same already, only its end can change; where it
/// is another one, it ends now, unless the new price itself has an end after which the other one holds again.
///
/// `source` is a `SELECT` with the columns `line`, `fresh`, `product_key`, `list_key`, `price_type`,
/// `min_quantity_milli`, `amount_minor`, `valid_to`.
pub(super) async fn replace_current(op: &mut Operation, source: &str) -> Result<MergeCounts, StoreError> {
    let (at, sequence) = (op.at.0, op.sequence);
    execute(
        op,
        format!(
            "CREATE TEMP TABLE new_price AS SELECT n.line, n.fresh, n.product_key, n.list_key, n.price_type, \
             n.min_quantity_milli, n.amount_minor, n.valid_to, (SELECT c.key FROM price c \
             WHERE c.product_key = n.product_key AND c.list_key = n.list_key AND c.price_type = n.price_type \
             AND c.min_quantity_milli = n.min_quantity_milli AND c.valid_from <= {at} \
             AND (c.valid_to IS NULL OR c.valid_to > {at}) ORDER BY c.valid_from DESC LIMIT 1) AS current_key \
             FROM ({source}) n"
        ),
    )
    .await?;
    execute(
        op,
        "DELETE FROM temp.new_price AS n WHERE EXISTS (SELECT 1 FROM price c WHERE c.key = n.current_key \
         AND c.amount_minor = n.amount_minor AND (n.valid_to IS NULL OR n.valid_to IS c.valid_to))"
            .to_owned(),
    )
    .await?;
    let begins = format!(
        "coalesce((SELECT c.valid_from FROM price c WHERE c.key = n.current_key AND c.amount_minor = n.amount_minor), \
         {at}) AS valid_from"
    );
    let new_prices = format!("(SELECT n.*, {begins} FROM temp.new_price n) n");
    list_changed(op, "price", &format!("{new_prices} JOIN price t ON t.key = n.current_key WHERE n.fresh = 0")).await?;
    list_added(op, "price", &format!("{new_prices} WHERE n.current_key IS NULL AND n.fresh = 0")).await?;
    // A price that began in this very moment is replaced in its place.
    let ended = format!(
        "FROM temp.new_price n JOIN price t ON t.key = n.current_key \
         WHERE n.valid_to IS NULL AND t.amount_minor <> n.amount_minor AND t.valid_from < {at}"
    );
    let count = keep_images(
        op,
        "price",
        format!(
            "SELECT json_array(t.product_key, t.list_key, t.price_type, t.min_quantity_milli, t.valid_from), \
             json_array(t.amount_minor, t.valid_to), json_array(t.amount_minor, {at}), t.changed_seq {ended}"
        ),
    )
    .await?;
    if count > 0 {
        execute(
            op,
            format!("UPDATE price SET valid_to = {at}, changed_seq = {sequence} WHERE key IN (SELECT t.key {ended})"),
        )
        .await?;
    }
    let row = sqlx::query("SELECT count(*), count(current_key) FROM temp.new_price").fetch_one(op.connection()).await?;
    let (all, replaced): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    // Listed above, beside the price that each replaces.
    let listed = op.listed.take();
    merge(
        op,
        table("price"),
        &format!("SELECT n.*, {begins}, 'live' AS state, 'import' AS cause, NULL AS cause_key FROM temp.new_price n"),
    )
    .await?;
    op.listed = listed;
    execute(op, "DROP TABLE temp.new_price".to_owned()).await?;
    let count = |rows: i64| u64::try_from(rows).unwrap_or(0);
    Ok(MergeCounts { added: count(all - replaced), changed: count(replaced) })
}
