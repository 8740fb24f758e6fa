//! Bounds of a search: columns beyond a value, and competitors that lie apart from us by a share.

use pricing_domain::{BasisPoints, GridColumn};

use super::items::{Item, Items, Mark};
use crate::intents::{Condition, Quantity, Side};
use crate::lexicon::Concept;
use crate::names::Target;

/// How many words a comparison may stand before its number.
const REACH: usize = 5;

/// Columns beyond a value: “margin below 10 %”, “over 100 euro”, “at least 3 competitors”, “between 50 and 80 €”.
pub(super) fn thresholds(items: &Items) -> Vec<Condition> {
    let mut found = between(items);
    for (place, item) in items.list.iter().enumerate() {
        let (value, is_bare) = match item.mark {
            Mark::Quantity(value, sign) => (signed(value, sign), false),
            Mark::Number(hundredths) => (Quantity::Count(hundredths / 100), true),
            _ => continue,
        };
        // “Less than 7 days” is a stretch of time.
        if items.counts_time(place) {
            continue;
        }
        if is_exact(items, place) {
            if let Some((column, value)) = column_of(items, place, value, is_bare) {
                found.extend([Side::AtLeast, Side::AtMost].map(|side| Condition::Beyond { column, side, value }));
            }
            continue;
        }
        let Some(side) = side_of(items, place) else { continue };
        if !matches!(column_of(items, place, value, is_bare), Some((GridColumn::Margin, _)))
            && let Some(apart) = apart(items, place, value, side)
        {
            found.push(apart);
            continue;
        }
        if let Some((column, value)) = column_of(items, place, value, is_bare) {
            // “More than 5 % cheaper” is a gap below −5 %.
            let side = if matches!(value, Quantity::Percent(share) if column == GridColumn::Gap && share.0 < 0) {
                turned(side)
            } else {
                side
            };
            found.push(Condition::Beyond { column, side, value });
        }
    }
    found
}

/// “Between 50 and 80 euro”, “von 50 bis 80 €”, “50 to 80 euros”: both ends belong to it, and the unit is said once.
pub(super) fn between(items: &Items) -> Vec<Condition> {
    const TO: [&str; 6] = ["and", "und", "to", "bis", "till", "until"];
    let value = |place: usize| match items.list.get(place).map(|item| &item.mark) {
        Some(Mark::Quantity(value, None)) => Some(*value),
        Some(Mark::Number(hundredths)) if !items.counts_time(place) => Some(Quantity::Count(hundredths / 100)),
        _ => None,
    };
    let opens = |place: usize| {
        place.checked_sub(1).is_some_and(|before| {
            let word = items.list[before].word.rsplit(' ').next().unwrap_or_default();
            matches!(word, "between" | "zwischen" | "from" | "von")
        })
    };
    for place in 0..items.list.len() {
        let (Some(low), Some(high)) = (value(place), value(place + 2)) else { continue };
        let linked = items.list.get(place + 1).is_some_and(|item| TO.contains(&item.word.as_str()));
        let dashes = items.list.get(place + 1).is_some_and(|item| matches!(item.word.as_str(), "to" | "bis"));
        if !linked || !(opens(place) || dashes) {
            continue;
        }
        let low = match (low, high) {
            (Quantity::Count(count), Quantity::Amount(_)) => Quantity::Amount(count * 100),
            (Quantity::Count(count), Quantity::Percent(_)) => {
                Quantity::Percent(BasisPoints(i32::try_from(count * 100).unwrap_or(i32::MAX)))
            }
            (low, _) => low,
        };
        let bare = matches!(high, Quantity::Count(_)) && matches!(items.list[place + 2].mark, Mark::Number(_));
        let of = |value: Quantity, side: Side| {
            let (column, value) = column_of(items, place + 2, value, bare)?;
            Some(Condition::Beyond { column, side, value })
        };
        return [of(low, Side::AtLeast), of(high, Side::AtMost)].into_iter().flatten().collect();
    }
    Vec::new()
}

fn signed(value: Quantity, sign: Option<char>) -> Quantity {
    match (value, sign) {
        (Quantity::Percent(value), Some('-')) => Quantity::Percent(BasisPoints(-value.0)),
        (value, _) => value,
    }
}

const fn turned(side: Side) -> Side {
    match side {
        Side::Above => Side::Below,
        Side::AtLeast => Side::AtMost,
        Side::Below => Side::Above,
        Side::AtMost => Side::AtLeast,
    }
}

