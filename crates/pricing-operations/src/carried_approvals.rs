//! Approvals that a newer run takes over. What a person approved, or set by hand, stays approved where its price may still
//! be handed over; what cannot stay is listed. What the policy approved is judged anew by the
//! policy of now.

use std::collections::HashMap;

use pricing_domain::{ExceptionReason, Instant, Money, ProposalKind};
use pricing_rules::{CompiledRules, ListFlags, Snapshot, UNREACHABLE_FLOOR, bounds_of, inputs_of};
use pricing_store::{KeptDecision, ProposalDraft, StandingApproval};

use crate::approvals::POLICY;
use crate::pricing::{change_bp, margin_at, some};

/// Approvals named in a report.
const NAMED: usize = 20;

/// Stands for “no rule of the set”.
const NO_RULE: u16 = u16::MAX;

/// What became of the approvals of the batch before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CarriedApprovals {
    /// Those that hold for the new batch.
    pub(crate) kept: u64,
    /// Those of people that do not.
    pub(crate) fallen: u64,
    /// The first of these, in words.
    pub(crate) fallen_words: Vec<String>,
}

/// The approvals of the batch before, while the next one is written.
pub(crate) struct Carrying<'a> {
    rules: &'a CompiledRules,
    snapshot: &'a Snapshot,
    now: Instant,
    standing: HashMap<(i64, i64), StandingApproval>,
    done: CarriedApprovals,
}

impl<'a> Carrying<'a> {
    pub(crate) fn new(
        rules: &'a CompiledRules,
        snapshot: &'a Snapshot,
        now: Instant,
        standing: Vec<StandingApproval>,
    ) -> Self {
        let standing = standing.into_iter().map(|one| ((one.product_key, one.list_key), one)).collect();
        Self { rules, snapshot, now, standing, done: CarriedApprovals::default() }
    }

    /// A new proposal with the decision that it takes over, at the price that was decided.
    pub(crate) fn take_over(&mut self, draft: ProposalDraft) -> (ProposalDraft, Option<KeptDecision>) {
        let Some(approval) = self.standing.remove(&(draft.product_key, draft.list_key)) else { return (draft, None) };
        let is_policy = approval.decision.decided_by.as_deref() == Some(POLICY);
        let is_same = draft.new_minor == Some(approval.new_minor) && draft.old_minor == approval.old_minor;
        if is_policy {
            return (draft, None);
        }
        let reason = if is_same && draft.reason != Some(ExceptionReason::BoundsConflict) {
            None
        } else {
            self.obstacle(&approval)
        };
        match reason {
            Some(reason) => {
                self.fall(&approval, &reason);
                (draft, None)
            }
            None => {
                self.done.kept += 1;
                let draft = if is_same { draft } else { self.repriced(draft, &approval) };
                (draft, Some(approval.decision))
            }
        }
    }

    /// Approvals of products that the new run proposes nothing for, as proposals of their own; and what became of all.
    pub(crate) fn finish(mut self) -> (Vec<(ProposalDraft, Option<KeptDecision>)>, CarriedApprovals) {
        let mut left: Vec<StandingApproval> = std::mem::take(&mut self.standing).into_values().collect();
        left.sort_by(|one, other| (&one.sku, one.list_key).cmp(&(&other.sku, other.list_key)));
        let mut drafts = Vec::new();
        for approval in left {
            // Today's price stays by the rules: the policy has nothing to approve.
            if approval.decision.decided_by.as_deref() == Some(POLICY) {
                continue;
            }
            match self.obstacle(&approval) {
                Some(reason) => self.fall(&approval, &reason),
                None => {
                    if let Some(draft) = self.draft_of(&approval) {
                        self.done.kept += 1;
                        drafts.push((draft, Some(approval.decision)));
                    }
                }
            }
        }
        (drafts, self.done)
    }

    fn place_of(&self, approval: &StandingApproval) -> Option<(usize, usize)> {
        let row = self.snapshot.row_of_key(u32::try_from(approval.product_key).ok()?)?;
        Some((self.snapshot.list_of_key(approval.list_key)?, row as usize))
    }

    /// Why a price that was approved can stay no longer, in words that follow on it.
    fn obstacle(&self, approval: &StandingApproval) -> Option<String> {
        let Some((list, row)) = self.place_of(approval) else {
            return Some("the product is not priced on this list any more".to_owned());
        };
        let values = self.snapshot.lists[list].values(row);
        if some(values.price_minor).filter(|price| *price > 0) != approval.old_minor {
            return Some("its price in force is another one by now".to_owned());
        }
        if values.flags & ListFlags::PROMOTION != 0 {
            return Some("it is in a promotion".to_owned());
        }
        if values.flags & ListFlags::LOCKED != 0 && values.fixed_minor != approval.new_minor {
            return Some("it is locked".to_owned());
        }
        let money = |minor: i64| Money::new(minor, approval.currency);
        let (floor, ceiling) = bounds_of(self.rules, self.snapshot, list, row, self.now);
        if floor.is_some_and(|floor| floor >= UNREACHABLE_FLOOR) {
            return Some("no price reaches its floor by now".to_owned());
        }
        if let Some(floor) = floor.filter(|floor| *floor > approval.new_minor) {
            return Some(format!("it is below its floor {} by now", money(floor)));
        }
        // Where the bounds contradict each other, the floor comes first.
        let ceiling = ceiling.filter(|ceiling| floor.is_none_or(|floor| floor <= *ceiling));
        let ceiling = ceiling.filter(|ceiling| *ceiling < approval.new_minor)?;
        Some(format!("it is above its ceiling {} by now", money(ceiling)))
    }

    fn fall(&mut self, approval: &StandingApproval, reason: &str) {
        self.done.fallen += 1;
        if self.done.fallen_words.len() < NAMED {
            let price = Money::new(approval.new_minor, approval.currency);
            let by = approval.decision.decided_by.as_deref().unwrap_or("somebody");
            self.done
                .fallen_words
                .push(format!("{} on {}: {price}, approved by {by}: {reason}", approval.sku, approval.price_list));
        }
    }

    fn repriced(&self, draft: ProposalDraft, approval: &StandingApproval) -> ProposalDraft {
        let new_minor = Some(approval.new_minor);
        let margin_bp =
            self.place_of(approval).and_then(|(list, row)| margin_at(self.snapshot, list, row, approval.new_minor));
        // Warnings are about the price that the rules propose.
        let warnings = if new_minor == draft.new_minor { draft.warnings } else { 0 };
        ProposalDraft { new_minor, change_bp: change_bp(draft.old_minor, new_minor), margin_bp, warnings, ..draft }
    }

    fn draft_of(&self, approval: &StandingApproval) -> Option<ProposalDraft> {
        let (list, row) = self.place_of(approval)?;
        let columns = &self.snapshot.lists[list];
        let (floor_minor, ceiling_minor) = bounds_of(self.rules, self.snapshot, list, row, self.now);
        let inputs = inputs_of(self.rules, self.snapshot, list, row, self.now);
        let draft = ProposalDraft {
            product_key: approval.product_key,
            list_key: approval.list_key,
            kind: ProposalKind::Change,
            reason: None,
            old_minor: approval.old_minor,
            new_minor: None,
            change_bp: None,
            lawful_minor: None,
            floor_minor,
            ceiling_minor,
            margin_bp: None,
            cost_micro: self.snapshot.list_cost(list, row),
            lowest_minor: some(columns.lowest_offer_minor.get(row)),
            warnings: 0,
            rule: NO_RULE,
            inputs: postcard::to_allocvec(&inputs).expect("plain values always encode"),
        };
        Some(self.repriced(draft, approval))
    }
}
