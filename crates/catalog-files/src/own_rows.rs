//! The rows of a file with our columns, whatever columns the file has.

use std::io;

use pricing_domain::{Currency, FileFormat, FileKind, Problem};

use crate::columns::ColumnMap;
use crate::formats::{Beginning, find_layout, is_handed_over};
use crate::kinds::columns;
use crate::layouts::{Header, Layout, Translated, Translator};
use crate::packed::unpack;
use crate::problems::file_problem;
use crate::reader::{MOST_SKUS, ReadOptions, Source, broken_off};
use crate::records::{Next, RawRow};
use crate::row_source::RowSource;
use crate::tax_classes::{rate_cell, stated_rates};

/// The code of the price list that a first import makes.
pub const FIRST_LIST: &str = "DEFAULT";

/// Rows looked at before the format is known.
const BEGINNING_ROWS: usize = 20;

/// Opens a file that may be packed, and looks at its first rows. Reading then begins after the header.
pub(crate) fn open_rows(
    file_name: &str,
    source: Box<dyn Source + Send>,
    delimiter: Option<u8>,
    sheet: Option<&str>,
) -> Result<(RowSource, Beginning), Problem> {
    let (source, name) = unpack(source, file_name)?;
    let mut rows = RowSource::open(&name, source, delimiter, sheet)?;
    let mut row = RawRow::default();
    let header = read_header(&mut rows, &mut row)?;
    let mut first_rows = Vec::new();
    while first_rows.len() < BEGINNING_ROWS {
        match rows.read(&mut row).map_err(|error| broken_off(&error))? {
            Next::Row => first_rows.push(row.cells().map(str::to_owned).collect()),
            Next::Refused(_) => {}
            Next::End => break,
        }
    }
    rows.rewind().map_err(|error| broken_off(&error))?;
    read_header(&mut rows, &mut row)?;
    Ok((rows, Beginning { header, rows: first_rows, is_partial: false }))
}

/// As many columns as the widest spreadsheet; looking names up costs time for each.
const MOST_COLUMNS: usize = 16_384;

fn read_header(rows: &mut RowSource, row: &mut RawRow) -> Result<Header, Problem> {
    match rows.read(row).map_err(|error| broken_off(&error))? {
        Next::Row if row.cells().nth(MOST_COLUMNS).is_some() => {
            let reason = "The first line has more than 16,384 names, more than a spreadsheet has columns. Check how its \
                          cells are divided.";
            Err(file_problem("", "", reason))
        }
        Next::Row => Ok(Header::new(row.cells())),
        Next::Refused(problem) => Err(problem),
        Next::End => Err(file_problem("", "", "The file is empty. Its first line must hold the names of the columns.")),
    }
}

/// The rows of a file by our columns.
pub(crate) struct OwnRows {
    source: RowSource,
    /// `None`: the file is in our columns already.
    translator: Option<Translator>,
    raw: RawRow,
    more: bool,
    left_out: Vec<(&'static str, u64)>,
    left_out_skus: Vec<String>,
    pub(crate) kind: FileKind,
    pub(crate) format: FileFormat,
    pub(crate) usual_decimal: Option<char>,
    header: Header,
    layout: Layout,
}

impl OwnRows {
    pub(crate) fn open(
        kind: Option<FileKind>,
        file_name: &str,
        source: Box<dyn Source + Send>,
        options: &ReadOptions,
    ) -> Result<(Self, ColumnMap), Problem> {
        let (mut rows, mut beginning) = open_rows(file_name, source, options.delimiter, options.sheet.as_deref())?;
        beginning.is_partial = options.partial.is_some();
        let mut layout = find_layout(kind, &beginning, options)?;
        let filled = fill_assumptions(&mut layout, &beginning.header, options)?;
        let states_currency = || layout.stated.iter().any(|(own, _)| *own == layout.own("currency"));
        if layout.currency_beside_amount && !states_currency() && names_no_currency(&layout, &beginning) {
            return Err(layout.lacking(&["currency"]));
        }
        let header = &beginning.header;
        let plain_own =
            layout.format == FileFormat::Own && !filled && layout.by_heading.is_empty() && !is_handed_over(header);
        let map = if plain_own {
            ColumnMap::new(layout.kind, header.names().iter().map(String::as_str), layout.partial)?
        } else {
            layout.column_map(header)?
        };
        rows.expect_width(map.width);
        let own = Self {
            source: rows,
            kind: layout.kind,
            format: layout.format,
            usual_decimal: layout.usual_decimal,
            translator: (!plain_own).then(|| Translator::new(layout.clone())),
            raw: RawRow::default(),
            more: false,
            left_out: Vec::new(),
            left_out_skus: Vec::new(),
            header: beginning.header,
            layout,
        };
        Ok((own, map))
    }

