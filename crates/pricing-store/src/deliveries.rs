//! Prices on their way to a shop: the intent is recorded first; what became of each price is recorded as it is known, and
//! a price is in force from the moment it was seen in the shop.

use std::collections::HashMap;

use pricing_domain::{
    Currency, DeliveryState, Instant, OtherPrices, PriceCause, PriceState, PublicationId, PublicationState,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};

use crate::audit::{count, uuid};
use crate::merge::execute;
use crate::operation::Operation;
use crate::proposals::NEWEST_BATCH;
use crate::publications::{HandOver, PriceStep};
use crate::staging::{BulkInsert, Value};
use crate::{Store, StoreError};

/// What is to be handed over, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Where to, inside.
    pub connection_key: i64,
    /// What happens to prices that somebody changed in the shop meanwhile.
    pub other_prices: OtherPrices,
    /// When.
    pub due_at: Instant,
    /// Scheduled, or at once.
    pub state: PublicationState,
    /// Prices that are sent at once.
    pub at_once: usize,
}

/// A hand-over to a shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryHead {
    /// Inside.
    pub key: i64,
    /// At the contract.
    pub id: PublicationId,
    /// Where to, inside.
    pub connection_key: i64,
    /// What happens to prices that somebody changed in the shop meanwhile.
    pub other_prices: OtherPrices,
    /// Where it stands.
    pub state: PublicationState,
    /// When it is taken up by itself.
    pub due_at: Option<Instant>,
    /// Whether it puts previous prices back.
    pub is_restore: bool,
}

/// A price that is intended and not known to be in the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntendedPrice {
    /// The proposal, inside.
    pub proposal_key: i64,
    /// The product, inside.
    pub product_key: i64,
    /// Article number.
    pub sku: String,
    /// The list's code.
    pub price_list: String,
    /// Its currency.
    pub currency: Currency,
    /// The price before.
    pub old_minor: Option<i64>,
    /// The price from now on.
    pub new_minor: i64,
    /// What is sent at once.
    pub part: i64,
    /// Why the catalogue has left it behind, in words that follow on the product.
    pub outdated: Option<String>,
}

/// What an intended price came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceOrigin {
    /// Place of the rule in the rule set.
    pub rule: u16,
    /// The rule set, inside.
    pub rule_set_key: i64,
    /// Why it was approved.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// When.
    pub approved_at: Instant,
}

/// What became of one price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The proposal, inside.
    pub proposal_key: i64,
    /// The product, inside.
    pub product_key: i64,
    /// What became of it.
    pub state: DeliveryState,
    /// What the shop showed.
    pub shown_minor: Option<i64>,
    /// In words; empty where the state says it all.
    pub message: String,
}

impl Settled {
    /// How the words of a price that was not sent begin.
    pub const NOT_SENT: &str = "Not sent: ";

    /// Why it was not sent, in words that follow on “because”.
    fn why_not_sent(&self) -> &str {
        self.message.strip_prefix(Self::NOT_SENT).unwrap_or(&self.message).trim_end_matches('.')
    }
}

/// One price of a hand-over, for a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// The list's code.
    pub price_list: String,
    /// Its currency.
    pub currency: Currency,
    /// The price before.
    pub old_minor: Option<i64>,
    /// The price that was handed over.
    pub new_minor: i64,
    /// What the shop showed.
    pub shown_minor: Option<i64>,
    /// Where it stands.
    pub state: DeliveryState,
    /// In words.
    pub message: String,
    /// Since when.
    pub settled_at: Option<Instant>,
}

const HEAD: &str = "SELECT key, id, connection_key, other_prices, state, due_at, restores IS NOT NULL FROM publication \
                    WHERE connection_key IS NOT NULL";

