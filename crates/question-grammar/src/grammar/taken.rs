//! Which words with a meaning an answer takes up. What it does not take up was asked for and would be left aside.

use pricing_domain::{GridColumn, GridFilter};

use super::conditions::stance;
use super::decide::asks_which_competitor;
use super::items::{Item, Items, Mark};
use crate::intents::{Aspect, Condition, Intent, Limit, Measure, RankFigure, Side, Supposed, Total, TrendFigure};
use crate::lexicon::Concept;
use crate::names::Target;

/// The words of a question that its answer would leave aside.
pub(super) fn left_aside(items: &Items, intent: &Intent) -> Vec<String> {
    let aside = (0..items.list.len()).filter(|place| match items.list[*place].mark {
        Mark::Concept(concept) => !taken(items, *place, concept, intent),
        Mark::Number(_) => !number_is_taken(items, *place, intent),
        _ => false,
    });
    let aside = aside.map(|place| items.list[place].word.clone());
    aside.chain(first_mover(items, intent)).chain(counted(items, intent)).chain(asked_for(items, intent)).collect()
}

fn taken(items: &Items, place: usize, concept: Concept, intent: &Intent) -> bool {
    if let Intent::Each(intents) = intent {
        return intents.iter().any(|one| taken(items, place, concept, one));
    }
    if let Intent::Over { of, .. } = intent {
        return taken(items, place, concept, of);
    }
    let word = items.list[place].word.as_str();
    let finds = matches!(intent, Intent::Find { .. } | Intent::Rank { .. });
    let supposes = matches!(intent, Intent::WhatIf { .. } | Intent::BreakEven { .. } | Intent::Draft { .. });
    let product = matches!(intent, Intent::Product { .. });
    match concept {
        Concept::Discount => supposes || matches!(intent, Intent::Promotions { .. }) || product,
        Concept::BreakEven | Concept::HowFar | Concept::Before => matches!(intent, Intent::BreakEven { .. }),
        Concept::Unsold => finds,
        Concept::Locked => finds || product || matches!(intent, Intent::Rules(_)),
        Concept::OutOfStock => !matches!(
            intent,
            Intent::Total { figure: Total::Margin | Total::Revenue | Total::Position | Total::AveragePrice, .. }
                | Intent::Trend { .. }
                | Intent::Changes { .. }
                | Intent::Compare { .. }
        ),
        Concept::Categories | Concept::Brands | Concept::Suppliers => groups_are_taken(items, place, intent),
        Concept::Often => {
            let usually = ["usual", "normal", "meist", "ueblich"].iter().any(|beginning| word.starts_with(beginning));
            usually || items.has(Concept::Units) || of_competitors(intent) || matches!(intent, Intent::Rank { .. })
        }
        Concept::Points => matches!(intent, Intent::Trend { .. }),
        Concept::Spreadsheet => matches!(intent, Intent::ImportFile { .. }),
        Concept::Share => match intent {
            Intent::Find { limit, conditions, .. } => *limit == Limit::CountOnly && !conditions.is_empty(),
            Intent::Rank { figure, .. } => *figure == Some(RankFigure::Dearer),
            Intent::Rules(_) => true,
            // How far, in percent, is said.
            Intent::Product { aspect: Aspect::Cheapest | Aspect::Offers, .. } => true,
            _ => false,
        },
        // “What do they mean”.
        Concept::Average => averages(intent) || word == "mean",
        Concept::Not => not_is_taken(items, intent),
        Concept::Biggest | Concept::Smallest | Concept::Dearest => {
            superlative_is_taken(intent) && !names_the_cheapest(items, intent)
        }
        Concept::Dearer => !(asks_who(items) && names_the_cheapest(items, intent)),
        Concept::Why if ["why", "warum", "wieso", "weshalb"].contains(&word) => {
            !matches!(intent, Intent::Trend { figure: TrendFigure::Revenue | TrendFigure::Units, .. })
        }
        Concept::Fire => !matches!(intent, Intent::Strategy { .. }),
        Concept::Collected if word.split(' ').any(|word| matches!(word, "when" | "wann")) => {
            tells_when(intent) && !word.starts_with("since") && !word.starts_with("seit")
                || matches!(intent, Intent::Product { aspect: Aspect::History, .. })
        }
        // A currency of its own is no unit of a number.
        Concept::Euro => !["dollar", "franken", "pound", "usd", "gbp", "chf"].iter().any(|one| word.starts_with(one)),
        Concept::Units => !is_of_best_sellers(word) || !leaves_the_best_aside(intent),
        Concept::Up | Concept::Down => {
            !matches!(intent, Intent::Compare { measure: Measure::Position, .. }) || stance(items).is_some()
        }
        Concept::WhatIf => supposes || !supposes_aloud(word),
        Concept::Stop if matches!(word, "only" | "nur") => !before_competitor(items, place),
        Concept::Stop if is_to_come(items, place) => items.has(Concept::Cover) || looks_ahead(intent),
        Concept::Stop if ORDINALS.iter().any(|ordinal| word.starts_with(ordinal)) => !beside_superlative(items, place),
        _ => true,
    }
}

