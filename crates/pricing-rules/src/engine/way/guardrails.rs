//! The part of the way through the guardrails: floor, ceiling, step, ending, family.

use pricing_domain::{BasisPoints, Ceiling, EndingBand, ExceptionReason, FloorAmount, SoftLimit};

use super::{Lines, WayKind, looking_back};
use crate::columns::NONE;
use crate::engine::bounds::{CeilingKind, FloorKind, is_changed_enough, is_waiting, places, step_window};
use crate::engine::decide::{Evaluation, Outcome, is_cut_refused};
use crate::engine::inputs::Case;
use crate::engine::marks::NO_FLOOR;
use crate::engine::soft::{Matching, amount_of, words_of};
use crate::engine::view::ChunkView;
use crate::engine::words::{change_text, counted};
use crate::snapshot::families_in;

/// Floor and ceiling as they stand.
pub(super) fn bounds(lines: &mut Lines<'_>, case: &Case<'_>, row: &Evaluation) {
    if row.bounds.floor_kind != FloorKind::None {
        let amount = if row.bounds.is_reachable() { row.bounds.floor } else { NONE };
        lines.add(WayKind::Floor, "Floor", format!("{}.", floor_text(lines, case, row)), amount);
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
    if is_waiting(&case.rules, &case.context, &row.inputs) && row.low == row.high && row.low == row.inputs.price {
        return if is_changed_enough(&case.rules.set.guardrails, &row.inputs) {
            looking_back::changed_enough(lines, case, row);
        } else {
            too_soon(lines, case, row);
        };
    }
    let stepped = step(lines, case, row, lowered);
    looking_back::guardrails(lines, case, row, lowered);
    if is_cut_refused(&case.rules, row) && stepped < row.inputs.price {
        let why = lines.words.why_no_cost();
        lines.add(WayKind::Floor, "No cost", format!("A lower price is refused because {why}."), NONE);
    } else if row.inputs.cost_micro == NONE {
        let why = lines.words.why_no_cost();
        lines.add(WayKind::Floor, "No cost", format!("No margin protects this price, because {why}."), NONE);
    }
    ending(lines, case, row, stepped);
}

/// “Floor 81.24 (margin 10 % on landed cost 61.44)”.
pub(super) fn floor_text(lines: &Lines<'_>, case: &Case<'_>, row: &Evaluation) -> String {
    if !row.bounds.is_reachable() {
        return lines.words.unreachable_floor();
    }
    let amount = lines.words.amount(row.bounds.floor);
    match row.bounds.floor_kind {
        FloorKind::None if row.inputs.cost_micro == NONE => format!("No floor: {}", lines.words.why_no_cost()),
        FloorKind::None => "No floor".into(),
        FloorKind::OwnMinimum => format!("Floor {amount} (the product's own lowest price)"),
        FloorKind::Cost if row.inputs.cost_micro == NONE => {
            format!(
                "Floor {amount} ({}; no margin can be computed, because {})",
                lines.words.cost(),
                lines.words.why_no_cost()
            )
        }
        FloorKind::Cost => format!("Floor {amount} ({}; no margin floor is set)", lines.words.cost()),
        FloorKind::Margin(place) => {
            let margin = case.rules.floors[usize::from(place)].margin;
            let fees = if case.guards.fee == NO_FLOOR { "" } else { " after the channel's fees" };
            format!("Floor {amount} (margin {margin} on {}{fees})", lines.words.cost())
        }
        FloorKind::Further(place) => match case.rules.set.guardrails.price_floors[usize::from(place)].floor {
            FloorAmount::Markup(markup) => format!("Floor {amount} (markup {markup} on {})", lines.words.cost()),
            FloorAmount::AmountMinor(_) => format!("Floor {amount} (the lowest price of the rule set)"),
        },
    }
}

/// “Ceiling 99.00 (the product's own highest price)”.
pub(super) fn ceiling_text(lines: &Lines<'_>, case: &Case<'_>, row: &Evaluation) -> String {
    let amount = lines.words.amount(row.bounds.ceiling);
    let guardrails = &case.rules.set.guardrails;
    let ceiling = match row.bounds.ceiling_kind {
        CeilingKind::None => return "No ceiling".into(),
        CeilingKind::OwnMaximum => return format!("Ceiling {amount} (the product's own highest price)"),
        CeilingKind::RuleSet => guardrails.ceiling,
        CeilingKind::Further(place) => guardrails.ceilings.get(usize::from(place)).map(|further| further.ceiling),
    };
    match ceiling {
        Some(Ceiling::OfRecommended(share)) => {
            format!("Ceiling {amount} ({share} of the recommended price {})", lines.words.amount(row.inputs.rrp))
        }
        Some(Ceiling::OfCompetitors(share)) => {
            let (sum, count) = row.inputs.market;
            let mean = lines.words.fraction(i128::from(sum), i128::from(count.max(1)));
            format!("Ceiling {amount} ({share} of the competitors' average {mean})")
        }
        _ => format!("Ceiling {amount} (the highest price of the rule set)"),
    }
}

fn too_soon(lines: &mut Lines<'_>, case: &Case<'_>, row: &Evaluation) {
    const SECONDS_PER_HOUR: i64 = 3600;
    let stands = (case.context.offers.now_s - i64::from(row.inputs.price_since_s)).max(0) / SECONDS_PER_HOUR;
    let hours = case.rules.set.guardrails.hours_between_changes.unwrap_or_default();
    let detail = format!(
        "Today's price stands for {}; a price stands for at least {} before it changes again.",
        counted(stands as usize, "hour"),
        counted(hours as usize, "hour")
    );
    lines.add(WayKind::Step, "Too soon", detail, row.inputs.price);
}

fn floor(lines: &mut Lines<'_>, case: &Case<'_>, row: &Evaluation) -> i64 {
    if !row.bounds.is_reachable() {
        lines.add(WayKind::Floor, "Floor", format!("{}.", floor_text(lines, case, row)), NONE);
        return row.wanted;
    }
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
    if today == NONE || step.is_none() {
        // The steps of a day and a week have lines of their own.
        return if case.rules.looks_back { price.clamp(row.low.min(row.high), row.high.max(row.low)) } else { price };
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
    let bands = case.rules.endings(case.context.list).bands();
    if bands.is_empty() {
        return;
    }
    let cash = match case.snapshot.lists[0].cash_step_minor {
        step @ 2.. => format!(" Prices of this list are multiples of {} (cash).", lines.words.amount(step)),
        _ => String::new(),
    };
    let reached = if row.outcome == Outcome::Unchanged { row.inputs.price } else { row.new };
    if reached == NONE {
        if row.outcome == Outcome::Exception(ExceptionReason::NoEndingInside) {
            let window = format!("{} to {}", lines.words.amount(row.low), lines.words.amount(row.high));
            lines.add(WayKind::Ending, "Ending", format!("No allowed ending lies within {window}.{cash}"), NONE);
        }
        return;
    }
    let text = band_of(bands, reached)
        .map_or_else(|| "Every ending is allowed".to_owned(), |band| lines.words.ending(band.ending));
    let amount = lines.words.amount(reached);
    let holds = if reached == price { " holds" } else { "" };
    let detail = format!("{text}{holds}: {amount}.{cash}");
    lines.add(WayKind::Ending, "Ending", detail, reached);
}

/// The limits that the price crosses and that only warn.
pub(super) fn warnings(lines: &mut Lines<'_>, case: &Case<'_>, row: &Evaluation) {
    let price = match row.outcome {
        Outcome::Change => row.new,
        Outcome::Exception(_) => row.lawful,
        _ => row.inputs.price,
    };
    let view = ChunkView::new(&case.snapshot, 0, 0);
    let crossed = Matching::new(&case.rules, &case.context, &view, 0..1).crossed(
        &case.rules,
        &case.context,
        0,
        &row.inputs,
        price,
    );
    for place in places(crossed) {
        let limit = case.rules.set.guardrails.warnings[place].limit;
        let (shown, words) = (lines.words.amount(price), words_of(limit));
        let detail = match (limit, amount_of(&case.rules, &case.context, &row.inputs, case.guards.fee, limit)) {
            (SoftLimit::StepUp(_) | SoftLimit::StepDown(_), _) => {
                format!("{} to {shown} is more than {words}.", lines.words.amount(row.inputs.price))
            }
            (SoftLimit::Ceiling(_), amount) => {
                format!("{shown} is above {} ({words}).", lines.words.amount(amount.unwrap_or(price)))
            }
            (_, Some(amount)) => format!("{shown} is below {} ({words}).", lines.words.amount(amount)),
            (_, None) => format!("{shown} does not earn {words}, and no price does after the channel's fee."),
        };
        lines.add(WayKind::Warning, "Warning", format!("{detail} It only warns."), NONE);
    }
}

fn band_of(bands: &[EndingBand], price: i64) -> Option<&EndingBand> {
    bands.iter().rev().find(|band| band.from_minor <= price)
}

/// What the order of the family did.
pub(super) fn family(lines: &mut Lines<'_>, case: &Case<'_>, before: &Evaluation, after: &Evaluation) {
    let others = counted(case.inputs.family.len(), "other member");
    let names: Vec<&str> = families_in(&case.inputs.product.family).collect();
    let family = format!("{} {}", if names.len() > 1 { "Families" } else { "Family" }, names.join(", "));
    let order = case.family_law().map(|law| law.order.to_string()).unwrap_or_default();
    let method = match case.inputs.later.joint {
        Some(_) => "families that share products are settled together, each by the fewest and smallest moves",
        None => "the repair moves the fewest members, and those by the least",
    };
    let detail = match after.outcome {
        Outcome::Exception(ExceptionReason::FamilyOrder) if after.lawful == NONE => {
            format!("{family} ({others}): {order}; this is broken, and no price inside the bounds mends it.")
        }
        _ => {
            let to = if after.new == NONE { after.inputs.price } else { after.new };
            let change = change_text(before.inputs.price, to);
            let change = if change.is_empty() { change } else { format!(" ({change} from today)") };
            format!("{family} ({others}): {order}; {method}: {}{change}.", lines.words.amount(to))
        }
    };
    lines.add(WayKind::Family, "Family", detail, if after.new == NONE { after.inputs.price } else { after.new });
}
