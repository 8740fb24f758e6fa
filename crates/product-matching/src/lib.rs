//! Which of our products a competitor's page offers.
//!
//! A title is read into what it says: model, brand, sizes, colour, pack, condition. Candidates come from shared codes
//! and rare words; each gets a score and its reasons in words. What contradicts (another size, another colour, used
//! goods, a bundle, an accessory for the product) keeps a candidate from being accepted by itself, whatever else is
//! alike. Pure: no network, no store.

mod candidates;
mod comparison;
mod sides;
mod titles;
mod words;

pub use candidates::{Catalogue, Match};
pub use comparison::Comparison;
pub use sides::{SideBySide, Stated, side_by_side};
pub use titles::{Item, Title};
