//! How the staged rows of each kind go into their tables.

use crate::imports::{refuse_unknown, refuse_where};
use crate::merge::{MergeTable, execute, keep_images, merge, table};
use crate::operation::Operation;
use crate::{MergeCounts, RefusedRow, StoreError};

/// Adds the names in a staged column that a dictionary table does not have yet.
async fn extend_dictionary(op: &mut Operation, table: &str, name: &str, column: &str) -> Result<(), StoreError> {
    execute(
        op,
        format!(
            "INSERT OR IGNORE INTO {table} ({name}) SELECT DISTINCT {column} FROM temp.stage WHERE {column} IS NOT NULL"
        ),
    )
    .await?;
    Ok(())
}

pub(crate) async fn merge_products(
    op: &mut Operation,
    refused: &mut Vec<RefusedRow>,
) -> Result<MergeCounts, StoreError> {
    let default: (i64, String) =
        sqlx::query_as("SELECT key, currency FROM price_list ORDER BY is_default DESC, key LIMIT 1")
            .fetch_one(op.connection())
            .await?;
    let (list, currency) = default;
    refused.extend(
        refuse_where(
            op,
            "currency",
            &format!("currency <> '{currency}'"),
            &format!("the default price list is in {currency}; give this price in a prices file with its own list"),
        )
        .await?,
    );
    for (dictionary, name, column) in [
        ("brand", "name", "brand"),
        ("supplier", "name", "supplier"),
        ("category", "path", "category"),
        ("family", "name", "family"),
    ] {
        extend_dictionary(op, dictionary, name, column).await?;
    }
    let counts = merge(
        op,
        table("product"),
        "SELECT s.*, 0 AS fresh, b.key AS brand_key, v.key AS supplier_key, c.key AS category_key FROM temp.stage s \
         LEFT JOIN brand b ON b.name = s.brand LEFT JOIN supplier v ON v.name = s.supplier \
         LEFT JOIN category c ON c.path = s.category",
    )
    .await?;
    // Lines of products that are new are counted as added, not as touched.
    let (sequence, at) = (op.sequence, op.at.0);
    execute(
        op,
        format!(
            "DELETE FROM temp.touched WHERE line IN (SELECT s.line FROM temp.stage s JOIN product p ON p.sku = s.sku \
             WHERE p.created_seq = {sequence})"
        ),
    )
    .await?;
    let joined = "FROM temp.stage s CROSS JOIN product p ON p.sku = s.sku";
    let fresh = format!("s.line, p.created_seq = {sequence} AS fresh, p.key AS product_key");
    let merges: [(&'static MergeTable, String); 5] = [
        (
            table("product_gtin"),
            format!(
                "SELECT {fresh}, j.value AS gtin {joined} CROSS JOIN json_each(s.gtins) j WHERE s.gtins IS NOT NULL"
            ),
        ),
        (
            table("product_family"),
            format!("SELECT {fresh}, f.key AS family_key {joined} JOIN family f ON f.name = s.family"),
        ),
        (table("stock"), format!("SELECT {fresh}, '' AS location, s.quantity {joined} WHERE s.quantity IS NOT NULL")),
        (
            table("cost"),
            format!(
                "SELECT {fresh}, s.cost_type, 0 AS supplier_key, {at} AS valid_from, s.cost_micro AS amount_micro, \
                 s.currency, NULL AS unit {joined} WHERE s.cost_micro IS NOT NULL AND s.cost_micro IS NOT \
                 (SELECT c.amount_micro FROM cost c WHERE c.product_key = p.key AND c.cost_type = s.cost_type \
                  AND c.supplier_key = 0 AND c.valid_from <= {at} ORDER BY c.valid_from DESC LIMIT 1)"
            ),
        ),
        (
            table("price_bound"),
            format!(
                "SELECT {fresh}, {list} AS list_key, s.min_minor, s.max_minor, s.map_minor, s.rrp_minor, \
                 s.compare_at_minor {joined} WHERE coalesce(s.min_minor, s.max_minor, s.map_minor, s.rrp_minor, \
                 s.compare_at_minor) IS NOT NULL"
            ),
        ),
    ];
    for (table, source) in merges {
        merge(op, table, &source).await?;
    }
    replace_current_prices(op, list, joined, &fresh).await?;
    Ok(counts)
}

/// Ends the regular price in force where the file states another one, and begins the new one.
async fn replace_current_prices(op: &mut Operation, list: i64, joined: &str, fresh: &str) -> Result<(), StoreError> {
    let at = op.at.0;
    let sequence = op.sequence;
    let current = format!(
        "(SELECT c.key FROM price c WHERE c.product_key = p.key AND c.list_key = {list} AND c.price_type = 'regular' \
         AND c.min_quantity_milli = 0 AND c.valid_from <= {at} AND (c.valid_to IS NULL OR c.valid_to > {at}) \
         ORDER BY c.valid_from DESC LIMIT 1)"
    );
    execute(
        op,
        format!(
            "CREATE TEMP TABLE new_price AS SELECT {fresh}, s.price_minor AS amount_minor, {current} AS current_key \
             {joined} WHERE s.price_minor IS NOT NULL"
        ),
    )
    .await?;
    execute(
        op,
        "DELETE FROM temp.new_price WHERE current_key IN (SELECT key FROM price) AND amount_minor = \
         (SELECT amount_minor FROM price WHERE key = current_key)"
            .to_owned(),
    )
    .await?;
    let ended = keep_images(
        op,
        "price",
        format!(
            "SELECT json_array(t.product_key, t.list_key, t.price_type, t.min_quantity_milli, t.valid_from), \
             json_array(t.amount_minor, t.valid_to), json_array(t.amount_minor, {at}) \
             FROM temp.new_price n JOIN price t ON t.key = n.current_key"
        ),
    )
    .await?;
    if ended > 0 {
        execute(
            op,
            format!(
                "UPDATE price SET valid_to = {at}, changed_seq = {sequence} \
                 WHERE key IN (SELECT current_key FROM temp.new_price)"
            ),
        )
        .await?;
    }
    merge(
        op,
        table("price"),
        &format!(
            "SELECT n.line, n.fresh, n.product_key, {list} AS list_key, 'regular' AS price_type, \
             0 AS min_quantity_milli, {at} AS valid_from, n.amount_minor, NULL AS valid_to, 'live' AS state, \
             'import' AS cause, NULL AS cause_key FROM temp.new_price n"
        ),
    )
    .await?;
    execute(op, "DROP TABLE temp.new_price".to_owned()).await?;
    Ok(())
}

/// Refuses rows whose list is unknown or in another currency.
async fn refuse_foreign_lists(op: &mut Operation, refused: &mut Vec<RefusedRow>) -> Result<(), StoreError> {
    refused.extend(
        refuse_unknown(op, "price_list", "price_list", "code", "no price list has this code; import its prices first")
            .await?,
    );
    Ok(())
}

pub(crate) async fn merge_prices(op: &mut Operation, refused: &mut Vec<RefusedRow>) -> Result<MergeCounts, StoreError> {
    refuse_foreign_lists(op, refused).await?;
    refused.extend(
        refuse_where(
            op,
            "currency",
            "currency <> (SELECT l.currency FROM price_list l WHERE l.code = stage.price_list)",
            "the price list is in another currency",
        )
        .await?,
    );
    merge(
        op,
        table("price"),
        "SELECT s.line, 0 AS fresh, p.key AS product_key, l.key AS list_key, s.price_type, s.min_quantity_milli, \
         s.valid_from, s.amount_minor, s.valid_to, s.state, 'import' AS cause, NULL AS cause_key \
         FROM temp.stage s CROSS JOIN product p ON p.sku = s.sku JOIN price_list l ON l.code = s.price_list",
    )
    .await
}

pub(crate) async fn merge_costs(op: &mut Operation) -> Result<MergeCounts, StoreError> {
    extend_dictionary(op, "supplier", "name", "supplier").await?;
    merge(
        op,
        table("cost"),
        "SELECT s.line, 0 AS fresh, p.key AS product_key, s.cost_type, coalesce(v.key, 0) AS supplier_key, \
         s.valid_from, s.amount_micro, s.currency, s.unit \
         FROM temp.stage s CROSS JOIN product p ON p.sku = s.sku LEFT JOIN supplier v ON v.name = s.supplier",
    )
    .await
}

/// Merges rows that belong to a product and a price list.
pub(crate) async fn merge_listed(
    op: &mut Operation,
    refused: &mut Vec<RefusedRow>,
    name: &str,
) -> Result<MergeCounts, StoreError> {
    refuse_foreign_lists(op, refused).await?;
    merge(
        op,
        table(name),
        "SELECT s.*, 0 AS fresh, p.key AS product_key, l.key AS list_key FROM temp.stage s \
         CROSS JOIN product p ON p.sku = s.sku JOIN price_list l ON l.code = s.price_list",
    )
    .await
}

pub(crate) async fn merge_matches(op: &mut Operation) -> Result<MergeCounts, StoreError> {
    merge(
        op,
        table("competitor"),
        "SELECT min(line) AS line, 1 AS fresh, competitor AS name, min(competitor_id) AS id FROM temp.stage \
         GROUP BY competitor",
    )
    .await?;
    merge(
        op,
        table("listing"),
        "SELECT s.*, 0 AS fresh, p.key AS product_key, c.key AS competitor_key FROM temp.stage s \
         CROSS JOIN product p ON p.sku = s.sku JOIN competitor c ON c.name = s.competitor",
    )
    .await
}

/// Each observation is a span of one reading on a listing that stands for its source.
pub(crate) async fn merge_observations(op: &mut Operation) -> Result<MergeCounts, StoreError> {
    merge(
        op,
        table("competitor"),
        "SELECT min(line) AS line, 1 AS fresh, competitor AS name, min(competitor_id) AS id FROM temp.stage \
         GROUP BY competitor",
    )
    .await?;
    merge(
        op,
        table("listing"),
        "SELECT min(s.line) AS line, 1 AS fresh, p.key AS product_key, s.url, c.key AS competitor_key, \
         'exact' AS match_type, 1 AS pack_numerator, 1 AS pack_denominator, min(s.id) AS id FROM temp.stage s \
         CROSS JOIN product p ON p.sku = s.sku JOIN competitor c ON c.name = s.competitor GROUP BY p.key, s.url",
    )
    .await?;
    let added = execute(
        op,
        "INSERT OR IGNORE INTO offer_span (listing_key, first_seen, last_seen, times_seen, amount_minor, currency, \
         kind, availability, condition, was_minor, shipping_minor, deposit_minor, promotion_text, confidence, method) \
         SELECT l.key, s.at, s.at, 1, s.amount_minor, s.currency, s.kind, s.availability, 'new', s.was_minor, \
         s.shipping_minor, s.deposit_minor, s.promotion_text, 'medium', 'file' FROM temp.stage s \
         CROSS JOIN product p ON p.sku = s.sku JOIN listing l ON l.product_key = p.key AND l.url = s.url"
            .to_owned(),
    )
    .await?;
    op.rows += added;
    Ok(MergeCounts { added, changed: 0 })
}

pub(crate) async fn merge_sales(op: &mut Operation) -> Result<MergeCounts, StoreError> {
    let counts = merge(
        op,
        table("sales"),
        "SELECT s.*, 0 AS fresh, p.key AS product_key, 0 AS list_key FROM temp.stage s \
         CROSS JOIN product p ON p.sku = s.sku",
    )
    .await?;
    refresh_volumes(op).await?;
    Ok(counts)
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
