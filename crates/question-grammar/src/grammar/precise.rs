//! What a question says and its answer would leave aside. An answer without it would be one to another question, so that
//! the question was not understood.

use super::items::{Items, Mark};
use super::price_lists;
use crate::intents::{Aspect, Condition, Intent, Quantity, Supposed, Total};
use crate::lexicon::Concept;
use crate::names::Target;
use crate::tokens::tokens;

/// The words that the answer would leave aside; none where nothing would be, or where nothing is answered.
pub(super) fn left_aside(items: &Items, intent: &Intent, question: &str) -> Vec<String> {
    if !answers(intent) {
        return Vec::new();
    }
    let told_after = told_after(question);
    let strange = items.strange.iter().filter(|word| !told_after.contains(&word.to_lowercase())).cloned();
    let mut words: Vec<String> = strange.collect();
    words.extend(quantities(items, intent));
    words.extend(names(items, intent));
    words.extend(for_each(items, intent));
    words.extend(super::taken::left_aside(items, intent));
    words.extend(super::takes::left_aside(items, intent));
    words.dedup();
    words
}

/// Whether it gives figures or rows at all.
const fn answers(intent: &Intent) -> bool {
    !matches!(
        intent,
        Intent::NotUnderstood
            | Intent::NotHere { .. }
            | Intent::OutOfScope { .. }
            | Intent::NotKept { .. }
            | Intent::Choose { .. }
            | Intent::Help
            | Intent::Order { .. }
            | Intent::File(_)
    )
}

/// The words of what is told after a question that is whole: “… by 50 euros? That is a lot.”
fn told_after(question: &str) -> Vec<String> {
    const WHOLE: usize = 3;
    let Some((asked, told)) = question.split_once('?') else { return Vec::new() };
    let words = |text: &str| tokens(text).into_iter().map(|token| token.text.to_lowercase()).collect::<Vec<_>>();
    let own = words(asked);
    if told.contains('?') || own.len() < WHOLE {
        return Vec::new();
    }
    words(told).into_iter().filter(|word| !own.contains(word)).collect()
}

/// “… do we earn most per piece”: products in an order, groups and sums are told of all pieces together.
fn for_each(items: &Items, intent: &Intent) -> Option<String> {
    let in_all = match intent {
        Intent::Find { order, conditions, .. } => {
            order.is_some() || conditions.iter().any(|one| matches!(one, Condition::By { .. }))
        }
        intent => matches!(intent, Intent::Rank { .. } | Intent::Compare { .. }),
    };
    let place = super::statistics::place_of_each(items).filter(|_| in_all && items.has(Concept::Margin))?;
    Some(items.list[place].word.clone())
}

/// Percentages and amounts that decide nothing.
fn quantities(items: &Items, intent: &Intent) -> Vec<String> {
    let is_one = |mark: &Mark| matches!(mark, Mark::Quantity(Quantity::Percent(_) | Quantity::Amount(_), _));
    let named: Vec<&str> = items.list.iter().filter(|item| is_one(&item.mark)).map(|item| item.word.as_str()).collect();
    if named.len() <= decided(intent) { Vec::new() } else { named.into_iter().map(str::to_owned).collect() }
}

/// How many numbers a question may have of which each takes part.
fn decided(intent: &Intent) -> usize {
    let bounds = |conditions: &[Condition]| {
        conditions
            .iter()
            .filter(|one| {
                let apart = matches!(one, Condition::Apart { .. });
                apart || matches!(one, Condition::Beyond { value: Quantity::Percent(_) | Quantity::Amount(_), .. })
            })
            .count()
    };
    match intent {
        Intent::Find { conditions, .. }
        | Intent::Rank { conditions, .. }
        | Intent::Total { conditions, .. }
        | Intent::Statistic { conditions, .. } => bounds(conditions),
        Intent::PriceForMargin { .. } => 1,
        Intent::Over { of, .. } => decided(of),
        Intent::WhatIf { .. } | Intent::Draft { .. } | Intent::BreakEven { supposed: Some(_), .. } => usize::MAX,
        Intent::Product { aspect: Aspect::Why, .. } => usize::MAX,
        Intent::Each(intents) => intents.iter().map(decided).min().unwrap_or(0),
        _ => 0,
    }
}

/// Names of which nothing would be said.
fn names(items: &Items, intent: &Intent) -> Vec<String> {
    let word = |wanted: &dyn Fn(&Mark) -> bool| {
        items.list.iter().filter(|item| wanted(&item.mark)).map(|item| item.word.clone()).collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    if !has_competitor(intent) {
        found.extend(word(&|mark| matches!(mark, Mark::Name(Target::Competitor(_)))));
    }
    let lists = price_lists::named(items);
    if lists.len() > 1 && !matches!(intent, Intent::BetweenLists { .. }) {
        found.extend(word(&|mark| matches!(mark, Mark::Name(Target::PriceList(_)))));
    }
    if is_of_everything(intent) {
        found.extend(word(&|mark| {
            matches!(mark, Mark::Name(Target::Products(_)) | Mark::Sku(_) | Mark::ProductWord(_))
        }));
    }
    found
}

/// Whether an answer can speak of a competitor.
fn has_competitor(intent: &Intent) -> bool {
    match intent {
        Intent::Product { .. }
        | Intent::Compare { competitor: Some(_), .. }
        | Intent::Trend { competitor: Some(_), .. }
        | Intent::Strategy { competitor: Some(_), .. }
        | Intent::Moves { competitor: Some(_) }
        | Intent::Movers { competitor: Some(_), .. }
        | Intent::Leaders { competitor: Some(_), .. }
        | Intent::Freshness { competitor: Some(_), .. }
        | Intent::ImportFile { .. }
        | Intent::Draft { .. } => true,
        Intent::WhatIf { supposed, .. } | Intent::BreakEven { supposed: Some(supposed), .. } => matches!(
            supposed,
            Supposed::Competitor { name: Some(_), .. } | Supposed::Match { name: Some(_) } | Supposed::OfferAt { .. }
        ),
        Intent::Find { conditions, .. } | Intent::Rank { conditions, .. } => {
            conditions.iter().any(|one| matches!(one, Condition::Competitor { .. } | Condition::Apart { .. }))
        }
        Intent::Over { of, .. } => has_competitor(of),
        Intent::Each(intents) => intents.iter().any(has_competitor),
        _ => false,
    }
}

/// Whether an answer is about the workspace as a whole, whatever products are named.
const fn is_of_everything(intent: &Intent) -> bool {
    match intent {
        Intent::Summary
        | Intent::BatchNotes
        | Intent::Scenarios
        | Intent::Alerts
        | Intent::Moves { .. }
        | Intent::Movers { .. }
        | Intent::Leaders { .. }
        | Intent::Freshness { .. }
        | Intent::ImportFile { .. }
        | Intent::Rules(_) => true,
        Intent::Total { figure, .. } => matches!(figure, Total::Publishing | Total::PriceLists | Total::Rules),
        _ => false,
    }
}
