//! The way to a price: every step in words and as data, written from the same evaluation that decided it.

mod formulas;
mod guardrails;
mod looking_back;
mod strategies;
mod summary;
mod tables;

use pricing_domain::{Money, OfferUse};
use serde::{Deserialize, Serialize};

use super::decide::{Evaluation, Outcome};
use super::inputs::Case;
use super::what_if::what_would_change;
use super::words::Words;
use crate::columns::NONE;
use crate::snapshot::some;

/// What kind of step a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayKind {
    /// Today's price.
    Today,
    /// An amount in another currency with its exchange rate.
    ExchangeRate,
    /// A rule that was passed over.
    PassedOver,
    /// The rule that decided.
    Rule,
    /// The condition of the rule that decided.
    Condition,
    /// An intermediate value of its formula.
    Formula,
    /// The price it starts from.
    Reference,
    /// Its distance from there.
    Adjustment,
    /// The floor.
    Floor,
    /// The ceiling.
    Ceiling,
    /// The largest step.
    Step,
    /// The price ending.
    Ending,
    /// The order of the family.
    Family,
    /// A limit that only warns.
    Warning,
    /// The check of the final amount.
    Verification,
    /// Why a person is needed.
    Exception,
    /// Why the product is left alone.
    LeftAlone,
    /// What comes out.
    Result,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayLine {
    /// What kind of step it is.
    pub kind: WayKind,
    /// A few words.
    pub title: String,
    /// A sentence; empty where the title says it all.
    pub detail: String,
    /// The price after the step, where there is one.
    pub amount: Option<Money>,
}

/// One offer and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayOffer {
    /// The competitor's name.
    pub competitor: String,
    /// The amount for the quantity that we sell; `None` when its currency is not known.
    pub amount: Option<Money>,
    /// Shipping, where the shop states it.
    pub shipping: Option<Money>,
    /// When it was last seen.
    pub last_seen: pricing_domain::Instant,
    /// Whether it took part, and if not, why.
    pub usage: OfferUse,
}

/// How a price came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceWay {
    /// The steps in order.
    pub lines: Vec<WayLine>,
    /// Every offer, the lowest first.
    pub offers: Vec<WayOffer>,
    /// All of it in one sentence.
    pub summary: String,
    /// Which input would move the price, and by how much.
    pub what_would_change: Option<String>,
}

/// Collects lines in the currency of the list.
pub(super) struct Lines<'a> {
    pub(super) words: Words<'a>,
    lines: Vec<WayLine>,
}

impl Lines<'_> {
    pub(super) fn add(&mut self, kind: WayKind, title: impl Into<String>, detail: impl Into<String>, amount: i64) {
        let amount = some(amount).map(|amount| self.words.money(amount));
        self.lines.push(WayLine { kind, title: title.into(), detail: detail.into(), amount });
    }
}

/// Writes the way of one product: `before` is its own evaluation, `after` the one with its family.
pub(super) fn explain(case: &Case<'_>, before: &Evaluation, after: &Evaluation) -> PriceWay {
    let mut lines = Lines { words: Words::new(case), lines: Vec::new() };
    match before.inputs.price {
        NONE => lines.add(WayKind::Today, "Today", "No price in this list yet.", NONE),
        price => lines.add(WayKind::Today, "Today", "", price),
    }
    if let Some(words) = lines.words.cost_conversion() {
        lines.add(WayKind::ExchangeRate, "Exchange rate", words, NONE);
    }
    match before.outcome {
        Outcome::Ended => lines.add(WayKind::LeftAlone, "No longer sold", "Ended products are not priced.", NONE),
        Outcome::OnPromotion => {
            lines.add(WayKind::LeftAlone, "Promotion", "A promotion is running; its price is not touched.", NONE);
        }
        Outcome::Locked => lines.add(WayKind::LeftAlone, "Locked", "The price is locked and not touched.", NONE),
        _ if case.is_locked() => {
            match before.inputs.fixed {
                NONE => lines.add(WayKind::LeftAlone, "Locked", "The price is locked and not touched.", NONE),
                fixed => {
                    lines.add(WayKind::LeftAlone, "Fixed price", "A lock names the price; rules are not asked.", fixed)
                }
            }
            guardrails::bounds(&mut lines, case, before);
        }
        _ => {
            strategies::rules(&mut lines, case, before);
            guardrails::guardrails(&mut lines, case, before);
        }
    }
    if before != after {
        guardrails::family(&mut lines, case, before, after);
    }
    let end = &case.held_back(*after);
    guardrails::warnings(&mut lines, case, end);
    summary::outcome(&mut lines, end);
    PriceWay {
        summary: summary::sentence(&lines.words, case, before, end),
        offers: strategies::offers(case, before),
        what_would_change: if before == after { what_would_change(case, end) } else { None },
        lines: lines.lines,
    }
}
