//! How numbers are written: the separators of a locale.

use pricing_domain::{Ratio, Rounding};

/// The separators of the user's locale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberStyle {
    /// Between whole and decimals.
    pub decimal_separator: char,
    /// Between groups of three digits; a control character means none.
    pub grouping: char,
}

impl NumberStyle {
    /// Writes `value` ÷ 10^`digits` with exactly that many decimals.
    pub(crate) fn decimal(self, value: i128, digits: u8) -> String {
        let unit = 10u128.pow(u32::from(digits));
        let magnitude = value.unsigned_abs();
        let sign = if value < 0 { "\u{2212}" } else { "" };
        let whole = self.grouped(magnitude / unit);
        match digits {
            0 => format!("{sign}{whole}"),
            _ => {
                let rest = magnitude % unit;
                format!("{sign}{whole}{}{rest:0width$}", self.decimal_separator, width = usize::from(digits))
            }
        }
    }

    /// Writes `part` ÷ `whole` in percent with one decimal, or that it is less than a tenth.
    ///
    /// `None` where `whole` is not positive and a percentage has no meaning.
    pub(crate) fn percent(self, part: i128, whole: i128) -> Option<String> {
        if whole <= 0 {
            return None;
        }
        let tenths = Ratio { numerator: part.checked_mul(1000)?, denominator: whole }.round(Rounding::Nearest);
        Some(match tenths {
            0 if part != 0 => format!("less than {} %", self.decimal(1, 1)),
            _ => format!("{} %", self.decimal(i128::from(tenths), 1)),
        })
    }

    fn grouped(self, number: u128) -> String {
        let digits = number.to_string();
        if self.grouping.is_control() || digits.len() < 4 {
            return digits;
        }
        let mut text = String::with_capacity(digits.len() * 2);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(self.grouping);
            }
            text.push(digit);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::NumberStyle;

    const ENGLISH: NumberStyle = NumberStyle { decimal_separator: '.', grouping: ',' };
    const GERMAN: NumberStyle = NumberStyle { decimal_separator: ',', grouping: '.' };

    #[test]
    fn amounts_follow_the_locale() {
        assert_eq!(ENGLISH.decimal(123_456_789, 2), "1,234,567.89");
        assert_eq!(GERMAN.decimal(-100_005, 2), "−1.000,05");
        assert_eq!(ENGLISH.decimal(999, 0), "999");
        assert_eq!(NumberStyle { decimal_separator: '.', grouping: '\0' }.decimal(1_234_500, 3), "1234.500");
    }

    #[test]
    fn percentages_are_rounded_to_tenths_in_integers() {
        assert_eq!(ENGLISH.percent(102, 2490).as_deref(), Some("4.1 %"));
        assert_eq!(GERMAN.percent(5, 10_000).as_deref(), Some("0,1 %"));
        assert_eq!(ENGLISH.percent(4, 10_000).as_deref(), Some("less than 0.1 %"));
        assert_eq!(ENGLISH.percent(1, 0), None);
    }
}