impl Operation {
    /// Records that these prices are to be in a shop. Nothing may be sent before this is committed.
    pub async fn intend(
        &mut self,
        what: HandOver,
        intent: &Intent,
        steps: &[PriceStep],
    ) -> Result<PublicationId, StoreError> {
        let (id, at, sequence) = (PublicationId(self.ids.next_id()), self.at.0, self.sequence);
        let restores = match what {
            HandOver::Approved => None,
            HandOver::Restore(publication) => Some(publication),
        };
        let publication = sqlx::query(
            "INSERT INTO publication (id, target, created_at, state, restores, connection_key, other_prices, due_at) \
             VALUES (?, 'connection', ?, ?, ?, ?, ?, ?)",
        )
        .bind(id.0.as_bytes().to_vec())
        .bind(at)
        .bind(intent.state.as_str())
        .bind(restores)
        .bind(intent.connection_key)
        .bind(intent.other_prices.as_str())
        .bind(intent.due_at.0)
        .execute(self.connection())
        .await?
        .last_insert_rowid();
        let columns = ["publication_key", "proposal_key", "old_minor", "new_minor", "state", "part"];
        let mut insert = BulkInsert::new("INSERT", "publication_price", &columns);
        for (step, place) in steps.iter().zip(0_usize..) {
            let part = i64::try_from(place / intent.at_once.max(1)).unwrap_or(i64::MAX);
            let row: [Value; 6] = [
                publication.into(),
                step.proposal_key.into(),
                step.old_minor.into(),
                step.new_minor.into(),
                DeliveryState::Intended.as_str().into(),
                part.into(),
            ];
            insert.push(self.connection(), row).await?;
        }
        insert.flush(self.connection()).await?;
        if restores.is_none() {
            execute(
                self,
                format!(
                    "UPDATE proposal SET status = 'publishing', changed_seq = {sequence} WHERE key IN \
                     (SELECT proposal_key FROM publication_price WHERE publication_key = {publication})"
                ),
            )
            .await?;
        }
        self.concern_only(steps.iter().map(|step| step.product_key));
        self.rows += u64::try_from(steps.len()).unwrap_or(0);
        Ok(id)
    }

    /// Records what became of prices that were intended. Those that the shop has are in force from now on; of the others
    /// the proposals wait again, where no newer run has replaced them.
    pub async fn settle(&mut self, head: &DeliveryHead, settled: &[Settled]) -> Result<(), StoreError> {
        let (at, sequence, publication) = (self.at.0, self.sequence, head.key);
        for one in settled {
            sqlx::query(
                "UPDATE publication_price SET state = ?, shown_minor = ?, message = ?, settled_seq = ?, \
                 settled_at = ? WHERE publication_key = ? AND proposal_key = ? AND state = 'intended'",
            )
            .bind(one.state.as_str())
            .bind(one.shown_minor)
            .bind(&one.message)
            .bind(sequence)
            .bind(at)
            .bind(publication)
            .bind(one.proposal_key)
            .execute(self.connection())
            .await?;
        }
        let now = format!("q.publication_key = {publication} AND q.settled_seq = {sequence}");
        let there = format!("{now} AND q.state IN ('verified', 'accepted')");
        let cause = if head.is_restore { PriceCause::Restore } else { PriceCause::Proposal };
        self.put_in_force(&there, PriceState::Live, cause).await?;
        if !head.is_restore {
            let among = |which: &str| format!("SELECT q.proposal_key FROM publication_price q WHERE {which}");
            execute(
                self,
                format!(
                    "UPDATE proposal SET status = 'exported', changed_seq = {sequence} \
                     WHERE status = 'publishing' AND key IN ({})",
                    among(&there)
                ),
            )
            .await?;
            execute(
                self,
                format!(
                    "UPDATE proposal SET status = CASE WHEN batch_key = {NEWEST_BATCH} THEN 'approved' \
                     ELSE 'superseded' END, changed_seq = {sequence} WHERE status = 'publishing' AND key IN ({})",
                    among(&now)
                ),
            )
            .await?;
        }
        if !head.is_restore {
            let behind = settled.iter().filter(|one| one.state == DeliveryState::Outdated);
            self.leave_behind(behind.map(|one| (one.proposal_key, one.why_not_sent()))).await?;
        }
        self.concern_only(settled.iter().map(|one| one.product_key));
        self.rows += u64::try_from(settled.len()).unwrap_or(0);
        Ok(())
    }

    /// Records where a hand-over stands and why, and when it is taken up by itself.
    pub async fn note_publication(
        &mut self,
        key: i64,
        state: PublicationState,
        due_at: Option<Instant>,
        message: &str,
    ) -> Result<(), StoreError> {
        let ended_at = state.ended().then_some(self.at.0);
        sqlx::query("UPDATE publication SET state = ?, due_at = ?, message = ?, ended_at = ? WHERE key = ?")
            .bind(state.as_str())
            .bind(due_at.map(|at| at.0))
            .bind(message)
            .bind(ended_at)
            .bind(key)
            .execute(self.connection())
            .await?;
        self.concern_only([]);
        Ok(())
    }
}

