//! One chunk of rows as slices, and the inputs of one row.

use std::ops::Range;

use pricing_domain::Conversion;

use crate::columns::{CHUNK, Column, NONE, NarrowColumn};
use crate::engine::compile::ListContext;
use crate::engine::marks::NO_FLOOR;
use crate::engine::recent::Recent;
use crate::snapshot::{
    FigureColumns, ListColumns, ListFlags, OffersInList, PriceMove, ProductColumns, Snapshot, contained_vat_bp,
};

/// The columns that pricing reads, for the rows of one chunk. Those that every row needs are slices, found once; amounts
/// as [`NarrowColumn`] holds them.
#[derive(Clone, Copy)]
pub(crate) struct ChunkView<'a> {
    snapshot: &'a Snapshot,
    products: &'a ProductColumns,
    list: &'a ListColumns,
    chunk: usize,
    pub(super) price: &'a [i32],
    pub(super) min: &'a [i32],
    pub(super) max: &'a [i32],
    pub(super) rrp: &'a [i32],
    pub(super) vat_bp: &'a [i32],
    pub(super) flags: &'a [u8],
    pub(super) price_since_s: &'a [u32],
    pub(super) cost_micro: &'a [i64],
    pub(super) lifecycle: &'a [u8],
}

/// Prices of another list, in minor units of its currency.
#[derive(Clone, Copy)]
pub(crate) struct OtherPrices<'a> {
    prices: &'a NarrowColumn,
    chunk: usize,
    micro_per_minor: i64,
    /// Where its currency is another one.
    conversion: Option<Conversion>,
}

impl OtherPrices<'_> {
    /// The prices of some places in millionths of this list's currency, or [`NONE`].
    pub(crate) fn micro(&self, places: Range<usize>) -> impl Iterator<Item = i64> + '_ {
        self.prices
            .values(self.chunk, places)
            .map(move |minor| {
                let micro = if minor > 0 { minor.checked_mul(self.micro_per_minor)? } else { return None };
                match &self.conversion {
                    None => Some(micro),
                    Some(conversion) => conversion.micro(micro),
                }
            })
            .map(|micro| micro.unwrap_or(NONE))
    }
}

/// What decides the price of one row, beside its offers. Amounts are minor units or [`NONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowInputs {
    /// Today's price; never zero or less.
    pub(crate) price: i64,
    pub(crate) min: i64,
    pub(crate) max: i64,
    pub(crate) rrp: i64,
    /// The price that a lock fixes.
    pub(crate) fixed: i64,
    /// In the list's currency (converted, where a rate is known), above zero, with VAT known; else [`NONE`].
    pub(crate) cost_micro: i64,
    /// A cost that no margin can be computed with, because VAT is not known. A price below it earns nothing at any
    /// rate. Else [`NONE`].
    pub(crate) bare_cost_micro: i64,
    /// Contained in the price; 0 where there is no cost.
    pub(crate) vat_bp: i64,
    /// The product's rate, also where the list's prices are without VAT: channels take their fee of the price with
    /// VAT. [`NONE`]: not known.
    pub(crate) full_vat_bp: i64,
    pub(crate) flags: u8,
    pub(crate) lifecycle: u8,
    /// Its code; 0: none.
    pub(crate) category: u32,
    /// When today's price began: seconds since 1970; 0: not known.
    pub(crate) price_since_s: u32,
    /// Offers below it do not count where a policy says so: the floor, or [`NONE`].
    pub(crate) offer_floor: i64,
    /// Sum and number of the usable offers, where a ceiling is measured by them.
    pub(crate) market: (i64, i64),
    /// What the price did lately, where the rule set looks back.
    pub(crate) recent: Recent,
}

impl RowInputs {
    /// Where a channel takes a fee of the price with VAT and the rate is not known, no margin can be computed.
    #[must_use]
    pub(crate) fn with_fee(self, fee: u16) -> Self {
        if fee == NO_FLOOR || self.full_vat_bp != NONE || self.cost_micro == NONE {
            return self;
        }
        Self { cost_micro: NONE, bare_cost_micro: self.cost_micro, ..self }
    }
}

