//! Daily sales, drawn from a rate that knows the season, the day of the week, the price and promotions.

use pricing_domain::{CivilDate, PriceType};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::DAYS;
use super::posted::{PostedPrice, day_at};
use crate::catalogue::{SampleProduct, Season, products};

const SEED: u64 = 52;
/// Sales by month in percent of the year's average, January first.
const GIFTS: [f64; 12] = [0.85, 0.8, 0.8, 0.8, 0.85, 0.85, 0.8, 0.85, 0.9, 1.0, 1.65, 1.85];
const SUMMER: [f64; 12] = [0.7, 0.7, 0.8, 0.95, 1.2, 1.45, 1.5, 1.35, 1.0, 0.8, 0.75, 0.8];
const DARK: [f64; 12] = [1.25, 1.15, 1.0, 0.85, 0.75, 0.7, 0.7, 0.75, 0.95, 1.2, 1.35, 1.35];
const EVEN: [f64; 12] = [1.0, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 1.0, 1.05, 1.0, 1.1, 1.15];
/// Sales by day of the week, Monday first.
const WEEK: [f64; 7] = [1.05, 0.95, 0.95, 0.95, 1.0, 1.15, 0.95];
/// What being shown in a promotion adds beside the lower price.
const PROMOTION_LIFT: f64 = 1.35;

/// The units of a product sold on a day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sale {
    pub(crate) product: usize,
    pub(crate) date: CivilDate,
    pub(crate) units: i64,
    pub(crate) price_minor: i64,
    pub(crate) promotion: bool,
}

/// All sales, product by product and day by day; days without sales are left out.
pub(crate) fn sales(first_day: CivilDate, posted: &[PostedPrice]) -> Vec<Sale> {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let dates: Vec<CivilDate> = (-DAYS..0).map(|offset| day_at(first_day, offset)).collect();
    let mut sales = Vec::with_capacity(300_000);
    for prices in posted.chunk_by(|one, next| one.product == next.product) {
        let product = &products()[prices[0].product];
        let elasticity = elasticity(product);
        for (date, offset) in dates.iter().zip(-DAYS..0) {
            let Some(price) = price_holding(prices, offset) else { continue };
            sales.extend(sold(&mut rng, product, *date, price, elasticity));
        }
    }
    sales
}

/// The sales of one later day. `charged` gives the regular price that replaced the posted one, if one did.
pub(crate) fn sales_on(
    first_day: CivilDate,
    day: i64,
    posted: &[PostedPrice],
    charged: impl Fn(usize) -> Option<i64>,
) -> Vec<Sale> {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED + 1 + day.unsigned_abs());
    let date = day_at(first_day, day);
    let mut sales = Vec::new();
    for prices in posted.chunk_by(|one, next| one.product == next.product) {
        let Some(price) = price_holding(prices, day) else { continue };
        let product = &products()[price.product];
        let mut price = price.clone();
        if price.kind == PriceType::Regular {
            price.price_minor = charged(price.product).unwrap_or(price.price_minor);
        }
        sales.extend(sold(&mut rng, product, date, &price, elasticity(product)));
    }
    sales
}

/// What a product sells on a day at a price; none where nothing is drawn.
fn sold(
    rng: &mut ChaCha8Rng,
    product: &SampleProduct,
    date: CivilDate,
    price: &PostedPrice,
    elasticity: f64,
) -> Option<Sale> {
    let promotion = price.kind == PriceType::Promotion;
    let units = poisson(rng, rate(product, date, price.price_minor, promotion, elasticity));
    let (product, price_minor) = (price.product, price.price_minor);
    (units > 0).then_some(Sale { product, date, units, price_minor, promotion })
}

/// The price a buyer paid: a promotion before the regular price.
fn price_holding(prices: &[PostedPrice], day: i64) -> Option<&PostedPrice> {
    let holds = |price: &&PostedPrice| price.from <= day && price.to.is_none_or(|last| day <= last);
    let promotion = prices.iter().filter(|price| price.kind == PriceType::Promotion).find(holds);
    promotion.or_else(|| prices.iter().filter(|price| price.kind == PriceType::Regular).find(holds))
}

/// Well-compared goods react more: 2.6 where the margin is thin, 1.2 where it is wide.
fn elasticity(product: &SampleProduct) -> f64 {
    let cost_minor = product.cost.map_or(0, |cost| cost.0 / 10_000);
    let net_minor = product.price_minor * 100 / 119;
    if cost_minor * 100 > net_minor * 80 {
        2.6
    } else if cost_minor * 100 > net_minor * 60 {
        1.8
    } else {
        1.2
    }
}

fn rate(product: &SampleProduct, date: CivilDate, price_minor: i64, promotion: bool, elasticity: f64) -> f64 {
    let months = match product.season {
        Season::Gifts => &GIFTS,
        Season::Summer => &SUMMER,
        Season::Dark => &DARK,
        Season::Even => &EVEN,
    };
    let month = months[usize::from(date.month().unsigned_abs()) - 1];
    let weekday = WEEK[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
    let lift = if promotion { PROMOTION_LIFT } else { 1.0 };
    let relative_price = price_minor as f64 / product.market_minor as f64;
    product.units_per_1000_days as f64 / 1_000.0 * month * weekday * lift * power(relative_price, -elasticity)
}

/// `base` to the power of `exponent` for bases near 1, by the binomial series: only additions and multiplications, so
/// that every machine draws the same sales.
fn power(base: f64, exponent: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for step in 0..12 {
        term *= (exponent - f64::from(step)) / f64::from(step + 1) * (base - 1.0);
        sum += term;
    }
    sum
}

/// Draws from a Poisson distribution by counting down its probabilities.
fn poisson(rng: &mut ChaCha8Rng, rate: f64) -> i64 {
    let mut none = 1.0 - rate / 4_096.0;
    for _ in 0..12 {
        none *= none;
    }
    let mut left = rng.random::<f64>() - none;
    let (mut probability, mut units) = (none, 0);
    while left > 0.0 && units < 60 {
        units += 1;
        probability *= rate / units as f64;
        left -= probability;
    }
    units
}

#[cfg(test)]
mod tests {
    use super::power;

    #[test]
    fn the_series_agrees_with_the_exact_power() {
        for base in [0.7, 0.9, 1.0, 1.15] {
            assert!((power(base, -1.8) - f64::powf(base, -1.8)).abs() < 0.001, "{base}");
        }
    }
}
