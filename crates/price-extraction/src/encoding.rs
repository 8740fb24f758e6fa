//! From bytes to text: byte-order mark, then the header's charset, then what the page declares, then what fits.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memmem;

/// How many bytes of a page are searched for its declaration.
const DECLARED_WITHIN: usize = 4096;

/// Decodes a page. Malformed sequences become U+FFFD.
pub(crate) fn decode<'b>(body: &'b [u8], content_type: Option<&str>) -> Cow<'b, str> {
    if let Some((encoding, length)) = Encoding::for_bom(body) {
        return encoding.decode_without_bom_handling(&body[length..]).0;
    }
    let told_wide = content_type.and_then(charset_of).is_some_and(|label| label.eq_ignore_ascii_case("utf-16"));
    if told_wide && body.first() == Some(&0) {
        return UTF_16BE.decode_without_bom_handling(body).0;
    }
    let told = content_type.and_then(charset_of).and_then(encoding_named);
    let declared = || declared_in(&body[..body.len().min(DECLARED_WITHIN)]);
    match told.or_else(declared) {
        Some(encoding) => encoding.decode_without_bom_handling(body).0,
        None => match std::str::from_utf8(body) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => undeclared(body),
        },
    }
}

/// Bytes without any declaration that are not UTF-8 from end to end: UTF-8 with a slip, or Windows-1252.
fn undeclared(body: &[u8]) -> Cow<'_, str> {
    let (utf8, ..) = UTF_8.decode(body);
    let broken = utf8.chars().filter(|c| *c == '\u{fffd}').count();
    let multibyte = utf8.chars().filter(|c| !c.is_ascii()).count() - broken;
    if multibyte > broken * 4 { utf8 } else { WINDOWS_1252.decode(body).0 }
}

fn encoding_named(label: &str) -> Option<&'static Encoding> {
    match label.to_ascii_lowercase().as_str() {
        "utf-16" | "utf-16le" => Some(UTF_16LE),
        "utf-16be" => Some(UTF_16BE),
        "none" => None,
        label => Encoding::for_label(label.as_bytes()),
    }
}

/// The charset parameter of a `Content-Type` header, where it is written as the standard asks.
fn charset_of(header: &str) -> Option<&str> {
    let mut rest = header;
    while !rest.is_empty() {
        let end = end_of_parameter(rest);
        let parameter = rest[..end].trim();
        rest = rest.get(end + 1..).unwrap_or("");
        let value = match parameter.split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case("charset") => value,
            _ => continue,
        };
        let label = value.strip_prefix('"').map_or(Some(value), |quoted| quoted.strip_suffix('"'));
        let plain = |label: &&str| {
            !label.is_empty()
                && label.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '+'))
        };
        if let Some(label) = label.filter(plain) {
            return Some(label);
        }
    }
    None
}

/// Where the first parameter ends: at a semicolon that stands in no quotes, or at the comma before a second header.
fn end_of_parameter(text: &str) -> usize {
    let mut quoted = false;
    let end = text.bytes().position(|byte| {
        quoted ^= byte == b'"';
        matches!(byte, b';' | b',') && !quoted
    });
    end.unwrap_or(text.len())
}

/// What a page says of itself in an XML declaration or a meta element before its body.
fn declared_in(head: &[u8]) -> Option<&'static Encoding> {
    let lower: Vec<u8> = head.iter().map(u8::to_ascii_lowercase).collect();
    let mut text = String::from_utf8_lossy(&lower).into_owned();
    remove_comments(&mut text);
    if let Some(xml) = text.trim_start().strip_prefix("<?xml") {
        let declaration = &xml[..xml.find('>').unwrap_or(xml.len())];
        if let Some(encoding) = value_after(declaration, "encoding").and_then(encoding_named) {
            return Some(encoding);
        }
    }
    let end = text.find("<body").unwrap_or(text.len());
    let mut rest = &text[..end];
    while let Some(at) = rest.find("meta") {
        let tag = &rest[at..];
        let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
        if let Some(encoding) = value_after(tag, "charset").and_then(encoding_named) {
            // A page that could be read this far is not UTF-16, whatever it says.
            let ascii_compatible = encoding != UTF_16LE && encoding != UTF_16BE;
            return Some(if ascii_compatible { encoding } else { UTF_8 });
        }
        rest = &rest[at + 4..];
    }
    None
}

fn remove_comments(text: &mut String) {
    while let Some(start) = memmem::find(text.as_bytes(), b"<!--") {
        let end = text[start..].find("-->").map_or(text.len(), |length| start + length + 3);
        text.replace_range(start..end, "");
    }
}

