//! The readers that are soaked, with inputs to begin from and the words that their inputs are made of.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use app_commands::reading::{PageInput, PriceHints, SiteHints, extract, parse_price, read_page_file};
use clap::ValueEnum;
use price_collection::robots::Robots;

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

impl Target {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Prices, Self::Pages, Self::Json, Self::Robots];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prices => "prices",
            Self::Pages => "pages",
            Self::Json => "json",
            Self::Robots => "robots",
        }
    }

    /// What its inputs are made of.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Prices => PRICE_WORDS,
            Self::Pages => PAGE_WORDS,
            Self::Json => JSON_WORDS,
            Self::Robots => ROBOTS_WORDS,
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
        }
    }
}

fn read_page(body: &[u8]) {
    let url = "https://shop.example/p/lamp-12345";
    black_box(extract(&PageInput { body, content_type: None, status: None, url, hints: SiteHints::default() }));
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
