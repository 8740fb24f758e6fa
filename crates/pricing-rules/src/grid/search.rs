//! Words in the arenas of the search column: one scan over all texts of a chunk, hits mapped to rows afterwards.

use memchr::memmem::Finder;

use crate::columns::TextChunk;

/// The words of a search, lower-cased, the longest first.
pub(super) struct Search {
    words: Vec<Finder<'static>>,
}

impl Search {
    pub(super) fn new(text: &str) -> Self {
        let mut words: Vec<String> = text
            .split(|letter: char| letter.is_whitespace() || letter.is_control())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self { words: words.iter().map(|word| Finder::new(word.as_bytes()).into_owned()).collect() }
    }

    /// Clears `mask` where a word does not occur.
    pub(super) fn narrow(&self, texts: &TextChunk, mask: &mut [u8]) {
        let Some((longest, others)) = self.words.split_first() else { return };
        let mut found = vec![0u8; mask.len()];
        let arena = texts.arena.as_bytes();
        let (mut from, mut place) = (0, 0);
        while let Some(hit) = longest.find(&arena[from..]).map(|hit| hit + from) {
            place += texts.ends[place..].partition_point(|end| *end as usize <= hit);
            let end = texts.ends[place] as usize;
            if hit + longest.needle().len() > end {
                from = hit + 1;
                continue;
            }
            let text = &arena[texts.start(place)..end];
            found[place] = u8::from(others.iter().all(|word| word.find(text).is_some()));
            from = end;
        }
        mask.iter_mut().zip(found).for_each(|(kept, found)| *kept &= found);
    }
}

#[cfg(test)]
mod tests {
    use super::Search;
    use crate::columns::TextColumn;

    fn found(texts: &[&str], search: &str) -> Vec<u8> {
        let mut column = TextColumn::default();
        texts.iter().for_each(|text| column.push(text));
        let mut mask = vec![1; texts.len()];
        Search::new(search).narrow(column.chunk(0), &mut mask);
        mask
    }

    #[test]
    fn every_word_must_occur_in_the_same_row() {
        let texts = ["a1\u{1f}grüner tee", "a2\u{1f}grüner kaffee", "", "b1\u{1f}tee"];
        assert_eq!(found(&texts, "TEE Grüner"), [1, 0, 0, 0]);
        assert_eq!(found(&texts, "tee"), [1, 0, 0, 1]);
        assert_eq!(found(&texts, " "), [1, 1, 1, 1]);
        assert_eq!(found(&texts, "teeb1"), [0, 0, 0, 0], "two rows that meet are not one text");
    }

    #[test]
    fn a_hit_across_two_rows_does_not_hide_the_one_after_it() {
        assert_eq!(found(&["xa", "aab"], "aa"), [0, 1]);
    }
}
