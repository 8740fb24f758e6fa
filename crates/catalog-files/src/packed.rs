//! Files within `.gz` and `.zip`: read as if they were not packed, in bounded memory and from the start as often as
//! needed. What unpacks to far more than a catalogue can be is refused before it is read.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use flate2::Compression;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder};
use flate2::write::GzEncoder;
use pricing_domain::Problem;

use crate::problems::file_problem;
use crate::reader::Source;

type Bytes = Box<dyn Source + Send>;

/// Files that unpack to less are always taken; above, only with an ordinary ratio.
const ALWAYS_TAKEN: u64 = 4 << 30;
/// Text of a catalogue packs to a tenth; a hundredth is no catalogue.
const LARGEST_RATIO: u64 = 100;
/// A workbook is read from its end, so that it has to be in memory.
const LARGEST_WORKBOOK: u64 = 512 << 20;

/// Packs what is written as gzip; `finish` ends it.
pub fn gzip_writer(out: &mut dyn Write) -> GzEncoder<&mut dyn Write> {
    GzEncoder::new(out, Compression::default())
}

/// A file as it is to be read: unpacked where it was packed, with the name of what is in it.
pub(crate) fn unpack(mut source: Bytes, name: &str) -> Result<(Bytes, String), Problem> {
    let failed = |error: io::Error| damaged(name, &error);
    let mut magic = [0u8; 4];
    let read = read_start(&mut source, &mut magic).map_err(failed)?;
    if magic[..read].starts_with(b"\x1f\x8b") {
        let size = source.seek(SeekFrom::End(0)).map_err(failed)?;
        let inner = name.strip_suffix(".gz").unwrap_or(name).to_owned();
        let unpacked = Unpacked::open(Window::new(source, 0, size), Codec::Gzip, ALWAYS_TAKEN)?;
        return finish(unpacked, inner);
    }
    if magic[..read] == *b"PK\x03\x04" {
        return open_archive(source, name);
    }
    Ok((source, name.to_owned()))
}

/// Within a packed file there may be a workbook, which needs to be read from its end.
fn finish(mut unpacked: Unpacked, name: String) -> Result<(Bytes, String), Problem> {
    let failed = |error: io::Error| damaged(&name, &error);
    let mut magic = [0u8; 4];
    let read = read_start(&mut unpacked, &mut magic).map_err(failed)?;
    if magic[..read] != *b"PK\x03\x04" {
        return Ok((Box::new(unpacked), name));
    }
    if unpacked.size > LARGEST_WORKBOOK {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    unpacked.read_to_end(&mut bytes).map_err(failed)?;
    Ok((Box::new(io::Cursor::new(bytes)), name))
}

fn open_archive(mut source: Bytes, name: &str) -> Result<(Bytes, String), Problem> {
    let Some(member) = find_member(&mut source, name)? else { return Ok((source, name.to_owned())) };
    let unpacked = Unpacked::open(Window::new(source, member.start, member.packed), member.codec, ALWAYS_TAKEN)?;
    finish(unpacked, member.name)
}

struct Member {
    name: String,
    start: u64,
    packed: u64,
    codec: Codec,
}

/// The one table in an archive; `None`: the archive is a workbook itself.
fn find_member(source: &mut Bytes, name: &str) -> Result<Option<Member>, Problem> {
    source.rewind().map_err(|error| damaged(name, &error))?;
    let Ok(mut archive) = zip::ZipArchive::new(&mut *source) else { return Ok(None) };
    if archive.file_names().any(|part| part.is_ok_and(|part| part == "[Content_Types].xml")) {
        return Ok(None);
    }
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|error| damaged(name, &error))?;
        let part_name = part.name().map(|name| name.to_string()).unwrap_or_default();
        let hidden =
            part_name.starts_with("__MACOSX") || part_name.rsplit('/').next().is_none_or(|base| base.starts_with('.'));
        if part.is_dir() || hidden {
            continue;
        }
        let codec = match part.compression() {
            zip::CompressionMethod::Deflated => Codec::Deflate,
            zip::CompressionMethod::Stored => Codec::Stored,
            _ => return Err(file_problem("", &part_name, "The archive is packed in an unusual way. Unpack it first.")),
        };
        if part.encrypted() {
            return Err(file_problem("", &part_name, "The archive has a password. Unpack it first."));
        }
        let start = part.data_start().ok_or_else(|| damaged(name, &"a part has no beginning"))?;
        members.push(Member { name: part_name, start, packed: part.compressed_size(), codec });
    }
    match members.len() {
        1 => Ok(members.pop()),
        0 => Err(file_problem("", name, "The archive is empty. Pack the file again.")),
        _ => {
            let names: Vec<&str> = members.iter().take(5).map(|member| member.name.as_str()).collect();
            let reason = "The archive holds more than one file. Unpack it and import them one by one.";
            Err(file_problem("", &names.join(", "), reason))
        }
    }
}

