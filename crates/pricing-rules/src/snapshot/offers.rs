//! What competitors charge: the offers of each product side by side. Shops show prices with VAT; where our list has
//! none, it is taken out of them when they are compared.

use bytemuck::{Pod, Zeroable};
use pricing_domain::{BasisPoints, Rounding};

use crate::columns::RowLists;

/// One competitor offer, like for like with our product, as the shop shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Offer {
    /// The amount for the quantity that we sell, in minor units of its currency.
    pub amount_minor: i64,
    /// The key of the offer's span in the store.
    pub key: u32,
    /// The key of the listing in the store.
    pub listing: u32,
    /// Shipping in minor units; [`Offer::NO_SHIPPING`]: not stated.
    pub shipping_minor: i32,
    /// When it was last seen: seconds since 1970.
    pub last_seen_s: u32,
    /// The place in [`super::Snapshot::competitors`].
    pub competitor: u16,
    /// The number of its currency.
    pub currency: u8,
    /// The place in `Availability::ALL`.
    pub availability: u8,
    /// The place in `OfferKind::ALL`.
    pub kind: u8,
    /// The place in `Condition::ALL`.
    pub condition: u8,
    /// The place in `MatchType::ALL`.
    pub match_type: u8,
    /// Always 0: fills the record to 32 bytes.
    pub reserved: u8,
}

impl Offer {
    /// Shipping that the shop does not state.
    pub const NO_SHIPPING: i32 = i32::MIN;
}

/// The offers of a product as a price list looks at them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OffersInList<'a> {
    offers: &'a [Offer],
    /// In basis points, to be taken out of every amount; negative: some, but nobody knows how much.
    vat_bp: i32,
}

impl<'a> OffersInList<'a> {
    pub(crate) const fn new(offers: &'a [Offer], vat_bp: i32) -> Self {
        Self { offers, vat_bp }
    }

    /// The offers as shops show them.
    pub(crate) const fn shown(self) -> &'a [Offer] {
        self.offers
    }

    /// An amount of an offer as the list has its own; `None`: it cannot be compared.
    pub(crate) fn amount(self, minor: i64) -> Option<i64> {
        match self.vat_bp {
            0 => Some(minor),
            rate if rate < 0 => None,
            rate => Some(BasisPoints(rate).take_out(minor).round(Rounding::Nearest)),
        }
    }
}

/// The offers of every product.
pub type OfferColumns = RowLists<Offer>;

const _: () = assert!(size_of::<Offer>() == 32);
