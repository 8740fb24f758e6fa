//! Columns in chunks of equal height that are shared until one is written: copying a column copies pointers, changing
//! a row copies one chunk.

mod dictionary;
mod narrow;
mod row_lists;
mod text;

use std::sync::Arc;

pub use dictionary::Dictionary;
pub use narrow::NarrowColumn;
pub(crate) use narrow::{BESIDE, widened};
pub use row_lists::RowLists;
pub(crate) use row_lists::{LIST_CHUNK, ListChunk};
pub(crate) use text::TextChunk;
pub use text::TextColumn;

/// Rows in a chunk.
pub const CHUNK: usize = 8192;

/// The amount that is not there.
pub const NONE: i64 = i64::MIN;

/// A column of plain numbers.
#[derive(Clone, Debug)]
pub struct Column<T> {
    chunks: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T: Copy> Column<T> {
    /// How many rows there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value of a row. Panics beyond the end.
    pub fn get(&self, row: usize) -> T {
        self.chunks[row / CHUNK][row % CHUNK]
    }

    /// Adds a row at the end.
    pub fn push(&mut self, value: T) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Arc::new(Vec::new()));
        }
        let last = self.chunks.last_mut().expect("a chunk was just made");
        Arc::make_mut(last).push(value);
        self.len += 1;
    }

    /// Replaces the value of a row, copying its chunk when it is shared. Panics beyond the end.
    pub fn set(&mut self, row: usize, value: T) {
        Arc::make_mut(&mut self.chunks[row / CHUNK])[row % CHUNK] = value;
    }

    /// The same only where it differs, so that unchanged chunks stay shared.
    pub(crate) fn put(&mut self, row: usize, value: T)
    where
        T: PartialEq,
    {
        if self.get(row) != value {
            self.set(row, value);
        }
    }

    /// Adds `value` until there are `len` rows.
    pub fn fill_to(&mut self, len: usize, value: T) {
        while self.len < len {
            self.push(value);
        }
    }

    /// The rows of one chunk.
    pub fn chunk(&self, chunk: usize) -> &[T] {
        &self.chunks[chunk]
    }

    /// How many chunks there are.
    pub const fn chunk_count(&self) -> usize {
        self.chunks.len()
    }

    /// Every value in row order.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.chunks.iter().flat_map(|chunk| chunk.iter().copied())
    }

    /// Bytes that the values take.
    pub fn memory_bytes(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.capacity() * size_of::<T>()).sum()
    }

    /// A chunk to be shared with another column.
    pub(crate) fn share(&self, chunk: usize) -> Arc<Vec<T>> {
        self.chunks[chunk].clone()
    }

    /// Takes a chunk of the same height from another column.
    pub(crate) fn take_shared(&mut self, chunk: usize, shared: Arc<Vec<T>>) {
        self.chunks[chunk] = shared;
    }

    /// Bytes of the chunks that are not those of another column.
    pub(crate) fn memory_bytes_beside(&self, other: &Self) -> usize {
        let own = |(place, chunk): &(usize, &Arc<Vec<T>>)| {
            other.chunks.get(*place).is_none_or(|one| !Arc::ptr_eq(one, chunk))
        };
        self.chunks.iter().enumerate().filter(own).map(|(_, chunk)| chunk.capacity() * size_of::<T>()).sum()
    }

    /// A column of one value; its whole chunks are shared.
    pub(crate) fn filled(len: usize, value: T) -> Self {
        let whole = Arc::new(vec![value; if len < CHUNK { 0 } else { CHUNK }]);
        let mut chunks = vec![whole; len / CHUNK];
        if !len.is_multiple_of(CHUNK) {
            chunks.push(Arc::new(vec![value; len % CHUNK]));
        }
        Self { chunks, len }
    }

    /// Makes a column of chunks that may be shared: every one but the last has [`CHUNK`] rows.
    pub(crate) fn from_shared(chunks: Vec<Arc<Vec<T>>>) -> Self {
        let len = chunks.iter().map(|chunk| chunk.len()).sum();
        Self { chunks, len }
    }

    /// Makes a column of whole chunks: every one but the last has [`CHUNK`] rows.
    pub(crate) fn from_chunks(chunks: Vec<Vec<T>>) -> Self {
        let len = chunks.iter().map(Vec::len).sum();
        Self { chunks: chunks.into_iter().map(Arc::new).collect(), len }
    }
}

impl<T: Copy> FromIterator<T> for Column<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut column = Self::default();
        values.into_iter().for_each(|value| column.push(value));
        column
    }
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, Column};

    #[test]
    fn a_copy_keeps_its_values_when_the_other_changes() {
        let before: Column<i64> = (0..CHUNK as i64 + 5).collect();
        let mut after = before.clone();
        after.set(CHUNK + 1, -1);
        after.push(7);
        assert_eq!((before.get(CHUNK + 1), before.len()), (CHUNK as i64 + 1, CHUNK + 5));
        assert_eq!((after.get(CHUNK + 1), after.get(CHUNK + 5)), (-1, 7));
        assert!(std::ptr::eq(before.chunk(0), after.chunk(0)), "an untouched chunk is shared");
    }
}
