//! Imports: rows are staged in a temporary table on a connection of their own, checked there against what the
//! workspace knows, and merged in one transaction.

mod attributes;
mod compare;
mod facts;
mod kinds;
pub(crate) mod listed_rows;
mod offers;
mod prices;
mod products;
mod refusals;
mod sales;

use pricing_domain::{BasisPoints, Currency, Instant, PackCoefficient, TaxMode};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use crate::figures::{BEGINNING, StaleFigures};
use crate::operation::{CommittedChange, Durability, Operation};
use crate::staging::{BulkInsert, Value};
use crate::{Store, StoreError};

pub use compare::{ChangedRow, Comparison, FieldChange, FieldForm, FieldValue};
pub(crate) use facts::refresh_volumes;
pub use kinds::StagedKind;
pub(crate) use listed_rows::ListedRows;

/// Lines of the file by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MergeCounts {
    /// Made something new.
    pub added: u64,
    /// Changed something.
    pub changed: u64,
}

/// A competitor's offer of a file, as its merge would keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagedOffer {
    /// Line of the file.
    pub line: u64,
    /// Our article number.
    pub sku: String,
    /// Whose offer.
    pub competitor: String,
    /// When it was seen.
    pub at: Instant,
    /// As it was shown, in minor units.
    pub amount_minor: i64,
    /// Code of its currency.
    pub currency: String,
    /// The kind of offer, as it is stored.
    pub kind: String,
    /// Whether it can be bought, as it is stored.
    pub availability: String,
    /// How much of ours it is.
    pub pack: PackCoefficient,
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

/// A price list that a file brings with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedList {
    /// Short code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Currency.
    pub currency: Currency,
    /// With or without VAT.
    pub tax_mode: TaxMode,
    /// Two letters, or empty.
    pub country: String,
}

/// Rows on their way in.
pub struct StagedImport {
    kind: StagedKind,
    connection: SqliteConnection,
    insert: BulkInsert,
    /// Most rows of each sort that the merge lists one by one; 0: none.
    listed: u32,
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
    /// Rows of the file that were added to others of the same product and day.
    pub summed: u64,
    /// By list how many products have prices from a quantity on and none for one item.
    pub without_base: Vec<(String, u64)>,
    /// The first rows that are new, where they are listed, beside what held before them.
    pub new_rows: Vec<ChangedRow>,
    /// The first rows that changed, where they are listed.
    pub changes: Vec<ChangedRow>,
}

impl Store {
    /// Begins staging on a connection of its own; the writer stays free.
    pub async fn stage(&self, kind: StagedKind) -> Result<StagedImport, StoreError> {
        let mut connection = self.staging_connection().await?;
        let columns = kind.columns().join(", ");
        sqlx::query(AssertSqlSafe(format!("CREATE TEMP TABLE stage ({columns})"))).execute(&mut connection).await?;
        sqlx::query("CREATE TEMP TABLE touched (line INTEGER PRIMARY KEY)").execute(&mut connection).await?;
        sqlx::query("CREATE TEMP TABLE seen (sku TEXT PRIMARY KEY) WITHOUT ROWID").execute(&mut connection).await?;
        let insert = BulkInsert::new("INSERT", "temp.stage", kind.columns());
        Ok(StagedImport { kind, connection, insert, listed: 0 })
    }
}

impl StagedImport {
    /// Adds a row with a value for each column of its kind.
    pub async fn push(&mut self, row: impl IntoIterator<Item = Value>) -> Result<(), StoreError> {
        self.insert.push(&mut self.connection, row).await
    }

    /// Notes products that the file names in rows that were not staged: they are not missing from it.
    pub async fn see(&mut self, skus: &[String]) -> Result<(), StoreError> {
        let mut insert = BulkInsert::new("INSERT OR IGNORE", "temp.seen", &["sku"]);
        for sku in skus {
            insert.push(&mut self.connection, [Value::from(sku.as_str())]).await?;
        }
        insert.flush(&mut self.connection).await
    }

