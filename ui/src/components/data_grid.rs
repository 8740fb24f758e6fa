//! A windowed table over any number of rows: keyboard, marks, copying, sorting by header.

mod cell;
mod column;
mod copying;
mod header;
mod keys;
mod row;
mod scrolling;
mod selection;
mod source;
mod state;
mod windowing;

use leptos::ev;
use leptos::prelude::*;

pub use cell::{Cell, Tone};
pub use column::{Column, SortMark};
use column::{least_width, track_list};
pub use selection::Selection;
pub use source::{RowSource, Stretch};
pub use state::{Grid, RowMarks};

use super::empty::Empty;
use super::notice::ErrorNotice;
use super::show::Show;
use header::GridHeader;
use row::GridRow;

/// The table.
#[component]
pub fn DataGrid<R>(
    /// Its rows, columns and state.
    grid: Grid<R>,
    /// Its name for screen readers.
    label: &'static str,
    /// Its name in tests.
    #[prop(default = "grid")]
    testid: &'static str,
    /// What an empty table says.
    #[prop(into)]
    nothing: Signal<String>,
) -> impl IntoView
where
    R: Clone + PartialEq + Send + Sync + 'static,
{
    grid.start();
    let scrolling = grid.scrolling;
    let places = move || scrolling.drawn().collect::<Vec<u64>>();
    let track = move || format!("{}px", scrolling.windowing.get().track());
    let is_empty = move || grid.source.counts().is_some_and(|counts| counts.matching == 0);
    let failed = move || grid.source.error();
    let again = Callback::new(move |()| grid.source.again());
    let on_key = move |event: ev::KeyboardEvent| grid.on_key(&event);
    view! {
        {move || failed().map(|error| view! { <ErrorNotice message=error.message again /> })}
        <div
            class="grid"
            role="grid"
            tabindex="0"
            data-testid=testid
            node_ref=scrolling.element
            aria-label=label
            aria-rowcount=move || (grid.source.matching() + 1).to_string()
            aria-colcount=move || grid.columns.with(|columns| columns.len()).to_string()
            aria-multiselectable=grid.can_mark.to_string()
            aria-activedescendant=move || grid.active_id()
            style=("--grid-columns", move || grid.columns.with(|columns| track_list(columns, grid.can_mark)))
            style=("--grid-width", move || grid.columns.with(|columns| format!("{}px", least_width(columns, grid.can_mark))))
            on:scroll=move |_| scrolling.scrolled()
            on:wheel=move |event| scrolling.wheeled(&event)
            on:keydown=on_key
        >
            <GridHeader grid />
            <div class="grid-rows" role="rowgroup" style:height=track>
                <For each=places key=|place| *place let:place>
                    <GridRow grid place />
                </For>
            </div>
            <Show when=is_empty>
                <div role="row" class="grid-empty">
                    <div role="gridcell"><Empty text=nothing.get() /></div>
                </div>
            </Show>
        </div>
    }
}
