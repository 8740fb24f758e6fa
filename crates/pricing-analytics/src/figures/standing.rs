//! How our prices stand against others: gap, win, tie and loss, position, distances.

use pricing_domain::{BasisPoints, IndexForm, Outcome, Ratio};

use super::index::IndexSums;
use super::{Figure, share_bp};

/// Own ÷ theirs − 1, exactly; `None` where theirs is not positive.
pub fn gap(own_minor: i64, theirs_minor: i64) -> Option<Ratio> {
    (theirs_minor > 0).then(|| Ratio {
        numerator: i128::from(own_minor) - i128::from(theirs_minor),
        denominator: i128::from(theirs_minor),
    })
}

/// **Win** when the gap is below −t, **tie** when |gap| ≤ t, **loss** when it is above t. Both prices are above zero.
pub fn outcome(own_minor: i64, theirs_minor: i64, tolerance: BasisPoints) -> Outcome {
    let difference = (i128::from(own_minor) - i128::from(theirs_minor)) * i128::from(BasisPoints::ONE);
    let allowed = i128::from(tolerance.0) * i128::from(theirs_minor);
    if difference < -allowed {
        Outcome::Win
    } else if difference > allowed {
        Outcome::Loss
    } else {
        Outcome::Tie
    }
}

/// The rank of our price among the usable offers: one more than the offers below it, so that equals share a place.
pub fn position(own_minor: i64, offers_minor: impl IntoIterator<Item = i64>) -> u32 {
    let below = offers_minor.into_iter().filter(|offer| *offer < own_minor).count();
    u32::try_from(below).unwrap_or(u32::MAX - 1) + 1
}

/// How far the next dearer offer lies above us: next ÷ own − 1, the room to raise without losing a place. `None`
/// where nobody is dearer.
pub fn distance_to_next(own_minor: i64, offers_minor: impl IntoIterator<Item = i64>) -> Option<Ratio> {
    let next = offers_minor.into_iter().filter(|offer| *offer > own_minor).min()?;
    gap(next, own_minor)
}

/// Wins, ties, losses and the index over the priced products of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StandingSums {
    /// With a price of ours.
    pub products: u64,
    /// Gap below −tolerance.
    pub win: u64,
    /// Within the tolerance.
    pub tie: u64,
    /// Gap above the tolerance.
    pub loss: u64,
    /// Over the compared ones.
    pub index: IndexSums,
}

impl StandingSums {
    /// Nothing yet.
    pub const fn new(form: IndexForm) -> Self {
        Self { products: 0, win: 0, tie: 0, loss: 0, index: IndexSums::new(form) }
    }

    /// Adds a priced product; `theirs_minor` is `None` without a usable offer, and then only coverage knows of it.
    pub fn add(&mut self, own_minor: i64, theirs_minor: Option<i64>, units_milli: i64, tolerance: BasisPoints) {
        self.products += 1;
        let Some(theirs_minor) = theirs_minor.filter(|theirs| *theirs > 0) else { return };
        self.index.add(own_minor, theirs_minor, units_milli);
        match outcome(own_minor, theirs_minor, tolerance) {
            Outcome::Win => self.win += 1,
            Outcome::Tie => self.tie += 1,
            Outcome::Loss => self.loss += 1,
        }
    }

    /// Products with a usable offer.
    pub const fn compared(&self) -> u64 {
        self.win + self.tie + self.loss
    }

    /// Compared ÷ priced products, in basis points: it always stands beside an index.
    pub fn coverage_bp(&self) -> i32 {
        share_bp(self.compared(), self.products).unwrap_or(0)
    }
}

impl Figure for StandingSums {
    fn merge(&mut self, other: &Self) {
        self.products += other.products;
        self.win += other.win;
        self.tie += other.tie;
        self.loss += other.loss;
        self.index.merge(&other.index);
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{BasisPoints, Outcome, Ratio};

    use super::{distance_to_next, gap, outcome, position};

    #[test]
    fn the_tolerance_belongs_to_the_tie_on_both_sides() {
        let half = BasisPoints(50);
        for (own, expected) in
            [(9_949, Outcome::Win), (9_950, Outcome::Tie), (10_050, Outcome::Tie), (10_051, Outcome::Loss)]
        {
            assert_eq!(outcome(own, 10_000, half), expected, "{own}");
        }
        assert_eq!(outcome(999, 1_000, BasisPoints(0)), Outcome::Win);
    }

    #[test]
    fn equals_share_a_position_and_the_next_is_dearer() {
        assert_eq!(position(100, [90, 100, 100, 120]), 2);
        assert_eq!(position(100, []), 1);
        assert_eq!(distance_to_next(100, [90, 100, 120]), Some(Ratio { numerator: 20, denominator: 100 }));
        assert_eq!(distance_to_next(100, [90, 100]), None);
        assert_eq!((gap(110, 100), gap(1, 0)), (Some(Ratio { numerator: 10, denominator: 100 }), None));
    }
}
