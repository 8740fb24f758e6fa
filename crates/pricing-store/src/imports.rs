//! Imports: rows are staged in a temporary table on a connection of their own, checked there against what the
//! workspace knows, and merged in one transaction.

use pricing_domain::Instant;
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use crate::import_merges::{
    merge_costs, merge_listed, merge_matches, merge_observations, merge_prices, merge_products, merge_sales,
};
use crate::merge::execute;
use crate::operation::{CommittedChange, Durability, Operation};
use crate::staging::{BulkInsert, Value};
use crate::{Store, StoreError};

/// What the staged rows are, with their columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StagedKind {
    /// One row a product, with its price, cost, limits and stock.
    Products,
    /// Prices by list, type and dates; also a history of posted prices.
    Prices,
    /// Dated costs.
    Costs,
    /// Promotions.
    Promotions,
    /// Price locks.
    Locks,
    /// Our products on competitors' pages.
    Matches,
    /// Competitor prices read elsewhere.
    Observations,
    /// Units sold by day.
    Sales,
}

impl StagedKind {
    /// The columns of a staged row, in order; the first is the file's line.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Products => &[
                "line",
                "id",
                "sku",
                "name",
                "mpn",
                "brand",
                "own_brand",
                "supplier",
                "category",
                "item_group_id",
                "family",
                "net_content_micro",
                "content_unit",
                "pack_items",
                "deposit_minor",
                "lifecycle",
                "role",
                "key_value",
                "vat_class",
                "tags",
                "gtins",
                "price_minor",
                "compare_at_minor",
                "min_minor",
                "max_minor",
                "map_minor",
                "rrp_minor",
                "cost_micro",
                "cost_type",
                "currency",
                "quantity",
            ],
            Self::Prices => &[
                "line",
                "sku",
                "price_list",
                "price_type",
                "min_quantity_milli",
                "amount_minor",
                "currency",
                "valid_from",
                "valid_to",
                "state",
            ],
            Self::Costs => &["line", "sku", "cost_type", "supplier", "amount_micro", "currency", "unit", "valid_from"],
            Self::Promotions => &[
                "line",
                "sku",
                "price_list",
                "code",
                "name",
                "mechanic",
                "value_text",
                "price_minor",
                "valid_from",
                "valid_to",
                "funding_micro",
            ],
            Self::Locks => &["line", "sku", "price_list", "kind", "valid_from", "valid_to", "reason"],
            Self::Matches => &[
                "line",
                "id",
                "competitor_id",
                "sku",
                "competitor",
                "url",
                "match_type",
                "pack_numerator",
                "pack_denominator",
            ],
            Self::Observations => &[
                "line",
                "id",
                "competitor_id",
                "sku",
                "competitor",
                "url",
                "at",
                "amount_minor",
                "currency",
                "kind",
                "availability",
                "was_minor",
                "shipping_minor",
                "deposit_minor",
                "promotion_text",
            ],
            Self::Sales => &["line", "sku", "day", "units_milli", "net_revenue_micro", "price_micro", "promotion"],
        }
    }

    /// Columns by which two rows of one file are the same; the reader has already refused doubled products.
    const fn identity(self) -> &'static str {
        match self {
            Self::Products => "",
            Self::Prices => "sku, price_list, price_type, min_quantity_milli, valid_from",
            Self::Costs => "sku, cost_type, supplier, valid_from",
            Self::Promotions => "sku, price_list, code, valid_from",
            Self::Locks => "sku, price_list, valid_from",
            Self::Matches => "sku, url",
            Self::Observations => "sku, url, at",
            Self::Sales => "sku, day",
        }
    }
}

/// Rows a merge wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MergeCounts {
    /// Inserted.
    pub added: u64,
    /// Updated.
    pub changed: u64,
}

/// A staged row that the workspace cannot take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRow {
    /// Line of the file.
    pub line: u64,
    /// Column.
    pub column: &'static str,
    /// What was found.
    pub found: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// Rows on their way in.
pub struct StagedImport {
    kind: StagedKind,
    connection: SqliteConnection,
    insert: BulkInsert,
}

/// A merge that is complete but for its commit.
pub struct MergedImport {
    /// The open operation.
    pub operation: Operation,
    /// Rows refused because of what the workspace holds.
    pub refused: Vec<RefusedRow>,
    /// Rows of the file that made something new.
    pub added: u64,
    /// Rows of the file that changed something.
    pub changed: u64,
}

impl Store {
    /// Begins staging on a connection of its own; the writer stays free.
    pub async fn stage(&self, kind: StagedKind) -> Result<StagedImport, StoreError> {
        let mut connection = self.staging_connection().await?;
        let columns = kind.columns().join(", ");
        sqlx::query(AssertSqlSafe(format!("CREATE TEMP TABLE stage ({columns})"))).execute(&mut connection).await?;
        sqlx::query("CREATE TEMP TABLE touched (line INTEGER PRIMARY KEY)").execute(&mut connection).await?;
        Ok(StagedImport { kind, connection, insert: BulkInsert::new("INSERT", "temp.stage", kind.columns()) })
    }
}

