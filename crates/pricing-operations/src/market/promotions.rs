//! Our promotions: how deep, what suppliers pay, what they moved.

use app_contract::{PromotionStanding, PromotionsView};
use pricing_analytics::uplift;
use pricing_domain::{Instant, MarketFilter, MicroAmount, Ratio, Rounding};
use pricing_rules::MarketView;
use pricing_store::PromotionPeriodRow;

use super::{Period, Scene, ZonedList, day_of, sales_key};
use crate::{OperationError, Workspace};

/// Promotions read, of which a filter keeps some. More than that are not counted, and nobody could read them.
const MOST_READ: u32 = 500_000;
/// Most promotions of an answer.
const MOST_SHOWN: usize = 200;
/// Days of a promotion from which on it is judged before sales of all of its days are known.
const DAYS_THAT_SAY_ENOUGH: u32 = 7;
/// Days before a promotion that it is compared with.
const BASELINE_DAYS: i32 = 28;

impl Workspace {
    /// Promotions that ran in a period, the newest first.
    ///
    /// Their uplift is units a day in the promotion ÷ units a day over the 28 days before it − 1. A promotion that began
    /// within those days after another one of the same product has no uplift: there is nothing to compare it with.
    pub async fn market_promotions(&self, filter: &MarketFilter) -> Result<PromotionsView, OperationError> {
        self.refresh_figures().await?;
        let scene = self.scene(filter).await?;
        let period = Period::of(filter, scene.now)?;
        let columns = &scene.snapshot.lists[scene.list];
        let zone = self.zoned_list(columns.key).await?;
        let (from, to) = period.instants();
        let earlier = from.plus_days(-i64::from(BASELINE_DAYS) - 366);
        let read = self.store.promotion_periods(columns.key, earlier, to.min(scene.now), MOST_READ).await?;
        let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
        let mut rows = Vec::new();
        let mut matching = 0;
        for promotion in read.iter().filter(|one| one.valid_to.is_none_or(|end| end > from)) {
            let row = u32::try_from(promotion.product_key).ok().and_then(|key| scene.snapshot.row_of_key(key));
            let Some(row) = row.map(|row| row as usize).filter(|row| view.keeps_any(*row)) else { continue };
            matching += 1;
            if rows.len() < MOST_SHOWN {
                let is_clear = !read.iter().any(|other| overlaps_baseline(other, promotion));
                rows.push(self.promotion_view(&scene, row, promotion, (&zone, is_clear)).await?);
            }
        }
        Ok(PromotionsView { currency: columns.currency, matching, rows })
    }

    async fn promotion_view(
        &self,
        scene: &Scene,
        row: usize,
        promotion: &PromotionPeriodRow,
        (zone, is_clear): (&ZonedList, bool),
    ) -> Result<PromotionStanding, OperationError> {
        let columns = &scene.snapshot.lists[scene.list];
        let products = &scene.snapshot.products;
        let first = zone.day(promotion.valid_from);
        let last = promotion.valid_to.map(|end| zone.last_day(end));
        let first_day = day_of(Instant::at_utc_midnight(first));
        let last_day = last.map_or(i32::MAX, |day| day_of(Instant::at_utc_midnight(day))).min(day_of(scene.now));
        let (key, list) = (promotion.product_key, sales_key(&scene.snapshot, scene.list));
        let within = self.store.units_sold(key, list, (first_day, last_day)).await?;
        let before = self.store.units_sold(key, list, (first_day - BASELINE_DAYS, first_day - 1)).await?;
        // A few of its days say little about a promotion.
        let newest = self.store.newest_sales_day(list).await?.unwrap_or(i32::MIN);
        let is_known = within.days > 0 && (newest >= last_day || within.days >= DAYS_THAT_SAY_ENOUGH);
        let regular = self.regular_price_of(scene, row, promotion).await?;
        let ratio =
            uplift(within.units_milli, within.days, before.units_milli, before.days).filter(|_| is_clear && is_known);
        let minor = |micro: i64| MicroAmount(micro).to_minor(columns.currency, Rounding::Nearest);
        let funded = promotion.funding_micro.filter(|_| is_known).map(|funding| {
            let whole = Ratio { numerator: i128::from(funding) * i128::from(within.units_milli), denominator: 1_000 };
            minor(whole.round(Rounding::Nearest))
        });
        Ok(PromotionStanding {
            sku: products.sku.get(row).to_owned(),
            name: products.name.get(row).to_owned(),
            promotion: promotion.name.clone(),
            first_day: first,
            last_day: last,
            running: promotion.valid_to.is_none_or(|end| end > scene.now),
            price_minor: promotion.price_minor,
            regular_minor: regular,
            // A price of the past is measured against the price that stood beside it.
            depth_bp: regular.zip(promotion.price_minor).and_then(|(regular, price)| bp(regular - price, regular)),
            funding_micro: promotion.funding_micro,
            funded_minor: funded,
            units_milli: is_known.then_some(within.units_milli),
            uplift_bp: ratio.and_then(|ratio| {
                let scaled = Ratio { numerator: ratio.numerator * 10_000, ..ratio };
                i32::try_from(scaled.round(Rounding::Nearest)).ok()
            }),
        })
    }
}

impl Workspace {
    /// The regular price that was in force when a promotion began. Where none is known of that time, the first that is
    /// known within it; of one that runs today's.
    async fn regular_price_of(
        &self,
        scene: &Scene,
        row: usize,
        promotion: &PromotionPeriodRow,
    ) -> Result<Option<i64>, OperationError> {
        let columns = &scene.snapshot.lists[scene.list];
        let (key, from) = (promotion.product_key, promotion.valid_from);
        let until = promotion.valid_to.map_or(scene.now, |end| end.min(scene.now));
        if let Some(price) = self.store.regular_price_within(key, columns.key, (from, until)).await? {
            return Ok(Some(price));
        }
        let is_running = promotion.valid_to.is_none_or(|end| end > scene.now);
        Ok(Some(columns.price_minor.get(row)).filter(|price| *price > 0 && is_running))
    }
}

/// Whether another promotion of the product ran in the days that one is compared with.
fn overlaps_baseline(other: &PromotionPeriodRow, one: &PromotionPeriodRow) -> bool {
    let since = one.valid_from.plus_days(-i64::from(BASELINE_DAYS));
    other.product_key == one.product_key
        && other.valid_from < one.valid_from
        && other.valid_to.is_none_or(|end| end > since)
}

fn bp(part: i64, whole: i64) -> Option<i32> {
    let ratio = Ratio { numerator: i128::from(part) * 10_000, denominator: i128::from(whole) };
    i32::try_from(ratio.round(Rounding::Nearest)).ok()
}
