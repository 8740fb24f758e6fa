//! Rules that are spelt out and assumptions: percentages, steps and prices with their direction.

use pricing_domain::{BasisPoints, GridFilter};

use super::items::{Items, Mark};
use super::thresholds::thresholds;
use crate::intents::{Direction, DraftStrategy, Intent, Supposed};
use crate::lexicon::Concept;
use crate::names::Target;

/// Up or down, by a sign or by the word that is nearest to the number.
fn direction(items: &Items, place: usize, sign: Option<char>) -> Option<Direction> {
    match sign {
        Some('-') => return Some(Direction::Down),
        Some('+') => return Some(Direction::Up),
        _ => {}
    }
    let way = |mark: &Mark| match mark {
        Mark::Concept(Concept::Down | Concept::Cheaper | Concept::Minus | Concept::Undercut | Concept::Discount) => {
            Some(Direction::Down)
        }
        Mark::Concept(Concept::Up | Concept::Dearer | Concept::Plus) => Some(Direction::Up),
        _ => None,
    };
    let found = items.list.iter().enumerate().filter_map(|(at, item)| Some((at.abs_diff(place), way(&item.mark)?)));
    found.min_by_key(|(distance, _)| *distance).map(|(_, way)| way)
}

/// A rule that is spelt out.
pub(super) fn draft(items: &Items) -> Option<Intent> {
    if items.any(&[Concept::Never, Concept::Count]) {
        return None;
    }
    let begins = items.list.first().is_some_and(|item| item.mark == Mark::Concept(Concept::Rule));
    let spelt_out = begins && items.percent().is_some() && !items.any(&[Concept::Fire, Concept::WhatIf, Concept::Why]);
    let wanted = items.has(Concept::Draft) || spelt_out || (items.has(Concept::Write) && items.has(Concept::Rule));
    let below_somebody = items.has(Concept::WhatIf)
        && items.any(&[Concept::Below, Concept::Above])
        && (items.competitor().is_some() || items.has(Concept::Lowest));
    if !wanted && !below_somebody {
        return None;
    }
    let competitor = items.competitor().map(|(_, name)| name);
    let against = competitor.is_some()
        || items.any(&[Concept::Lowest, Concept::MatchPrice, Concept::Competitor, Concept::CompetitorPrice]);
    let percent = items.percent();
    let scope = items.scope();
    if against {
        let change = match percent {
            Some((place, share, sign)) => {
                let below = items.has(Concept::Below) || direction(items, place, sign) == Some(Direction::Down);
                BasisPoints(if below { -share.0 } else { share.0 })
            }
            None => BasisPoints(0),
        };
        return Some(Intent::Draft { scope, strategy: DraftStrategy::Against { competitor, change } });
    }
    let (_, margin, _) = percent.filter(|_| items.has(Concept::Margin))?;
    Some(Intent::Draft { scope, strategy: DraftStrategy::Margin(margin) })
}

/// An assumption.
pub(super) fn what_if(items: &Items) -> Option<Intent> {
    let asked = items.has(Concept::WhatIf);
    let moved = items.any(&[
        Concept::Down,
        Concept::Up,
        Concept::Cheaper,
        Concept::Dearer,
        Concept::Plus,
        Concept::Minus,
        Concept::Discount,
    ]);
    let percent = items.percent();
    let signed = matches!(percent, Some((_, _, Some(_))));
    let searches =
        !thresholds(items).is_empty() || items.any(&[Concept::Why, Concept::Count, Concept::Proposal, Concept::Than]);
    let by_amount = items.amount().is_some_and(|(place, _, sign)| sign.is_some() || steps_beside(items, place));
    let commanded = (percent.is_some() || (by_amount && !asks_which(items)))
        && (moved || signed)
        && !searches
        && items.product().is_none_or(|_| items.has_sku());
    let amount = items.amount().map(|(_, amount, _)| amount).or_else(|| bare_price(items));
    let margin_at = items.has(Concept::Margin) && items.has_sku() && !searches;
    let stepped = items.amount().is_some_and(|(place, ..)| steps(items) && !is_target(items, place));
    if let Some(amount) = amount.filter(|_| margin_at && items.competitor().is_none() && !stepped) {
        return Some(Intent::WhatIf { scope: items.scope(), supposed: Supposed::PriceAt(amount) });
    }
    if (!asked && !commanded) || items.has(Concept::Why) {
        return None;
    }
    Some(Intent::WhatIf { scope: items.scope(), supposed: supposed(items)? })
}

