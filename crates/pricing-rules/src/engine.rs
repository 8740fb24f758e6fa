//! From a rule set and the snapshot to decisions: compiled once, evaluated by chunks of rows, families settled last.

pub(crate) mod bounds;
pub(crate) mod compile;
mod decide;
mod digest;
mod endings;
pub(crate) mod exact;
mod family;
mod followed;
mod inputs;
mod kernel;
mod labels;
mod limits;
pub(crate) mod marks;
mod outcome;
mod reach;
mod recent;
mod run;
pub(crate) mod scope;
mod self_check;
mod soft;
mod strategy;
mod verify;
pub(crate) mod view;
mod way;
mod ways;
mod what_if;
mod words;

pub use bounds::{CeilingKind, FloorKind};
pub(crate) use compile::condition_of;
pub use compile::{CompiledRules, problems_of};
pub use decide::Outcome;
pub use digest::digest;
pub use family::{FamilyStanding, family_standing};
pub use inputs::{
    Binding, FamilyNeighbour, LaterInputs, ListInputs, MoveInputs, OfferInputs, PriceInputs, binding_from_inputs,
    inputs_of, price_from_inputs,
};
pub use labels::{LabelCapacity, LabelPlace};
pub use limits::{UNREACHABLE_FLOOR, allowed_prices, bounds_of, floors_of, windows_of};
pub use outcome::{Decision, Effect, PricingRun, RuleCounts, RunCounts};
pub use reach::RuleReach;
pub(crate) use recent::looks_back;
pub use run::price_all;
pub(crate) use run::{deciding_rule, price_and_count};
pub use self_check::{SelfCheck, self_check};
pub use way::{PriceWay, WayKind, WayLine, WayOffer};
pub use ways::{PassedOver, PassedReason, RowWay, Way, Ways, ways_to_all};
