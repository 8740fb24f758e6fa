//! Promotions: how many products, how deep, with which effect.

use pricing_domain::Ratio;

use super::{Figure, ratio_bp, share_bp};

/// Share and depth of promotions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PromotionSums {
    /// With a regular price.
    pub products: u64,
    /// Of those, in a promotion.
    pub promoted: u64,
    /// Funding by suppliers, for each piece, summed over the promotions that have any; 10⁻⁶ of the major unit.
    pub funding_micro: i128,
    regular_minor: i128,
    promotion_minor: i128,
}

impl PromotionSums {
    /// Adds a product with its regular price and, in a promotion, the price there and what a supplier pays a piece.
    pub fn add(&mut self, regular_minor: i64, promotion_minor: Option<i64>, funding_micro: i64) {
        self.products += 1;
        let Some(promotion_minor) = promotion_minor else { return };
        self.promoted += 1;
        self.funding_micro += i128::from(funding_micro);
        self.regular_minor += i128::from(regular_minor);
        self.promotion_minor += i128::from(promotion_minor);
    }

    /// Promoted ÷ products in basis points.
    pub fn share_bp(&self) -> Option<i32> {
        share_bp(self.promoted, self.products)
    }

    /// 1 − Σ promotion price ÷ Σ regular price of the promoted products, in basis points.
    pub fn depth_bp(&self) -> Option<i32> {
        ratio_bp(self.regular_minor - self.promotion_minor, self.regular_minor)
    }
}

impl Figure for PromotionSums {
    fn merge(&mut self, other: &Self) {
        self.products += other.products;
        self.promoted += other.promoted;
        self.funding_micro += other.funding_micro;
        self.regular_minor += other.regular_minor;
        self.promotion_minor += other.promotion_minor;
    }
}

/// The uplift of a promotion: units a day in it ÷ units a day without one − 1. `None` where either has no days or there
/// is nothing to compare with. A plain ratio, without regard to season or to sales taken from other products.
///
/// Source: the baseline ratio of Blattberg and Neslin, Sales Promotion: Concepts, Methods and Strategies, 1990.
pub fn uplift(promotion_units: i64, promotion_days: u32, other_units: i64, other_days: u32) -> Option<Ratio> {
    let baseline = i128::from(other_units) * i128::from(promotion_days);
    let promoted = i128::from(promotion_units) * i128::from(other_days);
    (promotion_days > 0 && other_days > 0 && baseline > 0)
        .then(|| Ratio { numerator: promoted - baseline, denominator: baseline })
}
