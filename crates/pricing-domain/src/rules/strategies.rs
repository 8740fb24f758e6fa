//! Strategies: how a price is found before guardrails and endings.

use serde::{Deserialize, Serialize};

use super::two_way_tables::TwoWayTable;
use crate::money::BasisPoints;

/// How a price is found before guardrails and endings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// The price stays.
    Keep,
    /// Position against competitors.
    Competitor {
        /// Which of their prices.
        reference: CompetitorReference,
        /// How far from it.
        #[serde(default)]
        adjust: Adjustment,
        /// Which offers count.
        #[serde(default)]
        offers: OfferPolicy,
    },
    /// Cost plus a margin of the net price.
    CostPlusMargin {
        /// Margin = (net price − cost) ÷ net price.
        margin: BasisPoints,
    },
    /// Cost plus a markup on it.
    CostPlusMarkup {
        /// Markup = (net price − cost) ÷ cost.
        markup: BasisPoints,
    },
    /// The supplier's recommended price, adjusted.
    RecommendedPrice {
        /// How far from it.
        #[serde(default)]
        adjust: Adjustment,
    },
    /// An expression that gives money: `min(comp.lowest - 0.01, cost * 1.35)`.
    Formula(String),
    /// The price of the product in another price list, or of another product in this one: the new one where the same run
    /// changes it, else today's.
    Follow {
        /// The code of the list.
        #[serde(default)]
        list: Option<String>,
        /// The article number of the product.
        #[serde(default)]
        product: Option<String>,
        /// How far from it.
        #[serde(default)]
        adjust: Adjustment,
    },
    /// Moves today's price by how long the stock lasts at the sales of 28 days: the last band reached decides; below
    /// the first the price stays. What did not sell at all lasts 9,999 days.
    StockCover {
        /// By ascending days.
        bands: Vec<CoverBand>,
    },
    /// Takes more off the longer a product has been there: the last step reached decides; before the first the
    /// price stays.
    Markdown {
        /// From when age counts.
        since: AgeSince,
        /// What is taken off from: an amount that the markdown itself does not move.
        base: MarkdownBase,
        /// By ascending days.
        steps: Vec<MarkdownStep>,
    },
    /// A price index against competitors: every product at that share of the reference, so that the index of any
    /// category over it is the target.
    IndexTarget {
        /// Which of their prices.
        reference: CompetitorReference,
        /// Own ÷ theirs: 9,850 is an index of 98.5.
        index: BasisPoints,
        /// Other targets, of the nearest of these categories that a product lies in.
        #[serde(default)]
        by_category: Vec<CategoryIndex>,
        /// Which offers count.
        #[serde(default)]
        offers: OfferPolicy,
    },
    /// A decision table: the last band that a value reaches gives the price.
    Table {
        /// The value, an expression: `comp.count`, `margin(price)`.
        of: String,
        /// By ascending values.
        bands: Vec<TableBand>,
    },
    /// A decision table in two dimensions.
    TwoWayTable(TwoWayTable),
}

/// The target of a category and of what lies below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryIndex {
    /// A category path, such as “TV & Audio > Headphones”.
    pub category: String,
    /// Own ÷ theirs.
    pub index: BasisPoints,
}

/// A band of stock cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverBand {
    /// From so many days of cover on.
    pub from_days: u32,
    /// Today's price changes by so much.
    pub change: BasisPoints,
}

/// A step of a markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkdownStep {
    /// After so many days.
    pub after_days: u32,
    /// So much is taken off the base.
    pub off: BasisPoints,
}

/// From when the age of a markdown counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgeSince {
    /// Since the product was first on sale.
    Listed,
    /// Since today's price began.
    PriceChanged,
}

/// What a markdown is taken off from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkdownBase {
    /// The supplier's recommended price.
    RecommendedPrice,
    /// The product's own highest price.
    MaxPrice,
}

/// A band of a decision table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableBand {
    /// From this value on, as text of a constant (`3`, `20 %`); the first band has none.
    #[serde(default)]
    pub from: Option<String>,
    /// The price, an expression.
    pub price: String,
}

/// A competitor and how much it weighs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompetitorWeight {
    /// The competitor's name.
    pub competitor: String,
    /// Its weight among the others, above zero.
    pub weight: u32,
}

