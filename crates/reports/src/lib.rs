//! Reports that one would hand to a director: the same content as PDF, typeset with its charts as vectors, and as XLSX,
//! with real numbers; and single pictures as PNG.
//!
//! What a report says is decided by whoever makes its [`Report`]; here it is only set. No clock, no files: bytes go to a
//! writer.

mod content;
mod letters;
mod logo;
mod pdf;
mod pictures;
mod workbook;

pub use content::{Align, Block, Cell, Column, KeyFigure, Picture, Report, Table, Tone};
pub use letters::needs_typeface;
pub use logo::{LARGEST_LOGO, Logo};
pub use pdf::write_pdf;
pub use pictures::picture_png;
pub use workbook::write_xlsx;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A picture is no SVG.
    #[error("a picture of the report could not be read: {0}")]
    Picture(String),
    /// The PDF library gave up.
    #[error("the PDF could not be set: {0}")]
    Pdf(String),
    /// The XLSX library gave up.
    #[error("the workbook could not be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The file system refused.
    #[error("the report could not be written: {0}")]
    File(#[from] std::io::Error),
}
