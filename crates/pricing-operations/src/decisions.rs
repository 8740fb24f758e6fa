//! Deciding proposals.

use app_contract::{DecisionReport, ProposalDecision, ProposalSelection};
use pricing_domain::ProposalStatus;
use pricing_store::{Durability, ProposalTarget};

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
        let target = match selection {
            ProposalSelection::Ids(ids) if ids.is_empty() => {
                return Err(OperationError::refused("Select at least one proposal."));
            }
            ProposalSelection::Ids(ids) => ProposalTarget::Ids(ids.clone()),
            ProposalSelection::Filter(filter) => ProposalTarget::Query(query(filter)),
        };
        let (status, verb) = match decision {
            ProposalDecision::Approve => (ProposalStatus::Approved, "Approved"),
            ProposalDecision::Reject => (ProposalStatus::Rejected, "Rejected"),
            ProposalDecision::Reopen => (ProposalStatus::Pending, "Reopened"),
        };
        if decision == ProposalDecision::Approve {
            self.refuse_held().await?;
        }
        let mut op = self.begin("decide_proposals", Durability::Full).await?;
        let (decided, skipped) = op.decide_proposals(&target, status, reason.trim(), &self.actor).await?;
        let change_set = if decided == 0 {
            op.abandon().await?;
            None
        } else {
            let noun = if decided == 1 { "proposal" } else { "proposals" };
            let mut summary = format!("{verb} {decided} {noun}");
            if !reason.trim().is_empty() {
                summary = format!("{summary}: {}", reason.trim());
            }
            Some(op.commit(&summary, true).await?.change_set)
        };
        let skipped_reason = if skipped == 0 {
            String::new()
        } else {
            format!(
                "{skipped} stayed as they were: handed over or superseded already, decided so before, or without a price to approve."
            )
        };
        Ok(DecisionReport { decided, skipped, skipped_reason, change_set })
    }
}