fn value_after<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let at = tag.find(name)? + name.len();
    let value = tag[at..].trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end =
        value.find(|c: char| matches!(c, '"' | '\'' | ';' | '/' | '?') || c.is_whitespace()).unwrap_or(value.len());
    (end > 0).then(|| &value[..end])
}

#[cfg(test)]
mod tests {
    use super::{charset_of, decode, encoding_named};

    #[test]
    fn marks_headers_and_declarations_are_followed_in_this_order() {
        assert_eq!(decode(b"\xa3", Some("text/html; charset=iso-8859-1")), "£");
        assert_eq!(decode(b"\xc2\xa3", Some("text/html; charset=none")), "£");
        assert_eq!(decode(b"\xef\xbb\xbf\xc2\xa3", Some("text/html; charset=iso-8859-1")), "£");
        assert!(decode(b"<meta charset=windows-1251><p>\xf0\xf3\xe1", None).ends_with("руб"));
        assert!(decode(b"<!-- <meta charset=koi8-r> --><p>5 \xe2\x82\xac", None).ends_with("5 €"));
        assert_eq!(decode(b"5 \x80", None), "5 €");
    }

    /// Decodes standard base64.
    fn base64(text: &str) -> Vec<u8> {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let (mut bytes, mut bits, mut held) = (Vec::new(), 0u32, 0);
        for value in text.bytes().filter_map(|byte| ALPHABET.iter().position(|known| *known == byte)) {
            bits = bits << 6 | value as u32;
            held += 6;
            if held >= 8 {
                held -= 8;
                bytes.push((bits >> held) as u8);
            }
        }
        bytes
    }

    #[test]
    fn collected_pages_are_decoded_as_a_browser_would() {
        let Some(folder) = std::env::var_os("SHARED_DATA").map(std::path::PathBuf::from) else {
            eprintln!("skipped: collected_pages_are_decoded_as_a_browser_would needs SHARED_DATA");
            return;
        };
        let text = std::fs::read_to_string(folder.join("encoding_cases.jsonl")).expect("the collection is there");
        let (mut checked, mut wrong) = (0, Vec::new());
        for line in text.lines() {
            let case: serde_json::Value = serde_json::from_str(line).expect("a JSON row");
            let expected = case["expected"][1].as_str().unwrap_or("");
            let body = case["args"][1]["base64"].as_str().map(base64);
            // UTF-32 is no encoding of the web platform, and truncated expectations end in an ellipsis.
            let web = !case["expected"][0].as_str().unwrap_or("").starts_with("utf-32");
            let (Some(body), true) = (body, case["fn"] == "html_to_unicode" && web && !expected.is_empty()) else {
                continue;
            };
            checked += 1;
            let read = decode(&body, case["args"][0].as_str());
            if read != expected {
                wrong.push(format!("{}: {read:?} instead of {expected:?}", case["id"]));
            }
        }
        println!("{checked} decoded, {} wrong: {wrong:#?}", wrong.len());
        assert!(checked >= 20);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn collected_headers_name_their_charset() {
        let Some(folder) = std::env::var_os("SHARED_DATA").map(std::path::PathBuf::from) else {
            eprintln!("skipped: collected_headers_name_their_charset needs SHARED_DATA");
            return;
        };
        let text = std::fs::read_to_string(folder.join("encoding_cases.jsonl")).expect("the collection is there");
        let (mut checked, mut wrong) = (0, Vec::new());
        for line in text.lines() {
            let case: serde_json::Value = serde_json::from_str(line).expect("a JSON row");
            let (Some(header), "http_content_type_encoding") =
                (case["args"][0].as_str(), case["fn"].as_str().unwrap_or(""))
            else {
                continue;
            };
            // The collection spells encodings as another language does; both spellings are compared as encodings.
            // Browsers read the smaller Chinese sets as the larger ones.
            let spellings =
                [("iso8859-", "iso-8859-"), ("cp125", "windows-125"), ("gb18030", "gbk"), ("big5hkscs", "big5")];
            let respelt =
                |label: &str| spellings.iter().fold(label.to_owned(), |label, (from, to)| label.replace(from, to));
            let named = |label: &str| encoding_named(&respelt(label));
            let expected = case["expected"].as_str().and_then(named);
            checked += 1;
            let read = charset_of(header).and_then(named);
            if read != expected {
                wrong.push(format!("{header:?}: {read:?}, not {}", case["expected"]));
            }
        }
        assert!(checked >= 30);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
