//! The prices of the weeks ahead: regular ones and promotions as they are kept in the workspace, with what is planned
//! beside them.

use std::ops::RangeInclusive;

use app_contract::{ForecastPlan, PlannedPromotion};
use pricing_domain::{Instant, MICROSECONDS_PER_DAY};
use pricing_science::monday;
use pricing_store::PostedPrice;

use crate::OperationError;
use crate::weekly_sales::DAYS_PER_WEEK;

/// A week of the plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PlannedWeek {
    /// The mean price of its days, in minor units.
    pub minor: f64,
    /// The share of its days in a promotion.
    pub promotion: f64,
}

/// What is and will be posted.
pub(super) struct Posted {
    prices: Vec<PostedPrice>,
    regular: Option<i64>,
    promotion: Option<PlannedPromotion>,
}

impl Posted {
    pub fn new(prices: Vec<PostedPrice>, plan: &ForecastPlan) -> Posted {
        Posted { prices, regular: plan.price_minor, promotion: plan.promotion }
    }

    /// The weeks ahead. A day for which nothing is kept has today's price. Refused where there is none either.
    pub fn weeks(&self, today: Option<i64>, weeks: RangeInclusive<i64>) -> Result<Vec<PlannedWeek>, OperationError> {
        let first = *weeks.start();
        weeks.map(|week| self.week(week, week - first + 1, today)).collect::<Option<_>>().ok_or_else(|| {
            OperationError::refused(
                "The product has no price on this list, so that none can be planned for. Set one, or name a planned price.",
            )
        })
    }

    fn week(&self, week: i64, number: i64, today: Option<i64>) -> Option<PlannedWeek> {
        let planned = self.promotion.filter(|promotion| {
            let first = i64::from(promotion.first_week);
            (first..first + i64::from(promotion.weeks)).contains(&number)
        });
        let (mut sum, mut promoted) = (0.0, 0.0);
        for day in monday(week)..monday(week) + DAYS_PER_WEEK {
            let regular = self.regular.or_else(|| self.on(day, false)).or(today)?;
            let kept = self.prices.iter().any(|price| price.is_promotion && covers(price, day));
            let reduced = planned.map(|promotion| promotion.price_minor).into_iter().chain(self.on(day, true)).min();
            sum += reduced.unwrap_or(regular) as f64;
            promoted += f64::from(u8::from(kept || planned.is_some()));
        }
        Some(PlannedWeek { minor: sum / DAYS_PER_WEEK as f64, promotion: promoted / DAYS_PER_WEEK as f64 })
    }

    /// The price at noon of a day: of promotions the lowest, of regular ones the newest.
    fn on(&self, day: i64, is_promotion: bool) -> Option<i64> {
        let of_kind = self.prices.iter().filter(|price| price.is_promotion == is_promotion && covers(price, day));
        match is_promotion {
            true => of_kind.filter_map(|price| price.amount_minor).min(),
            false => of_kind.max_by_key(|price| price.from).and_then(|price| price.amount_minor),
        }
    }
}

/// Whether a price is posted at noon of a day.
fn covers(price: &PostedPrice, day: i64) -> bool {
    let noon = Instant(day * MICROSECONDS_PER_DAY + MICROSECONDS_PER_DAY / 2);
    price.from <= noon && price.to.is_none_or(|to| to > noon)
}

#[cfg(test)]
mod tests {
    use app_contract::{ForecastPlan, PlannedPromotion};
    use pricing_domain::{Instant, MICROSECONDS_PER_DAY};
    use pricing_science::monday;
    use pricing_store::PostedPrice;

    use super::{PlannedWeek, Posted};

    fn price(from: i64, to: Option<i64>, amount_minor: Option<i64>, is_promotion: bool) -> PostedPrice {
        let at = |day: i64| Instant(day * MICROSECONDS_PER_DAY);
        PostedPrice { from: at(from), to: to.map(at), amount_minor, is_promotion }
    }

    /// 20.00 until the Thursday of week 101, then 23.50; a promotion at 15.00 from the Monday of week 102 to its Wednesday.
    fn kept() -> Vec<PostedPrice> {
        let thursday = monday(101) + 3;
        vec![
            price(monday(90), Some(thursday), Some(2_000), false),
            price(thursday, None, Some(2_350), false),
            price(monday(102), Some(monday(102) + 3), Some(1_500), true),
            price(monday(103), Some(monday(104)), None, true),
        ]
    }

    fn week(minor: f64, promotion: f64) -> PlannedWeek {
        PlannedWeek { minor, promotion }
    }

    #[test]
    fn a_week_has_the_mean_price_of_its_days_and_the_share_of_them_in_promotions() {
        let posted = Posted::new(kept(), &ForecastPlan::default());
        let weeks = posted.weeks(None, 100..=103).expect("prices are known");
        // Three days at 20.00 and four at 23.50; then three at 15.00 and four at 23.50; a promotion may state no price.
        let [first, second, third, last] = weeks[..] else { panic!("four weeks") };
        assert_eq!((first, last), (week(2_000.0, 0.0), week(2_350.0, 1.0)));
        assert_eq!(second, week((3.0 * 2_000.0 + 4.0 * 2_350.0) / 7.0, 0.0));
        assert_eq!(third, week((3.0 * 1_500.0 + 4.0 * 2_350.0) / 7.0, 3.0 / 7.0));
    }

    #[test]
    fn a_plan_takes_the_place_of_regular_prices_and_adds_a_promotion() {
        let promotion = Some(PlannedPromotion { price_minor: 1_800, first_week: 2, weeks: 2 });
        let plan = ForecastPlan { price_minor: Some(2_200), promotion };
        let weeks = Posted::new(kept(), &plan).weeks(None, 100..=103).expect("planned");
        assert_eq!((weeks[0], weeks[1]), (week(2_200.0, 0.0), week(1_800.0, 1.0)));
        // In week 102 the cheaper of both promotions counts.
        assert_eq!(weeks[2], week((3.0 * 1_500.0 + 4.0 * 1_800.0) / 7.0, 1.0));
    }

    #[test]
    fn without_any_price_there_is_no_plan() {
        let nothing = Posted::new(Vec::new(), &ForecastPlan::default());
        assert_eq!(nothing.weeks(Some(999), 1..=1).expect("today's"), [week(999.0, 0.0)]);
        assert!(nothing.weeks(None, 1..=1).expect_err("none").message.contains("no price on this list"));
    }
}
