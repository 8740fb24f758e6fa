//! The importers, by families: what each begins from, and how it reads an input.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use catalog_files::{
    FileReader, NewPrice, NewPrices, Problems, Profile, ReadOptions, RewriteScope, Rows, Source, TableCell, copy_rows,
    inspect, open_detected, rewrite_prices, write_table,
};
use clap::ValueEnum;
use pricing_domain::{Currency, FileKind, OutputFormat};

use crate::hostile;
use crate::words::{FILE_WORDS, RATE_WORDS, WORKBOOK_WORDS};

/// Rows of a batch.
const ROWS: usize = 1_000;

/// Some of the importers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Family {
    /// Delimited text with products, of every shop.
    Delimited,
    /// XLSX workbooks, damaged within their parts.
    Workbooks,
    /// XML feeds.
    Feeds,
    /// JSON as one record a line.
    JsonLines,
    /// gzip and zip files, damaged within and without.
    Packed,
    /// Every kind of file but products: prices, costs, sales, stock, matches and so on.
    Facts,
    /// Unknown tables: what is suggested for them, read by a mapping and by a saved profile.
    Mappings,
    /// The central bank's exchange rates.
    Rates,
    /// New prices in a shop's own file, and refused rows copied out of it.
    Rewriting,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Delimited,
        Self::Workbooks,
        Self::Feeds,
        Self::JsonLines,
        Self::Packed,
        Self::Facts,
        Self::Mappings,
        Self::Rates,
        Self::Rewriting,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delimited => "delimited",
            Self::Workbooks => "workbooks",
            Self::Feeds => "feeds",
            Self::JsonLines => "json-lines",
            Self::Packed => "packed",
            Self::Facts => "facts",
            Self::Mappings => "mappings",
            Self::Rates => "rates",
            Self::Rewriting => "rewriting",
        }
    }

    /// What its inputs are made of.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Workbooks => WORKBOOK_WORDS,
            Self::Rates => RATE_WORDS,
            _ => FILE_WORDS,
        }
    }

    /// Files to begin from: the importers' own cases.
    pub fn corpus(self) -> Result<Vec<Vec<u8>>> {
        let cases = cases()?;
        let of = |wanted: fn(&Case) -> bool| cases.iter().filter(move |case| wanted(case));
        let bytes = |wanted| Ok(of(wanted).map(|case| case.bytes.clone()).collect());
        match self {
            Self::Delimited => bytes(|case| case.is_text() && case.kind == FileKind::Products),
            Self::Workbooks => of(|case| case.is_text() && case.kind != FileKind::Rates).map(as_workbook).collect(),
            Self::Feeds => bytes(|case| case.extension == "xml" && case.kind != FileKind::Rates),
            Self::JsonLines => bytes(|case| case.extension == "jsonl"),
            Self::Packed => {
                let mut packed = Vec::new();
                for case in &cases {
                    let name = format!("list.{}", case.extension);
                    packed.extend([hostile::gzip(&case.bytes)?, hostile::archive(&[(&name, &case.bytes)])?]);
                }
                Ok(packed)
            }
            Self::Facts => bytes(|case| !matches!(case.kind, FileKind::Products | FileKind::Rates)),
            Self::Mappings => bytes(Case::is_text),
            Self::Rates => bytes(|case| case.kind == FileKind::Rates),
            Self::Rewriting => bytes(|case| case.kind == FileKind::Products),
        }
    }

    /// Files that were made to hurt it.
    pub fn hostile(self) -> Result<Vec<Vec<u8>>> {
        Ok(match self {
            Self::Delimited | Self::Facts | Self::Mappings => hostile::delimited(),
            Self::Workbooks => hostile::workbooks()?,
            Self::Feeds => hostile::feeds(),
            Self::JsonLines => hostile::json_lines(),
            Self::Packed => hostile::packed()?,
            Self::Rates => hostile::rates(),
            Self::Rewriting => [hostile::delimited(), hostile::feeds()].concat(),
        })
    }

    /// Whether its files hold others, which are damaged as well.
    pub const fn is_packed(self) -> bool {
        matches!(self, Self::Workbooks | Self::Packed)
    }

    /// Imports a file, whatever comes of it.
    pub fn read(self, input: &[u8]) {
        let any = FileKind::ALL[input.len() % FileKind::ALL.len()];
        match self {
            Self::Delimited | Self::Workbooks | Self::Feeds | Self::JsonLines | Self::Packed => {
                read(None, input, options(input));
                read(Some(FileKind::Products), input, options(input));
            }
            Self::Facts => {
                read(None, input, options(input));
                read(Some(any), input, options(input));
            }
            Self::Mappings => {
                read_mapped(any, input);
                read_mapped(FileKind::Products, input);
            }
            Self::Rates => {
                read(None, input, options(input));
                read(Some(FileKind::Rates), input, options(input));
            }
            Self::Rewriting => rewrite(input),
        }
    }
}

/// A file of the importers' cases.
struct Case {
    extension: String,
    kind: FileKind,
    bytes: Vec<u8>,
}

impl Case {
    fn is_text(&self) -> bool {
        matches!(self.extension.as_str(), "csv" | "tsv")
    }
}

