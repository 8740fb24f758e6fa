//! How fast prices may move: at once, within a day and a week, how often, and when two undercut each other.

use leptos::prelude::*;
use pricing_domain::{BasisPoints, Guardrails, SpiralLimit, StepLimit};

use super::desk::RuleDesk;
use crate::components::fields::NumberInput;

/// A spiral is looked for within so many days unless somebody says otherwise.
const SPIRAL_DAYS: u32 = 7;

/// The form.
#[component]
pub fn PaceForm() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let Some(rules) = untrack(|| desk.rules()) else { return ().into_any() };
    let guardrails = rules.guardrails;
    view! {
        {steps("Largest step up at once", "Largest step down at once", ["step-up", "step-down"], guardrails.step, |guardrails| {
            &mut guardrails.step
        })}
        {steps("up within a day", "down within a day", ["step-up-day", "step-down-day"], guardrails.step_per_day, |guardrails| {
            &mut guardrails.step_per_day
        })}
        {steps(
            "up within a week",
            "down within a week",
            ["step-up-week", "step-down-week"],
            guardrails.step_per_week,
            |guardrails| &mut guardrails.step_per_week,
        )}
        <div class="pair">
            <NumberInput
                label="Least hours between two changes"
                value=guardrails.hours_between_changes.map(i64::from)
                digits=0
                unit="hours"
                optional=true
                testid="hours-between"
                set=Callback::new(move |hours: Option<i64>| {
                    desk.edit(|rules| rules.guardrails.hours_between_changes = positive(hours));
                })
            />
            <NumberInput
                label="Most changes within a week"
                value=guardrails.changes_per_week.map(i64::from)
                digits=0
                optional=true
                testid="changes-per-week"
                set=Callback::new(move |changes: Option<i64>| {
                    desk.edit(|rules| rules.guardrails.changes_per_week = positive(changes));
                })
            />
        </div>
        <Spiral now=guardrails.spiral />
        <p class="muted">
            "The steps of a day and a week count from the price in force 24 hours and seven days before. A floor or ceiling outranks all of these."
        </p>
    }
    .into_any()
}

/// No further cuts once two have undercut each other for some rounds.
#[component]
fn Spiral(
    /// As it stands.
    now: Option<SpiralLimit>,
) -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let rounds = StoredValue::new(now.map(|spiral| spiral.rounds));
    let days = StoredValue::new(now.map_or(SPIRAL_DAYS, |spiral| spiral.days));
    let tell = move || {
        let spiral = rounds.get_value().map(|rounds| SpiralLimit { rounds, days: days.get_value() });
        desk.edit(|rules| rules.guardrails.spiral = spiral);
    };
    view! {
        <div class="pair">
            <NumberInput
                label="No more cuts after undercutting each other"
                value=now.map(|spiral| i64::from(spiral.rounds))
                digits=0
                unit="rounds"
                optional=true
                testid="spiral-rounds"
                set=Callback::new(move |typed: Option<i64>| {
                    rounds.set_value(positive(typed));
                    tell();
                })
            />
            <NumberInput
                label="within"
                value=Some(i64::from(days.get_value()))
                digits=0
                unit="days"
                testid="spiral-days"
                set=Callback::new(move |typed: Option<i64>| {
                    if let Some(typed) = positive(typed) {
                        days.set_value(typed);
                        tell();
                    }
                })
            />
        </div>
    }
}

fn steps(
    up: &'static str,
    down: &'static str,
    names: [&'static str; 2],
    now: StepLimit,
    of: fn(&mut Guardrails) -> &mut StepLimit,
) -> impl IntoView {
    let input = move |label, name, now: Option<BasisPoints>, side: fn(&mut StepLimit) -> &mut Option<BasisPoints>| {
        let desk = expect_context::<RuleDesk>();
        let set = Callback::new(move |typed: Option<i64>| {
            let limit = typed.and_then(|typed| i32::try_from(typed).ok()).map(BasisPoints);
            desk.edit(|rules| *side(of(&mut rules.guardrails)) = limit);
        });
        view! { <NumberInput label value=now.map(|limit| i64::from(limit.0)) digits=2 unit="%" optional=true testid=name set /> }
    };
    view! {
        <div class="pair">
            {input(up, names[0], now.up, |step| &mut step.up)} {input(down, names[1], now.down, |step| &mut step.down)}
        </div>
    }
}

fn positive(typed: Option<i64>) -> Option<u32> {
    typed.and_then(|typed| u32::try_from(typed).ok()).filter(|typed| *typed > 0)
}

#[cfg(test)]
mod tests {
    use super::positive;

    #[test]
    fn zero_and_less_stand_for_no_limit() {
        assert_eq!([Some(3), Some(0), Some(-1), None].map(positive), [Some(3), None, None, None]);
    }
}
