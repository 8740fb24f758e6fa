//! A pricing run: every price list of the snapshot through the rule set in force, the proposals written as a batch.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant as Stopwatch;

use app_contract::PricingReport;
use pricing_domain::{ExceptionReason, Instant, ProposalKind, Ratio};
use pricing_rules::{
    CompiledRules, CostRecord, Decision, Effect, LabelCapacity, LabelPlace, ListOrder, NONE, PricingRun, Snapshot,
    inputs_of, list_order, price_all,
};
use pricing_store::{Durability, Operation, ProposalDraft};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use crate::carried_approvals::{CarriedApprovals, Carrying};
use crate::margin_gaps::margin_gaps_of_all;
use crate::price_lists::start_of_day;
use crate::{OperationError, Progress, Workspace};

/// Proposals encoded at a time, so that a large run does not hold them all twice.
const DRAFTS_AT_ONCE: usize = 20_000;

/// The effect of a batch on one price list, as it is stored with the batch.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ListEffect {
    pub(crate) list_key: i64,
    pub(crate) revenue_micro: i64,
    pub(crate) margin_micro: i64,
    /// What the exceptions of each reason move at most: see [`app_contract::NeedGroup::stake`].
    #[serde(default)]
    pub(crate) stakes: Vec<(ExceptionReason, i64)>,
}

impl ListEffect {
    fn of(list_key: i64, effect: &Effect) -> Self {
        let difference = |after: i128, before: i128| i64::try_from(after - before).unwrap_or(i64::MAX);
        Self {
            list_key,
            revenue_micro: difference(effect.revenue_after_micro, effect.revenue_before_micro),
            margin_micro: difference(effect.margin_after_micro, effect.margin_before_micro),
            stakes: Vec::new(),
        }
    }
}

/// The stakes of a run's exceptions by reason.
fn stakes(snapshot: &Snapshot, list: usize, decisions: &[Decision]) -> Vec<(ExceptionReason, i64)> {
    let columns = &snapshot.lists[list];
    let mut sums: BTreeMap<ExceptionReason, i128> = BTreeMap::new();
    for decision in decisions {
        if let (Some(reason), Some(old), Some(lawful)) =
            (decision.reason, some(decision.old_minor), some(decision.lawful_minor))
        {
            let units_milli = columns.units_28d_milli.get(decision.row as usize).max(0);
            *sums.entry(reason).or_default() += i128::from(lawful.abs_diff(old)) * i128::from(units_milli);
        }
    }
    let micro = |sum: i128| i64::try_from(sum * i128::from(columns.currency.micro_per_minor()) / 1_000);
    sums.into_iter().map(|(reason, sum)| (reason, micro(sum).unwrap_or(i64::MAX))).collect()
}

/// Runs over all price lists, with what they were made from.
#[derive(Clone, Copy)]
pub(crate) struct Priced<'a> {
    pub(crate) rule_set_key: i64,
    pub(crate) snapshot: &'a Arc<Snapshot>,
    pub(crate) rules: &'a Arc<CompiledRules>,
    pub(crate) now: Instant,
    /// By the place of the list.
    pub(crate) runs: &'a [PricingRun],
    /// What each list was priced from, by its place: with the new prices of the lists that it follows.
    pub(crate) priced_from: &'a [Arc<Snapshot>],
    /// By the place of the list: the rows whose change waits for a label.
    pub(crate) labels: &'a [BTreeMap<u32, LabelPlace>],
}

/// The runs over all lists, by place, with what each was priced from.
struct Evaluated {
    runs: Vec<PricingRun>,
    priced_from: Vec<Arc<Snapshot>>,
    labels: Vec<BTreeMap<u32, LabelPlace>>,
}

