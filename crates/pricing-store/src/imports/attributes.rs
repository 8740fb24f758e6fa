//! Free attributes of staged products: what a row states beside what the product has.

use pricing_domain::MOST_ATTRIBUTES;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::RefusedRow;
use crate::{Store, StoreError};

impl Store {
    /// Whether there is any product.
    pub async fn has_products(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM product)").fetch_one(&self.readers).await?)
    }

    /// The names of all free attributes that products have. Cost: one pass over the products.
    pub async fn attribute_names(&self) -> Result<Vec<String>, StoreError> {
        let names = "SELECT DISTINCT j.key FROM product p, json_each(p.attributes) j WHERE p.attributes IS NOT NULL";
        Ok(sqlx::query_scalar(names).fetch_all(&self.readers).await?)
    }
}

/// Joins the attributes of staged rows with those that their products have: what a row does not state stays. Rows that
/// would bring more attributes than a catalogue keeps are refused.
pub(super) async fn settle(connection: &mut SqliteConnection) -> Result<Vec<RefusedRow>, StoreError> {
    let stated = "SELECT EXISTS (SELECT 1 FROM temp.stage WHERE attributes IS NOT NULL)";
    let is_stated: bool = sqlx::query_scalar(stated).fetch_one(&mut *connection).await?;
    if !is_stated {
        return Ok(Vec::new());
    }
    let refused = too_many(connection).await?;
    // Text, not JSON: images for undo hold it as the text that it is.
    let joined = "UPDATE temp.stage AS stage SET attributes = json_patch(coalesce((SELECT p.attributes FROM product p \
                  WHERE p.sku = stage.sku), '{}'), attributes) || '' WHERE attributes IS NOT NULL";
    sqlx::query(joined).execute(connection).await?;
    Ok(refused)
}

/// Refuses rows with new attributes where there would be too many in all.
async fn too_many(connection: &mut SqliteConnection) -> Result<Vec<RefusedRow>, StoreError> {
    let names = |table: &str| {
        format!("SELECT j.key AS name FROM {table} t, json_each(t.attributes) j WHERE t.attributes IS NOT NULL")
    };
    let known = names("product");
    let all = format!("SELECT count(*) FROM ({known} UNION {})", names("temp.stage"));
    let all: i64 = sqlx::query_scalar(AssertSqlSafe(all)).fetch_one(&mut *connection).await?;
    if all <= i64::try_from(MOST_ATTRIBUTES).unwrap_or(i64::MAX) {
        return Ok(Vec::new());
    }
    let new = format!(
        "FROM temp.stage s WHERE s.attributes IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(s.attributes) j \
         WHERE j.key NOT IN ({known}))"
    );
    let first = format!(
        "SELECT s.line, (SELECT min(j.key) FROM json_each(s.attributes) j WHERE j.key NOT IN ({known})) {new} \
         ORDER BY s.line"
    );
    let rows = sqlx::query(AssertSqlSafe(first)).fetch_all(&mut *connection).await?;
    let refused = rows
        .iter()
        .map(|row| {
            Ok(RefusedRow {
                line: u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0),
                column: "attribute",
                found: row.try_get(1)?,
                reason: format!(
                    "a catalogue keeps at most {MOST_ATTRIBUTES} free attributes, and with this file it would have \
                     {all}; leave out those that no rule needs"
                ),
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    let seen = format!("INSERT OR IGNORE INTO temp.seen SELECT s.sku {new}");
    sqlx::query(AssertSqlSafe(seen)).execute(&mut *connection).await?;
    let gone = format!("DELETE FROM temp.stage WHERE line IN (SELECT s.line {new})");
    sqlx::query(AssertSqlSafe(gone)).execute(connection).await?;
    Ok(refused)
}
