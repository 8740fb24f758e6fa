//! The part of the way from the rules: passed over, decided, and what the price starts from.

use pricing_domain::{
    Adjustment, BasisPoints, CompetitorReference, FlatRule, Instant, Money, OfferUse, Rule, Strategy, decimal_text,
};

use super::{Lines, WayKind, WayOffer, formulas, tables};
use crate::columns::NONE;
use crate::engine::compile::{Gate, condition_of};
use crate::engine::decide::Evaluation;
use crate::engine::inputs::Case;
use crate::engine::marks::Marks;
use crate::engine::strategy::{CompiledStrategy, Reference, RowMarks, Wanted, index_of};
use crate::engine::view::ChunkView;
use crate::engine::ways::Policies;
use crate::engine::words::{counted, ordinal};
use crate::offer_use::{Usable, collect_usable, offer_uses};

/// Every rule up to the one that decided.
pub(super) fn rules(lines: &mut Lines<'_>, case: &Case<'_>, row: &Evaluation) {
    let flat = case.rules.set.flat_rules();
    for (number, rule) in flat.iter().enumerate() {
        if number == usize::from(row.rule) {
            return decided(lines, case, row, rule);
        }
        let why = passed_over(lines, case, row, number, rule);
        lines.add(WayKind::PassedOver, rule.name(), format!("Passed over: {why}."), NONE);
    }
    let otherwise = &case.rules.set.otherwise;
    lines.add(WayKind::Rule, "Otherwise", "No rule gives a price.", NONE);
    strategy(lines, case, row, otherwise, &case.rules.otherwise);
}

fn passed_over(lines: &Lines<'_>, case: &Case<'_>, row: &Evaluation, number: usize, rule: &FlatRule<'_>) -> String {
    let compiled = &case.rules.rules[number];
    for (part, gate) in rule.path.iter().zip(&compiled.gates) {
        if let Some(why) = closed(lines, case, part, &case.rules.gates[*gate]) {
            return why;
        }
    }
    let missing = |strategy: &CompiledStrategy| missing_words(lines, case, row, strategy);
    match &compiled.fallback {
        Some(fallback) => format!("{}; for its fallback {}", missing(&compiled.strategy), missing(fallback)),
        None => missing(&compiled.strategy),
    }
}

/// Why a rule or group does not hold for the product.
fn closed(lines: &Lines<'_>, case: &Case<'_>, rule: &Rule, gate: &Gate) -> Option<String> {
    if !gate.enabled {
        return Some("switched off".into());
    }
    if !case.context.is_in_force(&gate.valid) {
        return Some("not in force now".into());
    }
    let view = ChunkView::new(&case.snapshot, 0, 0);
    if let Some(test) = gate.scope.first_failing(&view, &case.context, 0) {
        return Some(lines.words.failing(&rule.scope.0[test]));
    }
    formulas::failing_condition(case, gate.condition.as_ref()?)
}

/// Why a strategy has nothing to work with.
fn missing_words(lines: &Lines<'_>, case: &Case<'_>, row: &Evaluation, strategy: &CompiledStrategy) -> String {
    match (wanted(case, row, strategy), strategy) {
        (Wanted::Missing(_), CompiledStrategy::Formula(formula)) => match &formula.table {
            Some(table) => tables::missing_input(case, table, &formula.program),
            None => formulas::missing_input(case, &formula.program),
        },
        (Wanted::Missing(missing), _) => lines.words.missing(missing),
        (Wanted::Keep | Wanted::Price(_), _) => "it gives no price".into(),
    }
}

fn wanted(case: &Case<'_>, row: &Evaluation, strategy: &CompiledStrategy) -> Wanted {
    let view = ChunkView::new(&case.snapshot, 0, 0);
    let marks = Marks::new(&case.rules, &view, &case.context, 0..1);
    let row_marks = RowMarks { marks: &marks, place: 0 };
    strategy.wanted(&case.context, &row.inputs, case.snapshot.offers_in(0, 0), row_marks, &mut Vec::new())
}

