//! Amounts with their currency beside them: `2,50 €`, `EUR 1,299.00`.

use pricing_domain::Currency;

/// Signs, each with the currencies that are written with it.
const SIGNS: &[(&str, &[&str])] = &[
    ("€", &["EUR"]),
    ("£", &["GBP"]),
    ("$", &["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD", "CLP", "COP", "ARS"]),
    ("us$", &["USD"]),
    ("¥", &["JPY", "CNY"]),
    ("zł", &["PLN"]),
    ("kč", &["CZK"]),
    ("kr", &["SEK", "NOK", "DKK", "ISK"]),
    ("ft", &["HUF"]),
    ("fr", &["CHF"]),
    ("sfr", &["CHF"]),
    ("lei", &["RON"]),
    ("лв", &["BGN"]),
    ("₺", &["TRY"]),
    ("₹", &["INR"]),
    ("₽", &["RUB"]),
    ("₴", &["UAH"]),
    ("₩", &["KRW"]),
    ("₪", &["ILS"]),
    ("r$", &["BRL"]),
];

/// The number of an amount, and the currency written beside it. Without one, or with anything else around the number,
/// the text as it is.
pub(crate) fn split_currency(text: &str) -> (&str, Option<&str>) {
    let is_plain = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_digit());
    if is_plain(text.as_bytes().first()) && is_plain(text.as_bytes().last()) {
        return (text, None);
    }
    if let Some(rest) = text.strip_suffix('.').filter(|rest| rest.ends_with(char::is_alphabetic)) {
        return split_currency(rest);
    }
    let is_word = |letter: char| letter.is_alphabetic() || SIGNS.iter().any(|(sign, _)| sign.starts_with(letter));
    let without_head = text.trim_start_matches(is_word);
    let head = &text[..text.len() - without_head.len()];
    let number = without_head.trim_end_matches(is_word);
    let tail = &without_head[number.len()..];
    let number = number.trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, '\u{a0}' | '\u{202f}'));
    match (head, tail) {
        (word, "") | ("", word) if is_currency(word) && number.contains(char::is_numeric) => (number, Some(word)),
        _ => (text, None),
    }
}

/// Whether amounts in this currency are written with this sign or code.
pub(crate) fn is_written_so(currency: Currency, word: &str) -> bool {
    let word = word.to_lowercase();
    word == currency.code().to_lowercase()
        || SIGNS.iter().any(|(sign, codes)| *sign == word && codes.contains(&currency.code()))
}

fn is_currency(word: &str) -> bool {
    let lower = word.to_lowercase();
    SIGNS.iter().any(|(sign, _)| *sign == lower)
        || (word.len() == 3
            && word.bytes().all(|byte| byte.is_ascii_alphabetic())
            && Currency::new(&word.to_uppercase()).is_ok())
}

#[cfg(test)]
mod tests {
    use pricing_domain::Currency;

    use super::{is_written_so, split_currency};

    #[test]
    fn the_currency_is_told_from_the_number() {
        for (text, number, word) in [
            ("2,50 €", "2,50", Some("€")),
            ("EUR 1,299.00", "1,299.00", Some("EUR")),
            ("15.00EUR", "15.00", Some("EUR")),
            ("$5", "5", Some("$")),
            ("12,50 kr.", "12,50", Some("kr")),
            ("12.50", "12.50", None),
            ("-12.50", "-12.50", None),
            ("12 pieces", "12 pieces", None),
            ("EUR 5 €", "EUR 5 €", None),
            ("on request", "on request", None),
            ("abc", "abc", None),
            ("", "", None),
        ] {
            assert_eq!(split_currency(text), (number, word), "{text}");
        }
        let swedish = Currency::new("SEK").expect("a currency");
        assert!(is_written_so(Currency::EUR, "€") && is_written_so(swedish, "kr") && !is_written_so(swedish, "€"));
    }
}