impl Store {
    /// A hand-over to a shop; `None`: it is not in this workspace, or went to a file.
    pub async fn find_delivery(&self, id: PublicationId) -> Result<Option<DeliveryHead>, StoreError> {
        let sql = format!("{HEAD} AND id = ?");
        let row = sqlx::query(AssertSqlSafe(sql)).bind(id.0.as_bytes().to_vec()).fetch_optional(&self.readers).await?;
        row.as_ref().map(head).transpose()
    }

    /// Hand-overs to shops whose time has come or that were broken off, the oldest first.
    pub async fn due_deliveries(&self, at: Instant) -> Result<Vec<DeliveryHead>, StoreError> {
        let sql = format!("{HEAD} AND due_at <= ? AND state IN ('scheduled', 'sending') ORDER BY key");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(at.0).fetch_all(&self.readers).await?;
        rows.iter().map(head).collect()
    }

    /// Hand-overs to shops that have not ended, the oldest first.
    pub async fn open_deliveries(&self) -> Result<Vec<DeliveryHead>, StoreError> {
        let sql = format!("{HEAD} AND state IN ('scheduled', 'sending') ORDER BY key");
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&self.readers).await?;
        rows.iter().map(head).collect()
    }

    /// The parts of a hand-over with prices that are not known to be in the shop, each with how many.
    pub async fn intended_parts(&self, key: i64) -> Result<Vec<(i64, u64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT part, count(*) FROM publication_price WHERE publication_key = ? AND state = 'intended' \
             GROUP BY part ORDER BY part",
        )
        .bind(key)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, count(row, 1)?))).collect()
    }

    /// How many prices of a hand-over stand where.
    pub async fn delivery_counts(&self, key: i64) -> Result<Vec<(DeliveryState, u64)>, StoreError> {
        let rows =
            sqlx::query("SELECT state, count(*) FROM publication_price WHERE publication_key = ? GROUP BY state")
                .bind(key)
                .fetch_all(&self.readers)
                .await?;
        rows.iter().map(|row| Ok((row.try_get::<&str, _>(0)?.parse().map_err(unexpected)?, count(row, 1)?))).collect()
    }

    /// The prices of a part that are intended and not known to be in the shop, with what the catalogue says of them at
    /// `at`; without a part, those of all.
    pub async fn intended_prices(
        &self,
        head: &DeliveryHead,
        part: Option<i64>,
        at: Instant,
    ) -> Result<Vec<IntendedPrice>, StoreError> {
        let now = "t.valid_from <= ?2 AND (t.valid_to IS NULL OR t.valid_to > ?2)";
        let here = "t.product_key = p.product_key AND t.list_key = p.list_key";
        let current = format!(
            "SELECT t.amount_minor FROM price t WHERE {here} AND t.price_type = 'regular' \
             AND t.min_quantity_milli = 0 AND {now} ORDER BY t.valid_from DESC LIMIT 1"
        );
        let sql = format!(
            "SELECT q.proposal_key, p.product_key, o.sku, l.code, l.currency, q.old_minor, q.new_minor, q.part, \
             EXISTS (SELECT 1 FROM price_lock t WHERE {here} AND {now} AND t.amount_minor IS NOT q.new_minor), \
             EXISTS (SELECT 1 FROM promotion t WHERE {here} AND {now}), \
             ({current}) IS NOT q.old_minor AND ({current}) IS NOT q.new_minor \
             FROM publication_price q JOIN proposal p ON p.key = q.proposal_key \
             JOIN product o ON o.key = p.product_key JOIN price_list l ON l.key = p.list_key \
             WHERE q.publication_key = ?1 AND q.state = 'intended' AND (?3 IS NULL OR q.part = ?3) \
             ORDER BY q.part, o.sku, l.key"
        );
        let rows =
            sqlx::query(AssertSqlSafe(sql)).bind(head.key).bind(at.0).bind(part).fetch_all(&self.readers).await?;
        rows.iter().map(|row| intended(row, head.is_restore)).collect()
    }

    /// What the intended prices of a hand-over came from, by the proposal's key.
    pub async fn price_origins(&self, key: i64) -> Result<HashMap<i64, PriceOrigin>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.key, p.rule, b.rule_set_key, coalesce(p.decision_reason, ''), coalesce(p.decided_by, ''), \
             coalesce(p.decided_at, 0) FROM publication_price q JOIN proposal p ON p.key = q.proposal_key \
             JOIN batch b ON b.key = p.batch_key WHERE q.publication_key = ? AND q.state = 'intended'",
        )
        .bind(key)
        .fetch_all(&self.readers)
        .await?;
        let origin = |row: &SqliteRow| {
            let origin = PriceOrigin {
                rule: row.try_get(1)?,
                rule_set_key: row.try_get(2)?,
                reason: row.try_get(3)?,
                approved_by: row.try_get(4)?,
                approved_at: Instant(row.try_get(5)?),
            };
            Ok((row.try_get(0)?, origin))
        };
        rows.iter().map(origin).collect()
    }

    /// A stretch of the prices of a hand-over, those first that the shop does not have; with the number of all.
    pub async fn deliveries(
        &self,
        id: PublicationId,
        offset: u64,
        limit: u32,
    ) -> Result<(u64, Vec<DeliveryRow>), StoreError> {
        let id = id.0.as_bytes().to_vec();
        let all = sqlx::query(
            "SELECT count(*) FROM publication_price WHERE publication_key = (SELECT key FROM publication WHERE id = ?)",
        )
        .bind(&id)
        .fetch_one(&self.readers)
        .await?;
        let rows = sqlx::query(
            "SELECT o.sku, o.name, l.code, l.currency, q.old_minor, q.new_minor, q.shown_minor, q.state, q.message, \
             q.settled_at FROM publication_price q JOIN proposal p ON p.key = q.proposal_key \
             JOIN product o ON o.key = p.product_key JOIN price_list l ON l.key = p.list_key \
             WHERE q.publication_key = (SELECT key FROM publication WHERE id = ?) \
             ORDER BY q.state IN ('sent', 'verified', 'accepted'), o.sku, l.key LIMIT ? OFFSET ?",
        )
        .bind(&id)
        .bind(limit)
        .bind(i64::try_from(offset).unwrap_or(i64::MAX))
        .fetch_all(&self.readers)
        .await?;
        Ok((count(&all, 0)?, rows.iter().map(delivery).collect::<Result<_, _>>()?))
    }
}

