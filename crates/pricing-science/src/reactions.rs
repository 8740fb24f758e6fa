//! How competitors answered our changes of price: how often beyond chance, how far, and how soon.
//!
//! A move of ours is answered by a competitor who has the product too and moves it the same way within the window and
//! before our next move of it. Whoever changes prices often would be counted as answering without doing so; what chance
//! gives is the share that a Poisson process with the competitor's own rate of such moves gives in the same time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A change of a price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PastMove {
    /// The product.
    pub product: u32,
    /// Who; `None`: we.
    pub by: Option<u32>,
    /// When, in days from any day on.
    pub day: f64,
    /// New ÷ old − 1.
    pub change: f64,
}

/// How a competitor answered one direction of our moves.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct AnsweredMoves {
    /// Our moves on products that the competitor has too.
    pub moves: usize,
    /// Those that it answered.
    pub followed: usize,
    /// The share that chance would give.
    pub by_chance: f64,
    /// The part of our change that the competitor makes on average, beyond chance.
    pub share: f64,
    /// The usual delay in days; NaN without an answer.
    pub days: f64,
}

/// The largest answer that counts, as a multiple of our move.
pub(crate) const LARGEST: f64 = 2.0;

/// How competitor `who` answered our cuts and our rises within `window` days. `has`: whether it has a product; `days`:
/// the length of the history; `moves` in the order of products, then of time.
pub fn answers_to_us(
    moves: &[PastMove],
    who: u32,
    has: &dyn Fn(u32) -> bool,
    days: f64,
    window: f64,
) -> (AnsweredMoves, AnsweredMoves) {
    let of = |falls: bool| {
        let mut found = AnsweredMoves { days: f64::NAN, ..AnsweredMoves::default() };
        let (mut parts, mut delays, mut exposed) = (Vec::new(), Vec::new(), 0.0);
        let (mut own_moves, mut products) = (0usize, BTreeMap::<u32, ()>::new());
        for of_product in moves.chunk_by(|one, other| one.product == other.product) {
            if !has(of_product[0].product) {
                continue;
            }
            products.insert(of_product[0].product, ());
            own_moves += of_product.iter().filter(|one| one.by == Some(who) && is_way(one, falls)).count();
            for (place, ours) in of_product.iter().enumerate().filter(|(_, one)| one.by.is_none() && is_way(one, falls))
            {
                found.moves += 1;
                let later = &of_product[place + 1..];
                let next = later.iter().find(|one| one.by.is_none()).map_or(f64::INFINITY, |one| one.day);
                let until = (ours.day + window).min(next);
                exposed += until.min(days) - ours.day;
                let answer = later
                    .iter()
                    .find(|one| one.by == Some(who) && is_way(one, falls) && one.day > ours.day && one.day <= until);
                if let Some(answer) = answer {
                    found.followed += 1;
                    parts.push((answer.change / ours.change).clamp(0.0, LARGEST));
                    delays.push(answer.day - ours.day);
                }
            }
        }
        if found.moves == 0 {
            return found;
        }
        let rate = own_moves as f64 / (products.len() as f64 * days.max(1.0));
        found.by_chance = 1.0 - (-rate * (exposed / found.moves as f64).max(0.0)).exp();
        let share = found.followed as f64 / found.moves as f64;
        let beyond = ((share - found.by_chance) / (1.0 - found.by_chance).max(1e-9)).max(0.0);
        if found.followed > 0 {
            found.share = beyond * middle(&mut parts);
            found.days = middle(&mut delays);
        }
        found
    };
    (of(true), of(false))
}

pub(crate) fn is_way(one: &PastMove, falls: bool) -> bool {
    one.change != 0.0 && (one.change < 0.0) == falls
}

pub(crate) fn middle(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { (values[half - 1] + values[half]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::{PastMove, answers_to_us};

    const RIVAL: u32 = 0;

    fn own(product: u32, day: f64, change: f64) -> PastMove {
        PastMove { product, by: None, day, change }
    }

    fn theirs(product: u32, day: f64, change: f64) -> PastMove {
        PastMove { by: Some(RIVAL), ..own(product, day, change) }
    }

    #[test]
    fn who_answers_cuts_by_half_after_three_days_is_seen_as_such() {
        let moves: Vec<PastMove> =
            (0..20).flat_map(|product| [own(product, 10.0, -0.1), theirs(product, 13.0, -0.05)]).collect();
        let (cuts, rises) = answers_to_us(&moves, RIVAL, &|_| true, 365.0, 14.0);
        assert_eq!((cuts.moves, cuts.followed, cuts.days), (20, 20, 3.0));
        assert!((cuts.share - 0.5).abs() < 1e-9 && cuts.by_chance < 0.05, "{cuts:?}");
        assert_eq!((rises.moves, rises.followed), (0, 0));
    }

    #[test]
    fn who_moves_all_the_time_answers_nobody() {
        let mut moves = Vec::new();
        for product in 0..30 {
            moves.push(own(product, 100.5, -0.1));
            // A cut every seven days, whatever we do.
            moves.extend((0..52).map(|week| theirs(product, 7.0 * f64::from(week), -0.05)));
        }
        moves.sort_by(|one, other| one.product.cmp(&other.product).then(one.day.total_cmp(&other.day)));
        let (cuts, _) = answers_to_us(&moves, RIVAL, &|_| true, 364.0, 7.0);
        assert_eq!(cuts.followed, 30);
        let (window, _) = answers_to_us(&moves, RIVAL, &|_| true, 364.0, 3.0);
        assert!(cuts.by_chance > 0.6 && window.by_chance > 0.3, "{cuts:?} {window:?}");
        assert!(window.share < 0.05, "three days after ours nobody moved: {window:?}");
    }

    #[test]
    fn a_move_after_our_next_one_answers_that_one() {
        let moves = [own(1, 1.0, -0.1), own(1, 3.0, -0.1), theirs(1, 4.0, -0.2)];
        let (cuts, _) = answers_to_us(&moves, RIVAL, &|_| true, 100.0, 14.0);
        assert_eq!((cuts.moves, cuts.followed, cuts.days), (2, 1, 1.0));
        let (absent, _) = answers_to_us(&moves, RIVAL, &|_| false, 100.0, 14.0);
        assert_eq!(absent.moves, 0);
    }
}
