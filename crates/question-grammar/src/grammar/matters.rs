//! Questions about promotions, how long stock lasts, alerts and demand; and orders, which are never followed.

use pricing_domain::{GridColumn, ReadState};

use super::assumed::{bare_price, is_target};
use super::conditions::{conditions, limit};
use super::items::{Items, Mark};
use super::thresholds::side_of;
use crate::intents::{Aspect, Condition, Intent, Limit, PromotionFigure, Quantity, Scope, Side, Supposed, Total};
use crate::lexicon::Concept;

/// Words that stand before an order and say nothing.
const BEFORE_ORDERS: [&str; 24] = [
    "please",
    "pls",
    "plz",
    "bitte",
    "can",
    "could",
    "would",
    "you",
    "kannst",
    "koennen",
    "koenntest",
    "du",
    "sie",
    "mal",
    "jetzt",
    "now",
    "ok",
    "okay",
    "just",
    "and",
    "then",
    "go",
    "dann",
    "und",
];
/// Orders to decide what waits, and orders to hand over; by the beginnings of their words.
const DECIDING: [&str; 10] =
    ["approve", "accept", "reject", "decline", "confirm", "genehmige", "bestaetige", "lehne", "akzeptiere", "winke"];
const HANDING_OVER: [&str; 7] = ["publish", "push", "export", "deploy", "veroeffentliche", "uebergib", "uebertrage"];
const UNDOING: [&str; 12] = [
    "delete",
    "remove",
    "undo",
    "revert",
    "pause",
    "cancel",
    "loesche",
    "entferne",
    "stoppe",
    "deaktiviere",
    "storniere",
    "beende",
];
const SETTING: [&str; 8] = ["set", "setz", "setze", "change", "aendere", "aender", "stell", "stelle"];
const MOVING: [&str; 14] = [
    "raise", "lower", "cut", "reduce", "increase", "drop", "put", "senk", "senke", "erhoeh", "erhoehe", "heb", "hebe",
    "bring",
];
/// Orders at the end of a German sentence.
const AT_THE_END: [&str; 7] =
    ["freigeben", "genehmigen", "ablehnen", "veroeffentlichen", "uebernehmen", "uebergeben", "loeschen"];
const QUESTION_WORDS: [&str; 18] = [
    "which", "what", "how", "who", "why", "when", "where", "welche", "welcher", "welches", "was", "wie", "wer",
    "warum", "wann", "wo", "muss", "must",
];

/// An order: nothing is done, and it is said what can be shown.
pub(super) fn order_given(items: &Items) -> Option<Intent> {
    let words = |item: &super::items::Item| item.word.split(' ').next().unwrap_or_default().to_owned();
    if items.list.iter().any(|item| QUESTION_WORDS.contains(&words(item).as_str())) || items.has(Concept::WhatIf) {
        return None;
    }
    let first = items.list.iter().map(words).find(|word| !BEFORE_ORDERS.contains(&word.as_str()))?;
    // “Lösch”, “lösche”.
    let bare = |word: &str| word.strip_suffix('e').unwrap_or(word).to_owned();
    let begins = |orders: &[&str]| orders.iter().any(|order| bare(order) == bare(&first));
    let last = items.list.iter().rev().map(words).find(|word| !BEFORE_ORDERS.contains(&word.as_str()))?;
    let split_verb = first == "gib" && last == "frei";
    if begins(&SETTING) {
        return set_price(items);
    }
    // “Raise it to 269”; “lower headphones by 5 %” says what would be, and is answered with that.
    if begins(&MOVING) && goes_to(items) {
        return set_price(items);
    }
    let instead = if begins(&HANDING_OVER) || matches!(last.as_str(), "veroeffentlichen" | "uebergeben") {
        Some(Intent::Total { figure: Total::Publishing, scope: Scope::default(), conditions: Vec::new() })
    } else if begins(&DECIDING) || split_verb || AT_THE_END.contains(&last.as_str()) {
        let scope = items.scope();
        Some(if scope.is_all() {
            Intent::Needs { scope, reason: None }
        } else {
            Intent::Changes { scope, direction: None, conditions: Vec::new(), limit: Limit::Usual }
        })
    } else if begins(&UNDOING) {
        None
    } else {
        return None;
    };
    Some(Intent::Order { instead: instead.map(Box::new) })
}

