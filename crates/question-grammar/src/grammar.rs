//! From words to what is asked: every word gets its meaning, then the meanings decide.

mod about_product;
mod advice;
mod assumed;
mod beside;
mod beyond;
mod break_even;
mod calendar;
mod colours;
mod compounds;
mod conditions;
mod decide;
mod developing;
mod follow_up;
mod groups;
mod items;
mod matters;
mod measures;
mod precise;
mod price_lists;
mod sheet;
mod spans;
mod statistics;
mod strange;
mod taken;
mod takes;
mod thresholds;
mod totals;

use crate::intents::{Intent, Language, Reading};
use crate::names::{NameIndex, ProductLookup};
use crate::tokens::tokens;

use follow_up::Pointing;
use items::{Items, mark};

/// Reads a question.
pub fn understand(question: &str, names: &NameIndex, products: &dyn ProductLookup) -> Reading {
    understand_after(&[], question, names, products)
}

/// Reads a question that may lean on those before it, the newest first: “and Strompfeil?”.
pub fn understand_after(before: &[&str], question: &str, names: &NameIndex, products: &dyn ProductLookup) -> Reading {
    let Resolved { mut items, language, leans, settled } = resolve(before, question, names, products);
    let is_empty = items.list.is_empty();
    let read = |items: &mut Items| if is_empty { Intent::Help } else { decide::intent(items) };
    let intent = settled.unwrap_or_else(|| read(&mut items));
    let aside = precise::left_aside(&items, &intent, question);
    let misread = matches!(intent, Intent::NotKept { .. }) && !items.strange.is_empty();
    let intent = if aside.is_empty() && !misread { intent } else { Intent::NotUnderstood };
    if !aside.is_empty() {
        items.strange = aside;
    }
    let between_lists = matches!(intent, Intent::BetweenLists { .. });
    Reading {
        language,
        intent,
        price_list: items.price_list().filter(|_| !between_lists),
        corrected: std::mem::take(&mut items.corrected),
        unused: std::mem::take(&mut items.strange),
        after: before.first().filter(|_| leans).map(|question| (*question).to_owned()),
    }
}

/// A question with what it takes from those before it.
struct Resolved {
    items: Items,
    language: Language,
    /// Whether it takes anything.
    leans: bool,
    /// What it asks for, where that needs no reading any more.
    settled: Option<Intent>,
}

/// Puts into a question what it takes from those before it: the question itself, who was named, the product that was
/// asked about.
fn resolve(before: &[&str], question: &str, names: &NameIndex, products: &dyn ProductLookup) -> Resolved {
    let words = tokens(question);
    let language = language_of(&words, question);
    let mut items: Items = mark(&words, names, products, language);
    let whole = || {
        let (question, older) = before.split_first()?;
        let resolved = resolve(older, question, names, products);
        Some((resolved.items, resolved.language))
    };
    let own = |items: Items| Resolved { items, language, leans: false, settled: None };
    if follow_up::points(&items) {
        let whole = whole();
        match follow_up::pointing(whole.as_ref().map(|(items, _)| items), &items) {
            Some(Pointing::At(pointed)) => {
                let leant = whole.filter(|_| follow_up::leans(&pointed));
                let leant = leant.and_then(|(whole, language)| Some((follow_up::after(&whole, &pointed)?, language)));
                let (items, language) = leant.unwrap_or((pointed, language));
                return Resolved { items, language, leans: true, settled: None };
            }
            Some(Pointing::AnyOf(choices)) => {
                let settled = Some(Intent::Choose { word: choices.join(", "), choices });
                return Resolved { settled, ..own(items) };
            }
            Some(Pointing::Nobody(word)) => {
                items.strange.push(word);
                return Resolved { settled: Some(Intent::NotUnderstood), ..own(items) };
            }
            None => {}
        }
    }
    if follow_up::leans(&items) {
        let leant = whole().and_then(|(whole, language)| Some((follow_up::after(&whole, &items)?, language)));
        if let Some((items, language)) = leant {
            return Resolved { items, language, leans: true, settled: None };
        }
    }
    if follow_up::points_at_product(&items)
        && asks_of_everything(&items)
        && let Some((whole, _)) = whole()
        && let Some(items) = follow_up::at_product(&whole, &items)
    {
        return Resolved { leans: true, ..own(items) };
    }
    if let Some(word) = follow_up::word_at_them(&items)
        && !before.is_empty()
        && asks_of_everything(&items)
        && let Some((mut whole, _)) = whole()
    {
        let found = decide::intent(&mut whole);
        let asked = decide::intent(&mut items.clone());
        return match follow_up::of_found(&found, &asked) {
            Some(intent) => Resolved { leans: true, settled: Some(intent), ..own(items) },
            None if matches!(found, Intent::Find { .. }) => {
                items.strange.push(word);
                Resolved { settled: Some(Intent::NotUnderstood), ..own(items) }
            }
            None => own(items),
        };
    }
    own(items)
}

