//! What the sales say about demand, and how far they can be relied on.

pub use pricing_domain::ElasticityGrade;
use pricing_domain::{Currency, ProductId};
use serde::{Deserialize, Serialize};

/// What is known of how a product answers its price, as it was fitted last.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemandFact {
    /// What it rests on.
    pub grade: ElasticityGrade,
    /// The elasticity with its standard error, where there is one.
    pub elasticity: Option<(f64, f64)>,
}

impl DemandFact {
    /// In words, whether anything has been fitted or not.
    pub fn words_of(fact: Option<Self>) -> String {
        fact.map_or_else(|| "not fitted yet; open Demand for that".to_owned(), |fact| fact.words())
    }

    /// In words: the grade, and the elasticity with its 95 % interval.
    pub fn words(&self) -> String {
        /// Ends of a 95 % interval in standard errors.
        const WIDTH: f64 = 1.96;
        match self.elasticity {
            Some((value, error)) => {
                let (low, high) = (value - WIDTH * error, value + WIDTH * error);
                format!("elasticity {value:.2} ({low:.2} to {high:.2}), {}", self.grade.title())
            }
            None => self.grade.title().to_owned(),
        }
    }
}

/// The demand of the whole catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemandReport {
    /// Products looked at.
    pub products: u64,
    /// Rows of sales.
    pub sales_rows: u64,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// Products of each grade, the best first.
    pub grades: Vec<(ElasticityGrade, u64)>,
    /// What products lack for an estimate from own data, in words, with how many lack it; most first.
    pub lacking: Vec<(String, u64)>,
    /// Rows left out, by reason.
    pub dropped: Vec<(String, u64)>,
    /// What estimates are drawn towards.
    pub categories: Vec<CategoryDemand>,
    /// Products that match the question.
    pub matching: u64,
    /// A stretch of them, by SKU.
    pub rows: Vec<ElasticityRow>,
}

/// What the products of a category have in common.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CategoryDemand {
    /// Its path; `None`: the whole catalogue.
    pub category: Option<String>,
    /// Products with an own estimate.
    pub products: u64,
    /// Mean elasticity.
    pub elasticity: f64,
    /// Its standard error.
    pub error: f64,
    /// Standard deviation between products.
    pub between: f64,
    /// The part of it that is between families, as a standard deviation; `None`: families cannot be told from products.
    pub between_families: Option<f64>,
}

/// What the products of a family have in common, drawn towards its category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilyDemand {
    /// Its name.
    pub family: String,
    /// Products with an own estimate.
    pub products: u64,
    /// Mean elasticity.
    pub elasticity: f64,
    /// Its standard error.
    pub error: f64,
    /// Standard deviation between the products of a family.
    pub within: f64,
}

/// All about the demand of a category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CategoryElasticityView {
    /// Its path.
    pub category: String,
    /// What its products have in common; `None`: too few of them have an own estimate.
    pub demand: Option<CategoryDemand>,
    /// Own estimates that it has, and those that are needed.
    pub estimates: (u64, u64),
    /// The category that stands in where it has too few; `None`: none does.
    pub stands_in: Option<String>,
    /// Products of it and of the categories below.
    pub products: u64,
    /// Of each grade, the best first.
    pub grades: Vec<(ElasticityGrade, u64)>,
    /// Products whose demand hardly answers the price.
    pub inelastic: u64,
    /// Its families, where they can be told from products.
    pub families: Vec<FamilyDemand>,
    /// How its products answer the prices of their families, in words; `None`: too few estimates.
    pub siblings: Option<String>,
    /// What its products lack for an estimate from own data, with how many lack it; most first.
    pub lacking: Vec<(String, u64)>,
    /// Days left out, by reason.
    pub dropped: Vec<(String, u64)>,
    /// A stretch of its products, by SKU.
    pub rows: Vec<ElasticityRow>,
}

/// A product's elasticity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ElasticityRow {
    /// Its id.
    pub product: ProductId,
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// What it rests on.
    pub grade: ElasticityGrade,
    /// Change of units in percent when the price rises by one percent.
    pub elasticity: Option<f64>,
    /// Its standard error.
    pub error: Option<f64>,
    /// Demand hardly answers the price: no best price lies inside, and a bound must be used.
    pub inelastic: bool,
    /// What is missing for an estimate from own data.
    pub missing: Vec<String>,
}

/// All about the demand of one product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ElasticityView {
    /// The elasticity.
    pub row: ElasticityRow,
    /// Of the prices below; VAT is contained or not as in the sales.
    pub currency: Currency,
    /// The product's own estimate with its standard error, before it was drawn anywhere.
    pub own: Option<(f64, f64)>,
    /// The category it was drawn towards; `None`: none, or the whole catalogue.
    pub category: Option<String>,
    /// The family it was drawn towards within that category; `None`: families could not be told from products.
    pub family: Option<String>,
    /// Change of units in percent when the prices of its family rise by one percent, with its standard error; `None`: no
    /// such effect is used.
    pub siblings: Option<(f64, f64)>,
    /// What that rests on, or why none is used.
    pub siblings_words: String,
    /// What competitors' prices do to its units, or why that is assumed.
    #[serde(default)]
    pub rival_words: String,
    /// Weeks with sales.
    pub weeks: u64,
    /// Different prices that were charged.
    pub price_levels: u64,
    /// Standard deviation of the price, in percent.
    pub price_variation: f64,
    /// The lowest price charged, at a millionth of the major unit. Outside of both, statements are extrapolated.
    pub lowest_micro: Option<i64>,
    /// The highest price charged.
    pub highest_micro: Option<i64>,
    /// Days left out, by reason.
    pub dropped: Vec<(String, u64)>,
    /// Days in a promotion.
    pub promotion_days: u64,
    /// Days on which another price was charged than asked.
    pub repriced_days: u64,
    /// The weeks that it rests on.
    pub points: Vec<DemandPoint>,
}

/// A week with sales.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemandPoint {
    /// The mean price charged, at a millionth of the major unit.
    pub price_micro: i64,
    /// Units sold.
    pub units: f64,
    /// The share of them sold in a promotion.
    pub promotion: f64,
}
