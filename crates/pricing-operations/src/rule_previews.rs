//! What edited rules would do to the catalogue, computed from the snapshot while they are typed. Nothing is written.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Instant as Stopwatch;

use app_contract::{IndexShift, PreviewRow, ReasonCount, RulePreview, RuleRemark, RuleShare, RunFigures};
use pricing_domain::{
    BasisPoints, Currency, ExceptionReason, Instant, Money, OfferPolicy, PriceListId, ProposalKind, RuleSet,
    RuleSetProblem,
};
use pricing_rules::{
    CompetitorIndex, CompiledRules, Decision, NONE, PricingRun, RuleCounts, Snapshot, list_figures, price_all,
};

use crate::grids::place;
use crate::pricing::change_bp;
use crate::{OperationError, Workspace};

/// How many products stand as examples.
const SHOWN: usize = 10;
/// A guardrail that stops more than this share of a rule's products is told of.
const OFTEN: BasisPoints = BasisPoints(2_000);

/// What is kept between questions: the way to end the one that runs, and what the rules in force would do.
#[derive(Default)]
pub(crate) struct Previews {
    running: Mutex<Arc<AtomicBool>>,
    in_force: Mutex<Option<InForce>>,
}

/// A run of the rules in force, valid for one snapshot, version and list.
#[derive(Clone)]
struct InForce {
    snapshot: Weak<Snapshot>,
    version: i64,
    list: usize,
    figures: RunFigures,
    indexes: Arc<Vec<CompetitorIndex>>,
}

impl Previews {
    /// Ends the question that runs and gives the flag by which this one is ended.
    fn begin(&self) -> Arc<AtomicBool> {
        let mut running = self.running.lock().expect("no panic while it is held");
        running.store(true, Ordering::Relaxed);
        *running = Arc::default();
        running.clone()
    }
}

impl Workspace {
    /// What `rules` would do to a price list now. A later question ends an earlier one, which is then cancelled.
    ///
    /// Cost: one pass over the catalogue for the rules and one for the indexes; the rules in force are evaluated once
    /// for each state of the catalogue.
    pub async fn preview_rules(&self, rules: RuleSet, price_list: PriceListId) -> Result<RulePreview, OperationError> {
        let started = Stopwatch::now();
        let stop = self.previews.begin();
        let snapshot = self.snapshot().await?;
        let list = place(&snapshot, price_list)?;
        let now = self.now();
        let compiled = match CompiledRules::compile(&rules, &snapshot) {
            Ok(compiled) => compiled,
            Err(problems) => return Ok(unusable(problems, &snapshot, list)),
        };
        let in_force = self.in_force(&snapshot, list, now, &stop).await?;
        let (from, stopped) = (snapshot.clone(), stop.clone());
        let computed = tokio::task::spawn_blocking(move || {
            let run = price_all(&compiled, &from, list, now, &stopped, &|_| {})?;
            let indexes = indexes_after(&from, list, &run, now);
            let rows = examples(&from, &run);
            Some((run, indexes, rows))
        });
        let (run, after, (moves, samples)) = joined(computed).await?.ok_or_else(OperationError::cancelled)?;
        let currency = snapshot.lists[list].currency;
        Ok(RulePreview {
            problems: Vec::new(),
            products: run.counts.products,
            elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            currency,
            edited: figures(&run, currency),
            in_force: in_force.figures,
            rules: run.counts.rules.iter().chain([&run.counts.otherwise]).map(share).collect(),
            reasons: reasons(&run),
            indexes: shifts(&snapshot, &in_force.indexes, &after),
            moves: self.rows(&snapshot, moves).await?,
            samples: self.rows(&snapshot, samples).await?,
            remarks: remarks(&rules, &run),
        })
    }

