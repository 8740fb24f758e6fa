//! What edited rules would do to the catalogue, computed from the snapshot while they are typed. Nothing is written.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Instant as Stopwatch;

use app_contract::{
    IndexShift, PreviewRow, ReasonCount, RulePreview, RuleRemark, RuleShare, RuleTestOutcome, RunFigures,
};
use pricing_domain::{Currency, ExceptionReason, Instant, Money, PriceListId, RuleSet, RuleSetProblem};
use pricing_rules::{
    Effect, IndexChange, Lint, LintKind, LintLimits, NONE, PreviewQuestion, RuleCounts, RuleTestResult, RunCounts,
    Snapshot, lint, preview, price_with, run_rule_tests,
};

use crate::grids::place;
use crate::pricing::change_bp;
use crate::{OperationError, Workspace};

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
    /// By the place of the rule; the last is of what no rule decides.
    shares: Vec<RuleShare>,
}

impl Previews {
    /// Ends the question that runs and gives the flag by which this one is ended.
    pub(crate) fn begin(&self) -> Arc<AtomicBool> {
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
        let in_force = self.in_force(&snapshot, list, now, &stop).await?.figures;
        let (from, stopped, edited) = (snapshot.clone(), stop.clone(), rules);
        let computed = tokio::task::spawn_blocking(move || {
            let question = PreviewQuestion { snapshot: &from, list, edited: &edited, in_force: None, focus: None, now };
            let Some(seen) = preview(&question, &stopped)? else { return Ok(None) };
            let tests = run_rule_tests(&edited, &from, now)?;
            Ok(Some((seen, tests)))
        });
        let (seen, tests) = match joined(computed).await? {
            Ok(computed) => computed.ok_or_else(OperationError::cancelled)?,
            Err(problems) => return Ok(unusable(problems, &snapshot, list)),
        };
        let currency = snapshot.lists[list].currency;
        Ok(RulePreview {
            problems: Vec::new(),
            products: seen.counts.products,
            elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            currency,
            edited: figures(&seen.counts, &seen.effect, seen.warned, currency),
            in_force,
            rules: seen.rules.iter().map(|rule| &rule.counts).chain([&seen.counts.otherwise]).map(share).collect(),
            reasons: reasons(&seen.counts),
            indexes: shifts(&snapshot, &seen.indexes),
            moves: self.rows(&snapshot, seen.biggest_moves).await?,
            samples: self.rows(&snapshot, seen.samples).await?,
            tests: tests.into_iter().map(test).collect(),
        })
    }

    /// How many products of a price list there are, and how many of them each rule in force decides; the last share is of
    /// what none decides. It ends no preview.
    ///
    /// Cost: one pass over the catalogue for each of its states. A preview would make a second one and one for the indexes.
    pub async fn rule_shares(&self, price_list: PriceListId) -> Result<(u64, Vec<RuleShare>), OperationError> {
        let snapshot = self.snapshot().await?;
        let list = place(&snapshot, price_list)?;
        let kept = self.in_force(&snapshot, list, self.now(), &Arc::default()).await?;
        Ok((snapshot.row_count() as u64, kept.shares))
    }

    /// What is doubtful about `rules` over the catalogue, in words. A later question to [`Workspace::preview_rules`] or
    /// here ends it.
    pub async fn lint_rules(&self, rules: RuleSet, price_list: PriceListId) -> Result<Vec<RuleRemark>, OperationError> {
        let stop = self.previews.begin();
        let snapshot = self.snapshot().await?;
        let list = place(&snapshot, price_list)?;
        let now = self.now();
        let linted =
            tokio::task::spawn_blocking(move || lint(&rules, &snapshot, list, now, LintLimits::default(), &stop));
        match joined(linted).await? {
            Ok(doubts) => {
                let doubts = doubts.ok_or_else(OperationError::cancelled)?;
                let mut remarks: Vec<RuleRemark> = doubts.into_iter().map(remark).collect();
                remarks.sort_by_key(|remark| !remark.serious);
                Ok(remarks)
            }
            // What makes rules unusable is the preview's to tell.
            Err(_) => Ok(Vec::new()),
        }
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
        let (from, stopped, version) = (snapshot.clone(), stop.clone(), active.version);
        let computed = tokio::task::spawn_blocking(move || price_with(&active.rules, &from, list, now, &stopped));
        let (figures, shares) = match joined(computed).await? {
            Ok(run) => {
                let run = run.ok_or_else(OperationError::cancelled)?;
                let counts = &run.counts;
                (
                    figures(counts, &run.effect, run.warned(), snapshot.lists[list].currency),
                    counts.rules.iter().chain([&counts.otherwise]).map(share).collect(),
                )
            }
            // Rules of an earlier version that this one refuses: there is nothing to compare with.
            Err(_) => (RunFigures::default(), Vec::new()),
        };
        let made = InForce { snapshot: of, version, list, figures, shares };
        *self.previews.in_force.lock().expect("no panic while it is held") = Some(made.clone());
        Ok(made)
    }