fn unexpected<E>(_: E) -> StoreError {
    StoreError::Unexpected("a hand-over")
}

fn head(row: &SqliteRow) -> Result<DeliveryHead, StoreError> {
    Ok(DeliveryHead {
        key: row.try_get(0)?,
        id: PublicationId(uuid(row, 1)?),
        connection_key: row.try_get(2)?,
        other_prices: row.try_get::<&str, _>(3)?.parse().map_err(unexpected)?,
        state: row.try_get::<&str, _>(4)?.parse().map_err(unexpected)?,
        due_at: row.try_get::<Option<i64>, _>(5)?.map(Instant),
        is_restore: row.try_get(6)?,
    })
}

fn intended(row: &SqliteRow, is_restore: bool) -> Result<IntendedPrice, StoreError> {
    // Locks and promotions hold automation up, not the way back.
    let outdated = match (row.try_get(8)?, row.try_get(9)?, row.try_get(10)?) {
        (true, _, _) if !is_restore => Some("it was locked meanwhile"),
        (_, true, _) if !is_restore => Some("it is in a promotion by now"),
        (_, _, true) => Some("its price in force is another one by now"),
        _ => None,
    };
    Ok(IntendedPrice {
        proposal_key: row.try_get(0)?,
        product_key: row.try_get(1)?,
        sku: row.try_get(2)?,
        price_list: row.try_get(3)?,
        currency: Currency::new(row.try_get(4)?).map_err(unexpected)?,
        old_minor: row.try_get(5)?,
        new_minor: row.try_get(6)?,
        part: row.try_get(7)?,
        outdated: outdated.map(str::to_owned),
    })
}

fn delivery(row: &SqliteRow) -> Result<DeliveryRow, StoreError> {
    Ok(DeliveryRow {
        sku: row.try_get(0)?,
        name: row.try_get(1)?,
        price_list: row.try_get(2)?,
        currency: Currency::new(row.try_get(3)?).map_err(unexpected)?,
        old_minor: row.try_get(4)?,
        new_minor: row.try_get(5)?,
        shown_minor: row.try_get(6)?,
        state: row.try_get::<&str, _>(7)?.parse().map_err(unexpected)?,
        message: row.try_get(8)?,
        settled_at: row.try_get::<Option<i64>, _>(9)?.map(Instant),
    })
}