fn damaged(name: &str, error: &dyn std::fmt::Display) -> Problem {
    file_problem("", name, format!("The packed file cannot be read ({error}). Export or download it again."))
}

fn too_large() -> Problem {
    let reason = "The packed file unpacks to far more than a catalogue has. If it is right, unpack it first.";
    file_problem("", "", reason)
}

fn read_start(source: &mut (impl Read + Seek + ?Sized), buffer: &mut [u8]) -> io::Result<usize> {
    source.rewind()?;
    let mut length = 0;
    while length < buffer.len() {
        match source.read(&mut buffer[length..])? {
            0 => break,
            read => length += read,
        }
    }
    source.rewind()?;
    Ok(length)
}

#[derive(Clone, Copy, Debug)]
enum Codec {
    Gzip,
    Deflate,
    Stored,
}

/// A stretch of a source.
struct Window {
    source: Bytes,
    start: u64,
    length: u64,
    at: u64,
}

impl Window {
    fn new(source: Bytes, start: u64, length: u64) -> Self {
        Self { source, start, length, at: 0 }
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.at = 0;
        self.source.seek(SeekFrom::Start(self.start)).map(|_| ())
    }
}

impl Read for Window {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length - self.at).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.source.read(&mut buffer[..left])?;
        self.at += read as u64;
        Ok(read)
    }
}

enum Stage {
    Gzip(MultiGzDecoder<BufReader<Window>>),
    Deflate(DeflateDecoder<BufReader<Window>>),
    Stored(BufReader<Window>),
}

/// A packed file read as if it were not. Going back unpacks from the start again.
struct Unpacked {
    /// `None` only while it is rebuilt.
    stage: Option<Stage>,
    codec: Codec,
    size: u64,
    /// Where the stage stands.
    at: u64,
    /// Where the next reading is to begin.
    wanted: u64,
}

impl Unpacked {
    /// Unpacks once without keeping anything, so that a size that is only claimed is not believed.
    fn open(window: Window, codec: Codec, always_taken: u64) -> Result<Self, Problem> {
        let limit = always_taken.max(window.length.saturating_mul(LARGEST_RATIO));
        let mut unpacked = Self { stage: None, codec, size: 0, at: 0, wanted: 0 };
        unpacked.begin(window).map_err(|error| damaged("", &error))?;
        let mut chunk = vec![0; 256 * 1024];
        loop {
            match unpacked.read_stage(&mut chunk) {
                Ok(0) => break,
                Ok(read) => unpacked.size += read as u64,
                Err(error) => return Err(damaged("", &error)),
            }
            if unpacked.size > limit {
                return Err(too_large());
            }
        }
        unpacked.wanted = 0;
        Ok(unpacked)
    }

    fn begin(&mut self, mut window: Window) -> io::Result<()> {
        window.rewind()?;
        let window = BufReader::with_capacity(64 * 1024, window);
        self.at = 0;
        self.stage = Some(match self.codec {
            Codec::Gzip => Stage::Gzip(MultiGzDecoder::new(window)),
            Codec::Deflate => Stage::Deflate(DeflateDecoder::new(window)),
            Codec::Stored => Stage::Stored(window),
        });
        Ok(())
    }

