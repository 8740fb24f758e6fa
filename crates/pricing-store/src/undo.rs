//! Taking a change set back: inserted rows that nobody touched since are removed, updated fields that still hold what
//! the change set wrote get their old value; everything else is listed as a conflict.

use std::io::{BufRead, BufReader};

use pricing_domain::ChangeSetId;
use sqlx::{AssertSqlSafe, Row};

use crate::merge::{MergeTable, TABLES, execute, table};
use crate::operation::{CommittedChange, Durability, Operation};
use crate::staging::{Value, bind};
use crate::{Store, StoreError};

/// What an undo did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoOutcome {
    /// Rows removed or restored.
    pub restored: u64,
    /// Why some rows stayed, in words.
    pub conflicts: Vec<String>,
    /// The undo's own change set.
    pub change: CommittedChange,
}

/// Tables that refer to a product; a product they need is not removed.
const PRODUCT_DEPENDENTS: &[&str] = &[
    "product_gtin",
    "product_family",
    "stock",
    "cost",
    "price",
    "price_bound",
    "price_lock",
    "promotion",
    "listing",
    "sales",
    "proposal",
];

impl Store {
    /// Takes a change set back. `None`: there is no such change set, it cannot be undone, or it was undone already.
    pub async fn undo(
        &self,
        change_set: ChangeSetId,
        actor: &str,
        at: pricing_domain::Instant,
    ) -> Result<Option<UndoOutcome>, StoreError> {
        let mut op = self.begin(actor, "undo_change_set", at, Durability::Full).await?;
        let found = sqlx::query(
            "SELECT key, images, summary FROM change_set WHERE id = ? AND undoable = 1 AND undone_by IS NULL",
        )
        .bind(change_set.0.as_bytes().to_vec())
        .fetch_optional(op.connection())
        .await?;
        let Some(found) = found else {
            op.abandon().await?;
            return Ok(None);
        };
        let (sequence, summary): (i64, String) = (found.try_get(0)?, found.try_get(2)?);
        let images: Option<Vec<u8>> = found.try_get(1)?;
        let mut conflicts = Vec::new();
        let mut restored = remove_inserted(&mut op, sequence, &mut conflicts).await?;
        if let Some(images) = images {
            restored += restore_images(&mut op, &images, &mut conflicts).await?;
        }
        restored += undo_decisions(&mut op, sequence).await?;
        crate::import_merges::refresh_volumes(&mut op).await?;
        let own = op.sequence;
        sqlx::query("UPDATE change_set SET undone_by = ? WHERE key = ?")
            .bind(own)
            .bind(sequence)
            .execute(op.connection())
            .await?;
        op.rows = restored;
        let change = op.commit(&format!("Took back: {summary}"), false).await?;
        Ok(Some(UndoOutcome { restored, conflicts, change }))
    }
}

async fn remove_inserted(op: &mut Operation, sequence: i64, conflicts: &mut Vec<String>) -> Result<u64, StoreError> {
    let mut removed = 0;
    for table in TABLES.iter().rev() {
        let name = table.name;
        let free = match name {
            "product" => PRODUCT_DEPENDENTS
                .iter()
                .map(|other| format!(" AND NOT EXISTS (SELECT 1 FROM {other} d WHERE d.product_key = product.key)"))
                .collect(),
            "competitor" => {
                " AND NOT EXISTS (SELECT 1 FROM listing d WHERE d.competitor_key = competitor.key)".to_owned()
            }
            "listing" => {
                " AND NOT EXISTS (SELECT 1 FROM listing_reading d WHERE d.listing_key = listing.key)".to_owned()
            }
            _ => String::new(),
        };
        if name == "product" {
            // Derived figures go with the product.
            execute(
                op,
                format!(
                    "DELETE FROM product_volume WHERE product_key IN \
                     (SELECT key FROM product WHERE created_seq = {sequence})"
                ),
            )
            .await?;
        }
        removed += execute(
            op,
            format!("DELETE FROM {name} WHERE created_seq = {sequence} AND changed_seq = {sequence}{free}"),
        )
        .await?;
        let left: i64 =
            sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {name} WHERE created_seq = {sequence}")))
                .fetch_one(op.connection())
                .await?;
        if left > 0 {
            conflicts.push(format!("{left} rows of {} are used or were changed since, and stay", words(name)));
        }
    }
    Ok(removed)
}

