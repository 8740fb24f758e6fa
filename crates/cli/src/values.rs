//! Values of options that several commands take.

use anyhow::Context;
use pricing_domain::{BasisPoints, OutputFormat, parse_scaled};

/// A rate in percent, with a dot or a comma.
pub fn percent(text: &str) -> anyhow::Result<BasisPoints> {
    let scaled = parse_scaled(&text.trim().trim_end_matches('%').trim().replace(',', "."), 2);
    scaled
        .and_then(|rate| i32::try_from(rate).ok())
        .filter(|rate| (0..=10_000).contains(rate))
        .map(BasisPoints)
        .with_context(|| format!("“{text}” is no rate in percent; write 19 for 19 %"))
}

/// The format a file name asks for.
pub fn format_of(file: &std::path::Path) -> anyhow::Result<OutputFormat> {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or("");
    extension.parse().map_err(|_| anyhow::anyhow!("{}: end the name in .csv, .xlsx or .json", file.display()))
}
