//! GTINs as files have them: without leading zeros that a spreadsheet dropped, with hyphens, or as an ISBN of ten signs.

use std::borrow::Cow;

use pricing_domain::Gtin;

use crate::problems::shorten;

/// One article code; leading zeros that a spreadsheet dropped are put back, an ISBN-10 becomes its EAN.
pub(crate) fn read_gtin(word: &str) -> Result<Gtin, String> {
    let plain = word.strip_suffix(".0").unwrap_or(word);
    let plain = if plain.contains('-') { Cow::Owned(plain.replace('-', "")) } else { Cow::Borrowed(plain) };
    if let Some(gtin) = of_isbn_10(&plain) {
        return Ok(gtin);
    }
    if plain.contains(['E', 'e']) && plain.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(shortened(word));
    }
    let number: u64 = plain.parse().map_err(|_| format!("“{}” is not a GTIN: it has only digits.", shorten(word)))?;
    if !(7..=14).contains(&plain.len()) {
        return Err(format!("“{}” is not a GTIN: it has 8, 12, 13 or 14 digits.", shorten(word)));
    }
    Gtin::from_number(number).map_err(|error| format!("“{word}” is not a GTIN: {error}. Check its digits."))
}

/// What to say of a code that was shortened.
pub(crate) fn shortened(word: &str) -> String {
    format!(
        "A spreadsheet has shortened “{}” and its digits are lost. Format the column as text and export it again.",
        shorten(word)
    )
}

/// Whether a code looks like a long number as programs shorten it: `1.23E+05` and `4E+12` in spreadsheets,
/// `1.23457e+12` and `4.00638E12` elsewhere. Without a sign it takes a mantissa that no article number has.
pub(crate) fn is_shortened(text: &str) -> bool {
    const LONG_MANTISSA: usize = 4;
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, rest) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    let is_number = digits(whole) && whole.len() == 1 && digits(rest);
    match exponent.strip_prefix('+') {
        Some(exponent) => is_number && digits(exponent),
        None => is_number && digits(exponent) && rest.len() >= LONG_MANTISSA,
    }
}

/// The EAN of a book: 978, the nine digits, a check digit of its own. A number of ten digits whose ISBN check sign is
/// right is an ISBN: GTINs have no ten digits, and lost zeros are no reason to read another article.
fn of_isbn_10(text: &str) -> Option<Gtin> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || !bytes[..9].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let last = match bytes[9] {
        b'X' | b'x' => 10,
        digit if digit.is_ascii_digit() => u32::from(digit - b'0'),
        _ => return None,
    };
    let weighted =
        (2..=10).rev().zip(bytes).map(|(weight, digit)| weight * u32::from(digit - b'0')).sum::<u32>() + last;
    if !weighted.is_multiple_of(11) {
        return None;
    }
    let body: u64 = format!("978{}", &text[..9]).parse().ok()?;
    (0..10).find_map(|check| Gtin::from_number(body * 10 + check).ok())
}

#[cfg(test)]
mod tests {
    use super::{is_shortened, read_gtin};

    #[test]
    fn shortened_article_numbers_are_told_from_real_ones() {
        for text in ["1.23E+05", "4,00638E+12", "1.23457e+12", "4E+12", "4.00638E12"] {
            assert!(is_shortened(text), "{text}");
        }
        for text in ["1E5", "ABE+12", "15056BL", "1.5E10", "4006E+", "12.5E+3", "E+12"] {
            assert!(!is_shortened(text), "{text}");
        }
    }

    #[test]
    fn lost_leading_zeros_of_article_codes_are_put_back() {
        let read = |word: &str| read_gtin(word).map(|gtin| gtin.to_string());
        assert_eq!(read("36000291452"), Ok("0036000291452".to_owned()));
        assert_eq!(read("4006381333931.0"), Ok("4006381333931".to_owned()));
        assert!(read("4.00638E+12").expect_err("shortened").contains("shortened"));
        assert!(read("4006381333932").expect_err("check digit").contains("check digit"));
        assert!(read("ABC").is_err() && read("123").is_err());
    }

    #[test]
    fn an_isbn_of_ten_signs_is_the_ean_of_its_book() {
        let read = |word: &str| read_gtin(word).map(|gtin| gtin.to_string());
        assert_eq!(read("0306406152"), Ok("9780306406157".to_owned()));
        assert_eq!(read("0-8044-2957-X"), Ok("9780804429573".to_owned()));
        assert!(read("0306406153").is_err());
    }
}
