//! Product numbers as pages write them: with a label, blanks, hyphens or brackets, and the older ISBN of ten digits.

use pricing_domain::Gtin;

/// Labels that stand before product numbers, in upper case.
const LABELS: [&str; 6] = ["GTIN", "EAN", "ISBN", "UPC", "JAN", "BARCODE"];

/// The product number that a text states, if its check digit is right. An ISBN-10 becomes its ISBN-13.
pub fn gtin_in_text(text: &str) -> Option<Gtin> {
    let text = text.trim().to_ascii_uppercase();
    let label = LABELS.iter().find_map(|label| text.strip_prefix(label));
    let unlabelled = clean(label.unwrap_or(&text));
    number(unlabelled).or_else(|| {
        let rest = label?.trim_start_matches([' ', '-']);
        let after_length = ["13", "14", "12", "10", "8"].iter().find_map(|length| rest.strip_prefix(length))?;
        number(clean(after_length))
    })
}

fn clean(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '#' | '-' | '(' | ')' | '.' | ','))
}

fn number(text: &str) -> Option<Gtin> {
    Gtin::parse(text).ok().or_else(|| isbn10(text))
}

/// An ISBN of ten digits (check digit by weights 10 to 1, modulo 11) as the GTIN of the same book.
fn isbn10(text: &str) -> Option<Gtin> {
    let compact: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b' ' | b'-')).collect();
    let values: Vec<u64> = compact.iter().enumerate().map_while(|(at, byte)| digit(*byte, at)).collect();
    if values.len() != 10 || compact.len() != 10 {
        return None;
    }
    let sum: u64 = values.iter().zip((1..=10).rev()).map(|(value, weight)| value * weight).sum();
    let body = values[..9].iter().fold(978, |number, value| number * 10 + value);
    sum.is_multiple_of(11).then(|| (0..10).find_map(|check| Gtin::from_number(body * 10 + check).ok())).flatten()
}

fn digit(byte: u8, at: usize) -> Option<u64> {
    match byte {
        b'0'..=b'9' => Some(u64::from(byte - b'0')),
        b'X' if at == 9 => Some(10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::gtin_in_text;

    #[test]
    fn labels_and_older_forms_lead_to_one_number() {
        let read = |text: &str| gtin_in_text(text).map(|gtin| gtin.to_string());
        assert_eq!(read("ISBN: 978-1-62544-175-1").as_deref(), Some("9781625441751"));
        assert_eq!(read("EAN131334567890125").as_deref(), Some("1334567890125"));
        assert_eq!(read("EAN1334567890125").as_deref(), Some("1334567890125"));
        assert_eq!(read("ISBN10: 0-545-01022-5").as_deref(), Some("9780545010221"));
        assert_eq!(read("TFG-05451-HOP-0225"), None);
        assert_eq!(read("4006381333932"), None);
    }
}
