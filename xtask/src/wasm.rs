//! The compiler for `wasm32-unknown-unknown`: rustup's, where its target is installed, else Debian's own,
//! which has no finished standard library for wasm but ships its source, so that Cargo builds it along.

use crate::project::Project;
use crate::shell;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The target triple of the interface.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's packages that together compile for wasm.
pub const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// A toolchain that can compile for wasm.
#[derive(Debug, PartialEq, Eq)]
pub enum WasmToolchain {
    /// The active toolchain of rustup.
    Rustup,
    /// Debian's programs, found through dpkg, because rustup's stand before them in `PATH`.
    Debian {
        /// Debian's Cargo.
        cargo: PathBuf,
        /// Debian's compiler.
        rustc: PathBuf,
    },
}

impl WasmToolchain {
    /// The toolchain to use, if this machine has one.
    pub fn find() -> Option<WasmToolchain> {
        if rustup_target_is_installed() { Some(WasmToolchain::Rustup) } else { find_debian() }
    }

    /// Cargo of this toolchain, set up to compile for wasm in a target folder of its own.
    pub fn cargo(&self, project: &Project, subcommand: &str) -> Command {
        let mut command = match self {
            WasmToolchain::Rustup => shell::cargo(),
            WasmToolchain::Debian { cargo, rustc } => debian_cargo(cargo, rustc),
        };
        command.current_dir(&project.root);
        command.args([subcommand, "--target", TARGET, "--target-dir"]).arg(target_folder(project));
        command
    }

    /// How the toolchain is named to a person.
    pub fn name(&self) -> &'static str {
        match self {
            WasmToolchain::Rustup => "rustup's toolchain",
            WasmToolchain::Debian { .. } => "Debian's toolchain",
        }
    }
}

/// The target folder of everything compiled for wasm.
pub fn target_folder(project: &Project) -> PathBuf {
    project.target.join("ui")
}

/// Whether the active toolchain has the standard library for wasm.
pub fn rustup_target_is_installed() -> bool {
    let printed = shell::output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    printed.is_ok_and(|folder| Path::new(&folder).is_dir())
}

fn find_debian() -> Option<WasmToolchain> {
    let cargo = find_packaged("cargo-web", "/bin/cargo")?;
    let rustc = find_packaged("rustc-web", "/bin/rustc")?;
    let has_source = find_packaged("rust-web-src", "/library/std/Cargo.toml").is_some();
    let has_linker = shell::find_program("wasm-ld").is_some();
    (has_source && has_linker).then_some(WasmToolchain::Debian { cargo, rustc })
}

/// The first file of an installed Debian package whose path ends so.
fn find_packaged(package: &str, ending: &str) -> Option<PathBuf> {
    shell::find_program("dpkg-query")?;
    let mut query = Command::new("dpkg-query");
    query.args(["--listfiles", package]).stderr(std::process::Stdio::null());
    let listed = query.output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    text.lines().find(|line| line.ends_with(ending)).map(PathBuf::from).filter(|path| path.exists())
}

/// `RUSTC_BOOTSTRAP` lets a stable compiler build the standard library from source.
fn debian_cargo(cargo: &Path, rustc: &Path) -> Command {
    let mut command = Command::new(cargo);
    shell::forget_outer_cargo(&mut command);
    for name in ["CARGO", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"] {
        command.env_remove(name);
    }
    command.env("RUSTC", rustc);
    command.env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
    command.env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size");
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
    command
}
