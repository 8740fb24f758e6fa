//! Readings that may be no price at all: kept apart from offers, shown with their reason, accepted or rejected by a
//! person. An accepted one becomes a span, a rejected amount is remembered.

use std::str::FromStr;

use pricing_domain::{
    Availability, CompetitorId, Confidence, Currency, ExtractionMethod, Instant, ListingId, Money, OfferFlags,
    OfferKind, ProductId, QuarantineCause, QuarantineDecision, QuarantinedId, ReadState,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};

use crate::audit::uuid;
use crate::offer_codes::insertion;
use crate::offers::{ReadOffer, Reading};
use crate::operation::Operation;
use crate::{Store, StoreError};

/// The name of these readings in the audit.
const ENTITY: &str = "quarantined_reading";
/// Flags that a person's word takes away; what kind of price it is stays.
const DOUBTS: &[pricing_domain::OfferFlag] = &[
    pricing_domain::OfferFlag::UnusualForListing,
    pricing_domain::OfferFlag::FarFromOthers,
    pricing_domain::OfferFlag::FarFromCost,
    pricing_domain::OfferFlag::EqualToNeighbour,
    pricing_domain::OfferFlag::LowConfidence,
];

/// A stretch of readings that may be no price.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the columns they come from")]
pub struct QuarantineRow {
    pub id: QuarantinedId,
    pub listing: ListingId,
    pub listing_key: i64,
    pub product: ProductId,
    pub sku: String,
    pub name: String,
    pub competitor: String,
    pub listing_url: String,
    pub title: Option<String>,
    pub first_seen: Instant,
    pub last_seen: Instant,
    pub times_seen: u32,
    pub price: Money,
    pub was_minor: Option<i64>,
    pub kind: OfferKind,
    pub availability: Availability,
    pub flags: OfferFlags,
    pub confidence: Confidence,
    pub method: ExtractionMethod,
    pub cause: QuarantineCause,
    pub decision: QuarantineDecision,
    pub decided_at: Option<Instant>,
    pub decided_by: Option<String>,
    pub decision_reason: Option<String>,
    pub url: String,
    pub fragment: String,
    pub has_page: bool,
    /// The newest price of this listing that counted as one.
    pub last_price: Option<Money>,
}

const COLUMNS: &str = "q.id, l.id, l.key, p.id, p.sku, p.name, c.name, l.url, r.title, q.first_seen, q.last_seen, \
     q.times_seen, q.amount_minor, q.currency, q.was_minor, q.kind, q.availability, q.flags, q.confidence, q.method, \
     q.cause, q.decision, q.decided_at, q.decided_by, q.decision_reason, coalesce(e.url, l.url), \
     coalesce(e.fragment, ''), e.page_zstd IS NOT NULL, s.amount_minor, s.currency";

fn word<T: FromStr>(row: &SqliteRow, index: usize) -> Result<T, StoreError> {
    T::from_str(row.try_get(index)?).map_err(|_| StoreError::Unexpected("a stored word"))
}

fn quarantine_row(row: &SqliteRow) -> Result<QuarantineRow, StoreError> {
    let currency: Currency = word(row, 13)?;
    let last: Option<i64> = row.try_get(28)?;
    Ok(QuarantineRow {
        id: QuarantinedId(uuid(row, 0)?),
        listing: ListingId(uuid(row, 1)?),
        listing_key: row.try_get(2)?,
        product: ProductId(uuid(row, 3)?),
        sku: row.try_get(4)?,
        name: row.try_get(5)?,
        competitor: row.try_get(6)?,
        listing_url: row.try_get(7)?,
        title: row.try_get(8)?,
        first_seen: Instant(row.try_get(9)?),
        last_seen: Instant(row.try_get(10)?),
        times_seen: row.try_get(11)?,
        price: Money::new(row.try_get(12)?, currency),
        was_minor: row.try_get(14)?,
        kind: word(row, 15)?,
        availability: word(row, 16)?,
        flags: OfferFlags(row.try_get(17)?),
        confidence: word(row, 18)?,
        method: word(row, 19)?,
        cause: word(row, 20)?,
        decision: word(row, 21)?,
        decided_at: row.try_get::<Option<i64>, _>(22)?.map(Instant),
        decided_by: row.try_get(23)?,
        decision_reason: row.try_get(24)?,
        url: row.try_get(25)?,
        fragment: row.try_get(26)?,
        has_page: row.try_get(27)?,
        last_price: last.map(|amount| Ok::<_, StoreError>(Money::new(amount, word(row, 29)?))).transpose()?,
    })
}

