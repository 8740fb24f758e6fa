//! Questions about one product: what about it is asked for.

use super::developing::{product_over_time, sold};
use super::items::{Items, Mark};
use super::spans::Span;
use super::thresholds::thresholds;
use crate::intents::{Aspect, Direction, Intent};
use crate::lexicon::Concept;
use crate::names::Target;

/// More products than this share the words: they are a group and not a product.
const FEW_PRODUCTS: usize = 20;

pub(super) fn about_product(items: &Items) -> Option<Intent> {
    let words = items.product()?;
    let few = items.has_sku() || items.product_matches <= FEW_PRODUCTS;
    let competitor = items.competitor().map(|(_, name)| name);
    let others = competitor.is_some() || items.any(&[Concept::Competitor, Concept::CompetitorPrice]);
    let usual_sales = sold(items) && items.span().is_some_and(Span::is_usual);
    let over_time = items.has(Concept::History) || (items.span().is_some() && !usual_sales);
    let wants_list = !items.has_sku() && (!thresholds(items).is_empty() || items.has(Concept::Count));
    let aspect = if let Some(aspect) = super::matters::aspect(items) {
        aspect
    } else if items.has(Concept::Why) && !items.has(Concept::History) {
        Aspect::Why
    } else if wants_list {
        return None;
    } else if items.any(&[Concept::Proposal, Concept::Problem]) && !items.any(&[Concept::Promotion, Concept::Count]) {
        Aspect::Why
    } else if items.any(&[Concept::Science, Concept::Grade]) {
        Aspect::Elasticity
    } else if over_time {
        match product_over_time(items) {
            Some(series) => return few.then(|| Intent::NotKept { series, scope: items.scope() }),
            None => Aspect::History,
        }
    } else if items.any(&[Concept::OutOfStock, Concept::Stock]) && competitor.is_none() {
        Aspect::Stock
    } else if competitor.is_none()
        && (items.has(Concept::Lowest) || (items.any(&[Concept::Cheaper, Concept::Undercut]) && others))
    {
        Aspect::Cheapest
    } else if others || items.any(&[Concept::Position, Concept::Against, Concept::Undercut]) {
        Aspect::Offers
    } else if items.has(Concept::Cost) && items.word(&["does", "do"]) && !items.has(Concept::We) {
        // “What does it cost”: the verb.
        Aspect::Price
    } else if items.any(&[Concept::Margin, Concept::Cost, Concept::BelowCost]) {
        Aspect::Margin
    } else if items.any(&[Concept::Brands, Concept::Categories, Concept::Suppliers]) {
        Aspect::Kind
    } else if items.has(Concept::Change) && tells_when(items) {
        Aspect::History
    } else if is_new_price(items) {
        Aspect::Why
    } else if items.any(&[Concept::Promotion, Concept::Locked]) {
        Aspect::State
    } else if items.any(&[
        Concept::Up,
        Concept::Down,
        Concept::Cheaper,
        Concept::Dearer,
        Concept::Change,
        Concept::Proposal,
    ]) {
        Aspect::Why
    } else if sold(items) {
        Aspect::Units
    } else if items.has(Concept::Price) {
        Aspect::Price
    } else {
        Aspect::Overview
    };
    let moved = moved(items).filter(|_| aspect == Aspect::Why && competitor.is_none());
    let of = |aspect| Intent::Product { words: words.clone(), aspect, competitor: competitor.clone(), moved };
    let several = several_aspects(items, aspect);
    if few && several.len() > 1 {
        return Some(Intent::Each(several.into_iter().map(of).collect()));
    }
    (few || aspect == Aspect::Why).then(|| of(aspect))
}

/// “Price, margin and stock of …”: each of the figures that are named, in their order.
fn several_aspects(items: &Items, aspect: Aspect) -> Vec<Aspect> {
    let plain = [Aspect::Price, Aspect::Margin, Aspect::Stock, Aspect::Units, Aspect::Offers, Aspect::Cheapest];
    if !plain.contains(&aspect) || items.any(&[Concept::BelowCost, Concept::OutOfStock, Concept::WhatIf]) {
        return Vec::new();
    }
    let others = matches!(aspect, Aspect::Offers | Aspect::Cheapest);
    let mut found: Vec<Aspect> = Vec::new();
    for item in &items.list {
        let named = match item.mark {
            Mark::Concept(Concept::Stock) => Aspect::Stock,
            Mark::Concept(Concept::Margin) => Aspect::Margin,
            Mark::Concept(Concept::Cost) if aspect != Aspect::Price => Aspect::Margin,
            Mark::Concept(Concept::Units) => Aspect::Units,
            Mark::Concept(Concept::Price) if !others => Aspect::Price,
            Mark::Concept(Concept::Competitor | Concept::CompetitorPrice | Concept::Lowest)
            | Mark::Name(Target::Competitor(_))
                if others =>
            {
                aspect
            }
            _ => continue,
        };
        if !found.contains(&named) {
            found.push(named);
        }
    }
    found
}

/// “The new price”: what is proposed, beside what stands.
fn is_new_price(items: &Items) -> bool {
    items.list.iter().any(|item| {
        item.mark == Mark::Concept(Concept::Price) && ["new ", "neue"].iter().any(|word| item.word.starts_with(word))
    })
}

/// “When did we last change it”, “zuletzt geändert”.
fn tells_when(items: &Items) -> bool {
    items.list.iter().any(|item| {
        item.mark == Mark::Concept(Concept::Collected)
            && ["when", "wann", "zuletzt", "since", "seit", "last"].iter().any(|word| item.word.starts_with(word))
    })
}

/// The way that a price is said to have gone already: “why did we drop …”, not “why should …” and not “why is … so dear”.
fn moved(items: &Items) -> Option<Direction> {
    const NOT_YET: &[&str] = &[
        "want", "wants", "supposed", "should", "will", "would", "could", "can", "may", "soll", "sollen", "sollte",
        "will", "willst", "wollen", "kann", "muss", "must",
    ];
    if items.any(&[Concept::Not, Concept::Without, Concept::Than, Concept::Proposal, Concept::Needs]) {
        return None;
    }
    if items.list.iter().any(|item| item.word.split(' ').any(|word| NOT_YET.contains(&word))) {
        return None;
    }
    let compared = |beginnings: &[&str]| {
        items.list.iter().any(|item| beginnings.iter().any(|beginning| item.word.starts_with(beginning)))
    };
    let down = items.has(Concept::Down) || compared(&["cheaper", "billiger", "guenstiger", "preiswerter"]);
    let up = items.has(Concept::Up) || compared(&["dearer", "more expensive", "pricier", "costlier", "teurer"]);
    match (up, down) {
        (true, false) => Some(Direction::Up),
        (false, true) => Some(Direction::Down),
        _ => None,
    }
}
