//! Price texts with known answers: the crate's own cases, and a collection of other people's.

#[path = "support/scoring.rs"]
#[allow(dead_code)]
mod scoring;

use std::path::PathBuf;

/// The folder of third-party data; `None` with a line on stderr when there is none.
fn shared_data(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SHARED_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: {test} needs SHARED_DATA");
    }
    folder
}

#[test]
fn collected_price_strings_are_read_or_refused() {
    let Some(data) = shared_data("collected_price_strings_are_read_or_refused") else { return };
    let score = scoring::score_price_strings(&data);
    println!("{}{}", score.table(), score.misses.join("\n"));
}
