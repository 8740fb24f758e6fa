//! Optimisation problems as files state them, and their answers: the closed forms, markdowns, cross effects, price
//! tests.

use serde::{Deserialize, Serialize};

use crate::cross_effects::{CrossEffects, CrossLimits, CrossOptimum, best_combination};
use crate::error::{Result, ScienceError};
use crate::experiments::{gittins_index, size_for_means, size_for_proportions};
use crate::markdowns::{Markdown, MarkdownPath, StochasticMarkdown, best_markdown, stochastic_markdown};
use crate::optima::{
    BestPrice, JointPrices, StockPrice, constant_elasticity_price, exponential_price, linear_price, linear_prices,
    logit_price, logit_prices, stock_price,
};

/// A problem; in JSON its `kind` names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are those of the functions of the same names")]
pub enum Problem {
    ConstantElasticity {
        cost: f64,
        elasticity: f64,
        upper_bound: Option<f64>,
        vat: Option<f64>,
    },
    Linear {
        intercept: f64,
        slope: f64,
        cost: f64,
    },
    Exponential {
        slope: f64,
        cost: f64,
    },
    Logit {
        utility: f64,
        slope: f64,
        cost: f64,
    },
    LogitFamily {
        utilities: Vec<f64>,
        slopes: Vec<f64>,
        costs: Vec<f64>,
    },
    LinearFamily {
        intercepts: Vec<f64>,
        slopes: Vec<Vec<f64>>,
        costs: Vec<f64>,
    },
    Stock {
        arrivals: f64,
        stock: u32,
        time: f64,
    },
    Markdown(Markdown),
    StochasticMarkdown(Markdown),
    CrossEffects {
        products: CrossEffects,
        #[serde(default)]
        limits: CrossLimits,
    },
    Proportions {
        first: f64,
        second: f64,
        significance: f64,
        power: f64,
    },
    Means {
        difference: f64,
        deviation: f64,
        significance: f64,
        power: f64,
    },
    Gittins {
        successes: u32,
        failures: u32,
        discount: f64,
    },
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// A price of constant elasticity; with VAT the price that the customer pays too.
    Best {
        /// The net price.
        #[serde(flatten)]
        best: BestPrice,
        /// The price with VAT.
        gross: Option<f64>,
    },
    /// A price.
    Price {
        /// The price.
        price: f64,
    },
    /// Prices of several products.
    Joint(JointPrices),
    /// A price and the value of the stock.
    Stock(StockPrice),
    /// A path of prices.
    Path(MarkdownPath),
    /// Values and first prices for every stock.
    Policy(Vec<StochasticMarkdown>),
    /// The best combination, if any satisfies the limits.
    Combination(Option<CrossOptimum>),
    /// Observations for each group.
    Size {
        /// How many, before rounding up.
        size: f64,
    },
    /// An index.
    Index {
        /// Its value.
        index: f64,
    },
}

/// Solves a problem.
pub fn solve(problem: &Problem) -> Result<Answer> {
    Ok(match problem {
        Problem::ConstantElasticity { cost, elasticity, upper_bound, vat } => {
            let best = constant_elasticity_price(*cost, *elasticity, *upper_bound);
            let net = match best {
                BestPrice::Interior { price, .. } => Some(price),
                BestPrice::AtUpperBound { price } => price,
            };
            Answer::Best { best, gross: net.zip(*vat).map(|(net, vat)| net * (1.0 + vat)) }
        }
        Problem::Linear { intercept, slope, cost } => Answer::Price { price: linear_price(*intercept, *slope, *cost) },
        Problem::Exponential { slope, cost } => Answer::Price { price: exponential_price(*slope, *cost) },
        Problem::Logit { utility, slope, cost } => Answer::Price { price: logit_price(*utility, *slope, *cost) },
        Problem::LogitFamily { utilities, slopes, costs } => Answer::Joint(logit_prices(utilities, slopes, costs)?),
        Problem::LinearFamily { intercepts, slopes, costs } => Answer::Joint(linear_prices(intercepts, slopes, costs)?),
        Problem::Stock { arrivals, stock, time } => Answer::Stock(stock_price(*arrivals, *stock, *time)),
        Problem::Markdown(markdown) => Answer::Path(best_markdown(markdown)?),
        Problem::StochasticMarkdown(markdown) => Answer::Policy(stochastic_markdown(markdown)?),
        Problem::CrossEffects { products, limits } => Answer::Combination(best_combination(products, limits)?),
        Problem::Proportions { first, second, significance, power } => {
            Answer::Size { size: size_for_proportions(*first, *second, *significance, *power) }
        }
        Problem::Means { difference, deviation, significance, power } => {
            Answer::Size { size: size_for_means(*difference, *deviation, *significance, *power)? }
        }
        Problem::Gittins { successes, failures, discount } => {
            let is_within = *successes > 0 && *failures > 0 && (0.0..=0.999).contains(discount) && *discount > 0.0;
            if !is_within {
                return Err(ScienceError::Unsuitable(
                    "counts must be above 0 and the discount at most 0.999".to_owned(),
                ));
            }
            Answer::Index { index: gittins_index(*successes, *failures, *discount) }
        }
    })
}

impl Problem {
    /// Reads cross effects from plain numbers: the square matrix of elasticities; for each product price, cost and
    /// units; the ratios; the number of orders and for each the two products and the factor; the basket's share and the
    /// most changes.
    pub fn from_plain_text(text: &str) -> Result<Problem> {
        let refused = |reason: &str| ScienceError::Formula { text: "the file".to_owned(), reason: reason.to_owned() };
        let mut lines = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let numbers: std::result::Result<Vec<f64>, _> = line.split_whitespace().map(str::parse).collect();
            lines.push(numbers.map_err(|_| refused("only numbers are expected"))?);
        }
        let count = lines.first().map_or(0, Vec::len);
        let at = |place: usize| lines.get(place).cloned().ok_or_else(|| refused("lines are missing at the end"));
        let elasticities = (0..count).map(at).collect::<Result<Vec<_>>>()?;
        let mut products = CrossEffects { elasticities, ..CrossEffects::default() };
        for place in count..2 * count {
            let [price, cost, units] = at(place)?[..] else {
                return Err(refused("price, cost and units are expected"));
            };
            products.prices.push(price);
            products.costs.push(cost);
            products.units.push(units);
        }
        products.ratios = at(2 * count)?;
        let orders = at(2 * count + 1)?.first().map_or(0, |orders| *orders as usize);
        let mut limits = CrossLimits::default();
        for place in 0..orders {
            let [lower, upper, factor] = at(2 * count + 2 + place)?[..] else {
                return Err(refused("an order is two products and a factor"));
            };
            limits.orders.push((lower as usize, upper as usize, factor));
        }
        if let [basket, changes] = at(2 * count + 2 + orders)?[..] {
            limits.basket_at_most = Some(basket);
            limits.most_changes = Some(changes as usize);
        }
        Ok(Problem::CrossEffects { products, limits })
    }
}
