//! A rule set made ready for one snapshot: names become codes, scopes become tables over dictionaries, texts programs.

use std::collections::BTreeSet;
use std::sync::Arc;

use pricing_domain::{
    BasisPoints, Ceiling, Currency, FlatRule, Instant, OfferPolicy, RuleSet, RuleSetProblem, Scope, ScopeTest,
    SoftLimit, Strategy, TaxMode, Validity, Weekday, attribute_name,
};

use super::endings::Endings;
use super::family::CompiledLaw;
use super::recent::looks_back;
use super::scope::CompiledScope;
use super::strategy::CompiledStrategy;
use crate::columns::Dictionary;
use crate::language::{Expects, Program, Typed, check};
use crate::offer_use::{CompiledPolicy, OfferContext};
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
    /// What must hold for a rule or a group; a group's stands before those of its rules.
    pub(crate) gates: Vec<Gate>,
    /// In the order of [`RuleSet::flat_rules`].
    pub(crate) rules: Vec<CompiledRule>,
    pub(crate) otherwise: CompiledStrategy,
    pub(crate) floors: Vec<CompiledFloor>,
    pub(crate) fees: Vec<CompiledScope>,
    pub(crate) price_floors: Vec<CompiledScope>,
    pub(crate) ceilings: Vec<CompiledScope>,
    pub(crate) families: Vec<CompiledLaw>,
    /// Of the limits that only warn.
    pub(crate) warnings: Vec<CompiledScope>,
    /// By the place of the list.
    endings: Vec<Endings>,
    /// On lists that the snapshot does not have.
    other_endings: Endings,
    /// How many strategies are computed as formulas.
    pub(crate) formulas: usize,
    /// The offers that a ceiling is measured by, where there is such a ceiling.
    pub(crate) market: Option<CompiledPolicy>,
    /// Whether a guardrail looks further back than today's price.
    pub(crate) looks_back: bool,
    dictionaries: Vec<Arc<Dictionary>>,
    competitors: usize,
    /// Names of the free attributes that scopes, conditions and formulas look at.
    pub(crate) attributes: BTreeSet<String>,
}

/// Where a rule or group is in force and for which products.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    /// The gate of the group around it.
    pub(crate) parent: Option<usize>,
    pub(crate) enabled: bool,
    pub(crate) valid: Validity,
    pub(crate) scope: CompiledScope,
    pub(crate) condition: Option<Program>,
}

#[derive(Clone, Debug)]
pub(crate) struct CompiledRule {
    /// From the outermost group to its own.
    pub(crate) gates: Vec<usize>,
    pub(crate) strategy: CompiledStrategy,
    pub(crate) fallback: Option<CompiledStrategy>,
}

#[derive(Clone, Debug)]
pub(crate) struct CompiledFloor {
    pub(crate) scope: CompiledScope,
    pub(crate) margin: BasisPoints,
}

const SECONDS_PER_DAY: i64 = 86_400;

/// What holds for every row of one price list in one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListContext {
    pub(crate) list: usize,
    pub(crate) offers: OfferContext,
    pub(crate) tax_mode: TaxMode,
    /// Millionths of the major unit in a minor unit.
    pub(crate) micro_per_minor: i128,
    /// Seconds that its local time is ahead of UTC.
    pub(crate) utc_offset_s: i64,
}

impl ListContext {
    pub(crate) fn new(snapshot: &Snapshot, list: usize, now: Instant) -> Self {
        let columns = &snapshot.lists[list];
        Self {
            list,
            offers: OfferContext::new(columns.currency_number, now),
            tax_mode: columns.tax_mode,
            micro_per_minor: i128::from(columns.currency.micro_per_minor()),
            utc_offset_s: i64::from(columns.utc_offset_s),
        }
    }

    fn local_s(&self) -> i64 {
        self.offers.now_s + self.utc_offset_s
    }

    /// Days since 1970 in the list's time zone.
    pub(crate) fn local_day(&self) -> i64 {
        self.local_s().div_euclid(SECONDS_PER_DAY)
    }

