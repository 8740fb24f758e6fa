//! What follows from the columns: orders for sorting, the index of families, figures of each product's usable offers.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use pricing_domain::{Instant, OfferPolicy, TaxMode};

use super::costs::{day_of, derive_costs};
use super::{CacheError, Snapshot, UNIT_SEPARATOR, families_in};
use crate::columns::{CHUNK, Column, NarrowColumn};
use crate::offer_use::{CompiledPolicy, OfferContext, OfferFigures, Usable, collect_with_expiry, seconds};
use crate::parallel::{map_chunks, sort_unstable_by};

/// The rows of each family with at least two members, by content unit, then by ascending content, then by key. A row is
/// listed under each of its families.
#[derive(Clone, Debug, Default)]
pub(crate) struct FamilyIndex {
    rows: Vec<u32>,
    ends: Vec<u32>,
    /// The family of each group, ascending.
    codes: Vec<u32>,
    /// Groups that share rows, directly or through others; each component by the names of its families.
    components: Vec<Vec<u32>>,
    /// Which component each of these groups is in.
    component_of: BTreeMap<u32, u32>,
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

    /// The groups that share rows, as components of several.
    pub(crate) fn components(&self) -> &[Vec<u32>] {
        &self.components
    }

    /// The component of a group that shares rows with another one.
    pub(crate) fn component_of(&self, group: usize) -> Option<usize> {
        self.component_of.get(&(group as u32)).map(|component| *component as usize)
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let joint: usize = self.components.iter().map(|groups| groups.len() * 3 + 6).sum();
        (self.rows.capacity() + self.ends.capacity() + self.codes.capacity() + joint) * size_of::<u32>()
    }
}

impl Snapshot {
    /// The groups of a product's families with other members, by the names of the families.
    pub(crate) fn groups_of(&self, row: usize) -> Vec<usize> {
        let group = |code: u32| self.family_index.codes.binary_search(&code).ok();
        self.family_codes(self.products.family.get(row)).into_iter().filter_map(group).collect()
    }

    /// The component of families that a product is in, where they share products.
    pub(crate) fn component_of(&self, row: usize) -> Option<usize> {
        self.groups_of(row).into_iter().find_map(|group| self.family_index.component_of(group))
    }

    /// The other products of a product's families, by row.
    pub fn relatives(&self, row: usize) -> Vec<u32> {
        let groups = self.groups_of(row).into_iter();
        let rows: BTreeSet<u32> = groups.flat_map(|group| self.family_index.group(group)).copied().collect();
        rows.into_iter().filter(|other| *other as usize != row).collect()
    }

    /// The families of a product by name, in the order of the alphabet.
    pub fn families_of(&self, row: usize) -> impl Iterator<Item = &str> {
        families_in(self.families.text(self.products.family.get(row)))
    }

    /// The code of a product's first family; 0: it has none.
    pub fn first_family(&self, row: usize) -> u32 {
        let code = self.products.family.get(row);
        self.family_codes(code).first().copied().unwrap_or(code)
    }

    /// The families that a code of the family column stands for.
    fn family_codes(&self, code: u32) -> Vec<u32> {
        let text = self.families.text(code);
        match text {
            "" => Vec::new(),
            one if !one.contains(UNIT_SEPARATOR) => vec![code],
            several => families_in(several).filter_map(|name| self.families.find(name)).collect(),
        }
    }
}

impl Snapshot {
    /// The same catalogue at another time: which offers are still usable, and what costs of other
    /// currencies are, is computed anew. Prices, costs, locks and
    /// promotions that begin or end are the store's to tell.
    pub fn at(&self, now: Instant) -> Self {
        let mut later = self.clone();
        if day_of(now) != self.rates_day {
            derive_costs(&mut later, now);
        }
        derive_offers(&mut later, now);
        later
    }
}

/// Finds out where sales are known.
pub(super) fn derive_sales(snapshot: &mut Snapshot) {
    for list in &mut snapshot.lists {
        list.has_sales = list.units_28d_milli.iter().any(|units| units != 0);
    }
}

/// Computes everything that follows from the columns.
pub(super) fn derive_all(snapshot: &mut Snapshot, now: Instant) {
    derive_sales(snapshot);
    derive_orders(snapshot);
    derive_families(snapshot);
    derive_offers(snapshot, now);
}

