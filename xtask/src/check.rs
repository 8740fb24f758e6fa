//! The architecture's rules as checks: which crate may use which, and what sources of a crate may contain.

mod arrows;
mod rings;
mod rust_text;
mod sources;

use crate::args::Args;
use crate::project::Project;
use crate::shell;
use crate::wasm::WasmToolchain;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

pub const HELP: &str = "
Checks the architecture: arrows between crates, purity, where SQL and frameworks may stand, sizes of files

cargo xtask check [--sources]

  --sources  leaves out what compiles: that the pure crates build for wasm

The allowed arrows are those of ARCHITECTURE.md, kept as a table in xtask/src/check/rings.rs.
";

/// `cargo xtask check`
pub fn command(arguments: &[String]) -> Result<()> {
    let args = Args::read_without_words(arguments, &["--sources"], &[])?;
    let project = Project::load()?;
    if args.has("--sources") { check_sources(&project) } else { check_all(&project) }
}

/// All checks.
pub fn check_all(project: &Project) -> Result<()> {
    check_sources(project)?;
    check_lock_file(project)?;
    check_wasm_build(project)
}

/// The checks that only read manifests and sources.
pub fn check_sources(project: &Project) -> Result<()> {
    let mut problems = arrows::problems(&project.packages);
    let mut files = 0;
    for package in &project.packages {
        for path in files_of(&package.folder)? {
            let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
            let shown = path.strip_prefix(&project.root).unwrap_or(&path);
            problems.extend(sources::problems(&package.name, shown, &text));
            files += 1;
        }
    }
    if !problems.is_empty() {
        bail!("the architecture is not kept:\n  {}", problems.join("\n  "));
    }
    println!("the architecture is kept in {} crates, {files} files", project.packages.len());
    Ok(())
}

fn check_lock_file(project: &Project) -> Result<()> {
    let mut cargo = shell::cargo();
    cargo.current_dir(&project.root).args(["metadata", "--format-version=1", "--locked", "--quiet"]);
    shell::output(&mut cargo).map(drop).context("Cargo.lock does not fit the manifests")
}

fn check_wasm_build(project: &Project) -> Result<()> {
    let toolchain = WasmToolchain::find().context("nothing here compiles for wasm; run `cargo xtask setup`")?;
    let mut cargo = toolchain.cargo(project, "check");
    for package in project.packages.iter().filter(|package| rings::is_pure(&package.name)) {
        cargo.args(["--package", &package.name]);
    }
    shell::run(&mut cargo).context("the pure crates must build for wasm")
}

/// Sources below a folder, in the order of their paths; folders that Cargo or npm fill are left out.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
        for entry in entries {
            let path = entry.with_context(|| format!("reading {}", folder.display()))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() {
                let is_filled_by_tools = matches!(name, "target" | "node_modules" | "gen") || name.starts_with('.');
                folders.extend((!is_filled_by_tools).then_some(path));
            } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "css") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::files_of;
    use std::fs;

    #[test]
    fn sources_are_found_but_not_those_that_tools_made() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for file in ["src/lib.rs", "src/inner/row.css", "target/debug/made.rs", "gen/schema.rs", "notes.txt"] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("inside")).expect("created");
            fs::write(path, "").expect("written");
        }
        let found = files_of(folder.path()).expect("read");
        let names: Vec<_> = found.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        assert_eq!(names, ["row.css", "lib.rs"]);
    }
}
