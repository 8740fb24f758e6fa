//! Tools that npm packs ready to run, installed in a folder under the target folder: binaryen makes the wasm
//! smaller, axe-core checks accessibility in the tests. Without npm both are left out.

use crate::project::Project;
use crate::shell;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

const PACKAGES: [(&str, &str); 2] = [("binaryen", "132.0.0"), ("axe-core", "4.14.1")];

/// The installed tools.
#[derive(Debug)]
pub struct Tools {
    /// The script that node runs as wasm-opt.
    pub wasm_opt: Option<PathBuf>,
    /// The script that a page under test loads.
    pub axe: Option<PathBuf>,
}

/// Finds what is installed, in the pinned versions.
pub fn find_tools(project: &Project) -> Tools {
    let modules = folder(project).join("node_modules");
    let existing = |package: &str, file: &str| {
        let is_right = PACKAGES
            .iter()
            .any(|(name, version)| *name == package && installed(&modules, name) == Some(version.to_string()));
        is_right.then(|| modules.join(package).join(file)).filter(|path| path.is_file())
    };
    Tools { wasm_opt: existing("binaryen", "bin/wasm-opt"), axe: existing("axe-core", "axe.min.js") }
}

/// What is missing and could be installed, one line each.
pub fn missing(project: &Project) -> Vec<String> {
    if shell::find_program("npm").is_none() {
        return Vec::new();
    }
    let modules = folder(project).join("node_modules");
    let absent = PACKAGES.iter().filter(|(name, version)| installed(&modules, name).as_deref() != Some(*version));
    absent.map(|(name, version)| format!("{name} {version} (npm): {}", reason(name))).collect()
}

/// Installs what is missing.
pub fn install(project: &Project) -> Result<()> {
    if shell::find_program("npm").is_none() {
        eprintln!("note: without npm the interface's wasm is not made smaller");
        return Ok(());
    }
    let lines = missing(project);
    if lines.is_empty() {
        return Ok(());
    }
    eprintln!("installing through npm:\n  {}", lines.join("\n  "));
    let folder = folder(project);
    std::fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    std::fs::write(folder.join("package.json"), "{ \"private\": true }\n").context("writing package.json")?;
    let packages = PACKAGES.map(|(name, version)| format!("{name}@{version}"));
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    shell::run(
        Command::new(npm)
            .current_dir(&folder)
            .args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"])
            .args(packages),
    )
}

fn folder(project: &Project) -> PathBuf {
    project.target.join("tools")
}

fn reason(package: &str) -> &'static str {
    match package {
        "binaryen" => "makes the interface's wasm smaller",
        _ => "checks accessibility in the tests",
    }
}

/// The version of an installed package, read from its manifest.
fn installed(modules: &Path, package: &str) -> Option<String> {
    let text = std::fs::read_to_string(modules.join(package).join("package.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&text).ok()?;
    manifest["version"].as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::installed;

    #[test]
    fn the_version_of_an_installed_package_is_read_from_its_manifest() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert_eq!(installed(folder.path(), "axe-core"), None);
        std::fs::create_dir(folder.path().join("axe-core")).expect("created");
        std::fs::write(folder.path().join("axe-core/package.json"), r#"{"version":"1.2.3"}"#).expect("written");
        assert_eq!(installed(folder.path(), "axe-core").as_deref(), Some("1.2.3"));
    }
}
