//! The end of the way: verification, exception, result, and the whole in one sentence.

use pricing_domain::ExceptionReason;

use super::{Lines, WayKind};
use crate::columns::NONE;
use crate::engine::compile::OTHERWISE;
use crate::engine::decide::{Evaluation, Outcome};
use crate::engine::inputs::Case;
use crate::engine::words::{Words, change_text};

/// The last lines.
pub(super) fn outcome(lines: &mut Lines<'_>, row: &Evaluation) {
    let price = row.inputs.price;
    match row.outcome {
        Outcome::Change => {
            lines.add(
                WayKind::Verification,
                "Verification",
                "Every hard guardrail holds on the final amount.",
                row.new,
            );
            lines.add(WayKind::Result, "New price", change_text(price, row.new), row.new);
        }
        Outcome::Exception(reason) => {
            let detail = exception(&lines.words, row, reason);
            lines.add(WayKind::Exception, reason.title(), detail, row.lawful);
        }
        Outcome::Unchanged => lines.add(WayKind::Result, "Unchanged", "Today's price stays.", price),
        Outcome::NoPrice => {
            lines.add(WayKind::Result, "No price", "No rule finds a first price for this list.", NONE);
        }
        Outcome::Ended | Outcome::OnPromotion | Outcome::Locked => {}
    }
}

/// What a price below its floor may become, where the ceiling has a say with its number.
fn lawful_words(row: &Evaluation, words: &Words<'_>) -> String {
    let ceiling = words.amount(row.bounds.ceiling);
    if row.lawful == NONE {
        format!("no allowed price ending lies between it and the ceiling {ceiling}")
    } else if row.bounds.floor > row.bounds.ceiling {
        let lawful = words.amount(row.lawful);
        format!("the ceiling {ceiling} is lower still, and the floor comes first: the lowest lawful price is {lawful}")
    } else {
        format!("the lowest lawful price is {}", words.amount(row.lawful))
    }
}

/// Why a person is needed, with both numbers.
fn exception(words: &Words<'_>, row: &Evaluation, reason: ExceptionReason) -> String {
    let (today, floor) = (words.amount_or_none(row.inputs.price), words.amount(row.bounds.floor));
    let (new, lawful) = (words.amount_or_none(row.new), words.amount_or_none(row.lawful));
    if !row.bounds.is_reachable() && !row.refused_by_verification {
        return format!("{}; today's price is {today}. Change the rules or the cost.", words.unreachable_floor());
    }
    match reason {
        ExceptionReason::BelowFloorToday if words.is_locked() => {
            format!("Today's {today} is below the floor {floor}, and a lock keeps it: end the lock to change it.")
        }
        ExceptionReason::BelowCostToday if words.is_locked() => {
            format!(
                "Today's {today} is below {} ({floor} in this list), and a lock keeps it: end the lock to change it.",
                words.cost()
            )
        }
        ExceptionReason::BelowFloorToday => {
            format!("Today's {today} is below the floor {floor}; {}.", lawful_words(row, words))
        }
        ExceptionReason::BelowCostToday => {
            let cost = words.cost();
            format!("Today's {today} is below {cost} ({floor} in this list); {}.", lawful_words(row, words))
        }
        ExceptionReason::BoundsConflict if row.refused_by_verification => {
            "The final amount broke a hard guardrail and was refused.".into()
        }
        ExceptionReason::BoundsConflict => {
            let ceiling = words.amount(row.bounds.ceiling);
            format!("The floor {floor} is above the ceiling {ceiling}; the floor comes first and allows {lawful}.")
        }
        ExceptionReason::FamilyOrder if row.lawful == NONE => {
            format!("At {today} it is out of order within its family, and no price inside the bounds mends it.")
        }
        ExceptionReason::FamilyOrder => format!("Within its family the order asks for {lawful} instead of {today}."),
        ExceptionReason::NoEndingInside => {
            let (low, high) = (words.amount(row.low), words.amount(row.high));
            format!("No allowed price ending lies between {low} and {high}.")
        }
        ExceptionReason::NoCost if row.lawful != row.inputs.price => {
            let ceiling = words.amount(row.bounds.ceiling);
            format!(
                "Today's {today} is above the ceiling {ceiling}, which allows {lawful}; {}, so that somebody decides.",
                words.why_no_cost()
            )
        }
        ExceptionReason::NoCost => {
            format!(
                "{} would lower {today} to {new}, but {}; {today} stays until somebody decides.",
                if row.inputs.fixed == NONE { "The rules" } else { "The lock" },
                words.why_no_cost()
            )
        }
        ExceptionReason::LargeChange => {
            let wanted = words.amount_or_none(row.wanted);
            format!(
                "{today} to {new} ({}) is more than goes without a person; {} wanted {wanted}.",
                change_text(row.inputs.price, row.new),
                if row.inputs.fixed == NONE { "the rules" } else { "the lock" }
            )
        }
        ExceptionReason::NoPriceYet if row.inputs.fixed != NONE => {
            format!("There is no price yet; it is fixed at {new}.")
        }
        ExceptionReason::NoPriceYet => format!("There is no price yet; the rules give {new}."),
        ExceptionReason::LabelCapacity => {
            let change = change_text(row.inputs.price, row.new);
            format!("{today} would become {new} ({change}), but {}.", words.labels())
        }
        ExceptionReason::FollowCircle => {
            format!(
                "{}, so that none of them has a price to begin with; {today} stays until the rules are changed.",
                words.circle()
            )
        }
        // A hand-over finds it out, and says why beside the way.
        ExceptionReason::LeftBehind => format!("{today} becomes {new} ({}).", change_text(row.inputs.price, row.new)),
        ExceptionReason::FixedOutsideBounds => {
            let (fixed, ceiling) = (words.amount(row.inputs.fixed), words.amount_or_none(row.bounds.ceiling_minor()));
            format!(
                "The price is fixed at {fixed}, which the limits (floor {floor}, ceiling {ceiling}) do not allow: change \
                 the lock or the limits."
            )
        }
    }
}

