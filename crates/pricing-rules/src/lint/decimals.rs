//! A comma between two digits: meant as the decimal mark, and read as the end of an argument.

use pricing_domain::{FlatRule, Strategy};

/// Every “5,99” of a rule's condition and formulas, outside of texts in quotes.
pub(super) fn commas(rule: &FlatRule<'_>) -> Vec<String> {
    let strategies = [Some(rule.strategy()), rule.fallback()].into_iter().flatten();
    let formulas: Vec<String> = strategies.filter_map(Strategy::formula).collect();
    let texts = super::conditions(rule).map(str::to_owned).chain(formulas);
    let mut found: Vec<String> = texts.flat_map(|text| in_text(&text)).collect();
    found.dedup();
    found
}

/// What is doubtful about one of them, in words.
pub(super) fn message(comma: &str) -> String {
    let (whole, rest) = comma.split_once(',').unwrap_or((comma, ""));
    format!(
        "“{comma}” is read as two values, {whole} and {rest}. Write {whole}.{rest} for one amount, or “{whole}, {rest}” \
         with a blank for two."
    )
}

fn in_text(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    // Every second part stands in quotes.
    for part in text.split('"').step_by(2) {
        let letters: Vec<char> = part.chars().collect();
        for (place, _) in letters.iter().enumerate().filter(|(_, letter)| **letter == ',') {
            let digits = |letters: &mut dyn Iterator<Item = &char>| -> String {
                letters.take_while(|letter| letter.is_ascii_digit()).collect()
            };
            let before: String = digits(&mut letters[..place].iter().rev()).chars().rev().collect();
            let after = digits(&mut letters[place + 1..].iter());
            let opens = place.checked_sub(before.len() + 1).map(|place| letters[place]);
            let is_number = !before.is_empty() && !after.is_empty();
            let is_word = opens.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_'));
            if is_number && !is_word {
                found.push(format!("{before},{after}"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::in_text;

    #[test]
    fn a_comma_between_digits_is_found_outside_of_quotes() {
        assert_eq!(in_text("min(5,99, cost * 1.35)"), ["5,99"]);
        assert_eq!(in_text("max(5, 99)"), Vec::<String>::new());
        assert_eq!(in_text("price_of(\"A5,99\") + comp.nth(2)"), Vec::<String>::new());
    }
}
