//! Best prices in closed form, for the demand curves that have one.
//!
//! Phillips (2021), “Pricing and Revenue Optimization”; for the logit families Li and Huh (2011), “Pricing multiple
//! products with the multinomial logit and nested logit models”, and Aydin and Ryan (2000).

use faer::Mat;
use faer::linalg::solvers::Solve;
use serde::{Deserialize, Serialize};

use crate::distributions::lambert_w_of_exp;
use crate::error::{Result, ScienceError};

/// A best price, or why there is none inside.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BestPrice {
    /// The price.
    Interior {
        /// The price.
        price: f64,
        /// (price − cost) / cost in percent.
        markup_percent: f64,
        /// (price − cost) / price in percent.
        margin_percent: f64,
    },
    /// Demand is inelastic: margin rises with every price, so the upper bound is used where there is one.
    AtUpperBound {
        /// The bound.
        price: Option<f64>,
    },
}

fn interior(price: f64, cost: f64) -> BestPrice {
    let (markup_percent, margin_percent) = (100.0 * (price - cost) / cost, 100.0 * (price - cost) / price);
    BestPrice::Interior { price, markup_percent, margin_percent }
}

/// Constant elasticity: `p = c · e / (1 + e)` for `e < −1`; otherwise there is no best price inside.
pub fn constant_elasticity_price(cost: f64, elasticity: f64, upper_bound: Option<f64>) -> BestPrice {
    if elasticity >= -1.0 {
        return BestPrice::AtUpperBound { price: upper_bound };
    }
    interior(cost * elasticity / (1.0 + elasticity), cost)
}

/// Linear demand `a − b p`: `p = (a / b + c) / 2`.
pub fn linear_price(intercept: f64, slope: f64, cost: f64) -> f64 {
    (intercept / slope + cost) / 2.0
}

/// Exponential demand `A e^(−b p)`: `p = c + 1 / b`.
pub fn exponential_price(slope: f64, cost: f64) -> f64 {
    cost + 1.0 / slope
}

/// Logit demand `1 / (1 + e^(−(a − b p)))`: `p = c + (1 + W(e^(a − b c − 1))) / b`.
pub fn logit_price(utility: f64, slope: f64, cost: f64) -> f64 {
    cost + (1.0 + lambert_w_of_exp(utility - slope * cost - 1.0)) / slope
}

/// Prices of several products and their profit for each customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JointPrices {
    /// The price of each product.
    pub prices: Vec<f64>,
    /// Profit at these prices.
    pub profit: f64,
}

/// Multinomial logit with a price slope for each product: `pᵢ − cᵢ − 1 / bᵢ` is the same for all and equals the profit of
/// a customer.
pub fn logit_prices(utilities: &[f64], slopes: &[f64], costs: &[f64]) -> Result<JointPrices> {
    let count = utilities.len();
    if count == 0 || slopes.len() != count || costs.len() != count || slopes.iter().any(|slope| *slope <= 0.0) {
        return Err(ScienceError::Unsuitable("each product needs a utility, a positive slope and a cost".to_owned()));
    }
    let price = |place: usize, profit: f64| costs[place] + 1.0 / slopes[place] + profit;
    let excess = |profit: f64| {
        let of = |place: usize| (utilities[place] - slopes[place] * price(place, profit)).exp() / slopes[place];
        (0..count).map(of).sum::<f64>() - profit
    };
    let (mut low, mut high) = (0.0, 1.0);
    while excess(high) > 0.0 {
        high *= 2.0;
    }
    const HALVINGS: usize = 200;
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if excess(middle) > 0.0 { low = middle } else { high = middle }
    }
    let profit = (low + high) / 2.0;
    Ok(JointPrices { prices: (0..count).map(|place| price(place, profit)).collect(), profit })
}