    async fn in_force(
        &self,
        snapshot: &Arc<Snapshot>,
        list: usize,
        now: Instant,
        stop: &Arc<AtomicBool>,
    ) -> Result<InForce, OperationError> {
        let active = self.active_rules().await?;
        let of = Arc::downgrade(snapshot);
        let fits = |kept: &InForce| kept.snapshot.ptr_eq(&of) && kept.version == active.version && kept.list == list;
        if let Some(kept) = self.previews.in_force.lock().expect("no panic while it is held").clone().filter(fits) {
            return Ok(kept);
        }
        let (from, stopped) = (snapshot.clone(), stop.clone());
        let computed = tokio::task::spawn_blocking(move || {
            let compiled = CompiledRules::compile(&active.rules, &from).ok()?;
            let run = price_all(&compiled, &from, list, now, &stopped, &|_| {})?;
            let indexes = list_figures(&from, list, &OfferPolicy::default(), BasisPoints(0), now).competitors;
            Some((figures(&run, from.lists[list].currency), indexes))
        });
        let (figures, indexes) = joined(computed).await?.ok_or_else(OperationError::cancelled)?;
        let made = InForce { snapshot: of, version: active.version, list, figures, indexes: Arc::new(indexes) };
        *self.previews.in_force.lock().expect("no panic while it is held") = Some(made.clone());
        Ok(made)
    }

    async fn rows(&self, snapshot: &Snapshot, decisions: Vec<Decision>) -> Result<Vec<PreviewRow>, OperationError> {
        let keys: Vec<u32> =
            decisions.iter().map(|decision| snapshot.products.key.get(decision.row as usize)).collect();
        let ids = self.store.product_ids(&keys).await?;
        let rows = decisions.into_iter().zip(ids).map(|(decision, product)| {
            let row = decision.row as usize;
            PreviewRow {
                product,
                sku: snapshot.products.sku.get(row).to_owned(),
                name: snapshot.products.name.get(row).to_owned(),
                old_minor: decision.old_minor,
                new_minor: decision.new_minor,
                change_bp: change_bp(Some(decision.old_minor), Some(decision.new_minor)).unwrap_or(0),
                reason: decision.reason,
                rule: (decision.rule != u16::MAX).then_some(u32::from(decision.rule)),
            }
        });
        Ok(rows.collect())
    }
}

async fn joined<T>(task: tokio::task::JoinHandle<T>) -> Result<T, OperationError> {
    task.await.map_err(|error| OperationError::fault(error.to_string()))
}

fn unusable(problems: Vec<RuleSetProblem>, snapshot: &Snapshot, list: usize) -> RulePreview {
    RulePreview {
        problems,
        products: 0,
        elapsed_ms: 0,
        currency: snapshot.lists[list].currency,
        edited: RunFigures::default(),
        in_force: RunFigures::default(),
        rules: Vec::new(),
        reasons: Vec::new(),
        indexes: Vec::new(),
        moves: Vec::new(),
        samples: Vec::new(),
        remarks: Vec::new(),
    }
}

fn figures(run: &PricingRun, currency: Currency) -> RunFigures {
    let difference = |after: i128, before: i128| {
        let minor = (after - before) / i128::from(currency.micro_per_minor());
        i64::try_from(minor).ok().map(|minor| Money::new(minor, currency))
    };
    let effect = &run.effect;
    RunFigures {
        raised: run.counts.raised,
        lowered: run.counts.lowered,
        unchanged: run.counts.unchanged,
        exceptions: run.counts.exceptions.iter().sum(),
        revenue_effect: difference(effect.revenue_after_micro, effect.revenue_before_micro),
        margin_effect: difference(effect.margin_after_micro, effect.margin_before_micro),
    }
}

fn share(counts: &RuleCounts) -> RuleShare {
    RuleShare {
        products: counts.products,
        raised: counts.raised,
        lowered: counts.lowered,
        exceptions: counts.exceptions,
    }
}

fn reasons(run: &PricingRun) -> Vec<ReasonCount> {
    let counted = ExceptionReason::ALL
        .iter()
        .map(|reason| ReasonCount { reason: *reason, count: run.counts.exceptions_of(*reason) });
    counted.filter(|reason| reason.count > 0).collect()
}

