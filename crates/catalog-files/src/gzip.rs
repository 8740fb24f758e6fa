//! Unpacks gzip files before they are opened.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use pricing_domain::Problem;

use crate::problems::file_problem;

const LARGEST_UNPACKED: u64 = 2 << 30;

/// Unpacks the bytes of a `.gz` file, up to 2 GiB.
///
/// Errors: not gzip, damaged, or larger than that.
pub fn decompress_gzip(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut unpacked = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(LARGEST_UNPACKED + 1).read_to_end(&mut unpacked);
    match read {
        Ok(length) if length as u64 > LARGEST_UNPACKED => {
            Err(file_problem("", "", "The unpacked file is larger than 2 GiB. Unpack it and give the CSV itself."))
        }
        Ok(_) => Ok(unpacked),
        Err(error) => Err(file_problem(
            "",
            "",
            format!("The gzip file cannot be unpacked ({error}). Export or download it again."),
        )),
    }
}