    async fn rows(
        &self,
        snapshot: &Snapshot,
        rows: Vec<pricing_rules::PreviewRow>,
    ) -> Result<Vec<PreviewRow>, OperationError> {
        let priced: Vec<_> = rows.into_iter().filter(|row| row.old_minor > 0 && row.new_minor != NONE).collect();
        let keys: Vec<u32> = priced.iter().map(|row| snapshot.products.key.get(row.row as usize)).collect();
        let ids = self.store.product_ids(&keys).await?;
        let rows = priced.into_iter().zip(ids).map(|(row, product)| PreviewRow {
            product,
            change_bp: change_bp(Some(row.old_minor), Some(row.new_minor)).unwrap_or(0),
            sku: row.sku,
            name: row.name,
            old_minor: row.old_minor,
            new_minor: row.new_minor,
            reason: row.reason,
            rule: (row.rule != u16::MAX).then_some(u32::from(row.rule)),
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
        tests: Vec::new(),
    }
}

fn figures(counts: &RunCounts, effect: &Effect, warned: u64, currency: Currency) -> RunFigures {
    let difference = |after: i128, before: i128| {
        let minor = (after - before) / i128::from(currency.micro_per_minor());
        i64::try_from(minor).ok().map(|minor| Money::new(minor, currency))
    };
    RunFigures {
        raised: counts.raised,
        lowered: counts.lowered,
        unchanged: counts.unchanged,
        exceptions: counts.exceptions.iter().sum(),
        warned,
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

fn reasons(counts: &RunCounts) -> Vec<ReasonCount> {
    let counted = ExceptionReason::ALL.iter().map(|reason| ReasonCount {
        reason: *reason,
        count: counts.exceptions_of(*reason),
        stake: None,
    });
    counted.filter(|reason| reason.count > 0).collect()
}

/// The best covered first.
fn shifts(snapshot: &Snapshot, changes: &[IndexChange]) -> Vec<IndexShift> {
    let rows = snapshot.row_count().max(1) as u64;
    let mut shifts: Vec<IndexShift> = changes
        .iter()
        .filter_map(|change| {
            Some(IndexShift {
                competitor: change.competitor.clone(),
                before_hundredths: change.before_hundredths?,
                after_hundredths: change.after_hundredths?,
                coverage_bp: i32::try_from(change.matched * 10_000 / rows).unwrap_or(10_000),
            })
        })
        .collect();
    shifts.sort_by_key(|shift| std::cmp::Reverse(shift.coverage_bp));
    shifts
}

fn remark(doubt: Lint) -> RuleRemark {
    const NAMED: usize = 3;
    let skus = doubt.skus.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    let text = if skus.is_empty() { doubt.message } else { format!("{} ({skus})", doubt.message) };
    RuleRemark { rule: doubt.rule.map(u32::from), text, serious: doubt.kind != LintKind::Overlap }
}

fn test(result: RuleTestResult) -> RuleTestOutcome {
    let words = if result.passed {
        String::new()
    } else {
        format!("gave {}, not {}: {}", result.gave, result.expected, result.words)
    };
    RuleTestOutcome { name: result.name, passed: result.passed, words }
}
