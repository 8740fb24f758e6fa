//! The figures of a selection, in one pass over the snapshot and a few sums by day.

use app_contract::{MarketOverview, SalesDay, SalesFigures};
use pricing_analytics::{
    AdvertisedSums, DistanceSums, Figure, FloorSums, FreshnessSums, PromotionSums, StandingSums, position, share_bp,
};
use pricing_domain::{Currency, IndexForm, MarketFilter, Ratio, Rounding};
use pricing_rules::{ListFlags, MarketRow, MarketView, NONE, Snapshot};
use pricing_store::SalesDayRow;

use super::past::{LOWEST_OF_ALL, Standing};
use super::segments::is_chosen;
use super::{Period, Scene, TOLERANCE, date_of, sales_key};
use crate::exports::in_background;
use crate::{OperationError, Workspace};

/// Places told apart; the last one is “sixth or later”.
const POSITIONS: usize = 6;

/// Everything that one pass sums up.
#[derive(Clone)]
pub(super) struct MarketSums {
    /// Sold products, with or without a price.
    pub(super) products: u64,
    pub(super) standing: StandingSums,
    pub(super) distances: DistanceSums,
    pub(super) positions: [u64; POSITIONS],
    pub(super) floors: FloorSums,
    pub(super) advertised: AdvertisedSums,
    /// Products with an advertised price below their MAP.
    pub(super) below_map: u64,
    pub(super) promoted: u64,
    pub(super) below_cost: u64,
    pub(super) money: MoneySums,
    pub(super) stock: i128,
    pub(super) stock_units_milli: i128,
    /// By the place of the competitor.
    pub(super) competitors: Vec<StandingSums>,
    pub(super) freshness: Vec<FreshnessSums>,
}

/// Net revenue and margin at today's prices and costs, over the units of 28 days; (units in thousandths × millionths).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MoneySums {
    pub(super) revenue: i128,
    pub(super) margin: i128,
}

impl MoneySums {
    pub(super) fn add(&mut self, view: &MarketView<'_>, row: &MarketRow<'_>) {
        if let Some((net, cost)) = view.net_and_cost_micro(row.row) {
            self.revenue += i128::from(row.units_milli) * i128::from(net);
            self.margin += i128::from(row.units_milli) * i128::from(net - cost);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.revenue += other.revenue;
        self.margin += other.margin;
    }

    pub(super) fn margin_bp(self) -> Option<i32> {
        let ratio = Ratio { numerator: self.margin.checked_mul(10_000)?, denominator: self.revenue };
        (self.revenue > 0).then(|| i32::try_from(ratio.round(Rounding::Nearest)).unwrap_or(0))
    }

    pub(super) fn revenue_minor(self, currency: Currency) -> i64 {
        let denominator = 1_000 * i128::from(currency.micro_per_minor());
        Ratio { numerator: self.revenue, denominator }.round(Rounding::Nearest)
    }
}

impl MarketSums {
    fn new(competitors: usize, form: IndexForm) -> Self {
        Self {
            products: 0,
            standing: StandingSums::new(form),
            distances: DistanceSums::default(),
            positions: [0; POSITIONS],
            floors: FloorSums::default(),
            advertised: AdvertisedSums::default(),
            below_map: 0,
            promoted: 0,
            below_cost: 0,
            money: MoneySums::default(),
            stock: 0,
            stock_units_milli: 0,
            competitors: vec![StandingSums::new(form); competitors],
            freshness: vec![FreshnessSums::default(); competitors],
        }
    }