impl Store {
    /// Readings in quarantine by decision, newest first, with how many there are.
    pub async fn list_quarantine(
        &self,
        decision: QuarantineDecision,
        competitor: Option<CompetitorId>,
        offset: u64,
        limit: u32,
    ) -> Result<(u64, Vec<QuarantineRow>), StoreError> {
        const FROM: &str = "FROM quarantined_reading q JOIN listing l ON l.key = q.listing_key \
             JOIN product p ON p.key = l.product_key JOIN competitor c ON c.key = l.competitor_key \
             LEFT JOIN listing_reading r ON r.listing_key = l.key LEFT JOIN evidence e ON e.key = q.evidence_key \
             LEFT JOIN offer_span s ON s.listing_key = l.key AND s.first_seen = \
             (SELECT max(first_seen) FROM offer_span x WHERE x.listing_key = l.key) \
             WHERE q.decision = ?1 AND (?2 IS NULL OR c.id = ?2)";
        let competitor = competitor.map(|id| id.0.as_bytes().to_vec());
        let all: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) {FROM}")))
            .bind(decision.as_str())
            .bind(competitor.clone())
            .fetch_one(&self.readers)
            .await?;
        let sql = format!("SELECT {COLUMNS} {FROM} ORDER BY q.last_seen DESC, q.key DESC LIMIT ?3 OFFSET ?4");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(decision.as_str())
            .bind(competitor)
            .bind(limit)
            .bind(i64::try_from(offset).unwrap_or(i64::MAX))
            .fetch_all(&self.readers)
            .await?;
        Ok((u64::try_from(all).unwrap_or(0), rows.iter().map(quarantine_row).collect::<Result<_, _>>()?))
    }
}

/// What a decision needs to know of a reading.
struct Waiting {
    key: i64,
    listing_key: i64,
    product_key: i64,
    last_seen: i64,
    flags: OfferFlags,
}

