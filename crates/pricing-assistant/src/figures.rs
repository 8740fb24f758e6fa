//! Figures as they are shown in both languages, and as exact values that a text can be checked against.

use pricing_domain::{Currency, decimal_text, format_scaled};
use question_grammar::Language;

/// A value of a tool's result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// How many.
    Count(i64),
    /// Whole minor units of a currency.
    Money(i64, Currency),
    /// Whole major units, rounded.
    Whole(i64, Currency),
    /// 10⁻⁶ of the major unit.
    Cost(i64, Currency),
    /// Basis points.
    Percent(i64),
    /// Hundredths: a price index.
    Index(i64),
    /// Hundredths: the price index of a whole, with both decimals, as the market's overview has it on the command line.
    WholeIndex(i64),
    /// A name, a date or a sentence of a tool, word for word.
    Words(String),
    /// A figure that carries the look-up it was made from: the place of that step.
    OfStep(Box<Self>, u32),
}

/// A decimal: `value` ÷ 10^`digits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exact {
    /// Without its point.
    pub value: i128,
    /// Decimals.
    pub digits: u8,
}

impl Exact {
    /// Whether it is the same number, the sign aside.
    pub fn equals(self, other: Self) -> bool {
        let digits = self.digits.max(other.digits);
        let scaled = |one: Self| {
            let scale = 10u128.checked_pow(u32::from(digits - one.digits));
            scale.and_then(|scale| one.value.unsigned_abs().checked_mul(scale))
        };
        scaled(self).is_some_and(|own| Some(own) == scaled(other))
    }

    /// Whether a number with fewer decimals is this one, rounded to the nearest; the sign stands in words.
    pub fn is_shown_as(self, shown: Self) -> bool {
        let (own, other) = (self.value.unsigned_abs(), shown.value.unsigned_abs());
        if shown.digits >= self.digits {
            let scale = 10u128.pow(u32::from(shown.digits - self.digits));
            return own.checked_mul(scale) == Some(other);
        }
        let scale = 10u128.pow(u32::from(self.digits - shown.digits));
        (own + scale / 2) / scale == other
    }
}

impl Figure {
    /// The same figure, carrying the step that it was made from.
    pub fn of_step(self, step: u32) -> Self {
        match self {
            Self::OfStep(figure, _) => Self::OfStep(figure, step),
            figure => Self::OfStep(Box::new(figure), step),
        }
    }

    /// The step that it carries.
    pub const fn step(&self) -> Option<u32> {
        match self {
            Self::OfStep(_, step) => Some(*step),
            _ => None,
        }
    }

    /// The exact value; `None` for words.
    pub fn exact(&self) -> Option<Exact> {
        let (value, digits) = match self {
            Self::Count(count) => (*count, 0),
            Self::Money(minor, currency) => (*minor, currency.minor_digits()),
            Self::Whole(units, _) => (*units, 0),
            Self::Cost(micro, _) => (*micro, 6),
            Self::Percent(bp) | Self::Index(bp) | Self::WholeIndex(bp) => (*bp, 2),
            Self::Words(_) => return None,
            Self::OfStep(figure, _) => return figure.exact(),
        };
        Some(Exact { value: value as i128, digits })
    }

    /// As it is shown: one decimal for percentages and indexes, the currency's own for money.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Count(count) => localised(&count.to_string(), language),
            Self::Money(minor, currency) => {
                let digits = currency.minor_digits();
                format!("{} {currency}", localised(&format_scaled(*minor, digits), language))
            }
            Self::Whole(units, currency) => format!("{} {currency}", localised(&units.to_string(), language)),
            Self::Cost(micro, currency) => {
                format!("{} {currency}", localised(&decimal_text(rounded(*micro, 10_000), 2, 2), language))
            }
            Self::Percent(bp) => format!("{} %", localised(&decimal_text(rounded(*bp, 10), 1, 0), language)),
            Self::Index(hundredths) => localised(&format_scaled(rounded(*hundredths, 10), 1), language),
            Self::WholeIndex(hundredths) => localised(&format_scaled(*hundredths, 2), language),
            Self::Words(words) => words.clone(),
            Self::OfStep(figure, _) => figure.text(language),
        }
    }

    /// The same without its sign, for sentences that say the direction in words.
    pub fn unsigned(self) -> Self {
        match self {
            Self::Count(count) => Self::Count(count.abs()),
            Self::Money(minor, currency) => Self::Money(minor.abs(), currency),
            Self::Whole(units, currency) => Self::Whole(units.abs(), currency),
            Self::Cost(micro, currency) => Self::Cost(micro.abs(), currency),
            Self::Percent(bp) => Self::Percent(bp.abs()),
            Self::OfStep(figure, step) => Self::OfStep(Box::new(figure.unsigned()), step),
            other => other,
        }
    }
}

/// To the nearest multiple, halves away from zero, without the lost digits.
fn rounded(value: i64, scale: i64) -> i64 {
    let half = scale / 2;
    (value.abs() + half) / scale * value.signum()
}

/// Plain decimal text with the language's marks.
fn localised(plain: &str, language: Language) -> String {
    let (group, point) = match language {
        Language::English => (',', '.'),
        Language::German => ('.', ','),
    };
    let (sign, unsigned) = plain.strip_prefix('-').map_or(("", plain), |rest| ("−", rest));
    let (whole, decimals) = unsigned.split_once('.').map_or((unsigned, None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push(group);
        }
        grouped.push(digit);
    }
    if let Some(decimals) = decimals {
        grouped.push(point);
        grouped.push_str(decimals);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::{Exact, Figure};
    use pricing_domain::Currency;
    use question_grammar::Language;

    #[test]
    fn figures_are_written_with_the_marks_of_the_language() {
        assert_eq!(Figure::Money(1_234_567, Currency::EUR).text(Language::English), "12,345.67 EUR");
        assert_eq!(Figure::Money(-1_234_567, Currency::EUR).text(Language::German), "−12.345,67 EUR");
        assert_eq!(Figure::Percent(-1_234).text(Language::German), "−12,3 %");
        assert_eq!(Figure::Percent(500).text(Language::English), "5 %");
        assert_eq!(Figure::Index(10_180).text(Language::English), "101.8");
    }

    #[test]
    fn a_shown_number_is_the_exact_one_rounded_and_no_other() {
        let exact = Exact { value: 1_234, digits: 2 };
        assert!(exact.is_shown_as(Exact { value: 123, digits: 1 }));
        assert!(exact.is_shown_as(Exact { value: 12_340, digits: 3 }));
        assert!(!exact.is_shown_as(Exact { value: 124, digits: 1 }));
        assert!(!exact.is_shown_as(Exact { value: 13, digits: 0 }));
    }
}
