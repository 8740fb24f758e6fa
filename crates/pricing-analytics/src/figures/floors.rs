//! Prices against their floors, and advertised prices against the lowest advertised price.

use super::{Figure, ratio_bp, share_bp};

/// How many priced products stand below, at and above their floor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FloorSums {
    /// Below: an exception today.
    pub below: u64,
    /// At it: the floor decides the price.
    pub at: u64,
    /// Above it.
    pub above: u64,
    /// Without a floor.
    pub without: u64,
}

impl FloorSums {
    /// Adds a priced product.
    pub fn add(&mut self, own_minor: i64, floor_minor: Option<i64>) {
        match floor_minor.map(|floor| own_minor.cmp(&floor)) {
            None => self.without += 1,
            Some(std::cmp::Ordering::Less) => self.below += 1,
            Some(std::cmp::Ordering::Equal) => self.at += 1,
            Some(std::cmp::Ordering::Greater) => self.above += 1,
        }
    }

    /// Products with a floor.
    pub const fn with_floor(&self) -> u64 {
        self.below + self.at + self.above
    }

    /// Below ÷ products with a floor, in basis points.
    pub fn below_bp(&self) -> Option<i32> {
        share_bp(self.below, self.with_floor())
    }

    /// At the floor ÷ products with a floor, in basis points.
    pub fn at_bp(&self) -> Option<i32> {
        share_bp(self.at, self.with_floor())
    }
}

impl Figure for FloorSums {
    fn merge(&mut self, other: &Self) {
        self.below += other.below;
        self.at += other.at;
        self.above += other.above;
        self.without += other.without;
    }
}

/// How far an advertised price lies below the lowest advertised price (MAP), in basis points of it: 1 − advertised ÷ MAP.
/// `None`: it does not. The limit is about advertising; it is no floor of ours, and markets without MAP have none.
pub fn map_shortfall(advertised_minor: i64, map_minor: i64) -> Option<i32> {
    let missing = i128::from(map_minor) - i128::from(advertised_minor);
    (missing > 0).then(|| ratio_bp(missing, i128::from(map_minor))).flatten()
}

/// Advertised prices under a MAP, and those below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AdvertisedSums {
    /// Prices of products that have a MAP.
    pub advertised: u64,
    /// Below it.
    pub violations: u64,
}

impl AdvertisedSums {
    /// Adds an advertised price of a product with a MAP.
    pub fn add(&mut self, advertised_minor: i64, map_minor: i64) {
        self.advertised += 1;
        self.violations += u64::from(map_shortfall(advertised_minor, map_minor).is_some());
    }
}

impl Figure for AdvertisedSums {
    fn merge(&mut self, other: &Self) {
        self.advertised += other.advertised;
        self.violations += other.violations;
    }
}
