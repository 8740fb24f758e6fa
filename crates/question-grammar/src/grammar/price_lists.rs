//! Our prices of one list beside those of another.

use super::conditions::limit;
use super::items::{Items, Mark};
use crate::intents::{Direction, Intent};
use crate::lexicon::Concept;
use crate::names::Target;

/// The price lists that are named, each once.
pub(super) fn named(items: &Items) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for item in &items.list {
        if let Mark::Name(Target::PriceList(code)) = &item.mark
            && !codes.contains(code)
        {
            codes.push(code.clone());
        }
    }
    codes
}

/// “Dearer in Austria than in Germany”, “the price difference between Germany and Austria”.
pub(super) fn between_lists(items: &Items) -> Option<Intent> {
    let codes = named(items);
    let [list, other] = codes.as_slice() else { return None };
    let compared = [
        Concept::Dearer,
        Concept::Cheaper,
        Concept::Above,
        Concept::Below,
        Concept::Against,
        Concept::Position,
        Concept::Price,
        Concept::Than,
        Concept::Up,
        Concept::Down,
        Concept::Cost,
    ];
    let figures = [
        Concept::Margin,
        Concept::Units,
        Concept::Stock,
        Concept::OutOfStock,
        Concept::Competitor,
        Concept::Change,
        Concept::Proposal,
        Concept::Rule,
        Concept::WhatIf,
        Concept::Draft,
    ];
    if items.competitor().is_some() || items.any(&figures) || items.percent().is_some() || !items.any(&compared) {
        return None;
    }
    let dearer = items.any(&[Concept::Dearer, Concept::Above, Concept::Up]);
    let cheaper = items.any(&[Concept::Cheaper, Concept::Below, Concept::Down]);
    let side = match (dearer, cheaper) {
        (true, false) => Some(Direction::Up),
        (false, true) => Some(Direction::Down),
        _ => None,
    };
    Some(Intent::BetweenLists {
        scope: items.scope(),
        list: list.clone(),
        other: other.clone(),
        side,
        limit: limit(items),
    })
}
