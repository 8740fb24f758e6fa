//! The bytes of a robots.txt to its statements.

use std::fmt;

/// Browsers cut addresses at 2,083 bytes; a line may hold eight of them, what is beyond is cut.
const LINE_LIMIT_BYTES: usize = 2083 * 8 - 1;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
const DISALLOW_SPELLINGS: [&[u8]; 6] = [b"disallow", b"dissallow", b"dissalow", b"disalow", b"diasllow", b"disallaw"];
const USER_AGENT_SPELLINGS: [&[u8]; 3] = [b"user-agent", b"useragent", b"user agent"];

/// One statement with the number of its line, from 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) number: u32,
    pub(super) statement: Statement,
}

/// What a line says. Patterns are percent-encoded in capitals.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Statement {
    UserAgent(Vec<u8>),
    Allow(Vec<u8>),
    Disallow(Vec<u8>),
    CrawlDelay(f64),
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (key, value) = match &self.statement {
            Statement::UserAgent(name) => ("User-agent", String::from_utf8_lossy(name).into_owned()),
            Statement::Allow(pattern) => ("Allow", String::from_utf8_lossy(pattern).into_owned()),
            Statement::Disallow(pattern) => ("Disallow", String::from_utf8_lossy(pattern).into_owned()),
            Statement::CrawlDelay(seconds) => ("Crawl-delay", seconds.to_string()),
        };
        write!(f, "{key}: {value} (line {})", self.number)
    }
}

/// Reads all statements; a line ends with LF, CR or CRLF.
pub(super) fn read(body: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut rest = without_byte_order_mark(body);
    let mut number = 0;
    loop {
        number += 1;
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let line = &rest[..end.unwrap_or(rest.len())];
        if let Some(statement) = statement(&line[..line.len().min(LINE_LIMIT_BYTES)]) {
            lines.push(Line { number, statement });
        }
        let Some(end) = end else { return lines };
        let ending = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = &rest[end + ending..];
    }
}

/// Leaves a byte order mark out, and as much of it as a broken file begins with.
fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    let common = body.iter().zip(BYTE_ORDER_MARK).take_while(|(a, b)| a == b).count();
    &body[common..]
}

fn statement(line: &[u8]) -> Option<Statement> {
    let until_nul = line.split(|byte| *byte == 0).next()?;
    let without_comment = until_nul.split(|byte| *byte == b'#').next()?;
    let (key, value) = key_and_value(trim(without_comment))?;
    if USER_AGENT_SPELLINGS.iter().any(|spelling| starts_with_ignoring_case(key, spelling)) {
        Some(Statement::UserAgent(value.to_vec()))
    } else if starts_with_ignoring_case(key, b"allow") {
        Some(Statement::Allow(percent_encoded(value)))
    } else if DISALLOW_SPELLINGS.iter().any(|spelling| starts_with_ignoring_case(key, spelling)) {
        Some(Statement::Disallow(percent_encoded(value)))
    } else if key.eq_ignore_ascii_case(b"crawl-delay") {
        let seconds: f64 = std::str::from_utf8(value).ok()?.parse().ok()?;
        (seconds.is_finite() && seconds >= 0.0).then_some(Statement::CrawlDelay(seconds))
    } else {
        None
    }
}

/// Splits at the colon or, where it was forgotten, at the blanks of a line of exactly two words.
fn key_and_value(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let separator = match line.iter().position(|byte| *byte == b':') {
        Some(colon) => colon,
        None => {
            let blank = line.iter().position(|byte| is_blank(*byte))?;
            let value = &line[blank..];
            let value = &value[value.iter().position(|byte| !is_blank(*byte))?..];
            if value.iter().any(|byte| is_blank(*byte)) {
                return None;
            }
            blank
        }
    };
    let key = trim(&line[..separator]);
    (!key.is_empty()).then(|| (key, trim(&line[separator + 1..])))
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Strips white space as C does: with the vertical tab, which `u8::is_ascii_whitespace` leaves out.
fn trim(bytes: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0B;
    let Some(start) = bytes.iter().position(|byte| !is_space(byte)) else { return &[] };
    let end = bytes.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    &bytes[start..end]
}

fn starts_with_ignoring_case(text: &[u8], prefix: &[u8]) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Encodes bytes beyond ASCII and writes the escapes that are there in capitals (`ä` and `%c3%a4` to `%C3%A4`).
fn percent_encoded(value: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(value.len());
    let mut position = 0;
    while let Some(byte) = value.get(position) {
        match (byte, value.get(position + 1), value.get(position + 2)) {
            (b'%', Some(high), Some(low)) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                encoded.extend([b'%', high.to_ascii_uppercase(), low.to_ascii_uppercase()]);
                position += 3;
            }
            (beyond @ 0x80.., ..) => {
                encoded.extend(format!("%{beyond:02X}").bytes());
                position += 1;
            }
            (plain, ..) => {
                encoded.push(*plain);
                position += 1;
            }
        }
    }
    encoded
}

/// Whether a user-agent value means everybody: `*`, also with white space and more behind it.
pub(super) fn names_everybody(value: &[u8]) -> bool {
    match value {
        [b'*'] => true,
        [b'*', next, ..] => next.is_ascii_whitespace() || *next == 0x0B,
        _ => false,
    }
}

/// The part of a user-agent value that counts: letters, hyphens and underscores up to the first other byte.
pub(super) fn product_token(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|byte| !(byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_')));
    &value[..end.unwrap_or(value.len())]
}
