//! Sums over some products: revenue and margin at today's prices and the volumes of 28 days, and where we stand.

use pricing_domain::{Ratio, Rounding};
use pricing_rules::UsableOffers;
use rayon::prelude::{ParallelIterator, ParallelSlice};

use super::compare::price_index;
use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::Place;

const STRETCH: usize = 8_192;

/// Sums. Amounts in thousandths of a millionth of the major unit, pieces in thousandths.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct GroupSums {
    pub(super) products: u64,
    pub(super) priced: u64,
    pub(super) compared: u64,
    pub(super) cheaper: u64,
    pub(super) dearer: u64,
    pub(super) units: i128,
    pub(super) revenue: i128,
    pub(super) margin: i128,
    pub(super) stock: i128,
    /// What it is worth at cost, in millionths, where the cost is known.
    pub(super) stock_at_cost: i128,
    /// Minor units.
    pub(super) prices: i128,
    /// Revenue of products with a cost.
    costed: i128,
    own: i128,
    theirs: i128,
}

impl GroupSums {
    /// Adds a product; `theirs`: the offer it is compared with.
    pub(super) fn add(&mut self, place: &Place<'_>, row: u32, theirs: Option<i64>) {
        let units = i128::from(place.units_milli(row));
        self.products += 1;
        self.units += units;
        let stock = place.value(pricing_domain::GridColumn::Stock, row).map_or(0, i128::from);
        self.stock += stock;
        self.stock_at_cost += stock.max(0) * place.cost_micro(row).map_or(0, i128::from);
        let Some(price) = place.price(row) else { return };
        self.priced += 1;
        self.prices += i128::from(price);
        if let Some(theirs) = theirs {
            self.compared += 1;
            self.cheaper += u64::from(price < theirs);
            self.dearer += u64::from(price > theirs);
            self.own += units * i128::from(price);
            self.theirs += units * i128::from(theirs);
        }
        let Some(net) = place.net_micro(row, price) else { return };
        self.revenue += units * net;
        if let Some(cost) = place.cost_micro(row) {
            self.costed += units * net;
            self.margin += units * (net - i128::from(cost));
        }
    }

    /// Adds other sums.
    pub(super) fn merge(&mut self, other: &Self) {
        self.products += other.products;
        self.priced += other.priced;
        self.compared += other.compared;
        self.cheaper += other.cheaper;
        self.dearer += other.dearer;
        self.units += other.units;
        self.revenue += other.revenue;
        self.margin += other.margin;
        self.stock += other.stock;
        self.stock_at_cost += other.stock_at_cost;
        self.prices += other.prices;
        self.costed += other.costed;
        self.own += other.own;
        self.theirs += other.theirs;
    }

    /// Margin ÷ net revenue of products with a cost, in basis points: rounded once, to the tenth of a percent that is shown.
    pub(super) fn margin_bp(&self) -> Option<i64> {
        let ratio = Ratio { numerator: self.margin * 1_000, denominator: self.costed };
        (self.costed > 0).then(|| ratio.round(Rounding::Nearest) * 10)
    }

    /// Its price index in hundredths.
    pub(super) fn index(&self) -> Option<i64> {
        price_index(self.own, self.theirs)
    }

    /// The share of compared products that are dearer, in basis points.
    pub(super) fn dearer_bp(&self) -> Option<i64> {
        let ratio = Ratio { numerator: i128::from(self.dearer) * 10_000, denominator: i128::from(self.compared) };
        (self.compared > 0).then(|| ratio.round(Rounding::Nearest))
    }

    /// The mean price in minor units.
    pub(super) fn mean_price(&self) -> Option<i64> {
        let ratio = Ratio { numerator: self.prices, denominator: i128::from(self.priced) };
        (self.priced > 0).then(|| ratio.round(Rounding::Nearest))
    }

    /// The same with a few numbers, for tests.
    #[cfg(test)]
    pub(super) fn of(products: u64, compared: u64, (cheaper, dearer): (u64, u64), (own, theirs): (i128, i128)) -> Self {
        Self {
            products,
            compared,
            cheaper,
            dearer,
            own,
            theirs,
            costed: 10_000,
            margin: 2_500,
            revenue: 10_000,
            ..Self::default()
        }
    }
}

/// Sums over rows that are sold, against a competitor or the lowest offer.
pub(super) fn sum(place: &Place<'_>, rows: &[u32], competitor: Option<u16>) -> GroupSums {
    let parts = rows.par_chunks(STRETCH).map(|stretch| {
        let mut offers = UsableOffers::new(place.snapshot, place.list, place.now);
        let mut sums = GroupSums::default();
        for row in stretch.iter().copied().filter(|row| place.is_sold(*row)) {
            let theirs = match competitor {
                Some(one) => offers.of(row as usize).find(|offer| offer.competitor == one).map(|one| one.amount_minor),
                None => place.lowest(row),
            };
            sums.add(place, row, theirs);
        }
        sums
    });
    parts.reduce(GroupSums::default, |mut sums, part| {
        sums.merge(&part);
        sums
    })
}

/// An amount of sums as money.
pub(super) fn money(composer: &Composer<'_>, amount: i128) -> Figure {
    let per_minor = i128::from(composer.currency().micro_per_minor()) * 1_000;
    composer.money(Ratio { numerator: amount, denominator: per_minor }.round(Rounding::Nearest))
}

/// Thousandths of pieces as pieces.
pub(super) fn pieces(milli: i128) -> Figure {
    Figure::Count(i64::try_from((milli + 500) / 1_000).unwrap_or(i64::MAX))
}
