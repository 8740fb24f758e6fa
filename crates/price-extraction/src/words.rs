//! The words of shops in many languages: availability, and what a button says.

pub(crate) mod context;

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Input, MatchKind};
use pricing_domain::Availability;

use crate::price_text::words::whole_word;
use context::{fold, is_all_said, is_denied, is_from_a_day, is_soon};

struct Lexicon {
    words: AhoCorasick,
    meanings: Vec<Meaning>,
}

/// What a phrase of the list means.
#[derive(Clone, Copy)]
enum Meaning {
    /// This, wherever it stands.
    Says(Availability),
    /// This, where it is all that is said: “Unavailable” and not “image unavailable”.
    Alone(Availability),
    /// Nothing, and the shorter phrases in it neither: “back in stock”.
    Nothing,
}

static AVAILABILITY: LazyLock<Lexicon> = LazyLock::new(|| {
    let (mut phrases, mut meanings) = (Vec::new(), Vec::new());
    for line in include_str!("../data/availability.tsv").lines().filter(|line| !line.starts_with('#')) {
        let (name, words) = line.split_once('\t').expect("two columns");
        let named = |name: &str| name.parse().expect("a name of schema.org");
        let meaning = match name.strip_suffix('!') {
            _ if name == "-" => Meaning::Nothing,
            Some(name) => Meaning::Alone(named(name)),
            None => Meaning::Says(named(name)),
        };
        for phrase in words.split('|') {
            phrases.push(fold(phrase));
            meanings.push(meaning);
        }
    }
    let words = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&phrases);
    Lexicon { words: words.expect("the list of words is small"), meanings }
});

/// Words of denial directly before words of stock, in languages that put them there.
const DENIALS: [&str; 32] = [
    "not",
    "no",
    "nicht",
    "nicht mehr",
    "nicht sofort",
    "kein",
    "keine",
    "pas",
    "plus",
    "non",
    "no está",
    "non è",
    "niet",
    "nie",
    "nie jest",
    "není",
    "nie je",
    "nincs",
    "nem",
    "nu",
    "nu este",
    "не",
    "нет",
    "ej",
    "inte",
    "ikke",
    "ei",
    "ei ole",
    "pole",
    "nav",
    "nėra",
    "yok",
];

/// What a short text says about stock, by its first words that say something decisive. Refusals outweigh promises.
pub(crate) fn availability_in_text(text: &str) -> Option<Availability> {
    let lower = fold(text);
    let lexicon = &*AVAILABILITY;
    let mut best: Option<Availability> = None;
    let mut at = 0;
    while let Some(hit) = lexicon.words.find(Input::new(&lower).range(at..)) {
        let (before, after) = (&lower[..hit.start()], &lower[hit.end()..]);
        at = hit.end();
        if cuts_number(&lower, hit.start(), hit.end()) {
            // “0 in stock” in “10 in stock”: the words behind the digit still count.
            at = hit.start() + 1;
            continue;
        }
        if !whole_word(&lower, hit.start(), hit.end()) {
            continue;
        }
        let meaning = match lexicon.meanings[hit.pattern()] {
            Meaning::Nothing if is_soon(before, after) => Availability::OutOfStock,
            Meaning::Nothing => continue,
            Meaning::Alone(_) if !is_all_said(before, after) => continue,
            Meaning::Says(Availability::InStock) => in_stock(before, after),
            Meaning::Says(meaning) | Meaning::Alone(meaning) => meaning,
        };
        if best.is_none_or(|known| weight(meaning) > weight(known)) {
            best = Some(meaning);
        }
    }
    best
}

/// What words of stock say between these.
fn in_stock(before: &str, after: &str) -> Availability {
    match () {
        () if denied(before) || is_denied(before) || is_soon(before, after) => Availability::OutOfStock,
        () if is_from_a_day(after) => Availability::BackOrder,
        () => Availability::InStock,
    }
}

/// Whether a phrase begins or ends within a number: “0 in stock” in “10 in stock”.
fn cuts_number(text: &str, start: usize, end: usize) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    let at = |place: Option<usize>| place.and_then(|place| bytes.get(place));
    is_digit(at(Some(start))) && is_digit(at(start.checked_sub(1)))
        || is_digit(at(end.checked_sub(1))) && is_digit(at(Some(end)))
}

