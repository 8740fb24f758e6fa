//! How much of the catalogue is compared, and how old what we compare with is.

use super::{Figure, share_bp};

/// Coverage: products with at least one usable offer ÷ products with a price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CoverageSums {
    /// With a price of ours.
    pub products: u64,
    /// With a usable offer.
    pub covered: u64,
    /// Usable offers of all of them.
    pub offers: u64,
}

impl CoverageSums {
    /// Adds a priced product with so many usable offers.
    pub fn add(&mut self, offers: u64) {
        self.products += 1;
        self.covered += u64::from(offers > 0);
        self.offers += offers;
    }

    /// Covered ÷ products in basis points.
    pub fn coverage_bp(&self) -> Option<i32> {
        share_bp(self.covered, self.products)
    }
}

impl Figure for CoverageSums {
    fn merge(&mut self, other: &Self) {
        self.products += other.products;
        self.covered += other.covered;
        self.offers += other.offers;
    }
}

/// The steps of freshness: up to a day, three days, a week; older is the last group.
pub const AGE_STEPS_HOURS: [i64; 3] = [24, 72, 168];

/// Freshness: offers by the age of their newest reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FreshnessSums {
    /// Offers by the steps of [`AGE_STEPS_HOURS`], the last one older than all.
    pub by_age: [u64; 4],
    /// The age of the oldest, in hours.
    pub oldest_hours: i64,
    hours: i128,
}

impl FreshnessSums {
    /// Adds an offer that was last seen so many whole hours ago.
    pub fn add(&mut self, age_hours: i64) {
        let place = AGE_STEPS_HOURS.iter().position(|step| age_hours <= *step).unwrap_or(AGE_STEPS_HOURS.len());
        self.by_age[place] += 1;
        self.oldest_hours = self.oldest_hours.max(age_hours);
        self.hours += i128::from(age_hours.max(0));
    }

    /// Offers in all.
    pub fn offers(&self) -> u64 {
        self.by_age.iter().sum()
    }

    /// Offers of the newest day ÷ all, in basis points.
    pub fn fresh_bp(&self) -> Option<i32> {
        share_bp(self.by_age[0], self.offers())
    }

    /// The mean age in whole hours, rounded down.
    pub fn mean_hours(&self) -> Option<i64> {
        let offers = i128::from(self.offers());
        (offers > 0).then(|| i64::try_from(self.hours / offers).unwrap_or(i64::MAX))
    }
}

impl Figure for FreshnessSums {
    fn merge(&mut self, other: &Self) {
        self.by_age.iter_mut().zip(other.by_age).for_each(|(sum, more)| *sum += more);
        self.oldest_hours = self.oldest_hours.max(other.oldest_hours);
        self.hours += other.hours;
    }
}
