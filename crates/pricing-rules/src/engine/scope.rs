//! Scopes over rows: each test narrows a mask of a stretch of rows in one pass over one column.

use std::ops::Range;

use pricing_domain::{Scope, ScopeTest};

use super::compile::ListContext;
use super::view::ChunkView;
use crate::columns::{NONE, NarrowColumn, widened};
use crate::offer_use::{CompiledPolicy, Usable, collect_usable};
use crate::snapshot::{ProductFlags, Snapshot, tags_of};
use crate::wide::wide;

/// A scope with its names resolved.
#[derive(Clone, Debug)]
pub(crate) struct CompiledScope {
    tests: Vec<CompiledTest>,
}

/// Which column of codes a table is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CodeColumn {
    Brand,
    Category,
    Supplier,
    Tags,
    /// A free attribute, by its place.
    Attribute(usize),
}

/// One test of a scope.
#[derive(Clone, Debug)]
pub(crate) enum CompiledTest {
    /// 1 for each code that matches.
    Codes(CodeColumn, Vec<u8>),
    /// Holds for no product.
    Never,
    /// A bit for each place that matches.
    Roles(u64),
    Lifecycles(u64),
    Flag {
        mask: u8,
        wanted: bool,
    },
    KeyValue(bool),
    Lists(Vec<bool>),
    StockAtLeast(i64),
    StockAtMost(i64),
    OffersAtLeast(usize, CompiledPolicy),
    HasCost(bool),
}

impl CompiledScope {
    pub(crate) fn new(scope: &Scope, snapshot: &Snapshot) -> Self {
        Self { tests: scope.0.iter().map(|test| compile_test(test, snapshot)).collect() }
    }

    /// Whether it is for every product.
    pub(crate) const fn is_everything(&self) -> bool {
        self.tests.is_empty()
    }

    /// Clears `mask` where a test does not hold. `mask` begins at the place `range` begins with.
    pub(crate) fn narrow(&self, view: &ChunkView<'_>, context: &ListContext, range: Range<usize>, mask: &mut [u8]) {
        for test in &self.tests {
            narrow_by(test, view, context, range.clone(), mask);
        }
    }

    /// Calls `each` with every test and its place.
    pub(crate) fn each_test(&self, mut each: impl FnMut(usize, &CompiledTest)) {
        self.tests.iter().enumerate().for_each(|(place, test)| each(place, test));
    }

    /// The place of the first test that does not hold for a row.
    pub(crate) fn first_failing(&self, view: &ChunkView<'_>, context: &ListContext, place: usize) -> Option<usize> {
        self.tests.iter().position(|test| {
            let mut mask = [1u8];
            narrow_by(test, view, context, place..place + 1, &mut mask);
            mask[0] == 0
        })
    }
}

impl CompiledTest {
    /// Clears `mask` where the test does not hold.
    pub(crate) fn narrow(&self, view: &ChunkView<'_>, context: &ListContext, range: Range<usize>, mask: &mut [u8]) {
        narrow_by(self, view, context, range, mask);
    }
}

fn compile_test(test: &ScopeTest, snapshot: &Snapshot) -> CompiledTest {
    let bits = |places: Vec<u8>| places.iter().fold(0u64, |bits, place| bits | 1 << place);
    match test {
        ScopeTest::Brand(brands) => {
            let wanted: Vec<String> = brands.iter().map(|brand| folded(brand)).collect();
            let table = snapshot.brands.table(|text| !text.is_empty() && wanted.contains(&folded(text)));
            CompiledTest::Codes(CodeColumn::Brand, table)
        }
        ScopeTest::Category(path) => {
            let table = snapshot.categories.table(|text| is_within(text, path));
            CompiledTest::Codes(CodeColumn::Category, table)
        }
        ScopeTest::Supplier(name) => {
            let wanted = folded(name);
            let table = snapshot.suppliers.table(|text| !text.is_empty() && folded(text) == wanted);
            CompiledTest::Codes(CodeColumn::Supplier, table)
        }
        ScopeTest::Tag(tag) => {
            let wanted = folded(tag);
            let table = snapshot.tag_sets.table(|set| tags_of(set).any(|tag| folded(tag) == wanted));
            CompiledTest::Codes(CodeColumn::Tags, table)
        }
        ScopeTest::Attribute { name, texts } => match snapshot.attribute(name) {
            None => CompiledTest::Never,
            Some(place) => {
                let wanted: Vec<String> = texts.iter().map(|text| folded(text)).collect();
                let known = &snapshot.attributes[place].texts;
                let table = known.table(|text| !text.is_empty() && wanted.contains(&folded(text)));
                CompiledTest::Codes(CodeColumn::Attribute(place), table)
            }
        },
        ScopeTest::Role(roles) => CompiledTest::Roles(bits(roles.iter().map(|role| *role as u8).collect())),
        ScopeTest::Lifecycle(stages) => {
            CompiledTest::Lifecycles(bits(stages.iter().map(|stage| *stage as u8).collect()))
        }
        ScopeTest::KeyValue(wanted) => CompiledTest::KeyValue(*wanted),
        ScopeTest::OwnBrand(wanted) => CompiledTest::Flag { mask: ProductFlags::OWN_BRAND, wanted: *wanted },
        ScopeTest::PriceList(codes) => {
            let wanted: Vec<String> = codes.iter().map(|code| folded(code)).collect();
            CompiledTest::Lists(snapshot.lists.iter().map(|list| wanted.contains(&folded(&list.code))).collect())
        }
        ScopeTest::StockAtLeast(pieces) => CompiledTest::StockAtLeast(*pieces),
        ScopeTest::StockAtMost(pieces) => CompiledTest::StockAtMost(*pieces),
        ScopeTest::OffersAtLeast(count) => CompiledTest::OffersAtLeast(*count as usize, CompiledPolicy::ordinary()),
        ScopeTest::HasCost(wanted) => CompiledTest::HasCost(*wanted),
    }
}

