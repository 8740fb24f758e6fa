//! `omnipricex science`: fits, back-tests and optimises from files, without a workspace.

mod backtest;
mod fit;
mod optimise;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

/// What science can do with a file.
#[derive(Subcommand)]
pub enum ScienceTask {
    /// Fits a formula to a CSV file (gzip is fine) and prints coefficients with their standard errors.
    #[command(after_help = fit::EXAMPLES)]
    Fit(fit::FitWords),
    /// Forecasts the last periods of a CSV file from those before, and scores it beside the naive forecasts.
    #[command(after_help = backtest::EXAMPLES)]
    Backtest(backtest::BacktestWords),
    /// Chooses prices: on price ladders (CSV), in closed form (JSON), or of products with cross effects (numbers).
    #[command(after_help = optimise::EXAMPLES)]
    Optimise(optimise::OptimiseWords),
}

/// Does it.
pub fn run(task: &ScienceTask, json: bool) -> Result<ExitCode> {
    match task {
        ScienceTask::Fit(words) => fit::run(words, json),
        ScienceTask::Backtest(words) => backtest::run(words, json),
        ScienceTask::Optimise(words) => optimise::run(words, json),
    }
}