/// “What only ElektroMax has”: the others would have to be left out.
fn before_competitor(items: &Items, place: usize) -> bool {
    items.list.get(place + 1).is_some_and(|next| matches!(next.mark, Mark::Name(Target::Competitor(_))))
}

/// “The next promotion”: no look-up knows what is to come.
fn is_to_come(items: &Items, place: usize) -> bool {
    let to_come = ["next", "upcoming", "naechst", "kommend"];
    let is_one = to_come.iter().any(|beginning| items.list[place].word.starts_with(beginning));
    is_one && items.list.get(place + 1).is_some_and(|next| next.word != "to")
}

const fn looks_ahead(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::Needs { .. }
            | Intent::Summary
            | Intent::WhatIf { .. }
            | Intent::Draft { .. }
            | Intent::Strategy { .. }
            | Intent::Order { .. }
            | Intent::BatchNotes
    )
}

/// What stands before an order from its second place on.
const ORDINALS: [&str; 6] = ["second", "third", "fourth", "zweit", "dritt", "viert"];

fn beside_superlative(items: &Items, place: usize) -> bool {
    items.list.get(place + 1).is_some_and(|next| {
        matches!(next.mark, Mark::Concept(Concept::Lowest | Concept::Biggest | Concept::Smallest | Concept::Dearest))
            || next.word.starts_with("best")
    })
}

fn is_of_best_sellers(word: &str) -> bool {
    word.split(' ').any(|word| ["best", "top", "renner"].iter().any(|beginning| word.starts_with(beginning)))
}

/// Whether products stand in another order than by what is sold, or are those that are not sold at all.
fn leaves_the_best_aside(intent: &Intent) -> bool {
    let other = |one: &Condition| {
        matches!(one, Condition::Cover { .. } | Condition::Beyond { column: GridColumn::Units, side: Side::AtMost, .. })
    };
    matches!(intent, Intent::Find { conditions, .. } if conditions.iter().any(other))
}

/// “What if” and its like; a mere “if” says less.
fn supposes_aloud(word: &str) -> bool {
    ["what if", "was wenn", "was waere wenn", "suppos", "assum", "angenommen", "imagin", "simul", "what happens"]
        .iter()
        .any(|beginning| word.starts_with(beginning))
}

const fn averages(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::Total { figure: Total::AveragePrice | Total::Margin | Total::Position | Total::Cover, .. }
            | Intent::Rank { figure: Some(RankFigure::Price | RankFigure::Margin), .. }
            | Intent::Rank { figure: None, .. }
            | Intent::Statistic { .. }
            | Intent::Compare { .. }
            | Intent::Trend { .. }
            | Intent::Demand { .. }
            | Intent::Rules(_)
            | Intent::Draft { .. }
    )
}

