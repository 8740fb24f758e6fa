//! The quarantine: readings that may be no price, and what a person says about them.

use app_contract::{DecisionReport, QuarantineFilter, QuarantinePage, QuarantinedView};
use pricing_domain::{Money, QuarantineDecision, QuarantinedId};
use pricing_store::{Durability, QuarantineRow};

use crate::{OperationError, Workspace};

impl Workspace {
    /// A stretch of the quarantine, newest first.
    pub async fn quarantine(
        &self,
        filter: &QuarantineFilter,
        offset: u64,
        limit: u32,
    ) -> Result<QuarantinePage, OperationError> {
        let (matching, rows) =
            self.store.list_quarantine(filter.decision, filter.competitor, offset, limit.min(500)).await?;
        Ok(QuarantinePage { matching, offset, rows: rows.into_iter().map(view).collect() })
    }

    /// Accepts readings as prices of their products, or rejects them; in one transaction with an entry for each.
    pub async fn decide_quarantined(
        &self,
        readings: &[QuarantinedId],
        decision: QuarantineDecision,
        reason: &str,
    ) -> Result<DecisionReport, OperationError> {
        if readings.is_empty() {
            return Err(OperationError::refused("Select at least one reading."));
        }
        let verb = match decision {
            QuarantineDecision::Accepted => "Accepted",
            QuarantineDecision::Rejected => "Rejected",
            QuarantineDecision::Waiting => {
                return Err(OperationError::refused("Accept or reject; a decision is taken back by undoing it."));
            }
        };
        let mut op = self.begin("decide_quarantined", Durability::Full).await?;
        let (decided, skipped) = op.decide_quarantined(readings, decision, reason.trim(), &self.actor()).await?;
        let change_set = if decided == 0 {
            op.abandon().await?;
            None
        } else {
            let noun = if decided == 1 { "reading" } else { "readings" };
            let mut summary = format!("{verb} {decided} {noun} in quarantine");
            if !reason.trim().is_empty() {
                summary = format!("{summary}: {}", reason.trim());
            }
            Some(op.commit(&summary, true).await?.change_set)
        };
        let skipped_reason = match skipped {
            0 => String::new(),
            skipped => format!("{skipped} did not wait any more."),
        };
        Ok(DecisionReport { decided, skipped, first: 0, skipped_reason, change_set })
    }
}

fn view(row: QuarantineRow) -> QuarantinedView {
    let decided = match (&row.decided_by, row.decided_at) {
        (Some(by), Some(at)) => {
            let reason = row.decision_reason.as_deref().filter(|reason| !reason.is_empty());
            let why = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
            format!("{by}, {at}{why}")
        }
        _ if row.decision == QuarantineDecision::Rejected => "the same amount was rejected before".to_owned(),
        _ => String::new(),
    };
    QuarantinedView {
        id: row.id,
        listing: row.listing,
        product: row.product,
        sku: row.sku,
        name: row.name,
        competitor: row.competitor,
        title: row.title,
        url: row.url,
        was: row.was_minor.map(|amount| Money::new(amount, row.price.currency)),
        price: row.price,
        kind: row.kind,
        availability: row.availability,
        cause: row.cause,
        reason: row.cause.reason().to_owned(),
        flags: row.flags.iter().collect(),
        last_price: row.last_price,
        first_seen: row.first_seen,
        last_seen: row.last_seen,
        times_seen: row.times_seen,
        method: row.method,
        confidence: row.confidence,
        fragment: row.fragment,
        has_page: row.has_page,
        decision: row.decision,
        decided,
    }
}
