//! One subject at one look: which side of its limit it is on, and whether that is news.

use pricing_domain::{AlertDirection, AlertTurn};

/// What is watched about a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// It crosses a limit. On the limit, and within the tolerance around it, it stays on the side where it was.
    Level {
        /// The limit.
        limit: i64,
        /// So far beyond before it counts, not below zero.
        tolerance: i64,
    },
    /// It falls below a limit that it may stand on, such as a minimum: on the limit and above it all is well again, and
    /// within the tolerance below it stays on the side where it was.
    Least {
        /// The least that is allowed.
        limit: i64,
        /// So far below before it counts, not below zero.
        tolerance: i64,
    },
    /// It leaves a band by more than the tolerance, or comes back into the band itself.
    Band {
        /// The lowest number inside.
        from: i64,
        /// The highest number inside.
        to: i64,
        /// So far outside before it counts, not below zero.
        tolerance: i64,
    },
    /// It has moved by a share since the reference, which is where it was told last. Watched in one direction only, the
    /// reference goes along with moves in the other one: a fall is measured from the highest price since.
    Move {
        /// Basis points of the reference.
        change_bp: i32,
        /// Which way.
        direction: AlertDirection,
    },
}

/// Which side of its limit a subject is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Inside the band, above a level, or not moved.
    #[default]
    Calm,
    /// Below.
    Low,
    /// Above the band.
    High,
}

/// What is known of a subject from earlier looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// On which side it was.
    pub side: Side,
    /// The number it was read with when it came to that side; of a move the reference.
    pub reference: i64,
}

/// Something to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    /// What became of the subject.
    pub turn: AlertTurn,
    /// The number before: on the other side, or the reference of a move.
    pub before: Option<i64>,
}

/// Judges a reading. `before` is what was known; on the first look of an alert there is nothing known of anything, and
/// what already is so is no news. Later a subject that is not known counts as calm.
pub fn judge(watch: Watch, value: i64, before: Option<Known>, first_look: bool) -> (Known, Option<News>) {
    if let Watch::Move { change_bp, direction } = watch {
        return judge_move(change_bp, direction, value, before);
    }
    let was = before.map_or(Side::Calm, |known| known.side);
    let side = match watch {
        Watch::Level { limit, tolerance } => level_side(value, limit, tolerance, was, before.is_none() && first_look),
        Watch::Least { limit, .. } if value >= limit => Side::Calm,
        Watch::Least { limit, tolerance } => level_side(value, limit, tolerance, was, before.is_none() && first_look),
        Watch::Band { from, to, tolerance } => band_side(value, (from, to), tolerance, was),
        Watch::Move { .. } => unreachable!("moves are judged above"),
    };
    if side == was {
        // What is calm is remembered by its newest number: that is what it was before it crossed.
        let reference = before.filter(|_| side != Side::Calm).map_or(value, |known| known.reference);
        return (Known { side, reference }, None);
    }
    let turn = match (was, side) {
        (Side::Low, Side::Calm) => AlertTurn::Rose,
        (Side::High, Side::Calm) => AlertTurn::Fell,
        (_, Side::Low) => AlertTurn::Fell,
        (_, Side::High) => AlertTurn::Rose,
        (Side::Calm, Side::Calm) => unreachable!("the sides differ"),
    };
    let news = News { turn, before: before.map(|known| known.reference) };
    (Known { side, reference: value }, (!first_look).then_some(news))
}

fn level_side(value: i64, limit: i64, tolerance: i64, was: Side, unknown: bool) -> Side {
    let tolerance = tolerance.max(0);
    if value < limit.saturating_sub(tolerance) || (unknown && value < limit) {
        Side::Low
    } else if value > limit.saturating_add(tolerance) {
        Side::Calm
    } else {
        was
    }
}

fn band_side(value: i64, (from, to): (i64, i64), tolerance: i64, was: Side) -> Side {
    let tolerance = tolerance.max(0);
    if value < from.saturating_sub(tolerance) {
        Side::Low
    } else if value > to.saturating_add(tolerance) {
        Side::High
    } else if (from..=to).contains(&value) {
        Side::Calm
    } else {
        // In the tolerance beside one end: whoever comes from the other end has passed through the band.
        match was {
            Side::Low if value > to => Side::Calm,
            Side::High if value < from => Side::Calm,
            stays => stays,
        }
    }
}

