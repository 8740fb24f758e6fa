//! Taking a change set back: inserted rows that nobody touched since are removed, updated fields that still hold what
//! the change set wrote get their old value; everything else is listed as a conflict.

use std::io::{BufRead, BufReader};

use pricing_domain::ChangeSetId;
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments};
use sqlx::{AssertSqlSafe, Row};

use crate::merge::{MergeTable, TABLES, execute, table};
use crate::offer_codes::assignment;
use crate::operation::{CommittedChange, Durability, Operation};
use crate::proposals::NEWEST_BATCH;
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
    "match_candidate",
    "sales",
    "proposal",
    "snooze",
    "price_comment",
];

/// Tables that refer to a price list.
const LIST_DEPENDENTS: &[&str] =
    &["price", "price_bound", "price_lock", "promotion", "sales", "proposal", "connection", "snooze", "price_comment"];

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
        let images = read_images(images.as_deref().unwrap_or_default())?;
        let mut restored = restore_images(&mut op, sequence, &images, &mut conflicts).await?;
        restored += remove_inserted(&mut op, sequence, &mut conflicts).await?;
        restored += put_back(&mut op, sequence, &images, &mut conflicts).await?;
        restored += undo_decisions(&mut op, sequence, &mut conflicts).await?;
        restored += crate::quarantine::undo_decisions(&mut op, sequence, &mut conflicts).await?;
        crate::imports::refresh_volumes(&mut op).await?;
        op.mark_all_stale().await?;
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
    for table in TABLES.iter().rev().filter(|table| table.tracked) {
        let name = table.name;
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
        let unused = unused(name);
        removed += execute(
            op,
            format!("DELETE FROM {name} WHERE created_seq = {sequence} AND changed_seq = {sequence}{unused}"),
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

/// A condition that holds for rows of a table that nothing refers to.
fn unused(table: &str) -> String {
    let (others, column): (&[&str], &str) = match table {
        "product" => (PRODUCT_DEPENDENTS, "product_key"),
        "price_list" => (LIST_DEPENDENTS, "list_key"),
        "competitor" => (&["listing", "found_page", "site_recipe", "collection_schedule"], "competitor_key"),
        "listing" => (
            &["listing_reading", "offer_span", "failure_span", "evidence", "quarantined_reading", "listing_lease"],
            "listing_key",
        ),
        _ => (&[], ""),
    };
    others
        .iter()
        .map(|other| format!(" AND NOT EXISTS (SELECT 1 FROM {other} d WHERE d.{column} = {table}.key)"))
        .collect()
}

/// What a row held before and after a change set; `None`: it was not there.
struct Image {
    table: &'static MergeTable,
    keys: Vec<Value>,
    old: Option<Vec<Value>>,
    new: Option<Vec<Value>>,
    /// The change set that had changed the row before.
    changed_seq: Option<i64>,
}

fn read_images(compressed: &[u8]) -> Result<Vec<Image>, StoreError> {
    let unexpected = |_| StoreError::Unexpected("an undo image");
    if compressed.is_empty() {
        return Ok(Vec::new());
    }
    let decoder = zstd::Decoder::new(compressed).map_err(unexpected)?;
    BufReader::new(decoder).lines().map(|line| read_image(&line.map_err(unexpected)?)).collect()
}

fn read_image(line: &str) -> Result<Image, StoreError> {
    let mut parts = line.split('\t');
    let (Some(name), Some(keys), Some(old), Some(new)) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(StoreError::Unexpected("an undo image"));
    };
    let keys = values(keys)?.ok_or(StoreError::Unexpected("an undo image"))?;
    let changed_seq = parts.next().and_then(|text| text.parse().ok());
    Ok(Image { table: table(name), keys, old: values(old)?, new: values(new)?, changed_seq })
}

/// Counts what could not be taken back, by what it is.
#[derive(Default)]
struct Kept(Vec<(String, u64)>);

impl Kept {
    fn note(&mut self, what: String) {
        match self.0.iter_mut().find(|(known, _)| *known == what) {
            Some((_, count)) => *count += 1,
            None => self.0.push((what, 1)),
        }
    }

    fn into_words(self) -> impl Iterator<Item = String> {
        self.0.into_iter().map(|(what, count)| format!("{count} rows of {what} since, and stay"))
    }
}

/// Gives updated rows their old values and removes rows that only images know of.
async fn restore_images(
    op: &mut Operation,
    sequence: i64,
    images: &[Image],
    conflicts: &mut Vec<String>,
) -> Result<u64, StoreError> {
    let mut restored = 0;
    let mut kept = Kept::default();
    for image in images {
        let done = match (&image.old, &image.new) {
            (Some(old), Some(new)) => restore_row(op, sequence, image, (old, new), &mut kept).await?,
            (None, Some(new)) => remove_row(op, image, new, &mut kept).await?,
            _ => false,
        };
        restored += u64::from(done);
    }
    conflicts.extend(kept.into_words());
    Ok(restored)
}

/// Puts the old value back into every changed field that still holds the new one. Returns whether any did.
async fn restore_row(
    op: &mut Operation,
    sequence: i64,
    image: &Image,
    (old, new): (&[Value], &[Value]),
    kept: &mut Kept,
) -> Result<bool, StoreError> {
    let table = image.table;
    let changed: Vec<usize> = (0..old.len()).filter(|index| old.get(*index) != new.get(*index)).collect();
    let still = changed.iter().map(|index| format!("{} IS ?", table.values[*index])).collect::<Vec<_>>().join(", ");
    let named = table.keys.iter().map(|key| format!("{key} = ?")).collect::<Vec<_>>().join(" AND ");
    let sql = format!("SELECT {still} FROM {} WHERE {named}", table.name);
    let holds = changed.iter().map(|index| new[*index].clone());
    let row = bind_all(&sql, holds.chain(image.keys.iter().cloned())).fetch_optional(op.connection()).await?;
    let Some(row) = row else {
        kept.note(format!("{} were removed", words(table.name)));
        return Ok(false);
    };
    let mut free = Vec::with_capacity(changed.len());
    for (place, index) in changed.iter().copied().enumerate() {
        if row.try_get(place)? {
            free.push(index);
        } else {
            kept.note(format!("{}: {} was changed", words(table.name), table.values[index]));
        }
    }
    if free.is_empty() {
        return Ok(false);
    }
    let mut sets = free.iter().map(|index| assignment(table.name, table.values[*index], "?")).collect::<Vec<_>>();
    if table.tracked {
        // A row that is wholly as before is so for the undo of the change sets before, too.
        let before = image.changed_seq.filter(|_| free.len() == changed.len()).unwrap_or(op.sequence);
        sets.push(format!("changed_seq = iif(changed_seq = {sequence}, {before}, changed_seq)"));
    }
    let sql = format!("UPDATE {} SET {} WHERE {named}", table.name, sets.join(", "));
    let before = free.iter().map(|index| old[*index].clone());
    bind_all(&sql, before.chain(image.keys.iter().cloned())).execute(op.connection()).await?;
    Ok(true)
}

/// Removes a row that still holds what was inserted.
async fn remove_row(op: &mut Operation, image: &Image, new: &[Value], kept: &mut Kept) -> Result<bool, StoreError> {
    let table = image.table;
    let named = table.keys.iter().map(|key| format!("{key} = ?"));
    let same = named.chain(table.values.iter().map(|value| format!("{value} IS ?"))).collect::<Vec<_>>().join(" AND ");
    let sql = format!("DELETE FROM {} WHERE {same}", table.name);
    let bound = image.keys.iter().chain(new).cloned();
    let removed = bind_all(&sql, bound).execute(op.connection()).await?.rows_affected() == 1;
    if !removed {
        kept.note(format!("{} were changed", words(table.name)));
    }
    Ok(removed)
}

/// Puts family members and stock back that the change set took out, unless their product was given others since.
async fn put_back(
    op: &mut Operation,
    sequence: i64,
    images: &[Image],
    conflicts: &mut Vec<String>,
) -> Result<u64, StoreError> {
    let mut restored = 0;
    let mut kept = Kept::default();
    for image in images.iter().filter(|image| image.new.is_none()) {
        let own = op.sequence;
        let sql = match image.table.name {
            "stock" => {
                "INSERT OR IGNORE INTO stock (product_key, location, quantity, inbound, inbound_day, created_seq, \
                 changed_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)"
            }
            _ => {
                "INSERT INTO product_family (product_key, family_key, created_seq, changed_seq) SELECT ?1, ?2, ?3, ?3 \
                 WHERE NOT EXISTS (SELECT 1 FROM product_family WHERE product_key = ?1 AND created_seq > ?4 \
                 AND created_seq <> ?3) ON CONFLICT DO NOTHING"
            }
        };
        let stated = image.keys.iter().chain(image.old.iter().flatten()).cloned();
        let since = (image.table.name != "stock").then_some(Value::Integer(sequence));
        let done = bind_all(sql, stated.chain([Value::Integer(own)]).chain(since))
            .execute(op.connection())
            .await?
            .rows_affected();
        if done == 0 {
            kept.note(format!("{} were changed", words(image.table.name)));
        }
        restored += done;
    }
    conflicts.extend(kept.into_words());
    Ok(restored)
}

/// A statement with its values.
fn bind_all(sql: &str, values: impl IntoIterator<Item = Value>) -> Query<'_, Sqlite, SqliteArguments> {
    values.into_iter().fold(sqlx::query(AssertSqlSafe(sql.to_owned())), bind)
}