    fn restart(&mut self) -> io::Result<()> {
        let window = match self.stage.take() {
            Some(Stage::Gzip(decoder)) => decoder.into_inner(),
            Some(Stage::Deflate(decoder)) => decoder.into_inner(),
            Some(Stage::Stored(window)) => window,
            None => return Err(io::Error::other("the file was lost while reading")),
        };
        self.begin(window.into_inner())
    }

    fn read_stage(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.stage {
            Some(Stage::Gzip(decoder)) => decoder.read(buffer),
            Some(Stage::Deflate(decoder)) => decoder.read(buffer),
            Some(Stage::Stored(window)) => window.read(buffer),
            None => Err(io::Error::other("the file was lost while reading")),
        }?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.wanted < self.at {
            self.restart()?;
        }
        let mut skipped = [0; 4096];
        while self.at < self.wanted {
            let step = usize::try_from(self.wanted - self.at).unwrap_or(usize::MAX).min(skipped.len());
            if self.read_stage(&mut skipped[..step])? == 0 {
                return Ok(0);
            }
        }
        let read = self.read_stage(buffer)?;
        self.wanted = self.at;
        Ok(read)
    }
}

impl Seek for Unpacked {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let wanted = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(offset) => self.size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.wanted.checked_add_signed(offset),
        };
        self.wanted = wanted.ok_or_else(|| io::Error::other("a place before the beginning"))?.min(self.size);
        Ok(self.wanted)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read, Seek, SeekFrom, Write};

    use super::{Codec, Unpacked, Window, unpack};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in files {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("memory");
            writer.write_all(text.as_bytes()).expect("memory");
        }
        writer.finish().expect("memory").into_inner()
    }

    fn content(bytes: Vec<u8>, name: &str) -> Result<(String, String), String> {
        let (mut source, name) = unpack(Box::new(Cursor::new(bytes)), name).map_err(|problem| problem.reason)?;
        let mut text = String::new();
        source.read_to_string(&mut text).expect("text");
        Ok((name, text))
    }

    #[test]
    fn packed_files_read_like_others_from_any_place() {
        let text = "sku,price\n".repeat(30_000);
        let (mut source, name) = unpack(Box::new(Cursor::new(gzip(text.as_bytes()))), "a.csv.gz").expect("a good file");
        assert_eq!((name.as_str(), source.seek(SeekFrom::End(0)).expect("a place")), ("a.csv", text.len() as u64));
        for from in [250_000, 3, 0, 299_999] {
            source.seek(SeekFrom::Start(from)).expect("a place");
            let mut rest = String::new();
            source.read_to_string(&mut rest).expect("text");
            assert_eq!(rest, text[from as usize..]);
        }
        let zipped = archive(&[("prices/a.csv", "x;y\n"), ("__MACOSX/._a.csv", "")]);
        assert_eq!(content(zipped, "a.zip"), Ok(("prices/a.csv".to_owned(), "x;y\n".to_owned())));
    }

    #[test]
    fn an_archive_with_several_files_or_with_damage_is_refused() {
        let two = content(archive(&[("a.csv", "x"), ("b.csv", "y")]), "a.zip").expect_err("two files");
        assert!(two.contains("more than one"), "{two}");
        let mut broken = gzip(b"sku,price\n1,2\n");
        broken.truncate(20);
        assert!(content(broken, "a.csv.gz").expect_err("cut off").contains("again"));
    }

    #[test]
    fn a_file_that_unpacks_to_far_too_much_is_refused() {
        let bomb = gzip(&vec![0; 4 << 20]);
        let window = Window::new(Box::new(Cursor::new(bomb.clone())), 0, bomb.len() as u64);
        let problem = Unpacked::open(window, Codec::Gzip, 1 << 20).err().expect("too large");
        assert!(problem.reason.contains("far more"), "{}", problem.reason);
    }
}
