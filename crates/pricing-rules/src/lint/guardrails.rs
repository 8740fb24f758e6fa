//! Guardrails that do nothing beside others.

use pricing_domain::{BasisPoints, Guardrails};

use super::{Lint, LintKind};
use crate::engine::looks_back;
use crate::snapshot::Snapshot;

const HOURS_PER_WEEK: u32 = 7 * 24;

/// Guardrails that are idle whatever the catalogue holds, or nearly so.
pub(super) fn lints(guardrails: &Guardrails) -> Vec<Lint> {
    let mut lints = Vec::new();
    let steps =
        [("at once", guardrails.step), ("a day", guardrails.step_per_day), ("a week", guardrails.step_per_week)];
    for (short, (span, step)) in steps.iter().enumerate() {
        for (longer_span, longer) in &steps[short + 1..] {
            for (side, one, other) in [("up", step.up, longer.up), ("down", step.down, longer.down)] {
                if let (Some(one), Some(other)) = (one, other)
                    && one > other
                {
                    lints.push(doubt(larger(side, (one, span), (other, longer_span))));
                }
            }
        }
    }
    if let (Some(hours), Some(most)) = (guardrails.hours_between_changes, guardrails.changes_per_week) {
        let possible = HOURS_PER_WEEK.div_ceil(hours.max(1));
        if most >= possible {
            lints.push(doubt(format!(
                "“At most {most} changes a week” never binds: with {hours} hours between changes there are at most \
                 {possible}."
            )));
        }
    }
    lints
}

/// Guardrails that look back where the catalogue has no moves of prices to look at.
pub(super) fn without_history(guardrails: &Guardrails, snapshot: &Snapshot) -> Option<Lint> {
    let is_blind = looks_back(guardrails) && snapshot.moves.item_count() == 0;
    is_blind.then(|| {
        doubt(
            "No price moved within 28 days, so that the guardrails for a day and a week hold today's price against \
             itself."
                .into(),
        )
    })
}

fn larger(side: &str, (one, span): (BasisPoints, &str), (other, longer_span): (BasisPoints, &str)) -> String {
    format!("A step {side} of {one} {span} is more than the {other} {longer_span} allows; it hardly ever binds.")
}

fn doubt(message: String) -> Lint {
    Lint {
        kind: LintKind::IdleGuardrail,
        rule: None,
        name: "guardrails".into(),
        message,
        products: 0,
        skus: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{BasisPoints, Guardrails, StepLimit};

    use super::lints;

    #[test]
    fn a_guardrail_behind_a_tighter_one_is_named() {
        let step = |up: i32| StepLimit { up: Some(BasisPoints(up)), down: None };
        let tight = Guardrails {
            step: step(500),
            step_per_day: step(1000),
            step_per_week: step(800),
            hours_between_changes: Some(48),
            changes_per_week: Some(3),
            ..Guardrails::default()
        };
        let messages: Vec<String> = lints(&tight).into_iter().map(|lint| lint.message).collect();
        assert_eq!(messages, ["A step up of 10 % a day is more than the 8 % a week allows; it hardly ever binds."]);
        let idle = Guardrails { changes_per_week: Some(4), step_per_day: step(600), ..tight };
        let messages: Vec<String> = lints(&idle).into_iter().map(|lint| lint.message).collect();
        assert_eq!(
            messages,
            ["“At most 4 changes a week” never binds: with 48 hours between changes there are at most 4."]
        );
    }
}
