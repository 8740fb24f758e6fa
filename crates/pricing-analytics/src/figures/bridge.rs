//! From the margin of one period to that of another: price, cost, volume, mix, new and ended products.

use pricing_domain::{Ratio, Rounding};

use super::Figure;

/// What one product sold in a period. Amounts are net, at 10⁻⁶ of the major unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeriodSales {
    /// Thousandths of pieces.
    pub units_milli: i64,
    /// Net revenue.
    pub revenue_micro: i64,
    /// Cost of what was sold.
    pub cost_micro: i64,
}

impl PeriodSales {
    const fn margin(self) -> i128 {
        self.revenue_micro as i128 - self.cost_micro as i128
    }
}

/// The sums of a bridge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BridgeSums {
    before_micro: i128,
    after_micro: i128,
    revenue_before_micro: i128,
    revenue_after_micro: i128,
    price_micro: i128,
    cost_micro: i128,
    new_micro: i128,
    ended_micro: i128,
    kept_before_micro: i128,
    units_before: i128,
    units_after: i128,
}

/// The steps from one margin to another; they add up exactly: before + price + cost + volume + mix + new + ended = after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the steps by their names")]
pub struct Bridge {
    pub before_micro: i128,
    pub price_micro: i128,
    pub cost_micro: i128,
    pub volume_micro: i128,
    pub mix_micro: i128,
    pub new_micro: i128,
    pub ended_micro: i128,
    pub after_micro: i128,
    pub revenue_before_micro: i128,
    pub revenue_after_micro: i128,
}

impl BridgeSums {
    /// Adds a product with what it sold in both periods.
    ///
    /// With q units, R revenue, C cost, 0 before and 1 after, for a product sold in both:
    /// **price** = R₁ − R₀·q₁÷q₀, **cost** = −(C₁ − C₀·q₁÷q₀), each rounded to a millionth. A product sold only after
    /// is **new**, one sold only before **ended**, with its whole margin.
    pub fn add(&mut self, before: PeriodSales, after: PeriodSales) {
        self.before_micro += before.margin();
        self.after_micro += after.margin();
        self.revenue_before_micro += i128::from(before.revenue_micro);
        self.revenue_after_micro += i128::from(after.revenue_micro);
        if before.units_milli > 0 && after.units_milli > 0 {
            self.price_micro += i128::from(after.revenue_micro) - at_volume(before.revenue_micro, before, after);
            self.cost_micro -= i128::from(after.cost_micro) - at_volume(before.cost_micro, before, after);
            self.kept_before_micro += before.margin();
            self.units_before += i128::from(before.units_milli);
            self.units_after += i128::from(after.units_milli);
        } else {
            // Returns without sales in the other period count where they fell.
            self.new_micro += after.margin();
            self.ended_micro -= before.margin();
        }
    }

    /// The bridge. **Volume** = M₀ · (Q₁ − Q₀) ÷ Q₀ over the products sold in both periods, with Q their pieces in all
    /// and M₀ their margin before, rounded once; **mix** is what remains: that the pieces went to products with another
    /// margin a piece.
    ///
    /// Source: sales-volume variance split into quantity and mix, with selling-price and cost variances at actual
    /// volume: Horngren, Datar and Rajan, Cost Accounting: A Managerial Emphasis, chapter 14.
    pub fn bridge(&self) -> Bridge {
        let growth = Ratio {
            numerator: self.kept_before_micro * (self.units_after - self.units_before),
            denominator: self.units_before.max(1),
        };
        let volume_micro = rounded(growth);
        let changed = self.after_micro - self.before_micro;
        Bridge {
            before_micro: self.before_micro,
            price_micro: self.price_micro,
            cost_micro: self.cost_micro,
            volume_micro,
            mix_micro: changed - self.price_micro - self.cost_micro - self.new_micro - self.ended_micro - volume_micro,
            new_micro: self.new_micro,
            ended_micro: self.ended_micro,
            after_micro: self.after_micro,
            revenue_before_micro: self.revenue_before_micro,
            revenue_after_micro: self.revenue_after_micro,
        }
    }
}

impl Figure for BridgeSums {
    fn merge(&mut self, other: &Self) {
        self.before_micro += other.before_micro;
        self.after_micro += other.after_micro;
        self.revenue_before_micro += other.revenue_before_micro;
        self.revenue_after_micro += other.revenue_after_micro;
        self.price_micro += other.price_micro;
        self.cost_micro += other.cost_micro;
        self.new_micro += other.new_micro;
        self.ended_micro += other.ended_micro;
        self.kept_before_micro += other.kept_before_micro;
        self.units_before += other.units_before;
        self.units_after += other.units_after;
    }
}

/// What an amount of the period before would have been at the units after.
fn at_volume(amount_micro: i64, before: PeriodSales, after: PeriodSales) -> i128 {
    rounded(Ratio {
        numerator: i128::from(amount_micro) * i128::from(after.units_milli),
        denominator: i128::from(before.units_milli),
    })
}

fn rounded(ratio: Ratio) -> i128 {
    i128::from(ratio.round(Rounding::Nearest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, prop_assert_eq, proptest};

    use super::{BridgeSums, PeriodSales};

    fn sales(units: i64, revenue: i64, cost: i64) -> PeriodSales {
        PeriodSales { units_milli: units * 1_000, revenue_micro: revenue, cost_micro: cost }
    }

    #[test]
    fn a_higher_price_on_the_same_pieces_is_all_price() {
        let mut sums = BridgeSums::default();
        sums.add(sales(10, 100, 60), sales(10, 120, 60));
        let bridge = sums.bridge();
        assert_eq!((bridge.price_micro, bridge.cost_micro, bridge.volume_micro, bridge.mix_micro), (20, 0, 0, 0));
    }

    #[test]
    fn pieces_that_move_to_a_better_product_are_mix_and_twice_the_pieces_volume() {
        let mut moved = BridgeSums::default();
        moved.add(sales(10, 100, 90), sales(0, 0, 0));
        assert_eq!((moved.bridge().ended_micro, moved.bridge().mix_micro), (-10, 0));
        let mut mix = BridgeSums::default();
        mix.add(sales(10, 100, 90), sales(5, 50, 45));
        mix.add(sales(10, 100, 50), sales(15, 150, 75));
        assert_eq!((mix.bridge().volume_micro, mix.bridge().mix_micro), (0, 20));
        let mut twice = BridgeSums::default();
        twice.add(sales(10, 100, 60), sales(20, 200, 120));
        assert_eq!((twice.bridge().volume_micro, twice.bridge().mix_micro), (40, 0));
    }

    proptest! {
        #[test]
        fn the_steps_always_add_up(
            rows in prop::collection::vec(
                ((-5i64..1_000, -10_000i64..1_000_000, 0i64..1_000_000), (-5i64..1_000, -10_000i64..1_000_000, 0i64..1_000_000)),
                0..20,
            ),
        ) {
            let mut sums = BridgeSums::default();
            rows.iter().for_each(|(one, two)| sums.add(sales(one.0, one.1, one.2), sales(two.0, two.1, two.2)));
            let b = sums.bridge();
            let steps = b.price_micro + b.cost_micro + b.volume_micro + b.mix_micro + b.new_micro + b.ended_micro;
            prop_assert_eq!(b.before_micro + steps, b.after_micro);
        }
    }
}