/// Whether a noun for groups is what is put in order or counted, or only stands beside the name of one (“brand Brysta”).
fn groups_are_taken(items: &Items, place: usize, intent: &Intent) -> bool {
    const REACH: usize = 3;
    let near = place.saturating_sub(REACH)..items.list.len().min(place + REACH + 1);
    let beside = items.list[near].iter().any(|item| {
        matches!(
            item.mark,
            Mark::Excluded(_)
                | Mark::Name(Target::Products(
                    GridFilter::Brand(_) | GridFilter::Category(_) | GridFilter::Supplier(_) | GridFilter::Tag(_)
                ))
        )
    });
    let asked = super::groups::asks_which(items, place) || super::groups::groups_by(items, place);
    match intent {
        Intent::Rank { .. }
        | Intent::Total { figure: Total::Brands | Total::Categories | Total::Suppliers, .. }
        | Intent::Product { aspect: Aspect::Kind, .. }
        | Intent::Statistic { groups: Some(_), .. }
        | Intent::Strategy { .. } => true,
        _ => beside && !asked,
    }
}

/// Whether an answer speaks of several competitors, or of what they do.
fn of_competitors(intent: &Intent) -> bool {
    if let Intent::Over { of, .. } = intent {
        return of_competitors(of);
    }
    matches!(
        intent,
        Intent::Compare { .. }
            | Intent::Moves { .. }
            | Intent::Movers { .. }
            | Intent::Leaders { .. }
            | Intent::Total { figure: Total::Competitors, .. }
            | Intent::Trend { .. }
            | Intent::Freshness { .. }
            | Intent::Product { aspect: Aspect::Offers | Aspect::Cheapest, .. }
    )
}

/// Whether a negation takes part: something is missing, left out, or turned round.
fn not_is_taken(items: &Items, intent: &Intent) -> bool {
    match intent {
        Intent::Find { conditions, .. }
        | Intent::Rank { conditions, .. }
        | Intent::Total { conditions, .. }
        | Intent::Statistic { conditions, .. } => conditions.iter().any(|condition| match condition {
            Condition::Except(_) => true,
            Condition::Grid(filter) => matches!(
                filter,
                GridFilter::NoOffers
                    | GridFilter::NoCost
                    | GridFilter::NoPrice
                    | GridFilter::OutOfStock
                    | GridFilter::DearerThanLowest
            ),
            Condition::Competitor { .. } => true,
            Condition::Beyond { column, .. } => matches!(column, GridColumn::Units | GridColumn::Stock),
            Condition::Cover { .. } | Condition::By { .. } | Condition::Apart { .. } => false,
        }),
        Intent::Rules(_) | Intent::Freshness { .. } | Intent::Needs { .. } | Intent::Alerts => true,
        Intent::Product { aspect, .. } => *aspect == Aspect::Why || stance(items).is_none(),
        Intent::Compare { .. } => false,
        _ => false,
    }
}

/// Whether an answer puts something in order.
const fn superlative_is_taken(intent: &Intent) -> bool {
    !matches!(
        intent,
        Intent::Total {
            figure: Total::Margin
                | Total::Revenue
                | Total::AveragePrice
                | Total::Products
                | Total::Stock
                | Total::Brands
                | Total::Categories
                | Total::Suppliers
                | Total::PriceLists,
            ..
        }
    )
}

fn asks_who(items: &Items) -> bool {
    items.word(&["who", "wer"]) || asks_which_competitor(items)
}

/// “Who is dearest for it” is not answered with who is cheapest.
fn names_the_cheapest(items: &Items, intent: &Intent) -> bool {
    matches!(intent, Intent::Product { aspect: Aspect::Cheapest, .. })
        || (asks_who(items) && matches!(intent, Intent::Product { aspect: Aspect::Offers, competitor: None, .. }))
}

/// Whether an answer names a day.
const fn tells_when(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::Freshness { .. }
            | Intent::Alerts
            | Intent::BatchNotes
            | Intent::Promotions { .. }
            | Intent::Trend { .. }
            | Intent::Find { .. }
            | Intent::Total { figure: Total::Publishing | Total::Cover, .. }
            | Intent::Product { aspect: Aspect::History | Aspect::Cover | Aspect::Promotions | Aspect::Why, .. }
    )
}

/// Who moves first is another question than who moves most.
fn first_mover(items: &Items, intent: &Intent) -> Option<String> {
    let moves = matches!(intent, Intent::Movers { .. } | Intent::Moves { .. });
    let first = items.list.iter().find(|item| moves && matches!(item.word.as_str(), "first" | "zuerst"));
    first.map(|item| item.word.clone())
}

