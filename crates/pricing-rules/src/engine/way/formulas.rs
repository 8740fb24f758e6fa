//! The part of the way from conditions and formulas: each intermediate value beside its words.

use pricing_domain::{Adjustment, Rounding, Strategy, TaxMode};

use super::{Lines, WayKind};
use crate::columns::NONE;
use crate::engine::exact::round;
use crate::engine::inputs::Case;
use crate::engine::scope::folded;
use crate::engine::strategy::CompiledFormula;
use crate::engine::view::ChunkView;
use crate::language::{Block, Program, Registers, TraceLine, trace};
use crate::snapshot::ListColumns;

/// The steps of a program for the product.
pub(super) fn steps(case: &Case<'_>, program: &Program) -> Vec<TraceLine> {
    let view = ChunkView::new(&case.snapshot, 0, 0);
    let inputs = view.inputs(&case.context, 0);
    let bounds = crate::engine::bounds::Bounds::new(&case.rules, &case.context, &inputs, case.guards);
    let floor = |_| bounds.floor_minor();
    let block = Block { view: &view, context: &case.context, range: 0..1, needed: &[], floor: &floor };
    let mut registers = Registers::default();
    program.run(&block, &mut registers);
    trace(program, &registers, case.inputs.list.currency)
}

/// “stock = 25, comp.count = 3”.
pub(super) fn values(steps: &[TraceLine]) -> String {
    let shown: Vec<String> = steps.iter().map(|step| format!("{} = {}", step.words, step.value)).collect();
    shown.join(", ")
}

/// What an expression is made of, without itself.
pub(super) fn leaves<'a>(program: &Program, steps: &'a [TraceLine]) -> Vec<&'a TraceLine> {
    let whole = program.text.split_whitespace().collect::<Vec<_>>().join(" ");
    steps.iter().filter(|step| step.words != whole).collect()
}

/// The condition of the rule that decided.
pub(super) fn condition(lines: &mut Lines<'_>, case: &Case<'_>, program: &Program) {
    rates(lines, case, program);
    decided(lines, case, program);
    let steps = steps(case, program);
    let inner: Vec<TraceLine> = leaves(program, &steps).into_iter().cloned().collect();
    let detail = if inner.is_empty() { "It holds.".into() } else { format!("It holds: {}.", values(&inner)) };
    lines.add(WayKind::Condition, program.text.trim(), detail, NONE);
}

/// The other lists that a program looks at.
fn followed<'a>(case: &'a Case<'_>, program: &'a Program) -> impl Iterator<Item = &'a ListColumns> {
    let named = move |code: &str| program.followed_lists.iter().any(|followed| folded(followed) == folded(code));
    case.snapshot.lists.iter().skip(1).filter(move |list| named(&list.code))
}

/// The lists in another currency that a program looks at, with the rates by which their prices are converted.
fn rates(lines: &mut Lines<'_>, case: &Case<'_>, program: &Program) {
    for list in followed(case, program) {
        if let Some(conversion) = case.snapshot.conversion_to(0, list.currency) {
            let detail = format!("The list {} is in {}: {}.", list.code, list.currency, conversion.words());
            lines.add(WayKind::ExchangeRate, "Exchange rate", detail, NONE);
        }
    }
}

/// The products that a program follows at the price that the same run gives them.
fn decided(lines: &mut Lines<'_>, case: &Case<'_>, program: &Program) {
    let later = &case.inputs.later;
    for sku in program.followed_skus.iter().filter(|sku| later.decided_products.contains(sku)) {
        let price = later.other_products.iter().find(|(one, _)| one == sku).map_or(NONE, |(_, price)| *price);
        let detail = format!("The price that this run gives “{sku}”, not the one that it has today.");
        lines.add(WayKind::Formula, format!("Followed product {sku}"), detail, price);
    }
}

