//! A snapshot with some rows changed: what did not change is shared with the one before.

use std::collections::{BTreeMap, BTreeSet};

use pricing_domain::{Instant, Role};

use super::build::{push_product, set_cost, set_product};
use super::costs::{day_of, derive_costs, derive_costs_of};
use super::derived::{derive_families, derive_offers_of, derive_orders};
use super::moves::in_order;
use super::products::NO_INDEX;
use super::{Competitor, CostRecord, ListValues, Offer, PriceMove, ProductRecord, Snapshot};
use crate::columns::NONE;

/// One change of the catalogue. Products are named by their key; changes of unknown products are passed over, so
/// that a product's own change comes before those of its prices.
#[derive(Clone, Debug)]
pub enum RowChange {
    /// A product is new or described anew.
    Product(Box<ProductRecord>),
    /// A price list says something else about a product.
    ListValues {
        /// The product.
        key: u32,
        /// The place of the price list.
        list: usize,
        /// What it says now.
        values: ListValues,
    },
    /// A product has another cost.
    Cost {
        /// The product.
        key: u32,
        /// The cost now.
        cost: Option<CostRecord>,
    },
    /// A product has another stock.
    Stock {
        /// The product.
        key: u32,
        /// The stock now.
        stock: Option<i64>,
    },
    /// A product plays another part.
    Role {
        /// The product.
        key: u32,
        /// Its role now.
        role: Option<Role>,
    },
    /// All offers of a product.
    Offers {
        /// The product.
        key: u32,
        /// Its offers now.
        offers: Vec<Offer>,
    },
    /// All moves of a product's prices, in any order.
    Moves {
        /// The product.
        key: u32,
        /// Its moves now.
        moves: Vec<PriceMove>,
    },
    /// A new competitor, with the next number.
    Competitor(Competitor),
}

/// What has to be computed anew.
#[derive(Default)]
struct Touched {
    orders: bool,
    families: bool,
    costs: Vec<usize>,
    offers: BTreeMap<usize, Vec<Offer>>,
    /// Rows whose prices or limits changed.
    values: BTreeSet<usize>,
    /// Rows whose offers are compared without another VAT.
    offer_vat: BTreeSet<usize>,
    moves: BTreeMap<usize, Vec<PriceMove>>,
}

impl Snapshot {
    /// This snapshot with `changes` made, standing at `sequence`. The derived offers of the rows whose offers change
    /// are computed as of `now`.
    pub fn updated(&self, sequence: i64, now: Instant, changes: Vec<RowChange>) -> Self {
        let mut next = Self { sequence, ..self.clone() };
        let mut touched = Touched::default();
        let mut added = BTreeMap::new();
        for change in changes {
            next.apply(change, &mut touched, &mut added);
        }
        while next.offers.len() < next.row_count() {
            next.offers.push(&[]);
        }
        while next.moves.len() < next.row_count() {
            next.moves.push(&[]);
        }
        if day_of(now) != next.rates_day {
            derive_costs(&mut next, now);
        } else if !touched.costs.is_empty() {
            derive_costs_of(&mut next, &touched.costs);
        }
        next.derive_ceilings_of(touched.values.iter().copied());
        next.moves.replace(&touched.moves.into_iter().collect::<Vec<_>>());
        let offers: Vec<(usize, Vec<Offer>)> = touched.offers.into_iter().collect();
        next.offers.replace(&offers);
        touched.offer_vat.extend(offers.iter().map(|(row, _)| *row));
        let rows: Vec<u32> = touched.offer_vat.iter().map(|row| *row as u32).collect();
        derive_offers_of(&mut next, &rows, now);
        if touched.orders {
            derive_orders(&mut next);
        }
        if touched.families {
            derive_families(&mut next);
        }
        next
    }

    fn apply(&mut self, change: RowChange, touched: &mut Touched, added: &mut BTreeMap<u32, usize>) {
        let row_of = |snapshot: &Self, added: &BTreeMap<u32, usize>, key: u32| {
            snapshot.row_of_key(key).map(|row| row as usize).or_else(|| added.get(&key).copied())
        };
        match change {
            RowChange::Product(record) => match row_of(self, added, record.key) {
                Some(row) => self.describe_anew(row, &record, touched),
                None => {
                    let row = push_product(self, &record) as usize;
                    added.insert(record.key, row);
                    touched.costs.push(row);
                    touched.orders = true;
                    touched.families |= !record.family.is_empty();
                }
            },
            RowChange::ListValues { key, list, values } => {
                if let (Some(row), Some(columns)) = (row_of(self, added, key), self.lists.get_mut(list)) {
                    let vat_before = columns.offer_vat_bp(row);
                    columns.set(row, &values);
                    touched.values.insert(row);
                    columns.has_sales |= values.units_28d_milli != 0;
                    if columns.offer_vat_bp(row) != vat_before {
                        touched.offer_vat.insert(row);
                    }
                }
            }
            RowChange::Cost { key, cost } => {
                if let Some(row) = row_of(self, added, key) {
                    set_cost(self, row, cost);
                    touched.costs.push(row);
                }
            }
            RowChange::Stock { key, stock } => {
                if let Some(row) = row_of(self, added, key) {
                    self.products.stock.put(row, stock.unwrap_or(NONE));
                }
            }
            RowChange::Role { key, role } => {
                if let Some(row) = row_of(self, added, key) {
                    self.products.role.put(row, role.map_or(NO_INDEX, |role| role as u8));
                }
            }
            RowChange::Offers { key, offers } => {
                if let Some(row) = row_of(self, added, key) {
                    touched.offers.insert(row, offers);
                }
            }
            RowChange::Moves { key, moves } => {
                if let Some(row) = row_of(self, added, key) {
                    touched.moves.insert(row, in_order(&moves));
                }
            }
            RowChange::Competitor(competitor) => self.competitors.push(competitor),
        }
    }

    fn describe_anew(&mut self, row: usize, record: &ProductRecord, touched: &mut Touched) {
        let before = self.product(row);
        set_product(self, row, record);
        touched.costs.push(row);
        touched.orders |= before.sku != record.sku || before.name != record.name;
        touched.families |= (&before.family, before.net_content_micro, before.content_unit)
            != (&record.family, record.net_content_micro, record.content_unit);
    }
}