/// Linear demand of several products `q = a − B p`: `p = (B + B')⁻¹ (a + B' c)`.
pub fn linear_prices(intercepts: &[f64], slopes: &[Vec<f64>], costs: &[f64]) -> Result<JointPrices> {
    let count = intercepts.len();
    if costs.len() != count || slopes.len() != count || slopes.iter().any(|row| row.len() != count) {
        return Err(ScienceError::Unsuitable("the slopes must be a square matrix as long as the costs".to_owned()));
    }
    let own = Mat::from_fn(count, count, |i, j| slopes[i][j]);
    let right = Mat::from_fn(count, 1, |i, _| intercepts[i] + (0..count).map(|j| slopes[j][i] * costs[j]).sum::<f64>());
    let symmetric = &own + own.transpose();
    let solved = symmetric.partial_piv_lu().solve(&right);
    let prices: Vec<f64> = (0..count).map(|i| solved[(i, 0)]).collect();
    if prices.iter().any(|price| !price.is_finite()) {
        return Err(ScienceError::Unsuitable("the slopes are singular; the products cannot be told apart".to_owned()));
    }
    let units = |i: usize| intercepts[i] - (0..count).map(|j| slopes[i][j] * prices[j]).sum::<f64>();
    let profit = (0..count).map(|i| (prices[i] - costs[i]) * units(i)).sum();
    Ok(JointPrices { prices, profit })
}

/// Revenue that a stock can still bring, and the price to ask now.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StockPrice {
    /// Expected revenue.
    pub value: f64,
    /// The price now.
    pub price: f64,
}

/// Sells `stock` units in `time` to customers who arrive at rate `a e^(−p)`.
///
/// Gallego and van Ryzin (1994), “Optimal dynamic pricing of inventories with stochastic demand over finite horizons”:
/// `J(n, t) = ln Σ (a t / e)^i / i!` and `p = 1 + J(n, t) − J(n − 1, t)`.
pub fn stock_price(arrivals: f64, stock: u32, time: f64) -> StockPrice {
    let mean = arrivals * time / std::f64::consts::E;
    let value = |units: u32| {
        let (mut term, mut sum) = (1.0, 1.0);
        for unit in 1..=units {
            term *= mean / f64::from(unit);
            sum += term;
        }
        f64::ln(sum)
    };
    let now = value(stock);
    let price = if stock == 0 { f64::INFINITY } else { 1.0 + now - value(stock - 1) };
    StockPrice { value: now, price }
}

#[cfg(test)]
mod tests {
    use super::{BestPrice, constant_elasticity_price, logit_price, logit_prices, stock_price};

    #[test]
    fn inelastic_demand_has_no_best_price_inside() {
        assert_eq!(constant_elasticity_price(2.0, -0.8, Some(5.0)), BestPrice::AtUpperBound { price: Some(5.0) });
        assert!(matches!(
            constant_elasticity_price(6.0, -2.5, None),
            BestPrice::Interior { price, .. } if (price - 10.0).abs() < 1e-12
        ));
    }

    #[test]
    fn a_logit_price_meets_its_first_order_condition() {
        for (utility, slope, cost) in [(2.0, 0.8, 3.0), (-5.0, 0.1, 40.0), (30.0, 2.0, 1.0)] {
            let price = logit_price(utility, slope, cost);
            let share = 1.0 / (1.0 + f64::exp(-(utility - slope * price)));
            assert!(((price - cost) * slope * (1.0 - share) - 1.0).abs() < 1e-9, "{utility}");
        }
    }

    #[test]
    fn one_product_of_a_family_is_priced_as_alone() {
        let joint = logit_prices(&[2.0], &[0.8], &[3.0]).expect("valid");
        assert!((joint.prices[0] - logit_price(2.0, 0.8, 3.0)).abs() < 1e-12);
    }

    #[test]
    fn more_stock_is_sold_cheaper() {
        assert!(stock_price(20.0, 5, 1.0).price < stock_price(20.0, 2, 1.0).price);
        assert!((stock_price(20.0, 5, 1.0).value - 6.000_400_128_611_485).abs() < 1e-12);
    }
}
