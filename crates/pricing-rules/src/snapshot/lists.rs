//! Prices and limits of one price list.

use std::collections::BTreeMap;
use std::sync::Arc;

use pricing_domain::{Currency, ExceptionReason, PriceListId, TaxMode};
use serde::{Deserialize, Serialize};

use super::{OffersInList, Snapshot};
use crate::columns::{Column, NONE, NarrowColumn};

/// Bits of [`ListColumns::flags`].
pub struct ListFlags;

impl ListFlags {
    /// The price must not move.
    pub const LOCKED: u8 = 1;
    /// A promotion is running.
    pub const PROMOTION: u8 = 2;
    /// A proposal waits for a decision.
    pub const PENDING_PROPOSAL: u8 = 4;
    /// The waiting proposal needs a person.
    pub const EXCEPTION: u8 = 8;
    /// The lock names the price; stands beside [`Self::LOCKED`].
    pub const FIXED: u8 = 16;

    /// Competitors' prices contain VAT and the list's do not: it is taken out of them where they are compared.
    pub const OFFERS_WITH_VAT: u8 = 32;

    /// What holds for every product of a list because of its taxes: shops show prices with VAT.
    pub const fn of_tax_mode(tax_mode: TaxMode) -> u8 {
        match tax_mode {
            TaxMode::Net => Self::OFFERS_WITH_VAT,
            TaxMode::Gross => 0,
        }
    }

    /// VAT to be taken out of competitors' prices, in basis points; negative: the rate is not known.
    pub(crate) const fn offer_vat_bp(flags: u8, vat_bp: i32) -> i32 {
        if flags & Self::OFFERS_WITH_VAT == 0 { 0 } else { vat_bp }
    }

    /// Whether a lock names the price.
    pub(crate) const fn is_fixed(flags: u8) -> bool {
        flags & (Self::LOCKED | Self::FIXED) == Self::LOCKED | Self::FIXED
    }
}

/// What a price list is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRecord {
    /// The key in the store.
    pub key: i64,
    /// The identifier at the contract.
    pub id: PriceListId,
    /// The short name that rules use.
    pub code: String,
    /// The name shown to people.
    pub name: String,
    /// The currency of every amount in it.
    pub currency: Currency,
    /// Whether its prices contain VAT.
    pub tax_mode: TaxMode,
    /// Seconds that its local time is ahead of UTC.
    pub utc_offset_s: i32,
    /// Prices are whole multiples of this, in minor units; 1: any.
    pub cash_step_minor: i64,
    /// The keys of lists whose prices are ceilings of its own, such as those for fewer pieces.
    pub never_above: Vec<i64>,
}

/// The values of one product in one price list. Amounts are minor units of the list's currency, or [`NONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListValues {
    /// Today's price.
    pub price_minor: i64,
    /// The product's own lowest price.
    pub min_minor: i64,
    /// The product's own highest price.
    pub max_minor: i64,
    /// The supplier's recommended price.
    pub rrp_minor: i64,
    /// The lowest advertised price, where a market has one; no guardrail.
    pub map_minor: i64,
    /// VAT in basis points; negative: unknown.
    pub vat_bp: i32,
    /// Bits of [`ListFlags`].
    pub flags: u8,
    /// Thousandths of pieces sold in the last 28 days.
    pub units_28d_milli: i64,
    /// When today's price began: seconds since 1970; 0: not known. Stored inputs keep it apart.
    #[serde(skip)]
    pub price_since_s: u32,
    /// The price that a lock fixes. Stored inputs keep it apart.
    #[serde(skip, default = "nothing")]
    pub fixed_minor: i64,
}

const fn nothing() -> i64 {
    NONE
}

impl Default for ListValues {
    fn default() -> Self {
        Self {
            price_minor: NONE,
            min_minor: NONE,
            max_minor: NONE,
            rrp_minor: NONE,
            map_minor: NONE,
            vat_bp: 0,
            flags: 0,
            units_28d_milli: 0,
            price_since_s: 0,
            fixed_minor: NONE,
        }
    }
}

