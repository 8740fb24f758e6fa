//! What a price did lately, for the guardrails that look further back than today's price.
//!
//! **A day and a week** are the 24 hours and the seven times 24 hours before the run: the largest step is measured from
//! the price that was in force then, or from the first one known since. **A change** is an own price that differs from
//! the one before it. **A round** of a spiral is a price that a competitor lowered and that we answered by lowering
//! ours; both within the days that the rule set names.

use pricing_domain::{Guardrails, SpiralLimit};

use super::compile::ListContext;
use crate::columns::NONE;
use crate::snapshot::PriceMove;

const SECONDS_PER_DAY: i64 = 86_400;
const DAYS_PER_WEEK: i64 = 7;

/// What a price did lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Recent {
    /// The price a day before in minor units; [`NONE`]: today's.
    pub(crate) day_ago: i64,
    /// The price a week before; [`NONE`]: today's.
    pub(crate) week_ago: i64,
    /// Changes within the week.
    pub(crate) changes: u32,
    /// The most rounds that one competitor and we had.
    pub(crate) rounds: u32,
    /// That competitor's number; [`PriceMove::OWN`]: there is none.
    pub(crate) rival: u16,
}

impl Recent {
    /// Nothing moved.
    pub(crate) const QUIET: Self = Self { day_ago: NONE, week_ago: NONE, changes: 0, rounds: 0, rival: PriceMove::OWN };

    /// From the moves of a product, in the order of time.
    pub(crate) fn of(guardrails: &Guardrails, context: &ListContext, moves: &[PriceMove]) -> Self {
        if moves.is_empty() {
            return Self::QUIET;
        }
        let now_s = context.offers.now_s;
        let own: Vec<&PriceMove> = moves.iter().filter(|one| is_ours(context, one) && at(one) <= now_s).collect();
        let before = |days: i64| price_at(&own, now_s - days * SECONDS_PER_DAY);
        let week_began = now_s - DAYS_PER_WEEK * SECONDS_PER_DAY;
        let changes = own.windows(2).filter(|pair| changed(pair[0], pair[1]) && at(pair[1]) > week_began);
        let (rounds, rival) = guardrails.spiral.map_or((0, PriceMove::OWN), |spiral| rounds(spiral, context, moves));
        Self { day_ago: before(1), week_ago: before(DAYS_PER_WEEK), changes: changes.count() as u32, rounds, rival }
    }
}

/// Whether a rule set looks further back than today's price.
pub(crate) fn looks_back(guardrails: &Guardrails) -> bool {
    !guardrails.step_per_day.is_none()
        || !guardrails.step_per_week.is_none()
        || guardrails.changes_per_week.is_some()
        || guardrails.spiral.is_some()
}

fn at(one: &PriceMove) -> i64 {
    i64::from(one.at_s)
}

const fn changed(one: &PriceMove, other: &PriceMove) -> bool {
    one.amount_minor != other.amount_minor
}

fn is_ours(context: &ListContext, one: &PriceMove) -> bool {
    one.by == PriceMove::OWN && usize::from(one.list_or_currency) == context.list
}

/// The price in force at a time, or the first one known since; [`NONE`] without any.
fn price_at(own: &[&PriceMove], at_s: i64) -> i64 {
    let in_force = own.iter().rev().find(|one| at(one) <= at_s).or(own.first());
    in_force.map_or(NONE, |one| one.amount_minor)
}

/// The most rounds with one competitor, and its number: of several the first.
fn rounds(spiral: SpiralLimit, context: &ListContext, moves: &[PriceMove]) -> (u32, u16) {
    let mut rivals: Vec<u16> = moves.iter().map(|one| one.by).filter(|by| *by != PriceMove::OWN).collect();
    rivals.sort_unstable();
    rivals.dedup();
    let most = rivals.into_iter().map(|rival| (rounds_with(spiral, context, moves, rival), rival));
    most.max_by_key(|(rounds, rival)| (*rounds, std::cmp::Reverse(*rival)))
        .filter(|(rounds, _)| *rounds > 0)
        .unwrap_or((0, PriceMove::OWN))
}

fn rounds_with(spiral: SpiralLimit, context: &ListContext, moves: &[PriceMove], rival: u16) -> u32 {
    let now_s = context.offers.now_s;
    let began_s = now_s - i64::from(spiral.days) * SECONDS_PER_DAY;
    let (mut rounds, mut is_our_turn) = (0, false);
    for (place, one) in moves.iter().enumerate().filter(|(_, one)| (began_s + 1..=now_s).contains(&at(one))) {
        if !is_lowered(&moves[..place], one) {
            continue;
        }
        if is_ours(context, one) {
            rounds += u32::from(is_our_turn);
            is_our_turn = false;
        } else if one.by == rival && one.list_or_currency == u16::from(context.offers.currency) {
            is_our_turn = true;
        }
    }
    rounds
}

/// Whether a price began below the one before it, of the same list or listing.
fn is_lowered(before: &[PriceMove], one: &PriceMove) -> bool {
    let same = |other: &&PriceMove| {
        (other.by, other.listing, other.list_or_currency) == (one.by, one.listing, one.list_or_currency)
    };
    before.iter().rev().find(same).is_some_and(|previous| one.amount_minor < previous.amount_minor)
}
