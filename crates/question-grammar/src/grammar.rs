//! From words to what is asked: every word gets its meaning, then the meanings decide.

mod advice;
mod conditions;
mod decide;
mod developing;
mod follow_up;
mod groups;
mod items;
mod matters;
mod measures;
mod spans;

use crate::intents::{Intent, Language, Reading};
use crate::names::{NameIndex, ProductLookup};
use crate::tokens::tokens;

use items::{Items, mark};

/// Fewest words that were not understood which make a question one that was not understood.
const MANY_STRANGE: usize = 2;

/// Reads a question.
pub fn understand(question: &str, names: &NameIndex, products: &dyn ProductLookup) -> Reading {
    understand_after(&[], question, names, products)
}

/// Reads a question that may lean on those before it, the newest first: “and Strompfeil?”.
pub fn understand_after(before: &[&str], question: &str, names: &NameIndex, products: &dyn ProductLookup) -> Reading {
    let words = tokens(question);
    let language = language_of(&words, question);
    let mut items: Items = mark(&words, names, products, language);
    let mut language = language;
    let mut after = None;
    if !words.is_empty()
        && follow_up::leans(&items)
        && let Some((whole, own)) = whole(before, names, products)
    {
        after = before.first().map(|question| (*question).to_owned());
        items = follow_up::after(&whole, &items);
        language = own;
    }
    let intent = if words.is_empty() { Intent::Help } else { decide::intent(&mut items) };
    let intent = if mostly_strange(&items, &intent) { Intent::NotUnderstood } else { intent };
    Reading {
        language,
        intent,
        price_list: items.price_list(),
        corrected: std::mem::take(&mut items.corrected),
        unused: std::mem::take(&mut items.strange),
        after,
    }
}

/// Whether a question may lean on the one before: only then that one need be looked up.
pub fn may_lean(question: &str) -> bool {
    follow_up::may_lean(&tokens(question))
}

/// The newest question with all that it leans on itself.
fn whole(before: &[&str], names: &NameIndex, products: &dyn ProductLookup) -> Option<(Items, Language)> {
    let (question, older) = before.split_first()?;
    let words = tokens(question);
    let language = language_of(&words, question);
    let items = mark(&words, names, products, language);
    if !follow_up::leans(&items) {
        return Some((items, language));
    }
    let (whole, language) = whole(older, names, products)?;
    Some((follow_up::after(&whole, &items), language))
}

/// Whether so little of a question was understood that its answer would be to another one.
fn mostly_strange(items: &Items, intent: &Intent) -> bool {
    let answers = !matches!(
        intent,
        Intent::NotUnderstood
            | Intent::NotHere { .. }
            | Intent::OutOfScope { .. }
            | Intent::Choose { .. }
            | Intent::Help
            | Intent::Order { .. }
    );
    let strange = items.strange.len();
    // What was only nearly a word that is known is less than understood.
    let understood = items.understood().saturating_sub(items.corrected.len());
    answers && strange >= MANY_STRANGE && strange >= understood
}

/// German when more of its small words occur than English ones.
fn language_of(tokens: &[crate::tokens::Token], question: &str) -> Language {
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
        "nach",
        "laufen",
        "laeuft",
        "gerade",
        "gibts",
        "gibt",
        "nix",
        "nichts",
        "aber",
        "aktion",
        "aktionen",
        "tagen",
        "tage",
        "wochen",
        "monaten",
        "umsaetze",
        "absatz",
        "bestand",
        "preisindex",
        "ggue",
        "gegenueber",
        "davon",
        "ausser",
        "mehr",
        "weniger",
        "sich",
        "noch",
        "nur",
        "auch",
        "zum",
        "zur",
        "vom",
        "beim",
        "aus",
        "setz",
        "mach",
        "bitte",
        "mal",
        "hat",
        "sortiment",
        "reichweite",
        "warengruppe",
        "kategorie",
        "kategorien",
        "lieferant",
        "ausnahmen",
        "vorschlaege",
        "freigabe",
        "alarm",
        "alarme",
        "welchem",
        "was",
        "wieviel",
        "wieviele",
        "anzahl",
    ];
    const ENGLISH: &[&str] = &[
        "the", "is", "are", "we", "us", "our", "where", "how", "why", "which", "and", "with", "not", "for", "if",
        "many", "have", "has", "price", "prices", "products", "show", "against", "below", "above", "what", "would",
        "no", "of", "to", "by", "me", "my", "rule", "rules", "margin", "did", "do", "does", "than", "list", "any",
        "at", "from", "their", "they", "there",
    ];
    let count = |words: &[&str]| tokens.iter().filter(|token| words.contains(&token.folded.as_str())).count();
    // Letters that English lacks decide where words do not.
    let umlauts = usize::from(question.chars().any(|letter| "äöüÄÖÜß".contains(letter)));
    let (german, english) = (count(GERMAN), count(ENGLISH));
    if german > english || (german == english && umlauts > 0) { Language::German } else { Language::English }
}
