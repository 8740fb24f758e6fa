//! Which figure is asked for: of products together, of groups, over time, and how many values are made one.

use pricing_domain::BasisPoints;
use serde::{Deserialize, Serialize};

/// A figure over products.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Total {
    /// How many products.
    Products,
    /// Margin over the sales of 28 days.
    Margin,
    /// Average price.
    AveragePrice,
    /// Revenue of 28 days.
    Revenue,
    /// Price index, cheaper, equal, dearer.
    Position,
    /// How many competitors, with their coverage.
    Competitors,
    /// How many brands.
    Brands,
    /// How many categories.
    Categories,
    /// How many suppliers.
    Suppliers,
    /// How many rules.
    Rules,
    /// How many price lists.
    PriceLists,
    /// How many proposals wait.
    Proposals,
    /// Whether publishing is stopped, and the newest hand-over.
    Publishing,
    /// How long the stock lasts.
    Cover,
    /// Pieces in stock.
    Stock,
    /// What the stock is worth, at cost and at our prices.
    StockValue,
}

/// What groups are put in order by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankFigure {
    /// The share of margin in the net price, over the sales of 28 days.
    Margin,
    /// The margin in money.
    Profit,
    /// Net revenue of 28 days at today's prices.
    Revenue,
    /// Pieces sold in 28 days.
    Units,
    /// How many products.
    Products,
    /// The share of compared products that are dearer than the lowest offer.
    Dearer,
    /// Pieces in stock.
    Stock,
    /// The mean price.
    Price,
    /// The price index against the lowest offers.
    Index,
    /// What the stock is worth at cost.
    StockValue,
}

/// A sum over the sales of 28 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductSum {
    /// Net revenue at today's price.
    Revenue,
    /// The margin in money at today's price.
    Profit,
}

/// A figure over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrendFigure {
    /// The price index.
    Index,
    /// The margin, from some whole weeks to those after.
    Margin,
    /// Net revenue, from as many days before.
    Revenue,
    /// Pieces sold, from as many days before.
    Units,
    /// Index, margin and sales.
    Overall,
}

/// By what promotions are put in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromotionFigure {
    /// The newest first.
    #[default]
    Day,
    /// What it moved.
    Uplift,
    /// How far below the regular price.
    Depth,
    /// Pieces sold in it.
    Units,
}

/// A figure that every product has by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductFigure {
    /// Our price.
    Price,
    /// Our cost.
    Cost,
    /// The margin of the net price.
    Margin,
    /// Net price less cost, a piece.
    UnitMargin,
    /// The lowest usable offer.
    Lowest,
    /// Our price against it.
    Gap,
    /// How many competitors have a usable offer.
    Offers,
    /// Pieces in stock.
    Stock,
    /// Pieces sold in 28 days.
    Units,
    /// How long the stock lasts.
    Cover,
}

/// How the values of products are made one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    /// Their mean.
    Mean,
    /// The one in the middle.
    Median,
    /// From the smallest to the largest.
    Range,
}

/// A margin that a price shall leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WantedMargin {
    /// A share of the net price.
    Share(BasisPoints),
    /// Money a piece, in hundredths of the major unit.
    Amount(i64),
}
