//! The engine compiled to wasm beside the native one: both price the sample, and the results must be the same to the bit.

use crate::project::Project;
use crate::run;
use crate::shell;
use crate::wasm::{self, WasmToolchain};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use wasm_bindgen_cli_support::Bindgen;

pub const HELP: &str = "
Prices the sample natively and as wasm in a browser, and compares the results

cargo xtask same

All sample products on all price lists. Builds the engine for wasm into <target>/engine-wasm, then runs the journey that
opens it in headless Chromium. `cargo xtask test` does the same.
";

const PACKAGE: &str = "engine-digest";
const OUT_NAME: &str = "engine_digest";

/// `cargo xtask same`
pub fn command(_: &[String]) -> Result<()> {
    let project = Project::load()?;
    build(&project)?;
    let mut test = shell::cargo();
    test.current_dir(&project.root).args(["test", "--package", "journeys", "--test", "native_and_wasm"]);
    shell::run(run::with_places(&mut test, &project, false).args(["--", "--nocapture"]))
}

/// Where the engine for a page lies.
pub fn folder(project: &Project) -> PathBuf {
    project.target.join("engine-wasm")
}

/// Builds the engine for a page: a script that defines `wasm_bindgen`, and the module.
pub fn build(project: &Project) -> Result<()> {
    let toolchain = WasmToolchain::find().context("nothing here compiles for wasm; run `cargo xtask setup`")?;
    let mut cargo = toolchain.cargo(project, "build");
    shell::run(cargo.args(["--package", PACKAGE, "--lib", "--profile", "dev"]))?;
    let module = wasm::target_folder(project).join(wasm::TARGET).join("debug").join(format!("{OUT_NAME}.wasm"));
    if !module.exists() {
        bail!("the build left no {}", module.display());
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&module).out_name(OUT_NAME).typescript(false).keep_debug(false);
    bindgen.no_modules(true)?.generate(folder(project)).with_context(|| format!("wasm-bindgen of {}", module.display()))
}
