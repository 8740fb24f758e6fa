//! Which prices moved lately: our own and those of competitors, a few for each product and none for most.

use bytemuck::{Pod, Zeroable};

use crate::columns::RowLists;

/// The moves of every product, in the order of time.
pub type MoveColumns = RowLists<PriceMove>;

/// A price that began. Those of the last [`PriceMove::KEPT_DAYS`] days are kept, and for each list and listing that
/// moved within them the one before, so that it is known what it moved from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct PriceMove {
    /// The price that began, in minor units.
    pub amount_minor: i64,
    /// When: seconds since 1970.
    pub at_s: u32,
    /// The key of the competitor's listing in the store; 0 for own prices.
    pub listing: u32,
    /// The competitor's number, or [`PriceMove::OWN`].
    pub by: u16,
    /// For own prices the place of the list, for a competitor's the number of the currency.
    pub list_or_currency: u16,
    /// Always 0: fills the record to 24 bytes.
    pub reserved: u32,
}

impl PriceMove {
    /// Stands for us instead of a competitor.
    pub const OWN: u16 = u16::MAX;

    /// How many days of moves are kept.
    pub const KEPT_DAYS: u32 = 28;

    /// An own price in the list at a place.
    pub const fn own(list: u16, at_s: u32, amount_minor: i64) -> Self {
        Self { amount_minor, at_s, listing: 0, by: Self::OWN, list_or_currency: list, reserved: 0 }
    }
}

/// In the order of time; at one time ours last, as the answer.
pub(super) fn in_order(moves: &[PriceMove]) -> Vec<PriceMove> {
    let mut moves = moves.to_vec();
    moves.sort_by_key(|one| (one.at_s, one.by, one.listing, one.list_or_currency));
    moves
}

const _: () = assert!(size_of::<PriceMove>() == 24);
