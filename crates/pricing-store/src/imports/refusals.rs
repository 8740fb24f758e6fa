//! Rows that the workspace cannot take, each with its reason.

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::{RefusedRow, StagedKind};
use crate::StoreError;
use crate::merge::execute;
use crate::operation::Operation;

/// Of rows that say the same thing twice, the first counts.
pub(super) async fn doubles(op: &mut Operation, kind: StagedKind) -> Result<Vec<RefusedRow>, StoreError> {
    let identity = kind.identity();
    if identity.is_empty() {
        return Ok(Vec::new());
    }
    let doubled = format!(
        "SELECT line, first FROM (SELECT line, min(line) OVER (PARTITION BY {identity}) AS first FROM temp.stage) \
         WHERE line > first ORDER BY line"
    );
    let rows = sqlx::query(AssertSqlSafe(doubled.clone())).fetch_all(op.connection()).await?;
    let refused = rows
        .iter()
        .map(|row| {
            let reason = format!("the same row as line {}; keep one of them", row.try_get::<i64, _>(1)?);
            refusal(row, "", String::new(), reason)
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    if !refused.is_empty() {
        execute(op, format!("DELETE FROM temp.stage WHERE line IN (SELECT line FROM ({doubled}))")).await?;
    }
    Ok(refused)
}

/// Refuses rows of products that are not in the workspace.
pub(super) async fn unknown_products(op: &mut Operation) -> Result<Vec<RefusedRow>, StoreError> {
    let unknown = "NOT EXISTS (SELECT 1 FROM product x WHERE x.sku = stage.sku)";
    refuse_where(op, "sku", unknown, "no product has this SKU; import the products first").await
}

/// Refuses rows whose list is unknown. A row that names no list passes.
pub(super) async fn unknown_lists(op: &mut Operation) -> Result<Vec<RefusedRow>, StoreError> {
    let unknown = "price_list IS NOT NULL AND NOT EXISTS (SELECT 1 FROM price_list x WHERE x.code = stage.price_list)";
    refuse_where(op, "price_list", unknown, "no price list has this code; import its prices first").await
}

/// Refuses amounts in another currency than their list's.
pub(super) async fn foreign_currencies(op: &mut Operation) -> Result<Vec<RefusedRow>, StoreError> {
    let foreign = "currency <> (SELECT l.currency FROM price_list l WHERE l.code = stage.price_list)";
    refuse_where(op, "currency", foreign, "the price list is in another currency").await
}

/// Refuses pairs of a page and a product that a person rejected, and pages that nobody wants to be asked about again:
/// what was decided does not come back through a file.
pub(super) async fn rejected_pairs(op: &mut Operation) -> Result<Vec<RefusedRow>, StoreError> {
    // Observations read elsewhere stand on a listing that names their source.
    let page = "p.url = s.url OR ('file:' || p.url || '#' || s.competitor) = s.url";
    let found = format!(
        "SELECT s.line, s.url, min(c.decided_at), min(c.decided_by) FROM match_candidate c \
         JOIN found_page p ON p.key = c.page_key JOIN product r ON r.key = c.product_key \
         JOIN temp.stage s ON s.sku = r.sku AND ({page}) WHERE c.decision = 'rejected' GROUP BY s.line ORDER BY s.line"
    );
    let rows = sqlx::query(AssertSqlSafe(found)).fetch_all(op.connection()).await?;
    let mut refused = Vec::new();
    for row in &rows {
        let at: Option<i64> = row.try_get(2)?;
        let by: Option<String> = row.try_get(3)?;
        let day = at.map(|at| pricing_domain::Instant(at).to_string().chars().take(10).collect::<String>());
        let reason = format!(
            "{} rejected this page for this product{}; take the decision back in Matches first",
            by.as_deref().unwrap_or("A person"),
            day.map_or_else(String::new, |day| format!(" on {day}")),
        );
        refused.push(refusal(row, "url", row.try_get(1)?, reason)?);
    }
    for line in refused.iter().map(|row| row.line) {
        execute(op, format!("DELETE FROM temp.stage WHERE line = {line}")).await?;
    }
    Ok(refused)
}

/// Refuses readings from more than a day ahead of the clock: nobody has seen them, and they would outlast every real one.
pub(super) async fn later_than_tomorrow(op: &mut Operation) -> Result<Vec<RefusedRow>, StoreError> {
    let condition = format!("stage.at > {}", op.at.plus_days(1).0);
    let reason = "this moment is more than a day ahead; state when the price was seen";
    let sql = format!(
        "SELECT line, strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000000, 'unixepoch') FROM temp.stage AS stage \
         WHERE {condition} ORDER BY line"
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(op.connection()).await?;
    let refused = rows
        .iter()
        .map(|row| {
            let found: Option<String> = row.try_get(1)?;
            refusal(row, "observed_at", found.unwrap_or_default(), reason.to_owned())
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    if !refused.is_empty() {
        execute(op, format!("DELETE FROM temp.stage AS stage WHERE {condition}")).await?;
    }
    Ok(refused)
}

/// Refuses rows that leave out what a product that is not there yet must have.
pub(super) async fn unfinished_products(connection: &mut SqliteConnection) -> Result<Vec<RefusedRow>, StoreError> {
    const UNFINISHED: &str = "(name IS NULL OR price_minor IS NULL OR currency IS NULL) \
                              AND NOT EXISTS (SELECT 1 FROM product x WHERE x.sku = stage.sku)";
    let sql = format!(
        "SELECT line, iif(name IS NULL, 'name', iif(price_minor IS NULL, 'price', 'currency')), sku \
         FROM temp.stage AS stage WHERE {UNFINISHED} ORDER BY line"
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *connection).await?;
    let refused = rows
        .iter()
        .map(|row| {
            let (column, sku): (String, String) = (row.try_get(1)?, row.try_get(2)?);
            let column = ["name", "price"].into_iter().find(|known| *known == column).unwrap_or("currency");
            let reason = format!(
                "{sku} is not in the workspace yet, and a new product needs its {column}. Fill it in, or correct the \
                 article number."
            );
            refusal(row, column, String::new(), reason)
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    if !refused.is_empty() {
        let gone = format!("DELETE FROM temp.stage AS stage WHERE {UNFINISHED}");
        sqlx::query(AssertSqlSafe(gone)).execute(connection).await?;
    }
    Ok(refused)
}

/// Refuses the rows of `temp.stage` for which `condition`, made of constant parts, holds.
pub(super) async fn refuse_where(
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
            let found: Option<String> = row.try_get(1)?;
            refusal(row, column, found.unwrap_or_default(), reason.to_owned())
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    if !refused.is_empty() {
        execute(op, format!("DELETE FROM temp.stage AS stage WHERE {condition}")).await?;
    }
    Ok(refused)
}

fn refusal(row: &SqliteRow, column: &'static str, found: String, reason: String) -> Result<RefusedRow, StoreError> {
    let line: i64 = row.try_get(0)?;
    Ok(RefusedRow { line: u64::try_from(line).unwrap_or(0), column, found, reason })
}
