//! Sizes within product names: “256 gb”, “256gb”, “0.5 m”, “pack of 4”, “4er Pack”. Their numbers are no prices, no rows
//! wanted and no article numbers.

use crate::names::ProductLookup;
use crate::tokens::{Token, fold};

/// Units of what is sold, folded.
const UNITS: [&str; 26] = [
    "gb", "tb", "mb", "kb", "mah", "w", "watt", "kw", "v", "volt", "m", "cm", "mm", "km", "l", "ml", "cl", "g", "kg",
    "mg", "hz", "ghz", "mhz", "inch", "zoll", "lm",
];
/// What several pieces sold as one are called.
const PACKS: [&str; 5] = ["pack", "packung", "set", "packs", "bundle"];

fn token(text: &str, number: Option<i64>) -> Token {
    Token { text: text.to_owned(), folded: fold(text), number, sign: None }
}

/// The words with numbers and their units taken apart: “256gb” is two words, “4er” a pack of four.
pub(super) fn spread(tokens: &[Token], products: &dyn ProductLookup) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(one) = tokens.get(at) {
        at += 1;
        let end = one.folded.find(|letter: char| letter.is_alphabetic()).unwrap_or(0);
        let (digits, unit) = one.folded.split_at(end);
        let sized = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || b".,".contains(&byte));
        let known = UNITS.contains(&unit) || unit == "er";
        if !sized || !known || products.sku(&one.text).is_some() {
            found.push(one.clone());
            continue;
        }
        if unit == "er" {
            found.extend([token("pack", None), token(digits, None)]);
            at += usize::from(tokens.get(at).is_some_and(|next| PACKS.contains(&next.folded.as_str())));
        } else {
            found.extend([token(digits, None), token(unit, None)]);
        }
    }
    found
}

/// The words of a size at the beginning of some tokens, `None` for a word between them that says nothing. It must occur in
/// the name of some product.
pub(super) fn size(tokens: &[Token], products: &dyn ProductLookup) -> Option<Vec<Option<String>>> {
    let is_number = |token: &Token| token.folded.bytes().all(|byte| byte.is_ascii_digit() || b".,".contains(&byte));
    let [first, second, rest @ ..] = tokens else { return None };
    let number = |token: &Token| token.folded.replace(',', ".");
    let words = if is_number(first) && first.sign.is_none() && UNITS.contains(&second.folded.as_str()) {
        vec![Some(number(first)), Some(second.folded.clone())]
    } else if first.folded == "pack" && is_number(second) {
        vec![Some("pack".to_owned()), Some(number(second))]
    } else if first.folded == "pack" && second.folded == "of" && rest.first().is_some_and(is_number) {
        vec![Some("pack".to_owned()), None, Some(number(&rest[0]))]
    } else {
        return None;
    };
    let named: Vec<String> = words.iter().flatten().cloned().collect();
    (products.products_with(&named) > 0).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::{size, spread};
    use crate::names::ProductLookup;
    use crate::tokens::tokens;

    struct Phones;

    impl ProductLookup for Phones {
        fn sku(&self, _: &str) -> Option<String> {
            None
        }

        fn products_with(&self, words: &[String]) -> usize {
            let name = "fenwark halo 215 smartphone, 256 gb, pack of 4";
            usize::from(words.iter().all(|word| name.contains(word.as_str())))
        }
    }

    fn named(text: &str) -> Vec<String> {
        let words = spread(&tokens(text), &Phones);
        size(&words, &Phones).unwrap_or_default().into_iter().flatten().collect()
    }

    #[test]
    fn sizes_are_words_of_names() {
        for text in ["256 gb", "256gb", "256 GB"] {
            assert_eq!(named(text), ["256", "gb"], "{text}");
        }
        for text in ["4er Pack", "pack of 4", "4er"] {
            assert_eq!(named(text), ["pack", "4"], "{text}");
        }
    }

    #[test]
    fn a_size_that_nothing_has_stays_a_number() {
        for text in ["512 gb", "5 percent", "10 m", "3 days"] {
            assert!(named(text).is_empty(), "{text}");
        }
    }
}
