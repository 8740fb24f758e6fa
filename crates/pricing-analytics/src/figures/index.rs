//! The price index: how expensive we are against somebody, as one number.

use pricing_domain::{IndexForm, Ratio, Rounding};

use super::logarithms::{log2, scaled_power};
use super::{Figure, ratio_bp};

/// Parts of one in which a single price relation is held for [`IndexForm::RatioMean`].
const RELATION_UNIT: i128 = 1_000_000_000;

/// The sums of an index over compared products: own price, their price, units of the reference period.
///
/// With p own prices, r theirs, q units, n products:
/// - **basket** (default): Σ(q·p) ÷ Σ(q·r) × 100. A fixed-basket (Lowe) index over space; products that were not sold
///   have no weight. Example: own 10 against 8 with 100 units and own 100 against 125 with one unit give 118.9.
/// - **mean of ratios** (Carli): Σ(p ÷ r) ÷ n × 100, each relation held at 10⁻⁹.
/// - **geometric** (Jevons): (Π p ÷ r)^(1/n) × 100, by binary logarithms at 2⁻³².
/// - **equal weights** (Dutot): Σp ÷ Σr × 100.
///
/// Source: Consumer Price Index Manual: Concepts and Methods (ILO, IMF, OECD, EU, UN, World Bank, 2020), chapter 8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IndexSums {
    form: IndexForm,
    above: i128,
    below: i128,
    products: u64,
}

impl IndexSums {
    /// No product yet.
    pub const fn new(form: IndexForm) -> Self {
        Self { form, above: 0, below: 0, products: 0 }
    }

    /// A basket whose sums are known already: Σ(q·p), Σ(q·r) in the same unit, and how many products are in it.
    pub const fn of_basket(own: i128, theirs: i128, products: u64) -> Self {
        Self { form: IndexForm::Basket, above: own, below: theirs, products }
    }

    /// Adds a product: prices in minor units, both above zero; units in thousandths.
    pub fn add(&mut self, own_minor: i64, theirs_minor: i64, units_milli: i64) {
        let (own, theirs) = (i128::from(own_minor), i128::from(theirs_minor));
        let (above, below) = match self.form {
            IndexForm::Basket => {
                let units = i128::from(units_milli.max(0));
                (units * own, units * theirs)
            }
            IndexForm::EqualWeights => (own, theirs),
            IndexForm::RatioMean => {
                let relation = Ratio { numerator: own * RELATION_UNIT, denominator: theirs.max(1) };
                (i128::from(relation.round(Rounding::Nearest)), RELATION_UNIT)
            }
            IndexForm::Geometric => (i128::from(log2(own_minor.unsigned_abs()) - log2(theirs_minor.unsigned_abs())), 1),
        };
        self.above += above;
        self.below += below;
        self.products += 1;
    }

    /// Products compared, sold or not.
    pub const fn products(&self) -> u64 {
        self.products
    }

    /// The sums above and below the line.
    pub const fn sums(&self) -> (i128, i128) {
        (self.above, self.below)
    }

    /// The index in hundredths (11,890 is 118.90), to the nearest; `None` where nothing has a weight.
    pub fn hundredths(&self) -> Option<i64> {
        if self.below <= 0 {
            return None;
        }
        if self.form == IndexForm::Geometric {
            let mean = Ratio { numerator: self.above, denominator: self.below }.round(Rounding::Nearest);
            return Some(scaled_power(mean, 10_000));
        }
        ratio_bp(self.above, self.below).map(i64::from)
    }
}

impl Figure for IndexSums {
    fn merge(&mut self, other: &Self) {
        if self.products == 0 {
            self.form = other.form;
        }
        self.above += other.above;
        self.below += other.below;
        self.products += other.products;
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::IndexForm;

    use super::IndexSums;

    fn index(form: IndexForm) -> Option<i64> {
        let mut sums = IndexSums::new(form);
        sums.add(1_000, 800, 100_000);
        sums.add(10_000, 12_500, 1_000);
        sums.hundredths()
    }

    #[test]
    fn the_example_of_the_definition_gives_its_number_in_every_form() {
        assert_eq!(index(IndexForm::Basket), Some(11_892), "110,000 ÷ 92,500: 118.9");
        assert_eq!(index(IndexForm::EqualWeights), Some(8_271), "11,000 ÷ 13,300");
        assert_eq!(index(IndexForm::RatioMean), Some(10_250), "(1.25 + 0.8) ÷ 2");
        assert_eq!(index(IndexForm::Geometric), Some(10_000), "√(1.25 × 0.8) = 1");
    }

    #[test]
    fn products_that_were_not_sold_have_no_weight_in_a_basket() {
        let mut sums = IndexSums::default();
        sums.add(1_000, 500, 0);
        assert_eq!((sums.hundredths(), sums.products()), (None, 1));
    }
}
