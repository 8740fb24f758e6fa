//! Which rules and which floor each row of a stretch matches, before any of them is evaluated.

use std::ops::Range;

use super::compile::{CompiledRules, ListContext};
use super::view::ChunkView;

/// Stands for “no floor matches”.
pub(crate) const NO_FLOOR: u16 = u16::MAX;

/// The matches of a stretch of rows.
pub(crate) struct Marks {
    /// `words` words a row; bit n of word w: rule 64·w + n matches.
    rules: Vec<u64>,
    words: usize,
    /// The first floor that matches each row.
    floors: Vec<u16>,
    start: usize,
}

impl Marks {
    /// Finds the matches of `range`.
    pub(crate) fn new(rules: &CompiledRules, view: &ChunkView<'_>, context: &ListContext, range: Range<usize>) -> Self {
        let words = rules.rules.len().div_ceil(64);
        let mut marks = Self {
            rules: vec![0; range.len() * words],
            words,
            floors: vec![NO_FLOOR; range.len()],
            start: range.start,
        };
        let mut mask = vec![0u8; range.len()];
        for (number, rule) in rules.rules.iter().enumerate().filter(|(_, rule)| rule.enabled) {
            mask.fill(1);
            rule.scope.narrow(view, context, range.clone(), &mut mask);
            let of_rule = marks.rules.iter_mut().skip(number / 64).step_by(words);
            of_rule.zip(&mask).for_each(|(word, kept)| *word |= u64::from(*kept) << (number % 64));
        }
        for (number, floor) in rules.floors.iter().enumerate() {
            mask.fill(1);
            floor.scope.narrow(view, context, range.clone(), &mut mask);
            for (first, kept) in marks.floors.iter_mut().zip(&mask) {
                if *first == NO_FLOOR && *kept != 0 {
                    *first = number as u16;
                }
            }
        }
        marks
    }

    /// The rules that match a row, in order.
    pub(crate) fn rules(&self, place: usize) -> impl Iterator<Item = u16> + '_ {
        let first = (place - self.start) * self.words;
        self.rules[first..first + self.words].iter().enumerate().flat_map(|(word, bits)| {
            let mut bits = *bits;
            std::iter::from_fn(move || {
                let number = (bits != 0).then(|| bits.trailing_zeros())?;
                bits &= bits - 1;
                Some((word * 64) as u16 + number as u16)
            })
        })
    }

    /// The first floor that matches a row, or [`NO_FLOOR`].
    pub(crate) fn floor(&self, place: usize) -> u16 {
        self.floors[place - self.start]
    }
}