fn cases() -> Result<Vec<Case>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/catalog-files/tests/cases");
    let entries = std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension != "json"));
    paths.sort();
    paths.iter().map(|path| case(path).with_context(|| format!("reading {}", path.display()))).collect()
}

fn case(path: &Path) -> Result<Case> {
    let answer: serde_json::Value = serde_json::from_slice(&std::fs::read(path.with_extension("json"))?)?;
    let kind = answer["kind"].as_str().or(answer["facts"]["kind"].as_str());
    let kind = kind.map_or(Ok(FileKind::Products), str::parse).map_err(anyhow::Error::msg)?;
    let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Case { extension, kind, bytes: std::fs::read(path)? })
}

/// The cells of a case in a workbook: numbers in cells of their own kind.
fn as_workbook(case: &Case) -> Result<Vec<u8>> {
    let text = String::from_utf8_lossy(&case.bytes);
    let delimiter = [b'\t', b';'].into_iter().find(|sign| {
        text.lines().next().is_some_and(|line| {
            line.bytes().filter(|byte| byte == sign).count() > line.bytes().filter(|byte| *byte == b',').count()
        })
    });
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut rows = reader.records().map_while(Result::ok);
    let header = rows.next().context("a case without a line")?;
    let rows = rows.map(|row| row.iter().map(table_cell).collect());
    let mut workbook = Vec::new();
    write_table(&header.iter().collect::<Vec<_>>(), rows, OutputFormat::Xlsx, &mut workbook).context("a workbook")?;
    Ok(workbook)
}

fn table_cell(text: &str) -> TableCell {
    let is_number = text.len() < 12 && text.parse::<f64>().is_ok_and(f64::is_finite) && !text.contains(['e', 'E', '+']);
    if is_number { TableCell::number(Some(text)) } else { TableCell::text(Some(text)) }
}

/// Half of the inputs are read beside products that are known, whose rows may say less.
fn options(input: &[u8]) -> ReadOptions {
    let partial = input.len().is_multiple_of(2).then_some(Currency::EUR);
    ReadOptions { currency: Some(Currency::EUR), partial, ..ReadOptions::default() }
}

fn source(input: &[u8]) -> Box<dyn Source + Send> {
    Box::new(Cursor::new(input.to_vec()))
}

/// Reads to the end.
fn read(kind: Option<FileKind>, input: &[u8], options: ReadOptions) {
    if let Ok(reader) = open_detected(kind, "list.csv", source(input), options) {
        read_rows(reader);
    }
}

fn read_rows(mut reader: FileReader) -> (Problems, Vec<String>) {
    let mut problems = Problems::default();
    let mut skus = Vec::new();
    while let Some(rows) = reader.next_batch(ROWS, &mut problems) {
        if let Rows::Products(products) = &rows {
            skus.extend(products.iter().take(50).map(|product| product.sku.clone()));
        }
        black_box(rows);
    }
    (problems, skus)
}

/// Reads a table as it is suggested, in both orders of what a person may declare, and again by the profile that is saved.
fn read_mapped(kind: FileKind, input: &[u8]) {
    let Ok(shape) = inspect(kind, "list.csv", source(input), &options(input)) else { return };
    let suggested = shape.columns.iter().filter_map(|column| Some((column.suggested?.to_owned(), column.name.clone())));
    let mut mapping: Vec<(String, String)> = suggested.collect();
    mapping.push(("currency".to_owned(), "=EUR".to_owned()));
    mapping.push(("attribute:first".to_owned(), shape.columns.first().map_or(String::new(), |c| c.name.clone())));
    let separator = if input.len().is_multiple_of(2) { '.' } else { ',' };
    let mapped = ReadOptions { mapping: mapping.clone(), decimal_separator: Some(separator), ..options(input) };
    read(Some(kind), input, mapped);
    let profile = Profile {
        fingerprint: shape.fingerprint,
        name: "list".to_owned(),
        kind,
        mapping,
        decimal_separator: None,
        date_order: None,
    };
    read(None, input, ReadOptions { profiles: vec![profile], ..options(input) });
}

/// Gives the first products of a file new prices, in the whole file and alone, and copies the refused rows.
fn rewrite(input: &[u8]) {
    let Ok(reader) = open_detected(Some(FileKind::Products), "list.csv", source(input), options(input)) else { return };
    let (problems, skus) = read_rows(reader);
    let price = |amount_minor| NewPrice { amount_minor, currency: Currency::EUR, includes_vat: true, vat_rate: None };
    let prices = (1..).zip(skus).map(|(minor, sku)| (sku, price(minor))).collect();
    let new = NewPrices { prices, ..NewPrices::default() };
    for scope in [RewriteScope::Changed, RewriteScope::Whole] {
        let mut out = Vec::new();
        black_box(rewrite_prices("list.csv", || Ok(source(input)), &options(input), &new, scope, &mut out).ok());
    }
    let lines: BTreeSet<u64> = problems.kept.iter().map(|problem| problem.line).collect();
    black_box(copy_rows("list.csv", || Ok(source(input)), (&lines, None), &mut Vec::new()).ok());
}