/// The figures of the usable offers of one chunk of rows, as they become columns.
#[derive(Default)]
struct ChunkFigures {
    lowest: Vec<i64>,
    count: Vec<u16>,
    second: Vec<i64>,
    middle: Vec<i64>,
    sum: Vec<i64>,
    until_s: Vec<u32>,
}

impl ChunkFigures {
    fn push(&mut self, (figures, until_s): (OfferFigures, u32)) {
        self.lowest.push(figures.lowest);
        self.count.push(u16::try_from(figures.count).unwrap_or(u16::MAX));
        self.second.push(figures.second);
        self.middle.push(figures.middle);
        self.sum.push(figures.sum);
        self.until_s.push(until_s);
    }
}

/// Lists in the order in which figures are computed: each with the first list of its currency, which may be itself. Where
/// VAT is taken out of offers, a list has its own.
fn lists_by_currency(snapshot: &Snapshot) -> Vec<(usize, usize)> {
    let currency = |list: usize| {
        let columns = &snapshot.lists[list];
        (columns.tax_mode == TaxMode::Gross).then_some(columns.currency_number)
    };
    let is_same = |one: usize, other: usize| currency(one).is_some() && currency(one) == currency(other);
    let first = |list: usize| (0..list).find(|other| is_same(*other, list)).unwrap_or(list);
    (0..snapshot.lists.len()).map(|list| (list, first(list))).collect()
}

/// Computes the figures of the offers of all rows: offers expire as time passes.
fn derive_offers(snapshot: &mut Snapshot, now: Instant) {
    snapshot.offers_as_of_s = seconds(now);
    for (list, first) in lists_by_currency(snapshot) {
        if first < list {
            share_offers(snapshot, list, first);
            continue;
        }
        let context = OfferContext::new(snapshot.lists[list].currency_number, now);
        let policy = CompiledPolicy::new(&OfferPolicy::default(), &snapshot.competitors);
        let mut chunks = map_chunks(snapshot.row_count().div_ceil(CHUNK), |chunk| {
            let (mut scratch, mut figures) = (Vec::new(), ChunkFigures::default());
            let rows = chunk * CHUNK..((chunk + 1) * CHUNK).min(snapshot.row_count());
            rows.for_each(|row| figures.push(figures_of(snapshot, &policy, (list, context), row, &mut scratch)));
            figures
        });
        let columns = &mut snapshot.lists[list];
        let amounts = |chunks: &[ChunkFigures], of: fn(&ChunkFigures) -> &Vec<i64>| {
            NarrowColumn::from_chunks(chunks.iter().map(|chunk| of(chunk).as_slice()))
        };
        columns.lowest_offer_minor = amounts(&chunks, |chunk| &chunk.lowest);
        columns.second_offer_minor = amounts(&chunks, |chunk| &chunk.second);
        columns.middle_offers_minor = amounts(&chunks, |chunk| &chunk.middle);
        let sums = chunks.iter_mut().map(|chunk| std::mem::take(&mut chunk.sum));
        columns.offer_sum_minor = Column::from_chunks(sums.collect());
        let (counts, until) = chunks.into_iter().map(|chunk| (chunk.count, chunk.until_s)).unzip();
        columns.offer_count = Column::from_chunks(counts);
        columns.offers_until_s = Column::from_chunks(until);
    }
}

/// Computes the figures of single rows anew.
pub(super) fn derive_offers_of(snapshot: &mut Snapshot, rows: &[u32], now: Instant) {
    snapshot.offers_as_of_s = snapshot.offers_as_of_s.max(seconds(now));
    let policy = CompiledPolicy::new(&OfferPolicy::default(), &snapshot.competitors);
    let mut scratch = Vec::new();
    for (list, first) in lists_by_currency(snapshot) {
        if first < list {
            share_offers(snapshot, list, first);
            continue;
        }
        let context = OfferContext::new(snapshot.lists[list].currency_number, now);
        for row in rows.iter().map(|row| *row as usize) {
            let (figures, until_s) = figures_of(snapshot, &policy, (list, context), row, &mut scratch);
            let columns = &mut snapshot.lists[list];
            columns.lowest_offer_minor.put(row, figures.lowest);
            columns.offer_count.put(row, u16::try_from(figures.count).unwrap_or(u16::MAX));
            columns.second_offer_minor.put(row, figures.second);
            columns.middle_offers_minor.put(row, figures.middle);
            columns.offer_sum_minor.put(row, figures.sum);
            columns.offers_until_s.put(row, until_s);
        }
    }
}

