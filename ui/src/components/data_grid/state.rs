//! What a grid knows: its rows and columns, the row with the focus, the marks.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::column::{Column, SortMark};
use super::copying::as_table;
use super::keys::{self, GridKey, Place};
use super::scrolling::Scrolling;
use super::selection::Selection;
use super::source::RowSource;
use crate::appearance::Appearance;
use crate::components::clipboard::to_clipboard;
use crate::components::toasts::Toasts;
use crate::formats::counted;

/// Attributes by which tests find a row.
pub struct RowMarks {
    /// The row's name in tests.
    pub testid: &'static str,
    /// Article number.
    pub sku: String,
    /// A second attribute, where rows are of several kinds.
    pub kind: &'static str,
}

/// A grid. Cheap to copy.
pub struct Grid<R: 'static> {
    /// Its rows.
    pub source: RowSource<R>,
    /// Its columns.
    pub columns: Signal<Arc<Vec<Column<R>>>>,
    /// How it is sorted.
    pub sort: Signal<Option<SortMark>>,
    /// A heading was clicked.
    pub on_sort: Callback<&'static str>,
    /// A row was opened.
    pub on_open: Callback<R>,
    /// The focus moved to a row.
    pub on_move: Callback<R>,
    /// What is open should be closed.
    pub on_close: Callback<()>,
    /// Whether rows have a box to mark them.
    pub can_mark: bool,
    /// How tests find a row.
    pub marks: fn(&R) -> RowMarks,
    /// The row with the focus.
    pub active: RwSignal<Option<u64>>,
    /// Marked rows.
    pub selection: RwSignal<Selection>,
    /// Where the rows are.
    pub scrolling: Scrolling,
    /// Where copying tells what it did.
    pub toasts: Toasts,
}

impl<R> Clone for Grid<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Grid<R> {}

impl<R: Clone + PartialEq + Send + Sync + 'static> Grid<R> {
    /// A grid of these rows and columns; the callbacks do nothing yet.
    pub fn new(
        source: RowSource<R>,
        columns: impl Fn() -> Vec<Column<R>> + Send + Sync + 'static,
        marks: fn(&R) -> RowMarks,
    ) -> Self {
        let appearance = expect_context::<Appearance>();
        let height = Signal::derive(move || appearance.row_height());
        let columns = Memo::new_with_compare(move |_| Arc::new(columns()), |_, _| true);
        Self {
            source,
            columns: columns.into(),
            sort: Signal::stored(None),
            on_sort: Callback::new(|_| {}),
            on_open: Callback::new(|_| {}),
            on_move: Callback::new(|_| {}),
            on_close: Callback::new(|()| {}),
            can_mark: false,
            marks,
            active: RwSignal::new(None),
            selection: RwSignal::new(Selection::default()),
            scrolling: Scrolling::new(move || source.matching(), height),
            toasts: expect_context(),
        }
    }

    /// Begins to read what is seen. Another question starts at the top without marks.
    pub fn start(self) {
        self.scrolling.start();
        Effect::new(move || {
            let drawn = self.scrolling.drawn();
            self.source.want(drawn.start, drawn.end.max(1));
        });
        Effect::new(move |before: Option<u64>| {
            let question = self.source.question();
            if before.is_some_and(|before| before != question) {
                self.active.set(None);
                self.selection.update(Selection::clear);
                self.scrolling.go(0.0);
            }
            question
        });
    }

    /// The id of the row with the focus, while it is drawn.
    pub fn active_id(&self) -> Option<String> {
        let active = self.active.get()?;
        self.scrolling.drawn().contains(&active).then(|| row_id(active))
    }

    /// A row was clicked.
    pub fn on_click(&self, row: u64, event: &ev::MouseEvent) {
        self.active.set(Some(row));
        match (event.shift_key(), event.ctrl_key() || event.meta_key()) {
            (true, _) => self.selection.update(|selection| selection.extend(row)),
            (_, true) => self.toggle(row),
            _ => {
                if !self.can_mark {
                    self.selection.update(|selection| selection.only(row));
                }
                self.open(row);
            }
        }
    }

    /// Marks a row, or takes its mark away.
    pub fn toggle(&self, row: u64) {
        let rows = self.source.matching();
        self.selection.update(|selection| selection.toggle(row, rows));
    }

    /// The marked rows that have been read.
    pub fn marked_rows(&self) -> Vec<R> {
        let places: Vec<u64> = self.selection.with_untracked(|selection| selection.rows().collect());
        places.into_iter().filter_map(|place| self.source.row_now(place)).collect()
    }

    /// A key was pressed.
    pub fn on_key(&self, event: &ev::KeyboardEvent) {
        let place = Place {
            active: self.active.get_untracked(),
            rows: self.source.counts().map_or(0, |counts| counts.matching),
            page: self.scrolling.windowing.get_untracked().page(),
            can_mark: self.can_mark,
        };
        let control = event.ctrl_key() || event.meta_key();
        let Some(key) = keys::read(&event.key(), control, event.shift_key(), place) else { return };
        event.prevent_default();
        match (key, place.active) {
            (GridKey::Move { to, extend }, _) => self.go_to(to, extend),
            (GridKey::Open, Some(row)) => self.open(row),
            (GridKey::Mark, Some(row)) => self.toggle(row),
            (GridKey::MarkAll, _) => self.selection.update(Selection::mark_all),
            (GridKey::Copy, active) => self.copy(active),
            (GridKey::Close, _) => self.on_close.run(()),
            _ => {}
        }
    }

    fn go_to(&self, row: u64, extend: bool) {
        self.active.set(Some(row));
        self.scrolling.show(row);
        self.selection.update(|selection| match extend {
            true => selection.extend(row),
            false if !self.can_mark => selection.only(row),
            false => {}
        });
        if let Some(row) = self.source.row_now(row) {
            self.on_move.run(row);
        }
    }

    fn open(&self, row: u64) {
        if let Some(row) = self.source.row_now(row) {
            self.on_open.run(row);
        }
    }

    fn copy(&self, active: Option<u64>) {
        let mut places: Vec<u64> = self.selection.with_untracked(|selection| selection.rows().collect());
        if places.is_empty() {
            places.extend(active);
        }
        let rows: Vec<R> = places.iter().filter_map(|place| self.source.row_now(*place)).collect();
        if rows.is_empty() {
            return;
        }
        let table = self.columns.with_untracked(|columns| as_table(columns, &rows));
        let (toasts, count) = (self.toasts, rows.len() as u64);
        spawn_local(async move {
            match to_clipboard(table).await {
                true => toasts.done(format!("{} copied.", counted(count, "row", "rows"))),
                false => toasts.error("The browser does not let this page copy. Allow it in its settings."),
            }
        });
    }
}

/// The id of a row's element.
pub fn row_id(row: u64) -> String {
    format!("grid-row-{row}")
}