fn decided(lines: &mut Lines<'_>, case: &Case<'_>, row: &Evaluation, rule: &FlatRule<'_>) {
    let compiled = &case.rules.rules[usize::from(row.rule)];
    let is_for_all = rule.path.iter().all(|part| part.scope.0.is_empty() && condition_of(part).is_none());
    let scope = if is_for_all { "It is for every product." } else { "The product is in its scope." };
    lines.add(WayKind::Rule, rule.name(), scope, NONE);
    for gate in &compiled.gates {
        if let Some(condition) = &case.rules.gates[*gate].condition {
            formulas::condition(lines, case, condition);
        }
    }
    match (rule.fallback(), &compiled.fallback) {
        (Some(fallback), Some(compiled_fallback)) if row.fallback => {
            let why = missing_words(lines, case, row, &compiled.strategy);
            lines.add(WayKind::Rule, "Fallback", format!("Its strategy has nothing to work with: {why}."), NONE);
            strategy(lines, case, row, fallback, compiled_fallback);
        }
        _ => strategy(lines, case, row, rule.strategy(), &compiled.strategy),
    }
}

fn strategy(
    lines: &mut Lines<'_>,
    case: &Case<'_>,
    row: &Evaluation,
    strategy: &Strategy,
    compiled: &CompiledStrategy,
) {
    let wanted = row.wanted;
    match strategy {
        _ if wanted == NONE => lines.add(WayKind::Reference, "Keep", "Today's price stays.", row.inputs.price),
        Strategy::Keep => {}
        Strategy::IndexTarget { reference, index, by_category, .. } => {
            if let Some((found, detail)) = competitor_reference(lines, case, row, reference, compiled) {
                lines.add(WayKind::Reference, "Competitors", detail, exact_minor(&found));
                let of_category = index_of(by_category, case.snapshot.categories.text(row.inputs.category));
                let (index, of) = match of_category {
                    Some(target) => (target.index, format!(", the target of “{}”", target.category)),
                    None => (*index, String::new()),
                };
                let index = decimal_text(i64::from(index.0), 2, 0);
                let text = format!("An index of {index} of it{of}: {}.", lines.words.amount(wanted));
                lines.add(WayKind::Adjustment, "Index", text, wanted);
            }
        }
        Strategy::Competitor { reference, adjust, .. } => {
            if let Some((found, detail)) = competitor_reference(lines, case, row, reference, compiled) {
                lines.add(WayKind::Reference, "Competitors", detail, exact_minor(&found));
                adjustment(lines, *adjust, wanted);
            }
        }
        Strategy::CostPlusMargin { margin } => {
            let detail = format!("{}, plus a margin of {margin}{}.", capital(&lines.words.cost()), with_vat(row));
            lines.add(WayKind::Reference, "Cost plus margin", detail, wanted);
        }
        Strategy::CostPlusMarkup { markup } => {
            let detail = format!("{}, plus a markup of {markup}{}.", capital(&lines.words.cost()), with_vat(row));
            lines.add(WayKind::Reference, "Cost plus markup", detail, wanted);
        }
        Strategy::RecommendedPrice { adjust } => {
            let detail = format!("The supplier recommends {}.", lines.words.amount(row.inputs.rrp));
            lines.add(WayKind::Reference, "Recommended price", detail, row.inputs.rrp);
            adjustment(lines, *adjust, wanted);
        }
        Strategy::TwoWayTable(table) => {
            if let CompiledStrategy::Formula(formula) = compiled {
                tables::table(lines, case, table, &formula.program, wanted);
            }
        }
        Strategy::Formula(_)
        | Strategy::Follow { .. }
        | Strategy::StockCover { .. }
        | Strategy::Markdown { .. }
        | Strategy::Table { .. } => {
            if let CompiledStrategy::Formula(formula) = compiled {
                formulas::formula(lines, case, strategy, formula, wanted);
                adjustment(lines, formula.adjust, wanted);
            }
        }
    }
}

/// The reference as whole minor units, where it is whole.
fn exact_minor(reference: &Reference) -> i64 {
    if reference.denominator != 1 {
        return NONE;
    }
    i64::try_from(reference.numerator).unwrap_or(NONE)
}