/// Whether a price is named that it shall have.
fn goes_to(items: &Items) -> bool {
    match items.amount() {
        Some((place, ..)) => is_target(items, place),
        None => bare_price(items).is_some(),
    }
}

/// “Set NL-10001 to 249”: what that price would do.
fn set_price(items: &Items) -> Option<Intent> {
    let bare = || {
        let last = items.list.iter().rev().find_map(|item| match item.mark {
            Mark::Number(hundredths) => Some(hundredths),
            _ => None,
        });
        last.filter(|_| items.has(Concept::Price))
    };
    let amount = items.amount().map(|(_, amount, _)| amount).or_else(bare).or_else(|| bare_price(items))?;
    let one = items.has_sku() || items.product_matches == 1;
    if !one || items.percent().is_some() || items.has(Concept::Cost) {
        return None;
    }
    let supposed = Supposed::PriceAt(amount);
    Some(Intent::Order { instead: Some(Box::new(Intent::WhatIf { scope: items.scope(), supposed })) })
}

/// What our promotions did; running ones are a condition of a search.
pub(super) fn promotions(items: &Items) -> Option<Intent> {
    let other = [Concept::WhatIf, Concept::Draft, Concept::Spreadsheet, Concept::Rule, Concept::Proposal];
    if !items.has(Concept::Promotion) || items.any(&other) || items.competitor().is_some() {
        return None;
    }
    let by = promotion_figure(items);
    let over_time = items.any(&[Concept::History, Concept::Lately]) || items.span().is_some() || is_past(items);
    if by == PromotionFigure::Day && !over_time {
        return None;
    }
    Some(Intent::Promotions { scope: items.scope(), by })
}

pub(super) fn promotion_figure(items: &Items) -> PromotionFigure {
    let begins = |item: &super::items::Item| {
        let beginnings = ["worked", "success", "erfolgreich", "funktioniert", "gebracht"];
        beginnings.iter().any(|beginning| item.word.starts_with(beginning))
    };
    let worked = items.list.iter().any(begins) || items.word(&["best", "beste", "besten", "bester"]);
    if items.has(Concept::Uplift) {
        PromotionFigure::Uplift
    } else if items.has(Concept::Depth) || (items.any(&[Concept::Down, Concept::Percent]) && is_past(items)) {
        PromotionFigure::Depth
    } else if items.has(Concept::Units) {
        PromotionFigure::Units
    } else if worked {
        PromotionFigure::Uplift
    } else {
        PromotionFigure::Day
    }
}

/// Whether it is told of something that is over.
pub(super) fn is_past(items: &Items) -> bool {
    // “Was in the weekly deals”; alone, “was” is a German question word.
    let was = |pair: &[super::items::Item]| {
        matches!(pair[0].word.as_str(), "was") && matches!(pair[1].word.as_str(), "in" | "on" | "part of")
    };
    if items.list.windows(2).any(was) {
        return true;
    }
    items.word(&["war", "waren", "were", "liefen", "lief", "ran", "gab", "did", "hatten", "hatte", "had", "ended"])
}

/// How long stock lasts: of groups as one figure, of products as a condition.
pub(super) fn cover(items: &Items) -> Option<Intent> {
    if !items.has(Concept::Cover) || items.competitor().is_some() || items.product().is_some() {
        return None;
    }
    let scope = items.scope();
    let soonest = items.word(&["first", "zuerst", "soonest", "next", "bald", "soon"])
        || items.any(&[Concept::Smallest, Concept::Lowest]);
    let longest = items.has(Concept::Biggest) || items.word(&["longest", "laengsten", "laengste"]);
    let found = |condition: Condition| {
        let mut conditions = conditions(items);
        // What is gone already is no longer running out.
        if leaves_out_what_is_gone(items) {
            let in_stock = |one: &Condition| !matches!(one, Condition::Grid(pricing_domain::GridFilter::OutOfStock));
            conditions.retain(in_stock);
            conditions.push(Condition::Beyond {
                column: GridColumn::Stock,
                side: Side::AtLeast,
                value: Quantity::Count(1),
            });
        }
        conditions.push(condition);
        Some(Intent::Find { scope: items.scope(), conditions, order: None, limit: limit(items) })
    };
    if let Some(days) = items.days() {
        let side = items.list.iter().enumerate().find_map(|(place, item)| match item.mark {
            Mark::Number(_) if items.counts_time(place) => side_of(items, place),
            _ => None,
        });
        return found(Condition::Cover { side: side.unwrap_or(Side::AtMost), days });
    }
    if items.word(&["this week", "diese woche"]) {
        return found(Condition::Cover { side: Side::AtMost, days: 7 });
    }
    if longest {
        return found(Condition::Cover { side: Side::Above, days: 0 });
    }
    // “Which are about to run out”, and not how long it lasts.
    let which = items
        .list
        .first()
        .is_some_and(|item| ["which", "what", "welche", "welches", "welcher", "was"].contains(&item.word.as_str()));
    let gone = items.list.iter().any(|item| {
        item.mark == Mark::Concept(Concept::Cover)
            && ["run", "geht", "gehen", "laeuft", "ausgeh"].iter().any(|beginning| item.word.starts_with(beginning))
    });
    if soonest || (which && gone) {
        return found(Condition::Cover { side: Side::AtLeast, days: 0 });
    }
    Some(Intent::Total { figure: Total::Cover, scope, conditions: Vec::new() })
}

