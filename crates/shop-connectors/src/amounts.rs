//! Amounts as shops write them: decimal text with a dot.

use pricing_domain::{Currency, parse_scaled};

/// Minor units of an amount's text. `None`: empty, no amount, or finer than the currency.
pub(crate) fn minor(text: &str, currency: Currency) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() { None } else { parse_scaled(text, currency.minor_digits()) }
}

#[cfg(test)]
mod tests {
    use pricing_domain::Currency;

    use super::minor;

    #[test]
    fn amounts_are_exact_or_not_read() {
        for (text, read) in [
            ("19.99", Some(1_999)),
            ("19.9", Some(1_990)),
            ("19", Some(1_900)),
            ("19.990000", Some(1_999)),
            ("19.995", None),
            ("19,99", None),
            ("", None),
        ] {
            assert_eq!(minor(text, Currency::EUR), read, "{text}");
        }
    }
}