fn judge_move(change_bp: i32, direction: AlertDirection, value: i64, before: Option<Known>) -> (Known, Option<News>) {
    let Some(known) = before.filter(|known| known.reference > 0) else {
        return (Known { side: Side::Calm, reference: value }, None);
    };
    let reference = known.reference;
    let moved = (i128::from(value) - i128::from(reference)) * 10_000;
    let needed = i128::from(reference) * i128::from(change_bp.max(1));
    let fell = direction != AlertDirection::Up && moved <= -needed;
    let rose = direction != AlertDirection::Down && moved >= needed;
    let told = |turn| (Known { side: Side::Calm, reference: value }, Some(News { turn, before: Some(reference) }));
    if fell {
        return told(AlertTurn::Fell);
    }
    if rose {
        return told(AlertTurn::Rose);
    }
    let reference = match direction {
        AlertDirection::Down => reference.max(value),
        AlertDirection::Up => reference.min(value),
        AlertDirection::Either => reference,
    };
    (Known { side: Side::Calm, reference }, None)
}

#[cfg(test)]
mod tests {
    use pricing_domain::{AlertDirection, AlertTurn};
    use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

    use super::{Known, Watch, judge};

    /// What is told over a row of readings, by their place; the first look comes before them.
    fn told(watch: Watch, first: i64, readings: &[Option<i64>]) -> Vec<(usize, AlertTurn)> {
        let (mut known, news): (Known, _) = judge(watch, first, None, true);
        assert_eq!(news, None, "what already is so is no news");
        let mut told = Vec::new();
        for (place, reading) in readings.iter().enumerate() {
            let Some(value) = reading else { continue };
            let (next, news) = judge(watch, *value, Some(known), false);
            known = next;
            told.extend(news.map(|news| (place, news.turn)));
        }
        told
    }

    fn some(values: &[i64]) -> Vec<Option<i64>> {
        values.iter().copied().map(Some).collect()
    }

