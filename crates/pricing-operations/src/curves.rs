//! A product's demand and what it earns, price by price, as pictures.

use std::sync::Arc;

use app_contract::{ChartRequestLook, MarketChartView};
use pricing_analytics::{CurveAxis, CurveChart, CurveDot, CurvePlace, CurvePoint, draw_curve};
use pricing_domain::{Currency, Money, PriceListId, ProductId};
use pricing_rules::Snapshot;
use pricing_science::{BestPrice, ProductDemand, SoldWeek, constant_elasticity_price};

use crate::demand::Demand;
use crate::grids::place;
use crate::market::{chart_view, draw, look};
use crate::weekly_sales::monday_date;
use crate::{OperationError, Workspace};

/// Places of a curve.
const STEPS: i64 = 60;
/// How far beyond the prices seen a curve goes on.
const BEYOND: f64 = 0.25;
/// Ends of a 95 % interval in standard errors.
const WIDTH: f64 = 1.96;
const MILLI: f64 = 1_000.0;
/// Half a minor unit, in which prices end.
const HALF: f64 = 0.5;
const CENTS: f64 = 100.0;
/// Units of 28 days are those of so many weeks, in thousandths.
const WEEKS_OF_VOLUME: f64 = 4_000.0;

impl Workspace {
    /// The demand curve through the weeks of sales, with what is unsure about its elasticity.
    pub async fn demand_curve(
        &self,
        product: ProductId,
        asked: ChartRequestLook,
    ) -> Result<MarketChartView, OperationError> {
        let (snapshot, demand, row) = self.demand_of(product).await?;
        let found = &demand.fitted.products[row];
        let Some(estimate) = found.graded.estimate else {
            return Err(OperationError::not_found(format!(
                "Nothing can be said about this product's demand yet: {}.",
                found.graded.missing.join("; ")
            )));
        };
        if found.weeks.is_empty() {
            return Err(OperationError::not_found(
                "This product has no week with sales and a price; its elasticity is its category's.",
            ));
        }
        let currency = snapshot.lists.first().map_or(Currency::EUR, |list| list.currency);
        let error = found.error();
        let chart = CurveChart {
            look: look(asked.width, asked.height, asked.palette),
            title: format!(
                "One percent dearer sells {:.1} % less, give or take {:.1}",
                -estimate.value.min(0.0),
                WIDTH * error
            ),
            across: CurveAxis { name: format!("price charged, {currency}"), digits: 2 },
            up: CurveAxis { name: "units in a week with sales".into(), digits: 1 },
            from_zero: true,
            curve: demand_points(found, estimate.value, error),
            dots: found.weeks.iter().map(|week| dot(week, currency)).collect(),
            places: Vec::new(),
        };
        Ok(chart_view(draw(move || draw_curve(&chart)).await?))
    }

    /// What a week earns at each price, with today's, the proposed and the best one.
    pub async fn profit_curve(
        &self,
        product: ProductId,
        price_list: PriceListId,
        asked: ChartRequestLook,
    ) -> Result<MarketChartView, OperationError> {
        let (snapshot, demand, row) = self.demand_of(product).await?;
        let list = place(&snapshot, price_list)?;
        let found = &demand.fitted.products[row];
        let estimate = found.graded.estimate.ok_or_else(|| {
            OperationError::not_found("Without an elasticity it cannot be said what another price would earn.")
        })?;
        let seller = Seller::of(&snapshot, list, row, found, estimate.value)?;
        let key = i64::from(snapshot.products.key.get(row));
        let proposal = self.store.proposal_of(key, snapshot.lists[list].key).await?;
        let proposed = proposal.and_then(|stored| stored.draft.new_minor.or(stored.draft.lawful_minor));
        let chart = seller.chart(look(asked.width, asked.height, asked.palette), proposed);
        Ok(chart_view(draw(move || draw_curve(&chart)).await?))
    }

