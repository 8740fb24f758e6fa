//! What a file of products would change, found without writing: staged rows beside what the workspace holds, on the
//! connection that staged them, so that the writer stays free.

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use super::{RefusedRow, StagedImport};
use crate::StoreError;

/// How a field's values are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldForm {
    /// As it is.
    Text,
    /// Minor units of the list's currency.
    Minor,
    /// Millionths.
    Micro,
    /// 1 or 0.
    YesOrNo,
    /// Hundredths of a percent.
    Rate,
    /// Microseconds since 1970.
    Moment,
    /// Days since 1970.
    Day,
    /// Thousandths.
    Milli,
    /// A whole number and how many of its digits stand after the point, with a blank between.
    Scaled,
    /// Free attributes as a JSON object of texts.
    Attributes,
}

/// One field of a row that would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Our column.
    pub field: &'static str,
    /// How to show it.
    pub form: FieldForm,
    /// What is there; `None`: nothing.
    pub old: Option<String>,
    /// What the file says.
    pub new: String,
}

/// A value that tells one row of a product from the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldValue {
    /// Words before it.
    pub before: &'static str,
    /// How to show it.
    pub form: FieldForm,
    /// The value.
    pub value: String,
}

/// One row that would be made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedRow {
    /// Line of the file.
    pub line: u64,
    /// Article number; of exchange rates the two currencies.
    pub sku: String,
    /// Currency of amounts in minor units; `None`: that of the default list.
    pub currency: Option<String>,
    /// Which of the product's rows it is, where it has several.
    pub about: Vec<FieldValue>,
    /// What would change.
    pub fields: Vec<FieldChange>,
}

/// What a file would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Rows of products that are not there yet.
    pub added: u64,
    /// Rows that would change something.
    pub changed: u64,
    /// Rows that say what is there.
    pub unchanged: u64,
    /// The first of the changed rows, field by field.
    pub changes: Vec<ChangedRow>,
    /// The first of the new ones.
    pub new_rows: Vec<ChangedRow>,
    /// Products that the file does not name.
    pub missing: u64,
    /// The first of them.
    pub missing_skus: Vec<String>,
    /// Rows that the workspace cannot take.
    pub refused: Vec<RefusedRow>,
}

/// Our column, what is staged, what is there.
const FIELDS: &[(&str, FieldForm, &str, &str)] = &[
    ("name", FieldForm::Text, "s.name", "p.name"),
    ("mpn", FieldForm::Text, "s.mpn", "p.mpn"),
    ("brand", FieldForm::Text, "s.brand", "(SELECT b.name FROM brand b WHERE b.key = p.brand_key)"),
    ("own_brand", FieldForm::YesOrNo, "s.own_brand", "p.own_brand"),
    ("supplier", FieldForm::Text, "s.supplier", "(SELECT v.name FROM supplier v WHERE v.key = p.supplier_key)"),
    ("category", FieldForm::Text, "s.category", "(SELECT c.path FROM category c WHERE c.key = p.category_key)"),
    ("item_group_id", FieldForm::Text, "s.item_group_id", "p.item_group_id"),
    ("net_content", FieldForm::Micro, "s.net_content_micro", "p.net_content_micro"),
    ("content_unit", FieldForm::Text, "s.content_unit", "p.content_unit"),
    ("pack_items", FieldForm::Text, "s.pack_items", "p.pack_items"),
    ("deposit", FieldForm::Minor, "s.deposit_minor", "p.deposit_minor"),
    ("lifecycle", FieldForm::Text, "s.lifecycle", "p.lifecycle"),
    ("role", FieldForm::Text, "s.role", "p.role"),
    ("kvi", FieldForm::YesOrNo, "s.key_value", "p.key_value"),
    ("vat_rate", FieldForm::Rate, "s.vat_class", "p.vat_class"),
    ("tags", FieldForm::Text, "s.tags", "p.tags"),
    ("attributes", FieldForm::Attributes, "s.attributes", "p.attributes"),
    ("image_url", FieldForm::Text, "s.image_url", "p.image_url"),
    ("price", FieldForm::Minor, "s.price_minor", "o.amount_minor"),
    ("compare_at_price", FieldForm::Minor, "s.compare_at_minor", "x.compare_at_minor"),
    ("min_price", FieldForm::Minor, "s.min_minor", "x.min_minor"),
    ("max_price", FieldForm::Minor, "s.max_minor", "x.max_minor"),
    ("map_price", FieldForm::Minor, "s.map_minor", "x.map_minor"),
    ("rrp", FieldForm::Minor, "s.rrp_minor", "x.rrp_minor"),
    ("cost", FieldForm::Micro, "s.cost_micro", "k.amount_micro"),
    ("cost_currency", FieldForm::Text, "iif(s.cost_micro IS NULL, NULL, s.cost_currency)", "k.currency"),
    (
        "stock",
        FieldForm::Text,
        "iif(s.quantity IS NULL AND s.in_stock = 1 AND t.quantity <= 0, '', s.quantity)",
        "t.quantity",
    ),
    (
        "sale_price",
        FieldForm::Minor,
        "iif(s.sale_state = 'none' AND r.price_minor IS NOT NULL, '', s.sale_minor)",
        "r.price_minor",
    ),
    ("sale_from", FieldForm::Moment, "iif(s.sale_state = 'sale', s.sale_from, NULL)", "r.valid_from"),
    ("sale_to", FieldForm::Moment, "iif(s.sale_state = 'sale', s.sale_to, NULL)", "r.valid_to"),
    (
        "gtin",
        FieldForm::Text,
        "(SELECT group_concat(j.value, ' ') FROM json_each(s.gtins) j WHERE NOT EXISTS \
         (SELECT 1 FROM product_gtin g WHERE g.product_key = p.key AND g.gtin = j.value))",
        "NULL",
    ),
    (
        "family",
        FieldForm::Text,
        "s.family",
        "(SELECT group_concat(name, '|') FROM (SELECT f.name FROM product_family m JOIN family f ON f.key = m.family_key \
         WHERE m.product_key = p.key ORDER BY f.name))",
    ),
];

