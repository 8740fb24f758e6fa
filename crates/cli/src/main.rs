//! `omnipricex`: the same commands as the window, for a terminal and for scripts.

mod alerts;
mod approvals;
mod arguments;
mod assistant;
mod automations;
mod back_tests;
mod batches;
mod breaker;
mod competitors;
mod connections;
mod demo;
mod files;
mod import_words;
mod jobs;
mod logging;
mod market;
mod matches;
mod mcp;
mod models;
mod output;
mod plans;
mod prices;
mod publishing;
mod reading;
mod readings;
mod recipes;
mod reports;
mod roles;
mod rule_versions;
mod run;
mod scenarios;
mod science;
mod scripts;
mod serve;
mod sources;
mod values;
mod work;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;

#[tokio::main]
async fn main() -> ExitCode {
    // A reader that has seen enough (`| head`) ends the program, without a message.
    sigpipe::reset();
    let arguments = Arguments::parse();
    let _log = logging::start(arguments.verbose);
    let json = arguments.json;
    match run::run(arguments).await {
        Ok(code) => code,
        Err(error) => {
            output::failure(json, &error);
            run::exit_code(&error)
        }
    }
}