/// Why a condition does not hold; `None` when it does.
pub(super) fn failing_condition(case: &Case<'_>, program: &Program) -> Option<String> {
    let steps = steps(case, program);
    let (whole, inner) = steps.split_last()?;
    let text = program.text.trim();
    match whole.value.as_str() {
        "yes" => None,
        _ if inner.is_empty() => Some(format!("“{text}” is {}", whole.value)),
        _ => Some(format!("“{text}” does not hold ({})", values(inner))),
    }
}

/// Which input of a formula is missing.
pub(super) fn missing_input(case: &Case<'_>, program: &Program) -> String {
    let steps = steps(case, program);
    match steps.iter().find(|step| step.missing) {
        Some(missing) => {
            let why = missing_rate(case, program).or_else(|| missing_list(case, program)).unwrap_or_default();
            format!("“{}” is missing{why}", missing.words)
        }
        None => "its formula gives no price".into(),
    }
}

/// The exchange rate that is not known of a list in another currency.
fn missing_rate(case: &Case<'_>, program: &Program) -> Option<String> {
    let own = case.inputs.list.currency;
    let mut lists = followed(case, program).filter(|list| list.currency != own);
    let list = lists.find(|list| case.snapshot.conversion_to(0, list.currency).is_none())?;
    Some(format!(
        ": no exchange rate of {} and {own} is known on or before {}; import exchange rates",
        list.currency,
        case.inputs.now.utc_date()
    ))
}

/// Of a list that is not compared with the product's own the inputs hold no price.
fn missing_list(case: &Case<'_>, program: &Program) -> Option<String> {
    let known = |code: &str| case.inputs.later.other_lists.iter().any(|(list, _)| folded(list) == folded(code));
    let code = program.followed_lists.iter().find(|code| !known(code))?;
    let tax = match case.inputs.list.tax_mode {
        TaxMode::Gross => "with",
        TaxMode::Net => "without",
    };
    Some(format!(": {code} is no price list {tax} VAT as {} is", case.inputs.list.code))
}

/// Every intermediate amount of the formula that decided.
pub(super) fn formula(
    lines: &mut Lines<'_>,
    case: &Case<'_>,
    strategy: &Strategy,
    formula: &CompiledFormula,
    wanted: i64,
) {
    let title = match strategy {
        Strategy::Follow { .. } => "Follow",
        Strategy::StockCover { .. } => "Stock cover",
        Strategy::Markdown { .. } => "Markdown",
        Strategy::Table { .. } => "Table",
        _ => "Formula",
    };
    // What is wanted is the result itself only where no distance is kept from it.
    let result = (formula.adjust == Adjustment::None).then_some(wanted);
    amounts(lines, case, &formula.program, title, result);
}

/// Every intermediate amount of a formula, and what it gives: `result` in minor units, where that is known already.
pub(super) fn amounts(lines: &mut Lines<'_>, case: &Case<'_>, program: &Program, title: &str, result: Option<i64>) {
    rates(lines, case, program);
    decided(lines, case, program);
    let per_minor = case.context.micro_per_minor;
    // An amount is shown beside the step only where it is a whole number of minor units.
    let amount_of = |step: &TraceLine| {
        let whole = step.money_micro.map(i128::from).filter(|micro| micro % per_minor == 0);
        whole.map_or(NONE, |micro| round(micro, per_minor, Rounding::Nearest))
    };
    let text = program.text.trim();
    let (whole, inner): (Vec<_>, Vec<_>) = steps(case, program).into_iter().partition(|step| step.words == text);
    for step in inner {
        let amount = amount_of(&step);
        lines.add(WayKind::Formula, step.words.clone(), format!("{} = {}", step.words, step.value), amount);
    }
    let (value, amount) = match (result, whole.last()) {
        (None, Some(step)) => (step.value.clone(), amount_of(step)),
        (result, _) => (lines.words.amount(result.unwrap_or(NONE)), result.unwrap_or(NONE)),
    };
    lines.add(WayKind::Reference, title, format!("{text} = {value}."), amount);
}
