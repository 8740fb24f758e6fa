//! Filters of a grid over one chunk of rows.

use pricing_domain::{ElasticityGrade, GridFilter};

use super::{GridDemand, usable_cost};
use crate::columns::{CHUNK, NONE};
use crate::engine::scope::{folded, is_within};
use crate::snapshot::{ListFlags, ProductFlags, Snapshot, families_in, tags_of};

/// A filter with its names resolved.
pub(super) enum CompiledFilter<'a> {
    Brand(Vec<u8>),
    Category(Vec<u8>),
    Supplier(Vec<u8>),
    Family(Vec<u8>),
    Tag(Vec<u8>),
    /// Its place, and for each of its texts whether it is wished for.
    Attribute(usize, Vec<u8>),
    /// No product can have it.
    Nothing,
    Role(u8),
    Lifecycle(u8),
    ProductFlag(u8),
    ListFlag(u8),
    Row(fn(&Snapshot, usize, usize) -> bool),
    Demand(&'a GridDemand, ElasticityGrade),
    Inelastic(&'a GridDemand),
}

impl<'a> CompiledFilter<'a> {
    pub(super) fn new(filter: &GridFilter, snapshot: &Snapshot, demand: Option<&'a GridDemand>) -> Self {
        let same = |wanted: &str| {
            let wanted = folded(wanted);
            move |text: &str| folded(text) == wanted
        };
        match filter {
            GridFilter::Brand(brand) => Self::Brand(snapshot.brands.table(same(brand))),
            GridFilter::Category(path) => Self::Category(snapshot.categories.table(|text| is_within(text, path))),
            GridFilter::Supplier(name) => Self::Supplier(snapshot.suppliers.table(same(name))),
            GridFilter::Family(name) => {
                let is_it = same(name);
                Self::Family(snapshot.families.table(|set| is_it(set) || families_in(set).any(&is_it)))
            }
            GridFilter::Tag(tag) => {
                let wanted = folded(tag);
                Self::Tag(snapshot.tag_sets.table(|set| tags_of(set).any(|tag| folded(tag) == wanted)))
            }
            GridFilter::Attribute { name, text } => match snapshot.attribute(name) {
                Some(place) => Self::Attribute(place, snapshot.attributes[place].texts.table(same(text))),
                None => Self::Nothing,
            },
            GridFilter::Role(role) => Self::Role(*role as u8),
            GridFilter::Lifecycle(stage) => Self::Lifecycle(*stage as u8),
            GridFilter::KeyValue => Self::ProductFlag(ProductFlags::KEY_VALUE),
            GridFilter::OwnBrand => Self::ProductFlag(ProductFlags::OWN_BRAND),
            GridFilter::Locked => Self::ListFlag(ListFlags::LOCKED),
            GridFilter::OnPromotion => Self::ListFlag(ListFlags::PROMOTION),
            GridFilter::PendingProposal => Self::ListFlag(ListFlags::PENDING_PROPOSAL),
            GridFilter::NeedsDecision => Self::ListFlag(ListFlags::EXCEPTION),
            GridFilter::BelowCost => Self::Row(is_below_cost),
            GridFilter::NoCost => Self::Row(|snapshot, list, row| usable_cost(snapshot, list, row) == NONE),
            GridFilter::NoPrice => Self::Row(|snapshot, list, row| snapshot.lists[list].price_minor.get(row) <= 0),
            GridFilter::NoOffers => Self::Row(|snapshot, list, row| snapshot.lists[list].offer_count.get(row) == 0),
            GridFilter::HasOffers => Self::Row(|snapshot, list, row| snapshot.lists[list].offer_count.get(row) > 0),
            GridFilter::OutOfStock => Self::Row(is_out_of_stock),
            GridFilter::DearerThanLowest => Self::Row(is_dearer),
            GridFilter::LowestOrEqual => Self::Row(is_lowest),
            GridFilter::Demand(grade) => demand.map_or(Self::Nothing, |demand| Self::Demand(demand, *grade)),
            GridFilter::Inelastic => demand.map_or(Self::Nothing, Self::Inelastic),
        }
    }

    /// Clears `mask` where the filter does not hold.
    pub(super) fn narrow(&self, snapshot: &Snapshot, list: usize, chunk: usize, mask: &mut [u8]) {
        let products = &snapshot.products;
        let by_code = |codes: &[u32], table: &[u8], mask: &mut [u8]| {
            mask.iter_mut().zip(codes).for_each(|(kept, code)| *kept &= table[*code as usize]);
        };
        let by_byte = |values: &[u8], mask: &mut [u8], holds: &dyn Fn(u8) -> bool| {
            mask.iter_mut().zip(values).for_each(|(kept, value)| *kept &= u8::from(holds(*value)));
        };
        match self {
            Self::Brand(table) => by_code(products.brand.chunk(chunk), table, mask),
            Self::Category(table) => by_code(products.category.chunk(chunk), table, mask),
            Self::Supplier(table) => by_code(products.supplier.chunk(chunk), table, mask),
            Self::Family(table) => by_code(products.family.chunk(chunk), table, mask),
            Self::Attribute(place, table) => by_code(snapshot.attributes[*place].codes.chunk(chunk), table, mask),
            Self::Nothing => mask.fill(0),
            Self::Tag(table) => by_code(products.tags.chunk(chunk), table, mask),
            Self::Role(role) => by_byte(products.role.chunk(chunk), mask, &|value| value == *role),
            Self::Lifecycle(stage) => by_byte(products.lifecycle.chunk(chunk), mask, &|value| value == *stage),
            Self::ProductFlag(flag) => by_byte(products.flags.chunk(chunk), mask, &|value| value & flag != 0),
            Self::ListFlag(flag) => {
                by_byte(snapshot.lists[list].flags.chunk(chunk), mask, &|value| value & flag != 0);
            }
            Self::Row(holds) => by_row(chunk, mask, &|row| holds(snapshot, list, row)),
            Self::Demand(demand, grade) => by_row(chunk, mask, &|row| demand.has(*grade, row)),
            Self::Inelastic(demand) => by_row(chunk, mask, &|row| demand.is_inelastic(row)),
        }
    }
}

/// Looks at the rows that are still kept, one by one.
fn by_row(chunk: usize, mask: &mut [u8], holds: &dyn Fn(usize) -> bool) {
    let rows = mask.iter_mut().enumerate().filter(|(_, kept)| **kept != 0);
    rows.for_each(|(place, kept)| *kept = u8::from(holds(chunk * CHUNK + place)));
}

/// Net price below cost, exactly.
pub(crate) fn is_below_cost(snapshot: &Snapshot, list: usize, row: usize) -> bool {
    let columns = &snapshot.lists[list];
    let price = columns.price_minor.get(row);
    let cost = usable_cost(snapshot, list, row);
    let Some(vat) = columns.contained_vat_bp(row).filter(|_| price > 0 && cost != NONE) else { return false };
    let net = i128::from(price) * i128::from(columns.currency.micro_per_minor()) * 10_000;
    net < i128::from(cost) * i128::from(10_000 + vat)
}

fn is_out_of_stock(snapshot: &Snapshot, _list: usize, row: usize) -> bool {
    let stock = snapshot.products.stock.get(row);
    stock != NONE && stock <= 0
}

/// Our price and the lowest usable offer, where both are there.
fn price_and_lowest(snapshot: &Snapshot, list: usize, row: usize) -> Option<(i64, i64)> {
    let columns = &snapshot.lists[list];
    let (price, lowest) = (columns.price_minor.get(row), columns.lowest_offer_minor.get(row));
    (price > 0 && lowest != NONE).then_some((price, lowest))
}

fn is_dearer(snapshot: &Snapshot, list: usize, row: usize) -> bool {
    price_and_lowest(snapshot, list, row).is_some_and(|(price, lowest)| price > lowest)
}

fn is_lowest(snapshot: &Snapshot, list: usize, row: usize) -> bool {
    price_and_lowest(snapshot, list, row).is_some_and(|(price, lowest)| price <= lowest)
}