/// What settling families together made of one product. It depends on every product of these families, so that the outcome is
/// stored and not the products.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JointOutcome {
    /// Its price stays as its rule made it.
    AsIs,
    /// It is moved.
    Moved {
        /// The price.
        to_minor: i64,
        /// Why a person is asked.
        reason: Option<ExceptionReason>,
    },
    /// Out of order, and nothing mends it.
    OutOfOrder,
}

/// The prices that a run gives products which others follow; they are decided before all others.
#[derive(Clone, Debug, Default)]
pub(crate) struct DecidedPrices {
    /// By row, in minor units, or [`NONE`].
    pub(crate) prices: BTreeMap<u32, i64>,
    /// Rows that follow each other in a circle, each with the whole circle; their prices stay.
    pub(crate) circles: BTreeMap<u32, Arc<[u32]>>,
}

/// Prices and limits of one price list, in minor units of its currency.
#[derive(Clone, Debug)]
pub struct ListColumns {
    /// The key in the store.
    pub key: i64,
    /// The identifier at the contract.
    pub id: PriceListId,
    /// The short name that rules use.
    pub code: String,
    /// The name shown to people.
    pub name: String,
    /// The currency of every amount in it.
    pub currency: Currency,
    /// Whether its prices contain VAT.
    pub tax_mode: TaxMode,
    /// Seconds that its local time is ahead of UTC.
    pub utc_offset_s: i32,
    /// Prices are whole multiples of this, in minor units; 1: any.
    pub cash_step_minor: i64,
    /// The keys of lists whose prices are ceilings of its own.
    pub never_above: Vec<i64>,
    /// The number of its currency in [`super::Offer`] and in the cost columns.
    pub currency_number: u8,
    /// The products' costs in the list's currency, at a millionth of the major unit, or [`NONE`]. Where costs are in that
    /// currency, its chunks are those of [`super::ProductColumns::cost_micro`].
    pub cost_micro: Column<i64>,
    /// Today's prices, or [`NONE`].
    pub price_minor: NarrowColumn,
    /// The products' own lowest prices, or [`NONE`].
    pub min_minor: NarrowColumn,
    /// The products' own highest prices, or [`NONE`]; of a list that is never above others the lowest of those and of the
    /// others' prices.
    pub max_minor: NarrowColumn,
    /// The own ones of such a list.
    pub(super) own_max_minor: Option<NarrowColumn>,
    /// Recommended prices, or [`NONE`].
    pub rrp_minor: NarrowColumn,
    /// Lowest advertised prices, or [`NONE`].
    pub map_minor: NarrowColumn,
    /// VAT in basis points; negative: unknown.
    pub vat_bp: Column<i32>,
    /// Bits of [`ListFlags`].
    pub flags: Column<u8>,
    /// Thousandths of pieces sold in 28 days.
    pub units_28d_milli: NarrowColumn,
    /// Whether any product was sold in these days: where none was, sales are not known.
    pub has_sales: bool,
    /// When today's prices began: seconds since 1970; 0: not known.
    pub price_since_s: Column<u32>,
    /// The prices that locks fix, by row: few have one.
    pub fixed_minor: BTreeMap<u32, i64>,
    /// For one run: prices that a person is asked about, by row. They may come into force, so that they are ceilings too.
    pub waiting_minor: BTreeMap<u32, i64>,
    /// The lowest usable offer by the ordinary policy when the snapshot was made, or [`NONE`].
    pub lowest_offer_minor: NarrowColumn,
    /// How many offers were usable then.
    pub offer_count: Column<u16>,
    /// The second of them from below, the lowest when there was only one, or [`NONE`].
    pub second_offer_minor: NarrowColumn,
    /// The two middle ones together, twice the middle one of an odd number, or [`NONE`]: twice the median.
    pub middle_offers_minor: NarrowColumn,
    /// All of them together.
    pub offer_sum_minor: Column<i64>,
    /// Until when all this holds, if nothing changes but the time: seconds since 1970.
    pub offers_until_s: Column<u32>,
    /// For one run: what it gives products that others follow. `None`: not asked yet.
    pub(crate) decided: Option<Arc<DecidedPrices>>,
    /// What a run makes of the products of families that share some, by row; `None`: they were not settled beforehand.
    pub(crate) joint: Option<Arc<BTreeMap<u32, JointOutcome>>>,
}