async fn restore_images(op: &mut Operation, images: &[u8], conflicts: &mut Vec<String>) -> Result<u64, StoreError> {
    let unexpected = |_| StoreError::Unexpected("an undo image");
    let decoder = zstd::Decoder::new(images).map_err(unexpected)?;
    let mut restored = 0;
    let mut kept: Vec<(&'static str, u64)> = Vec::new();
    for line in BufReader::new(decoder).lines() {
        let line = line.map_err(unexpected)?;
        let mut parts = line.split('\t');
        let (Some(name), Some(keys), Some(old), Some(new)) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(StoreError::Unexpected("an undo image"));
        };
        let table = table(name);
        if restore_row(op, table, keys, old, new).await? {
            restored += 1;
        } else {
            match kept.iter_mut().find(|(name, _)| *name == table.name) {
                Some((_, count)) => *count += 1,
                None => kept.push((table.name, 1)),
            }
        }
    }
    conflicts.extend(
        kept.iter().map(|(name, count)| format!("{count} rows of {} were changed since, and stay", words(name))),
    );
    Ok(restored)
}

/// Puts the old values back where every changed field still holds the new one.
async fn restore_row(
    op: &mut Operation,
    table: &MergeTable,
    keys: &str,
    old: &str,
    new: &str,
) -> Result<bool, StoreError> {
    let (keys, old, new) = (values(keys)?, values(old)?, values(new)?);
    let changed: Vec<usize> = (0..old.len()).filter(|index| old.get(*index) != new.get(*index)).collect();
    let sets = changed.iter().map(|index| format!("{} = ?", table.values[*index])).collect::<Vec<_>>().join(", ");
    let still = changed.iter().map(|index| format!(" AND {} IS ?", table.values[*index])).collect::<String>();
    let named = table.keys.iter().map(|key| format!("{key} = ?")).collect::<Vec<_>>().join(" AND ");
    let sequence = op.sequence;
    let sql = format!("UPDATE {} SET {sets}, changed_seq = {sequence} WHERE {named}{still}", table.name);
    let mut query = sqlx::query(AssertSqlSafe(sql));
    let pick = |from: &[Value]| changed.iter().map(|index| from[*index].clone()).collect::<Vec<_>>();
    for value in pick(&old).into_iter().chain(keys).chain(pick(&new)) {
        query = bind(query, value);
    }
    Ok(query.execute(op.connection()).await?.rows_affected() == 1)
}

fn values(json: &str) -> Result<Vec<Value>, StoreError> {
    let parsed: Vec<serde_json::Value> =
        serde_json::from_str(json).map_err(|_| StoreError::Unexpected("an undo image"))?;
    parsed
        .into_iter()
        .map(|value| match value {
            serde_json::Value::Null => Ok(Value::Null),
            serde_json::Value::String(text) => Ok(Value::Text(text)),
            other => other.as_i64().map(Value::Integer).ok_or(StoreError::Unexpected("an undo image")),
        })
        .collect()
}

/// Decisions keep their before-state in the audit; those not handed over since go back.
async fn undo_decisions(op: &mut Operation, sequence: i64) -> Result<u64, StoreError> {
    let own = op.sequence;
    execute(
        op,
        format!(
            "UPDATE proposal SET status = c.old_value, decided_by = NULL, decided_at = NULL, decision_reason = NULL, \
             changed_seq = {own} \
             FROM audit_change c JOIN change_set s ON s.audit_key = c.audit_key \
             WHERE s.key = {sequence} AND c.entity = 'proposal' AND c.field = 'status' \
             AND c.entity_key = proposal.key AND proposal.status = c.new_value AND proposal.changed_seq = {sequence}"
        ),
    )
    .await
}

fn words(table: &str) -> &'static str {
    match table {
        "product" => "products",
        "product_gtin" => "GTINs",
        "product_family" => "family members",
        "stock" => "stock",
        "cost" => "costs",
        "price" => "prices",
        "price_bound" => "price limits",
        "price_lock" => "price locks",
        "promotion" => "promotions",
        "competitor" => "competitors",
        "listing" => "matches",
        _ => "sales",
    }
}