fn leaves_out_what_is_gone(items: &Items) -> bool {
    let negated = items.any(&[Concept::Except, Concept::Not, Concept::Without]);
    negated && items.has(Concept::OutOfStock)
}

/// The alerts that are set up, and what they told.
pub(super) fn alerts(items: &Items) -> Option<Intent> {
    let other = [Concept::WhatIf, Concept::Draft, Concept::Rule];
    (items.has(Concept::Alert) && !items.any(&other) && items.product().is_none()).then_some(Intent::Alerts)
}

/// How the demand of a group answers its prices.
pub(super) fn demand(items: &Items) -> Option<Intent> {
    let forecast = items.list.iter().any(|item| item.word.starts_with("forecast") || item.word.starts_with("prognose"));
    let asked = items.has(Concept::Science) && !items.has(Concept::Grade) && !forecast;
    let scope = items.scope();
    (asked && !scope.is_all() && items.competitor().is_none()).then_some(Intent::Demand { scope })
}

/// When prices were read, and what could not be; of one competitor where one is named.
pub(super) fn freshness(items: &Items) -> Option<Intent> {
    let competitor = items.competitor().map(|(_, name)| name);
    let state = page_state(items);
    let of = |failures: bool| Some(Intent::Freshness { failures, competitor: competitor.clone(), state });
    let about_pages = items.any(&[Concept::Pages, Concept::Failures]);
    if state.is_some() && about_pages && !items.has(Concept::Rule) {
        return of(true);
    }
    if items.has(Concept::Failures) && !items.any(&[Concept::Rule, Concept::Margin, Concept::Alert]) {
        return of(true);
    }
    if items.has(Concept::Collected) && items.has(Concept::Problem) {
        return of(true);
    }
    if items.has(Concept::Pages) && !items.any(&[Concept::Margin, Concept::Rule]) {
        return of(false);
    }
    (items.has(Concept::Collected) && !items.any(&[Concept::Why, Concept::Without])).then(|| of(false)).flatten()
}

/// What became of a page, by the words for it.
fn page_state(items: &Items) -> Option<ReadState> {
    let begins = |beginnings: &[&str]| {
        let any = |word: &str| beginnings.iter().any(|beginning| word.starts_with(beginning));
        items.list.iter().any(|item| item.word.split(' ').any(any))
    };
    if begins(&["404", "410", "gone", "dead", "tot", "vanished", "verschwunden", "nicht gefunden"]) {
        Some(ReadState::Gone)
    } else if begins(&["403", "captcha", "block", "bot"]) {
        Some(ReadState::Blocked)
    } else if begins(&["robots"]) {
        Some(ReadState::Disallowed)
    } else if items.has(Concept::OutOfStock) {
        Some(ReadState::SoldOut)
    } else {
        None
    }
}

/// What about a product these subjects are; `None`: none of them.
pub(super) fn aspect(items: &Items) -> Option<Aspect> {
    if items.has(Concept::Family) {
        return Some(Aspect::Family);
    }
    let told = promotion_figure(items) != PromotionFigure::Day || is_past(items) || items.has(Concept::History);
    if items.has(Concept::Promotion) && told {
        return Some(Aspect::Promotions);
    }
    items.has(Concept::Cover).then_some(Aspect::Cover)
}
