//! Prices that come from elsewhere, judged by the engine like any other: they stand in a price list of their own beside
//! the real one, as whole minor units, and the only rule follows that list. Guardrails, endings, families and limits of
//! approval are those of the rules that the prices are judged by.

use std::sync::atomic::AtomicBool;

use pricing_domain::{Adjustment, Instant, Rule, RuleSet, Strategy};
use pricing_rules::{CompiledRules, NONE, PricingRun, Snapshot, price_all};

use crate::OperationError;

/// Prices on their way to the engine.
pub(super) struct Planned {
    /// The catalogue with the list of planned prices.
    pub snapshot: Snapshot,
    /// The rules that follow it.
    pub set: RuleSet,
    /// The same, compiled.
    pub rules: CompiledRules,
}

impl Planned {
    /// `prices` are (row, minor units of the list). `name` is the name of the rule and of the list.
    pub fn new(
        snapshot: &Snapshot,
        list: usize,
        rules: &RuleSet,
        name: &str,
        prices: impl IntoIterator<Item = (u32, i64)>,
    ) -> Result<Self, OperationError> {
        let mut snapshot = snapshot.clone();
        let mut plan = snapshot.lists[list].clone();
        plan.code = free_code(&snapshot, name);
        plan.name.clone_from(&plan.code);
        plan.key = i64::MAX;
        plan.price_minor = std::iter::repeat_n(NONE, snapshot.row_count()).collect();
        prices.into_iter().for_each(|(row, price)| plan.price_minor.set(row as usize, price));
        let follow = Strategy::Follow { list: Some(plan.code.clone()), product: None, adjust: Adjustment::default() };
        let rule = Rule {
            name: format!("Prices of the scenario “{name}”"),
            strategy: follow,
            fallback: Some(Strategy::Keep),
            ..Rule::default()
        };
        let set = RuleSet {
            name: format!("Scenario “{name}”"),
            rules: vec![rule],
            otherwise: Strategy::Keep,
            tests: Vec::new(),
            ..rules.clone()
        };
        snapshot.lists.push(plan);
        let rules = CompiledRules::compile(&set, &snapshot).map_err(|problems| {
            OperationError::refused(format!("The rules in force cannot judge these prices: {}.", problems[0]))
        })?;
        Ok(Self { snapshot, set, rules })
    }

    /// What the engine makes of them. `None`: stopped.
    pub fn judged(&self, list: usize, now: Instant, stop: &AtomicBool) -> Option<PricingRun> {
        price_all(&self.rules, &self.snapshot, list, now, stop, &|_| ())
    }
}

/// A code that no list has.
fn free_code(snapshot: &Snapshot, name: &str) -> String {
    let name = if name.trim().is_empty() { "scenario" } else { name.trim() };
    let is_taken = |code: &str| snapshot.lists.iter().any(|list| list.code.eq_ignore_ascii_case(code));
    let mut code = name.replace('"', "'");
    while is_taken(&code) {
        code.push('\'');
    }
    code
}
