//! Which products a search is about: missing values, thresholds, and who is cheaper than whom.

use pricing_domain::{BasisPoints, GridColumn, GridFilter, GridSort};

use super::items::{Items, Mark};
use crate::intents::{Condition, Limit, ProductSum, Quantity, Side, Stance};
use crate::lexicon::Concept;
use crate::names::Target;

/// How many words a comparison may stand before its number.
const REACH: usize = 5;

/// Whether competitors are said to be cheaper or dearer than we are.
pub(super) fn stance(items: &Items) -> Option<Stance> {
    if items.has(Concept::ExpensiveThanUs) {
        return Some(Stance::Dearer);
    }
    if items.has(Concept::CheaperThanOurs) {
        return Some(Stance::Cheaper);
    }
    let them = |mark: &Mark| {
        matches!(
            mark,
            Mark::Name(Target::Competitor(_))
                | Mark::Concept(Concept::Competitor | Concept::CompetitorPrice | Concept::Lowest)
        )
    };
    let first_us = items.place(Concept::We);
    let first_them = items.list.iter().position(|item| them(&item.mark));
    if let Some(place) = items.place(Concept::Undercut) {
        let we_do = first_us.is_some_and(|us| us < place) && first_them.is_some_and(|them| them > place);
        // “Where are we undercut by” turns it round.
        let passive = items.word(&["by", "von"]) || first_them.is_none();
        return Some(if we_do && !passive { Stance::Dearer } else { Stance::Cheaper });
    }
    let (place, cheaper) = comparison(items)?;
    let after = |from: usize, wanted: &dyn Fn(&Mark) -> bool| items.list[from..].iter().any(|item| wanted(&item.mark));
    let us = |mark: &Mark| *mark == Mark::Concept(Concept::We);
    // “Cheaper at ElektroMax”: a place is where it is cheaper.
    let place_of_them = first_them.filter(|them| {
        let before = them.checked_sub(1).map_or("", |before| items.list[before].word.as_str());
        *them > place && matches!(before, "at" | "bei" | "from" | "with")
    });
    let compares_with =
        items.has(Concept::Than) || items.list[place].word.split(' ').any(|word| matches!(word, "than" | "als"));
    if place_of_them.is_some() && !compares_with && first_us.is_none_or(|us| us > place) {
        return Some(if cheaper { Stance::Cheaper } else { Stance::Dearer });
    }
    // “than us”: they are the ones compared. “than ElektroMax”: we are.
    let they_are_it = if after(place + 1, &us) && !after(place + 1, &them) {
        true
    } else if after(place + 1, &them) {
        first_us.is_none_or(|us| us > place) && first_them.is_some_and(|them| them < place)
    } else {
        first_them.is_some_and(|them| them < place && first_us.is_none_or(|us| us > them))
    };
    if first_them.is_none() && !items.has(Concept::Than) {
        return we_alone(items, place, cheaper);
    }
    Some(match (they_are_it, cheaper) {
        (true, true) | (false, false) => Stance::Cheaper,
        (true, false) | (false, true) => Stance::Dearer,
    })
}

/// “How many are we dearer on”: than others, who are not named.
fn we_alone(items: &Items, place: usize, cheaper: bool) -> Option<Stance> {
    let about_changes = [Concept::Change, Concept::Proposal, Concept::Up, Concept::Down, Concept::Why, Concept::WhatIf];
    let adjective = matches!(items.list[place].mark, Mark::Concept(Concept::Cheaper | Concept::Dearer));
    let beside = |at: usize| items.list[at].mark == Mark::Concept(Concept::We) && at.abs_diff(place) <= 2;
    let are = items.word(&["are", "sind"]);
    let asked = adjective && are && !items.any(&about_changes) && (0..items.list.len()).any(beside);
    asked.then_some(if cheaper { Stance::Dearer } else { Stance::Cheaper })
}

