//! Words that mean something else beside others: “5 % more”, “top 5 sellers”, “cables” of several kinds.

use pricing_domain::GridFilter;

use super::items::{Item, Items, Mark};
use crate::intents::Quantity;
use crate::lexicon::Concept;
use crate::names::{Target, stem};
use crate::tokens::fold;

/// Gives such words their meaning.
pub(super) fn settle(items: &mut Items) {
    for place in 0..items.list.len() {
        let word = items.list[place].word.as_str();
        if is_verb_of_price(items, place) {
            items.list[place].mark = Mark::Concept(Concept::Price);
            continue;
        }
        let counted = place.checked_sub(1).is_some_and(|before| is_change(&items.list[before].mark));
        let meaning = match word {
            "selling" | "sold" | "sellers" if place.checked_sub(1).is_some_and(|before| is_end(items, before)) => {
                if items.list[place - 1].word == "worst" {
                    items.list[place - 1].mark = Mark::Concept(Concept::Smallest);
                }
                Concept::Units
            }
            "last" | "lasts" if lasts(items, place) => Concept::Cover,
            "more" | "mehr" if counted => Concept::Up,
            "less" | "weniger" if counted => Concept::Down,
            "smaller" | "kleiner" | "geringer" | "niedriger" | "lower" | "tiefer" if bounds(items, place) => {
                Concept::Below
            }
            "bigger" | "larger" | "greater" | "groesser" | "hoeher" | "higher" if bounds(items, place) => {
                Concept::Above
            }
            "sellers" if items.any(&[Concept::Biggest, Concept::Smallest]) => Concept::Units,
            _ => continue,
        };
        items.list[place].mark = Mark::Concept(meaning);
        let word = items.list[place].word.clone();
        items.strange.retain(|strange| strange.to_lowercase() != word);
    }
    spread(items);
}

/// “Worst”, “least”, “most”: an end of an order.
fn is_end(items: &Items, place: usize) -> bool {
    matches!(items.list[place].mark, Mark::Concept(Concept::Biggest | Concept::Smallest))
}

/// “How many days does the stock of headphones last”: the verb at the end.
fn lasts(items: &Items, place: usize) -> bool {
    let stock = items.list[..place].iter().any(|item| item.mark == Mark::Concept(Concept::Stock));
    let ends = items.list[place + 1..].iter().all(|item| item.mark == Mark::Concept(Concept::Stop));
    stock && ends && items.word(&["does", "do", "will", "would"])
}

/// “Margin smaller 5 %”: a number follows at once, with “than” between at most.
fn bounds(items: &Items, place: usize) -> bool {
    let after = items.list[place + 1..].iter().find(|item| item.mark != Mark::Concept(Concept::Than));
    after.is_some_and(|item| matches!(item.mark, Mark::Quantity(..) | Mark::Number(_)))
        && !items.any(&[Concept::WhatIf, Concept::Draft])
}

/// “Kettles that cost less than 40 €”, “welche kosten unter 40 €”: the verb is about prices, the noun about what we pay.
fn is_verb_of_price(items: &Items, place: usize) -> bool {
    const NOUN_AFTER: [&str; 22] = [
        "with", "a", "an", "the", "our", "whose", "their", "its", "unit", "landed", "of", "on", "by", "mit", "die",
        "den", "deren", "dessen", "ihre", "seine", "unsere", "hohe",
    ];
    let item = &items.list[place];
    let word = matches!(item.word.as_str(), "cost" | "costs" | "kosten");
    if !word || item.mark != Mark::Concept(Concept::Cost) || items.any(&[Concept::We]) {
        return false;
    }
    // “Unter 50 € kosten”, “if it costs 199”: the verb at the end, or of one product.
    let is_amount = |other: Option<&Item>| {
        other.is_some_and(|item| matches!(item.mark, Mark::Quantity(Quantity::Amount(_), _) | Mark::Number(_)))
    };
    let verb = item.word == "kosten" && !item.is_high;
    if verb && place.checked_sub(1).is_some_and(|before| is_amount(items.list.get(before))) {
        return true;
    }
    if items.has(Concept::WhatIf) {
        return items.has_sku() && item.word != "kosten" && is_amount(items.list.get(place + 1));
    }
    let noun = item.word == "kosten" && item.is_high;
    let before = place.checked_sub(1).map(|before| items.list[before].word.rsplit(' ').next().unwrap_or_default());
    let amount = items.list[place + 1..]
        .iter()
        .take(2)
        .any(|next| matches!(next.mark, Mark::Quantity(Quantity::Amount(_), _) | Mark::Number(_)));
    !noun && amount && before.is_some_and(|before| !NOUN_AFTER.contains(&before))
}

const fn is_change(mark: &Mark) -> bool {
    matches!(mark, Mark::Quantity(Quantity::Percent(_) | Quantity::Amount(_), _))
}

/// “Cables” are all kinds of cables: a word by which the names of several categories end means all of them.
fn spread(items: &mut Items) {
    let list = std::mem::take(&mut items.list);
    for item in list {
        match &item.mark {
            Mark::Choices(_, paths) if paths.iter().all(|path| ends_with(path, &item.word)) => {
                let category = |path: &String| Mark::Name(Target::Products(GridFilter::Category(path.clone())));
                items.list.extend(paths.iter().map(|path| Item { mark: category(path), ..item.clone() }));
            }
            _ => items.list.push(item),
        }
    }
}

fn ends_with(path: &str, word: &str) -> bool {
    let folded = fold(path);
    let last = folded.rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    let own = stem(word);
    stem(last) == own || crate::names::is_translation(last, own)
}
