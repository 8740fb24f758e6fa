//! Products that no margin protects, by why.

use pricing_domain::Currency;
use serde::{Deserialize, Serialize};

/// Products on sale whose price cannot be held against a cost, each counted once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MarginGaps {
    /// No cost is known.
    pub without_cost: u64,
    /// The cost is in another currency and no exchange rate is known.
    pub without_rate: Vec<MissingRate>,
    /// The price contains VAT and no rate of VAT is known.
    pub without_vat: u64,
}

/// An exchange rate that costs wait for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingRate {
    /// Of the costs.
    pub from: Currency,
    /// Of the price list.
    pub to: Currency,
    /// Products with such a cost.
    pub products: u64,
}

impl MarginGaps {
    /// How many products that are.
    pub fn products(&self) -> u64 {
        self.without_cost + self.without_vat + self.without_rate.iter().map(|rate| rate.products).sum::<u64>()
    }

    /// How many products, and what they lack, for each lack there is: (2, “no cost”).
    pub fn lacks(&self) -> Vec<(u64, String)> {
        let cost = (self.without_cost, "no cost".to_owned());
        let rates = self
            .without_rate
            .iter()
            .map(|rate| (rate.products, format!("a cost in {} and no exchange rate to {}", rate.from, rate.to)));
        let vat = (self.without_vat, "a cost and no VAT rate".to_owned());
        let lacks = [cost].into_iter().chain(rates).chain([vat]);
        lacks.filter(|(products, _)| *products > 0).collect()
    }
}