    async fn demand_of(&self, product: ProductId) -> Result<(Arc<Snapshot>, Arc<Demand>, usize), OperationError> {
        let missing = || OperationError::not_found("This product is not in the workspace any more.");
        let key = self.store.find_product(product).await?.ok_or_else(missing)?;
        let snapshot = self.snapshot().await?;
        let row = u32::try_from(key).ok().and_then(|key| snapshot.row_of_key(key)).ok_or_else(missing)? as usize;
        let demand = self.demand(&snapshot).await?;
        if row >= demand.fitted.products.len() {
            return Err(missing());
        }
        Ok((snapshot, demand, row))
    }
}

fn dot(week: &SoldWeek, currency: Currency) -> CurveDot {
    const MOSTLY: f64 = 0.5;
    let is_special = week.promotion >= MOSTLY;
    let promotion = if is_special { ", in a promotion" } else { "" };
    CurveDot {
        at: (week.price * CENTS).round() as i64,
        value: (week.units * 10.0).round() as i64,
        is_special,
        words: format!(
            "week of {}: {:.0} units at {:.2} {currency}{promotion}",
            monday_date(week.week),
            week.units,
            week.price
        ),
    }
}

/// The curve that sells as much in the weeks with sales as was sold, by the elasticity that is used.
fn demand_points(found: &ProductDemand, elasticity: f64, error: f64) -> Vec<CurvePoint> {
    let sold: f64 = found.weeks.iter().map(|week| week.units).sum();
    let shape: f64 = found.weeks.iter().map(|week| week.price.powf(elasticity)).sum();
    let level = sold / shape;
    let middle = found.weeks.iter().map(|week| week.units * week.price.ln()).sum::<f64>() / sold;
    let (low, high) = found.seen;
    let (from, to) = (low * (1.0 - BEYOND), high * (1.0 + BEYOND));
    let point = |step: i64| {
        let price = from + (to - from) * step as f64 / STEPS as f64;
        let units = level * price.powf(elasticity);
        // Where most was sold, the curve is not in doubt; its slope is.
        let wide = (WIDTH * error * (price.ln() - middle).abs()).exp();
        let tenths = |units: f64| (units * 10.0).round() as i64;
        CurvePoint {
            at: (price * CENTS).round() as i64,
            value: tenths(units),
            between: Some((tenths(units / wide), tenths(units * wide))),
            likely: None,
            mean: None,
            is_beyond: price < low || price > high,
        }
    };
    (0..=STEPS).map(point).collect()
}

/// A product on a list, at today's price.
struct Seller {
    currency: Currency,
    /// Gross, in minor units.
    price: f64,
    tax: f64,
    cost: f64,
    /// A week.
    units: f64,
    elasticity: f64,
    error: f64,
    /// Prices seen, gross and in minor units.
    seen: (f64, f64),
    /// The highest price that the product may have: its own limit, else the recommended price.
    most: Option<f64>,
}

impl Seller {
    fn of(
        snapshot: &Snapshot,
        list: usize,
        row: usize,
        found: &ProductDemand,
        elasticity: f64,
    ) -> Result<Self, OperationError> {
        let columns = &snapshot.lists[list];
        let (price, cost) = (columns.price_minor.get(row), columns.cost_micro.get(row));
        let has_cost = cost > 0;
        let vat = columns.contained_vat_bp(row);
        let lacks = [
            (price <= 0, "a price on this list"),
            (!has_cost, "a cost in the list's currency or an exchange rate for it"),
            (vat.is_none(), "a VAT rate"),
            (columns.units_28d_milli.get(row) <= 0, "sales in the last four weeks"),
        ];
        let lacking: Vec<&str> = lacks.iter().filter(|(lacks, _)| *lacks).map(|(_, what)| *what).collect();
        if !lacking.is_empty() {
            return Err(OperationError::not_found(format!(
                "What it earns cannot be said without {}.",
                lacking.join(", ")
            )));
        }
        let price = price as f64;
        let last = found.weeks.last().map_or(f64::NAN, |week| week.price);
        let seen = match last.is_finite() {
            true => (price * (found.seen.0 / last).min(1.0), price * (found.seen.1 / last).max(1.0)),
            false => (price, price),
        };
        Ok(Self {
            currency: columns.currency,
            price,
            tax: 1.0 + vat.unwrap_or(0) as f64 / 10_000.0,
            cost: cost as f64 / columns.currency.micro_per_minor() as f64,
            units: columns.units_28d_milli.get(row) as f64 / WEEKS_OF_VOLUME,
            elasticity: elasticity.min(0.0),
            error: found.error(),
            seen,
            most: [columns.max_minor.get(row), columns.rrp_minor.get(row)]
                .into_iter()
                .find(|limit| *limit > 0)
                .map(|limit| limit as f64),
        })
    }

