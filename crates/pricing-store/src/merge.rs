//! Merging staged rows into a table: what is new is inserted, what differs is updated and its before-image kept, what
//! is not stated stays as it is.

use std::io::Write;

use futures::TryStreamExt;
use sqlx::{AssertSqlSafe, Row};

use crate::imports::listed_rows::{list_added, list_changed};
use crate::operation::Operation;
use crate::{MergeCounts, StoreError};

/// A table that imports write.
pub(crate) struct MergeTable {
    pub(crate) name: &'static str,
    /// Columns that name a row.
    pub(crate) keys: &'static [&'static str],
    /// Columns that an import may change.
    pub(crate) values: &'static [&'static str],
    /// Columns that are written once, when the row is made.
    pub(crate) once: &'static [&'static str],
    /// Whether rows carry `created_seq` and `changed_seq`; without, images tell what was inserted.
    pub(crate) tracked: bool,
}

/// Every table that can be merged and undone. Undo goes from the last to the first.
pub(crate) const TABLES: &[MergeTable] = &[
    MergeTable { name: "price_list", keys: &["code"], values: &[], once: &["id"], tracked: true },
    MergeTable {
        name: "product",
        keys: &["sku"],
        values: &[
            "name",
            "mpn",
            "brand_key",
            "own_brand",
            "supplier_key",
            "category_key",
            "item_group_id",
            "net_content_micro",
            "content_unit",
            "pack_items",
            "deposit_minor",
            "lifecycle",
            "role",
            "key_value",
            "vat_class",
            "tags",
            "attributes",
            "image_url",
        ],
        once: &["id"],
        tracked: true,
    },
    MergeTable { name: "product_gtin", keys: &["product_key", "gtin"], values: &[], once: &[], tracked: true },
    MergeTable { name: "product_family", keys: &["product_key", "family_key"], values: &[], once: &[], tracked: true },
    MergeTable {
        name: "stock",
        keys: &["product_key", "location"],
        values: &["quantity", "inbound", "inbound_day"],
        once: &[],
        tracked: true,
    },
    MergeTable {
        name: "cost",
        keys: &["product_key", "cost_type", "supplier_key", "valid_from"],
        values: &["amount_micro", "currency", "unit"],
        once: &[],
        tracked: true,
    },
    MergeTable {
        name: "price",
        keys: &["product_key", "list_key", "price_type", "min_quantity_milli", "valid_from"],
        values: &["amount_minor", "valid_to"],
        once: &["state", "cause", "cause_key"],
        tracked: true,
    },
    MergeTable {
        name: "price_bound",
        keys: &["product_key", "list_key"],
        values: &["min_minor", "max_minor", "map_minor", "rrp_minor", "compare_at_minor"],
        once: &[],
        tracked: true,
    },
    MergeTable {
        name: "price_lock",
        keys: &["product_key", "list_key", "valid_from"],
        values: &["kind", "valid_to", "reason", "amount_minor"],
        once: &[],
        tracked: true,
    },
    MergeTable {
        name: "promotion",
        keys: &["product_key", "list_key", "code", "valid_from"],
        values: &["name", "mechanic", "value_text", "price_minor", "valid_to", "funding_micro"],
        once: &[],
        tracked: true,
    },
    MergeTable { name: "competitor", keys: &["name"], values: &[], once: &["id"], tracked: true },
    MergeTable {
        name: "listing",
        keys: &["product_key", "url"],
        values: &["competitor_key", "match_type", "pack_numerator", "pack_denominator"],
        once: &["id"],
        tracked: true,
    },
    MergeTable { name: "found_page", keys: &["url"], values: &["ignored"], once: &[], tracked: true },
    MergeTable {
        name: "match_candidate",
        keys: &["page_key", "product_key"],
        values: &["decision"],
        once: &[],
        tracked: true,
    },
    MergeTable {
        name: "sales",
        keys: &["product_key", "day", "list_key"],
        values: &["units_milli", "net_revenue_micro", "price_micro", "promotion"],
        once: &[],
        tracked: true,
    },
    MergeTable {
        name: "offer_span",
        keys: &["listing_key", "first_seen"],
        values: &[
            "amount_minor",
            "currency",
            "kind",
            "availability",
            "was_minor",
            "shipping_minor",
            "deposit_minor",
            "promotion_text",
        ],
        once: &[],
        tracked: false,
    },
    MergeTable {
        name: "exchange_rate",
        keys: &["base", "quote", "day"],
        values: &["mantissa", "scale", "source"],
        once: &[],
        tracked: false,
    },
];

