//! Checks the page in view with axe-core against WCAG 2.1 A and AA.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{App, places};

const RUN: &str = "
    const done = arguments[arguments.length - 1];
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] })
        .then((results) => done({ violations: results.violations.map((violation) => ({
            id: violation.id,
            help: violation.help,
            nodes: violation.nodes.slice(0, 5).map((node) => node.html.slice(0, 200) + ' :: ' + node.failureSummary),
        })), passes: results.passes.length }))
        .catch((error) => done({ failed: String(error) }));
";

/// Checks the page in view. Fails with every violation and where it is.
pub async fn check_accessibility(app: &App, screen: &str) -> Result<()> {
    let driver = app.driver();
    driver.execute(places::axe_source()?, Vec::new()).await.context("loading axe-core into the page")?;
    let answer = driver.execute_async(RUN, Vec::new()).await.context("running axe-core")?;
    let results = answer.json();
    if results["passes"].as_u64().unwrap_or(0) == 0 {
        bail!("axe-core checked nothing on {screen}: {results}");
    }
    let violations = results["violations"].as_array().map(Vec::as_slice).unwrap_or_default();
    if violations.is_empty() {
        return Ok(());
    }
    bail!("{screen} is not accessible:\n{}", violations.iter().map(described).collect::<String>())
}

fn described(violation: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let nodes = violation["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let places: String = nodes.iter().map(|node| format!("    {}\n", text(node).replace('\n', " "))).collect();
    format!("  {}: {}\n{places}", text(&violation["id"]), text(&violation["help"]))
}