/// The figures of the usable offers of one chunk of rows, as the columns hold them.
#[derive(Clone, Copy)]
pub(crate) struct FigureColumns<'a> {
    pub(crate) count: &'a [u16],
    pub(crate) lowest: &'a [i32],
    pub(crate) second: &'a [i32],
    pub(crate) middle: &'a [i32],
    pub(crate) sum: &'a [i64],
    pub(crate) until_s: &'a [u32],
}

impl FigureColumns<'_> {
    /// Whether the figures of a row still hold.
    pub(crate) fn hold(&self, place: usize, now_s: i64) -> bool {
        i64::from(self.until_s[place]) >= now_s && self.count[place] != u16::MAX
    }

    /// How many offers a row has, where that is still known.
    pub(crate) fn count_at(&self, place: usize, now_s: i64) -> Option<usize> {
        self.hold(place, now_s).then(|| usize::from(self.count[place]))
    }
}

impl ListColumns {
    pub(super) fn new(record: ListRecord, currency_number: u8) -> Self {
        let ListRecord { key, id, code, name, currency, tax_mode, utc_offset_s, cash_step_minor, never_above } = record;
        Self {
            key,
            id,
            code,
            name,
            currency,
            tax_mode,
            utc_offset_s,
            cash_step_minor: cash_step_minor.max(1),
            never_above,
            currency_number,
            cost_micro: Column::default(),
            price_minor: NarrowColumn::default(),
            min_minor: NarrowColumn::default(),
            max_minor: NarrowColumn::default(),
            own_max_minor: None,
            rrp_minor: NarrowColumn::default(),
            map_minor: NarrowColumn::default(),
            vat_bp: Column::default(),
            flags: Column::default(),
            units_28d_milli: NarrowColumn::default(),
            has_sales: false,
            price_since_s: Column::default(),
            fixed_minor: BTreeMap::new(),
            waiting_minor: BTreeMap::new(),
            lowest_offer_minor: NarrowColumn::default(),
            offer_count: Column::default(),
            second_offer_minor: NarrowColumn::default(),
            middle_offers_minor: NarrowColumn::default(),
            offer_sum_minor: Column::default(),
            offers_until_s: Column::default(),
            decided: None,
            joint: None,
        }
    }

