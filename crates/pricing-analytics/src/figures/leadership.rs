//! Who moves first, and who follows.

use std::collections::BTreeMap;

use pricing_domain::{Instant, MICROSECONDS_PER_DAY};

use super::changes::PriceChange;

/// What one mover did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leader {
    /// Price changes in all.
    pub moves: u64,
    /// Moves that nobody had made within the days before.
    pub first: u64,
    /// Of those, the ones that somebody followed.
    pub followed: u64,
    /// Moves after somebody else's.
    pub follows: u64,
}

/// How often one mover followed another one, and how soon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Follower {
    /// How often.
    pub times: u64,
    hours: i128,
}

impl Follower {
    /// The mean time between the two moves in whole hours, rounded down.
    pub fn mean_hours(&self) -> i64 {
        let times = i128::from(self.times.max(1));
        i64::try_from(self.hours / times).unwrap_or(i64::MAX)
    }
}

/// Sorts the moves of each product into first moves and follows, and counts those from `from` on.
///
/// A move **follows** the earliest move in the same direction that somebody else made on the same product within
/// `days` before it and after the mover's own last move; a move that follows nobody is a **first move**. The answer
/// holds what each mover did, and (leader, follower) pairs. Moves before `from` are no answer of their own, but a later
/// one may follow them: give the moves of `days` before it as well. `changes` may come in any order; cost grows with the moves
/// times those of the same product within the days.
///
/// Source: Seaton and Waterson, Identifying and characterising price leadership in British supermarkets, International
/// Journal of Industrial Organization 31(5), 2013, with the window as a setting.
pub fn leadership(
    changes: &[PriceChange],
    days: u32,
    from: Instant,
) -> (BTreeMap<u32, Leader>, BTreeMap<(u32, u32), Follower>) {
    let mut sorted: Vec<&PriceChange> = changes.iter().filter(|change| change.old_minor != change.new_minor).collect();
    sorted.sort_unstable();
    let window = i64::from(days) * MICROSECONDS_PER_DAY;
    let mut leaders: BTreeMap<u32, Leader> = BTreeMap::new();
    let mut pairs: BTreeMap<(u32, u32), Follower> = BTreeMap::new();
    for moves in sorted.chunk_by(|one, other| one.product == other.product) {
        let mut was_followed = vec![false; moves.len()];
        let mut follows = vec![false; moves.len()];
        let counted = |change: &PriceChange| change.at >= from;
        for (place, change) in moves.iter().enumerate().filter(|(_, change)| counted(change)) {
            leaders.entry(change.mover).or_default().moves += 1;
            let Some(first) = followed_move(moves, place, window) else { continue };
            follows[place] = true;
            was_followed[first] = true;
            let leader = moves[first];
            let pair = pairs.entry((leader.mover, change.mover)).or_default();
            pair.times += 1;
            pair.hours += i128::from(change.at.hours_since(leader.at));
        }
        for (place, change) in moves.iter().enumerate().filter(|(_, change)| counted(change)) {
            let leader = leaders.entry(change.mover).or_default();
            leader.follows += u64::from(follows[place]);
            leader.first += u64::from(!follows[place]);
            leader.followed += u64::from(!follows[place] && was_followed[place]);
        }
    }
    (leaders, pairs)
}

/// The place of the move that the one at `place` follows.
fn followed_move(moves: &[&PriceChange], place: usize, window: i64) -> Option<usize> {
    let change = moves[place];
    let earliest = Instant(change.at.0.saturating_sub(window));
    let since = moves[..place].iter().rposition(|earlier| earlier.mover == change.mover).map_or(0, |own| own + 1);
    let same_way = |earlier: &PriceChange| falls(earlier) == falls(change);
    let first = moves[since..place].iter().position(|earlier| {
        earlier.mover != change.mover && earlier.at >= earliest && earlier.at < change.at && same_way(earlier)
    })?;
    Some(since + first)
}

const fn falls(change: &PriceChange) -> bool {
    change.new_minor < change.old_minor
}

#[cfg(test)]
mod tests {
    use pricing_domain::Instant;

    use super::{PriceChange, leadership};

    const A: u32 = 1;
    const B: u32 = 2;
    const C: u32 = 3;

    fn change(product: u32, day: i64, mover: u32, old_minor: i64, new_minor: i64) -> PriceChange {
        PriceChange { product, at: Instant(0).plus_days(day), mover, old_minor, new_minor }
    }

    #[test]
    fn who_moves_within_the_days_follows_the_first_and_later_ones_lead_anew() {
        let changes =
            [change(1, 0, A, 100, 90), change(1, 1, B, 100, 91), change(1, 3, C, 100, 92), change(1, 30, C, 92, 80)];
        let (leaders, pairs) = leadership(&changes, 7, Instant(0));
        assert_eq!((leaders[&A].first, leaders[&A].followed, leaders[&A].follows), (1, 1, 0));
        assert_eq!((leaders[&C].moves, leaders[&C].first, leaders[&C].followed, leaders[&C].follows), (2, 1, 0, 1));
        assert_eq!((pairs[&(A, B)].times, pairs[&(A, B)].mean_hours()), (1, 24));
        assert_eq!((pairs[&(A, C)].times, pairs[&(A, C)].mean_hours()), (1, 72));
        assert!(!pairs.contains_key(&(B, C)), "the first move is followed, not the second");
    }

    #[test]
    fn a_move_follows_one_from_before_the_period_which_is_not_counted_itself() {
        let changes = [change(1, 8, A, 100, 90), change(1, 11, B, 100, 91), change(1, 12, C, 100, 92)];
        let (leaders, pairs) = leadership(&changes, 7, Instant(0).plus_days(10));
        assert!(!leaders.contains_key(&A), "it moved before the period");
        assert_eq!((leaders[&B].moves, leaders[&B].first, leaders[&B].follows), (1, 0, 1));
        assert_eq!((pairs[&(A, B)].times, pairs[&(A, C)].times), (1, 1));
    }

    #[test]
    fn another_direction_another_product_and_an_own_answer_are_no_follows() {
        let changes = [
            change(1, 0, A, 100, 90),
            change(1, 1, B, 100, 110),
            change(2, 1, B, 100, 90),
            // B answers once; its second cut follows nobody.
            change(3, 0, A, 100, 90),
            change(3, 1, B, 100, 90),
            change(3, 2, B, 90, 80),
        ];
        let (leaders, pairs) = leadership(&changes, 7, Instant(0));
        assert_eq!(pairs[&(A, B)].times, 1);
        assert_eq!((leaders[&B].moves, leaders[&B].first, leaders[&B].follows), (4, 3, 1));
    }
}
