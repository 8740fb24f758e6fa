//! Which law a product is under, and which rank it has there.

use pricing_domain::{FamilyLaw, FamilyOrder};

use super::order::Order;
use crate::columns::CHUNK;
use crate::engine::compile::ListContext;
use crate::engine::scope::{CompiledScope, folded};
use crate::engine::view::ChunkView;
use crate::parallel::map_chunks;
use crate::snapshot::{ProductFlags, Snapshot, tags_of};

/// A law made ready.
#[derive(Clone, Debug)]
pub(crate) struct CompiledLaw {
    scope: CompiledScope,
    pub(crate) order: Order,
    ranked: Ranked,
}

/// What ranks a product.
#[derive(Clone, Debug)]
enum Ranked {
    Content,
    Not,
    OwnBrandFirst,
    /// By the code of its tags; 0: none of those that count.
    Tags(Vec<u8>),
}

/// Which law each row of a list is under.
pub(crate) struct LawsOfRows<'a> {
    laws: &'a [CompiledLaw],
    /// By chunk and place; empty where the first law is for all.
    numbers: Vec<Vec<u8>>,
}

const NO_LAW: u8 = u8::MAX;

impl CompiledLaw {
    pub(crate) fn new(law: &FamilyLaw, snapshot: &Snapshot) -> Self {
        let basis = i64::from(FULL);
        let (order, ranked) = match &law.order {
            FamilyOrder::PriceRisesWithContent => (Order::RISES, Ranked::Content),
            FamilyOrder::UnitPriceFallsWithContent => (Order::RisesAndFallsPerUnit, Ranked::Content),
            FamilyOrder::SamePrice => (Order::Same, Ranked::Not),
            FamilyOrder::OwnBrandBelow(distance) => {
                (Order::Rises { more: basis, than: basis - i64::from(distance.0) }, Ranked::OwnBrandFirst)
            }
            FamilyOrder::RisesThroughTags { tags, by } => {
                let wanted: Vec<String> = tags.iter().map(|tag| folded(tag)).collect();
                let rank = |set: &str| {
                    let places = tags_of(set).filter_map(|tag| wanted.iter().position(|one| *one == folded(tag)));
                    places.max().map_or(0, |place| u8::try_from(place + 1).unwrap_or(u8::MAX))
                };
                let ranks = snapshot.tag_sets.map(rank);
                (Order::Rises { more: basis + i64::from(by.0), than: basis }, Ranked::Tags(ranks))
            }
        };
        Self { scope: CompiledScope::new(&law.scope, snapshot), order, ranked }
    }

    /// Whether only products of one content unit are held against each other.
    pub(crate) const fn is_by_content(&self) -> bool {
        matches!(self.ranked, Ranked::Content)
    }

    /// The rank of a row; `None`: it takes no part.
    pub(crate) fn rank(&self, snapshot: &Snapshot, row: usize) -> Option<i64> {
        let products = &snapshot.products;
        match &self.ranked {
            Ranked::Content => Some(products.net_content_micro.get(row)).filter(|content| *content > 0),
            Ranked::Not => Some(0),
            Ranked::OwnBrandFirst => Some(i64::from(products.flags.get(row) & ProductFlags::OWN_BRAND == 0)),
            Ranked::Tags(ranks) => {
                let rank = ranks.get(products.tags.get(row) as usize).copied().unwrap_or(0);
                (rank > 0).then_some(i64::from(rank))
            }
        }
    }
}

/// All of it, in basis points.
const FULL: i32 = 10_000;

impl<'a> LawsOfRows<'a> {
    /// Looks at every row once, unless the first law is for all.
    pub(crate) fn find(laws: &'a [CompiledLaw], context: &ListContext, snapshot: &Snapshot) -> Self {
        if laws.first().is_none_or(|law| law.scope.is_everything()) {
            return Self { laws, numbers: Vec::new() };
        }
        let numbers = map_chunks(snapshot.row_count().div_ceil(CHUNK), |chunk| {
            let view = ChunkView::new(snapshot, context.list, chunk);
            let mut numbers = vec![NO_LAW; view.places().len()];
            let mut mask = Vec::new();
            for (number, law) in laws.iter().enumerate() {
                mask.clear();
                mask.resize(numbers.len(), 1u8);
                law.scope.narrow(&view, context, view.places(), &mut mask);
                for (found, kept) in numbers.iter_mut().zip(&mask) {
                    *found = if (*found == NO_LAW) & (*kept != 0) { number as u8 } else { *found };
                }
            }
            numbers
        });
        Self { laws, numbers }
    }

    /// The number of a row's law.
    pub(crate) fn number(&self, row: usize) -> Option<usize> {
        let number = if self.numbers.is_empty() { 0 } else { self.numbers[row / CHUNK][row % CHUNK] };
        (usize::from(number) < self.laws.len()).then_some(usize::from(number))
    }

    /// The laws.
    pub(crate) const fn laws(&self) -> &'a [CompiledLaw] {
        self.laws
    }
}

/// The law of one row.
pub(crate) fn law_of<'a>(
    laws: &'a [CompiledLaw],
    context: &ListContext,
    snapshot: &Snapshot,
    row: usize,
) -> Option<&'a CompiledLaw> {
    let view = ChunkView::new(snapshot, context.list, row / CHUNK);
    laws.iter().find(|law| law.scope.first_failing(&view, context, row % CHUNK).is_none())
}