impl Strategy {
    /// The strategy as the text of a formula, where it is computed as one; what an adjustment adds comes after it.
    pub fn formula(&self) -> Option<String> {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        match self {
            Self::Formula(text) => Some(text.clone()),
            Self::Follow { list: Some(code), .. } => Some(format!("price_in({})", quoted(code))),
            Self::Follow { product: Some(sku), .. } => Some(format!("price_of({})", quoted(sku))),
            Self::StockCover { bands } => {
                let price =
                    |band: &CoverBand| format!("price * {}", percent(BasisPoints::ONE + i64::from(band.change.0)));
                let bands = bands.iter().map(|band| (format!("days_of_cover >= {}", band.from_days), price(band)));
                Some(first_reached("days_of_cover", "price".into(), bands))
            }
            Self::Markdown { since, base, steps } => {
                let age = match since {
                    AgeSince::Listed => "listed",
                    AgeSince::PriceChanged => "price_changed",
                };
                let base = match base {
                    MarkdownBase::RecommendedPrice => "rrp",
                    MarkdownBase::MaxPrice => "max_price",
                };
                let price =
                    |step: &MarkdownStep| format!("{base} * {}", percent(BasisPoints::ONE - i64::from(step.off.0)));
                let steps = steps.iter().map(|step| (format!("days since {age} >= {}", step.after_days), price(step)));
                Some(first_reached(age, "price".into(), steps))
            }
            Self::Table { of, bands } => {
                let (first, others) = bands.split_first()?;
                let from = |band: &TableBand| format!("({of}) >= {}", band.from.as_deref().unwrap_or_default());
                Some(first_reached(of, first.price.clone(), others.iter().map(|band| (from(band), band.price.clone()))))
            }
            Self::TwoWayTable(table) => Some(table.formula()),
            _ => None,
        }
    }

    /// What is added to the formula's result.
    pub const fn formula_adjustment(&self) -> Adjustment {
        match self {
            Self::Follow { adjust, .. } => *adjust,
            _ => Adjustment::None,
        }
    }
}

/// `if(has(key), if(last, …, if(first, …, otherwise)))`: the last condition of ascending ones that holds. Without what the
/// conditions are about there is no price, so that the rule's `else` decides.
fn first_reached(key: &str, otherwise: String, bands: impl Iterator<Item = (String, String)>) -> String {
    let reached = bands.fold(otherwise, |below, (condition, price)| format!("if({condition}, {price}, {below})"));
    format!("if(has({key}), {reached})")
}

/// Basis points as a percentage of the language.
fn percent(basis_points: i64) -> String {
    format!("{} %", crate::decimal_text(basis_points, 2, 0))
}

/// Which competitor price a rule follows, over the usable offers after like-for-like conversion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompetitorReference {
    /// The lowest.
    Lowest,
    /// The highest.
    Highest,
    /// The n-th from below, from 1; the highest when there are fewer.
    Nth(u32),
    /// The arithmetic mean.
    Average,
    /// The middle one; the mean of the two middle ones when even.
    Median,
    /// The first of these competitors that has a usable offer: “A, or B if A is sold out”.
    Named(Vec<String>),
    /// The mean of these competitors' lowest offers by weight, over those that have a usable offer.
    Weighted(Vec<CompetitorWeight>),
}

/// A distance from a reference price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adjustment {
    /// Exactly there.
    #[default]
    None,
    /// Relative: −100 is one percent below.
    Percent(BasisPoints),
    /// In minor units of the price list's currency: −1 is a cent below.
    AmountMinor(i64),
}

/// Which offers count for a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfferPolicy {
    /// Compare with shipping added.
    pub with_shipping: bool,
    /// Leave out what cannot be bought.
    pub in_stock_only: bool,
    /// Leave out what was last seen longer ago.
    pub max_age_hours: u32,
    /// Leave out equivalents.
    pub exact_only: bool,
    /// Leave out offers further than this from the median of the others; `None` keeps all.
    pub outlier: Option<BasisPoints>,
    /// Only these competitors; empty: all.
    pub only: Vec<String>,
    /// Leave out offers below the product's own floor: whom to follow would be forbidden anyway.
    pub ignore_below_floor: bool,
}

impl Default for OfferPolicy {
    fn default() -> Self {
        Self {
            with_shipping: false,
            in_stock_only: true,
            max_age_hours: 72,
            exact_only: false,
            outlier: Some(BasisPoints(5000)),
            only: Vec::new(),
            ignore_below_floor: false,
        }
    }
}