fn competitor_reference(
    lines: &Lines<'_>,
    case: &Case<'_>,
    row: &Evaluation,
    reference: &CompetitorReference,
    compiled: &CompiledStrategy,
) -> Option<(Reference, String)> {
    let CompiledStrategy::Competitor { reference: compiled, policy, .. } = compiled else { return None };
    let mut usable: Vec<Usable> = Vec::new();
    let context = policy.context(case.context.offers, row.inputs.offer_floor);
    collect_usable(policy, context, case.snapshot.offers_in(0, 0), &mut usable);
    let found = compiled.of(&usable).ok()?;
    let amount = lines.words.fraction(found.numerator, found.denominator);
    let count = counted(usable.len(), "usable offer");
    let name = found.place.map_or("", |place| &case.inputs.offers[place as usize].competitor);
    let detail = match reference {
        CompetitorReference::Lowest if usable.len() == 1 => format!("{name} {amount} is the only usable offer."),
        CompetitorReference::Lowest => format!("{name} {amount} is the lowest of {count}."),
        CompetitorReference::Highest => format!("{name} {amount} is the highest of {count}."),
        CompetitorReference::Weighted(weights) => {
            let names: Vec<String> = weights.iter().map(|one| format!("{} ({})", one.competitor, one.weight)).collect();
            format!("The mean of {} by weight is {amount}.", names.join(", "))
        }
        CompetitorReference::Nth(n) => format!("{name} {amount} is the {} from below of {count}.", ordinal(*n)),
        CompetitorReference::Average => format!("The average of {count} is {amount}."),
        CompetitorReference::Median => format!("The median of {count} is {amount}."),
        CompetitorReference::Named(names) => {
            format!("{name} {amount} is the first of {} with a usable offer.", names.join(", "))
        }
    };
    Some((found, detail))
}

fn adjustment(lines: &mut Lines<'_>, adjust: Adjustment, wanted: i64) {
    let detail = match adjust {
        Adjustment::None => return,
        Adjustment::Percent(rate) if rate.0 == 0 => return,
        Adjustment::AmountMinor(0) => return,
        Adjustment::Percent(rate) => format!("{} {}", BasisPoints(rate.0.saturating_abs()), side(i64::from(rate.0))),
        Adjustment::AmountMinor(amount) => format!("{} {}", lines.words.amount(amount.saturating_abs()), side(amount)),
    };
    let text = format!("{detail}: {}.", lines.words.amount(wanted));
    lines.add(WayKind::Adjustment, "Distance", text, wanted);
}

const fn side(distance: i64) -> &'static str {
    if distance < 0 { "below" } else { "above" }
}

fn with_vat(row: &Evaluation) -> String {
    if row.inputs.vat_bp == 0 {
        String::new()
    } else {
        format!(" of the net price and {} VAT", BasisPoints(row.inputs.vat_bp as i32))
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Every offer with what became of it under the policy of the rule that decided.
pub(super) fn offers(case: &Case<'_>, row: &Evaluation) -> Vec<WayOffer> {
    let offers = case.snapshot.offers_in(0, 0);
    let policies = Policies::new(&case.rules);
    let policy = policies.of(row.rule);
    let uses = offer_uses(policy, policy.context(case.context.offers, row.inputs.offer_floor), offers);
    let mut listed: Vec<WayOffer> = case
        .inputs
        .offers
        .iter()
        .zip(uses)
        .map(|(offer, usage)| WayOffer {
            competitor: offer.competitor.clone(),
            amount: offer.currency.map(|currency| Money::new(offer.amount_minor, currency)),
            shipping: offer
                .currency
                .zip(offer.shipping_minor)
                .map(|(currency, shipping)| Money::new(i64::from(shipping), currency)),
            last_seen: Instant(i64::from(offer.last_seen_s) * 1_000_000),
            usage,
        })
        .collect();
    listed.sort_by_key(|offer| (offer.usage != OfferUse::Used, offer.amount.map(|amount| amount.amount_minor)));
    listed
}