    /// 1 for Monday to 7 for Sunday; 1970 began on a Thursday.
    pub(crate) fn weekday(&self) -> i64 {
        (self.local_day() + 3).rem_euclid(7) + 1
    }

    /// The hour of the day.
    pub(crate) fn hour(&self) -> i64 {
        self.local_s().rem_euclid(SECONDS_PER_DAY) / 3600
    }

    /// Whether a rule is in force now.
    pub(crate) fn is_in_force(&self, valid: &Validity) -> bool {
        let day = || Instant(self.local_s() * 1_000_000).utc_date();
        let weekday = || Weekday::from_index((self.weekday() - 1) as u8).unwrap_or(Weekday::Monday);
        valid.is_always() || valid.holds(day(), weekday(), self.hour() as u8)
    }
}

impl CompiledRules {
    /// Makes a rule set ready, or says everything that makes it unusable. Names that nothing in the catalogue has
    /// are no problem: they match no product.
    pub fn compile(set: &RuleSet, snapshot: &Snapshot) -> Result<Self, Vec<RuleSetProblem>> {
        let problems = problems_of(set);
        if !problems.is_empty() {
            return Err(problems);
        }
        let flat = set.flat_rules();
        let mut gates = Gates::default();
        let mut formulas = 0;
        let rules = flat.iter().map(|rule| compiled_rule(rule, snapshot, &mut gates, &mut formulas)).collect();
        let scopes = |scopes: &mut dyn Iterator<Item = &Scope>| -> Vec<CompiledScope> {
            scopes.map(|scope| CompiledScope::new(scope, snapshot)).collect()
        };
        let guardrails = &set.guardrails;
        let ordinary = OfferPolicy::default();
        let mut compiled = Self {
            rules,
            gates: gates.gates,
            otherwise: CompiledStrategy::new(&set.otherwise, &ordinary, snapshot, &mut formulas),
            floors: guardrails
                .floors
                .iter()
                .map(|floor| CompiledFloor { scope: CompiledScope::new(&floor.scope, snapshot), margin: floor.margin })
                .collect(),
            fees: scopes(&mut guardrails.channel_fees.iter().map(|fee| &fee.scope)),
            price_floors: scopes(&mut guardrails.price_floors.iter().map(|floor| &floor.scope)),
            ceilings: scopes(&mut guardrails.ceilings.iter().map(|ceiling| &ceiling.scope)),
            families: guardrails.families.iter().map(|law| CompiledLaw::new(law, snapshot)).collect(),
            warnings: scopes(&mut guardrails.warnings.iter().map(|soft| &soft.scope)),
            endings: snapshot
                .lists
                .iter()
                .map(|list| Endings::of_list(&set.endings, &list.code, list.currency, list.cash_step_minor))
                .collect(),
            other_endings: Endings::of_list(&set.endings, "", Currency::EUR, 1),
            formulas,
            market: uses_market(set).then(|| CompiledPolicy::new(&ordinary, &snapshot.competitors)),
            looks_back: looks_back(guardrails),
            dictionaries: dictionaries(snapshot).cloned().collect(),
            competitors: snapshot.competitors.len(),
            attributes: scoped_attributes(set),
            set: set.clone(),
        };
        let named: Vec<String> = compiled.programs().flat_map(|program| program.attributes.clone()).collect();
        compiled.attributes.extend(named);
        Ok(compiled)
    }

    /// The rule set as it was written.
    pub const fn rule_set(&self) -> &RuleSet {
        &self.set
    }

    /// Whether codes and competitors still mean the same in this snapshot.
    pub fn fits(&self, snapshot: &Snapshot) -> bool {
        self.competitors == snapshot.competitors.len()
            && self.endings.len() == snapshot.lists.len()
            && self.dictionaries.len() == FIXED_DICTIONARIES + snapshot.attributes.len()
            && self.dictionaries.iter().zip(dictionaries(snapshot)).all(|(one, other)| Arc::ptr_eq(one, other))
    }