/// The whole way in one sentence.
pub(super) fn sentence(words: &Words<'_>, case: &Case<'_>, before: &Evaluation, row: &Evaluation) -> String {
    let today = words.amount_or_none(row.inputs.price);
    match row.outcome {
        Outcome::Ended => "The product is no longer sold and is not priced.".into(),
        Outcome::OnPromotion => format!("A promotion is running; {today} is not touched."),
        Outcome::Locked if row.inputs.fixed != NONE => format!("The price is fixed at {today}."),
        Outcome::Locked => format!("The price is locked at {today}."),
        Outcome::NoPrice => "There is no price in this list, and no rule finds one.".into(),
        Outcome::Exception(reason) => exception(words, row, reason),
        Outcome::Unchanged => format!("{today} stays: {}.", by_rule(case, row)),
        Outcome::Change => {
            let (new, change) = (words.amount(row.new), change_text(row.inputs.price, row.new));
            if row.new == row.inputs.fixed {
                return format!("{today} becomes {new} ({change}): the price is fixed.");
            }
            format!("{today} becomes {new} ({change}): {}{}.", by_rule(case, row), bound_by(before, row))
        }
    }
}

fn by_rule(case: &Case<'_>, row: &Evaluation) -> String {
    match row.rule {
        OTHERWISE => "no rule gives a price".into(),
        rule => format!("rule “{}”", case.rules.set.rule_name(rule).unwrap_or_default()),
    }
}

/// What stood between the wanted price and the result.
fn bound_by(before: &Evaluation, row: &Evaluation) -> String {
    if before != row {
        return ", moved to keep its family in order".into();
    }
    let (wanted, bounds) = (row.wanted, &row.bounds);
    if wanted == NONE || wanted > bounds.ceiling {
        ", lowered by the ceiling".into()
    } else if wanted < bounds.floor {
        ", lifted by the floor".into()
    } else if wanted < row.low || wanted > row.high {
        ", held by the largest step".into()
    } else {
        String::new()
    }
}
