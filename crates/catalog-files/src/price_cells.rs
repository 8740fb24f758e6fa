//! Prices as cells of a shop's file: an amount is written the way the cell before it was.

use pricing_domain::format_scaled;

use crate::decimals::NumberRule;

/// What stands in a cell: words around a number.
struct Parts<'a> {
    before: &'a str,
    number: &'a str,
    after: &'a str,
}

fn parts(cell: &str) -> Option<Parts<'_>> {
    let is_digit = |letter: char| letter.is_ascii_digit();
    let first = cell.find(is_digit)?;
    let end = cell.rfind(is_digit)? + 1;
    Some(Parts { before: &cell[..first], number: &cell[first..end], after: &cell[end..] })
}

/// The amount of a cell, scaled by 10^`digits`; `None` where there is none that can be read.
pub(crate) fn amount_of(cell: &str, rule: NumberRule, digits: u8) -> Option<i64> {
    rule.read(parts(cell)?.number, digits).ok()
}

/// The text of an amount scaled by 10^`digits` in the style of the cell before: the same words around it, the same
/// decimal separator, as many decimals or more. `template`: what an empty cell is to look like, as `0.00 EUR`.
pub(crate) fn restyle(cell: &str, template: &str, amount: i64, digits: u8, rule: NumberRule) -> String {
    let decimal = rule.decimal.unwrap_or('.');
    let (style, empty) = match parts(cell) {
        Some(style) => (style, false),
        None => (parts(template).unwrap_or(Parts { before: "", number: "", after: "" }), true),
    };
    let decimals = match style.number.rfind(decimal) {
        Some(place) if !empty => style.number.len() - place - 1,
        _ => 0,
    };
    let plain = format_scaled(amount, digits);
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let needed = fraction.trim_end_matches('0').len();
    let wanted = match (needed, decimals, empty) {
        // A column of whole numbers stays one.
        (0, 0, false) => 0,
        _ => needed.max(decimals).max(usize::from(digits.min(2))),
    };
    let mut fraction = fraction[..fraction.len().min(wanted)].to_owned();
    while fraction.len() < wanted {
        fraction.push('0');
    }
    let point = if wanted == 0 { String::new() } else { format!("{decimal}{fraction}") };
    format!("{}{whole}{point}{}", style.before, style.after)
}

#[cfg(test)]
mod tests {
    use super::{amount_of, restyle};
    use crate::decimals::NumberRule;

    #[test]
    fn amounts_are_written_as_the_cell_before() {
        let (dot, comma) = (NumberRule::declared('.'), NumberRule::declared(','));
        for (cell, amount, rule, expected) in [
            ("29.95", 2_499, dot, "24.99"),
            ("29,95", 2_500, comma, "25,00"),
            ("34.0000", 3_150, dot, "31.5000"),
            ("30", 2_500, dot, "25"),
            ("30", 2_599, comma, "25,99"),
            ("15.00 EUR", 1_200, dot, "12.00 EUR"),
            ("EUR 1,299.00", 129_900, dot, "EUR 1299.00"),
            ("", 1_200, dot, "12.00"),
        ] {
            assert_eq!(restyle(cell, "", amount, 2, rule), expected, "{cell}");
        }
        assert_eq!(restyle("", "0.00 EUR", 1_250, 2, dot), "12.50 EUR");
        assert_eq!(restyle("1000", "", 1_200, 0, dot), "1200");
        assert_eq!(restyle("49.900000", "", 33_605_042, 6, dot), "33.605042");
        assert_eq!(amount_of("15.00 EUR", dot, 2), Some(1_500));
        assert_eq!(amount_of("1.299,00", comma, 2), Some(129_900));
        assert_eq!(amount_of("on request", dot, 2), None);
    }
}
