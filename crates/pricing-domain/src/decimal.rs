//! Plain decimal text (`-12.34`, dot, no grouping) to and from scaled integers, exactly.

/// Reads plain decimal text as an integer scaled by 10^`digits`.
///
/// Further digits are accepted only when they are zeros, so nothing is rounded silently.
/// `None`: not a plain decimal, does not fit, or needs more digits than there are.
pub fn parse_scaled(text: &str, digits: u8) -> Option<i64> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value: i64 = 0;
    for byte in whole.bytes() {
        value = value.checked_mul(10)?.checked_add(digit(byte)?)?;
    }
    let mut places = 0;
    for byte in fraction.bytes() {
        let digit = digit(byte)?;
        if places < digits {
            value = value.checked_mul(10)?.checked_add(digit)?;
            places += 1;
        } else if digit != 0 {
            return None;
        }
    }
    while places < digits {
        value = value.checked_mul(10)?;
        places += 1;
    }
    Some(if negative { -value } else { value })
}

fn digit(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}

/// Writes an integer scaled by 10^`digits` with exactly that many decimals.
pub fn format_scaled(value: i64, digits: u8) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let magnitude = value.unsigned_abs();
    if digits == 0 {
        return format!("{sign}{magnitude}");
    }
    let unit = 10u64.pow(u32::from(digits));
    format!("{sign}{}.{:0width$}", magnitude / unit, magnitude % unit, width = usize::from(digits))
}

/// Writes a scaled integer without trailing zeros beyond `at_least` decimals (`34700` at 6 digits gives `0.0347`).
pub fn decimal_text(value: i64, digits: u8, at_least: u8) -> String {
    let mut text = format_scaled(value, digits);
    let mut removable = digits.saturating_sub(at_least);
    while removable > 0 && text.ends_with('0') {
        text.pop();
        removable -= 1;
    }
    if text.ends_with('.') {
        text.pop();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{decimal_text, format_scaled, parse_scaled};

    #[test]
    fn decimals_are_read_and_written_exactly() {
        assert_eq!(parse_scaled("12.34", 2), Some(1234));
        assert_eq!(parse_scaled("-0.05", 2), Some(-5));
        assert_eq!(parse_scaled(".5", 2), Some(50));
        assert_eq!(parse_scaled("7", 2), Some(700));
        assert_eq!(parse_scaled("7.500", 2), Some(750));
        assert_eq!(format_scaled(-5, 2), "-0.05");
        assert_eq!(format_scaled(1234, 0), "1234");
        assert_eq!(decimal_text(34_700, 6, 2), "0.0347");
        assert_eq!(decimal_text(1_500_000, 6, 2), "1.50");
    }

    #[test]
    fn what_does_not_fit_is_refused_and_never_rounded() {
        for text in ["", ".", "1,5", "1e3", "0.005", "99999999999999999999", "1.2.3", "- 1"] {
            assert_eq!(parse_scaled(text, 2), None, "{text}");
        }
    }
}