    pub(crate) fn source(&self) -> &RowSource {
        &self.source
    }

    /// Where our columns come from.
    pub(crate) fn layout(&self) -> Layout {
        self.layout.clone()
    }

    /// Columns that were taken by what the trade calls them.
    pub(crate) fn by_heading(&self) -> &[(&'static str, String, Option<bool>)] {
        &self.layout.by_heading
    }

    /// Whether rows may need what stands behind them, so that the file is looked through before it is read.
    pub(crate) fn looks_ahead(&self) -> bool {
        self.layout.parents.is_some()
    }

    /// The file's own names.
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// Rows that were no rows of ours so far, by reason.
    pub(crate) fn left_out(&self) -> &[(&'static str, u64)] {
        &self.left_out
    }

    /// Article numbers of those rows; they are forgotten here.
    pub(crate) fn take_left_out_skus(&mut self) -> Vec<String> {
        std::mem::take(&mut self.left_out_skus)
    }

    /// A refusal in the words of the file's format: a shop's product without an article number is named by what it has.
    pub(crate) fn explain(&self, mut problem: Problem, row: &RawRow) -> Problem {
        let own = |name: &str| columns(self.kind).iter().position(|spec| spec.name == name);
        let lacks_sku = own("sku").is_some_and(|place| row.cell(place).trim().is_empty());
        if let Some(reason) = self.layout.without_sku.filter(|_| lacks_sku && self.translator.is_some()) {
            problem.reason = reason.to_owned();
            problem.found = own("name").map_or_else(String::new, |place| row.cell(place).trim().to_owned());
        }
        let has = |name: &str| own(name).is_some_and(|place| !row.cell(place).trim().is_empty());
        // What was found is empty only where the currency was looked for.
        let lacks_currency = problem.found.is_empty() && has("price") && !has("currency");
        if self.layout.currency_beside_amount && lacks_currency {
            problem.found = own("price").map_or_else(String::new, |place| row.cell(place).trim().to_owned());
            problem.reason =
                "The price does not name its currency. Write it beside the number (15.00 EUR), or state it \
                              for the whole file (--currency EUR)."
                    .to_owned();
        }
        problem
    }

    /// Goes back to the first row after the header.
    pub(crate) fn rewind(&mut self) -> io::Result<()> {
        self.source.rewind()?;
        self.source.read(&mut self.raw)?;
        if let Some(translator) = &mut self.translator {
            translator.restart();
        }
        self.more = false;
        self.left_out.clear();
        self.left_out_skus.clear();
        Ok(())
    }

    /// Reads the next row with our columns.
    pub(crate) fn read(&mut self, row: &mut RawRow) -> io::Result<Next> {
        let Some(translator) = &mut self.translator else { return self.source.read(row) };
        loop {
            if !self.more {
                match self.source.read(&mut self.raw)? {
                    Next::Row => {}
                    other => return Ok(other),
                }
            }
            match translator.translate(&self.raw, row) {
                Translated::Row { more } => {
                    self.more = more;
                    return Ok(Next::Row);
                }
                Translated::LeftOut(reason) => {
                    self.more = false;
                    let sku = translator.sku();
                    if !sku.is_empty() && self.left_out_skus.len() < MOST_SKUS {
                        self.left_out_skus.push(sku.to_owned());
                    }
                    note(&mut self.left_out, reason);
                }
            }
        }
    }
}

fn note(left_out: &mut Vec<(&'static str, u64)>, reason: &'static str) {
    match left_out.iter_mut().find(|(known, _)| *known == reason) {
        Some((_, count)) => *count += 1,
        None if reason.is_empty() => {}
        None => left_out.push((reason, 1)),
    }
}

/// Whether there are prices among the first rows and none of them names its currency.
fn names_no_currency(layout: &Layout, beginning: &Beginning) -> bool {
    let mut translator = Translator::new(layout.clone());
    let (mut raw, mut row) = (RawRow::default(), RawRow::default());
    let mut has_prices = false;
    for cells in &beginning.rows {
        raw.begin(0);
        cells.iter().for_each(|cell| raw.push(cell));
        if let Translated::Row { .. } = translator.translate(&raw, &mut row) {
            if !row.cell(layout.own("currency")).is_empty() {
                return false;
            }
            has_prices |= !row.cell(layout.own("price")).is_empty();
        }
    }
    has_prices
}

/// Fills in what a person states for the whole file, where the file does not say it. Returns whether anything was.
fn fill_assumptions(layout: &mut Layout, header: &Header, options: &ReadOptions) -> Result<bool, Problem> {
    let currency = currency_of_file(layout, options)?;
    let yes_or_no = |answer: bool| if answer { "yes" } else { "no" };
    let stated = [
        ("currency", currency.map(|currency| currency.code().to_owned())),
        ("price_includes_vat", options.prices_include_vat.map(|answer| yes_or_no(answer).to_owned())),
        ("vat_rate", options.vat_rate.map(rate_cell)),
        ("observed_at", options.observed_at.map(|moment| moment.to_string())),
    ];
    let mut filled = false;
    if let Some((places, rates)) = stated_rates(layout, options) {
        *layout = layout.clone().rates(header, places, rates);
        filled = true;
    }
    if layout.unnamed_list {
        let list = options.default_list.clone().unwrap_or_else(|| FIRST_LIST.to_owned());
        layout.stated.push((layout.own("price_list"), list));
    }
    for (own, text) in stated {
        let known = columns(layout.kind).iter().any(|spec| spec.name == own);
        let Some(text) = text.filter(|_| known) else { continue };
        if !layout.fills(own) {
            *layout = layout.clone().constant(own, &text);
            filled = true;
        } else if own == "currency" && layout.currency_beside_amount {
            let place = layout.own(own);
            layout.stated.push((place, text));
        }
    }
    Ok(filled)
}

/// The currency of amounts that name none. Columns of markets have that of their list; a market that has no list yet
/// needs one that is stated, since nobody knows in which currency it pays.
fn currency_of_file(layout: &mut Layout, options: &ReadOptions) -> Result<Option<Currency>, Problem> {
    let usual = options.currency.or(options.usual_currency);
    let Some(spread) = layout.spread.as_mut().filter(|_| layout.kind == FileKind::Prices) else { return Ok(usual) };
    for (name, currency) in spread.names.iter().zip(&mut spread.currencies) {
        let known = options.lists.iter().find(|(list, _)| *list == name.to_lowercase()).map(|(_, currency)| *currency);
        *currency = known.or(options.currency).map(|currency| currency.code().to_owned());
    }
    let unknown = spread.names.iter().zip(&spread.currencies).find(|(_, currency)| currency.is_none());
    match unknown {
        Some((name, _)) => Err(file_problem(
            "currency",
            "",
            format!(
                "The file does not say in which currency prices of {name} are, and there is no price list of that name \
                 yet. State it (--currency CHF). Where markets pay in several, import each by itself: --map \
                 \"sku=Variant SKU,price=Price / {name},price_list=={name},currency==CHF\"."
            ),
        )),
        None => Ok(usual),
    }
}
