//! The readers that are soaked, with inputs to begin from and the words that their inputs are made of.

use std::hint::black_box;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use app_commands::reading::{PageInput, PriceHints, SiteHints, extract, parse_price, read_page_file};
use catalog_files::{Problems, ReadOptions, inspect, open_detected};
use clap::ValueEnum;
use flate2::Compression;
use flate2::write::GzEncoder;
use price_collection::robots::Robots;
use pricing_domain::{Currency, FileKind};

/// A reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// Texts with a price.
    Prices,
    /// Whole pages.
    Pages,
    /// Structured data in scripts, with the mending of slips.
    Json,
    /// robots.txt files.
    Robots,
    /// Files of products, prices and facts in every format, packed ones too.
    Files,
}

const PAGE_WORDS: &[&str] = &[
    "<div>",
    "</div>",
    "<span class=price>",
    "<h1>",
    "</h1>",
    "<table><tr><td>",
    "</td>",
    "<a href=/x>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<meta itemprop=price content=",
    "<b itemscope itemprop=offers>",
    "&#x",
    "&amp",
    "<del>",
    "<sup>",
    "class=\"",
    "\"",
    "'",
    ">",
    "<",
    "$",
    "€",
    " 1.234,56 ",
    "0",
    ".",
    ",",
    "\u{a0}",
    "-25%",
    "İ",
    "ẞ",
    "\u{1F3F7}",
    "<select><option>",
    "<p",
    "<title>",
    "<svg>",
    "<template>",
    "<noscript>",
    "=",
];
const PRICE_WORDS: &[&str] = &[
    "$",
    "€",
    "kr",
    "1",
    "23",
    "456",
    ".",
    ",",
    " ",
    "\u{202f}",
    "'",
    "’",
    "-",
    "–",
    "%",
    "/kg",
    "was ",
    "ab ",
    "from ",
    "EUR",
    "US$",
    "₹",
    "руб.",
    "İ",
    "ẞ",
    "٫",
    "٣",
    "ريال",
    "per month",
    "(",
    ")",
    ":-",
    "~",
    "=",
    "元",
    "x",
    "#",
];
const JSON_WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\\u",
    "\\ud83d",
    "//",
    "/*",
    "*/",
    "\"offers\":",
    "\"price\":",
    "1e9",
    "-",
    "null",
    "true",
    "function(){",
    "\n",
    "'",
    "`",
    ";",
    "\"@type\":\"Product\"",
    "\"@graph\":[",
    "\"hasVariant\":",
    "\"@id\":\"#a\"",
    "12.90",
    "é",
    "\u{feff}",
];
const ROBOTS_WORDS: &[&str] = &[
    "User-agent: *\n",
    "Disallow: /",
    "Allow: /",
    "Crawl-delay: ",
    "\r\n",
    "\n",
    "*",
    "$",
    "%2F",
    "%",
    "#",
    ":",
    "é",
    "\u{feff}",
    "\0",
    "Sitemap: ",
    "/index.html",
    "a",
];

const FILE_WORDS: &[&str] = &[
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\"",
    "\"\"",
    "\u{feff}",
    "sku",
    "price",
    "Handle",
    "g:id",
    "1.234,56",
    "1,234.56",
    "1'000",
    "4006381333931",
    "4.00638E+12",
    "2026-11-01 0:00:00",
    "01.11.2026",
    "EUR",
    "=cmd|' /C calc'!A0",
    "<item>",
    "</item>",
    "<![CDATA[",
    "<!ENTITY a \"xxxxxxxx\">",
    "&a;",
    "{\"sku\":",
    "}",
    "\0",
    "é",
    "ja",
    "-",
];

