//! Writes new prices into a shop's own file: only the cells that hold prices change, every other byte stays as it
//! came. Either the whole file is written, or only the products whose price changes.

mod items;
mod price_edits;
mod sale_edits;
mod text;

use std::collections::{BTreeSet, HashMap};
use std::io::Write;

use jiff::civil::DateTime;
use pricing_domain::{BasisPoints, Currency, DateOrder, FileFormat, FileKind, Instant};

use crate::columns::ColumnMap;
use crate::guards::restore;
use crate::own_rows::OwnRows;
use crate::packed::unpack;
use crate::problems::file_problem;
use crate::reader::{ReadOptions, Source, broken_off, prove_columns};
use crate::records::{Next, RawRow};
use crate::row_source::Verbatim;
use crate::tables::WriteError;
use price_edits::PriceEdits;

/// What a product is to cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewPrice {
    /// In minor units.
    pub amount_minor: i64,
    /// Its currency.
    pub currency: Currency,
    /// Whether it contains VAT.
    pub includes_vat: bool,
    /// To write it without VAT, where the file has net prices.
    pub vat_rate: Option<BasisPoints>,
}

/// A sale, which begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewSale {
    /// What the product costs in it.
    pub price: NewPrice,
    /// When it begins.
    pub from: Instant,
    /// When it ends.
    pub to: Instant,
    /// Its beginning by the clock of the list.
    pub local_from: DateTime,
    /// Its end by the clock of the list.
    pub local_to: DateTime,
}

/// New prices by SKU, and by SKU and market for formats with a column for each market.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPrices {
    /// On the list that the file's price column is about.
    pub prices: HashMap<String, NewPrice>,
    /// On lists named like a market: market in lower case, then by SKU.
    pub markets: HashMap<String, HashMap<String, NewPrice>>,
    /// Sales on the list that the file's price column is about.
    pub sales: HashMap<String, NewSale>,
}

/// Which rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RewriteScope {
    /// Products whose price changes, and the first line.
    Changed,
    /// All.
    Whole,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RewriteReport {
    /// Which program the file is for.
    pub format: Option<FileFormat>,
    /// Prices that changed.
    pub changed: u64,
    /// Sales that were written.
    pub sales: u64,
    /// Markets (empty: the file's own price) and SKUs of new prices that the file has.
    pub found: BTreeSet<(String, String)>,
    /// Why a price of the file was left as it is.
    pub kept: Vec<String>,
}

/// Reads the file that `open` opens, twice, and writes it with new prices.
///
/// Errors: not a file of products, or of a sort that cannot be written into; the reason says what to do.
pub fn rewrite_prices(
    file_name: &str,
    mut open: impl FnMut() -> std::io::Result<Box<dyn Source + Send>>,
    options: &ReadOptions,
    new: &NewPrices,
    scope: RewriteScope,
    out: &mut dyn Write,
) -> Result<RewriteReport, WriteError> {
    // Prices are written into files that are whole.
    let options = &ReadOptions { partial: None, ..options.clone() };
    let (mut rows, mut columns) = OwnRows::open(Some(FileKind::Products), file_name, open()?, options)?;
    // Dates stay as they are, whatever their order.
    prove_columns(&mut rows, &mut columns, options.decimal_separator, Some(DateOrder::DayFirst))?;
    let doubled = doubled_skus(&mut rows, &columns, new)?;
    let layout = rows.layout();
    let header = rows.header();
    let mut report = RewriteReport { format: Some(layout.format), ..RewriteReport::default() };
    report.kept.extend(doubled.iter().map(|sku| {
        format!(
            "{sku}: stands more than once in the file, so that none of its rows was changed. Give each row its own SKU"
        )
    }));
    let edits = PriceEdits::new(&layout, header, &columns, (new, doubled))?;
    drop(rows);
    let (source, name) = unpack(open()?, file_name)?;
    match Verbatim::open(&name, source, options.delimiter)? {
        Some(text) => text::rewrite(text, &edits, scope, &mut report, out)?,
        None => {
            let (source, _) = unpack(open()?, file_name)?;
            items::rewrite(source, &edits, scope, &mut report, out)?;
        }
    }
    Ok(report)
}

/// Article numbers with a new price that several rows of the file have: a price for one of them may not be for the other.
fn doubled_skus(
    rows: &mut OwnRows,
    columns: &ColumnMap,
    new: &NewPrices,
) -> Result<BTreeSet<String>, pricing_domain::Problem> {
    let is_new = |sku: &str| {
        new.prices.contains_key(sku)
            || new.sales.contains_key(sku)
            || new.markets.values().any(|skus| skus.contains_key(sku))
    };
    let broken = |error: std::io::Error| broken_off(&error);
    let (mut seen, mut doubled) = (BTreeSet::new(), BTreeSet::new());
    let mut row = RawRow::default();
    rows.rewind().map_err(broken)?;
    loop {
        match rows.read(&mut row).map_err(broken)? {
            Next::End => return Ok(doubled),
            Next::Refused(_) => {}
            Next::Row => {
                let text = columns.places[0].map_or("", |place| row.cell(place).trim());
                let sku = restore(text).trim();
                if is_new(sku) && !seen.insert(sku.to_owned()) {
                    doubled.insert(sku.to_owned());
                }
            }
        }
    }
}

fn unwritable(reason: &str) -> WriteError {
    WriteError::Refused(file_problem("", "", reason))
}