    /// Has the merge list what it does, field by field: at most so many new and so many changed rows. Not for products,
    /// which are compared without the writer.
    #[must_use]
    pub fn listing(self, listed: u32) -> Self {
        Self { listed, ..self }
    }

    /// Forgets everything staged.
    pub async fn discard(self) -> Result<(), StoreError> {
        Ok(self.connection.close().await?)
    }

    /// Merges everything staged in one transaction, which the caller commits or abandons. `lists` are made where they
    /// are not there yet and a row needs them; `vat_rates` are stated as classes of their own name, everywhere.
    pub async fn merge(
        mut self,
        store: &Store,
        lists: &[NamedList],
        vat_rates: &[BasisPoints],
        actor: &str,
        at: Instant,
    ) -> Result<MergedImport, StoreError> {
        self.insert.flush(&mut self.connection).await?;
        let mut op = store.begin_on(Some(self.connection), actor, "import", at, Durability::Full).await?;
        op.listed = (self.listed > 0).then(|| ListedRows { limit: self.listed, ..ListedRows::default() });
        let summed = if self.kind == StagedKind::Sales { facts::sum_sales(&mut op).await? } else { 0 };
        let mut refused = refusals::doubles(&mut op, self.kind).await?;
        if self.kind.names_products() {
            refused.extend(refusals::unknown_products(&mut op).await?);
        }
        if matches!(self.kind, StagedKind::Matches | StagedKind::Observations) {
            refused.extend(refusals::rejected_pairs(&mut op).await?);
        }
        make_lists(&mut op, self.kind, lists).await?;
        if matches!(self.kind, StagedKind::Prices | StagedKind::PriceHistory) {
            prices::to_their_lists(&mut op).await?;
        }
        let moved = self.kind == StagedKind::Products && products::moves_segments(&mut op).await?;
        let counts = match self.kind {
            StagedKind::Products => products::merge_products(&mut op, &mut refused).await?,
            StagedKind::Prices => prices::merge_prices(&mut op, &mut refused).await?,
            StagedKind::PriceHistory => prices::merge_history(&mut op, &mut refused).await?,
            StagedKind::Costs => facts::merge_costs(&mut op).await?,
            StagedKind::Promotions => facts::merge_promotions(&mut op, &mut refused).await?,
            StagedKind::Locks => facts::merge_locks(&mut op, &mut refused).await?,
            StagedKind::Matches => offers::merge_matches(&mut op).await?,
            StagedKind::Observations => offers::merge_observations(&mut op, &mut refused).await?,
            StagedKind::Sales => facts::merge_sales(&mut op, &mut refused).await?,
            StagedKind::Stock => facts::merge_stock(&mut op).await?,
            StagedKind::Rates => facts::merge_rates(&mut op).await?,
        };
        mark_stale_figures(&mut op, self.kind).await?;
        if moved {
            // Sales are summed up by the category, brand and role that a product has now.
            op.mark_stale(StaleFigures::Sales, BEGINNING).await?;
        }
        for rate in vat_rates {
            op.set_vat_rate(&rate.0.to_string(), "*", *rate).await?;
        }
        let without_base = match self.kind {
            StagedKind::Prices => prices::without_base(&mut op).await?,
            _ => Vec::new(),
        };
        let mut listed = op.listed.take().unwrap_or_default();
        listed.sort();
        Ok(MergedImport {
            operation: op,
            refused,
            added: counts.added,
            changed: counts.changed,
            summed,
            without_base,
            new_rows: listed.added,
            changes: listed.changed,
        })
    }
}

impl MergedImport {
    /// Marks the products that no staged row names as ended. Only for a file that was read whole and without a refusal.
    pub async fn end_missing(&mut self) -> Result<u64, StoreError> {
        products::end_missing(&mut self.operation).await
    }

