//! A page that prices a catalogue with the engine as wasm and has the result for a title. Everything stands in the one
//! file, so that no server is needed.

use std::fmt::Write;

use anyhow::{Context, Result};

use crate::places;

/// The page for a written snapshot, a rule set as JSON and a time.
pub fn engine_page(snapshot: &[u8], rules: &str, now: &str) -> Result<String> {
    let folder = places::engine_wasm()?;
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path).with_context(|| format!("reading {}", path.display()))
    };
    let glue = String::from_utf8(read("engine_digest.js")?).context("the glue is text")?;
    let module = hex(&read("engine_digest_bg.wasm")?);
    let snapshot = hex(snapshot);
    // As text of a script, a string may hold anything but the end of the script.
    let text = |text: &str| serde_json::to_string(text).map(|text| text.replace('<', "\\u003c"));
    let (rules, now) = (text(rules)?, text(now)?);
    Ok(format!(
        "<!doctype html><meta charset=\"utf-8\"><script>{glue}</script><script>\n\
         const bytes = hex => Uint8Array.from({{ length: hex.length / 2 }}, (_, n) => parseInt(hex.substr(2 * n, 2), 16));\n\
         wasm_bindgen({{ module_or_path: bytes(\"{module}\") }})\n\
         .then(() => wasm_bindgen.digest_in_browser(bytes(\"{snapshot}\"), {rules}, {now}))\n\
         .catch(error => `error: ${{error}}`).then(words => {{ document.title = words; }});\n</script>\n"
    ))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all");
        text
    })
}
