//! `omnipricex science`: fits, back-tests and optimises from files, and grades the demand of a workspace.

mod backtest;
mod fit;
mod grades;
mod optimise;

use std::process::ExitCode;

use anyhow::Result;
use app_commands::Host;
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
    /// Forecasts the newest weeks of the workspace's sales from those before, and scores it beside the naive forecasts.
    BacktestSales {
        /// Weeks to forecast.
        #[arg(long, default_value_t = 8)]
        weeks: u32,
        /// The products that sell most.
        #[arg(long, default_value_t = 100)]
        products: u32,
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
        ScienceTask::Grades(_) | ScienceTask::BacktestSales { .. } => None,
    }
}

/// Does what looks at the workspace.
pub async fn run(host: &Host, task: ScienceTask, json: bool) -> Result<ExitCode> {
    match task {
        ScienceTask::Grades(words) => grades::run(host, words, json).await,
        ScienceTask::BacktestSales { weeks, products } => backtest::run_on_workspace(host, weeks, products, json).await,
        of_files => run_on_files(&of_files, json).unwrap_or(Ok(ExitCode::SUCCESS)),
    }
}
