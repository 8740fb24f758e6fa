//! Files with pages: plain or gzip, never more of them in memory than a page may be long.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use price_extraction::LONGEST_PAGE;

/// How gzip data begins.
const GZIP_MARK: [u8; 2] = [0x1f, 0x8b];

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be read: {source}", path.display())]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What the system or the decompressor says.
    #[source]
    pub source: io::Error,
}

/// The bytes of a page's file, decompressed where it is gzip. Stops one byte after the longest page that is read, so
/// that a decompression bomb costs no more than a long page.
pub fn read_page_file(path: &Path) -> Result<Vec<u8>, FileError> {
    read(path).map_err(|source| FileError { path: path.to_owned(), source })
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let most = LONGEST_PAGE as u64 + 1;
    let mut file = BufReader::new(File::open(path)?);
    let mut start = Vec::with_capacity(GZIP_MARK.len());
    file.by_ref().take(GZIP_MARK.len() as u64).read_to_end(&mut start)?;
    let is_gzip = start == GZIP_MARK;
    let whole = io::Cursor::new(start).chain(file);
    let mut body = Vec::new();
    if is_gzip {
        MultiGzDecoder::new(BufReader::new(whole)).take(most).read_to_end(&mut body)?;
    } else {
        whole.take(most).read_to_end(&mut body)?;
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use price_extraction::LONGEST_PAGE;

    use super::read_page_file;

    fn gzip(body: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(body).expect("into memory");
        encoder.finish().expect("into memory")
    }

    #[test]
    fn plain_and_gzip_files_give_the_same_page() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (plain, packed, empty) =
            (folder.path().join("a.html"), folder.path().join("a.html.gz"), folder.path().join("empty"));
        std::fs::write(&plain, "<h1>Lamp</h1>").expect("written");
        std::fs::write(&packed, gzip(b"<h1>Lamp</h1>")).expect("written");
        std::fs::write(&empty, "").expect("written");
        assert_eq!(read_page_file(&plain).expect("read"), read_page_file(&packed).expect("read"));
        assert!(read_page_file(&empty).expect("read").is_empty());
        assert!(read_page_file(&folder.path().join("none")).is_err());
    }

    #[test]
    fn a_decompression_bomb_is_read_no_further_than_a_page() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let bomb = folder.path().join("bomb.gz");
        let megabytes = gzip(&vec![b' '; 16 * 1024 * 1024]);
        assert!(megabytes.len() < 100_000, "it is small on disk");
        std::fs::write(&bomb, megabytes).expect("written");
        assert_eq!(read_page_file(&bomb).expect("read").len(), LONGEST_PAGE + 1);
    }
}