impl Target {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Prices, Self::Pages, Self::Json, Self::Robots, Self::Files];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prices => "prices",
            Self::Pages => "pages",
            Self::Json => "json",
            Self::Robots => "robots",
            Self::Files => "files",
        }
    }

    /// What its inputs are made of.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Prices => PRICE_WORDS,
            Self::Pages => PAGE_WORDS,
            Self::Json => JSON_WORDS,
            Self::Robots => ROBOTS_WORDS,
            Self::Files => FILE_WORDS,
        }
    }

    /// Inputs to begin from: the project's own cases, and collected ones where SHARED_DATA names some.
    pub fn corpus(self) -> Result<Vec<Vec<u8>>> {
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/price-extraction/tests/cases");
        let corpus = match self {
            Self::Prices => lines(&cases.join("price_texts.jsonl"), "text")?,
            Self::Pages => pages(&cases)?,
            Self::Json => pages(&cases)?.iter().flat_map(|page| scripts(page)).collect(),
            Self::Robots => vec![
                b"User-agent: *\nDisallow: /cart\nAllow: /cart/help$\nCrawl-delay: 2\n\nUser-agent: Other\nDisallow: /"
                    .to_vec(),
                b"\xef\xbb\xbfuser-agent OmniPriceX\r\ndisallow: *.pdf$ # no files\r\nsitemap: https://a.example/s.xml"
                    .to_vec(),
            ],
            Self::Files => files()?,
        };
        ensure!(!corpus.is_empty(), "there is nothing to begin from");
        Ok(corpus)
    }

    /// Reads an input, whatever comes of it.
    pub fn read(self, input: &[u8]) {
        match self {
            Self::Prices => {
                black_box(parse_price(&String::from_utf8_lossy(input), &PriceHints::default()));
            }
            Self::Pages => read_page(input),
            Self::Json => {
                let page =
                    [b"<h1>Lamp</h1><script type=\"application/ld+json\">", input, b"</script><p>5 \xe2\x82\xac"];
                read_page(&page.concat());
                read_page(&[b"<h1>Lamp</h1><script>window.__STATE__=", input].concat());
            }
            Self::Robots => {
                let robots = Robots::parse(input);
                black_box(robots.allowed("OmniPriceX", &String::from_utf8_lossy(&input[..input.len().min(300)])));
                black_box(robots.allowed("OmniPriceX", "https://shop.example/cart/help?a=b%20c"));
                black_box(robots.crawl_delay("OmniPriceX"));
            }
            Self::Files => read_file(input),
        }
    }
}

fn read_page(body: &[u8]) {
    let url = "https://shop.example/p/lamp-12345";
    black_box(extract(&PageInput { body, content_type: None, status: None, url, hints: SiteHints::default() }));
}

/// Imports a file as it is detected, and again as products.
fn read_file(input: &[u8]) {
    const ROWS: usize = 1_000;
    let source = Box::new(Cursor::new(input.to_vec()));
    black_box(inspect(FileKind::Products, "list.csv", source, &ReadOptions::default()).ok());
    for kind in [None, Some(FileKind::Products)] {
        let options = ReadOptions { currency: Some(Currency::EUR), ..ReadOptions::default() };
        let Ok(mut reader) = open_detected(kind, "list.csv", Box::new(Cursor::new(input.to_vec())), options) else {
            continue;
        };
        let mut problems = Problems::default();
        while let Some(rows) = reader.next_batch(ROWS, &mut problems) {
            black_box(rows);
        }
    }
}

/// The importers' own cases, plain and packed.
fn files() -> Result<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/catalog-files/tests/cases");
    let entries = std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension != "json"));
    paths.sort();
    let mut files = Vec::new();
    for path in &paths {
        let file = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&file).context("packing")?;
        files.extend([packed.finish().context("packing")?, file]);
    }
    Ok(files)
}

fn lines(file: &Path, field: &str) -> Result<Vec<Vec<u8>>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let rows = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    Ok(rows.filter_map(|row| Some(row[field].as_str()?.as_bytes().to_vec())).collect())
}

fn pages(cases: &Path) -> Result<Vec<Vec<u8>>> {
    let mut pages = lines(&cases.join("pages.jsonl"), "html")?;
    let mut folders = vec![cases.join("shops")];
    if let Some(data) = std::env::var_os("SHARED_DATA").map(PathBuf::from) {
        folders.extend(["pages", "structured", "woo"].map(|name| data.join("extraction").join(name)));
    }
    for folder in folders {
        let entries = std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
        let mut files: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        files.sort();
        for file in files.iter().filter(|file| file.is_file()) {
            pages.push(read_page_file(file)?);
        }
    }
    Ok(pages)
}

/// The contents of a page's scripts.
fn scripts(page: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(page);
    let opened = text.split("<script").skip(1);
    let inner = opened.filter_map(|part| part.split_once('>')?.1.split_once("</script>"));
    inner.map(|(script, _)| script.as_bytes().to_vec()).filter(|script| script.contains(&b'{')).collect()
}