impl Workspace {
    /// Prices the catalogue on all lists. Cancelling before the proposals are written leaves nothing behind.
    pub async fn price(&self, progress: &Progress) -> Result<PricingReport, OperationError> {
        let started = Stopwatch::now();
        let rules = self.active_rules().await?;
        progress.at(0, None, "Loading the catalogue");
        let snapshot = self.snapshot().await?;
        if snapshot.row_count() == 0 {
            return Err(OperationError::refused("There are no products yet. Import a catalogue first."));
        }
        let compiled = CompiledRules::compile(&rules.rules, &snapshot).map_err(|problems| {
            let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
            OperationError::refused(format!("The rules cannot be used: {}.", words.join("; ")))
        })?;
        let compiled = Arc::new(compiled);
        let now = self.now();
        progress.at(0, None, "Pricing");
        let evaluating = Stopwatch::now();
        let Evaluated { runs, priced_from, labels } = self.evaluate(&snapshot, &compiled, now, progress).await?;
        let evaluate_ms = milliseconds(evaluating);
        progress.at(0, None, "Writing proposals");
        let held_for = self.held_for(&snapshot, &runs, now).await?;
        let priced = Priced {
            rule_set_key: rules.key,
            snapshot: &snapshot,
            rules: &compiled,
            now,
            runs: &runs,
            priced_from: &priced_from,
            labels: &labels,
        };
        let total: usize = runs.iter().map(|run| run.decisions.len()).sum();
        let op = self.begin("price", Durability::Full).await?;
        let summary = format!("Priced the catalogue: {total} proposals");
        let carried = write_batch(op, &priced, &held_for, progress, &summary).await?;
        let approved = if held_for.is_empty() { self.approve_run().await? } else { 0 };
        let CarriedApprovals { kept: carried, fallen, fallen_words } = carried;
        let report = report(&snapshot, &runs, evaluate_ms, milliseconds(started));
        Ok(PricingReport { held_for, approved, carried, fallen, fallen_words, ..report })
    }

    /// Prices every list after those that it follows, from their new prices.
    async fn evaluate(
        &self,
        snapshot: &Arc<Snapshot>,
        rules: &Arc<CompiledRules>,
        now: Instant,
        progress: &Progress,
    ) -> Result<Evaluated, OperationError> {
        let count = snapshot.lists.len();
        // Lists in a circle, which nobody can put in force any more, follow today's prices.
        let unordered = ListOrder { places: (0..count).collect(), is_followed: vec![false; count] };
        let order = list_order(rules.rule_set(), snapshot).unwrap_or(unordered);
        let stop = Arc::new(AtomicBool::new(false));
        let mut runs = vec![PricingRun::default(); count];
        let mut priced_from = vec![snapshot.clone(); count];
        let mut newest = snapshot.clone();
        let capacities = self.label_capacities(snapshot, now).await?;
        let mut labels = vec![BTreeMap::new(); count];
        for list in order.places {
            // Products that others follow are priced first, and once for all that reads their prices.
            let from = rules.decide_followed(&newest, list, now).map_or_else(|| newest.clone(), Arc::new);
            // So are families that share products settled once for all proposals that store the outcome.
            let (settling, unsettled) = (rules.clone(), from.clone());
            let settled = tokio::task::spawn_blocking(move || settling.settle_shared(&unsettled, list, now)).await;
            let from = settled.map_err(|error| OperationError::fault(error.to_string()))?.map_or(from, Arc::new);
            let (compiled, snapshot, rules, stopped) = (rules.clone(), from.clone(), rules.clone(), stop.clone());
            let mut running =
                tokio::task::spawn_blocking(move || price_all(&rules, &snapshot, list, now, &stopped, &|_| {}));
            let run = tokio::select! {
                run = &mut running => run,
                () = progress.cancel.cancelled() => {
                    stop.store(true, Ordering::Relaxed);
                    running.await
                }
            };
            let run = run.map_err(|error| OperationError::fault(error.to_string()))?;
            runs[list] = run.ok_or_else(OperationError::cancelled)?;
            if let Some(capacity) = &capacities[list] {
                labels[list] = runs[list].wait_for_labels(&compiled, &newest, list, now, capacity);
            }
            priced_from[list] = from;
            if order.is_followed[list] {
                newest = Arc::new(with_new_prices(&newest, list, &runs[list].decisions));
            }
        }
        Ok(Evaluated { runs, priced_from, labels })
    }

    /// How many labels of each list can still be changed on its day; `None`: any number.
    async fn label_capacities(
        &self,
        snapshot: &Snapshot,
        now: Instant,
    ) -> Result<Vec<Option<LabelCapacity>>, OperationError> {
        let lists = self.store.price_lists().await?;
        let mut capacities = vec![None; snapshot.lists.len()];
        for list in lists {
            let place = snapshot.list_of_key(list.key);
            if let (Some(place), Some(per_day)) = (place, list.settings.labels_per_day) {
                let used = self.store.changed_prices(list.key, start_of_day(&list, now), now).await?;
                let approved = self.store.approved_products(list.key).await?.into_iter();
                let row = |key: i64| snapshot.row_of_key(u32::try_from(key).ok()?);
                capacities[place] = Some(LabelCapacity { per_day, used, approved: approved.filter_map(row).collect() });
            }
        }
        Ok(capacities)
    }
}

