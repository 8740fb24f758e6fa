//! German words made of two: “Durchschnittspreis”, “Abverkaufsartikel”. Each part is read by itself where both have a
//! meaning.

use crate::lexicon::{Concept, concept_at};
use crate::names::NameIndex;
use crate::tokens::Token;

/// First parts that say how a figure is made.
const FIRST: [(&str, &str); 4] =
    [("durchschnitts", "durchschnitt"), ("gesamt", "gesamt"), ("mindest", "mindestens"), ("hoechst", "hoechstens")];
/// Last parts that only say that something is sold.
const LAST: [&str; 8] = ["artikel", "artikeln", "produkte", "produkten", "produkt", "ware", "waren", "artikels"];

fn word(text: &str) -> Token {
    Token { text: text.to_owned(), folded: text.to_owned(), number: None, sign: None }
}

fn means(text: &str) -> Option<Concept> {
    concept_at(std::slice::from_ref(&word(text))).map(|(concept, _)| concept)
}

/// The words with such ones taken apart. A word that is known as a whole stays whole.
pub(super) fn spread(tokens: &[Token], names: &NameIndex) -> Vec<Token> {
    let mut found = Vec::with_capacity(tokens.len());
    for token in tokens {
        match parts(token, names) {
            Some(parts) => found.extend(parts),
            None => found.push(token.clone()),
        }
    }
    found
}

fn parts(token: &Token, names: &NameIndex) -> Option<[Token; 2]> {
    let whole = token.folded.as_str();
    let known = means(whole).is_some_and(|concept| !matches!(concept, Concept::Stop | Concept::Average));
    if token.number.is_some() || known || names.find(std::slice::from_ref(token)).is_some() {
        return None;
    }
    for (beginning, meaning) in FIRST {
        let rest = whole.strip_prefix(beginning).filter(|rest| rest.len() >= 4);
        let figure = |rest: &&str| {
            matches!(means(rest), Some(Concept::Price | Concept::Margin | Concept::Stock | Concept::Cost))
        };
        if let Some(rest) = rest.filter(figure) {
            return Some([word(meaning), word(rest)]);
        }
    }
    for ending in LAST {
        let Some(first) = whole.strip_suffix(ending).filter(|first| first.len() >= 4) else { continue };
        // “Abverkaufs-” and “Prospekt-”.
        for first in [first, first.strip_suffix('s').unwrap_or(first)] {
            let is_name = names.find(std::slice::from_ref(&word(first))).is_some();
            if is_name {
                return Some([word(first), word(ending)]);
            }
        }
    }
    None
}
