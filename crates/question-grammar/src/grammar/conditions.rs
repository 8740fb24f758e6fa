//! Which products a search is about: missing values, marks, and who is cheaper than whom; and in which order.

use pricing_domain::{BasisPoints, GridColumn, GridFilter, GridSort};

use super::items::{Items, Mark};
use super::thresholds::{between, is_exact, side_of, thresholds};
use crate::intents::{Condition, Limit, ProductSum, Quantity, Side, Stance};
use crate::lexicon::Concept;
use crate::names::Target;

/// How many words may stand between what is compared.
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
    if missing.is_empty() && has_offers(items) {
        found.push(Condition::Grid(GridFilter::HasOffers));
    }
    if stands_in_stock(items) && !found.iter().chain(&thresholds).any(is_of_stock) {
        found.push(Condition::Beyond { column: GridColumn::Stock, side: Side::AtLeast, value: Quantity::Count(1) });
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

/// What products must fulfil besides where a competitor stands.
pub(super) fn beside_competitor(items: &Items) -> Vec<Condition> {
    let own = |one: &Condition| match one {
        Condition::Grid(filter) => matches!(
            filter,
            GridFilter::BelowCost
                | GridFilter::OnPromotion
                | GridFilter::Locked
                | GridFilter::PendingProposal
                | GridFilter::NoCost
        ),
        Condition::Beyond { column, .. } => *column != GridColumn::Gap,
        Condition::Except(filter) => *filter != GridFilter::OutOfStock,
        _ => false,
    };
    conditions(items).into_iter().filter(own).collect()
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

/// “Products with a competitor price”, “mit Wettbewerbspreis”.
fn has_offers(items: &Items) -> bool {
    let Some(place) = items.place(Concept::CompetitorPrice) else { return false };
    let mut before = items.list[..place].iter().rev().map(|item| item.word.as_str());
    let word = before.find(|word| !matches!(*word, "a" | "an" | "any" | "usable" | "einem" | "einen" | "least"));
    let with = word.is_some_and(|word| matches!(word, "with" | "mit" | "have" | "has" | "haben" | "hat"));
    with && items.competitor().is_none() && !items.any(&[Concept::Without, Concept::Not])
}

/// Words for what stands in stock.
const STANDS: [&str; 7] = ["in stock", "auf lager", "lieferbar", "verfuegbar", "vorraetig", "lagernd", "on hand"];

/// “… and in stock”, “still in stock”, “noch auf Lager”: beside what else is asked for, a condition.
fn stands_in_stock(items: &Items) -> bool {
    let stands = |item: &super::items::Item| {
        item.mark == Mark::Concept(Concept::Stock) && STANDS.iter().any(|word| item.word.starts_with(word))
    };
    let near = |place: usize| {
        let before = &items.list[place.saturating_sub(2)..place];
        before.iter().any(|item| matches!(item.mark, Mark::Concept(Concept::Biggest | Concept::Smallest)))
    };
    let pieces = items.any(&[Concept::Worth, Concept::Pieces, Concept::Count])
        || items.place(Concept::Stock).is_some_and(near)
        || items.list.iter().any(|item| matches!(item.mark, Mark::Quantity(Quantity::Count(_), _)));
    let named = items.any(&[Concept::OutOfStock, Concept::Without, Concept::Not, Concept::Cover, Concept::Unsold]);
    items.list.iter().any(stands) && !pieces && !named && items.competitor().is_none()
}

fn is_of_stock(condition: &Condition) -> bool {
    matches!(
        condition,
        Condition::Beyond { column: GridColumn::Stock, .. }
            | Condition::Grid(GridFilter::OutOfStock)
            | Condition::Except(GridFilter::OutOfStock)
    )
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
    let apart =
        |one: &Condition| matches!(one, Condition::Beyond { column: GridColumn::Gap, .. } | Condition::Apart { .. });
    if thresholds.iter().any(apart) {
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

/// The order asked for: “highest margin”, “cheapest products”, “best sellers”.
pub(super) fn order(items: &Items) -> Option<GridSort> {
    let sort = |column: GridColumn, descending: bool| Some(GridSort { column, descending });
    let small = items.any(&[Concept::Smallest, Concept::Lowest])
        || items.list.iter().any(|item| {
            matches!(item.word.as_str(), "lower" | "lowest" | "niedrigste" | "worst" | "schlechteste" | "schlechtesten")
        });
    // “The margin of the cheapest kettle”: the order is that of its own noun.
    if cheapest_of(items) && comparison(items).is_none() {
        return sort(GridColumn::Price, false);
    }
    // “The best margin”; what sells best is said by other words.
    let big = items.has(Concept::Biggest) || is_best(items);
    if items.has(Concept::Margin) && (small || big) && by_sum(items).is_none() {
        return sort(GridColumn::Margin, !small);
    }
    if by_sum(items).is_some() {
        return None;
    }
    if items.has(Concept::Units) {
        return sort(GridColumn::Units, !items.has(Concept::Smallest));
    }
    if orders_by_stock(items) && (small || big) {
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

/// “The most stock”, “am meisten auf Lager”; “the cheapest in stock” is in another order.
fn orders_by_stock(items: &Items) -> bool {
    let Some(place) = items.place(Concept::Stock) else { return false };
    if !stands_in_stock(items) && !STANDS.iter().any(|word| items.list[place].word.starts_with(word)) {
        return true;
    }
    let before = &items.list[place.saturating_sub(2)..place];
    before.iter().any(|item| matches!(item.mark, Mark::Concept(Concept::Biggest | Concept::Smallest)))
}

/// “Best”, “beste”: the most of what is named.
pub(super) fn is_best(items: &Items) -> bool {
    items.word(&["best", "beste", "besten", "bester", "bestes"])
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
            if (100..=50_000).contains(&hundredths)
                && side_of(items, place).is_none()
                && !is_exact(items, place)
                && !items.counts_time(place) =>
        {
            u32::try_from(hundredths / 100).ok()
        }
        _ => None,
    });
    let in_words = || {
        const WORDS: &[(&str, u32)] = &[
            ("two", 2),
            ("zwei", 2),
            ("four", 4),
            ("vier", 4),
            ("three", 3),
            ("five", 5),
            ("ten", 10),
            ("twenty", 20),
            ("drei", 3),
            ("fuenf", 5),
            ("zehn", 10),
            ("zwanzig", 20),
        ];
        let stands = |word: &str| {
            (0..items.list.len()).any(|place| {
                items.list[place].word == word && !items.counts_time(place) && side_of(items, place).is_none()
            })
        };
        WORDS.iter().find(|(word, _)| stands(word)).map(|(_, rows)| *rows)
    };
    bare.or_else(in_words).map_or(Limit::Usual, Limit::Rows)
}
