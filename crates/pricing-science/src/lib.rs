//! Demand, elasticity, forecasts and optimisation: pure and deterministic; data comes in as tables in memory.
//!
//! `f64` is used for statistics only; what enters pricing is stored as whole numbers by the caller.

mod absorb;
mod adjusted;
mod batch;
mod calendar;
#[cfg(test)]
mod chance;
mod cleaning;
mod covariance;
mod cross_effects;
mod demand;
mod design;
mod distributions;
mod error;
mod experiments;
mod families;
mod fit;
mod followers;
mod forecast;
mod formula;
mod grades;
mod groups;
mod ladder;
mod linear;
mod markdowns;
mod mixed;
mod optima;
mod parallel;
mod ppml;
mod problems;
mod reactions;
mod scenario;
mod shrinkage;
mod simplex;
mod table;

pub use batch::{BatchData, BatchFit, MOST_REGRESSORS, fit_batch};
pub use calendar::{monday, week_of};
pub use cleaning::{CleaningReport, Dropped, HistoryRow, clean};
pub use covariance::Convention;
pub use cross_effects::{CrossEffects, CrossLimits, CrossOptimum, best_combination};
pub use demand::{
    CatalogueDemand, CrossEffect, DemandRules, FEWEST_ESTIMATES, FamilyAnswer, FamilyPool, ProductDemand, ProductSales,
    RivalAnswer, RivalEffect, RivalWeeks, SoldWeek, Source, SourceElasticity, fit_beside_rivals, fit_catalogue,
    unfit_weeks,
};
pub use error::{Result, ScienceError};
pub use experiments::{
    Difference, difference_in_differences, gittins_index, paired_difference, size_for_means, size_for_pairs,
    size_for_proportions,
};
pub use fit::{
    Coefficient, FirstStage, FitReport, FitRequest, Method, Overidentification, VarianceComponent, WeakInstruments, fit,
};
pub use followers::{FollowVerdict, FollowerRules, Following, followers};
pub use forecast::{
    AheadPeriod, AheadReport, BacktestReport, ClassReport, DemandClass, ForecastRequest, ForecastScore, KnownLeftOut,
    LeftOut, OriginReport, RollingReport, Watch, backtest, forecast_ahead, nothing_left_out, periods_needed,
    rolling_backtest,
};
pub use grades::{CategoryElasticity, Evidence, Grade, GradeRules, GradedElasticity, grade, is_extrapolated};
pub use groups::{GroupFit, GroupedReport, fit_groups};
pub use ladder::{
    FurtherLimit, Ladder, LadderEffort, LadderItem, LadderLimits, LadderOption, LadderSolution, LimitResult, Order,
    PairOrder, optimise_ladder,
};
pub use markdowns::{
    Markdown, MarkdownPath, MarkdownPlan, StochasticMarkdown, best_markdown, markdown_to_target, stochastic_markdown,
};
pub use optima::{
    BestPrice, JointPrices, StockPrice, constant_elasticity_price, exponential_price, linear_price, linear_prices,
    logit_price, logit_prices, stock_price,
};
pub use problems::{Answer, Problem, solve};
pub use reactions::{AnsweredMoves, PastMove, answers_to_us};
pub use scenario::{
    Change, FamilyEffect, Outcome, Reaction, RivalError, Scenario, ScenarioProducts, ScenarioResult, ScenarioState,
    ScenarioWeek, SiblingPrices, Total, Wider, difference, outcome_at, outcome_beside, outcomes, play, play_from,
    play_with, sibling_prices, totals_by,
};
pub use shrinkage::{BetweenVariance, Estimate, Shrinkage, posterior, posterior_unsure, shrink};
pub use table::{Table, Values};
