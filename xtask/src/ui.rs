//! Builds the interface into the folder that the hosts serve: wasm with its glue, one page, one style sheet, fonts.

pub mod engine;
mod freshness;
mod styles;

use crate::args::Args;
use crate::project::Project;
use crate::setup::{self, Tools};
use crate::shell;
use crate::wasm::{self, WasmToolchain};
use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use freshness::Stamp;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;
use wasm_bindgen_cli_support::Bindgen;

pub const HELP: &str = "
Builds the interface to wasm and gathers it in <target>/ui-dist

cargo xtask ui [--release]

  --release  optimised for size; fails when the wasm is larger than 1.5 MB gzipped

Does nothing when the interface, what it depends on and the fonts are older than the last build.
";

/// The package of the interface.
pub const PACKAGE: &str = "omnipricex-ui";

const OUT_NAME: &str = "omnipricex_ui";
const LARGEST_RELEASE_GZIPPED: u64 = 1_500_000;

/// Features that the compiler uses for wasm by default; wasm-opt must know them to read the module.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// How the interface is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build.
    Dev,
    /// Small to load.
    Release,
}

impl Profile {
    /// The profile for a `--release` flag.
    pub fn from_flag(release: bool) -> Profile {
        if release { Profile::Release } else { Profile::Dev }
    }

    fn cargo_name(self) -> &'static str {
        match self {
            Profile::Dev => "dev",
            Profile::Release => "wasm-release",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Profile::Dev => "debug",
            Profile::Release => "wasm-release",
        }
    }
}

/// `cargo xtask ui`
pub fn command(arguments: &[String]) -> Result<()> {
    let args = Args::read_without_words(arguments, &["--release"], &[])?;
    build(&Project::load()?, Profile::from_flag(args.has("--release")))
}

/// Builds the interface where something changed since the last time.
pub fn build(project: &Project, profile: Profile) -> Result<()> {
    // Several clones may share a target folder, so that the kind of build names its clone.
    let kind = format!("{} of {}", profile.cargo_name(), project.root.display());
    let stamp = Stamp::new(wasm::target_folder(project).join("ui-dist.stamp"), kind);
    let dist = project.ui_dist();
    let assets = [project.root.join("assets/fonts")];
    if stamp.is_newer_than(&[inputs(project, PACKAGE), assets.into()].concat()) && dist.join("index.html").exists() {
        eprintln!("the interface is up to date");
        return Ok(());
    }
    let began = SystemTime::now();
    let module = compile(project, PACKAGE, &format!("{PACKAGE}.wasm"), profile)?;
    let staging = wasm::target_folder(project).join("staging");
    if staging.exists() {
        fs::remove_dir_all(&staging).with_context(|| format!("emptying {}", staging.display()))?;
    }
    let mut bindgen = bindgen(&module, profile);
    // The start script names no path: the glue finds the module beside itself.
    bindgen.out_name(OUT_NAME).omit_default_module_path(false).web(true)?;
    bindgen.generate(&staging).with_context(|| format!("wasm-bindgen in {}", project.root.display()))?;
    if profile == Profile::Release {
        shrink(&setup::find_tools(project), &staging.join(format!("{OUT_NAME}_bg.wasm")))?;
    }
    gather(project, &staging)?;
    check_size(&staging.join(format!("{OUT_NAME}_bg.wasm")), profile)?;
    mirror(&staging, &dist)?;
    eprintln!("the interface is in {}", dist.display());
    stamp.write(began)
}

/// What a build of a package for wasm depends on.
fn inputs(project: &Project, package: &str) -> Vec<PathBuf> {
    let mut inputs: Vec<PathBuf> =
        project.with_local_dependencies(package).iter().map(|package| package.folder.clone()).collect();
    let files =
        [".cargo/config.toml", "Cargo.toml", "Cargo.lock", "xtask/src/ui.rs", "xtask/src/ui", "xtask/src/wasm.rs"];
    inputs.extend(files.iter().map(|file| project.root.join(file)));
    inputs
}

/// Compiles a package for wasm and gives the path of its module, of which `module` is the name.
fn compile(project: &Project, package: &str, module: &str, profile: Profile) -> Result<PathBuf> {
    check_bindgen_version(project)?;
    let toolchain = WasmToolchain::find().context("nothing here compiles for wasm; run `cargo xtask setup`")?;
    let mut cargo = toolchain.cargo(project, "build");
    if profile == Profile::Release {
        // Lines of panics and the forms for developers, which no page shows, are a good part of the download.
        cargo.env("RUSTC_BOOTSTRAP", "1");
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Zlocation-detail=none -Zfmt-debug=none");
    }
    shell::run(cargo.args(["--package", package, "--profile", profile.cargo_name()]))?;
    let folder = wasm::target_folder(project).join(wasm::TARGET).join(profile.folder());
    let module = folder.join(module);
    if !module.exists() {
        bail!("the build left no {}", module.display());
    }
    Ok(module)
}

