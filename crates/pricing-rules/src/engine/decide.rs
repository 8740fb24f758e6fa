//! One row: strategy → clamp to the intersection of the bounds → ending inside → verification.

use pricing_domain::{ExceptionReason, Lifecycle};

use super::bounds::{Bounds, FloorKind, exceeds, is_waiting, window_of_steps};
use super::compile::{CompiledRules, LARGEST_UNATTENDED, ListContext, OTHERWISE};
use super::marks::{Guards, Marks};
use super::recent::Recent;
use super::strategy::{RowMarks, Wanted};
use super::verify::{holds, is_within_bounds};
use super::view::{ChunkView, RowInputs};
use crate::columns::NONE;
use crate::offer_use::{Usable, collect_usable};
use crate::snapshot::{ListFlags, OffersInList};

/// What became of one row before its family is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No longer sold.
    Ended,
    /// A promotion is running.
    OnPromotion,
    /// The price is locked and lawful.
    Locked,
    /// No price, and no rule that finds one.
    NoPrice,
    /// Today's price stays.
    Unchanged,
    /// The new price.
    Change,
    /// A person must decide.
    Exception(ExceptionReason),
}

/// Everything that was computed for one row. Amounts are minor units or [`NONE`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Evaluation {
    pub(crate) inputs: RowInputs,
    pub(crate) bounds: Bounds,
    /// The rule that decided, or [`OTHERWISE`].
    pub(crate) rule: u16,
    /// Whether the rule's fallback decided.
    pub(crate) fallback: bool,
    /// The price that the rule wants; [`NONE`]: today's stays.
    pub(crate) wanted: i64,
    /// The window in which the price may lie: bounds and step together.
    pub(crate) low: i64,
    pub(crate) high: i64,
    /// The new price, for changes and where an exception has one.
    pub(crate) new: i64,
    /// For exceptions: what the higher guardrail allows.
    pub(crate) lawful: i64,
    pub(crate) outcome: Outcome,
    /// Verification found the new price outside a hard bound.
    pub(crate) refused_by_verification: bool,
}

/// What a row's rules say.
struct Chosen {
    rule: u16,
    fallback: bool,
    wanted: i64,
}

/// Evaluates one row without its family. `usable` is scratch space.
pub(crate) fn evaluate(
    rules: &CompiledRules,
    context: &ListContext,
    view: &ChunkView<'_>,
    marks: &Marks,
    place: usize,
    usable: &mut Vec<Usable>,
) -> Evaluation {
    let guards = marks.guards(place);
    let mut inputs = view.inputs(context, place).with_fee(guards.fee);
    if let Some(policy) = &rules.market {
        collect_usable(policy, context.offers, view.offers(place), usable);
        let sum = usable.iter().fold(0i64, |sum, offer| sum.saturating_add(offer.amount_minor));
        inputs.market = (sum, usable.len() as i64);
    }
    if rules.looks_back {
        inputs.recent = Recent::of(&rules.set.guardrails, context, view.moves(place));
    }
    let bounds = Bounds::new(rules, context, &inputs, guards);
    inputs.offer_floor = bounds.floor_minor();
    let none = Evaluation {
        inputs,
        bounds,
        rule: OTHERWISE,
        fallback: false,
        wanted: NONE,
        low: bounds.floor,
        high: bounds.ceiling,
        new: NONE,
        lawful: NONE,
        outcome: Outcome::Unchanged,
        refused_by_verification: false,
    };
    if inputs.lifecycle == Lifecycle::Ended as u8 {
        return Evaluation { outcome: Outcome::Ended, ..none };
    }
    if inputs.flags & ListFlags::PROMOTION != 0 {
        return Evaluation { outcome: Outcome::OnPromotion, ..none };
    }
    if inputs.flags & ListFlags::LOCKED != 0 {
        return locked(rules, context, guards, none);
    }
    if view.is_in_circle(place) {
        return in_circle(rules, context, guards, none);
    }
    let chosen = choose(rules, context, &inputs, view.offers(place), RowMarks { marks, place }, usable);
    let chosen = Evaluation { rule: chosen.rule, fallback: chosen.fallback, wanted: chosen.wanted, ..none };
    let decided =
        if inputs.price == NONE { price_first(rules, context, chosen) } else { price_again(rules, context, chosen) };
    verified(rules, context, guards, decided)
}

