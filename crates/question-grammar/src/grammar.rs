//! From words to what is asked: every word gets its meaning, then the meanings decide.

mod advice;
mod conditions;
mod decide;
mod developing;
mod groups;
mod items;
mod spans;

use crate::intents::{Intent, Language, Reading};
use crate::names::{NameIndex, ProductLookup};
use crate::tokens::tokens;

use items::{Items, mark};

/// Reads a question.
pub fn understand(question: &str, names: &NameIndex, products: &dyn ProductLookup) -> Reading {
    let tokens = tokens(question);
    let language = language_of(&tokens);
    let mut items: Items = mark(&tokens, names, products, language);
    let intent = if tokens.is_empty() { Intent::Help } else { decide::intent(&mut items) };
    Reading {
        language,
        intent,
        price_list: items.price_list(),
        corrected: std::mem::take(&mut items.corrected),
        unused: std::mem::take(&mut items.strange),
    }
}

/// German when more of its small words occur than English ones.
fn language_of(tokens: &[crate::tokens::Token]) -> Language {
    const GERMAN: &[&str] = &[
        "der",
        "die",
        "das",
        "den",
        "dem",
        "ist",
        "sind",
        "wir",
        "uns",
        "wo",
        "wie",
        "warum",
        "wieso",
        "welche",
        "welcher",
        "welches",
        "welchen",
        "und",
        "bei",
        "mit",
        "nicht",
        "ein",
        "eine",
        "einen",
        "fuer",
        "wenn",
        "viele",
        "haben",
        "hat",
        "kosten",
        "preis",
        "preise",
        "produkte",
        "artikel",
        "zeige",
        "zeig",
        "gegen",
        "unter",
        "ueber",
        "waere",
        "kein",
        "keine",
        "keinen",
        "von",
        "zu",
        "im",
        "um",
        "auf",
        "mich",
        "mir",
        "unsere",
        "unser",
        "regel",
        "regeln",
        "wettbewerber",
        "marge",
        "hilfe",
        "weshalb",
        "teurer",
        "billiger",
        "guenstiger",
        "gib",
        "schreib",
        "ohne",
        "lager",
        "zusammenfassung",
        "bericht",
        "groessten",
        "wer",
        "wann",
        "nenne",
        "aenderungen",
        "steht",
        "letzten",
        "umsatz",
        "entwickelt",
        "strategie",
        "preisstrategie",
        "verlaesslich",
        "sicher",
        "datei",
        "szenarien",
        "vergleiche",
        "schlag",
    ];
    const ENGLISH: &[&str] = &[
        "the", "is", "are", "we", "us", "our", "where", "how", "why", "which", "and", "with", "not", "for", "if",
        "many", "have", "has", "price", "prices", "products", "show", "against", "below", "above", "what", "would",
        "no", "of", "to", "by", "me", "my", "rule", "rules", "margin", "did", "do", "does", "than", "list", "in",
    ];
    let count = |words: &[&str]| tokens.iter().filter(|token| words.contains(&token.folded.as_str())).count();
    if count(GERMAN) > count(ENGLISH) { Language::German } else { Language::English }
}
