//! The project's task runner: sets a machine up, builds, runs, tests and measures.
//!
//! It is kept small on purpose, because it is the first thing a fresh clone compiles.

mod args;
mod check;
mod measure;
mod pictures;
mod project;
mod run;
mod setup;
mod shell;
mod test;
mod ui;
mod wasm;

use anyhow::{Result, bail};
use std::process::ExitCode;

/// One subcommand: what it is called, what it says of itself and what it does.
struct Subcommand {
    name: &'static str,
    help: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const SUBCOMMANDS: &[Subcommand] = &[
    Subcommand { name: "setup", help: setup::HELP, run: setup::command },
    Subcommand { name: "run", help: run::HELP, run: run::command },
    Subcommand { name: "test", help: test::HELP, run: test::command },
    Subcommand { name: "check", help: check::HELP, run: check::command },
    Subcommand { name: "ui", help: ui::HELP, run: ui::command },
    Subcommand { name: "bench", help: measure::BENCH_HELP, run: measure::bench },
    Subcommand { name: "eval", help: measure::EVAL_HELP, run: measure::eval },
    Subcommand { name: "soak", help: measure::SOAK_HELP, run: measure::soak },
    Subcommand { name: "sample", help: measure::SAMPLE_HELP, run: measure::sample },
    Subcommand { name: "pictures", help: pictures::HELP, run: pictures::command },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        print!("{}", overview());
        return Ok(());
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", overview());
        return Ok(());
    }
    let Some(subcommand) = SUBCOMMANDS.iter().find(|subcommand| subcommand.name == name) else {
        bail!("there is no subcommand `{name}`\n\n{}", overview());
    };
    if asks_for_help(rest) {
        println!("{}", subcommand.help.trim());
        return Ok(());
    }
    (subcommand.run)(rest)
}

/// Help is asked for before any `--`; what follows it belongs to the program that is started.
fn asks_for_help(arguments: &[String]) -> bool {
    arguments.iter().take_while(|argument| *argument != "--").any(|argument| argument == "--help" || argument == "-h")
}

fn overview() -> String {
    let mut text = String::from("cargo xtask <subcommand> [options]\n\n");
    for subcommand in SUBCOMMANDS {
        let summary = subcommand.help.trim().lines().next().unwrap_or_default();
        text.push_str(&format!("  {:<8} {summary}\n", subcommand.name));
    }
    text.push_str("\n`cargo xtask <subcommand> --help` says more.\n");
    text
}

#[cfg(test)]
mod tests {
    use super::{SUBCOMMANDS, asks_for_help, overview};

    #[test]
    fn the_overview_names_every_subcommand() {
        let text = overview();
        for subcommand in SUBCOMMANDS {
            assert!(text.contains(&format!("  {}", subcommand.name)), "{} is missing", subcommand.name);
        }
    }

    #[test]
    fn help_after_two_dashes_belongs_to_the_started_program() {
        let words = |text: &str| text.split(' ').map(String::from).collect::<Vec<_>>();
        assert!(asks_for_help(&words("--quick --help")));
        assert!(!asks_for_help(&words("--quick -- --help")));
    }
}