/// The first rule that matches and has its inputs; its fallback before the next rule.
fn choose(
    rules: &CompiledRules,
    context: &ListContext,
    inputs: &RowInputs,
    offers: OffersInList<'_>,
    row: RowMarks<'_>,
    usable: &mut Vec<Usable>,
) -> Chosen {
    for rule in row.marks.rules(row.place) {
        let compiled = &rules.rules[usize::from(rule)];
        let strategies = std::iter::once(&compiled.strategy).chain(&compiled.fallback);
        for (turn, strategy) in strategies.enumerate() {
            match strategy.wanted(context, inputs, offers, row, usable) {
                Wanted::Keep => return Chosen { rule, fallback: turn > 0, wanted: NONE },
                Wanted::Price(wanted) => return Chosen { rule, fallback: turn > 0, wanted },
                Wanted::Missing(_) => {}
            }
        }
    }
    match rules.otherwise.wanted(context, inputs, offers, row, usable) {
        Wanted::Price(wanted) => Chosen { rule: OTHERWISE, fallback: false, wanted },
        Wanted::Keep | Wanted::Missing(_) => Chosen { rule: OTHERWISE, fallback: false, wanted: NONE },
    }
}

/// Products that follow each other have no price to begin with: today's stays where the limits allow it, and a person
/// is asked.
fn in_circle(rules: &CompiledRules, context: &ListContext, guards: Guards, row: Evaluation) -> Evaluation {
    let row = if row.inputs.price == NONE { row } else { price_again(rules, context, row) };
    match row.outcome {
        Outcome::Unchanged | Outcome::NoPrice => {
            let row = Evaluation { new: NONE, lawful: NONE, low: row.inputs.price, high: row.inputs.price, ..row };
            exception(ExceptionReason::FollowCircle, row)
        }
        _ => verified(rules, context, guards, row),
    }
}

fn exception(reason: ExceptionReason, row: Evaluation) -> Evaluation {
    Evaluation { outcome: Outcome::Exception(reason), ..row }
}

/// A locked price stays, or becomes the one that the lock names; below its floor it is reported all the same, without a
/// price to approve: the lock has to go first.
fn locked(rules: &CompiledRules, context: &ListContext, guards: Guards, row: Evaluation) -> Evaluation {
    if row.inputs.fixed != NONE && row.inputs.fixed != row.inputs.price {
        return fixed(rules, context, guards, row);
    }
    if row.inputs.price != NONE && row.inputs.price < row.bounds.floor {
        return exception(below_today(&row), row);
    }
    Evaluation { outcome: Outcome::Locked, ..row }
}

/// A price that a person or a contract fixed. Endings, steps and families are for what rules do; floors and ceilings hold.
fn fixed(rules: &CompiledRules, context: &ListContext, guards: Guards, row: Evaluation) -> Evaluation {
    let fixed = row.inputs.fixed;
    let row = Evaluation { wanted: fixed, new: fixed, low: fixed, high: fixed, lawful: fixed, ..row };
    if !is_within_bounds(rules, context, guards, &row) {
        return exception(ExceptionReason::FixedOutsideBounds, Evaluation { new: NONE, lawful: NONE, ..row });
    }
    let today = row.inputs.price;
    if today == NONE {
        return exception(ExceptionReason::NoPriceYet, row);
    }
    // A slipped decimal point in a lock is as wrong as in a rule.
    if is_cut_refused(rules, &row) && fixed < today {
        return exception(ExceptionReason::NoCost, row);
    }
    if exceeds(today, fixed, LARGEST_UNATTENDED) {
        return exception(ExceptionReason::LargeChange, row);
    }
    Evaluation { outcome: Outcome::Change, lawful: NONE, ..row }
}

fn below_today(row: &Evaluation) -> ExceptionReason {
    match row.bounds.floor_kind {
        FloorKind::Cost => ExceptionReason::BelowCostToday,
        _ => ExceptionReason::BelowFloorToday,
    }
}

/// A product without a price in this list: a person sets the first one.
fn price_first(rules: &CompiledRules, context: &ListContext, row: Evaluation) -> Evaluation {
    if row.wanted == NONE {
        return Evaluation { outcome: Outcome::NoPrice, ..row };
    }
    let Bounds { floor, ceiling, .. } = row.bounds;
    if floor > ceiling || !row.bounds.is_reachable() {
        return bounds_conflict(rules, context, row);
    }
    match rules.endings(context.list).nearest_inside(row.wanted.clamp(floor, ceiling), floor, ceiling) {
        Some(new) => exception(ExceptionReason::NoPriceYet, Evaluation { new, lawful: new, ..row }),
        None => exception(ExceptionReason::NoEndingInside, row),
    }
}

/// The lowest price that the floor allows; [`NONE`] where no price reaches it.
fn lawful_floor(rules: &CompiledRules, context: &ListContext, row: &Evaluation) -> i64 {
    row.bounds.is_reachable().then(|| rules.endings(context.list).up(row.bounds.floor)).flatten().unwrap_or(NONE)
}

fn bounds_conflict(rules: &CompiledRules, context: &ListContext, row: Evaluation) -> Evaluation {
    let lawful = lawful_floor(rules, context, &row);
    exception(ExceptionReason::BoundsConflict, Evaluation { lawful, ..row })
}

