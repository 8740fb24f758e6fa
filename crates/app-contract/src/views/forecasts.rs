//! Forecasts: of a product's next weeks, and how those of past weeks would have done.

use pricing_domain::{CivilDate, Currency, ProductId};
use serde::{Deserialize, Serialize};

/// What is planned in place of what the workspace holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForecastPlan {
    /// The regular price of all weeks in minor units; `None`: the prices that are kept in the workspace, planned ones
    /// included.
    pub price_minor: Option<i64>,
    /// A promotion beside those that are kept in the workspace.
    pub promotion: Option<PlannedPromotion>,
}

/// A promotion that is thought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedPromotion {
    /// Its price in minor units.
    pub price_minor: i64,
    /// The first week ahead, from 1.
    pub first_week: u32,
    /// For so many weeks.
    pub weeks: u32,
}

/// What a product is expected to sell in the weeks ahead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForecastView {
    /// Its id.
    pub product: ProductId,
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// The code of the price list whose prices are planned.
    pub price_list: String,
    /// Of the planned prices.
    pub currency: Currency,
    /// Weeks since its first sale.
    pub known_weeks: u64,
    /// Of them with sales.
    pub sold_weeks: u64,
    /// Other products of its category that were learnt from.
    pub neighbours: u64,
    /// Errors of past forecasts, of all these products, that the intervals rest on.
    pub errors: u64,
    /// By how much those forecasts were off, in percent of what was sold (WMAPE).
    pub off_percent: f64,
    /// The newest weeks that are known, in order.
    pub past: Vec<PastWeek>,
    /// The weeks ahead.
    pub weeks: Vec<ForecastWeek>,
    /// The mean forecasts together.
    pub units: f64,
    /// Why weeks of the product are not learnt from, each with how many.
    #[serde(default)]
    pub left_out: Vec<(String, u64)>,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// What to know before it is believed.
    pub remarks: Vec<String>,
}

/// A week that is known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastWeek {
    /// Its Monday.
    pub monday: CivilDate,
    /// Units sold.
    pub units: f64,
    /// Percent of them sold in a promotion.
    pub promotion: f64,
}

/// A week ahead.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForecastWeek {
    /// Its Monday.
    pub monday: CivilDate,
    /// The planned price on the shelf in minor units, the mean of its days.
    pub price_minor: i64,
    /// Percent of its days in a promotion.
    pub promotion: f64,
    /// Half of such weeks sell less.
    pub median: f64,
    /// What such weeks sell on average; only means add up over weeks.
    pub mean: f64,
    /// The ends of the 80 % interval.
    pub between_80: (f64, f64),
    /// The ends of the 95 % interval.
    pub between_95: (f64, f64),
    /// The price lies outside of all that were charged.
    pub extrapolated: bool,
}

/// How forecasts of past weeks would have done, each learnt from the weeks before only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BacktestView {
    /// Products whose sales were forecast: those that sold most before the first origin.
    pub products: u64,
    /// Weeks that were forecast from each origin.
    pub test_weeks: u64,
    /// Each origin, the oldest first.
    pub origins: Vec<BacktestOrigin>,
    /// All origins together.
    pub total: BacktestFigures,
    /// Error and bias in percent on the weeks in which the settings were chosen.
    pub inner: (f64, f64),
    /// Why weeks of products are not learnt from before the newest origin, each with how many.
    #[serde(default)]
    pub left_out: Vec<(String, u64)>,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// What to know before it is believed.
    pub remarks: Vec<String>,
}

/// Forecasts from one origin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BacktestOrigin {
    /// The Monday of the first week forecast.
    pub first_tested: CivilDate,
    /// Weeks that were learnt from.
    pub learnt_weeks: u64,
    /// How they did.
    pub figures: BacktestFigures,
}

/// How forecasts did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BacktestFigures {
    /// Forecasts made.
    pub rows: u64,
    /// Forecasts that could not be made.
    pub not_forecast: u64,
    /// The model, then the naive ones.
    pub scores: Vec<BacktestScore>,
    /// Error of the mean forecast in percent, and its bias.
    pub mean: (f64, f64),
    /// Error of the median forecast in percent, and its bias.
    pub median: (f64, f64),
    /// Percent of what was sold within the 80 % interval.
    pub coverage_80: f64,
    /// Percent within the 95 % interval.
    pub coverage_95: f64,
    /// The same for each kind of seller that there is.
    #[serde(default)]
    pub classes: Vec<BacktestClass>,
}

/// How a product sells, by how often and how evenly (Syntetos, Boylan and Croston 2005).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SellerClass {
    /// In most weeks, about as much each time.
    Smooth,
    /// In most weeks, now little and now much.
    Erratic,
    /// In some weeks, about as much each time.
    Intermittent,
    /// In some weeks, now little and now much.
    Lumpy,
}

impl SellerClass {
    /// For people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Smooth => "most weeks, evenly",
            Self::Erratic => "most weeks, unevenly",
            Self::Intermittent => "some weeks, evenly",
            Self::Lumpy => "some weeks, unevenly",
        }
    }

    /// The literature's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Smooth => "smooth",
            Self::Erratic => "erratic",
            Self::Intermittent => "intermittent",
            Self::Lumpy => "lumpy",
        }
    }
}

/// How the forecasts of one kind of seller did; shares in percent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BacktestClass {
    /// Which.
    pub class: SellerClass,
    /// Products; one that changed its kind between origins counts in both.
    pub products: u64,
    /// Forecasts made.
    pub rows: u64,
    /// Absolute errors against what was sold; `None`: nothing was sold.
    pub wmape: Option<f64>,
    /// Forecast too much, or too little (negative); `None`: nothing was sold.
    pub bias: Option<f64>,
    /// Percent of what was sold within the 80 % interval. Of whole pieces it may be more: no interval ends between two.
    pub coverage_80: f64,
    /// Percent within the 95 % interval.
    pub coverage_95: f64,
    /// How wide the 80 % interval is on average, in units.
    pub width_80: f64,
    /// What such a product sells in a week on average, in units.
    pub mean_units: f64,
}

/// How one forecast did; all in percent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BacktestScore {
    /// Which.
    pub name: String,
    /// Absolute errors against what was sold.
    pub wmape: f64,
    /// Forecast too much, or too little (negative).
    pub bias: f64,
    /// By how much the model's error is smaller than this one's.
    pub value_added: f64,
}