/// The snapshot with the new prices of a list, for the lists that follow it. Where a person is needed first, today's stay;
/// a list that is never above this one is then above neither today's nor what the person may approve.
fn with_new_prices(snapshot: &Snapshot, list: usize, decisions: &[Decision]) -> Snapshot {
    let mut after = snapshot.clone();
    for decision in decisions.iter().filter(|decision| decision.kind == ProposalKind::Change) {
        after.lists[list].price_minor.set(decision.row as usize, decision.new_minor);
    }
    let asked = decisions.iter().filter(|decision| decision.kind == ProposalKind::Exception);
    after.lists[list].waiting_minor = asked.map(|decision| (decision.row, decision.lawful_minor)).collect();
    after.derive_ceilings();
    after
}

/// Writes the decisions of all runs as a batch and commits the operation; cancelled, it leaves nothing. Says which
/// approvals of the batch before hold for this one.
pub(crate) async fn write_batch(
    mut op: Operation,
    priced: &Priced<'_>,
    held_for: &[String],
    progress: &Progress,
    summary: &str,
) -> Result<CarriedApprovals, OperationError> {
    let Priced { rule_set_key, snapshot, rules, now, runs, priced_from, labels } = *priced;
    let total: usize = runs.iter().map(|run| run.decisions.len()).sum();
    let mut carrying = Carrying::new(rules, snapshot, now, op.standing_approvals().await?);
    let batch = op.begin_batch(rule_set_key).await?;
    let mut effects = Vec::with_capacity(runs.len());
    let mut parts = Vec::new();
    for (list, run) in runs.iter().enumerate() {
        effects.push(ListEffect {
            stakes: stakes(snapshot, list, &run.decisions),
            ..ListEffect::of(snapshot.lists[list].key, &run.effect)
        });
        let starts = (0..run.decisions.len()).step_by(DRAFTS_AT_ONCE);
        parts.extend(starts.map(|start| (list, start..(start + DRAFTS_AT_ONCE).min(run.decisions.len()))));
    }
    let drafted = |(list, range): (usize, Range<usize>)| {
        let (from, rules) = (priced_from[list].clone(), rules.clone());
        let run = &runs[list];
        let warnings = run.warnings.get(range.clone()).unwrap_or_default().iter().map(|count| u32::from(*count));
        let places = run.decisions[range.clone()].iter().map(|one| labels[list].get(&one.row).copied());
        let decisions = run.decisions[range.clone()].iter().copied().zip(places);
        let decisions: Vec<_> = decisions.zip(warnings.chain(std::iter::repeat(0))).collect();
        tokio::task::spawn_blocking(move || {
            let draft = |((decision, labels), warnings): &((Decision, Option<LabelPlace>), u32)| ProposalDraft {
                warnings: *warnings,
                ..draft(&rules, &from, list, (decision, *labels), now)
            };
            decisions.par_iter().map(draft).collect::<Vec<_>>()
        })
    };
    let mut parts = parts.into_iter();
    let mut following = parts.next().map(drafted);
    let mut done = 0;
    while let Some(drafts) = following.take() {
        if progress.is_cancelled() {
            op.abandon().await?;
            return Err(OperationError::cancelled());
        }
        let drafts = drafts.await.map_err(|error| OperationError::fault(error.to_string()))?;
        // While these are written, the next ones are drafted.
        following = parts.next().map(drafted);
        done += drafts.len();
        let drafts: Vec<_> = drafts.into_iter().map(|draft| carrying.take_over(draft)).collect();
        op.write_proposals(batch, drafts).await?;
        progress.at(done as u64, Some(total as u64), "Writing proposals");
    }
    let (left, carried) = carrying.finish();
    op.write_proposals(batch, left).await?;
    let totals = serde_json::to_string(&effects).map_err(|error| OperationError::fault(error.to_string()))?;
    op.finish_batch(batch, &totals, held_for).await?;
    let kept = match carried.kept {
        0 => String::new(),
        kept => format!(", {kept} approvals taken over"),
    };
    op.commit(&format!("{summary}{kept}"), false).await?;
    Ok(carried)
}

fn milliseconds(since: Stopwatch) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

pub(crate) fn some(amount: i64) -> Option<i64> {
    (amount != NONE).then_some(amount)
}

