//! What is doubtful about a rule set over a catalogue: nothing here refuses it.

mod decimals;
mod floors;
mod followed;
mod guardrails;
mod names;

use std::sync::atomic::AtomicBool;

use pricing_domain::{Instant, RuleSet, RuleSetProblem, Strategy, TaxMode};
use serde::{Deserialize, Serialize};

use crate::engine::{CompiledRules, RuleReach, condition_of, price_and_count};
use crate::language::{Expects, check};
use crate::list_order::is_for;
use crate::snapshot::Snapshot;

/// What kind of doubt it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LintKind {
    /// Earlier rules decide every product of its scope.
    Unreachable,
    /// It is for no product.
    MatchesNothing,
    /// Earlier rules decide some products of its scope.
    Overlap,
    /// An input is missing for some products.
    MissingInput,
    /// A guardrail changes what it wants for many products.
    GuardrailBinds,
    /// A name that nothing in the catalogue has.
    UnknownName,
    /// A cost without VAT beside prices with VAT.
    CostWithoutVat,
    /// Price lists or products that follow each other.
    FollowCycle,
    /// A comma that may be meant as the decimal mark.
    DecimalComma,
    /// A guardrail that another one makes idle, or that has nothing to look back on.
    IdleGuardrail,
    /// Products of which margin and fee leave nothing, so that no price reaches the floor.
    UnreachableFloor,
    /// Products with a cost that no margin can be computed with, because their rate of VAT is not known.
    CostWithoutRate,
    /// What is said of offers is read by nothing.
    UnreadOffers,
    /// A list whose prices contain VAT follows one whose prices do not, or the reverse.
    OtherTaxes,
}

/// One doubt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lint {
    /// What kind.
    pub kind: LintKind,
    /// The place of the rule in the flat list; `None`: the rule set as a whole.
    pub rule: Option<u16>,
    /// The rule's name.
    pub name: String,
    /// In words.
    pub message: String,
    /// Products concerned.
    pub products: u64,
    /// Some of them, by article number.
    pub skus: Vec<String>,
}

/// From when on something is worth saying, in percent of the products a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LintLimits {
    /// A guardrail that binds for more than this.
    pub binds_percent: u64,
    /// A missing input for more than this.
    pub missing_percent: u64,
}

impl Default for LintLimits {
    fn default() -> Self {
        Self { binds_percent: 25, missing_percent: 0 }
    }
}

/// Everything that is doubtful, by rule. `Ok(None)`: cancelled.
///
/// Errors: everything that makes the rule set unusable.
pub fn lint(
    set: &RuleSet,
    snapshot: &Snapshot,
    list: usize,
    now: Instant,
    limits: LintLimits,
    cancel: &AtomicBool,
) -> Result<Option<Vec<Lint>>, Vec<RuleSetProblem>> {
    let rules = CompiledRules::compile(set, snapshot)?;
    let Some((_, reach)) = price_and_count(&rules, snapshot, list, now, cancel, &|_| (), true) else {
        return Ok(None);
    };
    let flat = set.flat_rules();
    let mut judged = vec![(list, reach)];
    for other in (0..snapshot.lists.len()).filter(|other| *other != list) {
        // A rule that is for no product of this list is judged by the first one where it is for some.
        let open = |(place, rule): (usize, &pricing_domain::FlatRule<'_>)| {
            let is_idle = judged.iter().all(|(_, reach)| reach.0[place].in_scope == 0);
            is_idle && rule.is_enabled() && is_for(rule, &snapshot.lists[other].code)
        };
        if flat.iter().enumerate().any(open) {
            let Some((_, reach)) = price_and_count(&rules, snapshot, other, now, cancel, &|_| (), true) else {
                return Ok(None);
            };
            judged.push((other, reach));
        }
    }
    let mut lints = Vec::new();
    for (place, rule) in flat.iter().enumerate() {
        if !rule.is_enabled() {
            continue;
        }
        let reached = judged.iter().find(|(_, reach)| reach.0[place].in_scope > 0);
        let (of_list, reach) = reached.map_or((list, &judged[0].1.0[place]), |(list, reach)| (*list, &reach.0[place]));
        let place = place as u16;
        let in_list = (of_list != list).then(|| snapshot.lists[of_list].code.clone());
        let about = About { rule: place, name: rule.name(), snapshot, in_list };
        lints.extend(reach_lint(&about, set, reach));
        lints.extend(missing_lint(&about, reach, limits));
        lints.extend(guardrail_lints(&about, reach, limits));
        let comma = |comma: String| about.lint(LintKind::DecimalComma, decimals::message(&comma), 0);
        lints.extend(decimals::commas(rule).into_iter().map(comma));
        lints.extend(tax_lint(&about, rule.strategy(), snapshot.lists[of_list].tax_mode));
        lints.extend(unread_offers(&about, rule));
        lints.extend(followed::in_other_taxes(&about, rule, of_list));
        lints.extend(names::lints(&about, rule, snapshot));
    }
    lints.extend(names::follow_cycles(set, snapshot));
    lints.extend(followed::lints(&rules, snapshot, list, now));
    lints.extend(guardrails::lints(&set.guardrails));
    lints.extend(guardrails::without_history(&set.guardrails, snapshot));
    lints.extend(floors::lints(&rules, snapshot, list, now));
    Ok(Some(lints))
}