/// Where one price is compared with another, and whether as the cheaper one.
fn comparison(items: &Items) -> Option<(usize, bool)> {
    // “Below 10 %” and “over 50 €” are bounds; “5 % cheaper than” compares.
    let has_number_after = |place: usize| {
        let bounds = matches!(items.list[place].mark, Mark::Concept(Concept::Below | Concept::Above));
        let near = &items.list[place..items.list.len().min(place + 3)];
        near.iter().any(|item| match item.mark {
            Mark::Quantity(Quantity::Amount(_), _) => true,
            Mark::Quantity(..) | Mark::Number(_) => bounds,
            _ => false,
        })
    };
    items.list.iter().enumerate().find_map(|(place, item)| {
        let cheaper = match item.mark {
            Mark::Concept(Concept::Cheaper | Concept::Below) => true,
            Mark::Concept(Concept::Down) if matches!(item.word.as_str(), "lower" | "niedriger" | "tiefer") => true,
            Mark::Concept(Concept::Dearer | Concept::Above) => false,
            Mark::Concept(Concept::Up) if matches!(item.word.as_str(), "higher" | "hoeher") => false,
            _ => return None,
        };
        (!has_number_after(place)).then_some((place, cheaper))
    })
}

/// Everything that a product must fulfil.
pub(super) fn conditions(items: &Items) -> Vec<Condition> {
    let mut found = Vec::new();
    // “Not on promotion”: what follows a negation is left out.
    let mut grid = |concept: Concept, filter: GridFilter| {
        let turned = items.place(concept).is_some_and(|place| is_negated(items, place));
        found.push(if turned { Condition::Except(filter) } else { Condition::Grid(filter) });
    };
    let thresholds = thresholds(items);
    if items.has(Concept::BelowCost) || is_below_cost(items, &thresholds) {
        let written = if items.has(Concept::BelowCost) { Concept::BelowCost } else { Concept::Below };
        grid(written, GridFilter::BelowCost);
    }
    if items.has(Concept::OutOfStock) {
        grid(Concept::OutOfStock, GridFilter::OutOfStock);
    }
    if items.has(Concept::Promotion) {
        grid(Concept::Promotion, GridFilter::OnPromotion);
    }
    if items.has(Concept::Locked) {
        grid(Concept::Locked, GridFilter::Locked);
    }
    // A negation that turns one of these round says of nothing else that it is missing.
    let turns = found.iter().any(|condition| matches!(condition, Condition::Except(_)));
    let missing = if turns { Vec::new() } else { missing(items) };
    let known = |filter: &&GridFilter| !found.contains(&Condition::Grid((*filter).clone()));
    let more: Vec<Condition> = missing.iter().filter(known).cloned().map(Condition::Grid).collect();
    found.extend(more);
    items.excluded().for_each(|filter| found.push(Condition::Except(filter.clone())));
    if items.has(Concept::Unsold) {
        found.push(at_most(GridColumn::Units, 0));
        let shelved = items.list.iter().any(|item| {
            ["ladenhueter", "shelf", "dead stock", "slow mover"].iter().any(|word| item.word.starts_with(*word))
        });
        if shelved || (items.has(Concept::Stock) && !items.has(Concept::OutOfStock)) {
            let value = Quantity::Count(1);
            found.push(Condition::Beyond { column: GridColumn::Stock, side: Side::AtLeast, value });
        }
    }
    if let Some(place) = items.place(Concept::Proposal) {
        let filter = GridFilter::PendingProposal;
        found.push(if is_negated(items, place) { Condition::Except(filter) } else { Condition::Grid(filter) });
    }
    if missing.is_empty()
        && let Some(condition) = against_the_lowest(items, &thresholds)
    {
        found.push(condition);
    }
    found.extend(thresholds);
    found.extend(by_sum(items));
    found
}

