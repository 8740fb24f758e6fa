//! What a change must bring or may cost in pieces, and how far prices can fall before nothing is earned.

use super::assumed::supposed;
use super::items::{Items, Mark};
use crate::intents::Intent;
use crate::lexicon::Concept;

const MORE: [&str; 9] =
    ["more", "extra", "additional", "additionally", "mehr", "zusaetzlich", "zusaetzliche", "weitere", "further"];
const NEEDED: [&str; 18] = [
    "must",
    "need",
    "needs",
    "needed",
    "required",
    "muss",
    "muessen",
    "muesste",
    "muessten",
    "noetig",
    "brauche",
    "brauchen",
    "braucht",
    "notwendig",
    "erforderlich",
    "braeuchte",
    "braeuchten",
    "gotta",
];
const SELLING: [&str; 11] =
    ["sell", "shift", "move", "verkaufen", "absetzen", "loswerden", "volume", "pieces", "units", "stueck", "menge"];
const MAY: [&str; 12] = [
    "can",
    "could",
    "may",
    "afford",
    "darf",
    "duerfen",
    "duerfte",
    "kann",
    "koennen",
    "koennte",
    "koennten",
    "verkraften",
];
const BEFORE: [&str; 9] = ["before", "until", "without", "till", "ohne", "bevor", "bis", "ehe", "so that"];

/// The same margin in money at other prices, or the price at which nothing is left.
pub(super) fn break_even(items: &Items) -> Option<Intent> {
    let other = [
        Concept::Rule,
        Concept::Draft,
        Concept::Strategy,
        Concept::Promotion,
        Concept::Needs,
        Concept::Proposal,
        Concept::Scenarios,
        Concept::Spreadsheet,
    ];
    if items.any(&other) {
        return None;
    }
    let asked = items.has(Concept::BreakEven) || more_pieces(items) || fewer_pieces(items);
    let change = supposed(items).filter(|_| asked);
    let bound = items.percent().is_some() || items.amount().is_some();
    let alone = !bound && items.competitor().is_none() && change.is_none();
    let far =
        (items.any(&[Concept::HowFar, Concept::BreakEven]) || lowest_before_loss(items) || from_which_price(items))
            && alone;
    (change.is_some() || far).then(|| Intent::BreakEven { scope: items.scope(), supposed: change })
}

/// “Ab welchem Preis machen wir damit Verlust”, “at what price do we lose money on it”.
fn from_which_price(items: &Items) -> bool {
    let from = items.list.windows(2).any(|pair| {
        matches!(pair[0].word.as_str(), "ab" | "at" | "from" | "below" | "unter")
            && ["what", "which", "welchem"].iter().any(|word| pair[1].word.starts_with(word))
    });
    from && items.has(Concept::Price) && items.any(&[Concept::BelowCost, Concept::Lose])
}

/// Whether the last word of any phrase is one of these.
fn says(items: &Items, words: &[&str]) -> bool {
    items.list.iter().any(|item| item.word.split(' ').any(|word| words.contains(&word)))
}

/// “How many more must we sell”: what is needed, not what would come.
fn more_pieces(items: &Items) -> bool {
    let has_to = items.list.windows(2).any(|pair| {
        matches!(pair[0].word.as_str(), "have" | "has" | "haben" | "habe")
            && matches!(pair[1].word.as_str(), "to" | "zu")
    });
    let needed = has_to || says(items, &NEEDED) || items.word(&["ab"]);
    let selling = says(items, &SELLING) || items.any(&[Concept::Units, Concept::Pieces]);
    items.has(Concept::Count) && says(items, &MORE) && needed && selling
}

/// “How much volume can we lose”.
fn fewer_pieces(items: &Items) -> bool {
    let pieces = says(items, &SELLING) || items.any(&[Concept::Units, Concept::Pieces]);
    items.has(Concept::Count) && items.has(Concept::Lose) && pieces && says(items, &MAY)
}

/// “The lowest price before we lose money”, “wie billig, ohne draufzuzahlen”.
fn lowest_before_loss(items: &Items) -> bool {
    let at = |item: &super::items::Item| item.word.split(' ').any(|word| BEFORE.contains(&word));
    let Some(before) = items.list.iter().position(at) else { return false };
    let loss = |mark: &Mark| matches!(mark, Mark::Concept(Concept::BelowCost | Concept::Lose));
    let price = [Concept::Lowest, Concept::Down, Concept::Cheaper];
    items.list[before..].iter().any(|item| loss(&item.mark)) && items.any(&price)
}
