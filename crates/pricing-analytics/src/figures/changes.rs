//! How often and how far prices move.

use pricing_domain::{Instant, Ratio, Rounding};

use super::{Figure, clamped};

/// A price that became another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PriceChange {
    /// Which product.
    pub product: u32,
    /// When it was first seen.
    pub at: Instant,
    /// Who moved; any number that tells movers apart.
    pub mover: u32,
    /// Before, in minor units; above zero.
    pub old_minor: i64,
    /// After.
    pub new_minor: i64,
}

/// Parts of one in which a single relative change is held.
const RELATION_UNIT: i128 = 1_000_000_000;

/// Changes of a day, a competitor or any other group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeSums {
    /// Prices that fell.
    pub lowered: u64,
    /// Prices that rose.
    pub raised: u64,
    signed: i128,
    absolute: i128,
}

impl ChangeSums {
    /// Adds a change: new ÷ old − 1, held at 10⁻⁹. A price that stayed counts for nothing.
    pub fn add(&mut self, old_minor: i64, new_minor: i64) {
        if old_minor <= 0 || old_minor == new_minor {
            return;
        }
        let numerator = (i128::from(new_minor) - i128::from(old_minor)) * RELATION_UNIT;
        let relation = i128::from(Ratio { numerator, denominator: i128::from(old_minor) }.round(Rounding::Nearest));
        self.lowered += u64::from(new_minor < old_minor);
        self.raised += u64::from(new_minor > old_minor);
        self.signed += relation;
        self.absolute += relation.abs();
    }

    /// Sums that are known already, with Σ(new ÷ old − 1) and Σ|new ÷ old − 1| at 10⁻⁹.
    pub fn of_sums(lowered: u64, raised: u64, signed: i64, absolute: i64) -> Self {
        Self { lowered, raised, signed: i128::from(signed), absolute: i128::from(absolute) }
    }

    /// Changes in all.
    pub const fn changes(&self) -> u64 {
        self.lowered + self.raised
    }

    /// The mean change in basis points, falls against rises.
    pub fn mean_bp(&self) -> Option<i32> {
        mean_bp(self.signed, self.changes())
    }

    /// The mean size of a change in basis points, whatever its direction.
    pub fn mean_size_bp(&self) -> Option<i32> {
        mean_bp(self.absolute, self.changes())
    }
}

impl Figure for ChangeSums {
    fn merge(&mut self, other: &Self) {
        self.lowered += other.lowered;
        self.raised += other.raised;
        self.signed += other.signed;
        self.absolute += other.absolute;
    }
}

fn mean_bp(sum: i128, count: u64) -> Option<i32> {
    let denominator = i128::from(count) * RELATION_UNIT / 10_000;
    (count > 0).then(|| clamped(Ratio { numerator: sum, denominator }.round(Rounding::Nearest)))
}

/// Volatility of prices: how often one changes, and how far.
///
/// **Frequency** = changes ÷ days known × 30, the changes of one price in thirty days. **Size** = the mean of
/// |new ÷ old − 1|. Source: Bils and Klenow, Some Evidence on the Importance of Sticky Prices, Journal of Political
/// Economy 112(5), 2004; Nakamura and Steinsson, Five Facts about Prices, Quarterly Journal of Economics 123(4), 2008.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Volatility {
    /// Changes of one price in thirty days, in hundredths.
    pub changes_per_30_days_centi: i64,
    /// The mean size of a change in basis points; `None` where nothing changed.
    pub size_bp: Option<i32>,
}

impl Volatility {
    /// Of changes over so many days on which a price was known, summed over the prices. `None` without any.
    pub fn of(changes: &ChangeSums, listing_days: u64) -> Option<Self> {
        let numerator = i128::from(changes.changes()) * 3_000;
        let per_30_days = (listing_days > 0).then(|| Ratio { numerator, denominator: i128::from(listing_days) })?;
        Some(Self { changes_per_30_days_centi: per_30_days.round(Rounding::Nearest), size_bp: changes.mean_size_bp() })
    }
}