impl StagedImport {
    /// Compares staged products with the workspace, naming at most `listed` rows of each sort, and forgets them.
    pub async fn compare_products(mut self, at: i64, listed: u32) -> Result<Comparison, StoreError> {
        self.insert.flush(&mut self.connection).await?;
        let connection = &mut self.connection;
        let mut result = Comparison { refused: foreign_currencies(connection).await?, ..Comparison::default() };
        result.refused.extend(super::refusals::unfinished_products(connection).await?);
        super::products::settle_lifecycles(connection).await?;
        result.refused.extend(super::attributes::settle(connection).await?);
        let known = count(connection, "SELECT count(*) FROM product").await?;
        let staged = count(connection, "SELECT count(*) FROM temp.stage").await?;
        if known == 0 {
            result.added = staged;
        } else {
            compare_known(connection, &mut result, at, listed).await?;
            result.unchanged = staged - result.added - result.changed;
        }
        result.new_rows = new_rows(connection, listed).await?;
        self.connection.close().await?;
        Ok(result)
    }
}

async fn count(connection: &mut SqliteConnection, sql: &str) -> Result<u64, StoreError> {
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(connection).await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// The default list is in one currency; rows in another are refused as they are by the import itself.
async fn foreign_currencies(connection: &mut SqliteConnection) -> Result<Vec<RefusedRow>, StoreError> {
    let default = "(SELECT currency FROM price_list ORDER BY is_default DESC, key LIMIT 1)";
    // Where there is no list yet, the first row's currency becomes that of the first list.
    let list = format!("coalesce({default}, (SELECT currency FROM temp.stage ORDER BY line LIMIT 1))");
    let rows = sqlx::query(AssertSqlSafe(format!(
        "SELECT line, currency, {list} FROM temp.stage WHERE currency <> {list} ORDER BY line"
    )))
    .fetch_all(&mut *connection)
    .await?;
    let refused = rows
        .iter()
        .map(|row| {
            let list: String = row.try_get(2)?;
            Ok(RefusedRow {
                line: u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0),
                column: "currency",
                found: row.try_get(1)?,
                reason: super::products::foreign_currency_words(&list),
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    if !refused.is_empty() {
        let seen = format!("INSERT OR IGNORE INTO temp.seen SELECT sku FROM temp.stage WHERE currency <> {list}");
        sqlx::query(AssertSqlSafe(seen)).execute(&mut *connection).await?;
        let sql = format!("DELETE FROM temp.stage WHERE currency <> {list}");
        sqlx::query(AssertSqlSafe(sql)).execute(connection).await?;
    }
    Ok(refused)
}

async fn compare_known(
    connection: &mut SqliteConnection,
    result: &mut Comparison,
    at: i64,
    listed: u32,
) -> Result<(), StoreError> {
    sqlx::query("CREATE INDEX temp.stage_sku ON stage (sku)").execute(&mut *connection).await?;
    result.added = count(
        connection,
        "SELECT count(*) FROM temp.stage s WHERE NOT EXISTS (SELECT 1 FROM product p WHERE p.sku = s.sku)",
    )
    .await?;
    let differs: Vec<String> =
        FIELDS.iter().map(|(_, _, new, old)| format!("({new} IS NOT NULL AND {new} IS NOT {old})")).collect();
    let changed = format!("{} WHERE {}", joined(at), differs.join(" OR "));
    result.changed = count(connection, &format!("SELECT count(*) {changed}")).await?;
    result.changes = changes(connection, &changed, listed).await?;
    let missing = "FROM product p WHERE p.lifecycle IS NOT 'ended' \
                   AND NOT EXISTS (SELECT 1 FROM temp.stage s WHERE s.sku = p.sku) \
                   AND NOT EXISTS (SELECT 1 FROM temp.seen x WHERE x.sku = p.sku)";
    result.missing = count(connection, &format!("SELECT count(*) {missing}")).await?;
    result.missing_skus =
        sqlx::query_scalar(AssertSqlSafe(format!("SELECT p.sku {missing} ORDER BY p.key LIMIT {listed}")))
            .fetch_all(connection)
            .await?;
    Ok(())
}

/// Staged rows with what the workspace holds of their products on the default list.
fn joined(at: i64) -> String {
    let list = "(SELECT key FROM price_list ORDER BY is_default DESC, key LIMIT 1)";
    let in_force =
        |table: &str| format!("{table}.valid_from <= {at} AND ({table}.valid_to IS NULL OR {table}.valid_to > {at})");
    // The sale that the import would write over: the one with the same beginning, else the one that runs.
    let running = format!(
        "SELECT max(w.valid_from) FROM promotion w WHERE w.product_key = p.key AND w.list_key = {list} \
         AND w.code = 'sale' AND {}",
        in_force("w")
    );
    format!(
        "FROM temp.stage s CROSS JOIN product p ON p.sku = s.sku \
         LEFT JOIN price o ON o.key = (SELECT q.key FROM price q WHERE q.product_key = p.key AND q.list_key = {list} \
         AND q.price_type = 'regular' AND q.min_quantity_milli = 0 AND {} ORDER BY q.valid_from DESC LIMIT 1) \
         LEFT JOIN price_bound x ON x.product_key = p.key AND x.list_key = {list} \
         LEFT JOIN cost k ON k.product_key = p.key AND k.cost_type = s.cost_type AND k.supplier_key = 0 \
         AND k.valid_from = (SELECT max(y.valid_from) FROM cost y WHERE y.product_key = p.key \
         AND y.cost_type = s.cost_type AND y.supplier_key = 0 AND y.valid_from <= {at}) \
         LEFT JOIN stock t ON t.product_key = p.key AND t.location = '' \
         LEFT JOIN promotion r ON r.product_key = p.key AND r.list_key = {list} AND r.code = 'sale' AND r.valid_from = iif(s.sale_state = 'sale', coalesce(s.sale_from, ({running}), {at}), ({running}))",
        in_force("q"),
    )
}

async fn changes(connection: &mut SqliteConnection, changed: &str, listed: u32) -> Result<Vec<ChangedRow>, StoreError> {
    let columns: Vec<String> =
        FIELDS.iter().map(|(_, _, new, old)| format!("cast({new} AS TEXT), cast({old} AS TEXT)")).collect();
    let sql = format!("SELECT s.line, s.sku, {} {changed} ORDER BY s.line LIMIT {listed}", columns.join(", "));
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let mut fields = Vec::new();
            for (index, (field, form, _, _)) in FIELDS.iter().enumerate() {
                let new: Option<String> = row.try_get(2 + index * 2)?;
                let old: Option<String> = row.try_get(3 + index * 2)?;
                if let Some(new) = new.filter(|new| old.as_ref() != Some(new)) {
                    fields.push(FieldChange { field, form: *form, old, new });
                }
            }
            product_row(row, fields)
        })
        .collect()
}

/// The first new products, with their names and prices.
async fn new_rows(connection: &mut SqliteConnection, listed: u32) -> Result<Vec<ChangedRow>, StoreError> {
    let sql = format!(
        "SELECT s.line, s.sku, s.name, cast(s.price_minor AS TEXT) FROM temp.stage s \
         WHERE NOT EXISTS (SELECT 1 FROM product p WHERE p.sku = s.sku) ORDER BY s.line LIMIT {listed}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let mut fields = Vec::new();
            for (place, (field, form)) in
                [("name", FieldForm::Text), ("price", FieldForm::Minor)].into_iter().enumerate()
            {
                let new: Option<String> = row.try_get(2 + place)?;
                fields.extend(new.map(|new| FieldChange { field, form, old: None, new }));
            }
            product_row(row, fields)
        })
        .collect()
}

fn product_row(row: &SqliteRow, fields: Vec<FieldChange>) -> Result<ChangedRow, StoreError> {
    Ok(ChangedRow {
        line: u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0),
        sku: row.try_get(1)?,
        currency: None,
        about: Vec::new(),
        fields,
    })
}
