//! The readers that are soaked, with inputs to begin from and the words that their inputs are made of.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use app_commands::reading::{PageInput, PriceHints, SiteHints, extract, parse_price, read_page_file};
use price_collection::robots::Robots;

use crate::files::Family;
use crate::words::{JSON_WORDS, PAGE_WORDS, PRICE_WORDS, ROBOTS_WORDS};

/// A reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Texts with a price.
    Prices,
    /// Whole pages.
    Pages,
    /// Structured data in scripts, with the mending of slips.
    Json,
    /// robots.txt files.
    Robots,
    /// Files of a family.
    Files(Family),
}

impl Target {
    /// The readers of a name: `files` means every family.
    pub fn named(name: &str) -> Result<Vec<Self>, String> {
        let all = Self::all();
        let chosen: Vec<Self> = match name {
            "files" => Family::ALL.map(Self::Files).to_vec(),
            _ => all.iter().copied().filter(|target| target.name() == name).collect(),
        };
        if chosen.is_empty() {
            let names: Vec<&str> = all.iter().map(|target| target.name()).collect();
            return Err(format!("there are {}, and files for all importers", names.join(", ")));
        }
        Ok(chosen)
    }

    /// All of them.
    pub fn all() -> Vec<Self> {
        let families = Family::ALL.map(Self::Files);
        [Self::Prices, Self::Pages, Self::Json, Self::Robots].into_iter().chain(families).collect()
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prices => "prices",
            Self::Pages => "pages",
            Self::Json => "json",
            Self::Robots => "robots",
            Self::Files(family) => family.name(),
        }
    }

    /// What its inputs are made of.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Prices => PRICE_WORDS,
            Self::Pages => PAGE_WORDS,
            Self::Json => JSON_WORDS,
            Self::Robots => ROBOTS_WORDS,
            Self::Files(family) => family.words(),
        }
    }

    /// How much memory reading one input may take beside what was held before, in megabytes. Importers have to do with
    /// what the whole program may take for a file.
    pub const fn most_megabytes(self) -> f64 {
        match self {
            Self::Files(_) => 600.0,
            _ => 1_500.0,
        }
    }

    /// Inputs that are read as they are before the damaged ones.
    pub fn hostile(self) -> Result<Vec<Vec<u8>>> {
        match self {
            Self::Files(family) => family.hostile(),
            _ => Ok(Vec::new()),
        }
    }

    /// Whether its inputs hold files, which are damaged as well.
    pub const fn is_packed(self) -> bool {
        matches!(self, Self::Files(family) if family.is_packed())
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
            Self::Files(family) => family.corpus()?,
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
            Self::Files(family) => family.read(input),
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