pub(super) fn side_of(items: &Items, place: usize) -> Option<Side> {
    let side = |mark: &Mark| match mark {
        Mark::Concept(Concept::Below) => Some(Side::Below),
        Mark::Concept(Concept::AtMost) => Some(Side::AtMost),
        Mark::Concept(Concept::Above) => Some(Side::Above),
        Mark::Concept(Concept::AtLeast) => Some(Side::AtLeast),
        _ => None,
    };
    let before = items.list[place.saturating_sub(2)..place].iter().rev().find_map(|item| side(&item.mark));
    let after = items.list.get(place + 1).and_then(|item| match side(&item.mark) {
        Some(side @ (Side::AtMost | Side::AtLeast)) => Some(side),
        _ => None,
    });
    before.or(after)
}

fn column_of(items: &Items, place: usize, value: Quantity, is_bare: bool) -> Option<(GridColumn, Quantity)> {
    let window = place.saturating_sub(REACH)..items.list.len().min(place + REACH);
    // What stands right before the bound (“sales above 5”), then what is nearest after the number, then before it.
    let said = |at: usize| {
        let (after, far) = (at > place, at.abs_diff(place));
        let between = if after { place + 1..at } else { at + 1..place };
        let bare = |item: &Item| {
            let clause = matches!(item.word.as_str(), "and" | "und" | "or" | "oder" | "but" | "aber" | "with" | "mit");
            !clause
                && matches!(
                    item.mark,
                    Mark::Concept(
                        Concept::Stop
                            | Concept::Below
                            | Concept::Above
                            | Concept::AtLeast
                            | Concept::AtMost
                            | Concept::Than
                    )
                )
        };
        let joined = items.list[between].iter().all(bare);
        (!joined || after, !joined || !after, far)
    };
    let nearest = |concepts: &[Concept]| {
        let places = window.clone().filter(|at| *at != place);
        let named = places.filter(|at| matches!(items.list[*at].mark, Mark::Concept(own) if concepts.contains(&own)));
        named.min_by_key(|at| said(*at)).map(|at| match items.list[at].mark {
            Mark::Concept(concept) => concept,
            _ => Concept::Stop,
        })
    };
    match value {
        Quantity::Percent(share) => {
            let gap = [
                Concept::Lowest,
                Concept::Dearer,
                Concept::Cheaper,
                Concept::Competitor,
                Concept::Position,
                Concept::CompetitorPrice,
            ];
            if nearest(&[&gap[..], &[Concept::Margin]].concat())? == Concept::Margin {
                return Some((GridColumn::Margin, value));
            }
            // “10 % cheaper than the lowest”, “10 % unter dem Günstigsten”: we are below it.
            let after = items.list[place + 1..].iter().find(|item| item.mark != Mark::Concept(Concept::Stop));
            let far_below = match after.map(|item| &item.mark) {
                Some(Mark::Concept(Concept::Cheaper | Concept::Below)) => true,
                Some(Mark::Concept(Concept::Dearer | Concept::Above)) => false,
                _ => nearest(&[Concept::Cheaper, Concept::Margin]) == Some(Concept::Cheaper),
            };
            let share = if far_below { BasisPoints(-share.0) } else { share };
            Some((GridColumn::Gap, Quantity::Percent(share)))
        }
        Quantity::Amount(_) => {
            let of_cost = nearest(&[Concept::Cost, Concept::Price]) == Some(Concept::Cost);
            Some((if of_cost { GridColumn::Cost } else { GridColumn::Price }, value))
        }
        Quantity::Count(count) => {
            let named = nearest(&[
                Concept::Competitor,
                Concept::CompetitorPrice,
                Concept::Stock,
                Concept::Units,
                Concept::Margin,
            ]);
            // “Dearer than 200”.
            let of_price = items.list[place.saturating_sub(2)..place].iter().any(|item| {
                ["dearer", "more expensive", "pricier", "costlier", "teurer", "cheaper", "billiger", "guenstiger"]
                    .iter()
                    .any(|word| item.word.starts_with(word))
            });
            if is_bare && of_price {
                return Some((GridColumn::Price, Quantity::Amount(count * 100)));
            }
            let whole = || Some(Quantity::Percent(BasisPoints(i32::try_from(count * 100).ok()?)));
            Some(match named {
                Some(Concept::Competitor | Concept::CompetitorPrice) => (GridColumn::Offers, value),
                Some(Concept::Units) => (GridColumn::Units, value),
                Some(Concept::Margin) if is_bare => (GridColumn::Margin, whole()?),
                Some(_) => (GridColumn::Stock, value),
                None if !is_bare || nearest(&[Concept::OutOfStock]).is_some() => (GridColumn::Stock, value),
                None => {
                    let amount = Quantity::Amount(count * 100);
                    match nearest(&[Concept::Price, Concept::Cost]) {
                        Some(Concept::Cost) => (GridColumn::Cost, amount),
                        Some(_) => (GridColumn::Price, amount),
                        // “Headphones under 60”: goods have a price.
                        None if is_plain_price(items, place) => (GridColumn::Price, amount),
                        None => return None,
                    }
                }
            })
        }
    }
}

