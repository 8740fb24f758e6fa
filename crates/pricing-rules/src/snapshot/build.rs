//! Builds a snapshot row by row from a store or a file.

use std::sync::Arc;

use pricing_domain::{Currency, ExchangeRate, Instant, Lifecycle, TaxMode};

use super::attributes::set_attributes;
use super::costs::{derive_costs, in_order as in_ascending_order};
use super::derived::derive_all;
use super::moves::in_order;
use super::products::{NO_INDEX, search_text, tag_set};
use super::{
    Competitor, CostRecord, ListColumns, ListRecord, ListValues, Offer, PriceMove, ProductFlags, ProductRecord,
    Snapshot, UNIT_SEPARATOR, families_in, family_set,
};
use crate::columns::{Dictionary, NONE};

/// Collects products, then their prices and offers; `finish` computes what follows from them.
#[derive(Debug, Default)]
pub struct SnapshotBuilder {
    snapshot: Snapshot,
}

impl SnapshotBuilder {
    /// Begins a snapshot that stands at `sequence` of the change log.
    pub fn new(sequence: i64) -> Self {
        Self { snapshot: Snapshot { sequence, ..Snapshot::default() } }
    }

    /// Adds a price list without prices; gives its place.
    pub fn add_list(&mut self, record: ListRecord) -> usize {
        let number = self.currency_number(record.currency);
        let mut columns = ListColumns::new(record, number);
        (0..self.snapshot.row_count()).for_each(|_| columns.push(&ListValues::default()));
        self.snapshot.lists.push(columns);
        self.snapshot.lists.len() - 1
    }

    /// Whether the prices of a list contain VAT.
    pub fn tax_mode(&self, list: usize) -> TaxMode {
        self.snapshot.lists[list].tax_mode
    }

    /// Adds a competitor; gives its number.
    pub fn add_competitor(&mut self, competitor: Competitor) -> u16 {
        let number = u16::try_from(self.snapshot.competitors.len()).expect("fewer than 65,536 competitors");
        self.snapshot.competitors.push(competitor);
        number
    }

    /// The number of a currency, given out now when it is new.
    pub fn currency_number(&mut self, currency: Currency) -> u8 {
        currency_number(&mut self.snapshot, currency)
    }

    /// Takes exchange rates in any order, by which costs of other currencies are converted.
    pub fn set_rates(&mut self, rates: Vec<ExchangeRate>) {
        self.snapshot.rates = in_ascending_order(rates).into();
    }

    /// Adds a product without prices; gives its row.
    pub fn push_product(&mut self, record: &ProductRecord) -> u32 {
        push_product(&mut self.snapshot, record)
    }

    /// Sets what a price list says about a product.
    pub fn set_list_values(&mut self, list: usize, row: u32, values: &ListValues) {
        self.snapshot.lists[list].set(row as usize, values);
    }

    /// Sets since when each product has had a price: seconds since 1970 by row, 0 where it has none.
    pub fn set_listed(&mut self, listed_s: &[u32]) {
        for (row, listed) in listed_s.iter().enumerate() {
            self.snapshot.products.listed_s.put(row, *listed);
        }
    }

    /// Gives a product its offers. Rows come in ascending order; those passed over have none.
    pub fn push_offers(&mut self, row: u32, offers: &[Offer]) {
        while self.snapshot.offers.len() < row as usize {
            self.snapshot.offers.push(&[]);
        }
        assert_eq!(self.snapshot.offers.len(), row as usize, "offers come in the order of the rows");
        self.snapshot.offers.push(offers);
    }

    /// Gives a product the moves of its prices, in any order. Rows come in ascending order; those passed over have none.
    pub fn push_moves(&mut self, row: u32, moves: &[PriceMove]) {
        while self.snapshot.moves.len() < row as usize {
            self.snapshot.moves.push(&[]);
        }
        assert_eq!(self.snapshot.moves.len(), row as usize, "moves come in the order of the rows");
        self.snapshot.moves.push(&in_order(moves));
    }

    /// Computes what follows from the columns. `now` decides which offers are too old for the derived columns.
    pub fn finish(mut self, now: Instant) -> Snapshot {
        while self.snapshot.offers.len() < self.snapshot.row_count() {
            self.snapshot.offers.push(&[]);
        }
        while self.snapshot.moves.len() < self.snapshot.row_count() {
            self.snapshot.moves.push(&[]);
        }
        let products = &mut self.snapshot.products;
        [&mut products.sku, &mut products.name, &mut products.search].into_iter().for_each(|column| column.shrink());
        self.snapshot.offers.shrink();
        self.snapshot.moves.shrink();
        derive_costs(&mut self.snapshot, now);
        derive_all(&mut self.snapshot, now);
        self.snapshot.derive_ceilings();
        self.snapshot
    }
}

