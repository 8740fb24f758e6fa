//! Finds the encoding of a text file and turns its bytes into UTF-8 while they are read.

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1252};

const CHUNK: usize = 64 * 1024;

/// How the bytes of a file are to be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TextEncoding {
    encoding: &'static Encoding,
    mark_bytes: u64,
}

impl TextEncoding {
    /// By its byte order mark; else UTF-8 where the bytes allow it; else Windows-1250 where signs of Windows-1252 would
    /// stand within words; else Windows-1252.
    ///
    /// A few broken bytes among good UTF-8 leave it UTF-8 (their rows are refused), so that one bad row does not turn
    /// the letters of all others into signs. Reads the whole source once and leaves it at its start.
    pub(crate) fn detect(source: &mut (impl Read + Seek)) -> io::Result<Self> {
        source.seek(SeekFrom::Start(0))?;
        let mut tally = Utf8Tally::default();
        let mut chunk = vec![0; CHUNK];
        let mut held = 0;
        let mut first = true;
        loop {
            let read = read_up_to(source, &mut chunk[held..])?;
            let end = held + read;
            if first
                && let Some((encoding, mark)) = Encoding::for_bom(&chunk[..end])
                && encoding != UTF_8
            {
                source.seek(SeekFrom::Start(0))?;
                return Ok(Self { encoding, mark_bytes: mark as u64 });
            }
            if first && chunk[..end].starts_with(b"\xef\xbb\xbf") {
                tally.mark_bytes = 3;
            }
            first = false;
            held = tally.count(&chunk[..end], read == 0);
            if read == 0 {
                break;
            }
            chunk.copy_within(end - held..end, 0);
        }
        source.seek(SeekFrom::Start(0))?;
        Ok(tally.encoding())
    }

    /// As shown to people.
    pub(crate) fn name(self) -> &'static str {
        match (self.encoding, self.mark_bytes) {
            (encoding, 0) if encoding == UTF_8 => "UTF-8",
            (encoding, _) if encoding == UTF_8 => "UTF-8 with byte order mark",
            (encoding, _) if encoding == UTF_16LE => "UTF-16 little-endian",
            (encoding, _) if encoding == UTF_16BE => "UTF-16 big-endian",
            (encoding, _) if encoding == WINDOWS_1250 => "Windows-1250",
            _ => "Windows-1252",
        }
    }

    /// The bytes of text in this encoding; the inverse of reading. `None`: a letter that it does not have.
    pub(crate) fn encode(self, text: &[u8]) -> Option<Vec<u8>> {
        if self.encoding == UTF_8 {
            return Some(text.to_vec());
        }
        let text = std::str::from_utf8(text).ok()?;
        if self.encoding == UTF_16LE {
            return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        }
        if self.encoding == UTF_16BE {
            return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        }
        let (bytes, _, unknown) = self.encoding.encode(text);
        (!unknown).then(|| bytes.into_owned())
    }

    /// The byte order mark that the file begins with.
    pub(crate) fn mark(self) -> &'static [u8] {
        match self.encoding {
            _ if self.mark_bytes == 0 => b"",
            encoding if encoding == UTF_16LE => b"\xff\xfe",
            encoding if encoding == UTF_16BE => b"\xfe\xff",
            _ => b"\xef\xbb\xbf",
        }
    }

    /// Reads `source` from its start as UTF-8 bytes.
    pub(crate) fn decode<R: Read + Seek>(self, mut source: R) -> io::Result<DecodedText<R>> {
        source.seek(SeekFrom::Start(self.mark_bytes))?;
        let decoder = (self.encoding != UTF_8).then(|| self.encoding.new_decoder_without_bom_handling());
        Ok(DecodedText {
            source,
            decoder,
            raw: Vec::new(),
            ready: Vec::new(),
            ready_start: 0,
            bytes_read: self.mark_bytes,
            ended: false,
        })
    }
}

/// Ł, Ą, ł, ą, Ľ, ľ, ż, ť, ě and ů of Windows-1250: £, ¥, ³, ¹, ¼, ¾, ¿, nothing, ì and ù of Windows-1252.
const CENTRAL: &[u8] = &[0xa3, 0xa5, 0xb3, 0xb9, 0xbc, 0xbe, 0xbf, 0x9d, 0xec, 0xf9];
/// One of them may be a slip.
const ENOUGH_CENTRAL: u64 = 2;

/// Counts what speaks for and against UTF-8.
#[derive(Default)]
struct Utf8Tally {
    letters: u64,
    broken: u64,
    /// Bytes within words that are letters of Central Europe, and signs or letters that end words in the West.
    central: u64,
    mark_bytes: u64,
}