    /// The competitors' offers among what was merged, in the order of the file; at most so many.
    pub async fn staged_offers(&mut self, most: u32) -> Result<Vec<StagedOffer>, StoreError> {
        offers::staged_offers(&mut self.operation, most).await
    }

    /// Takes everything back that was not committed.
    pub async fn abandon(self) -> Result<(), StoreError> {
        self.operation.abandon().await
    }

    /// Makes the merge durable.
    pub async fn commit(self, summary: &str) -> Result<CommittedChange, StoreError> {
        self.operation.commit(summary, true).await
    }
}

/// Figures of the past that the staged rows change. What stands now is found without it.
async fn mark_stale_figures(op: &mut Operation, kind: StagedKind) -> Result<(), StoreError> {
    let today = op.at.0.div_euclid(pricing_domain::MICROSECONDS_PER_DAY);
    let before_today = |column: &str| {
        let micros = pricing_domain::MICROSECONDS_PER_DAY;
        format!("SELECT min({column}) / {micros} FROM temp.stage WHERE {column} < {today} * {micros}")
    };
    match kind {
        StagedKind::Observations => {
            let hours = pricing_domain::MICROSECONDS_PER_HOUR;
            op.mark_stale(StaleFigures::Changes, &format!("SELECT min(at) / {hours} FROM temp.stage")).await?;
            op.mark_stale(StaleFigures::History, &before_today("at")).await
        }
        StagedKind::Prices | StagedKind::PriceHistory => {
            op.mark_stale(StaleFigures::History, &before_today("valid_from")).await
        }
        StagedKind::Sales => op.mark_stale(StaleFigures::Sales, "SELECT min(day) FROM temp.stage").await,
        StagedKind::Costs | StagedKind::Products => {
            // The first cost of a product counts before it too, so it concerns all its sales.
            let (micros, sequence) = (pricing_domain::MICROSECONDS_PER_DAY, op.sequence);
            let from = format!(
                "SELECT min(iif(EXISTS (SELECT 1 FROM cost e WHERE e.product_key = c.product_key \
                 AND e.valid_from < c.valid_from), c.valid_from / {micros}, {BEGINNING})) FROM cost c \
                 WHERE c.changed_seq = {sequence}"
            );
            op.mark_stale(StaleFigures::Sales, &from).await
        }
        StagedKind::Matches => {
            // Another pack or another competitor makes other amounts of every price that was read there.
            let (hours, sequence) = (pricing_domain::MICROSECONDS_PER_HOUR, op.sequence);
            let first = format!(
                "SELECT min(s.first_seen) / {hours} FROM listing l JOIN offer_span s ON s.listing_key = l.key \
                 WHERE l.changed_seq = {sequence}"
            );
            op.mark_stale(StaleFigures::Changes, &first).await?;
            op.mark_stale(StaleFigures::History, &first).await
        }
        StagedKind::Promotions | StagedKind::Locks | StagedKind::Stock | StagedKind::Rates => Ok(()),
    }
}

/// Makes the lists that staged rows need: the first list of all for products, the named ones for prices.
async fn make_lists(op: &mut Operation, kind: StagedKind, lists: &[NamedList]) -> Result<(), StoreError> {
    let needed = match kind {
        StagedKind::Products => "SELECT NOT EXISTS (SELECT 1 FROM price_list) AND EXISTS (SELECT 1 FROM temp.stage)",
        _ => {
            "SELECT NOT EXISTS (SELECT 1 FROM price_list WHERE code = ?1) \
             AND EXISTS (SELECT 1 FROM temp.stage WHERE price_list = ?1)"
        }
    };
    for list in lists {
        if sqlx::query_scalar(needed).bind(&list.code).fetch_one(op.connection()).await? {
            op.add_price_list(&list.code, &list.name, list.currency, list.tax_mode, &list.country).await?;
        }
    }
    Ok(())
}