/// The number of a currency, given out now when it is new.
pub(super) fn currency_number(snapshot: &mut Snapshot, currency: Currency) -> u8 {
    let known = snapshot.currency_number(currency);
    if known != 0 {
        return known;
    }
    let code = Arc::make_mut(&mut snapshot.currencies).add(currency.code());
    u8::try_from(code).expect("fewer than 256 currencies")
}

/// Adds a product without prices and offers.
pub(super) fn push_product(snapshot: &mut Snapshot, record: &ProductRecord) -> u32 {
    let row = snapshot.row_count();
    let products = &mut snapshot.products;
    products.key.push(record.key);
    products.sku.push(&record.sku);
    products.name.push(&record.name);
    products.search.push(&search_text(record));
    let codes = [
        &mut products.brand,
        &mut products.category,
        &mut products.supplier,
        &mut products.family,
        &mut products.tags,
        &mut products.listed_s,
        &mut products.sku_rank,
        &mut products.name_rank,
    ];
    codes.into_iter().for_each(|column| column.push(0));
    let small = [
        &mut products.role,
        &mut products.lifecycle,
        &mut products.flags,
        &mut products.cost_currency,
        &mut products.cost_type,
        &mut products.content_unit,
    ];
    small.into_iter().for_each(|column| column.push(0));
    products.stock.push(NONE);
    products.cost_micro.push(NONE);
    products.net_content_micro.push(NONE);
    snapshot.lists.iter_mut().for_each(|list| list.push(&ListValues::default()));
    snapshot.attributes.iter_mut().for_each(|column| column.codes.push(0));
    set_fields(snapshot, row, record);
    u32::try_from(row).expect("fewer than 2³² products")
}

/// Writes everything that a record says about a product; its key stays.
pub(super) fn set_product(snapshot: &mut Snapshot, row: usize, record: &ProductRecord) {
    snapshot.products.sku.set(row, &record.sku);
    snapshot.products.name.set(row, &record.name);
    snapshot.products.search.set(row, &search_text(record));
    set_fields(snapshot, row, record);
}

fn set_fields(snapshot: &mut Snapshot, row: usize, record: &ProductRecord) {
    let brand = add_text(&mut snapshot.brands, &record.brand);
    let category = add_text(&mut snapshot.categories, &record.category);
    let supplier = add_text(&mut snapshot.suppliers, &record.supplier);
    let family = add_families(&mut snapshot.families, &record.family);
    let tags = add_text(&mut snapshot.tag_sets, &tag_set(&record.tags));
    let flags =
        (u8::from(record.key_value) * ProductFlags::KEY_VALUE) | (u8::from(record.own_brand) * ProductFlags::OWN_BRAND);
    let products = &mut snapshot.products;
    products.brand.put(row, brand);
    products.category.put(row, category);
    products.supplier.put(row, supplier);
    products.family.put(row, family);
    products.tags.put(row, tags);
    products.listed_s.put(row, record.listed_s);
    products.role.put(row, record.role.map_or(NO_INDEX, |role| role as u8));
    products.lifecycle.put(row, record.lifecycle.unwrap_or(Lifecycle::Regular) as u8);
    products.flags.put(row, flags);
    products.stock.put(row, record.stock.unwrap_or(NONE));
    products.net_content_micro.put(row, record.net_content_micro.unwrap_or(NONE));
    products.content_unit.put(row, record.content_unit.map_or(NO_INDEX, |unit| unit as u8));
    set_cost(snapshot, row, record.cost);
    set_attributes(snapshot, row, &record.attributes);
}

/// Writes the cost of a product.
pub(super) fn set_cost(snapshot: &mut Snapshot, row: usize, cost: Option<CostRecord>) {
    let currency = cost.map_or(0, |cost| currency_number(snapshot, cost.currency));
    let products = &mut snapshot.products;
    products.cost_micro.put(row, cost.map_or(NONE, |cost| cost.amount.0));
    products.cost_currency.put(row, currency);
    products.cost_type.put(row, cost.map_or(NO_INDEX, |cost| cost.cost_type as u8));
}

/// The code of a product's families. Each of several has a code of its own beside that of them together.
fn add_families(dictionary: &mut Arc<Dictionary>, families: &str) -> u32 {
    if !families.contains(UNIT_SEPARATOR) {
        return add_text(dictionary, families);
    }
    families_in(families).for_each(|name| {
        add_text(dictionary, name);
    });
    add_text(dictionary, &family_set(families_in(families)))
}

/// The code of a text; copies a shared dictionary only when the text is new.
pub(super) fn add_text(dictionary: &mut Arc<Dictionary>, text: &str) -> u32 {
    match dictionary.find(text) {
        Some(code) => code,
        None => Arc::make_mut(dictionary).add(text),
    }
}