/// A product with a price.
fn price_again(rules: &CompiledRules, context: &ListContext, row: Evaluation) -> Evaluation {
    let price = row.inputs.price;
    let Bounds { floor, ceiling, .. } = row.bounds;
    if price < floor {
        return lift_to_floor(rules, context, row);
    }
    if floor > ceiling {
        return bounds_conflict(rules, context, row);
    }
    if price <= ceiling && is_waiting(rules, context, &row.inputs) {
        return Evaluation { outcome: Outcome::Unchanged, low: price, high: price, ..row };
    }
    if row.wanted == NONE && price <= ceiling {
        let row = windowed(rules, context, row);
        return Evaluation { outcome: Outcome::Unchanged, low: guarded_low(is_cut_refused(rules, &row), &row), ..row };
    }
    let mut row = windowed(rules, context, row);
    let guarded = is_cut_refused(rules, &row);
    let wanted = if row.wanted == NONE { price } else { row.wanted };
    if guarded && wanted.min(ceiling) >= price {
        row.low = row.low.max(price);
    }
    let clamped = wanted.clamp(row.low, row.high);
    let Some(new) = rules.endings(context.list).nearest_inside(clamped, row.low, row.high) else {
        return exception(ExceptionReason::NoEndingInside, row);
    };
    let row = Evaluation { new, ..row };
    if new == price {
        return Evaluation { outcome: Outcome::Unchanged, new: NONE, low: guarded_low(guarded, &row), ..row };
    }
    if guarded && new < price {
        // Above its ceiling a price cannot stay: a person is offered what the ceiling allows.
        let lawful = if price > ceiling { new } else { price };
        return exception(ExceptionReason::NoCost, Evaluation { lawful, ..row });
    }
    let row = Evaluation { low: guarded_low(guarded, &row), ..row };
    if exceeds(price, wanted, LARGEST_UNATTENDED) || exceeds(price, new, rules.approval_limit()) {
        return exception(ExceptionReason::LargeChange, Evaluation { lawful: new, ..row });
    }
    Evaluation { outcome: Outcome::Change, ..row }
}

/// Whether a product has no cost and the rule set refuses to lower such products.
pub(crate) fn is_cut_refused(rules: &CompiledRules, row: &Evaluation) -> bool {
    rules.set.guardrails.no_cut_without_cost && row.inputs.cost_micro == NONE
}

fn guarded_low(guarded: bool, row: &Evaluation) -> i64 {
    if guarded { row.low.max(row.inputs.price) } else { row.low }
}

/// The window of bounds and step. A ceiling below today's price outranks the step downwards.
fn windowed(rules: &CompiledRules, context: &ListContext, row: Evaluation) -> Evaluation {
    let Bounds { floor, ceiling, .. } = row.bounds;
    let (step_low, step_high) = window_of_steps(&rules.set.guardrails, &row.inputs);
    let reachable =
        if step_low > ceiling { rules.endings(context.list).down(ceiling).unwrap_or(floor) } else { step_low };
    Evaluation { low: reachable.max(floor), high: step_high.min(ceiling), ..row }
}

/// A price below its floor outranks the step: a person is asked, and the lowest lawful price is offered.
fn lift_to_floor(rules: &CompiledRules, context: &ListContext, row: Evaluation) -> Evaluation {
    let Bounds { floor, ceiling, .. } = row.bounds;
    if !row.bounds.is_reachable() {
        return exception(below_today(&row), Evaluation { low: floor, ..row });
    }
    let mut lawful = lawful_floor(rules, context, &row);
    if floor <= ceiling && lawful > ceiling {
        // Between floor and ceiling lies no allowed ending.
        lawful = NONE;
    }
    let (_, step_high) = window_of_steps(&rules.set.guardrails, &row.inputs);
    let high = step_high.max(floor).max(lawful).min(ceiling);
    let wanted = if row.wanted == NONE { floor } else { row.wanted.max(floor) };
    let inside = rules.endings(context.list).nearest_inside(wanted.min(high).max(floor), floor, high);
    let new = if floor > ceiling { lawful } else { inside.unwrap_or(NONE) };
    exception(below_today(&row), Evaluation { lawful, new, low: floor, high, ..row })
}

/// Refuses a change that breaks a hard bound; never alters it.
pub(crate) fn verified(rules: &CompiledRules, context: &ListContext, guards: Guards, row: Evaluation) -> Evaluation {
    if row.outcome != Outcome::Change || holds(rules, context, guards, &row) {
        return row;
    }
    let refused = Evaluation { new: NONE, lawful: NONE, refused_by_verification: true, ..row };
    exception(ExceptionReason::BoundsConflict, refused)
}