/// The change that is assumed.
pub(super) fn supposed(items: &Items) -> Option<Supposed> {
    let competitor = items.competitor();
    if let Some((place, share, sign)) = items.percent() {
        if counts_pieces(items, place) {
            return None;
        }
        let way = direction(items, place, sign)?;
        let change = BasisPoints(if way == Direction::Down { -share.0 } else { share.0 });
        return Some(if of_costs(items) || supplier_asks(items, place) {
            Supposed::Costs(change)
        } else if let Some((_, name)) = competitor {
            Supposed::Competitor { name: Some(name), change }
        } else if items.has(Concept::Competitor) {
            Supposed::Competitor { name: None, change }
        } else {
            Supposed::Prices(change)
        });
    }
    if let Some((_, amount, _)) = items.amount().filter(|_| items.product().is_some())
        && let Some((_, name)) = competitor
    {
        return Some(Supposed::OfferAt { name, amount });
    }
    if let Some((place, amount, sign)) = items.amount().filter(|_| !of_costs(items)) {
        // “Down to 39.99” and “at 39.99” are a price; “down 3 €” is a step.
        let target = sign.is_none() && is_target(items, place);
        if (target || !(steps(items) || sign.is_some())) && items.product().is_some() {
            return Some(Supposed::PriceAt(amount));
        }
        if target {
            return None;
        }
        let way = direction(items, place, sign)?;
        let change = if way == Direction::Down { -amount } else { amount };
        return Some(Supposed::PricesBy(change));
    }
    // “What if it costs 199”: a price without its unit.
    if let Some(amount) = bare_price(items).filter(|_| items.has_sku() && items.has(Concept::WhatIf)) {
        return (competitor.is_none() && !of_costs(items)).then_some(Supposed::PriceAt(amount));
    }
    let matching = items.any(&[Concept::MatchPrice, Concept::CompetitorPrice])
        && (competitor.is_some() || items.any(&[Concept::Lowest, Concept::Competitor]));
    let name = competitor.map(|(_, name)| name);
    matching.then_some(Supposed::Match { name })
}

/// Whether costs are spoken of, and not what something costs us in margin (“what does a discount cost us”).
fn of_costs(items: &Items) -> bool {
    let verb = |place: usize| {
        let us = |item: &super::items::Item| matches!(item.word.as_str(), "us" | "uns");
        matches!(items.list[place].word.as_str(), "cost" | "kosten" | "costs")
            && items.list.get(place + 1).is_some_and(us)
    };
    let cost = |place: &usize| items.list[*place].mark == Mark::Concept(Concept::Cost);
    !items.has(Concept::Discount) && (0..items.list.len()).filter(cost).any(|place| !verb(place))
}

/// “If we sell 10 % more”: of pieces, and no price.
fn counts_pieces(items: &Items, percent: usize) -> bool {
    let next = items.list.get(percent + 1).map_or("", |item| item.word.as_str());
    let more = matches!(next, "more" | "less" | "fewer" | "mehr" | "weniger");
    let sells = |item: &super::items::Item| {
        item.mark == Mark::Concept(Concept::Units)
            || ["sell", "verkaufen", "absetzen", "verkauften", "bought", "buy"].contains(&item.word.as_str())
    };
    more && items.list.iter().any(sells)
}

/// “Baltik wants 5 % more”: a supplier's prices are our costs.
fn supplier_asks(items: &Items, percent: usize) -> bool {
    let supplier = items.list[..percent]
        .iter()
        .position(|item| matches!(item.mark, Mark::Name(Target::Products(GridFilter::Supplier(_)))));
    let Some(supplier) =
        supplier.filter(|place| !matches!(items.list[place + 1].mark, Mark::Concept(Concept::Product)))
    else {
        return false;
    };
    let before = &items.list[..percent];
    !before.iter().any(|item| item.mark == Mark::Concept(Concept::We))
        && !before[..supplier].iter().any(|item| item.mark == Mark::Concept(Concept::Product))
        && !before[..supplier].iter().any(|item| matches!(item.word.as_str(), "from" | "of" | "by" | "von" | "vom"))
}

/// Whether prices are said to move.
fn steps(items: &Items) -> bool {
    items.any(&[Concept::Up, Concept::Down, Concept::Plus, Concept::Minus, Concept::Discount])
}

/// “Down to 199 €”, “auf 199 € senken”: the amount is where the price goes, and not how far.
pub(super) fn is_target(items: &Items, amount: usize) -> bool {
    let before = amount.checked_sub(1).map(|before| items.list[before].word.rsplit(' ').next().unwrap_or_default());
    before.is_some_and(|word| matches!(word, "to" | "at" | "auf"))
}

/// “At 669”, “auf 75”: a number where a price stands, without its unit.
pub(super) fn bare_price(items: &Items) -> Option<i64> {
    const BEFORE: [&str; 9] = ["at", "to", "auf", "zu", "bei", "for", "costs", "cost", "kostet"];
    let stands = |place: usize| {
        place.checked_sub(1).is_some_and(|before| items.list[before].word.split(' ').any(|word| BEFORE.contains(&word)))
    };
    items.list.iter().enumerate().find_map(|(place, item)| match item.mark {
        Mark::Number(hundredths) if stands(place) && !items.counts_time(place) => Some(hundredths),
        _ => None,
    })
}

/// Whether a word of going up or down stands beside an amount: “2 € off”, “up 3 €”.
fn steps_beside(items: &Items, place: usize) -> bool {
    let steps = |at: usize| {
        items.list.get(at).is_some_and(|item| matches!(item.mark, Mark::Concept(Concept::Up | Concept::Down)))
    };
    steps(place + 1) || place.checked_sub(1).is_some_and(steps)
}

fn asks_which(items: &Items) -> bool {
    items.any(&[Concept::Change, Concept::History, Concept::Lately])
        || items.list.first().is_some_and(|item| {
            ["which", "what", "who", "welche", "welcher", "welches", "was", "wer", "did", "has", "hat"]
                .contains(&item.word.as_str())
        })
}
