//! How fast pages are read: by processor time, on one thread, from memory.

use std::hint::black_box;
use std::path::Path;

use anyhow::{Context, Result};
use app_commands::reading::{PageInput, SiteHints, extract, read_page_file};
use serde_json::Value;

use crate::machine::processor_seconds;
use crate::scoring::Score;

/// Processor time for each collection.
const SECONDS: f64 = 5.0;

struct Page {
    url: String,
    body: Vec<u8>,
}

/// Reads each collection again and again.
pub fn score(data: &Path) -> Result<Score> {
    let mut figures = Vec::new();
    for (name, file) in [("real shops", "pages.jsonl"), ("one shop system, with JSON-LD", "woo.jsonl")] {
        let pages = pages(&data.join("extraction"), file)?;
        let bytes: usize = pages.iter().map(|page| page.body.len()).sum();
        let (mut read, start) = (0u32, processor_seconds());
        while processor_seconds() - start < SECONDS {
            pages.iter().for_each(|page| drop(black_box(extract(&input(page)))));
            read += u32::try_from(pages.len())?;
        }
        let rate = f64::from(read) / (processor_seconds() - start);
        figures.push((format!("{name}: KB a page"), (bytes as f64 / pages.len() as f64 / 1e3).round()));
        figures.push((format!("{name}: pages a CPU-second"), rate.round()));
    }
    Ok(Score { name: "speed".to_owned(), figures, misses: Vec::new() })
}

fn input(page: &Page) -> PageInput<'_> {
    PageInput { body: &page.body, content_type: None, status: None, url: &page.url, hints: SiteHints::default() }
}

fn pages(folder: &Path, file: &str) -> Result<Vec<Page>> {
    let text = std::fs::read_to_string(folder.join(file)).with_context(|| format!("reading {file}"))?;
    let page = |line: &str| {
        let row: Value = serde_json::from_str(line)?;
        let body = read_page_file(&folder.join(row["file"].as_str().context("a row names a file")?))?;
        Ok(Page { url: row["url"].as_str().unwrap_or_default().to_owned(), body })
    };
    text.lines().map(page).collect()
}
