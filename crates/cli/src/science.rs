//! `omnipricex science`: fits, back-tests and optimises from files, without a workspace.

mod fit;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

/// What science can do with a file.
#[derive(Subcommand)]
pub enum ScienceTask {
    /// Fits a formula to a CSV file (gzip is fine) and prints coefficients with their standard errors.
    #[command(after_help = fit::EXAMPLES)]
    Fit(fit::FitWords),
}

/// Does it.
pub fn run(task: &ScienceTask, json: bool) -> Result<ExitCode> {
    match task {
        ScienceTask::Fit(words) => fit::run(words, json),
    }
}
