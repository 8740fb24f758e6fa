//! Where the built parts are. Each is needed: a part that is missing fails the journey and says how to get it.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

/// The built interface: where `OMNIPRICEX_UI_DIST` says, else in the target folder.
///
/// Errors: it is not there.
pub fn interface() -> Result<PathBuf> {
    let folder = named("OMNIPRICEX_UI_DIST").map_or_else(|| Ok(target_folder()?.join("ui-dist")), anyhow::Ok)?;
    let built = folder.join("index.html").is_file();
    ensure!(built, "the interface is not in {}: run `cargo xtask ui`", folder.display());
    Ok(folder)
}

/// The engine built for pages: a script without modules, and its module.
pub(crate) fn engine() -> Result<(String, Vec<u8>)> {
    let in_target = || Ok(target_folder()?.join("ui/engine"));
    let folder = named("OMNIPRICEX_ENGINE_DIST").map_or_else(in_target, anyhow::Ok)?;
    let reading = || format!("reading the engine in {}: `cargo xtask test` builds it", folder.display());
    let script = std::fs::read_to_string(folder.join("engine.js")).with_context(reading)?;
    let module = std::fs::read(folder.join("engine_bg.wasm")).with_context(reading)?;
    Ok((script, module))
}

/// The desktop application: in the folder that `OMNIPRICEX_PROGRAMS` names, else beside this test.
pub(crate) fn desktop_binary() -> Result<PathBuf> {
    let folder = named("OMNIPRICEX_PROGRAMS").map_or_else(profile_folder, Ok)?;
    let binary = folder.join(format!("omnipricex-desktop{}", env::consts::EXE_SUFFIX));
    ensure!(binary.is_file(), "{} is missing: run `cargo build -p omnipricex-desktop`", binary.display());
    Ok(binary)
}

/// The source of axe-core: the file that `OMNIPRICEX_AXE` names, else among the tools in the target folder.
pub(crate) fn axe_source() -> Result<String> {
    let in_target = || Ok(target_folder()?.join("tools/node_modules/axe-core/axe.min.js"));
    let file = named("OMNIPRICEX_AXE").map_or_else(in_target, anyhow::Ok)?;
    std::fs::read_to_string(&file).with_context(|| {
        format!("axe-core is not at {}: run `cargo xtask setup` or set OMNIPRICEX_AXE", file.display())
    })
}

/// Where pictures of failed journeys go.
pub(crate) fn picture(name: &str) -> Result<PathBuf> {
    let folder = target_folder()?.join("journeys");
    std::fs::create_dir_all(&folder).context("making the folder for pictures")?;
    Ok(folder.join(format!("{name}.png")))
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

fn target_folder() -> Result<PathBuf> {
    Ok(profile_folder()?.parent().context("a profile's folder lies in the target folder")?.to_owned())
}

/// Test binaries are in `deps` of the profile's folder, other binaries in the folder itself.
fn profile_folder() -> Result<PathBuf> {
    let binary = env::current_exe().context("finding this program")?;
    let folder = binary.parent().context("a program lies in a folder")?;
    let profile = if folder.ends_with("deps") { folder.parent() } else { Some(folder) };
    Ok(profile.context("`deps` lies in a profile's folder")?.to_owned())
}
