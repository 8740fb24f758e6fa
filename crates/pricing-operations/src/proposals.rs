//! Listing proposals and the state of the newest batch.

use std::cmp::Ordering;

use app_contract::{BatchView, ProposalFilter, ProposalPage, ProposalRow, ReasonCount, SnoozeChoice, WorkKind};
use pricing_domain::{Currency, ExceptionReason, Instant, MicroAmount, Money, PriceListId, ProposalId, Rounding};
use pricing_rules::{PriceInputs, price_from_inputs};
use pricing_store::{
    BatchCounts, ProposalOrder, ProposalQuery, RuleSetVersion, SnoozeQuery, StoredProposal, WorkQuery,
};

use crate::pricing::ListEffect;
use crate::{OperationError, Workspace};

/// Counts of the newest batch as they stand at a place of the change sequence.
pub(crate) struct KeptCount {
    sequence: i64,
    list_key: Option<i64>,
    counts: BatchCounts,
}

impl Workspace {
    /// A page of the newest batch, exceptions first.
    pub async fn proposals(
        &self,
        filter: &ProposalFilter,
        offset: u64,
        limit: u32,
    ) -> Result<ProposalPage, OperationError> {
        let query = self.cheap(query(filter, self.now())).await?;
        let matching = self.store.proposal_count(&query).await?;
        let rows = self.proposal_rows(&query, ProposalOrder::Urgency, offset, limit.min(500)).await?;
        Ok(ProposalPage { batch: self.batch(filter.price_list).await?, matching, offset, rows })
    }

    /// One proposal as it stands, of any batch.
    pub async fn proposal(&self, id: ProposalId) -> Result<ProposalRow, OperationError> {
        let gone = || OperationError::not_found("This proposal is not in the workspace any more.");
        self.proposal_row(self.store.find_proposal(id).await?.ok_or_else(gone)?).await
    }

    /// How many proposals there are by reason (`None`: ordinary changes), of some products or all and in one direction
    /// or both, and the first of them.
    pub async fn proposals_of(
        &self,
        filter: &ProposalFilter,
        products: Option<Vec<i64>>,
        moved: Option<Ordering>,
        order: ProposalOrder,
        limit: u32,
    ) -> Result<(Vec<(Option<ExceptionReason>, u64)>, Vec<ProposalRow>), OperationError> {
        let query = ProposalQuery { products, moved, ..self.cheap(query(filter, self.now())).await? };
        let counts = self.store.count_proposals(&query).await?;
        Ok((counts, self.proposal_rows(&query, order, 0, limit.min(500)).await?))
    }

    async fn proposal_rows(
        &self,
        query: &ProposalQuery,
        order: ProposalOrder,
        offset: u64,
        limit: u32,
    ) -> Result<Vec<ProposalRow>, OperationError> {
        self.told(self.store.list_proposals(query, order, offset, limit).await?).await
    }

    /// The changes of the newest batch on a list that go furthest up or down, the largest first.
    pub(crate) async fn largest_moves(
        &self,
        list_key: i64,
        moved: Ordering,
        limit: u32,
    ) -> Result<Vec<ProposalRow>, OperationError> {
        self.told(self.store.largest_moves(list_key, moved, limit).await?).await
    }

    async fn told(&self, stored: Vec<StoredProposal>) -> Result<Vec<ProposalRow>, OperationError> {
        let mut rows = Vec::with_capacity(stored.len());
        let mut rules: Option<RuleSetVersion> = None;
        for proposal in stored {
            if rules.as_ref().is_none_or(|rules| rules.key != proposal.rule_set_key) {
                rules = Some(self.store.rule_set(proposal.rule_set_key).await?);
            }
            rows.push(row(proposal, rules.as_ref().expect("loaded above"))?);
        }
        Ok(rows)
    }

    /// Counts of the newest batch, as they were counted last where nothing has changed since.
    async fn batch_counts(&self, list_key: Option<i64>) -> Result<BatchCounts, OperationError> {
        let now = self.now();
        if self.store.has_snoozed(now).await? {
            // What is snoozed comes back as time passes.
            return Ok(self.store.batch_counts(list_key, now).await?);
        }
        let sequence = self.store.sequence().await?;
        let known = |kept: &[KeptCount]| {
            kept.iter().find(|one| one.sequence == sequence && one.list_key == list_key).map(|one| one.counts.clone())
        };
        if let Some(counts) = known(&self.batch_counts.lock().expect("no panic while it is held")) {
            return Ok(counts);
        }
        let counts = self.store.batch_counts(list_key, now).await?;
        let mut kept = self.batch_counts.lock().expect("no panic while it is held");
        kept.retain(|one| one.sequence == sequence);
        kept.push(KeptCount { sequence, list_key, counts: counts.clone() });
        Ok(counts)
    }

