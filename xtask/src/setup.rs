//! Sets a machine up: finds what is missing, says what it is for, and installs it.

mod npm;
mod system;

use crate::args::Args;
use crate::project::Project;
use crate::shell;
use crate::wasm::{self, WasmToolchain};
use anyhow::{Context, Result, bail};
use std::process::Command;
use system::Need;

pub use npm::{Tools, find_tools};

pub const HELP: &str = "
Installs what is missing to build, run and test, saying what and why

cargo xtask setup [--check] [--build-only]

  --check       only says what is missing; fails when something is
  --build-only  leaves out what only the tests need (browsers, drivers, a virtual display)

System packages come through apt, with sudo where the user is not root. Where there is no apt, the packages
are named and yours to install. The wasm target is added by rustup; where that is not possible
(RUSTUP_AUTO_INSTALL=0, or no network for it), Debian's rustc-web, cargo-web and rust-web-src are used.
";

/// How far a machine is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To build and run the application.
    Build,
    /// To run the tests as well.
    Test,
}

/// `cargo xtask setup`
pub fn command(arguments: &[String]) -> Result<()> {
    let args = Args::read_without_words(arguments, &["--check", "--build-only"], &[])?;
    let purpose = if args.has("--build-only") { Purpose::Build } else { Purpose::Test };
    let project = Project::load()?;
    if args.has("--check") {
        return report(&project, purpose);
    }
    set_up(&project, purpose)?;
    println!("everything needed is installed");
    Ok(())
}

/// Installs what is missing; quiet and quick when nothing is.
pub fn set_up(project: &Project, purpose: Purpose) -> Result<()> {
    system::install(&system::missing(purpose))?;
    install_wasm_target()?;
    if purpose == Purpose::Test {
        install_components()?;
    }
    npm::install(project)
}

fn report(project: &Project, purpose: Purpose) -> Result<()> {
    let mut lines: Vec<String> = system::missing(purpose).iter().map(Need::line).collect();
    match WasmToolchain::find() {
        Some(toolchain) => println!("wasm is compiled with {}", toolchain.name()),
        None => lines.push(format!("{}: to compile the interface", wasm::TARGET)),
    }
    if purpose == Purpose::Test {
        lines.extend(missing_components().map(|name| format!("{name}: to check formatting and lints")));
    }
    lines.extend(npm::missing(project));
    if lines.is_empty() {
        println!("nothing is missing");
        return Ok(());
    }
    bail!("missing:\n  {}", lines.join("\n  "))
}

fn install_wasm_target() -> Result<()> {
    if wasm::rustup_target_is_installed() {
        return Ok(());
    }
    let may_install = std::env::var_os("RUSTUP_AUTO_INSTALL").is_none_or(|value| value != "0");
    if may_install && shell::find_program("rustup").is_some() {
        eprintln!("installing {}: to compile the interface", wasm::TARGET);
        match shell::run(Command::new("rustup").args(["target", "add", wasm::TARGET])) {
            Ok(()) => return Ok(()),
            Err(error) => eprintln!("{error:#}; trying Debian's toolchain"),
        }
    }
    if WasmToolchain::find().is_some() {
        return Ok(());
    }
    let needs = wasm::DEBIAN_PACKAGES.map(Need::wasm_package);
    system::install(&needs)
        .with_context(|| format!("no way to compile for {}: `rustup target add` it", wasm::TARGET))?;
    match WasmToolchain::find() {
        Some(_) => Ok(()),
        None => bail!("{} are installed but do not compile for wasm together", wasm::DEBIAN_PACKAGES.join(", ")),
    }
}

/// A minimal installation of rustup comes without the formatter and the linter.
fn install_components() -> Result<()> {
    for name in missing_components() {
        eprintln!("installing {name}: to check formatting and lints");
        shell::run(Command::new("rustup").args(["component", "add", name]))
            .with_context(|| format!("`cargo {name}` is missing and could not be added"))?;
    }
    Ok(())
}

fn missing_components() -> impl Iterator<Item = &'static str> {
    [("rustfmt", "fmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(_, subcommand)| !shell::succeeds(shell::cargo().args([*subcommand, "--version"])))
        .map(|(component, _)| component)
}
