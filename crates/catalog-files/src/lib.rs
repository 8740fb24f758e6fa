//! Files of the catalogue: bytes to rows and problems, and rows to bytes. CSV and XLSX with the project's own columns.
//!
//! Reading has layers that know nothing of those above them: bytes → encoding → lines → cells → columns → typed rows.
//! What is wrong with a row is reported with its line, column, text and remedy; the other rows go through. Nothing is
//! guessed from a single cell: the decimal separator is declared, or proven by its whole column. No file system, no
//! clock, no network: the caller opens and names what is read and written.

mod article_codes;
mod attributes;
mod availability;
mod bounded;
mod cells;
mod columns;
mod currency_signs;
mod dates;
mod decimals;
mod encodings;
mod formats;
mod guards;
mod headings;
mod json_objects;
mod json_rows;
mod kinds;
mod layouts;
mod lines;
mod own_rows;
mod packed;
mod parents;
mod price_cells;
mod price_changes;
mod problems;
mod product_files;
mod profiles;
mod quoted;
mod reader;
mod records;
mod refused_rows;
mod rewriting;
mod row_attributes;
mod row_source;
mod rows;
mod shapes;
mod sheets;
mod tables;
mod tax_classes;
mod units;
mod validity;
mod vocabulary;
mod xml_rows;

pub use attributes::attribute_column;
pub use kinds::column_names;
pub use own_rows::FIRST_LIST;
pub use packed::gzip_writer;
pub use price_changes::{
    DatedSale, PRICE_CHANGE_COLUMNS, PriceChange, write_google_feed, write_magento_tier_prices, write_price_changes,
};
pub use problems::Problems;
pub use product_files::write_products;
pub use profiles::{Profile, fingerprint};
pub use reader::{Facts, FileReader, ReadOptions, Source, open, open_detected};
pub use refused_rows::copy_rows;
pub use rewriting::{NewPrice, NewPrices, NewSale, RewriteReport, RewriteScope, rewrite_prices};
pub use rows::Rows;
pub use rows::costs::CostRow;
pub use rows::locks::LockRow;
pub use rows::matches::MatchRow;
pub use rows::observations::ObservationRow;
pub use rows::price_history::PriceHistoryRow;
pub use rows::prices::PriceRow;
pub use rows::products::{FineAmounts, ProductRow, SaleTerms};
pub use rows::promotions::PromotionRow;
pub use rows::rates::RateRow;
pub use rows::sales::SalesRow;
pub use rows::stock::StockRow;
pub use shapes::{ColumnShape, ColumnType, FileShape, inspect};
pub use tables::{TableCell, WriteError, write_table};
pub use validity::ValidityTime;
