//! A rule set made ready for one snapshot: names become codes, scopes become tables over dictionaries.

use std::sync::Arc;

use pricing_domain::{BasisPoints, Instant, RuleSet, RuleSetProblem, TaxMode};

use super::endings::Endings;
use super::scope::CompiledScope;
use super::strategy::CompiledStrategy;
use crate::columns::Dictionary;
use crate::offer_use::{OfferContext, seconds};
use crate::snapshot::Snapshot;

/// Stands for the “otherwise” of a rule set.
pub(crate) const OTHERWISE: u16 = u16::MAX;

/// A change beyond half of today's price needs a person whatever the approval limit says: it is more often a wrong
/// input than a right price.
pub(crate) const LARGEST_UNATTENDED: BasisPoints = BasisPoints(5_000);

/// A rule set compiled against a snapshot. Cheap to make: its cost grows with the dictionaries, not with the rows.
#[derive(Clone, Debug)]
pub struct CompiledRules {
    pub(crate) set: RuleSet,
    pub(crate) rules: Vec<CompiledRule>,
    pub(crate) otherwise: CompiledStrategy,
    pub(crate) floors: Vec<CompiledFloor>,
    pub(crate) endings: Endings,
    dictionaries: [Arc<Dictionary>; 4],
    competitors: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct CompiledRule {
    pub(crate) enabled: bool,
    pub(crate) scope: CompiledScope,
    pub(crate) strategy: CompiledStrategy,
    pub(crate) fallback: Option<CompiledStrategy>,
}

#[derive(Clone, Debug)]
pub(crate) struct CompiledFloor {
    pub(crate) scope: CompiledScope,
    pub(crate) margin: BasisPoints,
}

/// What holds for every row of one price list in one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListContext {
    pub(crate) list: usize,
    pub(crate) offers: OfferContext,
    pub(crate) tax_mode: TaxMode,
    /// Millionths of the major unit in a minor unit.
    pub(crate) micro_per_minor: i128,
}

impl ListContext {
    pub(crate) fn new(snapshot: &Snapshot, list: usize, now: Instant) -> Self {
        let columns = &snapshot.lists[list];
        Self {
            list,
            offers: OfferContext { currency: columns.currency_number, now_s: seconds(now) },
            tax_mode: columns.tax_mode,
            micro_per_minor: i128::from(columns.currency.micro_per_minor()),
        }
    }
}

impl CompiledRules {
    /// Makes a rule set ready, or says everything that makes it unusable. Names that nothing in the catalogue has
    /// are no problem: they match no product.
    pub fn compile(set: &RuleSet, snapshot: &Snapshot) -> Result<Self, Vec<RuleSetProblem>> {
        let mut problems = set.problems();
        if set.rules.len() >= usize::from(OTHERWISE) || set.guardrails.floors.len() >= usize::from(OTHERWISE) {
            problems.push(RuleSetProblem { place: set.name.clone(), reason: "at most 65,534 rules and floors".into() });
        }
        if set.approval_limit.is_some_and(|limit| limit.0 < 0) {
            problems.push(RuleSetProblem { place: "approval limit".into(), reason: "a limit is not negative".into() });
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let rule = |rule: &pricing_domain::Rule| CompiledRule {
            enabled: rule.enabled,
            scope: CompiledScope::new(&rule.scope, snapshot),
            strategy: CompiledStrategy::new(&rule.strategy, snapshot),
            fallback: rule.fallback.as_ref().map(|fallback| CompiledStrategy::new(fallback, snapshot)),
        };
        let floor = |floor: &pricing_domain::MarginFloor| CompiledFloor {
            scope: CompiledScope::new(&floor.scope, snapshot),
            margin: floor.margin,
        };
        Ok(Self {
            rules: set.rules.iter().map(rule).collect(),
            otherwise: CompiledStrategy::new(&set.otherwise, snapshot),
            floors: set.guardrails.floors.iter().map(floor).collect(),
            endings: Endings::new(&set.endings),
            dictionaries: dictionaries(snapshot),
            competitors: snapshot.competitors.len(),
            set: set.clone(),
        })
    }

    /// The rule set as it was written.
    pub const fn rule_set(&self) -> &RuleSet {
        &self.set
    }

    /// Whether codes and competitors still mean the same in this snapshot.
    pub fn fits(&self, snapshot: &Snapshot) -> bool {
        self.competitors == snapshot.competitors.len()
            && self.dictionaries.iter().zip(dictionaries(snapshot)).all(|(one, other)| Arc::ptr_eq(one, &other))
    }

    /// Compiled anew for another snapshot.
    pub(crate) fn for_snapshot(&self, snapshot: &Snapshot) -> Self {
        Self::compile(&self.set, snapshot).expect("a rule set that was compiled once has no problems")
    }

    /// The change of today's price from which on a person is asked.
    pub(crate) fn approval_limit(&self) -> BasisPoints {
        self.set.approval_limit.map_or(LARGEST_UNATTENDED, |limit| limit.min(LARGEST_UNATTENDED))
    }
}

fn dictionaries(snapshot: &Snapshot) -> [Arc<Dictionary>; 4] {
    [&snapshot.brands, &snapshot.categories, &snapshot.suppliers, &snapshot.tag_sets].map(Arc::clone)
}