/// What is doubtful about a rule set by itself, without a catalogue: rules behind one that decides everything,
/// conditions that never hold. Empty also when the rule set cannot be used: see [`crate::problems_of`].
pub fn lint_alone(set: &RuleSet) -> Vec<Lint> {
    let flat = set.flat_rules();
    let mut lints = Vec::new();
    let mut decided_by: Option<String> = None;
    for (place, rule) in flat.iter().enumerate().filter(|(_, rule)| rule.is_enabled()) {
        let doubt = |kind, message| Lint {
            kind,
            rule: Some(place as u16),
            name: rule.name(),
            message,
            products: 0,
            skus: Vec::new(),
        };
        let commas = decimals::commas(rule).into_iter();
        lints.extend(commas.map(|comma| doubt(LintKind::DecimalComma, decimals::message(&comma))));
        let never = conditions(rule).find(|text| constant(text) == Some(false));
        if let Some(earlier) = &decided_by {
            let message = format!("It never decides: “{earlier}” before it decides every product.");
            lints.push(doubt(LintKind::Unreachable, message));
        } else if let Some(text) = never {
            lints.push(doubt(LintKind::MatchesNothing, format!("“{text}” never holds.")));
        }
        let is_for_all = rule.path.iter().all(|part| part.scope.0.is_empty() && part.valid.is_always())
            && conditions(rule).all(|text| constant(text) == Some(true));
        let always_gives =
            [Some(rule.strategy()), rule.fallback()].into_iter().flatten().any(|one| *one == Strategy::Keep);
        if is_for_all && always_gives && decided_by.is_none() {
            decided_by = Some(rule.name());
        }
    }
    lints.extend(guardrails::lints(&set.guardrails));
    lints
}

/// Whether a condition always or never holds; `None`: it depends on the product.
fn constant(text: &str) -> Option<bool> {
    check(text, Expects::Condition).ok()?.constant_truth()
}

/// The rule a doubt is about.
struct About<'a> {
    rule: u16,
    name: String,
    snapshot: &'a Snapshot,
    /// The price list that it is judged by, where that is not the one that was asked for.
    in_list: Option<String>,
}

impl About<'_> {
    fn lint(&self, kind: LintKind, message: String, products: u64) -> Lint {
        let message = match &self.in_list {
            Some(list) => format!("In {list}: {message}"),
            None => message,
        };
        Lint { kind, rule: Some(self.rule), name: self.name.clone(), message, products, skus: Vec::new() }
    }

    fn sku(&self, row: u32) -> String {
        self.snapshot.products.sku.get(row as usize).to_owned()
    }
}

fn counted(products: u64) -> String {
    if products == 1 { "1 product".into() } else { format!("{products} products") }
}