    /// The figures of the usable offers of one chunk.
    pub(crate) fn figures(&self, chunk: usize) -> FigureColumns<'_> {
        FigureColumns {
            count: self.offer_count.chunk(chunk),
            lowest: self.lowest_offer_minor.chunk(chunk),
            second: self.second_offer_minor.chunk(chunk),
            middle: self.middle_offers_minor.chunk(chunk),
            sum: self.offer_sum_minor.chunk(chunk),
            until_s: self.offers_until_s.chunk(chunk),
        }
    }

    /// Takes the figures of the offers from a list in the same currency, for which they are the same.
    pub(super) fn share_offers(&mut self, other: &Self) {
        self.lowest_offer_minor.clone_from(&other.lowest_offer_minor);
        self.offer_count.clone_from(&other.offer_count);
        self.second_offer_minor.clone_from(&other.second_offer_minor);
        self.middle_offers_minor.clone_from(&other.middle_offers_minor);
        self.offer_sum_minor.clone_from(&other.offer_sum_minor);
        self.offers_until_s.clone_from(&other.offers_until_s);
    }

    /// VAT to be taken out of competitors' prices for a row, in basis points; negative: the rate is not known.
    pub(crate) fn offer_vat_bp(&self, row: usize) -> i32 {
        ListFlags::offer_vat_bp(self.flags.get(row), self.vat_bp.get(row))
    }

    /// VAT contained in this list's prices, in basis points; `None` when it is not known.
    pub fn contained_vat_bp(&self, row: usize) -> Option<i64> {
        contained_vat_bp(self.tax_mode, self.vat_bp.get(row))
    }

    pub(super) fn push(&mut self, values: &ListValues) {
        self.cost_micro.push(NONE);
        self.price_minor.push(values.price_minor);
        self.min_minor.push(values.min_minor);
        self.max_minor.push(values.max_minor);
        if let Some(own) = &mut self.own_max_minor {
            own.push(values.max_minor);
        }
        self.rrp_minor.push(values.rrp_minor);
        self.map_minor.push(values.map_minor);
        self.vat_bp.push(values.vat_bp);
        self.flags.push(values.flags);
        self.units_28d_milli.push(values.units_28d_milli);
        self.price_since_s.push(values.price_since_s);
        self.lowest_offer_minor.push(NONE);
        self.offer_count.push(0);
        self.second_offer_minor.push(NONE);
        self.middle_offers_minor.push(NONE);
        self.offer_sum_minor.push(0);
        self.offers_until_s.push(u32::MAX);
    }

    pub(super) fn set(&mut self, row: usize, values: &ListValues) {
        self.price_minor.put(row, values.price_minor);
        self.min_minor.put(row, values.min_minor);
        match &mut self.own_max_minor {
            Some(own) => own.put(row, values.max_minor),
            None => self.max_minor.put(row, values.max_minor),
        }
        self.rrp_minor.put(row, values.rrp_minor);
        self.map_minor.put(row, values.map_minor);
        self.vat_bp.put(row, values.vat_bp);
        self.flags.put(row, values.flags);
        self.units_28d_milli.put(row, values.units_28d_milli);
        self.price_since_s.put(row, values.price_since_s);
        let row = u32::try_from(row).expect("rows fit 32 bits");
        match values.fixed_minor {
            NONE => self.fixed_minor.remove(&row),
            fixed => self.fixed_minor.insert(row, fixed),
        };
    }

    /// The price that a lock fixes for a row, or [`NONE`].
    pub fn fixed(&self, row: usize) -> i64 {
        u32::try_from(row).ok().and_then(|row| self.fixed_minor.get(&row).copied()).unwrap_or(NONE)
    }

    /// The values of one product, with its own highest price.
    pub fn values(&self, row: usize) -> ListValues {
        ListValues {
            price_minor: self.price_minor.get(row),
            min_minor: self.min_minor.get(row),
            max_minor: self.own_max().get(row),
            rrp_minor: self.rrp_minor.get(row),
            map_minor: self.map_minor.get(row),
            vat_bp: self.vat_bp.get(row),
            flags: self.flags.get(row),
            units_28d_milli: self.units_28d_milli.get(row),
            price_since_s: self.price_since_s.get(row),
            fixed_minor: self.fixed(row),
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let amounts = [
            &self.price_minor,
            &self.min_minor,
            &self.max_minor,
            &self.rrp_minor,
            &self.map_minor,
            &self.units_28d_milli,
            &self.lowest_offer_minor,
            &self.second_offer_minor,
            &self.middle_offers_minor,
        ];
        amounts.iter().map(|column| column.memory_bytes()).sum::<usize>()
            + self.offer_sum_minor.memory_bytes()
            + self.own_max_minor.as_ref().map_or(0, |own| own.memory_bytes_beside(&self.max_minor))
            + self.offers_until_s.memory_bytes()
            + self.price_since_s.memory_bytes()
            + self.vat_bp.memory_bytes()
            + self.flags.memory_bytes()
            + self.offer_count.memory_bytes()
    }
}

impl Snapshot {
    /// The offers of a row as a list looks at them.
    pub(crate) fn offers_in(&self, list: usize, row: usize) -> OffersInList<'_> {
        OffersInList::new(self.offers.get(row), self.lists[list].offer_vat_bp(row))
    }

    /// An amount of an offer for a row as a list has its own, without VAT where the list has none; `None`: it cannot be
    /// compared, because the product's rate is not known.
    pub fn offer_amount_in(&self, list: usize, row: usize, amount_minor: i64) -> Option<i64> {
        self.offers_in(list, row).amount(amount_minor)
    }

    /// The place of a price list by its key in the store.
    pub fn list_of_key(&self, key: i64) -> Option<usize> {
        self.lists.iter().position(|list| list.key == key)
    }
}

/// VAT contained in a price: none in a net list; `None` when it is not known.
pub(crate) fn contained_vat_bp(tax_mode: TaxMode, vat_bp: i32) -> Option<i64> {
    match tax_mode {
        TaxMode::Net => Some(0),
        TaxMode::Gross => (vat_bp >= 0).then_some(i64::from(vat_bp)),
    }
}