/// Whether a category is `path` or lies below it.
pub(crate) fn is_within(category: &str, path: &str) -> bool {
    let parts = |text: &str| text.split('>').map(folded).collect::<Vec<_>>();
    !category.is_empty() && parts(category).starts_with(&parts(path))
}

/// As names are compared: without blanks around them, in lower case.
pub(crate) fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

fn narrow_by(test: &CompiledTest, view: &ChunkView<'_>, context: &ListContext, range: Range<usize>, mask: &mut [u8]) {
    let (products, chunk) = (view.products(), view.chunk());
    match test {
        CompiledTest::Codes(column, table) => {
            let codes = match column {
                CodeColumn::Brand => &products.brand,
                CodeColumn::Category => &products.category,
                CodeColumn::Supplier => &products.supplier,
                CodeColumn::Tags => &products.tags,
                CodeColumn::Attribute(place) => view.attribute(*place),
            };
            let table = table.as_slice();
            keep_where(mask, &codes.chunk(chunk)[range], move |code| table[code as usize] != 0);
        }
        CompiledTest::Never => mask.fill(0),
        CompiledTest::Roles(bits) => {
            let bits = *bits;
            keep_where(mask, &products.role.chunk(chunk)[range], move |role| has_bit(bits, role));
        }
        CompiledTest::Lifecycles(bits) => {
            let bits = *bits;
            keep_where(mask, &products.lifecycle.chunk(chunk)[range], move |stage| has_bit(bits, stage));
        }
        CompiledTest::Flag { mask: flag, wanted } => {
            let (flag, wanted) = (*flag, *wanted);
            keep_where(mask, &products.flags.chunk(chunk)[range], move |flags| (flags & flag != 0) == wanted);
        }
        CompiledTest::KeyValue(wanted) => {
            let (flags, roles) = (&products.flags.chunk(chunk)[range.clone()], &products.role.chunk(chunk)[range]);
            let wanted = *wanted;
            wide(move || {
                for ((kept, flags), role) in mask.iter_mut().zip(flags).zip(roles) {
                    *kept &= u8::from(ProductFlags::is_key_value(*flags, *role) == wanted);
                }
            });
        }
        CompiledTest::Lists(lists) => {
            if !lists[context.list] {
                mask.fill(0);
            }
        }
        CompiledTest::StockAtLeast(pieces) => {
            let pieces = *pieces;
            keep_numbers(mask, &products.stock, (chunk, range), move |stock| (stock != NONE) & (stock >= pieces));
        }
        CompiledTest::StockAtMost(pieces) => {
            let pieces = *pieces;
            keep_numbers(mask, &products.stock, (chunk, range), move |stock| (stock != NONE) & (stock <= pieces));
        }
        CompiledTest::OffersAtLeast(count, policy) => {
            let mut usable: Vec<Usable> = Vec::new();
            let figures = view.figures(context);
            for (kept, place) in mask.iter_mut().zip(range).filter(|(kept, _)| **kept != 0) {
                let known = figures.and_then(|figures| figures.count_at(place, context.offers.now_s));
                let found = known.unwrap_or_else(|| {
                    collect_usable(policy, context.offers, view.offers(place), &mut usable);
                    usable.len()
                });
                *kept = u8::from(found >= *count);
            }
        }
        CompiledTest::HasCost(wanted) => {
            for (kept, place) in mask.iter_mut().zip(range) {
                *kept &= u8::from((view.usable_cost(context, place) != NONE) == *wanted);
            }
        }
    }
}

#[inline(always)]
fn keep_where<T: Copy>(mask: &mut [u8], values: &[T], holds: impl Fn(T) -> bool) {
    wide(move || {
        for (kept, value) in mask.iter_mut().zip(values) {
            *kept &= u8::from(holds(*value));
        }
    });
}

/// The same for a column of numbers, of which mostly none stands beside it.
#[inline(always)]
fn keep_numbers(
    mask: &mut [u8],
    column: &NarrowColumn,
    (chunk, places): (usize, Range<usize>),
    holds: impl Fn(i64) -> bool,
) {
    if column.has_beside() {
        let values = column.values(chunk, places);
        mask.iter_mut().zip(values).for_each(|(kept, value)| *kept &= u8::from(holds(value)));
    } else {
        keep_where(mask, &column.chunk(chunk)[places], move |narrow| holds(widened(narrow)));
    }
}

/// Without a branch, so that it is done for several rows at once.
#[inline(always)]
pub(crate) const fn has_bit(bits: u64, place: u8) -> bool {
    (place < 64) & (bits >> (place & 63) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn a_category_holds_what_lies_below_it_and_not_its_neighbours() {
        assert!(is_within("TV & Audio > Headphones", "TV & Audio"));
        assert!(is_within("tv & audio>headphones", "TV & Audio > Headphones"));
        assert!(!is_within("TV & Audio Cables", "TV & Audio"));
        assert!(!is_within("", "TV & Audio"));
    }
}
