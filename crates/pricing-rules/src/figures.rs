//! Totals of a price list in one pass over the catalogue. The definitions stand at the fields.

use pricing_domain::{BasisPoints, Instant, Lifecycle, OfferPolicy, Rounding};
use serde::{Deserialize, Serialize};

use crate::columns::{CHUNK, NONE};
use crate::engine::exact::round;
use crate::grid::{is_below_cost, usable_cost};
use crate::offer_use::{CompiledPolicy, OfferContext, Usable, collect_usable};
use crate::parallel::map_chunks;
use crate::snapshot::Snapshot;

/// Totals of one price list, without products that are no longer sold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListFigures {
    /// Products that are sold.
    pub products: u64,
    /// With a price.
    pub priced: u64,
    /// With a cost that a margin can be computed with.
    pub with_cost: u64,
    /// With at least one usable offer.
    pub with_offers: u64,
    /// With a net price below cost.
    pub below_cost: u64,
    /// Win: gap to the lowest usable offer below −tolerance.
    pub below_lowest: u64,
    /// Tie: |gap| within the tolerance.
    pub at_lowest: u64,
    /// Loss: gap above the tolerance.
    pub above_lowest: u64,
    /// Σ(units × (net price − cost)) ÷ Σ(units × net price) in basis points, over products with price, cost and sales.
    pub margin_bp: Option<i32>,
    /// By the place of the competitor.
    pub competitors: Vec<CompetitorIndex>,
}

/// The price index against one competitor: Σ(q × own) ÷ Σ(q × competitor) × 100 over sellable products with a price
/// and a usable offer of that competitor (its lowest), q the units sold in 28 days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompetitorIndex {
    /// The index in hundredths: 11,890 is 118.90. `None` when no compared product was sold.
    pub index_hundredths: Option<i64>,
    /// Products with a price and a usable offer of this competitor.
    pub matched: u64,
    /// `matched` ÷ products with a price, in basis points.
    pub coverage_bp: i32,
}

/// Sums that add up over chunks.
#[derive(Clone, Default)]
struct Sums {
    figures: ListFigures,
    margin_micro: i128,
    revenue_micro: i128,
    own: Vec<i128>,
    theirs: Vec<i128>,
    matched: Vec<u64>,
}

/// Computes the totals of a list. `policy` decides which offers count, `tolerance` what a tie is.
pub fn list_figures(
    snapshot: &Snapshot,
    list: usize,
    policy: &OfferPolicy,
    tolerance: BasisPoints,
    now: Instant,
) -> ListFigures {
    let policy = CompiledPolicy::new(policy, &snapshot.competitors);
    let currency = snapshot.lists[list].currency_number;
    let context = OfferContext::new(currency, now);
    let chunks = map_chunks(snapshot.row_count().div_ceil(CHUNK), |chunk| {
        let mut sums = Sums::new(snapshot.competitors.len());
        let mut usable = Vec::new();
        for row in chunk * CHUNK..((chunk + 1) * CHUNK).min(snapshot.row_count()) {
            collect_usable(&policy, context, snapshot.offers_in(list, row), &mut usable);
            sums.add_row(snapshot, list, row, &usable, tolerance);
        }
        sums
    });
    let mut all = Sums::new(snapshot.competitors.len());
    chunks.iter().for_each(|chunk| all.merge(chunk));
    all.finish()
}

impl Sums {
    fn new(competitors: usize) -> Self {
        Self {
            own: vec![0; competitors],
            theirs: vec![0; competitors],
            matched: vec![0; competitors],
            ..Self::default()
        }
    }

    fn add_row(&mut self, snapshot: &Snapshot, list: usize, row: usize, usable: &[Usable], tolerance: BasisPoints) {
        if snapshot.products.lifecycle.get(row) == Lifecycle::Ended as u8 {
            return;
        }
        let columns = &snapshot.lists[list];
        let (price, cost) = (columns.price_minor.get(row), usable_cost(snapshot, list, row));
        let units = columns.units_28d_milli.get(row).max(0);
        self.figures.products += 1;
        self.figures.with_cost += u64::from(cost != NONE);
        self.figures.with_offers += u64::from(!usable.is_empty());
        if price <= 0 {
            return;
        }
        self.figures.priced += 1;
        self.figures.below_cost += u64::from(is_below_cost(snapshot, list, row));
        if let Some(vat) = columns.contained_vat_bp(row).filter(|_| cost != NONE && units > 0) {
            let numerator = i128::from(price) * i128::from(columns.currency.micro_per_minor()) * 10_000;
            let net = round(numerator, i128::from(10_000 + vat), Rounding::Nearest);
            self.revenue_micro += i128::from(units) * i128::from(net);
            self.margin_micro += i128::from(units) * i128::from(net - cost);
        }
        if let Some(lowest) = usable.first() {
            self.compare_with_lowest(price, lowest.amount_minor, tolerance);
        }
        self.compare_with_each(price, units, usable);
    }

    fn compare_with_lowest(&mut self, price: i64, lowest: i64, tolerance: BasisPoints) {
        let difference = (i128::from(price) - i128::from(lowest)) * 10_000;
        let tie = i128::from(tolerance.0) * i128::from(lowest);
        if difference < -tie {
            self.figures.below_lowest += 1;
        } else if difference > tie {
            self.figures.above_lowest += 1;
        } else {
            self.figures.at_lowest += 1;
        }
    }

    /// `usable` has the lowest first, so that the first of each competitor is its lowest.
    fn compare_with_each(&mut self, price: i64, units: i64, usable: &[Usable]) {
        for (place, offer) in usable.iter().enumerate() {
            let competitor = usize::from(offer.competitor);
            if competitor >= self.matched.len() || usable[..place].iter().any(|one| one.competitor == offer.competitor)
            {
                continue;
            }
            self.matched[competitor] += 1;
            self.own[competitor] += i128::from(units) * i128::from(price);
            self.theirs[competitor] += i128::from(units) * i128::from(offer.amount_minor);
        }
    }

    fn merge(&mut self, other: &Self) {
        let (own, others) = (&mut self.figures, &other.figures);
        own.products += others.products;
        own.priced += others.priced;
        own.with_cost += others.with_cost;
        own.with_offers += others.with_offers;
        own.below_cost += others.below_cost;
        own.below_lowest += others.below_lowest;
        own.at_lowest += others.at_lowest;
        own.above_lowest += others.above_lowest;
        self.margin_micro += other.margin_micro;
        self.revenue_micro += other.revenue_micro;
        self.own.iter_mut().zip(&other.own).for_each(|(sum, more)| *sum += more);
        self.theirs.iter_mut().zip(&other.theirs).for_each(|(sum, more)| *sum += more);
        self.matched.iter_mut().zip(&other.matched).for_each(|(sum, more)| *sum += more);
    }

    fn finish(self) -> ListFigures {
        let priced = i128::from(self.figures.priced);
        let sums = self.own.iter().zip(&self.theirs).zip(&self.matched);
        let competitors = sums.map(|((own, theirs), matched)| CompetitorIndex {
            index_hundredths: (*theirs > 0).then(|| round(own * 10_000, *theirs, Rounding::Nearest)),
            matched: *matched,
            coverage_bp: round(i128::from(*matched) * 10_000, priced.max(1), Rounding::Nearest) as i32,
        });
        let margin = round(self.margin_micro * 10_000, self.revenue_micro.max(1), Rounding::Nearest);
        ListFigures {
            margin_bp: (self.revenue_micro > 0).then_some(margin as i32),
            competitors: competitors.collect(),
            ..self.figures
        }
    }
}