    /// The newest batch on one list or on all; effects are those of one list, without a choice the default one.
    pub async fn batch(&self, list: Option<PriceListId>) -> Result<Option<BatchView>, OperationError> {
        let Some(batch) = self.store.newest_batch().await? else { return Ok(None) };
        let list_key = match list {
            Some(id) => Some(self.price_list(id).await?.key),
            None => None,
        };
        let counts = self.batch_counts(list_key).await?;
        let lists = self.store.price_lists().await?;
        let effects: Vec<ListEffect> = serde_json::from_str(&batch.totals).unwrap_or_default();
        let mut revenue: Vec<Money> = Vec::new();
        let mut margin: Vec<Money> = Vec::new();
        let mut stakes: Vec<(ExceptionReason, Money)> = Vec::new();
        let shown = list_key.map_or_else(|| lists.first(), |key| lists.iter().find(|list| list.key == key));
        for (effect, list) in effects.iter().filter_map(|one| Some((one, shown.filter(|it| it.key == one.list_key)?))) {
            add(&mut revenue, effect.revenue_micro, list.currency);
            add(&mut margin, effect.margin_micro, list.currency);
            stakes.extend(effect.stakes.iter().map(|(reason, micro)| {
                (*reason, Money::new(MicroAmount(*micro).to_minor(list.currency, Rounding::Nearest), list.currency))
            }));
        }
        Ok(Some(BatchView {
            id: batch.id,
            created_at: batch.created_at,
            rule_set: batch.rule_set,
            pending_changes: counts.pending_changes,
            pending_exceptions: counts.pending_exceptions,
            approved: counts.approved,
            publishing: counts.publishing,
            rejected: counts.rejected,
            exported: counts.exported,
            reasons: counts
                .reasons
                .into_iter()
                .map(|(reason, count)| {
                    let stake = stakes.iter().find(|(one, _)| *one == reason).map(|(_, stake)| *stake);
                    ReasonCount { reason, count, stake: stake.filter(|_| list_key.is_some()) }
                })
                .collect(),
            effect_list: shown.map(|list| list.settings.name.clone()).unwrap_or_default(),
            revenue_effect: revenue,
            margin_effect: margin,
            held_for: batch.held_for,
            snoozed: counts.snoozed,
            first_approved: counts.first_approved,
            warned: counts.warned,
        }))
    }

    /// Without a look at every row for something that is not there.
    async fn cheap(&self, query: ProposalQuery) -> Result<ProposalQuery, OperationError> {
        Ok(match query.snoozed {
            SnoozeQuery::Hidden(now) if !self.store.has_snoozed(now).await? => {
                ProposalQuery { snoozed: SnoozeQuery::Any, ..query }
            }
            _ => query,
        })
    }

    pub(crate) async fn proposal_row(&self, proposal: StoredProposal) -> Result<ProposalRow, OperationError> {
        let rules = self.store.rule_set(proposal.rule_set_key).await?;
        row(proposal, &rules)
    }
}

fn add(sums: &mut Vec<Money>, micro: i64, currency: Currency) {
    let amount = MicroAmount(micro).to_minor(currency, Rounding::Nearest);
    match sums.iter_mut().find(|sum| sum.currency == currency) {
        Some(sum) => sum.amount_minor += amount,
        None => sums.push(Money::new(amount, currency)),
    }
}

/// Promotions that start or end, and costs that changed, within so many days.
pub(crate) const WORK_DAYS: i64 = 7;

/// The times that a list of work is about.
pub(crate) fn work_query(work: WorkKind, now: Instant) -> WorkQuery {
    let until = now.plus_days(WORK_DAYS);
    match work {
        WorkKind::CostChanges => WorkQuery::CostChanged { since: now.plus_days(-WORK_DAYS), now },
        WorkKind::WithoutPrice => WorkQuery::WithoutPrice,
        WorkKind::PromotionsStarting => WorkQuery::PromotionStarts { after: now, until },
        WorkKind::PromotionsEnding => WorkQuery::PromotionEnds { after: now, until },
    }
}

pub(crate) fn query(filter: &ProposalFilter, now: Instant) -> ProposalQuery {
    ProposalQuery {
        snoozed: match filter.snoozed {
            SnoozeChoice::Hidden => SnoozeQuery::Hidden(now),
            SnoozeChoice::Only => SnoozeQuery::Only(now),
            SnoozeChoice::Shown => SnoozeQuery::Any,
        },
        first_approved: filter.second.then_some(true),
        work: filter.work.map(|work| work_query(work, now)),
        price_list: filter.price_list,
        status: filter.status,
        kind: filter.kind,
        reason: filter.reason,
        search: filter.search.clone(),
        warned: filter.warned,
        products: None,
        moved: None,
    }
}

pub(crate) fn decode_inputs(bytes: &[u8]) -> Result<PriceInputs, OperationError> {
    PriceInputs::decode(bytes).ok_or_else(|| {
        OperationError::fault("The inputs of this proposal were written by another version and cannot be read.")
    })
}

/// The name of the rule at a place of the rule set.
pub(crate) fn rule_name(rules: &RuleSetVersion, place: u16) -> String {
    rules.rules.rule_name(place).unwrap_or_else(|| "No rule".to_owned())
}

fn row(proposal: StoredProposal, rules: &RuleSetVersion) -> Result<ProposalRow, OperationError> {
    let draft = proposal.draft;
    let inputs = decode_inputs(&draft.inputs)?;
    let summary = match price_from_inputs(&rules.rules, &inputs) {
        Ok((_, way)) => way.summary,
        Err(_) => String::new(),
    };
    let decision = proposal.decided_by.map(|who| match proposal.decision_reason.as_deref() {
        None | Some("") => who,
        Some(reason) => format!("{who}: {reason}"),
    });
    Ok(ProposalRow {
        id: proposal.id,
        product: proposal.product,
        sku: proposal.sku,
        name: proposal.name,
        price_list: proposal.price_list,
        currency: proposal.currency,
        kind: draft.kind,
        status: proposal.status,
        old_minor: draft.old_minor,
        new_minor: draft.new_minor,
        change_bp: draft.change_bp,
        reason: draft.reason,
        lawful_minor: draft.lawful_minor,
        floor_minor: draft.floor_minor,
        ceiling_minor: draft.ceiling_minor,
        margin_bp: draft.margin_bp,
        cost: draft.cost_micro.map(MicroAmount),
        lowest_minor: draft.lowest_minor,
        warnings: draft.warnings,
        rule: rule_name(rules, draft.rule),
        summary,
        decision,
        delivery: proposal.delivery,
        first_by: proposal.first_by,
        snoozed_until: proposal.snoozed_until,
        comments: proposal.comments,
    })
}
