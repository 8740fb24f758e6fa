//! Guardrails and price endings: what no rule can cross.

use serde::{Deserialize, Serialize};

use super::families::{FamilyLaw, laws};
use super::{Scope, yes};
use crate::money::{BasisPoints, Currency};
use crate::products::CostType;
use crate::text_enum::text_enum;

/// What no rule can cross, in this order: law and locks, floor, ceiling, step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Guardrails {
    /// Which cost a margin floor is about; where a product has no such cost, its latest one counts.
    #[serde(default)]
    pub cost_type: Option<CostType>,
    /// First match wins. A product's own `min_price` holds as well.
    #[serde(default)]
    pub floors: Vec<MarginFloor>,
    /// Beside a product's own `max_price`.
    #[serde(default)]
    pub ceiling: Option<Ceiling>,
    /// Largest change at once.
    #[serde(default)]
    pub step: StepLimit,
    /// Products without a cost: refuse a new price below today's.
    #[serde(default = "yes")]
    pub no_cut_without_cost: bool,
    /// What families keep to; of each product the first law whose scope it is in. At most 32.
    #[serde(default, alias = "family_order", deserialize_with = "laws", skip_serializing_if = "Vec::is_empty")]
    pub families: Vec<FamilyLaw>,
    /// What a channel keeps of each sale; a margin floor is what is left after it. First match wins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channel_fees: Vec<ChannelFee>,
    /// Beside the margin floors; every one that matches holds. At most 32.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub price_floors: Vec<PriceFloor>,
    /// Beside the ceiling; every one that matches holds. At most 32.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ceilings: Vec<ScopedCeiling>,
    /// A price stands at least so long before it changes again; a floor or ceiling outranks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_between_changes: Option<u32>,
    /// Largest change against the price of 24 hours before.
    #[serde(default, skip_serializing_if = "StepLimit::is_none")]
    pub step_per_day: StepLimit,
    /// Largest change against the price of seven days before.
    #[serde(default, skip_serializing_if = "StepLimit::is_none")]
    pub step_per_week: StepLimit,
    /// At most so many changes within seven days; a floor or ceiling outranks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes_per_week: Option<u32>,
    /// Limits that only warn: they never change a price. Every one that matches a product is looked at. At most 32.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<SoftGuardrail>,
    /// No further cuts where a competitor and we undercut each other in turn; a ceiling outranks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spiral: Option<SpiralLimit>,
}

/// A limit that only warns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SoftGuardrail {
    /// Which products it is for.
    #[serde(default)]
    pub scope: Scope,
    /// What is not to be crossed.
    pub limit: SoftLimit,
}

/// What a price is not to cross without a warning.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SoftLimit {
    /// The margin of the net price is not below; without a cost it does not warn.
    Margin(BasisPoints),
    /// The markup is not below; without a cost it does not warn.
    Markup(BasisPoints),
    /// The price is not below this amount in minor units.
    AtLeastMinor(i64),
    /// The price is not above.
    Ceiling(Ceiling),
    /// It does not rise by more at once.
    StepUp(BasisPoints),
    /// It does not fall by more at once, as a positive number.
    StepDown(BasisPoints),
}

/// When two undercut each other in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpiralLimit {
    /// From so many rounds on: the competitor lowered its price, and we lowered ours after it.
    pub rounds: u32,
    /// Within so many days, 1 to 28.
    pub days: u32,
}

/// What a marketplace or channel keeps of each sale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelFee {
    /// Which products and lists it is for.
    #[serde(default)]
    pub scope: Scope,
    /// Of the price with VAT, also in a list of prices without it; where the product's rate is not known, no margin
    /// can be computed.
    #[serde(default)]
    pub percent: BasisPoints,
    /// For each piece, net, in minor units.
    #[serde(default)]
    pub fixed_minor: i64,
}

/// A floor beside the margin floors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceFloor {
    /// Which products it is for.
    #[serde(default)]
    pub scope: Scope,
    /// How low.
    pub floor: FloorAmount,
}

/// How low a price may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FloorAmount {
    /// Markup = (net price − cost) ÷ cost; without a cost it does not bind.
    Markup(BasisPoints),
    /// An amount in minor units.
    AmountMinor(i64),
}

/// A ceiling for some products.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScopedCeiling {
    /// Which products it is for.
    #[serde(default)]
    pub scope: Scope,
    /// How high.
    pub ceiling: Ceiling,
}

/// The smallest margin of the net price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarginFloor {
    /// Which products it is for.
    #[serde(default)]
    pub scope: Scope,
    /// Margin = (net price − cost) ÷ net price.
    pub margin: BasisPoints,
}

/// The highest price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ceiling {
    /// So much of the recommended price: 10,000 is all of it.
    OfRecommended(BasisPoints),
    /// An amount in minor units.
    AmountMinor(i64),
    /// So much of the mean of the usable offers (a largest price index); without an offer it does not bind.
    OfCompetitors(BasisPoints),
}

/// Largest change at once, by direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StepLimit {
    /// Upwards.
    #[serde(default)]
    pub up: Option<BasisPoints>,
    /// Downwards, as a positive number.
    #[serde(default)]
    pub down: Option<BasisPoints>,
}

impl StepLimit {
    /// Whether neither direction is limited.
    pub const fn is_none(&self) -> bool {
        self.up.is_none() && self.down.is_none()
    }
}

/// Endings allowed from a price upwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndingBand {
    /// From this price in minor units on, up to the next band.
    pub from_minor: i64,
    /// Which prices are allowed.
    pub ending: PriceEnding,
    /// Which of the two around a price is taken.
    #[serde(default, skip_serializing_if = "EndingDirection::is_nearest")]
    pub direction: EndingDirection,
    /// Only on the price lists with these codes; empty: on all. Where bands name a list, only they hold there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<String>,
    /// Only on lists in this currency. Where bands name it, those that name nothing do not hold there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
}

impl EndingBand {
    /// The nearest ending of a grid from a price upwards.
    pub const fn nearest(from_minor: i64, ending: PriceEnding) -> Self {
        Self { from_minor, ending, direction: EndingDirection::Nearest, lists: Vec::new(), currency: None }
    }
}

text_enum! {
    /// Which ending a price of a band goes to. Where the guardrails leave only the other one, that one is taken.
    #[derive(Default)]
    EndingDirection {
        /// The nearest, of two equally near the higher.
        #[default]
        Nearest = "nearest",
        /// The next at or above.
        Up = "up",
        /// The next at or below.
        Down = "down",
    }
}

impl EndingDirection {
    /// Whether neither side is preferred.
    pub const fn is_nearest(&self) -> bool {
        matches!(self, Self::Nearest)
    }
}

/// A grid of allowed prices: `ending_minor` + k × `step_minor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceEnding {
    /// Distance between two allowed prices: 100 for “.99 of every euro”.
    pub step_minor: i64,
    /// What is left after the step: 99 for “.99”. Below `step_minor`.
    pub ending_minor: i64,
}
