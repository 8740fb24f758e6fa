//! What follows from the columns: orders for sorting, the index of families, the lowest usable offer of each product.

use std::cmp::Ordering;

use pricing_domain::{Instant, OfferPolicy};

use super::{CacheError, Snapshot, UNIT_SEPARATOR};
use crate::columns::{CHUNK, Column, NONE};
use crate::offer_use::{CompiledPolicy, OfferContext, Usable, collect_usable};
use crate::parallel::{map_chunks, sort_unstable_by};
use crate::snapshot::lists::put;

/// The rows of each family and content unit with at least two members, by ascending content, then by key.
#[derive(Clone, Debug, Default)]
pub(crate) struct FamilyIndex {
    rows: Vec<u32>,
    ends: Vec<u32>,
}

impl FamilyIndex {
    /// The members of one group.
    pub(crate) fn group(&self, group: usize) -> &[u32] {
        let start = if group == 0 { 0 } else { self.ends[group - 1] as usize };
        &self.rows[start..self.ends[group] as usize]
    }

    pub(crate) const fn group_count(&self) -> usize {
        self.ends.len()
    }

    pub(super) const fn memory_bytes(&self) -> usize {
        (self.rows.capacity() + self.ends.capacity()) * size_of::<u32>()
    }
}

impl Snapshot {
    /// The rows of the family that a product's price is ordered with, itself among them; empty without one.
    pub(crate) fn family_of(&self, row: usize) -> &[u32] {
        let products = &self.products;
        let place = |row: usize| (products.family.get(row), products.content_unit.get(row));
        let index = &self.family_index;
        let (mut low, mut high) = (0, index.group_count());
        while low < high {
            let middle = low.midpoint(high);
            match place(index.group(middle)[0] as usize).cmp(&place(row)) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => {
                    return Some(index.group(middle)).filter(|rows| rows.contains(&(row as u32))).unwrap_or_default();
                }
            }
        }
        &[]
    }
}

impl Snapshot {
    /// The same catalogue at another time: which offers are still usable is computed anew. Prices, costs, locks and
    /// promotions that begin or end are the store's to tell.
    pub fn at(&self, now: Instant) -> Self {
        let mut later = self.clone();
        derive_offers(&mut later, now);
        later
    }
}

/// Computes everything that follows from the columns.
pub(super) fn derive_all(snapshot: &mut Snapshot, now: Instant) {
    derive_orders(snapshot);
    derive_families(snapshot);
    derive_offers(snapshot, now);
}

/// Computes the lowest offers of all rows: offers expire as time passes.
fn derive_offers(snapshot: &mut Snapshot, now: Instant) {
    for list in 0..snapshot.lists.len() {
        let context = OfferContext::new(snapshot.lists[list].currency_number, now);
        let policy = CompiledPolicy::new(&OfferPolicy::default(), &snapshot.competitors);
        let chunks = map_chunks(snapshot.row_count().div_ceil(CHUNK), |chunk| {
            let mut scratch = Vec::new();
            let rows = chunk * CHUNK..((chunk + 1) * CHUNK).min(snapshot.row_count());
            rows.map(|row| lowest_and_count(snapshot, &policy, context, row, &mut scratch))
                .unzip::<i64, u16, Vec<_>, Vec<_>>()
        });
        let (lowest, counts): (Vec<_>, Vec<_>) = chunks.into_iter().unzip();
        snapshot.lists[list].lowest_offer_minor = Column::from_chunks(lowest);
        snapshot.lists[list].offer_count = Column::from_chunks(counts);
    }
}

/// Computes the lowest offer of single rows anew.
pub(super) fn derive_offers_of(snapshot: &mut Snapshot, rows: &[u32], now: Instant) {
    let policy = CompiledPolicy::new(&OfferPolicy::default(), &snapshot.competitors);
    let mut scratch = Vec::new();
    for list in 0..snapshot.lists.len() {
        let context = OfferContext::new(snapshot.lists[list].currency_number, now);
        for row in rows.iter().map(|row| *row as usize) {
            let (lowest, count) = lowest_and_count(snapshot, &policy, context, row, &mut scratch);
            put(&mut snapshot.lists[list].lowest_offer_minor, row, lowest);
            put(&mut snapshot.lists[list].offer_count, row, count);
        }
    }
}

fn lowest_and_count(
    snapshot: &Snapshot,
    policy: &CompiledPolicy,
    context: OfferContext,
    row: usize,
    scratch: &mut Vec<Usable>,
) -> (i64, u16) {
    collect_usable(policy, context, snapshot.offers.get(row), scratch);
    let count = u16::try_from(scratch.len()).unwrap_or(u16::MAX);
    (scratch.first().map_or(NONE, |usable| usable.amount_minor), count)
}

