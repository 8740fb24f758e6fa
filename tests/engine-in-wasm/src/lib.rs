//! The engine as a page calls it: a test prices one batch in a browser and here, and compares the digests.

use std::sync::atomic::AtomicBool;

use pricing_domain::{Instant, RuleSet};
use pricing_rules::{CompiledRules, Snapshot, digest, price_all};
use wasm_bindgen::prelude::wasm_bindgen;

/// Prices every list of a snapshot, given as its cache holds it, by a rule set in JSON at a moment in microseconds since
/// 1970. Gives one digest a list, in hexadecimal digits, in the order of the lists.
///
/// # Errors
///
/// The bytes are no snapshot, the text is no rule set, or the rules do not fit the snapshot: in words.
#[wasm_bindgen]
pub fn digests(snapshot: &[u8], rules: &str, at: i64) -> Result<Vec<String>, String> {
    let snapshot = Snapshot::read_cache(&mut &*snapshot).map_err(|error| error.to_string())?;
    let rules: RuleSet = serde_json::from_str(rules).map_err(|error| error.to_string())?;
    let rules = CompiledRules::compile(&rules, &snapshot)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
    let priced = |list| {
        price_all(&rules, &snapshot, list, Instant(at), &AtomicBool::new(false), &|_| ())
            .map(|run| format!("{:016x}", digest(&run)))
            .ok_or_else(|| "the run was cancelled".to_owned())
    };
    (0..snapshot.lists.len()).map(priced).collect()
}