/// “Top 10 products by revenue”, “welcher Artikel bringt den meisten Gewinn”: an order that the grid has no column for.
fn by_sum(items: &Items) -> Option<Condition> {
    let begins = |concept: Concept, beginnings: &[&str]| {
        items.list.iter().any(|item| {
            item.mark == Mark::Concept(concept) && beginnings.iter().any(|word| item.word.starts_with(word))
        })
    };
    let money = ["profit", "gewinn", "rohertrag", "deckungsbeitrag", "gross profit", "earn", "verdien"];
    let figure = if begins(Concept::Units, &["revenue", "umsatz", "umsaetze", "turnover"]) {
        ProductSum::Revenue
    } else if begins(Concept::Margin, &money) && !begins(Concept::Margin, &["profitab"]) {
        ProductSum::Profit
    } else {
        return None;
    };
    let best = ["best", "beste", "besten", "bester", "bestes"];
    let ordered = items.any(&[Concept::Biggest, Concept::Smallest, Concept::Lowest]) || items.word(&best);
    let smallest = items.any(&[Concept::Smallest, Concept::Lowest])
        || items.word(&["worst", "schlechteste", "schlechtesten", "schlechtester", "schlechtestes"]);
    // “The most revenue” of the whole is no order: products are asked for.
    let of_products = items.has(Concept::Product)
        || matches!(limit(items), Limit::Rows(_))
        || items.list.iter().any(|item| matches!(item.mark, Mark::Name(Target::Products(_))));
    let groups = items.any(&[Concept::Categories, Concept::Brands, Concept::Suppliers]);
    (ordered && of_products && !groups && items.competitor().is_none()).then_some(Condition::By { figure, smallest })
}

/// “Not below cost”, “ohne Preissperre”: a negation stands before it with nothing of a meaning between.
fn is_negated(items: &Items, place: usize) -> bool {
    const REACH_BACK: usize = 4;
    let before = items.list[place.saturating_sub(REACH_BACK)..place].iter().rev();
    let mut before = before.skip_while(|item| {
        matches!(item.mark, Mark::Concept(Concept::Stop | Concept::Price | Concept::Stock | Concept::We))
    });
    before.next().is_some_and(|item| matches!(item.mark, Mark::Concept(Concept::Not | Concept::Without)))
}

const fn at_most(column: GridColumn, count: i64) -> Condition {
    Condition::Beyond { column, side: Side::AtMost, value: Quantity::Count(count) }
}

/// “The cheapest notebook”: the word stands right before what is sold, and says nothing of competitors.
fn cheapest_of(items: &Items) -> bool {
    let names_goods = |mark: &Mark| {
        matches!(mark, Mark::Name(Target::Products(_)) | Mark::Concept(Concept::Product) | Mark::ProductWord(_))
    };
    let lowest = |item: &super::items::Item| item.mark == Mark::Concept(Concept::Lowest);
    items.list.windows(2).any(|pair| lowest(&pair[0]) && names_goods(&pair[1].mark))
}

/// “Below cost” in any order of its two words, unless a number stands there.
fn is_below_cost(items: &Items, thresholds: &[Condition]) -> bool {
    let (Some(below), Some(cost)) = (items.place(Concept::Below), items.place(Concept::Cost)) else { return false };
    cost > below && cost - below <= REACH && thresholds.is_empty()
}

fn missing(items: &Items) -> Vec<GridFilter> {
    let mut found = Vec::new();
    if items.has(Concept::OnlyWe) {
        found.push(GridFilter::NoOffers);
    }
    let not = items.place(Concept::Not).filter(|_| !is_not_lowest(items));
    let Some(without) = items.place(Concept::Without).or(not) else { return found };
    // What is missing may stand before (“whose cost is missing”) or after (“without a cost”).
    let near = |concept: Concept| {
        items
            .list
            .iter()
            .enumerate()
            .any(|(place, item)| item.mark == Mark::Concept(concept) && place.abs_diff(without) <= REACH)
    };
    if near(Concept::CompetitorPrice) || near(Concept::Competitor) {
        found.push(GridFilter::NoOffers);
    } else if near(Concept::Cost) {
        found.push(GridFilter::NoCost);
    } else if near(Concept::Stock) {
        found.push(GridFilter::OutOfStock);
    } else if near(Concept::Price) {
        found.push(GridFilter::NoPrice);
    }
    found.dedup();
    found
}

/// “We're not the cheapest”, “nicht die Billigsten”.
fn is_not_lowest(items: &Items) -> bool {
    let Some(not) = items.place(Concept::Not).filter(|_| items.has(Concept::We)) else { return false };
    let mut after = items.list[not + 1..].iter().filter(|item| item.mark != Mark::Concept(Concept::Stop));
    after.next().is_some_and(|item| item.mark == Mark::Concept(Concept::Lowest))
}