    fn add(&mut self, scene: &Scene, view: &MarketView<'_>, floors: &[i64], row: &MarketRow<'_>) {
        self.products += 1;
        let now_s = scene.now.0.div_euclid(1_000_000);
        let snapshot = view.snapshot();
        for offer in snapshot.offers.get(row.row) {
            let place = usize::from(offer.competitor);
            if view.shows(place) {
                self.freshness[place].add((now_s - i64::from(offer.last_seen_s)) / 3_600);
            }
        }
        let advertised = self.advertised;
        for price in scene.advertising.prices(view, row.row) {
            self.advertised.add(price.amount_minor, price.map_minor);
        }
        self.below_map += u64::from(self.advertised.violations > advertised.violations);
        let Some(own) = row.price_minor else { return };
        let columns = &snapshot.lists[view.list()];
        self.standing.add(own, row.lowest_minor(), row.units_milli, TOLERANCE);
        if let Some(lowest) = row.lowest_minor() {
            self.distances.add(own, lowest, row.units_milli);
            let rank = position(own, row.offers.iter().map(|offer| offer.amount_minor)) as usize;
            self.positions[rank.min(POSITIONS) - 1] += 1;
        }
        for offer in row.lowest_of_each() {
            let competitor = &mut self.competitors[usize::from(offer.competitor)];
            competitor.add(own, Some(offer.amount_minor), row.units_milli, TOLERANCE);
        }
        let floor = floors.get(row.row).copied().filter(|floor| *floor != NONE);
        self.floors.add(own, floor);
        self.promoted += u64::from(columns.flags.get(row.row) & ListFlags::PROMOTION != 0);
        self.below_cost += u64::from(view.net_and_cost_micro(row.row).is_some_and(|(net, cost)| net < cost));
        self.money.add(view, row);
        let stock = snapshot.products.stock.get(row.row);
        if stock != NONE && row.units_milli > 0 {
            self.stock += i128::from(stock.max(0));
            self.stock_units_milli += i128::from(row.units_milli);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.products += other.products;
        self.standing.merge(&other.standing);
        self.distances.merge(&other.distances);
        self.positions.iter_mut().zip(other.positions).for_each(|(sum, more)| *sum += more);
        self.floors.merge(&other.floors);
        self.advertised.merge(&other.advertised);
        self.below_map += other.below_map;
        self.promoted += other.promoted;
        self.below_cost += other.below_cost;
        self.money.merge(other.money);
        self.stock += other.stock;
        self.stock_units_milli += other.stock_units_milli;
        self.competitors.iter_mut().zip(&other.competitors).for_each(|(sum, more)| sum.merge(more));
        self.freshness.iter_mut().zip(&other.freshness).for_each(|(sum, more)| sum.merge(more));
    }

    fn cover_days(&self) -> Option<i64> {
        let ratio = Ratio { numerator: self.stock * 28_000, denominator: self.stock_units_milli };
        (self.stock_units_milli > 0).then(|| ratio.round(Rounding::Nearest))
    }
}

/// Sums up everything that a scene shows.
pub(super) fn sum_up(scene: &Scene, form: IndexForm, floors: &[i64]) -> MarketSums {
    let snapshot: &Snapshot = &scene.snapshot;
    let view = MarketView::new(snapshot, scene.list, &scene.filter, scene.now);
    let new = || MarketSums::new(snapshot.competitors.len(), form);
    let parts = view.fold(new, |sums, row| sums.add(scene, &view, floors, row));
    let mut all = new();
    parts.iter().for_each(|part| all.merge(part));
    // Everybody is compared with the same products: those with a price.
    all.competitors.iter_mut().for_each(|competitor| competitor.products = all.standing.products);
    all
}

impl Workspace {
    /// The figures of a selection.
    pub async fn market_overview(
        &self,
        filter: &MarketFilter,
        form: IndexForm,
    ) -> Result<MarketOverview, OperationError> {
        self.refresh_figures().await?;
        let scene = self.scene_with_advertising(filter).await?;
        let period = Period::of(filter, scene.now)?;
        let floors = self.floors(&scene).await?;
        let asked = scene.clone();
        let sums = in_background(move || Ok(sum_up(&asked, form, &floors))).await?;
        let columns = &scene.snapshot.lists[scene.list];
        let segments = self.kept_segments(filter).await?;
        let standing = self.standing_of(&scene, &sums, segments.as_deref(), (form, period)).await?;
        let changes = self.competitor_changes(&scene, segments.as_deref(), period).await?;
        let promotions = self.promotion_sums(&scene).await?;
        let ages = sums.freshness.iter().fold([0; 4], |mut ages: [u64; 4], one| {
            ages.iter_mut().zip(one.by_age).for_each(|(sum, more)| *sum += more);
            ages
        });
        Ok(MarketOverview {
            currency: columns.currency,
            at: scene.now,
            products: sums.products,
            priced: standing.products,
            compared: standing.compared,
            coverage_bp: standing.coverage_bp,
            form,
            index_centi: standing.index_centi,
            win: standing.win,
            tie: standing.tie,
            loss: standing.loss,
            standing_day: standing.day.map(date_of),
            tolerance_bp: TOLERANCE.0,
            positions: sums.positions.to_vec(),
            margin_bp: sums.money.margin_bp(),
            below_cost: sums.below_cost,
            below_floor: sums.floors.below,
            at_floor: sums.floors.at,
            with_floor: sums.floors.with_floor(),
            promoted: sums.promoted,
            promotion_depth_bp: promotions.depth_bp(),
            map_violations: sums.advertised.violations,
            map_products: sums.below_map,
            cover_days: sums.cover_days(),
            offer_ages: ages.to_vec(),
            sales: self.sales_figures(&scene, segments.as_deref(), period).await?,
            lowered: changes.iter().map(|(_, changes)| changes.lowered).sum(),
            raised: changes.iter().map(|(_, changes)| changes.raised).sum(),
            period: (date_of(period.from), date_of(period.to)),
        })
    }