impl Operation {
    /// Keeps a reading apart: the newest stretch of the same amount goes on, or another begins with its evidence.
    pub(crate) async fn record_quarantined(
        &mut self,
        reading: &Reading,
        offer: &ReadOffer,
        cause: QuarantineCause,
    ) -> Result<(), StoreError> {
        let extended = sqlx::query(
            "UPDATE quarantined_reading SET last_seen = ?1, times_seen = times_seen + 1 WHERE listing_key = ?2 \
             AND amount_minor = ?3 AND currency = ?4 AND cause = ?5 AND decision <> 'accepted' \
             AND first_seen = (SELECT max(first_seen) FROM quarantined_reading WHERE listing_key = ?2) \
             AND last_seen >= (SELECT coalesce(max(last_seen), 0) FROM offer_span WHERE listing_key = ?2) \
             AND last_seen >= (SELECT coalesce(max(last_at), 0) FROM failure_span WHERE listing_key = ?2)",
        )
        .bind(reading.at.0)
        .bind(reading.listing_key)
        .bind(offer.amount_minor)
        .bind(offer.currency.code())
        .bind(cause.as_str())
        .execute(self.connection())
        .await?
        .rows_affected();
        if extended > 0 {
            return Ok(());
        }
        let evidence = self.keep_evidence(reading, offer).await?;
        let seller_key = self.seller_key(reading.listing_key, offer.seller.as_deref()).await?;
        // An amount that was rejected before is kept as rejected: nobody is asked the same twice.
        let decision = match cause {
            QuarantineCause::RejectedBefore => QuarantineDecision::Rejected,
            _ => QuarantineDecision::Waiting,
        };
        let id = self.ids.next_id();
        sqlx::query(
            "INSERT INTO quarantined_reading (id, listing_key, first_seen, last_seen, times_seen, amount_minor, \
             currency, kind, availability, condition, was_minor, shipping_minor, promotion_text, flags, confidence, \
             method, evidence_key, cause, decision, seller_key) \
             VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(id.as_bytes().to_vec())
        .bind(reading.listing_key)
        .bind(reading.at.0)
        .bind(reading.at.0)
        .bind(offer.amount_minor)
        .bind(offer.currency.code())
        .bind(offer.kind.as_str())
        .bind(offer.availability.as_str())
        .bind(offer.condition.as_str())
        .bind(offer.was_minor)
        .bind(offer.shipping_minor)
        .bind(&offer.promotion_text)
        .bind(i64::from(offer.flags.0))
        .bind(offer.confidence.as_str())
        .bind(offer.method.as_str())
        .bind(evidence)
        .bind(cause.as_str())
        .bind(decision.as_str())
        .bind(seller_key)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Accepts or rejects readings that wait. Returns how many were decided, and how many did not wait any more.
    pub async fn decide_quarantined(
        &mut self,
        readings: &[QuarantinedId],
        decision: QuarantineDecision,
        reason: &str,
        actor: &str,
    ) -> Result<(u64, u64), StoreError> {
        let (mut decided, mut skipped) = (0, 0);
        self.concern_only([]);
        for id in readings {
            let Some(waiting) = self.find_waiting(*id).await? else {
                skipped += 1;
                continue;
            };
            self.decide_one(&waiting, decision, reason, actor).await?;
            decided += 1;
        }
        self.rows += decided;
        Ok((decided, skipped))
    }

    async fn find_waiting(&mut self, id: QuarantinedId) -> Result<Option<Waiting>, StoreError> {
        let row = sqlx::query(
            "SELECT q.key, q.listing_key, l.product_key, q.last_seen, q.flags FROM quarantined_reading q \
             JOIN listing l ON l.key = q.listing_key WHERE q.id = ? AND q.decision = 'waiting'",
        )
        .bind(id.0.as_bytes().to_vec())
        .fetch_optional(self.connection())
        .await?;
        row.map(|row| {
            Ok(Waiting {
                key: row.try_get(0)?,
                listing_key: row.try_get(1)?,
                product_key: row.try_get(2)?,
                last_seen: row.try_get(3)?,
                flags: OfferFlags(row.try_get(4)?),
            })
        })
        .transpose()
    }

    async fn decide_one(
        &mut self,
        waiting: &Waiting,
        decision: QuarantineDecision,
        reason: &str,
        actor: &str,
    ) -> Result<(), StoreError> {
        let at = self.at.0;
        sqlx::query(
            "UPDATE quarantined_reading SET decision = ?, decided_at = ?, decided_by = ?, decision_reason = ? \
             WHERE key = ?",
        )
        .bind(decision.as_str())
        .bind(at)
        .bind(actor)
        .bind(reason)
        .bind(waiting.key)
        .execute(self.connection())
        .await?;
        let (old, new) = (QuarantineDecision::Waiting.as_str(), decision.as_str());
        self.record_change(ENTITY, waiting.key, "decision", Some(old.to_owned()), Some(new.to_owned())).await?;
        if decision == QuarantineDecision::Accepted {
            self.concern_only([waiting.product_key]);
            self.insert_accepted(waiting).await?;
        }
        Ok(())
    }

    /// Makes a span of an accepted reading.
    async fn insert_accepted(&mut self, waiting: &Waiting) -> Result<(), StoreError> {
        let flags: OfferFlags = waiting.flags.iter().filter(|flag| !DOUBTS.contains(flag)).collect();
        let coded = ["kind", "availability", "condition", "confidence", "method"];
        let (columns, values) = insertion(&coded, str::to_owned);
        sqlx::query(AssertSqlSafe(format!(
            "INSERT INTO offer_span (listing_key, first_seen, last_seen, times_seen, amount_minor, currency, was_minor, \
             shipping_minor, promotion_text, evidence_key, seller_key, {columns}, flags) SELECT listing_key, first_seen, \
             last_seen, times_seen, amount_minor, currency, was_minor, shipping_minor, promotion_text, evidence_key, \
             seller_key, {values}, ? FROM quarantined_reading WHERE key = ?"
        )))
        .bind(i64::from(flags.0))
        .bind(waiting.key)
        .execute(self.connection())
        .await?;
        sqlx::query("UPDATE listing_reading SET state = ?, reason = '' WHERE listing_key = ? AND read_at = ?")
            .bind(ReadState::Product.as_str())
            .bind(waiting.listing_key)
            .bind(waiting.last_seen)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

/// Takes the decisions of a change set back, except where later readings build on them.
pub(crate) async fn undo_decisions(
    op: &mut Operation,
    sequence: i64,
    conflicts: &mut Vec<String>,
) -> Result<u64, StoreError> {
    let rows = sqlx::query(
        "SELECT q.key, q.listing_key, l.product_key, q.first_seen, q.last_seen, q.decision, q.cause, \
         q.times_seen FROM audit_change c \
         JOIN change_set s ON s.audit_key = c.audit_key JOIN quarantined_reading q ON q.key = c.entity_key \
         JOIN listing l ON l.key = q.listing_key WHERE s.key = ? AND c.entity = ? AND c.field = 'decision' \
         AND q.decision = c.new_value AND q.decided_at = s.at",
    )
    .bind(sequence)
    .bind(ENTITY)
    .fetch_all(op.connection())
    .await?;
    let (mut restored, mut kept) = (0, 0u64);
    for row in &rows {
        let decision: QuarantineDecision = word(row, 5)?;
        let cause: QuarantineCause = word(row, 6)?;
        let (key, listing, product): (i64, i64, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let (first, last): (i64, i64) = (row.try_get(3)?, row.try_get(4)?);
        if decision == QuarantineDecision::Accepted && !take_span_back(op, listing, first, last).await? {
            kept += 1;
            continue;
        }
        sqlx::query(
            "UPDATE quarantined_reading SET decision = 'waiting', decided_at = NULL, decided_by = NULL, \
             decision_reason = NULL WHERE key = ?",
        )
        .bind(key)
        .execute(op.connection())
        .await?;
        sqlx::query("UPDATE listing_reading SET state = ?, reason = ? WHERE listing_key = ? AND read_at = ?")
            .bind(ReadState::Ambiguous.as_str())
            .bind(format!("Waits in quarantine: {}.", cause.reason()))
            .bind(listing)
            .bind(last)
            .execute(op.connection())
            .await?;
        op.concern_only([product]);
        restored += 1;
    }
    if kept > 0 {
        conflicts.push(format!("{kept} accepted prices were seen again since, and stay"));
    }
    Ok(restored)
}

/// Removes the span of an accepted reading where no later reading went on with it.
async fn take_span_back(op: &mut Operation, listing: i64, first: i64, last: i64) -> Result<bool, StoreError> {
    let removed = sqlx::query("DELETE FROM offer_span WHERE listing_key = ? AND first_seen = ? AND last_seen = ?")
        .bind(listing)
        .bind(first)
        .bind(last)
        .execute(op.connection())
        .await?
        .rows_affected();
    Ok(removed == 1)
}
