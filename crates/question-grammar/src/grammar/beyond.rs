//! What a workspace cannot know of competitors: their margins and sales, and their prices in time to come.

use super::items::{Items, Mark};
use super::spans;
use crate::lexicon::Concept;

/// Verbs by which somebody has a figure.
const HAVE: [&str; 16] = [
    "has",
    "have",
    "hat",
    "haben",
    "makes",
    "make",
    "macht",
    "machen",
    "earns",
    "earn",
    "verdient",
    "verdienen",
    "erzielt",
    "sells",
    "verkauft",
    "sell",
];

/// What is asked of a competitor that nobody but it knows; the words of it.
pub(super) fn of_competitors(items: &Items) -> Option<String> {
    if items.any(&[Concept::WhatIf, Concept::Draft, Concept::Strategy, Concept::Spreadsheet]) {
        return None;
    }
    match items.competitor() {
        Some((place, _)) => theirs(items, place)
            .or_else(|| to_come(items, items.any(&THEIR_PRICES) || !items.has(Concept::We)))
            .or_else(|| they_will(items)),
        // What we shall sell is no sale of the last weeks.
        None if items.has(Concept::Cover) || !says(items, &WILL) => None,
        None => {
            let sales = items.any(&[Concept::Units, Concept::Margin]) || says(items, &["sell", "verkaufen"]);
            to_come(items, sales)
        }
    }
}

/// “Which margin has ElektroMax”, “ElektroMax's costs”: a figure is theirs where nothing of ours is in the question.
fn theirs(items: &Items, competitor: usize) -> Option<String> {
    let ours = [
        Concept::We,
        Concept::Against,
        Concept::Lose,
        Concept::Position,
        Concept::Cheaper,
        Concept::Dearer,
        Concept::Below,
        Concept::Above,
        Concept::Undercut,
        Concept::CheaperThanOurs,
        Concept::ExpensiveThanUs,
        Concept::Product,
        Concept::Lowest,
    ];
    if items.any(&ours) {
        return None;
    }
    // “Does ElektroMax sell NL-10001” is an offer; how many pieces is not.
    let counts = items.has(Concept::Count) || items.has(Concept::Pieces);
    let of_product = items.product().is_some() && !counts;
    let figure = items.list.iter().position(|item| {
        let figure = matches!(item.mark, Mark::Concept(Concept::Margin | Concept::Cost));
        let sales = item.mark == Mark::Concept(Concept::Units) && !of_product;
        (figure || sales) && !is_of_place(&item.word)
    })?;
    let word = |place: usize| items.list.get(place).map_or("", |item| item.word.as_str());
    let has = items.list.iter().any(|item| item.word.split(' ').any(|word| HAVE.contains(&word)));
    let of = figure < competitor && competitor > 0 && matches!(word(competitor - 1), "of" | "von" | "s");
    let before_it = figure == competitor + 1 || (figure == competitor + 2 && word(competitor + 1) == "s");
    (has || of || before_it).then(|| word(figure).to_owned())
}

/// “Sold out” and the like are no sales.
fn is_of_place(word: &str) -> bool {
    word.starts_with("sold out") || word.starts_with("ausverkauft")
}

/// Words of what is to come.
const WILL: [&str; 7] = ["will", "wird", "werden", "would", "going", "ll", "plans"];
/// What is asked of competitors' prices.
const THEIR_PRICES: [Concept; 8] = [
    Concept::Price,
    Concept::CompetitorPrice,
    Concept::Cheaper,
    Concept::Dearer,
    Concept::Change,
    Concept::Up,
    Concept::Down,
    Concept::Undercut,
];

/// “What will ElektroMax charge”: of what is to come, too, where no day is named.
fn they_will(items: &Items) -> Option<String> {
    (items.word(&["will"]) && (items.any(&THEIR_PRICES) || !items.has(Concept::We))).then(|| "will".to_owned())
}

fn place_of(items: &Items, list: &[&str]) -> Option<usize> {
    items.list.iter().position(|item| item.word.split(' ').any(|word| list.contains(&word)))
}

fn says(items: &Items, list: &[&str]) -> bool {
    place_of(items, list).is_some()
}

/// Days of the week, and its end.
pub(super) const WEEKDAYS: [&str; 15] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "weekend",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
];

/// “What will ElektroMax charge next week”: the words of the time to come.
fn to_come(items: &Items, is_about: bool) -> Option<String> {
    const NEXT: [&str; 8] =
        ["next", "naechste", "naechsten", "naechster", "naechstes", "kommende", "kommenden", "upcoming"];
    const TOMORROW: [&str; 2] = ["tomorrow", "morgen"];
    let unit = |place: usize| {
        items.list.get(place).is_some_and(|item| matches!(item.mark, Mark::Concept(concept) if spans::is_unit(concept)))
    };
    let weekday =
        |place: usize| items.list.get(place).is_some_and(|item| WEEKDAYS.iter().any(|day| item.word.starts_with(day)));
    let next = place_of(items, &NEXT)
        .filter(|place| unit(*place + 1) || weekday(*place + 1) || items.list[*place].word.contains(' '));
    let next = next.or_else(|| (0..items.list.len()).find(|place| weekday(*place)).filter(|_| says(items, &WILL)));
    let when = next.or_else(|| place_of(items, &TOMORROW)).or_else(|| {
        let counted =
            (0..items.list.len()).find(|place| items.list[*place].word == "in" && items.counts_time(*place + 1));
        counted.filter(|_| says(items, &WILL))
    })?;
    if !is_about || items.any(&[Concept::Collected, Concept::Pages]) {
        return None;
    }
    let words = items.list[when..].iter().take(3).take_while(|item| !matches!(item.mark, Mark::Name(_)));
    Some(words.map(|item| item.word.as_str()).collect::<Vec<_>>().join(" "))
}