impl<'a> ChunkView<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot, list: usize, chunk: usize) -> Self {
        let (products, list) = (&snapshot.products, &snapshot.lists[list]);
        Self {
            snapshot,
            products,
            list,
            chunk,
            price: list.price_minor.chunk(chunk),
            min: list.min_minor.chunk(chunk),
            max: list.max_minor.chunk(chunk),
            rrp: list.rrp_minor.chunk(chunk),
            vat_bp: list.vat_bp.chunk(chunk),
            flags: list.flags.chunk(chunk),
            price_since_s: list.price_since_s.chunk(chunk),
            cost_micro: list.cost_micro.chunk(chunk),
            lifecycle: products.lifecycle.chunk(chunk),
        }
    }

    /// The first row of the chunk.
    pub(crate) const fn first_row(&self) -> usize {
        self.chunk * CHUNK
    }

    /// The places of all its rows.
    pub(crate) fn places(&self) -> Range<usize> {
        0..self.price.len()
    }

    pub(crate) const fn chunk(&self) -> usize {
        self.chunk
    }

    pub(crate) const fn products(&self) -> &'a ProductColumns {
        self.products
    }

    pub(crate) const fn list(&self) -> &'a ListColumns {
        self.list
    }

    /// The codes of a free attribute, by its place.
    pub(crate) fn attribute(&self, place: usize) -> &'a Column<u32> {
        &self.snapshot.attributes[place].codes
    }

    /// Today's price, as it stands in the column.
    pub(crate) fn price(&self, place: usize) -> i64 {
        self.list.price_minor.get(self.first_row() + place)
    }

    /// The prices of the same rows in another list; `None` where they cannot be compared with this one's, because one
    /// contains VAT and the other does not, or no exchange rate is known.
    pub(crate) fn prices_in(&self, list: usize, own: usize) -> Option<OtherPrices<'a>> {
        let other = &self.snapshot.lists[list];
        if other.tax_mode != self.list.tax_mode {
            return None;
        }
        let (prices, chunk) = (&other.price_minor, self.chunk);
        let micro_per_minor = other.currency.micro_per_minor();
        if other.currency == self.list.currency {
            return Some(OtherPrices { prices, chunk, micro_per_minor, conversion: None });
        }
        let conversion = Some(self.snapshot.conversion_to(own, other.currency)?);
        Some(OtherPrices { prices, chunk, micro_per_minor, conversion })
    }

    /// The price of any row in this list: the one that this run gives it where that was decided before, else today's.
    pub(crate) fn price_of_row(&self, row: u32) -> i64 {
        let decided = self.list.decided.as_ref().and_then(|decided| decided.prices.get(&row).copied());
        decided.unwrap_or_else(|| self.list.price_minor.get(row as usize))
    }

    /// The place of a row, where it is in this chunk.
    pub(crate) fn place_of_row(&self, row: u32) -> Option<usize> {
        (row as usize).checked_sub(self.first_row()).filter(|place| *place < self.price.len())
    }

    /// Whether a product and others follow each other in a circle.
    pub(crate) fn is_in_circle(&self, place: usize) -> bool {
        let Some(decided) = self.list.decided.as_ref().filter(|decided| !decided.circles.is_empty()) else {
            return false;
        };
        u32::try_from(self.first_row() + place).is_ok_and(|row| decided.circles.contains_key(&row))
    }

    /// The places of this chunk's products that are in a circle.
    pub(crate) fn circles(&self) -> impl Iterator<Item = usize> + '_ {
        let circles = self.list.decided.iter().flat_map(|decided| decided.circles.keys());
        circles.filter_map(|row| self.place_of_row(*row))
    }

    pub(crate) fn offers(&self, place: usize) -> OffersInList<'a> {
        let vat_bp = ListFlags::offer_vat_bp(self.flags[place], self.vat_bp[place]);
        OffersInList::new(self.snapshot.offers.get(self.first_row() + place), vat_bp)
    }

    /// The moves of a row's prices, in the order of time.
    pub(crate) fn moves(&self, place: usize) -> &'a [PriceMove] {
        self.snapshot.moves.get(self.first_row() + place)
    }

    /// The figures of the ordinary usable offers of all its rows; `None` where the snapshot was made later than the run.
    pub(crate) fn figures(&self, context: &ListContext) -> Option<FigureColumns<'a>> {
        (context.offers.now_s >= self.snapshot.offers_as_of_s).then(|| self.list.figures(self.chunk))
    }

    /// A cost in the list's currency, or [`NONE`].
    fn known_cost(&self, place: usize) -> i64 {
        let cost = self.cost_micro[place];
        if cost > 0 { cost } else { NONE }
    }

    /// The cost that margins can be computed with, or [`NONE`].
    pub(crate) fn usable_cost(&self, context: &ListContext, place: usize) -> i64 {
        if self.vat(context, place).is_some() { self.known_cost(place) } else { NONE }
    }

    /// VAT that the list's price of a row contains.
    pub(crate) fn vat(&self, context: &ListContext, place: usize) -> Option<i64> {
        contained_vat_bp(context.tax_mode, self.vat_bp[place])
    }

    /// The inputs of one row.
    pub(crate) fn inputs(&self, context: &ListContext, place: usize) -> RowInputs {
        let row = self.first_row() + place;
        let amount = |value: i64| if value > 0 { value } else { NONE };
        RowInputs {
            price: amount(self.list.price_minor.get(row)),
            min: amount(self.list.min_minor.get(row)),
            max: amount(self.list.max_minor.get(row)),
            rrp: amount(self.list.rrp_minor.get(row)),
            fixed: match ListFlags::is_fixed(self.flags[place]) {
                false => NONE,
                true => amount(self.list.fixed(row)),
            },
            cost_micro: self.usable_cost(context, place),
            bare_cost_micro: match self.vat(context, place) {
                Some(_) => NONE,
                None => self.known_cost(place),
            },
            vat_bp: self.vat(context, place).unwrap_or(0),
            full_vat_bp: if self.vat_bp[place] >= 0 { i64::from(self.vat_bp[place]) } else { NONE },
            flags: self.flags[place],
            lifecycle: self.lifecycle[place],
            category: self.products.category.chunk(self.chunk)[place],
            price_since_s: self.price_since_s[place],
            offer_floor: NONE,
            market: (0, 0),
            recent: Recent::QUIET,
        }
    }
}