/// The values of a JSON array; `None` for `null`.
fn values(json: &str) -> Result<Option<Vec<Value>>, StoreError> {
    let unexpected = StoreError::Unexpected("an undo image");
    let parsed: Option<Vec<serde_json::Value>> = serde_json::from_str(json).map_err(|_| unexpected)?;
    let Some(parsed) = parsed else { return Ok(None) };
    let values = parsed.into_iter().map(|value| match value {
        serde_json::Value::Null => Ok(Value::Null),
        serde_json::Value::String(text) => Ok(Value::Text(text)),
        other => other.as_i64().map(Value::Integer).ok_or(StoreError::Unexpected("an undo image")),
    });
    values.collect::<Result<_, _>>().map(Some)
}

/// Decisions keep their before-state in the audit. Those not handed over, superseded or decided again since go back.
async fn undo_decisions(op: &mut Operation, sequence: i64, conflicts: &mut Vec<String>) -> Result<u64, StoreError> {
    let own = op.sequence;
    let was = |field: &str| {
        format!(
            "(SELECT f.old_value FROM audit_change f WHERE f.audit_key = c.audit_key AND f.entity = 'proposal' \
             AND f.entity_key = c.entity_key AND f.field = '{field}')"
        )
    };
    // A price set by hand goes back to the proposed one; other decisions left the price alone.
    let before_hand = |field: &str| {
        format!(
            "{field} = CASE WHEN EXISTS (SELECT 1 FROM audit_change f WHERE f.audit_key = c.audit_key \
             AND f.entity = 'proposal' AND f.entity_key = c.entity_key AND f.field = '{field}') \
             THEN cast({} AS INTEGER) ELSE proposal.{field} END",
            was(field)
        )
    };
    let decided = format!(
        "audit_change c JOIN change_set s ON s.audit_key = c.audit_key \
         WHERE s.key = {sequence} AND c.entity = 'proposal' AND c.field = 'status'"
    );
    let all: i64 =
        sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {decided}"))).fetch_one(op.connection()).await?;
    let restored = execute(
        op,
        format!(
            "UPDATE proposal SET status = c.old_value, first_by = {}, decided_by = {}, decided_at = cast({} AS INTEGER), \
             decision_reason = {}, {}, {}, {}, changed_seq = {own} FROM {decided} AND c.entity_key = proposal.key \
             AND proposal.status = c.new_value AND proposal.decided_at = s.at \
             AND proposal.batch_key = {NEWEST_BATCH}",
            was("first_by"),
            was("decided_by"),
            was("decided_at"),
            was("decision_reason"),
            before_hand("new_minor"),
            before_hand("change_bp"),
            before_hand("margin_bp"),
        ),
    )
    .await?;
    let left = u64::try_from(all).unwrap_or(0).saturating_sub(restored);
    if left > 0 {
        conflicts.push(format!("{left} proposals were decided again, handed over or superseded since, and stay"));
    }
    Ok(restored)
}

fn words(table: &str) -> &'static str {
    match table {
        "price_list" => "price lists",
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
        "found_page" => "pages",
        "match_candidate" => "decisions about matches",
        "offer_span" => "competitor prices",
        "exchange_rate" => "exchange rates",
        _ => "sales",
    }
}
