//! Reads JSON as pages really write it: strict JSON, script literals, and documents with slips (trailing commas, raw
//! line breaks, unescaped quotes, comments, missing brackets). Numbers stay text, so no amount becomes a float.

mod access;

use std::borrow::Cow;

/// Deepest nesting that is kept; what lies deeper is skipped.
const DEEPEST: usize = 80;

/// A value, borrowing from the page where it can.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Number(Cow<'a, str>),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// Documents read from one script.
#[derive(Debug)]
pub(crate) struct Documents<'a> {
    pub values: Vec<Json<'a>>,
    /// Something had to be mended.
    pub mended: bool,
}

/// Reads one or more values standing one after the other.
pub(crate) fn parse_all(source: &str) -> Documents<'_> {
    let mut reader = Reader { source, at: 0, mended: false };
    let mut values = Vec::new();
    loop {
        reader.skip_to_value();
        if reader.at >= source.len() || values.len() > 64 {
            break;
        }
        values.push(reader.value(0));
    }
    Documents { values, mended: reader.mended }
}

/// Reads the value at the start of a text, and how long it is.
pub(crate) fn parse_prefix(source: &str) -> (Json<'_>, usize) {
    let mut reader = Reader { source, at: 0, mended: false };
    let value = reader.value(0);
    (value, reader.at)
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    mended: bool,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        let bytes = self.source.as_bytes();
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                b'/' if bytes.get(self.at + 1) == Some(&b'*') => self.skip_past("*/"),
                b'/' if bytes.get(self.at + 1) == Some(&b'/') => self.skip_past("\n"),
                0xC2 if bytes.get(self.at + 1) == Some(&0xA0) => self.at += 2,
                0xEF if self.source[self.at..].starts_with('\u{feff}') => self.at += 3,
                _ => return,
            }
        }
    }

    fn skip_past(&mut self, needle: &str) {
        self.mended = true;
        self.at = self.source[self.at..].find(needle).map_or(self.source.len(), |found| self.at + found + needle.len());
    }

    /// Moves to the next bracket, over comments, semicolons and assignments.
    fn skip_to_value(&mut self) {
        let rest = &self.source.as_bytes()[self.at..];
        self.at =
            rest.iter().position(|byte| matches!(byte, b'{' | b'[')).map_or(self.source.len(), |found| self.at + found);
    }

    fn value(&mut self, depth: usize) -> Json<'a> {
        self.skip_blanks();
        match self.peek() {
            Some(b'{' | b'[') if depth >= DEEPEST => self.skip_container(),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(quote @ (b'"' | b'\'' | b'`')) => Json::Text(self.text(quote, false)),
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => self.number(),
            Some(_) => self.word(),
            None => Json::Null,
        }
    }

    /// Passes over a bracket and all inside it without keeping anything.
    fn skip_container(&mut self) -> Json<'a> {
        let mut open = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'{' | b'[' => open += 1,
                b'}' | b']' => open -= 1,
                b'"' => {
                    self.text(b'"', false);
                    continue;
                }
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                break;
            }
        }
        Json::Null
    }

    fn object(&mut self, depth: usize) -> Json<'a> {
        self.at += 1;
        let mut members = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b',' | b';') => {
                    self.mended |= members.is_empty();
                    self.at += 1;
                }
                Some(b']') | None => {
                    self.mended = true;
                    break;
                }
                Some(_) => {
                    let Some(key) = self.key() else { continue };
                    let start = self.at;
                    let value = match self.value(depth + 1) {
                        Json::Number(_) => self.grouped_number(start),
                        other => other,
                    };
                    members.push((key, value));
                }
            }
        }
        Json::Object(members)
    }

    /// A key and the colon after it. `None` when something else stood there and was passed over.
    fn key(&mut self) -> Option<Cow<'a, str>> {
        let key = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => self.text(quote, true),
            _ => {
                self.mended = true;
                let rest = &self.source[self.at..];
                let end =
                    rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '-'))).unwrap_or(rest.len());
                self.at += end;
                if end == 0 {
                    self.at += rest.chars().next().map_or(0, char::len_utf8);
                    return None;
                }
                Cow::Borrowed(&rest[..end])
            }
        };
        self.skip_blanks();
        if self.peek() == Some(b':') {
            self.at += 1;
            return Some(key);
        }
        self.mended = true;
        None
    }

    fn list(&mut self, depth: usize) -> Json<'a> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b',' | b';') => self.at += 1,
                Some(b'}') | None => {
                    self.mended = true;
                    break;
                }
                Some(_) => items.push(self.value(depth + 1)),
            }
        }
        Json::List(items)
    }

    fn number(&mut self) -> Json<'a> {
        let rest = &self.source.as_bytes()[self.at..];
        let length =
            rest.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')).count();
        let text = &self.source[self.at..self.at + length];
        self.at += length;
        Json::Number(Cow::Borrowed(text))
    }

    /// The number of a member that was read from `start`. A comma and a digit right behind it can be nothing else than more
    /// of it, as in `"price": 1,299.00`: all of it is text then, as no slip may become an amount.
    fn grouped_number(&mut self, start: usize) -> Json<'a> {
        let bytes = self.source.as_bytes();
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let number_end = self.at;
        let mut end = self.at;
        while bytes.get(end).is_some_and(|byte| matches!(byte, b',' | b'.')) && is_digit(end + 1) {
            end += 1;
            while is_digit(end) {
                end += 1;
            }
        }
        let rest = self.source[end..].trim_start();
        let text = |to: usize| self.source[start..to].trim();
        // `{1: 2,3: 4}`
        if end == number_end || rest.starts_with(':') {
            return Json::Number(Cow::Borrowed(text(number_end)));
        }
        let whole = text(end);
        (self.at, self.mended) = (end, true);
        Json::Text(Cow::Borrowed(whole))
    }

    /// `true`, `null`, or an expression of a script, which counts as null.
    fn word(&mut self) -> Json<'a> {
        let rest = &self.source[self.at..];
        for (word, value) in [("true", Json::Bool(true)), ("false", Json::Bool(false)), ("null", Json::Null)] {
            if rest.starts_with(word) {
                self.at += word.len();
                return value;
            }
        }
        self.mended = true;
        let start = self.at;
        let mut open = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'(' | b'{' | b'[' => open += 1,
                b')' | b'}' | b']' if open > 0 => open -= 1,
                b',' | b'}' | b']' | b';' if open == 0 => break,
                b'"' | b'\'' => {
                    self.text(byte, false);
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        if self.at == start && !matches!(self.peek(), Some(b'}' | b']')) {
            self.at += 1;
        }
        Json::Null
    }

    /// A quoted text; the reader stands at its opening quote.
    fn text(&mut self, quote: u8, key: bool) -> Cow<'a, str> {
        self.at += 1;
        let start = self.at;
        let bytes = self.source.as_bytes();
        let mut owned: Option<String> = None;
        let mut copied = start;
        loop {
            let Some(found) = memchr::memchr2(quote, b'\\', &bytes[self.at.min(bytes.len())..]) else {
                self.mended = true;
                self.at = bytes.len();
                break;
            };
            self.at += found;
            if bytes[self.at] == b'\\' {
                let out = owned.get_or_insert_default();
                out.push_str(&self.source[copied..self.at]);
                self.escape(out);
                copied = self.at;
            } else if self.ends_here(key) {
                break;
            } else {
                self.mended = true;
                self.at += 1;
            }
        }
        let tail = &self.source[copied..self.at];
        self.at = (self.at + 1).min(bytes.len());
        match owned {
            None => Cow::Borrowed(tail),
            Some(mut text) => {
                text.push_str(tail);
                Cow::Owned(text)
            }
        }
    }

    /// Whether the quote here ends the text: what follows is a separator, a bracket or the end.
    fn ends_here(&self, key: bool) -> bool {
        let rest = self.source.as_bytes()[self.at + 1..].iter();
        let next = rest.copied().find(|byte| !byte.is_ascii_whitespace());
        match next {
            None | Some(b',' | b'}' | b']' | b';' | b')' | b'+' | b'/') => true,
            Some(b':') => key,
            Some(_) => false,
        }
    }

    /// Reads the escape at the reader's place into `out`.
    fn escape(&mut self, out: &mut String) {
        let escaped = self.source[self.at + 1..].chars().next();
        self.at += 1 + escaped.map_or(0, char::len_utf8);
        match escaped {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r' | 'b' | 'f') => out.push(' '),
            Some('u') => self.unicode(out),
            Some('x') => self.hex(out, 2),
            Some(c) => out.push(c),
            None => {}
        }
    }

    fn unicode(&mut self, out: &mut String) {
        let first = self.code(4);
        let low = match first {
            Some(0xD800..=0xDBFF) if self.source[self.at..].starts_with("\\u") => {
                self.at += 2;
                self.code(4)
            }
            _ => None,
        };
        let c = match (first, low) {
            (Some(high), Some(low @ 0xDC00..=0xDFFF)) => {
                char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
            }
            (Some(code), _) => char::from_u32(code),
            _ => None,
        };
        out.push(c.unwrap_or('\u{fffd}'));
    }

    fn hex(&mut self, out: &mut String, digits: usize) {
        let c = self.code(digits).and_then(char::from_u32);
        out.push(c.unwrap_or('\u{fffd}'));
    }

    fn code(&mut self, digits: usize) -> Option<u32> {
        let code = u32::from_str_radix(self.source.get(self.at..self.at + digits)?, 16).ok()?;
        self.at += digits;
        Some(code)
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, parse_all};

    fn price(source: &str) -> Option<String> {
        let documents = parse_all(source);
        let found = documents.values.iter().find_map(|value| value.get("offers"))?.get("price")?.as_text()?.to_owned();
        Some(found)
    }

    #[test]
    fn strict_documents_are_read_without_mending() {
        let documents = parse_all(r#"{"name":"a\u00e9\ud83d\ude00 \"q\"","n":[1,-2.50,true,null]}"#);
        assert!(!documents.mended);
        assert_eq!(documents.values[0].get("NAME").and_then(Json::as_text), Some("aé😀 \"q\""));
        assert_eq!(documents.values[0].get("n").map(|list| list.items()[1].as_text()), Some(Some("-2.50")));
    }

    #[test]
    fn slips_are_mended() {
        for source in [
            r#"{"offers": {"price": 5.10,},}"#,
            "{\"name\": \"two\nlines\", \"offers\": {\"price\": \"5.10\"}}",
            r#"{"name": "17" screen", "offers": {"price": 5.10}}"#,
            r#"/* c */ var x = {offers: {'price': '5.10', f: function(a) { return a; }}};"#,
            r#"{"offers": {"price": 5.10"#,
            r#"{"a": 1} {"offers": {"price": 5.10}}"#,
            r#"{"a": [1;;), 2], "b": ;, "offers": {"price": 5.10}}"#,
        ] {
            assert_eq!(price(source).as_deref(), Some("5.10"), "{source}");
        }
    }

    #[test]
    fn a_grouped_number_without_quotes_stays_whole() {
        for (source, expected) in [
            (r#"{"offers": {"price": 1,299.00, "a": 1}}"#, "1,299.00"),
            (r#"{"offers": {"price":1.299,00,"a":1}}"#, "1.299,00"),
            (r#"{"offers": {"price": 19,99}}"#, "19,99"),
            (r#"{"offers": {"price": 19, "a": 1}}"#, "19"),
            (r#"{"offers": {"price": 19,20: 3}}"#, "19"),
        ] {
            assert_eq!(price(source).as_deref(), Some(expected), "{source}");
        }
    }

    #[test]
    fn nesting_without_end_is_skipped() {
        let source = format!("{{\"a\": {}", "[".repeat(200_000));
        assert_eq!(parse_all(&source).values.len(), 1);
        let closed = format!("{{\"a\": {}{}, \"offers\": {{\"price\": 5}}}}", "[".repeat(5_000), "]".repeat(5_000));
        assert_eq!(price(&closed).as_deref(), Some("5"));
    }
}
