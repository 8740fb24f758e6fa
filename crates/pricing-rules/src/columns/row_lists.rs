//! A short list for each row, side by side, in chunks small enough to be replaced often.

use std::sync::Arc;

use crate::parallel::map_chunks;

/// Rows in a chunk of lists.
pub(crate) const LIST_CHUNK: usize = 128;

#[derive(Clone, Debug)]
pub(crate) struct ListChunk<T> {
    pub(crate) items: Vec<T>,
    /// Where the list of each row ends.
    pub(crate) ends: Vec<u32>,
}

impl<T> Default for ListChunk<T> {
    fn default() -> Self {
        Self { items: Vec::new(), ends: Vec::new() }
    }
}

impl<T: Copy> ListChunk<T> {
    fn range(&self, place: usize) -> std::ops::Range<usize> {
        let start = if place == 0 { 0 } else { self.ends[place - 1] as usize };
        start..self.ends[place] as usize
    }

    /// This chunk with the lists of some of its rows replaced.
    fn with(&self, changes: &[(usize, Vec<T>)]) -> Self {
        let added: usize = changes.iter().map(|(_, items)| items.len()).sum();
        let mut new =
            Self { items: Vec::with_capacity(self.items.len() + added), ends: Vec::with_capacity(self.ends.len()) };
        let mut changed = changes.iter().peekable();
        for place in 0..self.ends.len() {
            match changed.next_if(|(row, _)| row % LIST_CHUNK == place) {
                Some((_, items)) => new.push(items),
                None => new.push(&self.items[self.range(place)]),
            }
        }
        new
    }

    fn push(&mut self, items: &[T]) {
        self.items.extend_from_slice(items);
        self.ends.push(u32::try_from(self.items.len()).expect("a chunk has fewer than 2³² items"));
    }
}

/// A list for every row.
#[derive(Clone, Debug)]
pub struct RowLists<T> {
    chunks: Vec<Arc<ListChunk<T>>>,
    len: usize,
}

impl<T> Default for RowLists<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T: Copy + Send + Sync> RowLists<T> {
    /// How many rows have their list here.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The list of a row. Panics beyond the end.
    pub fn get(&self, row: usize) -> &[T] {
        let chunk = &self.chunks[row / LIST_CHUNK];
        &chunk.items[chunk.range(row % LIST_CHUNK)]
    }

    /// How many items all lists have together.
    pub fn item_count(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.items.len()).sum()
    }

    /// Adds the next row with its list.
    pub(crate) fn push(&mut self, items: &[T]) {
        if self.len.is_multiple_of(LIST_CHUNK) {
            self.chunks.push(Arc::new(ListChunk::default()));
        }
        let last = self.chunks.last_mut().expect("a chunk was just made");
        Arc::make_mut(last).push(items);
        self.len += 1;
    }

    /// Replaces the lists of several rows; `changes` are in ascending row order.
    pub(crate) fn replace(&mut self, changes: &[(usize, Vec<T>)]) {
        let groups: Vec<_> = changes.chunk_by(|one, other| one.0 / LIST_CHUNK == other.0 / LIST_CHUNK).collect();
        let chunks = &self.chunks;
        let replaced = map_chunks(groups.len(), |n| {
            let number = groups[n][0].0 / LIST_CHUNK;
            (number, Arc::new(chunks[number].with(groups[n])))
        });
        for (number, chunk) in replaced {
            self.chunks[number] = chunk;
        }
    }

    pub(crate) fn shrink(&mut self) {
        for chunk in self.chunks.iter_mut().filter_map(Arc::get_mut) {
            chunk.items.shrink_to_fit();
            chunk.ends.shrink_to_fit();
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let bytes = |chunk: &Arc<ListChunk<T>>| {
            chunk.items.capacity() * size_of::<T>() + chunk.ends.capacity() * size_of::<u32>()
        };
        self.chunks.iter().map(bytes).sum()
    }

    pub(crate) fn chunks(&self) -> impl Iterator<Item = &ListChunk<T>> {
        self.chunks.iter().map(|chunk| &**chunk)
    }

    pub(crate) fn from_chunks(chunks: Vec<ListChunk<T>>) -> Self {
        let len = chunks.iter().map(|chunk| chunk.ends.len()).sum();
        Self { chunks: chunks.into_iter().map(Arc::new).collect(), len }
    }
}
