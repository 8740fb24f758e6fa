//! Writes new prices into a shop's own file: only the cells that hold prices change, every other byte stays as it
//! came. Either the whole file is written, or only the products whose price changes.

mod items;
mod price_edits;
mod text;

use std::collections::{BTreeSet, HashMap};
use std::io::Write;

use pricing_domain::{BasisPoints, Currency, FileFormat, FileKind};

use crate::own_rows::OwnRows;
use crate::packed::unpack;
use crate::problems::file_problem;
use crate::reader::{ReadOptions, Source, prove_decimals};
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

/// New prices by SKU, and by SKU and market for formats with a column for each market.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPrices {
    /// On the list that the file's price column is about.
    pub prices: HashMap<String, NewPrice>,
    /// On lists named like a market: market in lower case, then by SKU.
    pub markets: HashMap<String, HashMap<String, NewPrice>>,
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
    let (mut rows, mut columns) = OwnRows::open(Some(FileKind::Products), file_name, open()?, options)?;
    columns.rules = match options.decimal_separator {
        Some(separator) => vec![crate::decimals::NumberRule::declared(separator); columns.specs.len()],
        None => prove_decimals(&mut rows, &columns)?,
    };
    let layout = rows.layout();
    let header = rows.header();
    let edits = PriceEdits::new(&layout, header, &columns, new)?;
    drop(rows);
    let (source, name) = unpack(open()?, file_name)?;
    let mut report = RewriteReport { format: Some(layout.format), ..RewriteReport::default() };
    match Verbatim::open(&name, source, options.delimiter)? {
        Some(text) => text::rewrite(text, &edits, scope, &mut report, out)?,
        None => {
            let (source, _) = unpack(open()?, file_name)?;
            items::rewrite(source, &edits, scope, &mut report, out)?;
        }
    }
    Ok(report)
}

fn unwritable(reason: &str) -> WriteError {
    WriteError::Refused(file_problem("", "", reason))
}