    /// Compiled anew for another snapshot.
    pub(crate) fn for_snapshot(&self, snapshot: &Snapshot) -> Self {
        Self::compile(&self.set, snapshot).expect("a rule set that was compiled once has no problems")
    }

    /// The allowed prices on a list.
    pub(crate) fn endings(&self, list: usize) -> &Endings {
        self.endings.get(list).unwrap_or(&self.other_endings)
    }

    /// The change of today's price from which on a person is asked.
    pub(crate) fn approval_limit(&self) -> BasisPoints {
        self.set.approval_limit.map_or(LARGEST_UNATTENDED, |limit| limit.min(LARGEST_UNATTENDED))
    }

    /// Every program, with the rules' conditions first.
    pub(crate) fn programs(&self) -> impl Iterator<Item = &Program> {
        let conditions = self.gates.iter().filter_map(|gate| gate.condition.as_ref());
        let strategies = self.rules.iter().flat_map(|rule| std::iter::once(&rule.strategy).chain(&rule.fallback));
        conditions.chain(strategies.chain([&self.otherwise]).filter_map(CompiledStrategy::program))
    }
}

/// Everything that makes a rule set unusable, the texts of its conditions and formulas among it.
pub fn problems_of(set: &RuleSet) -> Vec<RuleSetProblem> {
    let mut problems = set.problems();
    if !problems.is_empty() {
        return problems;
    }
    let flat = set.flat_rules();
    if flat.len() >= usize::from(OTHERWISE) || set.guardrails.floors.len() >= usize::from(OTHERWISE) {
        problems.push(RuleSetProblem { place: set.name.clone(), reason: "at most 65,534 rules and floors".into() });
    }
    if set.approval_limit.is_some_and(|limit| limit.0 < 0) {
        problems.push(RuleSetProblem { place: "approval limit".into(), reason: "a limit is not negative".into() });
    }
    let mut report = |place: &str, what: &str, text: &str, expects| {
        let found = check(text, expects).err().unwrap_or_default();
        problems.extend(found.into_iter().map(|problem| RuleSetProblem {
            place: place.to_owned(),
            reason: format!("{what} “{}”: {problem}", problem.range.of(text)),
        }));
    };
    let mut conditions: Vec<(String, &str)> = Vec::new();
    for rule in &flat {
        for (depth, part) in rule.path.iter().enumerate() {
            let name = FlatRule { path: rule.path[..=depth].to_vec(), is_else: false }.name();
            if let Some(text) = condition_of(part).filter(|_| !conditions.iter().any(|(one, _)| *one == name)) {
                conditions.push((name, text));
            }
        }
    }
    conditions.iter().for_each(|(name, text)| report(name, "condition", text, Expects::Condition));
    for rule in &flat {
        for strategy in [Some(rule.strategy()), rule.fallback()].into_iter().flatten() {
            for (what, text, expects) in texts_of(strategy) {
                report(&rule.name(), &what, &text, expects);
            }
        }
    }
    for (what, text, expects) in texts_of(&set.otherwise) {
        report("otherwise", &what, &text, expects);
    }
    // The value of a table's side stands in the condition of each of its bands.
    let mut seen = BTreeSet::new();
    problems.retain(|problem| seen.insert((problem.place.clone(), problem.reason.clone())));
    problems
}

/// The texts of a strategy, each with what it is: of a table its parts, so that a problem names the cell.
fn texts_of(strategy: &Strategy) -> Vec<(String, String, Expects)> {
    if let Strategy::TwoWayTable(table) = strategy {
        let parts = table.parts().into_iter();
        let parts = parts.map(|(what, text, is_condition)| {
            (what, text, if is_condition { Expects::Condition } else { Expects::Formula })
        });
        let parts: Vec<_> = parts.collect();
        if parts.iter().any(|(_, text, expects)| check(text, *expects).is_err()) {
            return parts;
        }
    }
    strategy.formula().into_iter().map(|text| ("formula".to_owned(), text, Expects::Formula)).collect()
}

/// The condition of a rule; blanks are none.
pub(crate) fn condition_of(rule: &pricing_domain::Rule) -> Option<&str> {
    rule.condition.as_deref().filter(|text| !text.trim().is_empty())
}

