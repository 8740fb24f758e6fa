//! Deciding proposals.

use app_contract::{DecisionReport, ProposalDecision, ProposalSelection};
use pricing_domain::{FourEyes, Instant, ProposalStatus};
use pricing_store::{Decided, Durability, ProposalTarget};

use crate::proposals::query;
use crate::{OperationError, Workspace};

impl Workspace {
    /// Approves, rejects or reopens proposals, one or many, in one transaction with an audit entry for each.
    /// Nothing is approved while the circuit breaker holds the batch.
    pub async fn decide_proposals(
        &self,
        selection: &ProposalSelection,
        decision: ProposalDecision,
        reason: &str,
    ) -> Result<DecisionReport, OperationError> {
        let target = target(selection, self.now())?;
        let (status, verb) = match decision {
            ProposalDecision::Approve => (ProposalStatus::Approved, "Approved"),
            ProposalDecision::Reject => (ProposalStatus::Rejected, "Rejected"),
            ProposalDecision::Reopen => (ProposalStatus::Pending, "Reopened"),
        };
        if decision == ProposalDecision::Approve {
            self.refuse_held().await?;
        }
        let eyes = self.approval_policy_eyes().await?;
        let mut op = self.begin("decide_proposals", Durability::Full).await?;
        let done = op.decide_proposals(&target, status, reason.trim(), &self.actor(), eyes).await?;
        let Decided { decided, first, left, own } = done;
        let change_set = if decided + first == 0 {
            op.abandon().await?;
            None
        } else {
            let noun = if decided == 1 { "proposal" } else { "proposals" };
            let mut summary = format!("{verb} {decided} {noun}");
            if first > 0 {
                summary.push_str(&format!(", {first} by a first person"));
            }
            if !reason.trim().is_empty() {
                summary = format!("{summary}: {}", reason.trim());
            }
            Some(op.commit(&summary, true).await?.change_set)
        };
        Ok(DecisionReport { decided, first, skipped: left + own, skipped_reason: skipped_words(left, own), change_set })
    }

    async fn approval_policy_eyes(&self) -> Result<FourEyes, OperationError> {
        Ok(self.approval_policy().await?.four_eyes)
    }
}

fn skipped_words(left: u64, own: u64) -> String {
    let mut words = Vec::new();
    if own > 0 {
        words.push(format!("{own} wait for another person than the one who approved first."));
    }
    if left > 0 {
        words.push(format!(
            "{left} stayed as they were: handed over or superseded already, decided so before, or without a price to approve."
        ));
    }
    words.join(" ")
}

/// Which proposals a selection is about.
pub(crate) fn target(selection: &ProposalSelection, now: Instant) -> Result<ProposalTarget, OperationError> {
    match selection {
        ProposalSelection::Ids(ids) if ids.is_empty() => Err(OperationError::refused("Select at least one proposal.")),
        ProposalSelection::Ids(ids) => Ok(ProposalTarget::Ids(ids.clone())),
        ProposalSelection::Filter(filter) => Ok(ProposalTarget::Query(query(filter, now))),
    }
}