/// The glue is written by a library that must have the same version as the one compiled into the interface.
fn check_bindgen_version(project: &Project) -> Result<()> {
    let lock = fs::read_to_string(project.root.join("Cargo.lock")).context("reading Cargo.lock")?;
    let (used, writer) = (locked(&lock, "wasm-bindgen"), locked(&lock, "wasm-bindgen-cli-support"));
    if used.is_none() || used != writer {
        bail!("wasm-bindgen ({used:?}) and wasm-bindgen-cli-support ({writer:?}) must have one version in Cargo.lock");
    }
    Ok(())
}

fn locked<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| **line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// Writes the glue between a module and a page.
fn bindgen(module: &Path, profile: Profile) -> Bindgen {
    eprintln!("writing the glue between wasm and the page");
    let is_release = profile == Profile::Release;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).typescript(false);
    bindgen.keep_debug(false).remove_name_section(is_release).remove_producers_section(is_release);
    bindgen
}

fn shrink(tools: &Tools, module: &Path) -> Result<()> {
    let (Some(wasm_opt), Some(node)) = (&tools.wasm_opt, shell::find_program("node")) else {
        eprintln!("note: without wasm-opt the wasm stays a little larger");
        return Ok(());
    };
    let small = module.with_extension("small");
    let mut command = Command::new(node);
    // What is flattened and put together anew packs better.
    command
        .arg(wasm_opt)
        .args(["-Oz", "--flatten", "--rereloop", "-Oz", "-Oz", "--strip-producers"])
        .args(WASM_FEATURES);
    shell::run(command.arg(module).arg("-o").arg(&small))?;
    fs::rename(&small, module).context("replacing the module by the smaller one")
}

fn gather(project: &Project, staging: &Path) -> Result<()> {
    let ui = project.root.join("ui");
    for file in ["index.html", "start.js"] {
        fs::copy(ui.join(file), staging.join(file)).with_context(|| format!("copying ui/{file}"))?;
    }
    fs::write(staging.join("app.css"), styles::gather(&ui)?).context("writing app.css")?;
    let fonts = project.root.join("assets/fonts");
    if fonts.is_dir() { mirror(&fonts, &staging.join("fonts")) } else { Ok(()) }
}

fn check_size(module: &Path, profile: Profile) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("reading {}", module.display()))?;
    let gzipped = gzipped_size(&bytes)?;
    let kilobytes = |size: u64| size.div_ceil(1000);
    println!("wasm: {} kB, gzipped {} kB", kilobytes(bytes.len() as u64), kilobytes(gzipped));
    if profile == Profile::Release && gzipped > LARGEST_RELEASE_GZIPPED {
        bail!("the gzipped wasm may have at most {} kB", kilobytes(LARGEST_RELEASE_GZIPPED));
    }
    Ok(())
}

fn gzipped_size(bytes: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len() as u64)
}

/// Makes the second folder hold what the first holds. Files that are already right keep their time, so that
/// builds which embed them do not run again.
fn mirror(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("creating {}", to.display()))?;
    for entry in freshness::entries(from)? {
        let target = to.join(entry.file_name().context("an entry has a name")?);
        if entry.is_dir() {
            mirror(&entry, &target)?;
        } else {
            let bytes = fs::read(&entry).with_context(|| format!("reading {}", entry.display()))?;
            if fs::read(&target).ok().as_deref() != Some(&bytes) {
                fs::write(&target, &bytes).with_context(|| format!("writing {}", target.display()))?;
            }
        }
    }
    remove_strangers(from, to)
}

fn remove_strangers(from: &Path, to: &Path) -> Result<()> {
    for entry in freshness::entries(to)? {
        if from.join(entry.file_name().context("an entry has a name")?).exists() {
            continue;
        }
        let removed = if entry.is_dir() { fs::remove_dir_all(&entry) } else { fs::remove_file(&entry) };
        removed.with_context(|| format!("removing {}", entry.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{gzipped_size, locked, mirror};
    use std::fs;

    #[test]
    fn the_locked_version_is_that_of_exactly_this_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.9\"\n";
        assert_eq!(locked(lock, "wasm-bindgen"), Some("0.2.9"));
        assert_eq!(locked(lock, "absent"), None);
    }

    #[test]
    fn a_mirrored_folder_gains_loses_and_keeps_files() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("inner")).expect("created");
        fs::create_dir_all(to.join("old")).expect("created");
        fs::write(from.join("inner/new"), "new").expect("written");
        fs::write(from.join("same"), "same").expect("written");
        fs::write(to.join("same"), "same").expect("written");
        let before = fs::metadata(to.join("same")).and_then(|data| data.modified()).expect("a time");
        mirror(&from, &to).expect("mirrored");
        assert_eq!(fs::read_to_string(to.join("inner/new")).expect("there"), "new");
        assert!(!to.join("old").exists());
        let after = fs::metadata(to.join("same")).and_then(|data| data.modified()).expect("a time");
        assert_eq!(before, after);
    }

    #[test]
    fn repetition_is_small_when_gzipped() {
        assert!(gzipped_size(&[7; 100_000]).expect("in memory") < 1_000);
    }
}
