//! Science on files, without a workspace: reads tables and instances, gunzips what is gzipped.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use pricing_science::{ScienceError, Table};

use crate::error::OperationError;

impl From<ScienceError> for OperationError {
    fn from(error: ScienceError) -> Self {
        Self::refused(error.to_string())
    }
}

/// The bytes of a file, unpacked where it is gzipped.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, OperationError> {
    const GZIP: [u8; 2] = [0x1f, 0x8b];
    let unreadable = |error: std::io::Error| OperationError::refused(format!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)).map_err(unreadable)?;
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut text = Vec::new();
    MultiGzDecoder::new(&bytes[..]).read_to_end(&mut text).map_err(unreadable)?;
    Ok(text)
}

/// A CSV file as a table.
pub fn read_table(path: &Path) -> Result<Table, OperationError> {
    Table::from_csv(&read_bytes(path)?).map_err(|error| OperationError::refused(format!("{}: {error}", path.display())))
}
