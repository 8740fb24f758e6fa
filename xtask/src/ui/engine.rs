//! Builds the engine for the test that prices one batch in a browser and here.

use super::freshness::Stamp;
use super::{Profile, bindgen, compile, inputs};
use crate::project::Project;
use crate::wasm;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::time::SystemTime;

const PACKAGE: &str = "engine-in-wasm";

/// The folder that holds `engine.js`, a script without modules, and `engine_bg.wasm`.
pub fn folder(project: &Project) -> PathBuf {
    wasm::target_folder(project).join("engine")
}

/// Builds the engine where something changed since the last time.
pub fn build(project: &Project) -> Result<()> {
    let folder = folder(project);
    let kind = format!("of {}", project.root.display());
    let stamp = Stamp::new(wasm::target_folder(project).join("engine.stamp"), kind);
    if stamp.is_newer_than(&inputs(project, PACKAGE)) && folder.join("engine.js").exists() {
        eprintln!("the engine for pages is up to date");
        return Ok(());
    }
    let began = SystemTime::now();
    let module = compile(project, PACKAGE, &format!("{}.wasm", PACKAGE.replace('-', "_")), Profile::Dev)?;
    bindgen(&module, Profile::Dev)
        .out_name("engine")
        .no_modules(true)?
        .generate(&folder)
        .with_context(|| format!("wasm-bindgen in {}", folder.display()))?;
    stamp.write(began)
}
