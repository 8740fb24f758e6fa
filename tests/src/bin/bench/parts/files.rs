//! Files of other sizes than the catalogue's, and titles of pages against a catalogue.

use std::io::BufWriter;
use std::path::Path;
use std::time::Instant as Stopwatch;

use anyhow::{Context, Result, bail, ensure};
use app_contract::{ImportOptions, JobResult, PreviewImport, StartImport};
use catalog_files::{TableCell, write_table};
use pricing_domain::{FileKind, MatchVerdict, OutputFormat};
use product_matching::{Catalogue, Item};

use super::add_costs;
use crate::catalogue::{self, Brands, PRODUCTS_FILE};
use crate::figures::{Figures, Unit, grouped};
use crate::session::Session;

const PREVIEWED: u32 = 1_000_000;
const IN_A_WORKBOOK: u32 = 100_000;
const SMALL: u32 = 1_000;

/// What the file of a catalogue would change in a workspace that is empty.
pub(super) async fn preview(folder: &Path, is_small: bool, figures: &mut Figures) -> Result<()> {
    let rows = if is_small { SMALL } else { PREVIEWED };
    catalogue::write_files(folder, rows, Brands::OfEveryKind)?;
    let session = Session::create(folder).await?;
    let file = session.host.register_input(session.path(PRODUCTS_FILE))?.id;
    let job = session.job(PreviewImport { file, options: ImportOptions::of_kind(FileKind::Products) }).await?;
    let Some(JobResult::Preview(preview)) = job.view.result else { bail!("a preview ends with its result") };
    ensure!(preview.report.added == u64::from(rows), "every row is new, but {:?}", preview.report);
    let name = format!("CSV of {} products previewed", grouped(rows.into()));
    figures.aim(&name, job.seconds, Unit::Seconds, 10.0);
    add_costs(figures, &name, Some(600.0));
    session.close().await;
    Ok(())
}

/// A workbook with the same columns.
pub(super) async fn workbook(folder: &Path, is_small: bool, figures: &mut Figures) -> Result<()> {
    let rows = if is_small { SMALL } else { IN_A_WORKBOOK };
    catalogue::write_files(folder, rows, Brands::OfEveryKind)?;
    let workbook = folder.join("products.xlsx");
    write_workbook(&folder.join(PRODUCTS_FILE), &workbook)?;
    let session = Session::create(folder).await?;
    let before = crate::machine::processor_seconds();
    let file = session.host.register_input(workbook)?.id;
    let job = session.job(StartImport { file, options: ImportOptions::of_kind(FileKind::Products) }).await?;
    let Some(JobResult::Import(report)) = job.view.result else { bail!("an import ends with its report") };
    ensure!(report.added == u64::from(rows), "every row is new, but {report:?}");
    let name = format!("XLSX of {} products imported", grouped(rows.into()));
    figures.aim(&name, job.seconds, Unit::Seconds, 8.0);
    let used = crate::machine::processor_seconds() - before;
    figures.add(format!("{name}, processor time"), used, Unit::Seconds);
    session.close().await;
    Ok(())
}

fn write_workbook(csv: &Path, workbook: &Path) -> Result<()> {
    let mut reader = csv::Reader::from_path(csv).context("reading the catalogue's file")?;
    let header: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let rows: Vec<Vec<TableCell>> = reader
        .records()
        .map(|record| Ok(record?.iter().map(|cell| TableCell::Text(cell.to_owned())).collect()))
        .collect::<Result<_>>()?;
    let mut out = BufWriter::new(std::fs::File::create(workbook).context("making the workbook")?);
    write_table(&header, rows, OutputFormat::Xlsx, &mut out).context("writing the workbook")
}

/// Titles without a number, as pages word them, against a catalogue of as many products.
pub(super) fn matching(is_small: bool, figures: &mut Figures) -> Result<()> {
    let count = if is_small { 500 } else { 50_000 };
    let began = Stopwatch::now();
    let catalogue = Catalogue::new((0..count).map(|number| item(number, false)).collect());
    let (mut accepted, mut right) = (0, 0);
    for number in 0..count {
        let found = catalogue.find(&item(number, true));
        if let Some(first) = found.first().filter(|first| first.comparison.verdict == MatchVerdict::Certain) {
            accepted += 1;
            right += usize::from(first.product == number);
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    ensure!(right == accepted && accepted > count / 2, "{accepted} pages are accepted, {right} of them rightly");
    let count = grouped(count as f64);
    figures.aim(format!("{count} pages scored against {count} products"), seconds, Unit::Seconds, 60.0);
    Ok(())
}

fn item(number: usize, is_page: bool) -> Item {
    const BRANDS: usize = 400;
    const KINDS: [&str; 12] = [
        "Kettle",
        "Toaster",
        "Headphones",
        "Drill",
        "Lamp",
        "Monitor",
        "Keyboard",
        "Shampoo",
        "Coffee",
        "Jacket",
        "Grill",
        "Tablet",
    ];
    const COLOURS: [&str; 5] = ["black", "white", "red", "blue", "silver"];
    let (brand, kind) = (format!("Brand{}", number % BRANDS), KINDS[number % KINDS.len()]);
    let colour = COLOURS[number / 7 % COLOURS.len()];
    let letter = |number: usize| char::from(b'A' + (number % 23) as u8);
    let model = format!("{}{}-{}", letter(number), letter(number / 23), number / 3);
    let size = number % 9 + 1;
    let title = if is_page {
        format!("{kind} {brand} {}, {size}00ml, {colour}", model.replace('-', ""))
    } else {
        format!("{brand} {model} {kind} 0.{size} l {colour}")
    };
    Item { title, brand: Some(brand), price_minor: Some(1_000 + number as i64 % 9_000), ..Item::default() }
}