/// New ÷ old − 1 in basis points, rounded to the nearest.
pub(crate) fn change_bp(old: Option<i64>, new: Option<i64>) -> Option<i32> {
    let (old, new) = (old.filter(|old| *old > 0)?, new?);
    let ratio = Ratio { numerator: (i128::from(new) - i128::from(old)) * 10_000, denominator: i128::from(old) };
    i32::try_from(ratio.round(pricing_domain::Rounding::Nearest)).ok()
}

fn draft(
    rules: &CompiledRules,
    snapshot: &Snapshot,
    list: usize,
    (decision, labels): (&Decision, Option<LabelPlace>),
    now: Instant,
) -> ProposalDraft {
    let row = decision.row as usize;
    let columns = &snapshot.lists[list];
    let mut inputs = inputs_of(rules, snapshot, list, row, now);
    inputs.later.labels = labels;
    let (old, new, lawful) = (some(decision.old_minor), some(decision.new_minor), some(decision.lawful_minor));
    // An exception proposes what the higher guardrail allows, not what the rules would have wanted.
    let proposed = match decision.reason {
        Some(_) => lawful,
        None => new,
    };
    ProposalDraft {
        product_key: i64::from(snapshot.products.key.get(row)),
        list_key: columns.key,
        kind: decision.kind,
        reason: decision.reason,
        old_minor: old,
        new_minor: proposed,
        change_bp: change_bp(old, proposed),
        lawful_minor: lawful,
        floor_minor: some(decision.floor_minor),
        ceiling_minor: some(decision.ceiling_minor),
        margin_bp: proposed.and_then(|price| margin_at(snapshot, list, row, price)),
        cost_micro: snapshot.list_cost(list, row),
        lowest_minor: some(columns.lowest_offer_minor.get(row)),
        warnings: 0,
        rule: decision.rule,
        inputs: postcard::to_allocvec(&inputs).expect("plain values always encode"),
    }
}

/// Margin of the net price at a price, where the cost is known in the currency of the list.
pub(crate) fn margin_at(snapshot: &Snapshot, list: usize, row: usize, price_minor: i64) -> Option<i32> {
    margin_at_cost(snapshot, list, row, price_minor, snapshot.cost(row)?)
}

/// The same at another cost.
pub(crate) fn margin_at_cost(
    snapshot: &Snapshot,
    list: usize,
    row: usize,
    price_minor: i64,
    cost: CostRecord,
) -> Option<i32> {
    let cost = snapshot.cost_in(list, cost.amount.0, cost.currency).filter(|cost| *cost > 0)?;
    let net = net_micro(snapshot, list, row, price_minor);
    if net.numerator <= 0 {
        return None;
    }
    let ratio =
        Ratio { numerator: (net.numerator - i128::from(cost) * net.denominator) * 10_000, denominator: net.numerator };
    i32::try_from(ratio.round(pricing_domain::Rounding::Nearest)).ok()
}

/// The net price of a price of a list, in millionths.
pub(crate) fn net_micro(snapshot: &Snapshot, list: usize, row: usize, price_minor: i64) -> Ratio {
    let columns = &snapshot.lists[list];
    let vat = match columns.tax_mode {
        pricing_domain::TaxMode::Gross => pricing_domain::BasisPoints(columns.vat_bp.get(row)),
        pricing_domain::TaxMode::Net => pricing_domain::BasisPoints(0),
    };
    pricing_domain::net_of_gross_micro(price_minor, columns.currency, vat)
}

fn report(snapshot: &Snapshot, runs: &[PricingRun], evaluate_ms: u64, elapsed_ms: u64) -> PricingReport {
    let sum = |count: fn(&PricingRun) -> u64| runs.iter().map(count).sum::<u64>();
    PricingReport {
        priced: (snapshot.row_count() * runs.len()) as u64,
        raised: sum(|run| run.counts.raised),
        lowered: sum(|run| run.counts.lowered),
        unchanged: sum(|run| run.counts.unchanged),
        exceptions: ExceptionReason::ALL
            .iter()
            .map(|reason| (*reason, runs.iter().map(|run| run.counts.exceptions_of(*reason)).sum()))
            .filter(|(_, count)| *count > 0)
            .collect(),
        evaluate_ms,
        elapsed_ms,
        held_for: Vec::new(),
        approved: 0,
        carried: 0,
        fallen: 0,
        fallen_words: Vec::new(),
        gaps: margin_gaps_of_all(snapshot),
    }
}
