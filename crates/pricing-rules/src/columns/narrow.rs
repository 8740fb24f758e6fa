//! A column of numbers that mostly fit 32 bits, as amounts, stock and units do: half the memory, which is what pricing
//! a large catalogue waits for. The few that do not fit stand beside it, by row.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{CHUNK, Column, NONE};

/// Stands for [`NONE`].
const NARROW_NONE: i32 = i32::MIN;

/// The number stands beside the column. It is larger than every amount that is computed with quickly, so that rows with
/// one are always priced by themselves.
pub(crate) const BESIDE: i32 = i32::MAX;

/// A column of whole numbers or [`NONE`].
#[derive(Clone, Debug, Default)]
pub struct NarrowColumn {
    narrow: Column<i32>,
    /// By row.
    beside: Arc<BTreeMap<u32, i64>>,
}

/// A number of a chunk that does not stand beside it.
#[inline(always)]
pub(crate) fn widened(narrow: i32) -> i64 {
    if narrow == NARROW_NONE { NONE } else { i64::from(narrow) }
}

/// What stands in the column for a number; `None`: it stands beside it.
fn narrowed(value: i64) -> Option<i32> {
    match value {
        NONE => Some(NARROW_NONE),
        value => i32::try_from(value).ok().filter(|narrow| !matches!(*narrow, NARROW_NONE | BESIDE)),
    }
}

fn number_of(row: usize) -> u32 {
    u32::try_from(row).expect("rows fit 32 bits")
}

impl NarrowColumn {
    /// How many rows there are.
    pub const fn len(&self) -> usize {
        self.narrow.len()
    }

    /// Whether there are no rows.
    pub const fn is_empty(&self) -> bool {
        self.narrow.is_empty()
    }

    /// The value of a row. Panics beyond the end.
    pub fn get(&self, row: usize) -> i64 {
        match self.narrow.get(row) {
            BESIDE => self.beside.get(&number_of(row)).copied().unwrap_or(NONE),
            narrow => widened(narrow),
        }
    }

    /// Adds a row at the end.
    pub fn push(&mut self, value: i64) {
        let row = self.len();
        self.narrow.push(narrowed(value).unwrap_or(BESIDE));
        self.put_beside(row, value);
    }

    /// Replaces the value of a row, copying its chunk when it is shared. Panics beyond the end.
    pub fn set(&mut self, row: usize, value: i64) {
        if self.narrow.get(row) == BESIDE {
            Arc::make_mut(&mut self.beside).remove(&number_of(row));
        }
        self.narrow.set(row, narrowed(value).unwrap_or(BESIDE));
        self.put_beside(row, value);
    }

    /// The same only where it differs, so that unchanged chunks stay shared.
    pub(crate) fn put(&mut self, row: usize, value: i64) {
        if self.get(row) != value {
            self.set(row, value);
        }
    }

    fn put_beside(&mut self, row: usize, value: i64) {
        if narrowed(value).is_none() {
            Arc::make_mut(&mut self.beside).insert(number_of(row), value);
        }
    }

    /// Adds `value` until there are `len` rows.
    pub fn fill_to(&mut self, len: usize, value: i64) {
        while self.len() < len {
            self.push(value);
        }
    }

    /// One chunk as it stands in memory; [`BESIDE`] and the narrow form of [`NONE`] among its numbers.
    pub fn chunk(&self, chunk: usize) -> &[i32] {
        self.narrow.chunk(chunk)
    }

    /// Whether any number stands beside the column.
    pub(crate) fn has_beside(&self) -> bool {
        !self.beside.is_empty()
    }

