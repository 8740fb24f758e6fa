//! Which rows of a chunk a block holds: some that stand together, or the few of many that have to be looked at.

use std::ops::Range;

use super::lanes::{Lane, ROWS};

/// The rows of a block, by their places in the chunk.
#[derive(Clone, Copy)]
pub(crate) enum Rows<'a> {
    Together(&'a Range<usize>),
    Apart(&'a [u16]),
}

/// The rows of a block, kept with what is computed for them.
pub(super) struct Places {
    count: usize,
    /// The first place of rows that stand together; `None`: each place is in the list.
    first: Option<usize>,
    list: [u16; ROWS],
}

impl Places {
    pub(super) const fn new() -> Self {
        Self { count: 0, first: None, list: [0; ROWS] }
    }

    pub(super) fn set(&mut self, rows: Rows<'_>) {
        match rows {
            Rows::Together(range) => (self.count, self.first) = (range.len(), Some(range.start)),
            Rows::Apart(places) => {
                (self.count, self.first) = (places.len(), None);
                self.list[..places.len()].copy_from_slice(places);
            }
        }
        assert!(self.count <= ROWS, "a block has at most {ROWS} rows");
    }

    /// How many rows there are.
    #[inline(always)]
    pub(super) fn count(&self) -> usize {
        self.count.min(ROWS)
    }

    /// The place of a row in its chunk.
    #[inline(always)]
    pub(super) fn of(&self, row: usize) -> usize {
        self.first.map_or_else(|| usize::from(self.list[row]), |first| first + row)
    }

    /// The row of a place, where it is in the block.
    pub(super) fn row_of(&self, place: usize) -> Option<usize> {
        match self.first {
            Some(first) => place.checked_sub(first).filter(|row| *row < self.count),
            None => self.list[..self.count()].iter().position(|one| usize::from(*one) == place),
        }
    }

    /// Copies what columns of the chunk hold for the rows of the block.
    #[inline(always)]
    pub(super) fn fetch<T: Copy, const COLUMNS: usize>(
        &self,
        columns: [&[T]; COLUMNS],
        lanes: [&mut Lane; COLUMNS],
        widened: impl Fn(T) -> i64,
    ) {
        let count = self.count();
        let Some(first) = self.first else {
            let rows = columns.iter().map(|column| column.len()).min().unwrap_or(0);
            let columns = columns.map(|column| &column[..rows]);
            for (row, place) in self.list[..count].iter().enumerate() {
                let place = usize::from(*place);
                for column in 0..COLUMNS {
                    lanes[column][row] = widened(columns[column][place]);
                }
            }
            return;
        };
        for (column, lane) in columns.into_iter().zip(lanes) {
            for (value, narrow) in lane[..count].iter_mut().zip(&column[first..first + count]) {
                *value = widened(*narrow);
            }
        }
    }

    /// What a column, whose first value is that of the place `from`, holds for the rows of the block: a part of it, or
    /// picked into `room`.
    #[inline(always)]
    pub(super) fn pick<'a, T: Copy>(&self, column: &'a [T], from: usize, room: &'a mut [T; ROWS]) -> &'a [T] {
        match self.first {
            Some(first) => &column[first - from..first - from + self.count],
            None => {
                for (value, place) in room.iter_mut().zip(&self.list[..self.count()]) {
                    *value = column[usize::from(*place) - from];
                }
                &room[..self.count()]
            }
        }
    }
}