/// A text that was checked before.
pub(crate) fn checked(text: &str, expects: Expects) -> Typed {
    check(text, expects).expect("the texts of a rule set are checked before it is compiled")
}

/// Gates by the rule they came from: rules of one group share the group's.
#[derive(Default)]
struct Gates<'a> {
    gates: Vec<Gate>,
    of: Vec<&'a pricing_domain::Rule>,
}

impl<'a> Gates<'a> {
    fn of(&mut self, rule: &'a pricing_domain::Rule, parent: Option<usize>, snapshot: &Snapshot) -> usize {
        if let Some(known) = self.of.iter().position(|one| std::ptr::eq(*one, rule)) {
            return known;
        }
        let policy = rule.offers.clone().unwrap_or_default();
        let condition =
            condition_of(rule).map(|text| Program::compile(&checked(text, Expects::Condition), &policy, snapshot));
        self.gates.push(Gate {
            parent,
            enabled: rule.enabled,
            valid: rule.valid.clone(),
            scope: CompiledScope::new(&rule.scope, snapshot),
            condition,
        });
        self.of.push(rule);
        self.gates.len() - 1
    }
}

fn compiled_rule<'a>(
    rule: &FlatRule<'a>,
    snapshot: &Snapshot,
    gates: &mut Gates<'a>,
    formulas: &mut usize,
) -> CompiledRule {
    let mut path: Vec<usize> = Vec::new();
    for part in &rule.path {
        let gate = gates.of(part, path.last().copied(), snapshot);
        path.push(gate);
    }
    let policy = rule.path.iter().rev().find_map(|part| part.offers.clone()).unwrap_or_default();
    CompiledRule {
        gates: path,
        strategy: CompiledStrategy::new(rule.strategy(), &policy, snapshot, formulas),
        fallback: rule.fallback().map(|fallback| CompiledStrategy::new(fallback, &policy, snapshot, formulas)),
    }
}

/// Whether a ceiling is measured by what competitors charge.
fn uses_market(set: &RuleSet) -> bool {
    let soft = set.guardrails.warnings.iter().filter_map(|soft| match soft.limit {
        SoftLimit::Ceiling(ceiling) => Some(ceiling),
        _ => None,
    });
    let ceilings = set.guardrails.ceilings.iter().map(|one| one.ceiling).chain(set.guardrails.ceiling).chain(soft);
    ceilings.into_iter().any(|ceiling| matches!(ceiling, Ceiling::OfCompetitors(_)))
}

/// Dictionaries that every snapshot has.
const FIXED_DICTIONARIES: usize = 5;

fn dictionaries(snapshot: &Snapshot) -> impl Iterator<Item = &Arc<Dictionary>> {
    let fixed: [&Arc<Dictionary>; FIXED_DICTIONARIES] =
        [&snapshot.brands, &snapshot.categories, &snapshot.suppliers, &snapshot.families, &snapshot.tag_sets];
    fixed.into_iter().chain(snapshot.attributes.iter().map(|column| &column.texts))
}

/// The free attributes that the scopes of a rule set look at, in its guardrails too.
fn scoped_attributes(set: &RuleSet) -> BTreeSet<String> {
    let flat = set.flat_rules();
    let guardrails = &set.guardrails;
    let scopes = flat
        .iter()
        .flat_map(|rule| rule.path.iter().map(|part| &part.scope))
        .chain(guardrails.floors.iter().map(|one| &one.scope))
        .chain(guardrails.price_floors.iter().map(|one| &one.scope))
        .chain(guardrails.channel_fees.iter().map(|one| &one.scope))
        .chain(guardrails.ceilings.iter().map(|one| &one.scope))
        .chain(guardrails.warnings.iter().map(|one| &one.scope))
        .chain(guardrails.families.iter().map(|one| &one.scope));
    let names = scopes.flat_map(|scope| &scope.0).filter_map(|test| match test {
        ScopeTest::Attribute { name, .. } => attribute_name(name),
        _ => None,
    });
    names.collect()
}
