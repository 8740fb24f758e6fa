//! Character references: all numeric ones, and the named ones that shops write.

use std::borrow::Cow;

use pricing_domain::NAMED_REFERENCES;

/// Longest name between `&` and `;`.
const LONGEST_NAME: usize = 10;

/// Replaces character references. Borrows when there are none.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((replacement, length)) => {
                out.push_str(&replacement);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character reference at the start of a text, with its length.
fn reference(text: &str) -> Option<(Cow<'static, str>, usize)> {
    let body = &text[1..];
    if let Some(number) = body.strip_prefix('#') {
        let (digits, radix, skipped) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, 3),
            None => (number, 10, 2),
        };
        let length = digits.bytes().take(8).take_while(|byte| (*byte as char).is_digit(radix)).count();
        let code = u32::from_str_radix(&digits[..length], radix).ok()?;
        let semicolon = usize::from(digits[length..].starts_with(';'));
        let c = char::from_u32(windows_1252(code)).filter(|c| *c != '\0').unwrap_or('\u{fffd}');
        return Some((Cow::Owned(c.to_string()), skipped + length + semicolon));
    }
    let length = body.bytes().take(LONGEST_NAME).take_while(u8::is_ascii_alphanumeric).count();
    if !body[length..].starts_with(';') {
        return None;
    }
    let (_, replacement) = NAMED_REFERENCES.iter().find(|(name, _)| *name == &body[..length])?;
    Some((Cow::Borrowed(replacement), length + 2))
}

/// Numbers in the C1 range are read as Windows-1252, as browsers do.
fn windows_1252(code: u32) -> u32 {
    match code {
        0x80 => 0x20AC,
        0x85 => 0x2026,
        0x91 | 0x92 => 0x2019,
        0x93 | 0x94 => 0x201D,
        0x96 | 0x97 => 0x2013,
        0xA0 => 0xA0,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn references_are_replaced_and_others_left() {
        assert_eq!(unescape("1&nbsp;299&#44;00 &euro; &amp; &#x20ac;&#128;"), "1\u{a0}299,00 € & €€");
        assert_eq!(unescape("a & b &unknown; &#xZ;"), "a & b &unknown; &#xZ;");
    }
}
