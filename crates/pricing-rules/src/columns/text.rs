//! A column of texts: one arena a chunk, so that a search runs over contiguous bytes.

use std::sync::Arc;

use super::CHUNK;

/// The texts of one chunk, one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextChunk {
    /// All texts, without separators.
    pub(crate) arena: String,
    /// Where each ends.
    pub(crate) ends: Vec<u32>,
}

impl TextChunk {
    /// Where the text at a place begins.
    pub(crate) fn start(&self, place: usize) -> usize {
        if place == 0 { 0 } else { self.ends[place - 1] as usize }
    }

    /// The text at a place.
    pub(crate) fn get(&self, place: usize) -> &str {
        &self.arena[self.start(place)..self.ends[place] as usize]
    }

    fn push(&mut self, text: &str) {
        self.arena.push_str(text);
        self.ends.push(u32::try_from(self.arena.len()).expect("a chunk of texts stays below 4 GiB"));
    }
}

/// A column of texts.
#[derive(Clone, Debug, Default)]
pub struct TextColumn {
    chunks: Vec<Arc<TextChunk>>,
    len: usize,
}

impl TextColumn {
    /// How many rows there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The text of a row. Panics beyond the end.
    pub fn get(&self, row: usize) -> &str {
        self.chunks[row / CHUNK].get(row % CHUNK)
    }

    /// Adds a row at the end.
    pub fn push(&mut self, text: &str) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Arc::new(TextChunk::default()));
        }
        let last = self.chunks.last_mut().expect("a chunk was just made");
        Arc::make_mut(last).push(text);
        self.len += 1;
    }

    /// Replaces the text of a row: writes its chunk anew. Panics beyond the end.
    pub fn set(&mut self, row: usize, text: &str) {
        let old = &self.chunks[row / CHUNK];
        if old.get(row % CHUNK) == text {
            return;
        }
        let mut new = TextChunk { arena: String::with_capacity(old.arena.len() + text.len()), ends: Vec::new() };
        for place in 0..old.ends.len() {
            new.push(if place == row % CHUNK { text } else { old.get(place) });
        }
        self.chunks[row / CHUNK] = Arc::new(new);
    }

    /// Bytes that the texts take.
    pub fn memory_bytes(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.arena.capacity() + chunk.ends.capacity() * size_of::<u32>()).sum()
    }

    pub(crate) fn chunk(&self, chunk: usize) -> &TextChunk {
        &self.chunks[chunk]
    }

    pub(crate) const fn chunk_count(&self) -> usize {
        self.chunks.len()
    }

    pub(crate) fn from_chunks(chunks: Vec<TextChunk>) -> Self {
        let len = chunks.iter().map(|chunk| chunk.ends.len()).sum();
        Self { chunks: chunks.into_iter().map(Arc::new).collect(), len }
    }

    /// Gives back what the last chunk and its neighbours reserved beyond their texts.
    pub(crate) fn shrink(&mut self) {
        for chunk in self.chunks.iter_mut().filter_map(Arc::get_mut) {
            chunk.arena.shrink_to_fit();
            chunk.ends.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TextColumn;

    #[test]
    fn a_longer_text_moves_its_neighbours_and_not_the_copy() {
        let mut before = TextColumn::default();
        ["a", "", "grün", "d"].iter().for_each(|text| before.push(text));
        let mut after = before.clone();
        after.set(1, "now longer");
        assert_eq!((before.get(1), before.get(2)), ("", "grün"));
        assert_eq!((after.get(0), after.get(1), after.get(2), after.get(3)), ("a", "now longer", "grün", "d"));
    }
}