    #[test]
    fn a_price_that_crosses_a_limit_is_told_once_in_each_direction() {
        use AlertTurn::{Fell, Rose};
        let watch = Watch::Level { limit: 9_500, tolerance: 0 };
        type Told<'a> = &'a [(usize, AlertTurn)];
        let cases: &[(i64, &[i64], Told<'_>)] = &[
            (9_900, &[9_600, 9_400, 9_300, 9_400], &[(1, Fell)]),
            (9_900, &[9_400, 9_600, 9_400], &[(0, Fell), (1, Rose), (2, Fell)]),
            (9_900, &[9_500, 9_499], &[(1, Fell)]),
            (9_400, &[9_400, 9_500, 9_501], &[(2, Rose)]),
            (9_400, &[9_300, 9_200], &[]),
        ];
        for (first, values, expected) in cases {
            assert_eq!(told(watch, *first, &some(values)), *expected, "{first} then {values:?}");
        }
    }

    #[test]
    fn within_the_tolerance_nothing_is_told() {
        use AlertTurn::{Fell, Rose};
        let watch = Watch::Level { limit: 10_000, tolerance: 50 };
        assert_eq!(told(watch, 10_020, &some(&[9_980, 10_010, 9_960, 9_950])), []);
        assert_eq!(told(watch, 10_020, &some(&[9_949, 10_050, 10_051])), [(0, Fell), (2, Rose)]);
    }

    #[test]
    fn a_price_that_stood_exactly_on_its_minimum_is_told_when_it_falls_again() {
        use AlertTurn::{Fell, Rose};
        let watch = Watch::Least { limit: 12_500, tolerance: 0 };
        assert_eq!(told(watch, 13_000, &some(&[11_950, 12_500, 12_050])), [(0, Fell), (1, Rose), (2, Fell)]);
        assert_eq!(told(watch, 12_500, &some(&[12_500, 12_499])), [(1, Fell)]);
        let lenient = Watch::Least { limit: 10_000, tolerance: 100 };
        assert_eq!(told(lenient, 10_000, &some(&[9_900, 9_899, 9_950, 10_000])), [(1, Fell), (3, Rose)]);
    }

    #[test]
    fn an_index_is_told_when_it_leaves_its_band_and_when_it_is_back() {
        use AlertTurn::{Fell, Rose};
        let watch = Watch::Band { from: 9_800, to: 10_200, tolerance: 20 };
        assert_eq!(told(watch, 10_000, &some(&[10_220, 10_221, 10_210, 10_200])), [(1, Rose), (3, Fell)]);
        assert_eq!(told(watch, 10_000, &some(&[9_779, 9_790, 9_800])), [(0, Fell), (2, Rose)]);
        assert_eq!(told(watch, 10_000, &some(&[9_700, 10_300])), [(0, Fell), (1, Rose)], "from one side to the other");
        assert_eq!(told(watch, 9_700, &some(&[10_210])), [(0, Rose)], "it has passed through the band");
    }

    #[test]
    fn a_change_is_measured_from_where_it_was_told_last() {
        use AlertTurn::{Fell, Rose};
        let either = Watch::Move { change_bp: 500, direction: AlertDirection::Either };
        assert_eq!(told(either, 10_000, &some(&[9_600, 9_500, 9_400, 9_025])), [(1, Fell), (3, Fell)]);
        assert_eq!(told(either, 10_000, &some(&[10_500, 10_000])), [(0, Rose)], "4.8 % down is not enough");
        let down = Watch::Move { change_bp: 500, direction: AlertDirection::Down };
        assert_eq!(told(down, 10_000, &some(&[11_000, 10_450])), [(1, Fell)], "measured from the highest since");
        let up = Watch::Move { change_bp: 500, direction: AlertDirection::Up };
        assert_eq!(told(up, 10_000, &some(&[9_000, 9_450])), [(1, Rose)], "measured from the lowest since");
    }

    #[test]
    fn a_subject_that_is_new_later_counts_as_calm_before() {
        let watch = Watch::Level { limit: 1_000, tolerance: 0 };
        let (_, news) = judge(watch, 900, None, false);
        assert_eq!(news.map(|news| (news.turn, news.before)), Some((AlertTurn::Fell, None)));
        let moves = Watch::Move { change_bp: 500, direction: AlertDirection::Either };
        assert_eq!(judge(moves, 900, None, false).1, None, "a change needs two readings");
    }

    fn watches() -> impl Strategy<Value = Watch> {
        let directions =
            prop_oneof![Just(AlertDirection::Down), Just(AlertDirection::Up), Just(AlertDirection::Either)];
        prop_oneof![
            (1i64..2_000, 0i64..200).prop_map(|(limit, tolerance)| Watch::Level { limit, tolerance }),
            (1i64..2_000, 0i64..200).prop_map(|(limit, tolerance)| Watch::Least { limit, tolerance }),
            (1i64..1_000, 0i64..1_000, 0i64..200).prop_map(|(from, width, tolerance)| Watch::Band {
                from,
                to: from + width,
                tolerance
            }),
            (1i32..5_000, directions).prop_map(|(change_bp, direction)| Watch::Move { change_bp, direction }),
        ]
    }

    proptest! {
        #[test]
        fn readings_that_are_missing_never_tell_anything(
            watch in watches(),
            first in 1i64..2_000,
            values in prop::collection::vec(1i64..2_000, 0..40),
            gaps in prop::collection::vec(any::<bool>(), 40),
        ) {
            // A failed fetch between two readings changes nothing about what is told.
            let mut with_gaps = Vec::new();
            for (value, gap) in values.iter().zip(&gaps) {
                with_gaps.extend(gap.then_some(None));
                with_gaps.push(Some(*value));
            }
            let turns = |readings: &[Option<i64>]| -> Vec<AlertTurn> {
                told(watch, first, readings).into_iter().map(|(_, turn)| turn).collect()
            };
            prop_assert_eq!(turns(&with_gaps), turns(&some(&values)));
        }

        #[test]
        fn the_same_reading_again_is_no_news(
            watch in watches(),
            first in 1i64..2_000,
            values in prop::collection::vec(1i64..2_000, 1..40),
        ) {
            let doubled: Vec<Option<i64>> = values.iter().flat_map(|value| [Some(*value), Some(*value)]).collect();
            for (place, _) in told(watch, first, &doubled) {
                prop_assert!(place % 2 == 0, "told at a repetition: {:?}", doubled);
            }
        }

        #[test]
        fn a_level_is_told_in_turns(
            limit in 1i64..2_000,
            tolerance in 0i64..200,
            first in 1i64..2_000,
            values in prop::collection::vec(1i64..2_000, 0..40),
        ) {
            let turns = told(Watch::Level { limit, tolerance }, first, &some(&values));
            for pair in turns.windows(2) {
                prop_assert!(pair[0].1 != pair[1].1, "two crossings in one direction: {:?}", turns);
            }
            for (place, turn) in turns {
                let beyond = if turn == AlertTurn::Fell { limit - values[place] } else { values[place] - limit };
                prop_assert!(beyond > tolerance, "told within the tolerance");
            }
        }
    }
}
