//! A column of a grid.

use std::sync::Arc;

use super::cell::Cell;

/// Pixels of the column with the boxes.
const MARK_WIDTH: u32 = 36;

/// How the rows are sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortMark {
    /// By which column.
    pub key: &'static str,
    /// Largest first.
    pub descending: bool,
}

/// A column.
pub struct Column<R> {
    /// Its name in tests, addresses and storage.
    pub key: &'static str,
    /// Its heading.
    pub title: String,
    /// What hovering the heading tells.
    pub hint: &'static str,
    /// Pixels.
    pub width: u32,
    /// Takes the room that is left.
    pub grows: bool,
    /// Right-aligned.
    pub numeric: bool,
    /// Whether a click on the heading sorts.
    pub sortable: bool,
    /// Its place in a narrow window, where a row is a list entry: `title`, `detail`, `figure` or `change`; empty: left
    /// out there.
    pub brief: &'static str,
    /// What a row shows in it.
    pub cell: Arc<dyn Fn(&R) -> Cell + Send + Sync>,
}

impl<R> Clone for Column<R> {
    fn clone(&self) -> Self {
        Self { title: self.title.clone(), cell: self.cell.clone(), ..*self }
    }
}

impl<R> Column<R> {
    /// A text column that does not sort.
    pub fn new(
        key: &'static str,
        title: impl Into<String>,
        width: u32,
        cell: impl Fn(&R) -> Cell + Send + Sync + 'static,
    ) -> Self {
        let cell = Arc::new(cell);
        let title = title.into();
        Self { key, title, hint: "", width, grows: false, numeric: false, sortable: false, brief: "", cell }
    }

    /// Takes the room that is left.
    pub fn growing(mut self) -> Self {
        self.grows = true;
        self
    }

    /// Right-aligned.
    pub fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// A click on the heading sorts.
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// Its place in a narrow window.
    pub fn brief(mut self, place: &'static str) -> Self {
        self.brief = place;
        self
    }

    /// What hovering the heading tells.
    pub fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }
}

/// The columns' widths as a list of grid tracks.
pub fn track_list<R>(columns: &[Column<R>], can_mark: bool) -> String {
    let mut tracks: Vec<String> = columns
        .iter()
        .map(|column| match column.grows {
            true => format!("minmax({}px, 1fr)", column.width),
            false => format!("{}px", column.width),
        })
        .collect();
    if can_mark {
        tracks.insert(0, format!("{MARK_WIDTH}px"));
    }
    tracks.join(" ")
}

/// The pixels that all columns need.
pub fn least_width<R>(columns: &[Column<R>], can_mark: bool) -> u32 {
    columns.iter().map(|column| column.width).sum::<u32>() + if can_mark { MARK_WIDTH } else { 0 }
}