/// “How many brands does ElektroMax have”: groups are counted, and no products.
fn counted(items: &Items, intent: &Intent) -> Option<String> {
    let of_products = matches!(intent, Intent::Find { .. } | Intent::Total { figure: Total::Products, .. });
    let count = items.place(Concept::Count).filter(|_| of_products)?;
    let next = items.list.get(count + 1)?;
    let groups = [Concept::Brands, Concept::Categories, Concept::Suppliers];
    groups.iter().any(|concept| next.mark == Mark::Concept(*concept)).then(|| next.word.clone())
}

/// “Who” and “which competitor” are answered with somebody.
fn asked_for(items: &Items, intent: &Intent) -> Option<String> {
    let names_somebody = |intent: &Intent| match intent {
        // Why a price is what it is names who forces it; who decided it is not known.
        Intent::Product { aspect: Aspect::Why | Aspect::Rule, .. } => {
            !items.any(&[Concept::Needs, Concept::Dearer, Concept::Dearest, Concept::Biggest])
                && !items.list.iter().any(|item| item.word.starts_with("changed") || item.word.starts_with("geaendert"))
        }
        intent => of_competitors(intent),
    };
    let names = match intent {
        Intent::Each(_) => true,
        intent => names_somebody(intent),
    };
    if names {
        return None;
    }
    let who = |item: &&Item| {
        matches!(item.word.as_str(), "who" | "wer" | "whom" | "wem" | "wen")
            && item.mark == Mark::Concept(Concept::Stop)
    };
    if let Some(item) = items.list.iter().find(who) {
        return Some(item.word.clone());
    }
    let place = items.place(Concept::Competitor).filter(|_| asks_which_competitor(items))?;
    Some(items.list[place].word.clone())
}

/// Whether a number without a unit decides something: how many rows, a bound, a price, a stretch of time.
fn number_is_taken(items: &Items, place: usize, intent: &Intent) -> bool {
    let bound = super::thresholds::side_of(items, place).is_some() || super::thresholds::is_exact(items, place);
    let rows = |limit: &Limit| matches!(limit, Limit::Rows(_)) && !bound;
    match intent {
        _ if items.counts_time(place) => true,
        Intent::Each(intents) => intents.iter().any(|one| number_is_taken(items, place, one)),
        Intent::Over { of, .. } => number_is_taken(items, place, of),
        Intent::Total { conditions, .. } | Intent::Statistic { conditions, .. } => {
            bound && conditions.iter().any(|one| matches!(one, Condition::Beyond { .. } | Condition::Apart { .. }))
        }
        Intent::Find { limit, conditions, .. } | Intent::Rank { limit, conditions, .. } => {
            let bounds = conditions.iter().any(|one| matches!(one, Condition::Beyond { .. } | Condition::Cover { .. }));
            rows(limit) || bounds
        }
        Intent::Compare { limit, measure, .. } => {
            rows(limit) && matches!(measure, Measure::Above | Measure::Below | Measure::Margin | Measure::Position)
        }
        Intent::Changes { limit, .. } | Intent::BetweenLists { limit, .. } => rows(limit),
        Intent::WhatIf { supposed: Supposed::Prices(_) | Supposed::Costs(_) | Supposed::Competitor { .. }, .. } => {
            false
        }
        Intent::Rules(_) | Intent::Summary | Intent::Needs { .. } | Intent::Trend { .. } => false,
        // “… if we sell it at 249”: how things stand takes up no price that is supposed.
        Intent::Product { aspect, .. } => !tells_how_it_stands(*aspect),
        _ => true,
    }
}

/// What is told of a product without a number that was named.
const fn tells_how_it_stands(aspect: Aspect) -> bool {
    matches!(
        aspect,
        Aspect::Margin
            | Aspect::Stock
            | Aspect::State
            | Aspect::Units
            | Aspect::Elasticity
            | Aspect::Family
            | Aspect::Promotions
            | Aspect::Cover
            | Aspect::Kind
    )
}
