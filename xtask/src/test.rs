//! All tests of the project in one command: formatting, lints, architecture, unit tests, and whole journeys
//! through the router, a browser and the real window. The last line counts the tests.

mod counts;
mod runner;

use crate::args::Args;
use crate::check;
use crate::project::Project;
use crate::run;
use crate::setup::{self, Purpose};
use crate::shell;
use crate::ui::{self, Profile};
use crate::wasm::WasmToolchain;
use anyhow::{Result, bail};
use counts::Counts;
use std::process::Command;
use std::time::Instant;

pub const HELP: &str = "
Sets up and runs all tests

cargo xtask test [--fast]

  --fast  formatting, lints, sources and unit tests of the libraries: no interface, window or browser

Tests that need third-party data read it from the folder that SHARED_DATA names. Without it they count as
skipped; with it a skipped test is a failure. The last line counts: N passed, N failed, N skipped.
";

/// The package of the journeys: they share a display and two browsers, and so run one after the other.
const JOURNEYS: &str = "journeys";

/// What came of the steps so far; a failed step does not keep the next from running.
#[derive(Debug, Default)]
struct Report {
    failed_steps: Vec<&'static str>,
    counts: Counts,
}

/// `cargo xtask test`
pub fn command(arguments: &[String]) -> Result<()> {
    let args = Args::read_without_words(arguments, &["--fast"], &[])?;
    let project = Project::load()?;
    let report = if args.has("--fast") { fast(&project) } else { full(&project)? };
    conclude(&report, std::env::var_os("SHARED_DATA").is_some())
}

fn fast(project: &Project) -> Report {
    let mut report = Report::default();
    report.step("formatting", || formatting(project));
    report.step("lints", || shell::run(cargo(project, "clippy").args(["--all-targets", "--", "--deny", "warnings"])));
    report.step("sources", || check::check_sources(project));
    report.tests("unit tests", |counts| {
        runner::unit_tests(project, &["--exclude", "omnipricex-desktop", "--exclude", ui::PACKAGE], counts)
    });
    report
}

fn full(project: &Project) -> Result<Report> {
    setup::set_up(project, Purpose::Test)?;
    let mut report = Report::default();
    report.step("formatting", || formatting(project));
    report.step("architecture", || check::check_all(project));
    report.step("interface", || ui::build(project, Profile::Dev));
    report.step("engine for pages", || ui::engine::build(project));
    report.step("lints", || lints(project));
    report.step("programs", || shell::run(cargo(project, "build").args(["--workspace", "--bins"])));
    report.tests("unit tests", |counts| runner::unit_tests(project, &[], counts));
    report.tests("examples in the documentation", |counts| runner::documentation(project, counts));
    report.tests("journeys", |counts| runner::journeys(project, counts));
    Ok(report)
}

fn formatting(project: &Project) -> Result<()> {
    shell::run(cargo(project, "fmt").args(["--all", "--check"]))
}

/// Clippy for wasm needs rustup's standard library; without it the interface is linted as for this machine.
fn lints(project: &Project) -> Result<()> {
    let denied = ["--all-targets", "--", "--deny", "warnings"];
    shell::run(cargo(project, "clippy").arg("--workspace").args(denied))?;
    match WasmToolchain::find() {
        Some(toolchain @ WasmToolchain::Rustup) => {
            let mut clippy = toolchain.cargo(project, "clippy");
            shell::run(clippy.args(["--package", ui::PACKAGE, "--", "--deny", "warnings"]))
        }
        _ => Ok(()),
    }
}

/// Cargo in the workspace, with the environment that all steps share: a different one would build things twice.
fn cargo(project: &Project, subcommand: &str) -> Command {
    let mut cargo = shell::cargo();
    cargo.current_dir(&project.root).arg(subcommand);
    run::with_places(&mut cargo, project, false);
    cargo
}

impl Report {
    fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) {
        eprintln!("\n== {name}");
        let began = Instant::now();
        let result = work();
        eprintln!("== {name}: {} after {:.0} s", outcome(&result), began.elapsed().as_secs_f64());
        if let Err(error) = result {
            eprintln!("{error:#}");
            self.failed_steps.push(name);
        }
    }

    fn tests(&mut self, name: &'static str, work: impl FnOnce(&mut Counts) -> Result<()>) {
        let mut counts = Counts::default();
        self.step(name, || work(&mut counts));
        self.counts.add(counts);
    }
}

fn outcome(result: &Result<()>) -> &'static str {
    if result.is_ok() { "done" } else { "FAILED" }
}

/// Prints the closing lines, the count last, and turns failures into an error.
fn conclude(report: &Report, has_shared_data: bool) -> Result<()> {
    let failures = failures(report, has_shared_data);
    for failure in &failures {
        println!("failed: {failure}");
    }
    println!("{}", report.counts);
    if failures.is_empty() { Ok(()) } else { bail!("the tests did not pass") }
}

/// All reasons for which the run as a whole failed.
fn failures(report: &Report, has_shared_data: bool) -> Vec<&'static str> {
    let mut failures = report.failed_steps.clone();
    if report.counts.failed > 0 {
        failures.push("tests");
    }
    if report.counts.passed == 0 {
        failures.push("no test passed");
    }
    if has_shared_data && report.counts.skipped > 0 {
        failures.push("SHARED_DATA is set, and yet tests were skipped");
    }
    failures
}

#[cfg(test)]
mod tests {
    use super::{Counts, Report, failures};
    use anyhow::bail;

    fn report(passed: usize, failed: usize, skipped: usize) -> Report {
        Report { failed_steps: Vec::new(), counts: Counts { passed, failed, skipped } }
    }

    #[test]
    fn a_skipped_test_fails_only_where_its_data_is_there() {
        assert!(failures(&report(3, 0, 1), false).is_empty());
        assert_eq!(failures(&report(3, 0, 1), true).len(), 1);
        assert!(failures(&report(3, 0, 0), true).is_empty());
    }

    #[test]
    fn failures_and_the_absence_of_tests_fail() {
        assert_eq!(failures(&report(3, 1, 0), false).len(), 1);
        assert_eq!(failures(&report(0, 0, 0), false).len(), 1);
    }

    #[test]
    fn a_failed_step_is_kept_and_the_next_one_runs() {
        let mut report = report(3, 0, 0);
        report.step("first", || bail!("broken"));
        report.tests("second", |counts| {
            counts.passed = 2;
            Ok(())
        });
        assert_eq!(report.failed_steps, ["first"]);
        assert_eq!(report.counts.passed, 5);
        assert_eq!(failures(&report, false), ["first"]);
    }
}
