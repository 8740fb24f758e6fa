//! Runs tests with nextest where it is installed, else with Cargo's own runner, and counts them as they go by.

use super::counts::{Counts, Reader, Runner};
use super::{JOURNEYS, cargo};
use crate::project::Project;
use crate::shell;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// Runs the tests of all packages but the journeys; `selection` leaves out more.
pub fn unit_tests(project: &Project, selection: &[&str], counts: &mut Counts) -> Result<()> {
    let runner = installed_runner();
    let mut command = match runner {
        Runner::Nextest => nextest(project),
        Runner::CargoTest => cargo_test(project),
    };
    command.arg("--workspace").args(selection);
    match runner {
        // The journeys are only filtered out, so that dependencies are built with the same features for both runs.
        Runner::Nextest => command.args(["--filterset", &format!("not package({JOURNEYS})")]),
        Runner::CargoTest => command.args(["--exclude", JOURNEYS, "--lib", "--bins", "--tests", "--", "--show-output"]),
    };
    counted(&mut command, runner, counts)
}

/// Runs the examples in doc comments, which nextest does not know.
pub fn documentation(project: &Project, counts: &mut Counts) -> Result<()> {
    counted(cargo_test(project).args(["--workspace", "--doc"]), Runner::CargoTest, counts)
}

/// Runs the journeys one after the other, on Linux with a display and a session bus of their own.
pub fn journeys(project: &Project, counts: &mut Counts) -> Result<()> {
    let runner = installed_runner();
    let mut command = match runner {
        Runner::Nextest => nextest(project),
        Runner::CargoTest => cargo_test(project),
    };
    match runner {
        Runner::Nextest => {
            command.args(["--workspace", "--test-threads=1", "--filterset", &format!("package({JOURNEYS})")])
        }
        Runner::CargoTest => command.args(["--package", JOURNEYS, "--", "--show-output", "--test-threads=1"]),
    };
    let mut command = if cfg!(target_os = "linux") { on_virtual_display(&command) } else { command };
    counted(&mut command, runner, counts)
}

fn installed_runner() -> Runner {
    let has_nextest = shell::succeeds(shell::cargo().args(["nextest", "--version"]));
    if has_nextest { Runner::Nextest } else { Runner::CargoTest }
}

fn nextest(project: &Project) -> Command {
    let mut command = cargo(project, "nextest");
    command.args(["run", "--no-fail-fast", "--success-output=immediate", "--no-tests=pass", "--color=never"]);
    command
}

fn cargo_test(project: &Project) -> Command {
    let mut command = cargo(project, "test");
    command.args(["--no-fail-fast", "--color=never"]);
    command
}

/// The same command inside a new session bus and a virtual display, whatever display this machine has.
fn on_virtual_display(inner: &Command) -> Command {
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "xvfb-run", "--auto-servernum", "--server-args=-screen 0 1600x1000x24"]);
    command.arg(inner.get_program()).args(inner.get_args());
    if let Some(folder) = inner.get_current_dir() {
        command.current_dir(folder);
    }
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.env_remove("WAYLAND_DISPLAY");
    command
}

/// Runs the command and counts the tests that its lines tell of.
fn counted(command: &mut Command, runner: Runner, counts: &mut Counts) -> Result<()> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("could not start {:?}", command.get_program()))?;
    let (stdout, stderr) = (child.stdout.take().expect("piped"), child.stderr.take().expect("piped"));
    let reader = Mutex::new(Reader::new(runner));
    std::thread::scope(|scope| {
        scope.spawn(|| follow(stderr, &reader));
        follow(stdout, &reader);
    });
    let status = child.wait().context("waiting for the tests")?;
    *counts = reader.into_inner().expect("no thread panicked while counting").counts();
    if !status.success() {
        bail!("{:?} ended with {status}", command.get_program());
    }
    Ok(())
}

fn follow(stream: impl Read, reader: &Mutex<Reader>) {
    let mut lines = BufReader::new(stream);
    let mut bytes = Vec::new();
    while lines.read_until(b'\n', &mut bytes).is_ok_and(|length| length > 0) {
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_end_matches(['\n', '\r']);
        if reader.lock().expect("no thread panicked while counting").read(line) {
            eprintln!("{line}");
        }
        bytes.clear();
    }
}
