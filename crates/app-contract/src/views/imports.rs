//! Files on their way in: what a person states about them, and what an unknown file looks like.

use pricing_domain::{BasisPoints, Currency, DateOrder, FileFormat, FileKind, Instant};
use serde::{Deserialize, Serialize};

/// What a person states about a file. Nothing has to be: what is not stated is found in the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportOptions {
    /// What the rows are; `None`: told by the first line.
    pub kind: Option<FileKind>,
    /// Which program wrote it; `None`: told by the first line.
    pub format: Option<FileFormat>,
    /// `.` or `,` where the file leaves both readings open.
    pub decimal_separator: Option<char>,
    /// Which part of a date stands first, where the file leaves both readings open.
    pub date_order: Option<DateOrder>,
    /// Which sheet of a workbook; `None`: the first with known columns.
    pub sheet: Option<String>,
    /// Of every amount, where the file does not say; `None`: that of the default price list.
    pub currency: Option<Currency>,
    /// Whether prices contain VAT, where the file does not say.
    pub prices_include_vat: Option<bool>,
    /// Of every product, where the file does not say; where it names tax classes, of the ordinary one.
    pub vat_rate: Option<BasisPoints>,
    /// Of the products of a tax class, by what the file calls it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vat_classes: Vec<(String, BasisPoints)>,
    /// When prices were seen, where the file does not say.
    pub observed_at: Option<Instant>,
    /// Our column, their column, or `=value` for the whole file.
    pub mapping: Vec<(String, String)>,
    /// Keeps the mapping under this name, to be recognised by the file's first line next time.
    pub save_mapping_as: Option<String>,
    /// Products that the file does not name are ended. Only where no row is refused.
    pub end_missing: bool,
    /// The file does not stay where it is, so that prices cannot be written into it later: its place is not kept.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_passing: bool,
}

impl ImportOptions {
    /// Rows of a known kind; everything else as the file says.
    pub fn of_kind(kind: FileKind) -> Self {
        Self { kind: Some(kind), ..Self::default() }
    }
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Nothing.
    Empty,
    /// Whole numbers.
    Whole,
    /// Numbers with decimals, or amounts.
    Decimal,
    /// Article codes.
    Gtin,
    /// Days or moments.
    Date,
    /// Yes or no.
    YesOrNo,
    /// Addresses.
    Address,
    /// Words.
    Text,
}

/// One column of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileColumnView {
    /// The file's name for it.
    pub name: String,
    /// What it holds.
    pub column_type: ColumnType,
    /// A currency, `%` or a unit that its cells carry.
    pub unit: Option<String>,
    /// The first texts that differ.
    pub samples: Vec<String>,
    /// The column of ours that it seems to be.
    pub suggested: Option<String>,
}

/// A file before it is read: for the mapping screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileShapeView {
    /// The format and kind it is read as without a mapping; `None`: it needs one.
    pub detected: Option<(FileFormat, FileKind)>,
    /// The saved mapping that would be used.
    pub profile: Option<String>,
    /// For example `UTF-8`.
    pub encoding: String,
    /// Between cells.
    pub delimiter: Option<char>,
    /// Its columns in their order.
    pub columns: Vec<FileColumnView>,
    /// Our columns of the kind asked for; those that must be there are marked `true`.
    pub own_columns: Vec<(String, bool)>,
}

/// A saved mapping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportProfileView {
    /// By which files are recognised.
    pub fingerprint: String,
    /// As people call it.
    pub name: String,
    /// What the rows are.
    pub kind: FileKind,
    /// Our column, their column, or `=value`.
    pub mapping: Vec<(String, String)>,
}
