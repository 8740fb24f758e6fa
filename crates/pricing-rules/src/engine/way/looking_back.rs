//! The part of the way from the guardrails that look further back than today's price.

use pricing_domain::StepLimit;

use super::{Lines, WayKind};
use crate::columns::NONE;
use crate::engine::bounds::{is_chased, step_window, steps};
use crate::engine::decide::Evaluation;
use crate::engine::inputs::Case;
use crate::engine::words::counted;

/// A price that changed as often as it may.
pub(super) fn changed_enough(lines: &mut Lines<'_>, case: &Case<'_>, row: &Evaluation) {
    let most = case.rules.set.guardrails.changes_per_week.unwrap_or_default();
    let detail = format!(
        "It had {} within seven days; at most {most} go.",
        counted(row.inputs.recent.changes as usize, "change")
    );
    lines.add(WayKind::Step, "Changed often", detail, row.inputs.price);
}

/// What the steps of a day and a week and the end of a spiral do to `price`.
pub(super) fn guardrails(lines: &mut Lines<'_>, case: &Case<'_>, row: &Evaluation, price: i64) {
    let (guardrails, today) = (&case.rules.set.guardrails, row.inputs.price);
    if today == NONE {
        return;
    }
    let [_, day, week] = steps(guardrails, &row.inputs);
    step(lines, row, price, day, "a day", "24 hours before");
    step(lines, row, price, week, "a week", "seven days before");
    if let Some(spiral) = guardrails.spiral {
        let (rounds, days) = (row.inputs.recent.rounds, counted(spiral.days as usize, "day"));
        let name = case.snapshot.competitors.get(usize::from(row.inputs.recent.rival)).map(|one| one.name.as_str());
        let Some(name) = name.filter(|_| is_chased(guardrails, &row.inputs)) else { return };
        let effect = if price < today { "the price is not lowered further" } else { "a raise is not held" };
        let detail = format!(
            "{name} and we undercut each other in turn, {} within {days}: {effect}.",
            counted(rounds as usize, "round")
        );
        lines.add(WayKind::Step, "Spiral", detail, if price < today { today } else { NONE });
    }
}

fn step(lines: &mut Lines<'_>, row: &Evaluation, price: i64, (step, from): (StepLimit, i64), span: &str, before: &str) {
    if step.is_none() {
        return;
    }
    let today = row.inputs.price;
    let (low, high) = step_window(step, from);
    let (low, high) = (low.min(today), high.max(today));
    let (limit, direction, held) = match (step.up, step.down) {
        (Some(up), _) if price > high => (up, "up", high),
        (_, Some(down)) if price < low => (down, "down", low),
        _ => {
            let from = lines.words.amount(from);
            return lines.add(WayKind::Step, "Step", format!("The step of {span} from {from} holds."), NONE);
        }
    };
    let detail = format!(
        "At most {limit} {direction} {span}, from {} {before}: {}.",
        lines.words.amount(from),
        lines.words.amount(held)
    );
    lines.add(WayKind::Step, "Step", detail, held);
}
