//! From a rule set and the snapshot to decisions: compiled once, evaluated by chunks of rows, families settled last.

mod bounds;
pub(crate) mod compile;
mod decide;
mod endings;
pub(crate) mod exact;
mod family;
mod inputs;
mod kernel;
mod limits;
mod marks;
mod outcome;
mod reach;
mod run;
pub(crate) mod scope;
mod self_check;
mod strategy;
mod verify;
pub(crate) mod view;
mod way;
mod what_if;
mod words;

pub(crate) use compile::condition_of;
pub use compile::{CompiledRules, problems_of};
pub use inputs::{FamilyNeighbour, LaterInputs, ListInputs, OfferInputs, PriceInputs, inputs_of, price_from_inputs};
pub use limits::bounds_of;
pub use outcome::{Decision, Effect, PricingRun, RuleCounts, RunCounts};
pub use reach::RuleReach;
pub use run::price_all;
pub(crate) use run::price_and_count;
pub use self_check::{SelfCheck, self_check};
pub use way::{PriceWay, WayKind, WayLine, WayOffer};