/// The table with this name; a name outside the list is a fault of the program.
pub(crate) fn table(name: &str) -> &'static MergeTable {
    TABLES.iter().find(|table| table.name == name).expect("a table of the list")
}

/// Before- and after-images of updated rows, compressed as they come.
#[derive(Default)]
pub(crate) struct ImageLog(Option<zstd::Encoder<'static, Vec<u8>>>);

impl ImageLog {
    fn push(&mut self, table: &str, [keys, old, new]: [&str; 3], changed_seq: i64) -> Result<(), StoreError> {
        if self.0.is_none() {
            self.0 = Some(zstd::Encoder::new(Vec::new(), 3).map_err(|_| StoreError::Unexpected("an undo image"))?);
        }
        let encoder = self.0.as_mut().expect("made above");
        // JSON text has neither tabs nor line ends of its own.
        writeln!(encoder, "{table}\t{keys}\t{old}\t{new}\t{changed_seq}")
            .map_err(|_| StoreError::Unexpected("an undo image"))
    }

    /// The compressed images; `None` when there are none.
    pub(crate) fn finish(self) -> Result<Option<Vec<u8>>, StoreError> {
        let finished = self.0.map(zstd::Encoder::finish).transpose();
        finished.map_err(|_| StoreError::Unexpected("an undo image"))
    }
}

/// Keeps the images of rows that a statement is about to change. `selection` gives keys, old and new values, each as
/// a JSON array in the order of the table's columns, and the change set that changed the row last (0: not told).
/// `null` in place of old values: the row was not there, in place of new ones: it is removed.
pub(crate) async fn keep_images(op: &mut Operation, table: &str, selection: String) -> Result<u64, StoreError> {
    let mut images = std::mem::take(&mut op.images);
    let mut count = 0;
    {
        let mut rows = sqlx::query(AssertSqlSafe(selection)).fetch(op.connection());
        while let Some(row) = rows.try_next().await? {
            images.push(table, [row.try_get(0)?, row.try_get(1)?, row.try_get(2)?], row.try_get(3)?)?;
            count += 1;
        }
    }
    op.images = images;
    Ok(count)
}

/// Merges the rows of `source` into a table.
///
/// `source` is a `SELECT` with the columns `line`, `fresh` (1 where the product is new with this change set), and the
/// table's keys, values and once-columns by name; a NULL value means “not stated”.
/// Lines of products that are not fresh and change something are remembered in `temp.touched` and counted.
pub(crate) async fn merge(op: &mut Operation, table: &MergeTable, source: &str) -> Result<MergeCounts, StoreError> {
    let name = table.name;
    let matched = table.keys.iter().map(|key| format!("t.{key} = n.{key}")).collect::<Vec<_>>().join(" AND ");
    let mut counts = MergeCounts::default();
    let missing = format!("({source}) n WHERE NOT EXISTS (SELECT 1 FROM {name} t WHERE {matched})");
    // Before anything is written, so that what held so far stands beside.
    list_added(op, name, &format!("{missing} AND n.fresh = 0")).await?;
    if !table.values.is_empty() && !is_empty(op, name).await? {
        counts.changed = update_differing(op, table, source, &matched).await?;
    }
    if is_empty(op, &missing).await? {
        return Ok(counts);
    }
    counts.added = touch(op, &format!("SELECT n.line FROM {missing} AND n.fresh = 0")).await?;
    insert(op, table, &missing).await?;
    Ok(counts)
}

/// Adds the rows of `source`, as [`merge`] takes it, to a table that has none of them. Gives their number.
pub(crate) async fn insert_new(op: &mut Operation, table: &MergeTable, source: &str) -> Result<u64, StoreError> {
    insert(op, table, &format!("({source}) n")).await
}

/// Gives rows that differ the values of `source`; gives the number of lines that were not touched before.
async fn update_differing(
    op: &mut Operation,
    table: &MergeTable,
    source: &str,
    matched: &str,
) -> Result<u64, StoreError> {
    let name = table.name;
    let each = |form: fn(&str) -> String, between: &str| {
        table.values.iter().map(|value| form(value)).collect::<Vec<_>>().join(between)
    };
    let differs = each(|value| format!("(n.{value} IS NOT NULL AND n.{value} IS NOT t.{value})"), " OR ");
    let differing = format!("FROM ({source}) n JOIN {name} t ON {matched} WHERE {differs}");
    let keys = table.keys.iter().map(|key| format!("t.{key}")).collect::<Vec<_>>().join(", ");
    let old = each(|value| format!("t.{value}"), ", ");
    let new = each(|value| format!("coalesce(n.{value}, t.{value})"), ", ");
    list_changed(op, name, &format!("({source}) n JOIN {name} t ON {matched} WHERE n.fresh = 0 AND ({differs})"))
        .await?;
    let images = format!("SELECT json_array({keys}), json_array({old}), json_array({new}), t.changed_seq {differing}");
    let changed = keep_images(op, name, images).await?;
    if changed == 0 {
        return Ok(0);
    }
    let lines = touch(op, &format!("SELECT n.line {differing}")).await?;
    let sets = each(|value| format!("{value} = coalesce(n.{value}, t.{value})"), ", ");
    let sequence = op.sequence;
    execute(
        op,
        format!(
            "UPDATE {name} AS t SET {sets}, changed_seq = {sequence} FROM ({source}) n WHERE {matched} AND ({differs})"
        ),
    )
    .await?;
    op.rows += changed;
    Ok(lines)
}

/// Inserts `rows`, which stand under the name `n`.
async fn insert(op: &mut Operation, table: &MergeTable, rows: &str) -> Result<u64, StoreError> {
    let columns = [table.keys, table.values, table.once].concat();
    let values = columns.iter().map(|column| format!("n.{column}")).collect::<Vec<_>>().join(", ");
    let (name, columns, sequence) = (table.name, columns.join(", "), op.sequence);
    let added = execute(
        op,
        format!(
            "INSERT INTO {name} ({columns}, created_seq, changed_seq) SELECT {values}, {sequence}, {sequence} \
             FROM {rows}"
        ),
    )
    .await?;
    op.rows += added;
    Ok(added)
}

/// Remembers lines that change something; returns how many were not known yet.
pub(crate) async fn touch(op: &mut Operation, lines: &str) -> Result<u64, StoreError> {
    execute(op, format!("INSERT OR IGNORE INTO temp.touched (line) {lines}")).await
}

/// Runs a statement made of constant parts and returns how many rows it wrote.
pub(crate) async fn execute(op: &mut Operation, sql: String) -> Result<u64, StoreError> {
    Ok(sqlx::query(AssertSqlSafe(sql)).persistent(false).execute(op.connection()).await?.rows_affected())
}

/// Whether a table, or what follows a `FROM`, has no row.
pub(crate) async fn is_empty(op: &mut Operation, rows: &str) -> Result<bool, StoreError> {
    let sql = format!("SELECT NOT EXISTS (SELECT 1 FROM {rows})");
    Ok(sqlx::query_scalar(AssertSqlSafe(sql)).persistent(false).fetch_one(op.connection()).await?)
}
