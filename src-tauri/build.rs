//! Embeds the built interface and names the only commands that the window may call.

use std::env;
use std::path::{Path, PathBuf};

/// The folder in the target folder where the interface is gathered.
const INTERFACE: &str = "ui-dist";
const COMMANDS: &[&str] = &["run_command", "pick_file", "save_file", "listen_events"];

fn main() {
    let interface = interface()
        .expect("the interface is not built: run `cargo xtask ui`, then build the desktop application again");
    println!("cargo:rerun-if-changed={}", interface.display());
    // The target folder can be anywhere, so the configuration file cannot name it.
    let path = interface.to_str().expect("the target folder's path is Unicode").replace('\\', "/");
    println!("cargo:rustc-env=TAURI_CONFIG={{\"build\":{{\"frontendDist\":\"{path}\"}}}}");
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)).expect("the shell's configuration");
}

/// The nearest gathered interface above this script's output.
fn interface() -> Option<PathBuf> {
    let output = env::var_os("OUT_DIR").expect("cargo sets it");
    let folders = Path::new(&output).ancestors().map(|folder| folder.join(INTERFACE));
    folders.into_iter().find(|folder| folder.join("index.html").is_file())
}