    fn margin(&self, price: f64, elasticity: f64) -> f64 {
        self.units * (price / self.price).powf(elasticity) * (price / self.tax - self.cost)
    }

    fn chart(&self, look: pricing_analytics::ChartLook, proposed: Option<i64>) -> CurveChart {
        let today = self.price.round() as i64;
        let from = self.seen.0.min(self.cost * self.tax) * (1.0 - BEYOND / 2.0);
        let wanted = proposed.map_or(self.price, |proposed| proposed as f64);
        let to = self.seen.1.max(wanted) * (1.0 + BEYOND);
        let best = self.best(to);
        let point = |step: i64| {
            let price = from + (to - from) * step as f64 / STEPS as f64;
            let ends = [-WIDTH, WIDTH].map(|side| self.margin(price, (self.elasticity + side * self.error).min(0.0)));
            CurvePoint {
                at: price.round() as i64,
                value: self.margin(price, self.elasticity).round() as i64,
                between: Some((ends[0].min(ends[1]).round() as i64, ends[0].max(ends[1]).round() as i64)),
                likely: None,
                mean: None,
                is_beyond: price < self.seen.0 - HALF || price > self.seen.1 + HALF,
            }
        };
        let amount = |minor: i64| Money::new(minor, self.currency).amount_text();
        let mut places = vec![CurvePlace { at: today, name: format!("today {}", amount(today)), is_proposed: false }];
        if let Some(proposed) = proposed.filter(|proposed| *proposed != today) {
            let name = format!("proposed {}", amount(proposed));
            places.push(CurvePlace { at: proposed, name, is_proposed: true });
        }
        if let Some(most) = self.most.filter(|most| best.is_err() && (from..=to).contains(most)) {
            let most = most.round() as i64;
            places.push(CurvePlace { at: most, name: format!("limit {}", amount(most)), is_proposed: false });
        }
        if let Ok(best) = best {
            let best = best.round() as i64;
            places.push(CurvePlace { at: best, name: format!("best {}", amount(best)), is_proposed: false });
        }
        let digits = self.currency.minor_digits();
        CurveChart {
            look,
            title: self.finding(best),
            across: CurveAxis { name: format!("price on the shelf, {}", self.currency), digits },
            up: CurveAxis { name: format!("margin a week, {}", self.currency), digits },
            from_zero: true,
            curve: (0..=STEPS).map(point).collect(),
            dots: Vec::new(),
            places,
        }
    }

    /// The best price, where the elasticity tells one among the prices up to `to` that are drawn.
    fn best(&self, to: f64) -> Result<f64, NoBest> {
        let BestPrice::Interior { price, .. } = constant_elasticity_price(self.cost, self.elasticity, None) else {
            return Err(NoBest::Inelastic);
        };
        let best = price * self.tax;
        if self.elasticity + WIDTH * self.error >= -1.0 {
            Err(NoBest::PerhapsInelastic)
        } else if best > to {
            Err(NoBest::FarBeyond)
        } else {
            Ok(best)
        }
    }

    fn finding(&self, best: Result<f64, NoBest>) -> String {
        let amount =
            |price: f64| format!("{} {}", Money::new(price.round() as i64, self.currency).amount_text(), self.currency);
        let best = match best {
            Ok(best) => best,
            Err(reason) => {
                let bound = match self.most {
                    Some(most) => format!("the limit of {} is used", amount(most)),
                    None => format!("the highest price ever charged, {}, is the bound", amount(self.seen.1)),
                };
                return format!("{}; {bound}", reason.words());
            }
        };
        let (now, most) = (self.margin(self.price, self.elasticity), self.margin(best, self.elasticity));
        let share = (MILLI * now / most).round() / 10.0;
        let unseen = match best < self.seen.0 - HALF || best > self.seen.1 + HALF {
            true => ", if demand goes on like that where no price was ever charged",
            false => "",
        };
        format!("{} would earn most{unseen}; today's price earns {share:.1} % of that", amount(best))
    }
}