/// Lists in one currency have one set of figures in memory.
pub(super) fn share_all_offers(snapshot: &mut Snapshot) {
    for (list, first) in lists_by_currency(snapshot).into_iter().filter(|(list, first)| first < list) {
        share_offers(snapshot, list, first);
    }
}

fn share_offers(snapshot: &mut Snapshot, list: usize, first: usize) {
    let (before, rest) = snapshot.lists.split_at_mut(list);
    rest[0].share_offers(&before[first]);
}

fn figures_of(
    snapshot: &Snapshot,
    policy: &CompiledPolicy,
    (list, context): (usize, OfferContext),
    row: usize,
    scratch: &mut Vec<Usable>,
) -> (OfferFigures, u32) {
    let until_s = collect_with_expiry(policy, context, snapshot.offers_in(list, row), scratch);
    (OfferFigures::of(scratch), until_s)
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
    // Codes that stand for several families.
    let several: BTreeMap<u32, Vec<u32>> = (1..snapshot.families.code_count() as u32)
        .filter(|code| snapshot.families.text(*code).contains(UNIT_SEPARATOR))
        .map(|code| (code, snapshot.family_codes(code)))
        .collect();
    let mut members: Vec<(u32, u8, i64, u32, u32)> = Vec::new();
    let mut shared: Vec<(u32, &[u32])> = Vec::new();
    for row in (0..snapshot.row_count()).filter(|row| products.family.get(*row) != 0) {
        let unit = products.content_unit.get(row);
        let member =
            |family: u32| (family, unit, products.net_content_micro.get(row), products.key.get(row), row as u32);
        let family = products.family.get(row);
        match several.get(&family) {
            None => members.push(member(family)),
            Some(families) => {
                members.extend(families.iter().map(|family| member(*family)));
                shared.push((row as u32, families));
            }
        }
    }
    crate::parallel::sort_unstable(&mut members);
    let mut index = FamilyIndex::default();
    for group in members.chunk_by(|one, other| one.0 == other.0) {
        if group.len() > 1 {
            index.rows.extend(group.iter().map(|member| member.4));
            index.ends.push(index.rows.len() as u32);
            index.codes.push(group[0].0);
        }
    }
    join(&mut index, &shared, snapshot);
    snapshot.family_index = index.into();
}

/// Finds the groups that share rows: union-find over the groups of rows with several families alone.
fn join(index: &mut FamilyIndex, shared: &[(u32, &[u32])], snapshot: &Snapshot) {
    let mut above: BTreeMap<u32, u32> = BTreeMap::new();
    fn top(above: &mut BTreeMap<u32, u32>, group: u32) -> u32 {
        let mut at = group;
        while let Some(next) = above.get(&at).copied().filter(|next| *next != at) {
            let over = above.get(&next).copied().unwrap_or(next);
            above.insert(at, over);
            at = next;
        }
        at
    }
    for (_, families) in shared {
        let groups = families.iter().filter_map(|code| index.codes.binary_search(code).ok());
        let groups: Vec<u32> = groups.map(|group| group as u32).collect();
        for pair in groups.windows(2) {
            let (one, other) = (top(&mut above, pair[0]), top(&mut above, pair[1]));
            above.insert(one.max(other), one.min(other));
            above.entry(one.min(other)).or_insert(one.min(other));
        }
    }
    let joint: Vec<u32> = above.keys().copied().collect();
    let mut components: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for group in joint {
        components.entry(top(&mut above, group)).or_default().push(group);
    }
    for mut groups in components.into_values() {
        groups.sort_by_key(|group| snapshot.families.text(index.codes[*group as usize]));
        index.component_of.extend(groups.iter().map(|group| (*group, index.components.len() as u32)));
        index.components.push(groups);
    }
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
