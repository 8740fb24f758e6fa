//! The part of the way through the guardrails: floor, ceiling, step, ending, family.

use pricing_domain::{BasisPoints, EndingBand, ExceptionReason};

use super::{Lines, WayKind};
use crate::columns::NONE;
use crate::engine::bounds::{CeilingKind, FloorKind, step_window};
use crate::engine::decide::{Evaluation, Outcome, is_cut_refused};
use crate::engine::inputs::Case;
use crate::engine::words::{change_text, counted};

/// Floor and ceiling as they stand.
pub(super) fn bounds(lines: &mut Lines<'_>, case: &Case<'_>, row: &Evaluation) {
    if row.bounds.floor_kind != FloorKind::None {
        lines.add(WayKind::Floor, "Floor", format!("{}.", floor_text(lines, case, row)), row.bounds.floor);
    }
    if row.bounds.ceiling_kind != CeilingKind::None {
        lines.add(WayKind::Ceiling, "Ceiling", format!("{}.", ceiling_text(lines, case, row)), row.bounds.ceiling);
    }
}

/// Every guardrail with what it does to the wanted price.
pub(super) fn guardrails(lines: &mut Lines<'_>, case: &Case<'_>, row: &Evaluation) {
    if row.wanted == NONE {
        return bounds(lines, case, row);
    }
    let raised = floor(lines, case, row);
    let lowered = ceiling(lines, case, row, raised);
    let stepped = step(lines, case, row, lowered);
    if is_cut_refused(&case.rules, row) && stepped < row.inputs.price {
        let why = lines.words.why_no_cost();
        lines.add(WayKind::Floor, "No cost", format!("A lower price is refused because {why}."), NONE);
    }
    ending(lines, case, row, stepped);
}

/// “Floor 81.24 (margin 10 % on landed cost 61.44)”.
pub(super) fn floor_text(lines: &Lines<'_>, case: &Case<'_>, row: &Evaluation) -> String {
    let amount = lines.words.amount(row.bounds.floor);
    match row.bounds.floor_kind {
        FloorKind::None => "No floor".into(),
        FloorKind::OwnMinimum => format!("Floor {amount} (the product's own lowest price)"),
        FloorKind::Cost => format!("Floor {amount} ({}; no margin floor is set)", lines.words.cost()),
        FloorKind::Margin(place) => {
            let margin = case.rules.floors[usize::from(place)].margin;
            format!("Floor {amount} (margin {margin} on {})", lines.words.cost())
        }
    }
}

/// “Ceiling 99.00 (the product's own highest price)”.
pub(super) fn ceiling_text(lines: &Lines<'_>, case: &Case<'_>, row: &Evaluation) -> String {
    let amount = lines.words.amount(row.bounds.ceiling);
    match (row.bounds.ceiling_kind, case.rules.set.guardrails.ceiling) {
        (CeilingKind::OfRecommended, Some(pricing_domain::Ceiling::OfRecommended(share))) => {
            format!("Ceiling {amount} ({share} of the recommended price {})", lines.words.amount(row.inputs.rrp))
        }
        (CeilingKind::OwnMaximum, _) => format!("Ceiling {amount} (the product's own highest price)"),
        _ => "No ceiling".into(),
    }
}

fn floor(lines: &mut Lines<'_>, case: &Case<'_>, row: &Evaluation) -> i64 {
    let raised = row.wanted.max(row.bounds.floor);
    if row.bounds.floor_kind != FloorKind::None {
        let effect = if raised > row.wanted { "lifts it" } else { "holds" };
        let detail = format!("{} {effect}.", floor_text(lines, case, row));
        lines.add(WayKind::Floor, "Floor", detail, raised);
    } else if raised > row.wanted {
        lines.add(WayKind::Floor, "Floor", "A price is at least one minor unit.", raised);
    }
    raised
}

fn ceiling(lines: &mut Lines<'_>, case: &Case<'_>, row: &Evaluation, price: i64) -> i64 {
    let lowered = price.min(row.bounds.ceiling.max(row.bounds.floor));
    if row.bounds.ceiling_kind != CeilingKind::None {
        let effect = if lowered < price { "lowers it" } else { "holds" };
        let detail = format!("{} {effect}.", ceiling_text(lines, case, row));
        lines.add(WayKind::Ceiling, "Ceiling", detail, lowered);
    }
    lowered
}

fn step(lines: &mut Lines<'_>, case: &Case<'_>, row: &Evaluation, price: i64) -> i64 {
    let step = case.rules.set.guardrails.step;
    let today = row.inputs.price;
    if today == NONE || (step.up.is_none() && step.down.is_none()) {
        return price;
    }
    let (low, high) = step_window(step, today);
    let limited = price.clamp(low.min(row.high), high.max(row.low)).clamp(row.low.min(row.high), row.high.max(row.low));
    let limit = |limit: Option<BasisPoints>| limit.map_or_else(|| "any".into(), |limit| limit.to_string());
    let detail = if limited == price && (low..=high).contains(&price) {
        format!("The step is within {} up and {} down.", limit(step.up), limit(step.down))
    } else if limited == price {
        "A floor or ceiling outranks the largest step.".into()
    } else if limited < price {
        format!("At most {} up at once: {}.", limit(step.up), lines.words.amount(limited))
    } else {
        format!("At most {} down at once: {}.", limit(step.down), lines.words.amount(limited))
    };
    lines.add(WayKind::Step, "Step", detail, limited);
    limited
}

fn ending(lines: &mut Lines<'_>, case: &Case<'_>, row: &Evaluation, price: i64) {
    if case.rules.set.endings.is_empty() {
        return;
    }
    let reached = if row.outcome == Outcome::Unchanged { row.inputs.price } else { row.new };
    if reached == NONE {
        if row.outcome == Outcome::Exception(ExceptionReason::NoEndingInside) {
            let window = format!("{} to {}", lines.words.amount(row.low), lines.words.amount(row.high));
            lines.add(WayKind::Ending, "Ending", format!("No allowed ending lies within {window}."), NONE);
        }
        return;
    }
    let text = band_of(&case.rules.set.endings, reached)
        .map_or_else(|| "Every ending is allowed".to_owned(), |band| lines.words.ending(band.ending));
    let amount = lines.words.amount(reached);
    let detail = if reached == price { format!("{text} holds: {amount}.") } else { format!("{text}: {amount}.") };
    lines.add(WayKind::Ending, "Ending", detail, reached);
}

fn band_of(bands: &[EndingBand], price: i64) -> Option<&EndingBand> {
    bands.iter().rev().find(|band| band.from_minor <= price)
}

/// What the order of the family did.
pub(super) fn family(lines: &mut Lines<'_>, case: &Case<'_>, before: &Evaluation, after: &Evaluation) {
    let others = counted(case.inputs.family.len(), "other member");
    let family = &case.inputs.product.family;
    let method = "the repair moves the fewest members, and those by the least";
    let detail = match after.outcome {
        Outcome::Exception(ExceptionReason::FamilyOrder) if after.lawful == NONE => {
            format!(
                "Family {family} ({others}): more content would cost less, and no price inside the bounds mends it."
            )
        }
        _ => {
            let to = if after.new == NONE { after.inputs.price } else { after.new };
            let change = change_text(before.inputs.price, to);
            let change = if change.is_empty() { change } else { format!(" ({change} from today)") };
            format!(
                "Family {family} ({others}): more content never costs less; {method}: {}{change}.",
                lines.words.amount(to)
            )
        }
    };
    lines.add(WayKind::Family, "Family", detail, if after.new == NONE { after.inputs.price } else { after.new });
}
