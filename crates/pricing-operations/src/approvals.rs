//! What is approved without a person, what needs two, what waits until later, and what people say about a price.

use app_contract::{CommentView, DecisionReport, PolicyPreview, ProposalSelection};
use pricing_domain::{
    ApprovalLine, ApprovalPolicy, BasisPoints, FourEyes, Instant, PriceChangeCase, ProposalId, ProposalStatus,
};
use pricing_rules::{PolicyCase, approving_lines};
use pricing_store::{Durability, ProposalTarget, StoredProposal, WaitingChange};

use crate::decisions::target;
use crate::{OperationError, Workspace};

const SETTING: &str = "approval_policy";

/// A comment beyond this is a document.
const LONGEST_COMMENT: usize = 2_000;

/// Small changes that earn something; switched off until somebody wants it.
fn starting_policy() -> ApprovalPolicy {
    let line = ApprovalLine {
        name: "Small changes".to_owned(),
        largest_raise: Some(BasisPoints(300)),
        largest_cut: Some(BasisPoints(300)),
        least_margin: Some(BasisPoints(1_000)),
        ..ApprovalLine::default()
    };
    ApprovalPolicy { enabled: false, lines: vec![line], four_eyes: FourEyes::Off, all_or_nothing: false }
}

/// A change of the batch with what the policy asks about it.
type Case = (WaitingChange, PolicyCase);