/// The indexes with the changed prices in place; exceptions keep today's.
fn indexes_after(snapshot: &Snapshot, list: usize, run: &PricingRun, now: Instant) -> Vec<CompetitorIndex> {
    let mut after = snapshot.clone();
    let prices = &mut after.lists[list].price_minor;
    for decision in run.decisions.iter().filter(|decision| decision.kind == ProposalKind::Change) {
        prices.set(decision.row as usize, decision.new_minor);
    }
    list_figures(&after, list, &OfferPolicy::default(), BasisPoints(0), now).competitors
}

fn shifts(snapshot: &Snapshot, before: &[CompetitorIndex], after: &[CompetitorIndex]) -> Vec<IndexShift> {
    let pairs = snapshot.competitors.iter().zip(before).zip(after);
    let mut shifts: Vec<IndexShift> = pairs
        .filter_map(|((competitor, before), after)| {
            Some(IndexShift {
                competitor: competitor.name.clone(),
                before_hundredths: before.index_hundredths?,
                after_hundredths: after.index_hundredths?,
                coverage_bp: before.coverage_bp,
            })
        })
        .collect();
    shifts.sort_by_key(|shift| std::cmp::Reverse(shift.coverage_bp));
    shifts
}

/// The largest changes by percent, and changes spread evenly over the catalogue.
fn examples(snapshot: &Snapshot, run: &PricingRun) -> (Vec<Decision>, Vec<Decision>) {
    let priced = |decision: &&Decision| decision.old_minor > 0 && decision.new_minor != NONE;
    let moved: Vec<&Decision> = run.decisions.iter().filter(priced).collect();
    let share = |decision: &Decision| {
        (i128::from(decision.new_minor) - i128::from(decision.old_minor)).abs() * 1_000_000
            / i128::from(decision.old_minor)
    };
    let mut largest: Vec<(i128, &Decision)> = moved.iter().map(|decision| (share(decision), *decision)).collect();
    let order = |one: &(i128, &Decision), other: &(i128, &Decision)| {
        other.0.cmp(&one.0).then_with(|| {
            let sku = |decision: &Decision| snapshot.products.sku.get(decision.row as usize);
            sku(one.1).cmp(sku(other.1))
        })
    };
    if largest.len() > SHOWN {
        largest.select_nth_unstable_by(SHOWN, order);
        largest.truncate(SHOWN);
    }
    largest.sort_by(order);
    let changes: Vec<&Decision> = moved.into_iter().filter(|decision| decision.kind == ProposalKind::Change).collect();
    let samples = (0..SHOWN.min(changes.len())).map(|place| *changes[place * changes.len() / SHOWN.min(changes.len())]);
    (largest.into_iter().map(|(_, decision)| *decision).collect(), samples.collect())
}

/// Rules that never decide, and rules whose products guardrails often stop.
fn remarks(rules: &RuleSet, run: &PricingRun) -> Vec<RuleRemark> {
    let mut remarks = Vec::new();
    for (place, (rule, counts)) in rules.rules.iter().zip(&run.counts.rules).enumerate() {
        let place = u32::try_from(place).ok();
        if rule.enabled && counts.products == 0 {
            let text = "Decides no product: no product matches, an earlier rule takes them all, or its inputs are \
                        missing everywhere.";
            remarks.push(RuleRemark { rule: place, text: text.to_owned() });
        }
        let share = (counts.exceptions * 10_000).checked_div(counts.products).unwrap_or(0);
        if share > OFTEN.0.unsigned_abs().into() {
            let share = BasisPoints(i32::try_from(share).unwrap_or(i32::MAX));
            let text = format!("{share} of its products need a person: see the reasons below.");
            remarks.push(RuleRemark { rule: place, text });
        }
    }
    if run.counts.without_cost > 0 {
        let text = format!("{} products have no cost: their prices are not lowered.", run.counts.without_cost);
        remarks.push(RuleRemark { rule: None, text });
    }
    remarks
}