/// Whether a question points at one product that it does not name: “who is cheapest on that one?”.
pub fn points_at_one(question: &str, names: &NameIndex, products: &dyn ProductLookup) -> bool {
    let words = tokens(question);
    let items = mark(&words, names, products, language_of(&words, question));
    follow_up::points_at_product(&items) && asks_of_everything(&items)
}

/// Reads a question while a file of competitors' prices is at hand; `None`: it asks for something else. The names have the
/// competitors of the file too.
pub fn understand_with_file(
    before: &[&str],
    question: &str,
    names: &NameIndex,
    products: &dyn ProductLookup,
) -> Option<Reading> {
    let Resolved { mut items, language, leans, settled } = resolve_leaning(before, question, names, products);
    if items.list.is_empty() || settled.is_some() {
        return None;
    }
    let after = before.first().filter(|_| leans).map(|question| (*question).to_owned());
    let (intent, unused) = match sheet::asked(&mut items) {
        sheet::Asked::Else => return None,
        sheet::Asked::Of(question) => (Intent::File(question), Vec::new()),
        sheet::Asked::Beyond(words) => (Intent::NotUnderstood, words),
    };
    let corrected = std::mem::take(&mut items.corrected);
    Some(Reading { language, intent, price_list: items.price_list(), corrected, unused, after })
}

/// Whether a question may lean on the one before: only then that one need be looked up.
pub fn may_lean(question: &str) -> bool {
    follow_up::may_lean(&tokens(question))
}

/// The same of a short question alone: who “they” are is told by the file.
fn resolve_leaning(before: &[&str], question: &str, names: &NameIndex, products: &dyn ProductLookup) -> Resolved {
    let words = tokens(question);
    let language = language_of(&words, question);
    let items: Items = mark(&words, names, products, language);
    let leant = before.split_first().filter(|_| follow_up::leans(&items)).and_then(|(question, older)| {
        let whole = resolve_leaning(older, question, names, products);
        Some((follow_up::after(&whole.items, &items)?, whole.language))
    });
    match leant {
        Some((items, language)) => Resolved { items, language, leans: true, settled: None },
        None => Resolved { items, language, leans: false, settled: None },
    }
}

/// Whether a question that names nothing would be answered about everything, or not at all.
fn asks_of_everything(items: &Items) -> bool {
    match decide::intent(&mut items.clone()) {
        Intent::Find { scope, .. }
        | Intent::Total { scope, .. }
        | Intent::Statistic { scope, .. }
        | Intent::Trend { scope, .. }
        | Intent::Changes { scope, .. }
        | Intent::Compare { scope, .. }
        | Intent::NotKept { scope, .. }
        | Intent::Promotions { scope, .. }
        | Intent::Demand { scope } => scope.is_all(),
        Intent::NotUnderstood | Intent::Science | Intent::Rules(_) => true,
        _ => false,
    }
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
        "at", "from", "their", "they", "there", "please", "draft", "compare", "top", "cheaper", "dearer", "give",
        "tell", "match", "by", "per", "stock", "without", "who", "when", "should", "could", "can", "you", "it", "its",
        "or",
    ];
    let count = |words: &[&str]| tokens.iter().filter(|token| words.contains(&token.folded.as_str())).count();
    // Letters that English lacks decide where words do not.
    let umlauts = usize::from(question.chars().any(|letter| "äöüÄÖÜß".contains(letter)));
    let (german, english) = (count(GERMAN), count(ENGLISH));
    if german > english || (german == english && umlauts > 0) { Language::German } else { Language::English }
}