/// Why no best price can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NoBest {
    /// The elasticity is not below -1: every rise earns more.
    Inelastic,
    /// Its 95 % interval reaches -1.
    PerhapsInelastic,
    /// It lies so far from what was ever charged that the elasticity says nothing there.
    FarBeyond,
}

impl NoBest {
    const fn words(self) -> &'static str {
        match self {
            NoBest::Inelastic => "Demand hardly answers the price: no best price lies inside",
            NoBest::PerhapsInelastic => "Demand may hardly answer the price: no best price can be told",
            NoBest::FarBeyond => "No best price lies anywhere near what was ever charged",
        }
    }
}

#[cfg(test)]
mod tests {
    use app_contract::ChartPalette;
    use pricing_domain::Currency;

    use super::{NoBest, Seller};

    fn seller(elasticity: f64) -> Seller {
        Seller {
            currency: Currency::EUR,
            price: 2_380.0,
            tax: 1.19,
            cost: 1_000.0,
            units: 10.0,
            elasticity,
            error: 0.2,
            seen: (2_000.0, 2_600.0),
            most: None,
        }
    }

    #[test]
    fn the_best_price_of_an_elasticity_of_two_is_twice_the_cost() {
        let seller = seller(-2.0);
        // Twice the cost is 20.00 net and 23.80 gross, which is today's price.
        assert_eq!(seller.best(3_000.0).map(f64::round), Ok(2_380.0));
        assert_eq!(seller.finding(Ok(2_380.0)), "23.80 EUR would earn most; today's price earns 100.0 % of that");
        assert_eq!(seller.margin(2_380.0, -2.0), 10_000.0);
        assert!(seller.margin(2_500.0, -2.0) < 10_000.0 && seller.margin(2_250.0, -2.0) < 10_000.0);
        assert!(seller.finding(Ok(2_900.0)).contains("where no price was ever charged"));
    }

    #[test]
    fn without_a_best_price_inside_the_bound_is_named() {
        let inelastic = seller(-0.8);
        assert_eq!(inelastic.best(3_000.0), Err(NoBest::Inelastic));
        assert_eq!(
            inelastic.finding(Err(NoBest::Inelastic)),
            "Demand hardly answers the price: no best price lies inside; the highest price ever charged, 26.00 EUR, is the \
             bound"
        );
        let limited = Seller { most: Some(2_999.0), ..seller(-0.8) };
        assert!(limited.finding(limited.best(3_000.0)).contains("the limit of 29.99 EUR is used"));
        // An elasticity of -1.1 has its best price at eleven times the cost, and one of -1.01 at a hundred and one times.
        let near = Seller { error: 0.01, ..seller(-1.1) };
        assert_eq!(near.best(3_000.0), Err(NoBest::FarBeyond));
        let unsure = Seller { error: 0.45, ..seller(-1.01) };
        assert_eq!(unsure.best(3_000.0), Err(NoBest::PerhapsInelastic));
        assert!(!unsure.finding(unsure.best(3_000.0)).contains("earn most"));
        // However far the curve is drawn, what may be inelastic has no best price.
        assert_eq!(seller(-1.3).best(1e9), Err(NoBest::PerhapsInelastic));
    }

    #[test]
    fn a_best_price_is_marked_only_where_there_is_one() {
        let colour = || "#000".to_owned();
        let palette = || ChartPalette {
            surface: colour(),
            text: colour(),
            text_muted: colour(),
            border: colour(),
            own_price: colour(),
            competitors: vec![colour()],
        };
        let look = || crate::market::look(640, 260, palette());
        let marked = |seller: Seller| seller.chart(look(), None).places.len();
        assert_eq!((marked(seller(-2.0)), marked(seller(-1.01))), (2, 1));
    }
}