impl Utf8Tally {
    /// Counts a piece and returns how many bytes at its end belong to a letter not yet complete.
    fn count(&mut self, mut piece: &[u8], last: bool) -> usize {
        while !piece.is_ascii() {
            match std::str::from_utf8(piece) {
                Ok(text) => {
                    self.count_letters(text);
                    break;
                }
                Err(error) => {
                    let (good, rest) = piece.split_at(error.valid_up_to());
                    self.count_letters(std::str::from_utf8(good).expect("valid up to here"));
                    match error.error_len() {
                        None if !last => return rest.len(),
                        None => {
                            self.broken += 1;
                            break;
                        }
                        Some(length) => {
                            self.broken += 1;
                            let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
                            let is_within = is_letter(good.last()) && is_letter(rest.get(1));
                            self.central += u64::from(is_within && CENTRAL.contains(&rest[0]));
                            piece = &rest[length..];
                        }
                    }
                }
            }
        }
        0
    }

    fn count_letters(&mut self, text: &str) {
        if !text.is_ascii() {
            self.letters += text.chars().filter(|letter| !letter.is_ascii()).count() as u64;
        }
    }

    fn encoding(&self) -> TextEncoding {
        let utf_8 = self.broken == 0 || self.mark_bytes > 0 || self.letters > self.broken;
        let encoding = match utf_8 {
            true => UTF_8,
            false if self.central >= ENOUGH_CENTRAL => WINDOWS_1250,
            false => WINDOWS_1252,
        };
        TextEncoding { encoding, mark_bytes: self.mark_bytes }
    }
}

fn read_up_to(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// A source of UTF-8 bytes over a source of any encoding.
pub(crate) struct DecodedText<R> {
    source: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    ready: Vec<u8>,
    ready_start: usize,
    bytes_read: u64,
    ended: bool,
}

impl<R> DecodedText<R> {
    /// How many bytes of the file have been read.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// The source itself, to be read anew.
    pub(crate) fn into_source(self) -> R {
        self.source
    }
}

impl<R: Read> DecodedText<R> {
    fn decode_chunk(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        self.raw.resize(CHUNK, 0);
        let read = read_up_to(&mut self.source, &mut self.raw)?;
        self.bytes_read += read as u64;
        self.ended = read == 0;
        let longest = decoder.max_utf8_buffer_length(read).unwrap_or(CHUNK * 4);
        self.ready.resize(longest, 0);
        let (_, _, written, _) = decoder.decode_to_utf8(&self.raw[..read], &mut self.ready, self.ended);
        self.ready.truncate(written);
        self.ready_start = 0;
        Ok(())
    }
}

impl<R: Read> Read for DecodedText<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() {
            let read = read_up_to(&mut self.source, buffer)?;
            self.bytes_read += read as u64;
            return Ok(read);
        }
        while self.ready_start == self.ready.len() && !self.ended {
            self.decode_chunk()?;
        }
        let ready = &self.ready[self.ready_start..];
        let taken = ready.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&ready[..taken]);
        self.ready_start += taken;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::TextEncoding;

    fn read(bytes: &[u8]) -> (&'static str, String) {
        let mut source = Cursor::new(bytes.to_vec());
        let encoding = TextEncoding::detect(&mut source).expect("memory");
        let mut text = String::new();
        encoding.decode(source).expect("memory").read_to_string(&mut text).expect("UTF-8");
        (encoding.name(), text)
    }

    #[test]
    fn encodings_are_found_and_decoded() {
        let utf_16 = |text: &str, to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(to_bytes).collect()
        };
        let long = "Käse für 5 €\n".repeat(20_000);
        assert_eq!(read("Käse".as_bytes()), ("UTF-8", "Käse".into()));
        assert_eq!(read("\u{feff}Käse".as_bytes()), ("UTF-8 with byte order mark", "Käse".into()));
        assert_eq!(read(b"K\xe4se \x80"), ("Windows-1252", "Käse €".into()));
        assert_eq!(read(b"Bia\xb3a M\xb9ka"), ("Windows-1250", "Biała Mąka".into()));
        assert_eq!(
            read(b"Pi\xf9 caff\xe8, 5 m\xb3/h, luned\xec"),
            ("Windows-1252", "Più caffè, 5 m³/h, lunedì".into())
        );
        assert_eq!(read(&utf_16(&long, u16::to_le_bytes)), ("UTF-16 little-endian", long.clone()));
        assert_eq!(read(&utf_16(&long, u16::to_be_bytes)), ("UTF-16 big-endian", long.clone()));
        assert_eq!(read(long.as_bytes()), ("UTF-8", long));
    }

    #[test]
    fn one_broken_byte_among_good_letters_leaves_a_file_utf_8() {
        let mut source =
            Cursor::new("Käse Öl Brötchen ".as_bytes().iter().copied().chain([0xe4, b'x']).collect::<Vec<_>>());
        assert_eq!(TextEncoding::detect(&mut source).expect("memory").name(), "UTF-8");
    }
}
