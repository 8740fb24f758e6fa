//! Splits Rust source into code and string literals, leaving out comments and everything compiled only for tests,
//! so that rules about code are not confused by prose. It knows tokens, not grammar.

/// Source without comments, texts and tests.
#[derive(Debug, PartialEq, Eq)]
pub struct RustText {
    /// The code; what was left out is blank, so that lines keep their numbers.
    pub code: String,
    /// The string literals with the number of the line they begin on.
    pub literals: Vec<(usize, String)>,
}

/// A stretch of source by byte offsets.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
    is_literal: bool,
}

impl RustText {
    /// Reads a source file.
    pub fn read(source: &str) -> RustText {
        let spans = literals_and_comments(source.as_bytes());
        let mut code = source.as_bytes().to_vec();
        for span in &spans {
            blank(&mut code[span.start..span.end]);
        }
        let tests = test_items(&code);
        for &(start, end) in &tests {
            blank(&mut code[start..end]);
        }
        let is_tested = |span: &Span| tests.iter().any(|&(start, end)| (start..end).contains(&span.start));
        let literals = spans
            .iter()
            .filter(|span| span.is_literal && !is_tested(span))
            .map(|span| (line_of(source, span.start), content(&source[span.start..span.end])))
            .collect();
        RustText { code: String::from_utf8_lossy(&code).into_owned(), literals }
    }
}

/// The number of the line that a byte stands on, from 1.
fn line_of(source: &str, offset: usize) -> usize {
    source.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count() + 1
}

fn content(literal: &str) -> String {
    let inner = literal.trim_start_matches(['b', 'c', 'r']).trim_matches('#');
    inner.trim_matches('"').to_owned()
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

fn literals_and_comments(source: &[u8]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let rest = &source[at..];
        let (length, is_literal, is_span) = if rest.starts_with(b"//") {
            (line_comment(rest), false, true)
        } else if rest.starts_with(b"/*") {
            (block_comment(rest), false, true)
        } else if let Some(length) = raw_string(source, at) {
            (length, true, true)
        } else if rest[0] == b'"' {
            (quoted(rest, b'"'), true, true)
        } else if rest[0] == b'\'' {
            let length = character(rest);
            (length, false, length > 1)
        } else {
            (1, false, false)
        };
        if is_span {
            spans.push(Span { start: at, end: at + length, is_literal });
        }
        at += length;
    }
    spans
}

fn line_comment(rest: &[u8]) -> usize {
    rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
}

/// Block comments nest.
fn block_comment(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// The length of a raw string that begins here, prefix and hashes included.
fn raw_string(source: &[u8], at: usize) -> Option<usize> {
    let is_inside_word = at > 0 && is_word(source[at - 1]);
    let rest = &source[at..];
    let prefix = ["r", "br", "cr"].iter().find(|prefix| rest.starts_with(prefix.as_bytes())).map(|prefix| prefix.len());
    let prefix = prefix.filter(|_| !is_inside_word)?;
    let hashes = rest[prefix..].iter().take_while(|byte| **byte == b'#').count();
    let open = prefix + hashes;
    if rest.get(open) != Some(&b'"') {
        return None;
    }
    let closing: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let body = &rest[open + 1..];
    let length = body.windows(closing.len()).position(|window| window == closing);
    Some(length.map_or(rest.len(), |length| open + 1 + length + closing.len()))
}

/// The length of a quoted literal, both quotes included.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of a character literal; 1 for the tick of a lifetime.
fn character(rest: &[u8]) -> usize {
    match rest.get(1) {
        Some(b'\\') => quoted(rest, b'\''),
        Some(byte) if is_word(*byte) && rest.get(2) != Some(&b'\'') => 1,
        Some(_) => quoted(rest, b'\''),
        None => 1,
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The stretches of items behind `#[cfg(test)]` or `#[test]`, attribute included, in blanked code.
fn test_items(code: &[u8]) -> Vec<(usize, usize)> {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(found) = code[at..].windows(2).position(|window| window == b"#[") {
        let start = at + found;
        let end = closing(code, start + 1);
        at = end;
        if is_test_attribute(&code[start..end]) {
            at = end_of_item(code, end);
            items.push((start, at));
        }
    }
    items
}

fn is_test_attribute(attribute: &[u8]) -> bool {
    let text = String::from_utf8_lossy(attribute);
    let words: Vec<&str> = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
    let is_conditional = text.starts_with("#[cfg(") && !words.contains(&"not");
    (is_conditional || text.ends_with("test]") || text.contains("::test(")) && words.contains(&"test")
}

/// The end of the item that follows an attribute: behind its block, or behind its semicolon.
fn end_of_item(code: &[u8], from: usize) -> usize {
    let mut at = from;
    while at < code.len() {
        match code[at] {
            b';' | b',' => return at + 1,
            b'{' => return closing(code, at),
            b'(' | b'[' => at = closing(code, at),
            b'}' => return at,
            _ => at += 1,
        }
    }
    code.len()
}

/// The offset behind the bracket that closes the one at `open`.
fn closing(code: &[u8], open: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, byte) in code[open..].iter().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return open + offset + 1;
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::RustText;

    #[test]
    fn comments_and_texts_are_not_code() {
        let text = RustText::read("let a = \"b.unwrap()\"; // c.unwrap()\n/* d /* nested */ e */ f();");
        assert_eq!(text.code.split_whitespace().collect::<Vec<_>>(), ["let", "a", "=", ";", "f();"]);
        assert_eq!(text.literals, [(1, "b.unwrap()".to_owned())]);
    }

    #[test]
    fn raw_strings_end_at_their_own_hashes() {
        let text = RustText::read("x(r#\"say \"hi\" // no\"#);\ny(br\"\\\");");
        assert_eq!(text.code.split_whitespace().collect::<String>(), "x();y();");
        assert_eq!(text.literals[0], (1, "say \"hi\" // no".to_owned()));
        assert_eq!(text.literals[1].0, 2);
    }

    #[test]
    fn ticks_of_lifetimes_and_characters_are_told_apart() {
        let text = RustText::read("fn f<'a>(x: &'a str) { g('\"', '\\'', '€', 'x'); h(\"t\") }");
        assert!(text.code.contains("<'a>(x: &'a str)"));
        assert_eq!(text.literals, [(1, "t".to_owned())]);
    }

    #[test]
    fn items_for_tests_are_left_out_and_lines_keep_their_numbers() {
        let source = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() { c.unwrap() }\n}\n#[test]\nfn d() { e(\"in test\") }\nfn f() { g(\"kept\") }";
        let text = RustText::read(source);
        assert!(!text.code.contains("unwrap"));
        assert!(text.code.contains("fn f()"));
        assert_eq!(text.literals, [(8, "kept".to_owned())]);
        assert_eq!(text.code.lines().count(), 8);
    }

    #[test]
    fn async_tests_and_test_only_imports_are_left_out_but_code_for_non_tests_stays() {
        let text = RustText::read(
            "#[tokio::test(flavor = \"x\")]\nasync fn a() { b }\n#[cfg(test)]\nuse c::{d, e};\n#[cfg(not(test))]\nfn f() {}",
        );
        assert!(!text.code.contains('b') && !text.code.contains("use c"));
        assert!(text.code.contains("fn f()"));
    }
}