fn denied(before: &str) -> bool {
    let before = before.trim_end();
    DENIALS
        .iter()
        .any(|denial| before.ends_with(denial) && whole_word(before, before.len() - denial.len(), before.len()))
}

fn weight(availability: Availability) -> u8 {
    match availability {
        Availability::OutOfStock => 6,
        Availability::SoldOut => 5,
        Availability::Discontinued => 4,
        Availability::PreOrder | Availability::BackOrder => 3,
        Availability::LimitedAvailability => 2,
        Availability::InStoreOnly => 1,
        _ => 0,
    }
}

/// An availability by its schema.org name, in any of the spellings in use, or in ordinary words.
pub(crate) fn availability_in_markup(text: &str) -> Option<Availability> {
    let name = text.trim().trim_end_matches('/').rsplit(['/', '#']).next().unwrap_or(text).trim();
    let compact: String = name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let named = Availability::ALL.iter().find(|value| value.as_str().eq_ignore_ascii_case(&compact));
    match (named, compact.as_str()) {
        (Some(named), _) => Some(*named).filter(|named| *named != Availability::Unknown),
        (
            None,
            "instock" | "available" | "true" | "1" | "yes" | "availablefororder" | "inventory" | "onlineonlyinstock",
        ) => Some(Availability::InStock),
        (None, "oos" | "false" | "0" | "no" | "unavailable" | "notavailable" | "outofstok" | "outstock") => {
            Some(Availability::OutOfStock)
        }
        (None, "pending" | "reserved" | "madetoorder") => Some(Availability::BackOrder),
        (None, "availablefororderpreorder" | "presale" | "preorderable") => Some(Availability::PreOrder),
        _ => availability_in_text(text),
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::Availability;

    use super::{availability_in_markup, availability_in_text};

    #[test]
    fn a_promise_for_later_says_nothing_and_a_bare_refusal_does() {
        assert_eq!(availability_in_text("You can get an email alert when this product is back in stock."), None);
        assert_eq!(availability_in_text("Unavailable"), Some(Availability::OutOfStock));
        assert_eq!(availability_in_text("Недоступно."), Some(Availability::OutOfStock));
        assert_eq!(availability_in_text("Image not available"), None);
        assert_eq!(availability_in_text("Gift wrapping is not available for this item"), None);
        assert_eq!(availability_in_text("This product isn’t available right now"), Some(Availability::OutOfStock));
    }

    #[test]
    fn a_denial_is_never_read_as_stock() {
        for text in [
            "Nicht lieferbar",
            "nicht sofort lieferbar",
            "Not in stock",
            "nie je skladom",
            "Pole saadaval",
            "Нет в наличии",
        ] {
            assert_eq!(availability_in_text(text), Some(Availability::OutOfStock), "{text}");
        }
        assert_eq!(availability_in_text("Sofort lieferbar"), Some(Availability::InStock));
        for text in [
            "10 in stock",
            "Plus de 10 en stock",
            "Only 3 left in stock - order soon.",
            "Not sold in stores, available online",
        ] {
            assert!(availability_in_text(text).is_some_and(Availability::buyable), "{text}");
        }
        assert_eq!(availability_in_text("0 in stock"), Some(Availability::OutOfStock));
        assert_eq!(availability_in_text("Lieferbar ab 15.12.2026"), Some(Availability::BackOrder));
        assert_eq!(availability_in_text("banana"), None);
    }

    #[test]
    fn stock_is_read_in_the_words_of_many_languages() {
        let lines = include_str!("../tests/cases/availability_texts.tsv").lines().filter(|line| !line.starts_with('#'));
        let mut languages = std::collections::HashSet::new();
        for line in lines {
            let [language, meaning, text] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let meaning: Availability = meaning.parse().expect("a name of schema.org");
            assert_eq!(availability_in_text(text), Some(meaning), "{line}");
            languages.insert(language);
        }
        assert!(languages.len() >= 25);
    }

    #[test]
    fn markup_names_are_read_in_all_spellings() {
        for text in ["http://schema.org/OutOfStock", "out of stock", "OutOfStock", "https://schema.org/outofstock/"] {
            assert_eq!(availability_in_markup(text), Some(Availability::OutOfStock), "{text}");
        }
        assert_eq!(availability_in_markup("instock"), Some(Availability::InStock));
        assert_eq!(
            availability_in_markup("http://schema.org/LimitedAvailability"),
            Some(Availability::LimitedAvailability)
        );
    }
}