/// Whether a number without a unit bounds a price: of goods that are named, after “under”, “over” or “between”.
fn is_plain_price(items: &Items, place: usize) -> bool {
    const BOUNDS: [&str; 12] =
        ["under", "below", "over", "above", "unter", "ueber", "between", "zwischen", "up to", "bis", "and", "und"];
    let goods = items.list.iter().any(|item| matches!(item.mark, Mark::Name(Target::Products(_))));
    let before = place.checked_sub(1).map(|before| items.list[before].word.as_str());
    let other = [Concept::Share, Concept::Often, Concept::Change, Concept::Proposal, Concept::Cover, Concept::Position];
    goods && !items.any(&other) && before.is_some_and(|word| BOUNDS.contains(&word))
}

/// “Exactly 3 competitors”, “genau 5 Stück”.
pub(super) fn is_exact(items: &Items, place: usize) -> bool {
    let before = place.checked_sub(1).map(|before| items.list[before].word.rsplit(' ').next().unwrap_or_default());
    before.is_some_and(|word| matches!(word, "exactly" | "genau" | "precisely"))
}

/// “ElektroMax is more than 3 % cheaper than us”, “where are we more than 10 % above Gerätefuchs”: how far one competitor's
/// price and ours lie apart. The share is of the price of the one that is compared with.
fn apart(items: &Items, place: usize, value: Quantity, side: Side) -> Option<Condition> {
    let Quantity::Percent(share) = value else { return None };
    let (them, name) = items.competitor()?;
    if super::groups::competitors(items).len() > 1 || share.0 < 0 {
        return None;
    }
    let way = |at: usize| match items.list[at].mark {
        Mark::Concept(Concept::Cheaper | Concept::Below | Concept::Undercut | Concept::CheaperThanOurs) => Some(true),
        Mark::Concept(Concept::Dearer | Concept::Above | Concept::ExpensiveThanUs) => Some(false),
        Mark::Concept(Concept::Down) if matches!(items.list[at].word.as_str(), "lower" | "niedriger" | "tiefer") => {
            Some(true)
        }
        Mark::Concept(Concept::Up) if matches!(items.list[at].word.as_str(), "higher" | "hoeher") => Some(false),
        _ => None,
    };
    let says = |at: &usize| {
        // The bound itself (“more than 3 %”, “over 3 %”) says no way.
        way(*at).is_some()
            && !(*at < place
                && place - at <= 2
                && matches!(items.list[*at].mark, Mark::Concept(Concept::Below | Concept::Above)))
    };
    let after = (place + 1..items.list.len()).find(|at| says(at));
    let cheaper = way(after.or_else(|| (0..place).rev().find(|at| says(at)))?)?;
    let us = items.place(Concept::We);
    let undercut = items.place(Concept::Undercut);
    // Who stands first is the one that is compared; “cheaper at ElektroMax” is said of them.
    let at_them = them.checked_sub(1).is_some_and(|before| matches!(items.list[before].word.as_str(), "at" | "bei"));
    let of_ours = items.any(&[Concept::ExpensiveThanUs, Concept::CheaperThanOurs]);
    let compares = items.has(Concept::Than)
        || items.list.iter().any(|item| item.word.ends_with(" than") || item.word.ends_with(" als"));
    let they = of_ours || us.is_some_and(|us| them < us) || (us.is_none() && (them < place || (at_them && !compares)));
    let cheaper = if undercut.is_some() { true } else { cheaper };
    Some(Condition::Apart { name, they, cheaper, side, share })
}