fn against_the_lowest(items: &Items, thresholds: &[Condition]) -> Option<Condition> {
    if thresholds.iter().any(|one| matches!(one, Condition::Beyond { column: GridColumn::Gap, .. })) {
        return None;
    }
    if is_not_lowest(items) {
        return Some(Condition::Grid(GridFilter::DearerThanLowest));
    }
    let ours = items.has(Concept::Lowest) && items.has(Concept::We) && comparison(items).is_none();
    if ours && !cheapest_of(items) {
        return Some(Condition::Grid(GridFilter::LowestOrEqual));
    }
    match stance(items)? {
        Stance::Cheaper => Some(Condition::Grid(GridFilter::DearerThanLowest)),
        _ => {
            let value = Quantity::Percent(BasisPoints(0));
            Some(Condition::Beyond { column: GridColumn::Gap, side: Side::Below, value })
        }
    }
}

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
        let Some(side) = side_of(items, place).filter(|_| !items.counts_time(place)) else { continue };
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
fn between(items: &Items) -> Vec<Condition> {
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
        let bare = |mark: &Mark| {
            matches!(
                mark,
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
        let joined = items.list[between].iter().all(|item| bare(&item.mark));
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
                Some(Concept::Margin) => (GridColumn::Margin, whole()?),
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

/// The order asked for: “highest margin”, “cheapest products”, “best sellers”.
pub(super) fn order(items: &Items) -> Option<GridSort> {
    let sort = |column: GridColumn, descending: bool| Some(GridSort { column, descending });
    let small = items.any(&[Concept::Smallest, Concept::Lowest])
        || items.list.iter().any(|item| {
            matches!(item.word.as_str(), "lower" | "lowest" | "niedrigste" | "worst" | "schlechteste" | "schlechtesten")
        });
    let big = items.has(Concept::Biggest);
    if items.has(Concept::Margin) && (small || big) && by_sum(items).is_none() {
        return sort(GridColumn::Margin, !small);
    }
    if by_sum(items).is_some() {
        return None;
    }
    if items.has(Concept::Units) {
        return sort(GridColumn::Units, !items.has(Concept::Smallest));
    }
    if items.has(Concept::Stock) && (small || big) {
        return sort(GridColumn::Stock, !small);
    }
    if items.any(&[Concept::Cost]) && (small || big) {
        return sort(GridColumn::Cost, !small);
    }
    if items.any(&[Concept::Position, Concept::Undercut]) && big {
        return sort(GridColumn::Gap, true);
    }
    if items.has(Concept::Dearest) || (items.has(Concept::Dearer) && big) {
        let against_others = items.any(&[Concept::Competitor, Concept::Than, Concept::Lowest, Concept::Against]);
        return sort(if against_others { GridColumn::Gap } else { GridColumn::Price }, true);
    }
    if items.has(Concept::Price) && (big || small) {
        return sort(GridColumn::Price, !small);
    }
    if items.has(Concept::Lowest) && (!items.has(Concept::We) || cheapest_of(items)) && comparison(items).is_none() {
        return sort(GridColumn::Price, false);
    }
    if big && stance(items) == Some(Stance::Cheaper) {
        return sort(GridColumn::Gap, true);
    }
    None
}

/// How many rows are wanted: “top 10”, “the five cheapest”, “how many”.
pub(super) fn limit(items: &Items) -> Limit {
    if items.any(&[Concept::Count, Concept::Share]) {
        return Limit::CountOnly;
    }
    // The ends of a stretch are no numbers of rows.
    let no_stretch = between(items).is_empty();
    let bare = items.list.iter().enumerate().filter(|_| no_stretch).find_map(|(place, item)| match item.mark {
        Mark::Number(hundredths)
            if (100..=50_000).contains(&hundredths) && side_of(items, place).is_none() && !items.counts_time(place) =>
        {
            u32::try_from(hundredths / 100).ok()
        }
        _ => None,
    });
    let in_words = || {
        const WORDS: &[(&str, u32)] = &[
            ("three", 3),
            ("five", 5),
            ("ten", 10),
            ("twenty", 20),
            ("drei", 3),
            ("fuenf", 5),
            ("zehn", 10),
            ("zwanzig", 20),
        ];
        WORDS.iter().find(|(word, _)| items.word(&[word])).map(|(_, rows)| *rows)
    };
    bare.or_else(in_words).map_or(Limit::Usual, Limit::Rows)
}
