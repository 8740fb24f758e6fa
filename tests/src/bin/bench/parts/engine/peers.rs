//! Other engines over the same rule, where they are there: `benches/peers` (Rhai, CEL) is compiled, and
//! `benches/peers/columns.py` asks those of NumPy, Polars, pandas and DuckDB that Python finds.

use std::path::Path;
use std::process::Command;

use crate::figures::{Figures, Unit};

const FOLDER: &str = "../benches/peers";

/// A peer prints a line `name: 12.3 ns a product` for each way of asking.
pub(super) fn measure(figures: &mut Figures) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--release", "--manifest-path"]).arg(folder.join("Cargo.toml"));
    // A target folder of its own: its lock file is not the project's.
    cargo.env("CARGO_TARGET_DIR", std::env::temp_dir().join("omnipricex-peers"));
    let mut python = Command::new("python3");
    python.arg(folder.join("columns.py"));
    for (name, mut command) in [("the engines in Rust", cargo), ("the engines in Python", python)] {
        eprintln!("  {name}");
        let output = match command.output() {
            Ok(output) if output.status.success() => output,
            Ok(output) => {
                eprintln!("  {name} are not measured: {}", String::from_utf8_lossy(&output.stderr).trim());
                continue;
            }
            Err(error) => {
                eprintln!("  {name} are not measured: {error}");
                continue;
            }
        };
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            if let Some((name, value)) = line.strip_suffix(" ns a product").and_then(|line| line.rsplit_once(": "))
                && let Ok(value) = value.parse()
            {
                figures.add(format!("{name}, a product"), value, Unit::Nanoseconds);
            }
        }
    }
}
