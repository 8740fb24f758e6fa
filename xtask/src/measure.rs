//! Starts what measures the product and what makes its sample; the programs themselves live with the journeys
//! and in the command line.

use crate::args::Args;
use crate::project::Project;
use crate::run;
use crate::setup::{self, Purpose};
use crate::shell;
use crate::ui::{self, Profile};
use anyhow::Result;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

pub const BENCH_HELP: &str = "
Measures import, pricing and grid queries, optimised, and prints a table

cargo xtask bench [--products N] [--quick] [-- further arguments]

  --products N  the size of the catalogue
  --quick       a small catalogue, to see that the benchmark works

All arguments go to the benchmark; `cargo xtask bench -- --help` lists its own.
";

pub const EVAL_HELP: &str = "
Scores reading and deciding against real data with known answers

cargo xtask eval [pages|unseen|woo|structured|block|prices|robots|matching|assistant|...] [-- further arguments]

Reads the folder that SHARED_DATA names, or ../shared/data when that is there.
`unseen`, `matching` and `assistant` need none of it; `assistant` fails where fewer than 90 % of a set are right or any answer
is wrong, but for the set that nobody has worked on yet.
All arguments go to the evaluation; `cargo xtask eval -- --help` lists its own.
";

pub const SOAK_HELP: &str = "
Feeds the readers damaged and random inputs for a given time

cargo xtask soak [READER…] [-- --seconds N --seed N]
cargo xtask soak kill [N]
cargo xtask soak engine [-- --cases N --seed N]

  --seconds N   processor time for each reader; ten minutes (600) before a release
  --seed N      makes the inputs of an earlier run again; `--only K` just one of them

  kill [N]      kills `omnipricex collect` N times (50) in the middle of its work instead

Readers: prices, pages, json, robots, and the importers: delimited, workbooks, feeds, json-lines, packed, facts (every kind
but products), mappings (unknown tables), rates, rewriting (new prices in a shop's file); `files` are all importers.
All readers when none is named.

No input may panic, take long, or take more than 600 MB (importers; 1,500 MB for pages). An importer reads the files that
were made to hurt first: packed ones that unpack to far more, a million columns, marks that nothing closes, nested entities.
Prints the seed, the number of inputs, the processor time and the largest memory.
A killed collection leaves the file whole, loses no page and counts none twice.

`engine` prices random products under random rule sets instead: 1,000,000 unless told otherwise. No hard guardrail may
be crossed, and the result must be the same by columns and row by row, in any order and on any number of threads.
";

/// The packed sample that the application carries.
const SAMPLE: &str = "assets/sample/nordlicht.omnipricex.zst";

pub const SAMPLE_HELP: &str = "
Generates the sample workspace

cargo xtask sample

Its rows are the same on every machine and every time; their ids are not.
";

/// `cargo xtask bench`: the window is measured as well, so that everything is built in release.
pub fn bench(arguments: &[String]) -> Result<()> {
    let project = Project::load()?;
    setup::set_up(&project, Purpose::Test)?;
    ui::build(&project, Profile::Release)?;
    // One build for all three, so that their dependencies are compiled with the same features, and once.
    let mut build = release_cargo(&project, "build");
    build.args(["--package", run::DESKTOP, "--package", run::COMMAND_LINE, "--package", "journeys"]);
    build.args(["--bin", run::DESKTOP, "--bin", run::COMMAND_LINE, "--bin", "bench"]);
    shell::run(&mut build)?;
    let mut bench = Command::new(project.programs(true).join(format!("bench{}", std::env::consts::EXE_SUFFIX)));
    run::with_places(&mut bench, &project, true);
    shell::forget_outer_cargo(&mut bench);
    shell::run(bench.current_dir(&project.root).args(passed_on(arguments)))
}

/// `cargo xtask eval`
pub fn eval(arguments: &[String]) -> Result<()> {
    let project = Project::load()?;
    let mut eval = release_cargo(&project, "run");
    if let Some(data) = shared_data(std::env::var_os("SHARED_DATA"), &project.root) {
        eval.env("SHARED_DATA", data);
    }
    shell::run(eval.args(["--package", "journeys", "--bin", "eval", "--"]).args(passed_on(arguments)))
}

/// `cargo xtask soak`
pub fn soak(arguments: &[String]) -> Result<()> {
    let project = Project::load()?;
    if arguments.first().is_some_and(|first| first == "kill") {
        return soak_kill(&project, arguments.get(1).map_or(KILL_ROUNDS, String::as_str));
    }
    let mut soak = release_cargo(&project, "run");
    if let Some(("engine", of_engine)) = arguments.split_first().map(|(first, others)| (first.as_str(), others)) {
        let example = ["--package", "pricing-rules", "--example", "soak", "--"];
        return shell::run(soak.args(example).args(passed_on(of_engine)));
    }
    if let Some(data) = shared_data(std::env::var_os("SHARED_DATA"), &project.root) {
        soak.env("SHARED_DATA", data);
    }
    shell::run(soak.args(["--package", "journeys", "--bin", "soak", "--"]).args(passed_on(arguments)))
}

/// How often `cargo xtask soak kill` kills.
const KILL_ROUNDS: &str = "50";

/// `cargo xtask soak kill`: the ordinary test with more rounds.
fn soak_kill(project: &Project, rounds: &str) -> Result<()> {
    let mut test = release_cargo(project, "test");
    test.env("OMNIPRICEX_KILL_ROUNDS", rounds);
    shell::run(test.args(["--package", run::COMMAND_LINE, "--test", "killed", "--", "--nocapture"]))
}

/// `cargo xtask sample`
pub fn sample(arguments: &[String]) -> Result<()> {
    Args::read_without_words(arguments, &[], &[])?;
    let project = Project::load()?;
    let mut sample = release_cargo(&project, "run");
    shell::run(sample.args(["--package", run::COMMAND_LINE, "--", "sample", SAMPLE]))
}

fn release_cargo(project: &Project, subcommand: &str) -> Command {
    let mut cargo = shell::cargo();
    cargo.current_dir(&project.root).args([subcommand, "--release"]);
    run::with_places(&mut cargo, project, true);
    cargo
}

/// A first `--` only ends the arguments of this program.
fn passed_on(arguments: &[String]) -> impl Iterator<Item = &String> {
    let separator = arguments.iter().position(|argument| argument == "--");
    arguments.iter().enumerate().filter(move |(index, _)| Some(*index) != separator).map(|(_, argument)| argument)
}

/// The folder of third-party data: what `SHARED_DATA` names, else the one beside the clone.
fn shared_data(named: Option<OsString>, root: &Path) -> Option<PathBuf> {
    named
        .map(PathBuf::from)
        .or_else(|| root.parent().map(|parent| parent.join("shared/data")).filter(|folder| folder.is_dir()))
}

#[cfg(test)]
mod tests {
    use super::{passed_on, shared_data};

    #[test]
    fn only_the_first_two_dashes_are_dropped() {
        let arguments = ["pages", "--", "--limit", "--"].map(String::from);
        assert_eq!(passed_on(&arguments).collect::<Vec<_>>(), ["pages", "--limit", "--"]);
    }

    #[test]
    fn data_beside_the_clone_is_found_only_when_it_is_there() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clone = folder.path().join("clone");
        assert_eq!(shared_data(None, &clone), None);
        std::fs::create_dir_all(folder.path().join("shared/data")).expect("created");
        assert_eq!(shared_data(None, &clone), Some(folder.path().join("shared/data")));
        assert_eq!(shared_data(Some("named".into()), &clone), Some("named".into()));
    }
}
