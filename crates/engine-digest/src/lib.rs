//! Prices a written snapshot and gives one number for the result. The same function runs natively and, compiled to wasm,
//! in a browser, so that the two can be compared over a whole catalogue.

use std::sync::atomic::AtomicBool;

use pricing_domain::{Instant, RuleSet};
use pricing_rules::{CompiledRules, Snapshot, digest, price_all};

/// Prices every list of a snapshot (as `Snapshot::write_cache` wrote it) with a rule set (as JSON) at a time (ISO 8601).
/// Gives for each list its products, its changes, its exceptions and the digest of everything decided and counted.
///
/// Errors: what cannot be read, in words.
pub fn digest_of_all(snapshot: &[u8], rules: &str, now: &str) -> Result<String, String> {
    let mut input = snapshot;
    let snapshot = Snapshot::read_cache(&mut input).map_err(|error| error.to_string())?;
    let rules: RuleSet = serde_json::from_str(rules).map_err(|error| error.to_string())?;
    let now: Instant = now.parse().map_err(|_| "the time is not ISO 8601".to_owned())?;
    let snapshot = snapshot.at(now);
    let compiled = CompiledRules::compile(&rules, &snapshot)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
    let lists = (0..snapshot.lists.len()).map(|list| {
        let run = price_all(&compiled, &snapshot, list, now, &AtomicBool::new(false), &|_| ())
            .ok_or_else(|| "cancelled".to_owned())?;
        let exceptions: u64 = run.counts.exceptions.iter().sum();
        let changes = run.counts.raised + run.counts.lowered;
        let products = run.counts.products;
        Ok(format!("{products} products, {changes} changes, {exceptions} exceptions, {:016x}", digest(&run)))
    });
    Ok(lists.collect::<Result<Vec<String>, String>>()?.join(" | "))
}

/// The same for a page.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn digest_in_browser(snapshot: &[u8], rules: &str, now: &str) -> String {
    match digest_of_all(snapshot, rules, now) {
        Ok(digest) => digest,
        Err(error) => format!("error: {error}"),
    }
}
