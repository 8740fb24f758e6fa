//! `omnipricex science`: fits, back-tests and optimises from files; grades and forecasts the demand of a workspace.

pub mod backtest;
mod category;
mod fit;
mod forecast;
mod grades;
mod optimise;

use std::process::ExitCode;

use anyhow::Result;
use app_commands::Host;
use app_contract::BacktestDemand;
use clap::Subcommand;

/// What science can do.
#[derive(Subcommand)]
pub enum ScienceTask {
    /// Fits a formula to a CSV file (gzip is fine) and prints coefficients with their standard errors.
    #[command(after_help = fit::EXAMPLES)]
    Fit(fit::FitWords),
    /// Forecasts the last periods of a CSV file from those before, and scores it beside the naive forecasts.
    #[command(after_help = backtest::EXAMPLES)]
    Backtest(backtest::BacktestWords),
    /// Forecasts past weeks of the workspace's sales from those before, from several origins, beside the naive forecasts.
    BacktestSales {
        /// Weeks to forecast from each origin.
        #[arg(long, default_value_t = 8)]
        weeks: u32,
        /// The products that sell most.
        #[arg(long, default_value_t = 100)]
        products: u32,
        /// Origins, 1 to 6, each as many weeks after the one before as are forecast.
        #[arg(long, default_value_t = 1)]
        origins: u32,
    },
    /// Forecasts the next weeks of a product of the workspace at planned prices: mean and median, with intervals.
    #[command(after_help = forecast::EXAMPLES)]
    Forecast(forecast::ForecastWords),
    /// What the sales say about the demand of a category: its estimate, grades, families and products.
    Category {
        /// Its path: 'TV & Audio > Headphones'.
        path: String,
        /// First product.
        #[arg(long, default_value_t = 0)]
        offset: u64,
        /// How many products.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Grades what the sales of the workspace say about each product's demand.
    #[command(after_help = grades::EXAMPLES)]
    Grades(grades::GradesWords),
    /// Chooses prices: on price ladders (CSV), in closed form (JSON), or of products with cross effects (numbers).
    #[command(after_help = optimise::EXAMPLES)]
    Optimise(optimise::OptimiseWords),
}

/// Does what needs no workspace; `None`: the task does.
pub fn run_on_files(task: &ScienceTask, json: bool) -> Option<Result<ExitCode>> {
    match task {
        ScienceTask::Fit(words) => Some(fit::run(words, json)),
        ScienceTask::Backtest(words) => Some(backtest::run(words, json)),
        ScienceTask::Optimise(words) => Some(optimise::run(words, json)),
        ScienceTask::Grades(_)
        | ScienceTask::BacktestSales { .. }
        | ScienceTask::Forecast(_)
        | ScienceTask::Category { .. } => None,
    }
}

/// Does what looks at the workspace.
pub async fn run(host: &Host, task: ScienceTask, json: bool) -> Result<ExitCode> {
    match task {
        ScienceTask::Grades(words) => grades::run(host, words, json).await,
        ScienceTask::BacktestSales { weeks, products, origins } => {
            backtest::run_on_workspace(host, BacktestDemand { weeks, products, origins }, json).await
        }
        ScienceTask::Forecast(words) => forecast::run(host, words, json).await,
        ScienceTask::Category { path, offset, limit } => category::run(host, path, offset, limit, json).await,
        of_files => run_on_files(&of_files, json).unwrap_or(Ok(ExitCode::SUCCESS)),
    }
}