    /// How we stand against the lowest offers: at the end of a period that is over, where that was kept, otherwise now.
    async fn standing_of(
        &self,
        scene: &Scene,
        sums: &MarketSums,
        segments: Option<&[i64]>,
        (form, period): (IndexForm, Period),
    ) -> Result<Standing, OperationError> {
        let day = self.standing_at_end(scene, segments, (form, period)).await?;
        let chosen = scene.snapshot.competitors.iter().filter(|one| is_chosen(&scene.filter, &one.name));
        let kept = day.and_then(|day| match scene.filter.competitors.is_empty() {
            true => day.against(LOWEST_OF_ALL),
            false => day.against_lowest_of(&chosen.map(|one| one.key).collect::<Vec<i64>>()),
        });
        Ok(kept.unwrap_or_else(|| Standing::of(&sums.standing)))
    }

    /// Depth of the promotions that run, over the products that the filter keeps. Of several on one product the lowest
    /// price counts: that is what is paid.
    async fn promotion_sums(&self, scene: &Scene) -> Result<PromotionSums, OperationError> {
        let columns = &scene.snapshot.lists[scene.list];
        let running = self.store.running_promotions(columns.key, scene.now).await?;
        let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
        let mut sums = PromotionSums::default();
        for of_product in running.chunk_by(|one, other| one.product_key == other.product_key) {
            let priced = of_product.iter().filter(|one| one.price_minor.is_some());
            let lowest = priced.min_by_key(|one| one.price_minor).or(of_product.first());
            let Some(promotion) = lowest else { continue };
            let row = u32::try_from(promotion.product_key).ok().and_then(|key| scene.snapshot.row_of_key(key));
            let Some(row) = row.map(|row| row as usize).filter(|row| view.keeps(*row)) else { continue };
            let regular = columns.price_minor.get(row);
            if regular > 0 {
                sums.add(regular, promotion.price_minor, promotion.funding_micro.unwrap_or(0));
            }
        }
        Ok(sums)
    }

    async fn sales_figures(
        &self,
        scene: &Scene,
        segments: Option<&[i64]>,
        period: Period,
    ) -> Result<Option<SalesFigures>, OperationError> {
        let columns = &scene.snapshot.lists[scene.list];
        let sum = |rows: &[SalesDayRow]| {
            rows.iter().fold(SalesDayRow::default(), |mut sum, row| {
                sum.revenue_micro += row.revenue_micro;
                sum.costed_micro += row.costed_micro;
                sum.cost_micro += row.cost_micro;
                sum.promotion_micro += row.promotion_micro;
                sum
            })
        };
        // Days of which sales are not known yet would count as days without sales.
        let key = sales_key(&scene.snapshot, scene.list);
        let Some(newest) = self.store.newest_sales_day(key).await? else { return Ok(None) };
        let late = (period.to - newest).max(0);
        let period = Period { from: period.from - late, to: period.to - late };
        let days = self.store.sales_by_day(key, segments, period.from, period.to).await?;
        if days.is_empty() {
            return Ok(None);
        }
        let earlier = period.before();
        let before = sum(&self.store.sales_by_day(key, segments, earlier.from, earlier.to).await?);
        let all = sum(&days);
        let minor = |micro: i64| pricing_domain::MicroAmount(micro).to_minor(columns.currency, Rounding::Nearest);
        let share =
            |part: i64, whole: i64| share_bp(u64::try_from(part).unwrap_or(0), u64::try_from(whole).unwrap_or(0));
        let margin_micro = all.costed_micro - all.cost_micro;
        Ok(Some(SalesFigures {
            period: (date_of(period.from), date_of(period.to)),
            revenue_minor: minor(all.revenue_micro),
            margin_minor: minor(margin_micro),
            margin_bp: (all.costed_micro > 0).then(|| {
                let numerator = i128::from(margin_micro) * 10_000;
                let ratio = Ratio { numerator, denominator: i128::from(all.costed_micro) };
                i32::try_from(ratio.round(Rounding::Nearest)).unwrap_or(0)
            }),
            costed_bp: share(all.costed_micro, all.revenue_micro),
            promotion_bp: share(all.promotion_micro, all.revenue_micro),
            revenue_before_minor: minor(before.revenue_micro),
            margin_before_minor: minor(before.costed_micro - before.cost_micro),
            days: days
                .iter()
                .map(|day| SalesDay {
                    day: date_of(day.day),
                    revenue_minor: minor(day.revenue_micro),
                    margin_minor: minor(day.costed_micro - day.cost_micro),
                    units_milli: day.units_milli,
                })
                .collect(),
        }))
    }
}