impl StagedImport {
    /// Adds a row with a value for each column of its kind.
    pub async fn push(&mut self, row: impl IntoIterator<Item = Value>) -> Result<(), StoreError> {
        self.insert.push(&mut self.connection, row).await
    }

    /// Forgets everything staged.
    pub async fn discard(self) -> Result<(), StoreError> {
        Ok(self.connection.close().await?)
    }

    /// Merges everything staged in one transaction, which the caller commits or abandons.
    pub async fn merge(
        mut self,
        store: &Store,
        actor: &str,
        operation: &str,
        at: Instant,
    ) -> Result<MergedImport, StoreError> {
        self.insert.flush(&mut self.connection).await?;
        let mut op = store.begin_on(Some(self.connection), actor, operation, at, Durability::Full).await?;
        let mut refused = refuse_doubles(&mut op, self.kind).await?;
        let counts = match self.kind {
            StagedKind::Products => merge_products(&mut op, &mut refused).await?,
            kind => {
                refused.extend(
                    refuse_unknown(
                        &mut op,
                        "sku",
                        "product",
                        "sku",
                        "no product has this SKU; import the products first",
                    )
                    .await?,
                );
                match kind {
                    StagedKind::Prices => merge_prices(&mut op, &mut refused).await?,
                    StagedKind::Costs => merge_costs(&mut op).await?,
                    StagedKind::Promotions => merge_listed(&mut op, &mut refused, "promotion").await?,
                    StagedKind::Locks => merge_listed(&mut op, &mut refused, "price_lock").await?,
                    StagedKind::Matches => merge_matches(&mut op).await?,
                    StagedKind::Observations => merge_observations(&mut op).await?,
                    StagedKind::Sales | StagedKind::Products => merge_sales(&mut op).await?,
                }
            }
        };
        let touched: i64 = sqlx::query_scalar("SELECT count(*) FROM temp.touched").fetch_one(op.connection()).await?;
        // Lines touched in a table of facts are either new or changed; for products only those that existed count.
        let changed = match self.kind {
            StagedKind::Products => u64::try_from(touched).unwrap_or(0),
            _ => counts.changed,
        };
        Ok(MergedImport { operation: op, refused, added: counts.added, changed })
    }
}

impl MergedImport {
    /// Makes the merge durable.
    pub async fn commit(self, summary: &str) -> Result<CommittedChange, StoreError> {
        self.operation.commit(summary, true).await
    }
}

async fn refuse_doubles(op: &mut Operation, kind: StagedKind) -> Result<Vec<RefusedRow>, StoreError> {
    let identity = kind.identity();
    if identity.is_empty() {
        return Ok(Vec::new());
    }
    let doubled = format!(
        "SELECT line, first FROM (SELECT line, min(line) OVER (PARTITION BY {identity}) AS first FROM temp.stage) \
         WHERE line > first"
    );
    let rows = sqlx::query(AssertSqlSafe(doubled.clone())).fetch_all(op.connection()).await?;
    let refused = rows
        .iter()
        .map(|row| {
            Ok(RefusedRow {
                line: u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0),
                column: "",
                found: String::new(),
                reason: format!("the same row as line {}; keep one of them", row.try_get::<i64, _>(1)?),
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    if !refused.is_empty() {
        execute(op, format!("DELETE FROM temp.stage WHERE line IN (SELECT line FROM ({doubled}))")).await?;
    }
    Ok(refused)
}

/// Refuses staged rows whose `column` names nothing in `table`.
pub(crate) async fn refuse_unknown(
    op: &mut Operation,
    column: &'static str,
    table: &str,
    name: &str,
    reason: &str,
) -> Result<Vec<RefusedRow>, StoreError> {
    refuse_where(op, column, &format!("NOT EXISTS (SELECT 1 FROM {table} x WHERE x.{name} = stage.{column})"), reason)
        .await
}

pub(crate) async fn refuse_where(
    op: &mut Operation,
    column: &'static str,
    condition: &str,
    reason: &str,
) -> Result<Vec<RefusedRow>, StoreError> {
    let sql = format!("SELECT line, cast({column} AS TEXT) FROM temp.stage AS stage WHERE {condition} ORDER BY line");
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(op.connection()).await?;
    let refused = rows
        .iter()
        .map(|row| {
            Ok(RefusedRow {
                line: u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0),
                column,
                found: row.try_get::<Option<String>, _>(1)?.unwrap_or_default(),
                reason: reason.to_owned(),
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    if !refused.is_empty() {
        execute(op, format!("DELETE FROM temp.stage AS stage WHERE {condition}")).await?;
    }
    Ok(refused)
}