    /// The values of some rows of a chunk, by their places.
    pub(crate) fn values(&self, chunk: usize, places: Range<usize>) -> impl Iterator<Item = i64> + '_ {
        let first = chunk * CHUNK + places.start;
        self.chunk(chunk)[places].iter().enumerate().map(move |(place, narrow)| match *narrow {
            BESIDE => self.get(first + place),
            narrow => widened(narrow),
        })
    }

    /// Every value in row order.
    pub fn iter(&self) -> impl Iterator<Item = i64> + '_ {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Bytes that the values take.
    pub fn memory_bytes(&self) -> usize {
        self.narrow.memory_bytes() + self.beside_bytes()
    }

    /// Bytes of what is not shared with another column.
    pub(crate) fn memory_bytes_beside(&self, other: &Self) -> usize {
        let own = if Arc::ptr_eq(&self.beside, &other.beside) { 0 } else { self.beside_bytes() };
        self.narrow.memory_bytes_beside(&other.narrow) + own
    }

    fn beside_bytes(&self) -> usize {
        self.beside.len() * size_of::<(u32, i64)>()
    }

    /// What is written of it: the column, and what stands beside it.
    pub(crate) fn parts(&self) -> (&Column<i32>, &BTreeMap<u32, i64>) {
        (&self.narrow, &self.beside)
    }

    /// Puts together what was written; `None`: the parts do not belong together.
    pub(crate) fn from_parts(narrow: Column<i32>, beside: BTreeMap<u32, i64>) -> Option<Self> {
        let chunks = (0..narrow.chunk_count()).map(|chunk| narrow.chunk(chunk));
        let marked: usize = chunks.map(|chunk| chunk.iter().filter(|narrow| **narrow == BESIDE).count()).sum();
        let is_marked = |(row, value): (&u32, &i64)| {
            (*row as usize) < narrow.len() && narrow.get(*row as usize) == BESIDE && narrowed(*value).is_none()
        };
        let belong = marked == beside.len() && beside.iter().all(is_marked);
        belong.then(|| Self { narrow, beside: Arc::new(beside) })
    }

    /// Makes a column of whole chunks: every one but the last has [`CHUNK`] rows.
    pub(crate) fn from_chunks<'a>(chunks: impl Iterator<Item = &'a [i64]>) -> Self {
        let (mut narrow, mut beside) = (Vec::new(), BTreeMap::new());
        for (chunk, values) in chunks.enumerate() {
            narrow.push(values.iter().map(|value| narrowed(*value).unwrap_or(BESIDE)).collect());
            let wide = values.iter().enumerate().filter(|(_, value)| narrowed(**value).is_none());
            beside.extend(wide.map(|(place, value)| (number_of(chunk * CHUNK + place), *value)));
        }
        Self { narrow: Column::from_chunks(narrow), beside: Arc::new(beside) }
    }
}

impl FromIterator<i64> for NarrowColumn {
    fn from_iter<I: IntoIterator<Item = i64>>(values: I) -> Self {
        let mut column = Self::default();
        values.into_iter().for_each(|value| column.push(value));
        column
    }
}

#[cfg(test)]
mod tests {
    use super::{BESIDE, CHUNK, NONE, NarrowColumn};

    /// Numbers on both sides of what fits, and the two that stand for something else.
    const NUMBERS: [i64; 10] = [
        NONE,
        0,
        -1,
        1_999,
        i32::MAX as i64 - 1,
        i32::MAX as i64,
        i32::MAX as i64 + 1,
        i32::MIN as i64,
        i32::MIN as i64 + 1,
        i64::MAX,
    ];

    #[test]
    fn every_number_comes_back_as_it_was_put() {
        let pushed: NarrowColumn = NUMBERS.into_iter().collect();
        assert_eq!(pushed.iter().collect::<Vec<_>>(), NUMBERS);
        assert_eq!(pushed.values(0, 2..7).collect::<Vec<_>>(), NUMBERS[2..7]);
        let chunks = NarrowColumn::from_chunks([NUMBERS.as_slice()].into_iter());
        assert_eq!(chunks.iter().collect::<Vec<_>>(), NUMBERS);
        let mut set: NarrowColumn = (0..CHUNK as i64 + NUMBERS.len() as i64).collect();
        for (place, number) in NUMBERS.into_iter().enumerate() {
            set.put(CHUNK + place, number);
        }
        assert_eq!(set.values(1, 0..NUMBERS.len()).collect::<Vec<_>>(), NUMBERS);
        assert_eq!(set.get(CHUNK - 1), CHUNK as i64 - 1);
    }

    #[test]
    fn a_number_that_fits_again_leaves_nothing_beside_the_column() {
        let mut column: NarrowColumn = [i64::MAX, 5].into_iter().collect();
        assert!(column.has_beside());
        let before = column.clone();
        column.set(0, 7);
        assert!(!column.has_beside());
        assert_eq!((column.get(0), before.get(0)), (7, i64::MAX));
    }

    #[test]
    fn parts_that_do_not_belong_together_are_refused() {
        let column: NarrowColumn = NUMBERS.into_iter().collect();
        let (narrow, beside) = column.parts();
        let again = NarrowColumn::from_parts(narrow.clone(), beside.clone()).expect("its own parts");
        assert_eq!(again.iter().collect::<Vec<_>>(), NUMBERS);
        let row = (0..NUMBERS.len()).find(|row| narrow.get(*row) == BESIDE).expect("one does not fit") as u32;
        let mut fewer = beside.clone();
        fewer.remove(&row);
        assert!(NarrowColumn::from_parts(narrow.clone(), fewer.clone()).is_none());
        fewer.insert(1, i64::MAX);
        assert!(NarrowColumn::from_parts(narrow.clone(), fewer).is_none());
    }
}