fn reach_lint(about: &About<'_>, set: &RuleSet, reach: &RuleReach) -> Option<Lint> {
    let taken: u64 = reach.taken_by.values().sum();
    if reach.in_scope == 0 {
        return Some(about.lint(LintKind::MatchesNothing, "It is for no product of the catalogue now.".into(), 0));
    }
    if taken == 0 {
        return None;
    }
    let mut by: Vec<(&u16, &u64)> = reach.taken_by.iter().collect();
    by.sort_by_key(|(rule, count)| (std::cmp::Reverse(**count), **rule));
    let words: Vec<String> = by
        .iter()
        .map(|(rule, count)| {
            format!("“{}” {}", set.rule_name(**rule).unwrap_or_else(|| "otherwise".into()), counted(**count))
        })
        .collect();
    let earlier = words.join(", ");
    Some(if taken == reach.in_scope {
        let message = format!("It never decides: earlier rules take all of its {} ({earlier}).", counted(taken));
        about.lint(LintKind::Unreachable, message, taken)
    } else {
        let message = format!("Earlier rules take {} of its {} ({earlier}).", taken, counted(reach.in_scope));
        about.lint(LintKind::Overlap, message, taken)
    })
}

fn missing_lint(about: &About<'_>, reach: &RuleReach, limits: LintLimits) -> Option<Lint> {
    let is_much = reach.missing * 100 > limits.missing_percent * reach.in_scope;
    is_much.then(|| {
        let message = format!("An input is missing for {} of its {}.", reach.missing, counted(reach.in_scope));
        let lint = about.lint(LintKind::MissingInput, message, reach.missing);
        Lint { skus: reach.missing_rows.iter().map(|row| about.sku(*row)).collect(), ..lint }
    })
}

fn guardrail_lints(about: &About<'_>, reach: &RuleReach, limits: LintLimits) -> Vec<Lint> {
    let taken: u64 = reach.taken_by.values().sum();
    let decided = reach.in_scope.saturating_sub(reach.missing + taken);
    let counts = [
        ("The floor", reach.floor_binds),
        ("The ceiling", reach.ceiling_binds),
        ("The largest step", reach.step_binds),
    ];
    let much = counts.into_iter().filter(|(_, count)| count * 100 > limits.binds_percent * decided);
    much.map(|(what, count)| {
        let message = format!("{what} changes what it wants for {count} of {}.", counted(decided));
        about.lint(LintKind::GuardrailBinds, message, count)
    })
    .collect()
}

fn tax_lint(about: &About<'_>, strategy: &Strategy, tax_mode: TaxMode) -> Option<Lint> {
    let text = strategy.formula().filter(|_| tax_mode == TaxMode::Gross)?;
    let place = check(&text, Expects::Formula).ok()?.cost_beside_prices()?;
    let message = format!(
        "“{}” is without VAT, prices of this list contain it; write with_vat({}) or price_for_markup.",
        place.of(&text),
        place.of(&text)
    );
    Some(about.lint(LintKind::CostWithoutVat, message, 0))
}

/// What a rule says of offers is read by its conditions and formulas; a competitor strategy has its own.
fn unread_offers(about: &About<'_>, rule: &pricing_domain::FlatRule<'_>) -> Option<Lint> {
    rule.path.iter().rev().find_map(|part| part.offers.as_ref())?;
    let strategies = || [Some(rule.strategy()), rule.fallback()].into_iter().flatten();
    let formulas = strategies().filter_map(Strategy::formula).map(|text| (text, Expects::Formula));
    let texts = conditions(rule).map(|text| (text.to_owned(), Expects::Condition)).chain(formulas);
    let reads = |(text, expects): (String, Expects)| check(&text, expects).is_ok_and(|typed| typed.reads_offers());
    let is_read = texts.into_iter().any(reads);
    let by_itself =
        |strategy: &Strategy| matches!(strategy, Strategy::Competitor { .. } | Strategy::IndexTarget { .. });
    (!is_read && strategies().any(by_itself)).then(|| {
        let message = "The line “offers” is for conditions and formulas, and this rule has none that look at offers. \
                       Say it with the competitor: “lowest with shipping, 100 hours”.";
        about.lint(LintKind::UnreadOffers, message.into(), 0)
    })
}

/// The conditions on the way to a rule.
fn conditions<'a>(rule: &'a pricing_domain::FlatRule<'a>) -> impl Iterator<Item = &'a str> {
    rule.path.iter().filter_map(|part| condition_of(part))
}