/// Computes the orders by key, article number and name.
pub(super) fn derive_orders(snapshot: &mut Snapshot) {
    let mut by_key: Vec<u32> = (0..snapshot.row_count() as u32).collect();
    by_key.sort_by_key(|row| snapshot.products.key.get(*row as usize));
    let (by_sku, by_name) = (order_by_part(snapshot, 0), order_by_part(snapshot, 1));
    snapshot.products.sku_rank = ranks(&by_sku);
    snapshot.products.name_rank = ranks(&by_name);
    snapshot.by_key = by_key.into();
    snapshot.by_sku = by_sku.into();
    snapshot.by_name = by_name.into();
}

/// The rows by their lower-cased article numbers (part 0) or names (part 1). Most pairs are told apart by the first
/// sixteen bytes, which are compared as one number.
fn order_by_part(snapshot: &Snapshot, part: usize) -> Vec<u32> {
    let chunks = map_chunks(snapshot.row_count().div_ceil(CHUNK), |chunk| {
        let rows = chunk * CHUNK..((chunk + 1) * CHUNK).min(snapshot.row_count());
        rows.map(|row| (beginning(part_of(snapshot, part, row as u32)), row as u32)).collect::<Vec<_>>()
    });
    let mut keyed: Vec<(u128, u32)> = chunks.into_iter().flatten().collect();
    sort_unstable_by(&mut keyed, |one, other| {
        one.0.cmp(&other.0).then_with(|| compare_parts(snapshot, part, one.1, other.1))
    });
    keyed.into_iter().map(|(_, row)| row).collect()
}

fn part_of(snapshot: &Snapshot, part: usize, row: u32) -> &str {
    snapshot.products.search.get(row as usize).split(UNIT_SEPARATOR).nth(part).unwrap_or_default()
}

/// The first sixteen bytes as a number of the same order; shorter texts are filled with zeros.
fn beginning(text: &str) -> u128 {
    let mut bytes = [0u8; 16];
    let len = text.len().min(bytes.len());
    bytes[..len].copy_from_slice(&text.as_bytes()[..len]);
    u128::from_be_bytes(bytes)
}

/// Compares the lower-cased parts, then article numbers, then keys.
fn compare_parts(snapshot: &Snapshot, part: usize, one: u32, other: u32) -> Ordering {
    let sku = |row: u32| snapshot.products.sku.get(row as usize);
    let key = |row: u32| (snapshot.products.key.get(row as usize), row);
    part_of(snapshot, part, one)
        .cmp(part_of(snapshot, part, other))
        .then_with(|| sku(one).cmp(sku(other)))
        .then_with(|| key(one).cmp(&key(other)))
}

fn ranks(order: &[u32]) -> Column<u32> {
    let mut ranks = vec![0u32; order.len()];
    for (rank, row) in order.iter().enumerate() {
        ranks[*row as usize] = rank as u32;
    }
    Column::from_chunks(ranks.chunks(CHUNK).map(<[u32]>::to_vec).collect())
}

/// Computes which products belong together.
pub(super) fn derive_families(snapshot: &mut Snapshot) {
    let products = &snapshot.products;
    let mut members: Vec<(u32, u8, i64, u32, u32)> = (0..snapshot.row_count())
        .filter(|row| products.family.get(*row) != 0 && products.net_content_micro.get(*row) > 0)
        .map(|row| {
            let unit = products.content_unit.get(row);
            (products.family.get(row), unit, products.net_content_micro.get(row), products.key.get(row), row as u32)
        })
        .collect();
    crate::parallel::sort_unstable(&mut members);
    let mut index = FamilyIndex::default();
    for group in members.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        if group.len() > 1 {
            index.rows.extend(group.iter().map(|member| member.4));
            index.ends.push(index.rows.len() as u32);
        }
    }
    snapshot.family_index = index.into();
}

/// The order that ranks describe; refuses ranks that are not an order.
pub(super) fn ranks_to_order(ranks: &Column<u32>) -> Result<Vec<u32>, CacheError> {
    let mut order = vec![u32::MAX; ranks.len()];
    for (row, rank) in ranks.iter().enumerate() {
        let place = order.get_mut(rank as usize).ok_or(CacheError::Damaged("its orders"))?;
        *place = row as u32;
    }
    if order.contains(&u32::MAX) { Err(CacheError::Damaged("its orders")) } else { Ok(order) }
}