impl Workspace {
    /// What is approved without a person, and what needs two.
    pub async fn approval_policy(&self) -> Result<ApprovalPolicy, OperationError> {
        let stored = self.store.setting(SETTING).await?;
        Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_else(starting_policy))
    }

    /// Changes it. One that contradicts itself is refused with every reason.
    pub async fn save_approval_policy(&self, policy: &ApprovalPolicy) -> Result<(), OperationError> {
        let problems = policy.problems();
        if !problems.is_empty() {
            return Err(OperationError::refused(problems.join(" ")));
        }
        let text = serde_json::to_string(policy).map_err(|error| OperationError::fault(error.to_string()))?;
        let mut op = self.begin("save_approval_policy", Durability::Full).await?;
        op.write_setting(SETTING, &text).await?;
        if op.rows() == 0 {
            return Ok(op.abandon().await?);
        }
        op.commit("Changed the approval policy", false).await?;
        Ok(())
    }

    /// What a policy would approve of what waits.
    pub async fn preview_approval_policy(&self, policy: &ApprovalPolicy) -> Result<PolicyPreview, OperationError> {
        let problems: Vec<String> = policy.problems();
        if !problems.is_empty() {
            return Ok(PolicyPreview { problems, ..PolicyPreview::default() });
        }
        let counts = self.store.batch_counts(None, self.now()).await?;
        let mut preview = PolicyPreview {
            lines: vec![0; policy.lines.len()],
            exceptions: counts.pending_exceptions,
            ..Default::default()
        };
        for (_, line) in self.judged(policy).await? {
            match line {
                Some(line) => preview.lines[line] += 1,
                None => preview.left += 1,
            }
        }
        Ok(preview)
    }

    /// Approves what waits and the policy in force approves. Refused while the circuit breaker holds the batch, or
    /// where the policy is switched off.
    pub async fn apply_approval_policy(&self) -> Result<DecisionReport, OperationError> {
        let policy = self.approval_policy().await?;
        if !policy.enabled {
            return Err(OperationError::refused(
                "The approval policy is switched off. Switch it on in Settings first.",
            ));
        }
        self.refuse_held().await?;
        self.approve_by_policy(&policy, |_| true).await
    }

    /// After a run that does not wait as a whole: what the policy approves. Gives how many.
    pub(crate) async fn approve_run(&self) -> Result<u64, OperationError> {
        let policy = self.approval_policy().await?;
        if !policy.enabled {
            return Ok(0);
        }
        Ok(self.approve_by_policy(&policy, |_| true).await?.decided)
    }

    /// Approves what a policy approves among the changes that `wanted` names.
    pub(crate) async fn approve_by_policy(
        &self,
        policy: &ApprovalPolicy,
        wanted: impl Fn(&PolicyCase) -> bool,
    ) -> Result<DecisionReport, OperationError> {
        let judged = self.judged(policy).await?;
        let waiting = judged.len() as u64;
        let mut by_line: Vec<Vec<ProposalId>> = vec![Vec::new(); policy.lines.len()];
        for ((change, case), line) in judged {
            if let Some(line) = line.filter(|_| wanted(&case)) {
                by_line[line].push(change.id);
            }
        }
        let mut report =
            DecisionReport { decided: 0, skipped: 0, first: 0, skipped_reason: String::new(), change_set: None };
        if by_line.iter().all(Vec::is_empty) {
            report.skipped = waiting;
            report.skipped_reason = left_words(waiting);
            return Ok(report);
        }
        let mut op = self.begin("approve_by_policy", Durability::Full).await?;
        for (line, ids) in policy.lines.iter().zip(by_line).filter(|(_, ids)| !ids.is_empty()) {
            let reason = format!("Policy “{}”", line.name);
            let decided = op
                .decide_proposals(&ProposalTarget::Ids(ids), ProposalStatus::Approved, &reason, POLICY, FourEyes::Off)
                .await?;
            report.decided += decided.decided;
        }
        let summary = format!("The approval policy approved {} of {waiting} changes", report.decided);
        report.change_set = Some(op.commit(&summary, true).await?.change_set);
        report.skipped = waiting.saturating_sub(report.decided);
        report.skipped_reason = left_words(report.skipped);
        Ok(report)
    }

    /// The changes that wait, each with the line that approves it.
    async fn judged(&self, policy: &ApprovalPolicy) -> Result<Vec<(Case, Option<usize>)>, OperationError> {
        let now = self.now();
        let (snapshot, waiting) = (self.snapshot().await?, self.store.waiting_changes(now).await?);
        let policy = policy.clone();
        let judging = tokio::task::spawn_blocking(move || {
            let case = |change: WaitingChange| {
                let list = snapshot.list_of_key(change.list_key)?;
                let row = snapshot.row_of_key(u32::try_from(change.product_key).ok()?)?;
                let case = PriceChangeCase {
                    old_minor: change.old_minor?,
                    new_minor: change.new_minor?,
                    margin: change.margin_bp.map(BasisPoints),
                    units_milli: snapshot.lists[list].values(row as usize).units_28d_milli,
                };
                Some((change, PolicyCase { row, list, change: case }))
            };
            let cases: Vec<Case> = waiting.into_iter().filter_map(case).collect();
            let asked: Vec<PolicyCase> = cases.iter().map(|(_, case)| *case).collect();
            let lines = approving_lines(&policy, &snapshot, now, &asked);
            cases.into_iter().zip(lines).collect()
        });
        judging.await.map_err(|error| OperationError::fault(error.to_string()))
    }

    /// Lets waiting proposals wait until a time, or wakes them.
    pub async fn snooze_proposals(
        &self,
        selection: &ProposalSelection,
        until: Option<Instant>,
        reason: &str,
    ) -> Result<DecisionReport, OperationError> {
        let now = self.now();
        if until.is_some_and(|until| until <= now || until > now.plus_days(366)) {
            return Err(OperationError::refused("Choose a time between now and a year from now."));
        }
        let target = target(selection, now)?;
        let actor = self.actor();
        let mut op = self.begin("snooze_proposals", Durability::Full).await?;
        let changed = op.snooze_proposals(&target, until, reason.trim(), &actor).await?;
        let report =
            DecisionReport { decided: changed, skipped: 0, first: 0, skipped_reason: String::new(), change_set: None };
        if changed == 0 {
            op.abandon().await?;
            return Ok(report);
        }
        let noun = if changed == 1 { "proposal" } else { "proposals" };
        let what = match until {
            Some(until) => format!("Snoozed {changed} {noun} until {until}"),
            None => format!("Woke {changed} {noun}"),
        };
        let why = if reason.trim().is_empty() { String::new() } else { format!(": {}", reason.trim()) };
        op.commit(&format!("{what}{why}"), false).await?;
        Ok(report)
    }

    /// What people said about the price of a proposal's product, oldest first.
    pub async fn comments(&self, proposal: ProposalId) -> Result<Vec<CommentView>, OperationError> {
        let found = self.known_proposal(proposal).await?;
        let comments = self.store.price_comments(found.draft.product_key, found.draft.list_key).await?;
        Ok(comments.into_iter().map(|one| CommentView { at: one.at, actor: one.actor, text: one.body }).collect())
    }

    /// Says something about it.
    pub async fn comment_proposal(&self, proposal: ProposalId, text: &str) -> Result<Vec<CommentView>, OperationError> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LONGEST_COMMENT {
            return Err(OperationError::refused(format!("Write a comment of at most {LONGEST_COMMENT} letters.")));
        }
        let found = self.known_proposal(proposal).await?;
        let actor = self.actor();
        let mut op = self.begin("comment_proposal", Durability::Full).await?;
        op.comment_price(found.draft.product_key, found.draft.list_key, &actor, text).await?;
        op.commit(&format!("Said about the price of {} on {}: {text}", found.sku, found.price_list), false).await?;
        self.comments(proposal).await
    }

    async fn known_proposal(&self, proposal: ProposalId) -> Result<StoredProposal, OperationError> {
        let found = self.store.find_proposal(proposal).await?;
        found.ok_or_else(|| OperationError::not_found("This proposal is not in the workspace any more."))
    }
}

/// Who decides where no person does.
pub(crate) const POLICY: &str = "Approval policy";

fn left_words(left: u64) -> String {
    if left == 0 { String::new() } else { "No line of the policy approves them: a person decides.".to_owned() }
}
