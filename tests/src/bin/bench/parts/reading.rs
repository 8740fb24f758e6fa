//! Pages and robots.txt by processor time, on one thread, from memory: those of `SHARED_DATA`, or the project's own pages.

use std::hint::black_box;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use app_commands::reading::{PageInput, Questions, Reader, SiteHints, extract, read_page_file};
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::figures::{Figures, Unit};
use crate::machine::processor_seconds;

/// Processor time for each collection of pages.
const SECONDS: f64 = 5.0;
const OWN_PAGES: &str = "../crates/price-extraction/tests/cases/shops";

struct Page {
    url: String,
    body: Vec<u8>,
}

/// All of it.
pub(super) fn from_memory(is_small: bool, figures: &mut Figures) -> Result<()> {
    let seconds = if is_small { 0.5 } else { SECONDS };
    let Some(data) = std::env::var_os("SHARED_DATA").map(PathBuf::from) else {
        return read(&own_pages()?, "The project's own pages", seconds, None, figures);
    };
    let folder = data.join("extraction");
    read(&pages(&folder, "pages.jsonl")?, "Pages of real shops", seconds, Some(150.0), figures)?;
    read(&pages(&folder, "woo.jsonl")?, "Pages with complete JSON-LD", seconds, Some(1_000.0), figures)?;
    robots(&data.join("robots"), figures)
}

/// Reads a collection again and again.
fn read(pages: &[Page], name: &str, seconds: f64, target: Option<f64>, figures: &mut Figures) -> Result<()> {
    ensure!(!pages.is_empty(), "there is no page to read");
    let bytes: usize = pages.iter().map(|page| page.body.len()).sum();
    let (mut count, start) = (0, processor_seconds());
    while processor_seconds() - start < seconds {
        pages.iter().for_each(|page| drop(black_box(extract(&input(page)))));
        count += pages.len();
    }
    let rate = count as f64 / (processor_seconds() - start);
    figures.add(format!("{name}, mean size"), bytes as f64 / pages.len() as f64 / 1e3, Unit::Kilobytes);
    let name = format!("{name}, read by a processor");
    match target {
        Some(target) => figures.aim(name, rate, Unit::RowsPerSecond, target),
        None => figures.add(name, rate, Unit::RowsPerSecond),
    }
    Ok(())
}

fn input(page: &Page) -> PageInput<'_> {
    PageInput { body: &page.body, content_type: None, status: None, url: &page.url, hints: SiteHints::default() }
}

fn own_pages() -> Result<Vec<Page>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(OWN_PAGES);
    let page = |entry: std::io::Result<std::fs::DirEntry>| {
        Ok(Page { url: "https://shop.example/product".to_owned(), body: std::fs::read(entry?.path())? })
    };
    std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?.map(page).collect()
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

/// Real files with real questions, each a line of JSON as scripts ask them.
fn robots(folder: &Path, figures: &mut Figures) -> Result<()> {
    let unpacked = tempfile::tempdir().context("a folder for the robots.txt files")?;
    let packed = std::fs::File::open(folder.join("robots_real.tar.gz")).context("opening the robots.txt files")?;
    tar::Archive::new(GzDecoder::new(packed)).unpack(unpacked.path()).context("unpacking the robots.txt files")?;
    let mut questions = String::new();
    let packed = std::fs::File::open(folder.join("real.jsonl.gz")).context("opening the robots.txt questions")?;
    GzDecoder::new(packed).read_to_string(&mut questions)?;
    let reader = Reader::new(Questions::Robots, vec![unpacked.path().to_owned()]);
    let start = processor_seconds();
    questions.lines().for_each(|line| drop(black_box(reader.answer(line.as_bytes()))));
    let rate = questions.lines().count() as f64 / (processor_seconds() - start);
    figures.aim("Questions to robots.txt, by a processor", rate, Unit::RowsPerSecond, 100_000.0);
    Ok(())
}
