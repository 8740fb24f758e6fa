//! The headings of a grid.

use leptos::prelude::*;

use super::column::{Column, SortMark};
use super::selection::Selection;
use super::state::Grid;

/// The headings; a click sorts.
#[component]
pub fn GridHeader<R>(
    /// The grid they are of.
    grid: Grid<R>,
) -> impl IntoView
where
    R: Clone + PartialEq + Send + Sync + 'static,
{
    let headings =
        move || grid.columns.with(|columns| columns.iter().map(|column| heading(grid, column)).collect_view());
    view! {
        <div class="grid-header" role="row" aria-rowindex="1">
            {grid.can_mark.then(|| mark_all(grid))}
            {headings}
        </div>
    }
}

fn mark_all<R: Clone + PartialEq + Send + Sync + 'static>(grid: Grid<R>) -> impl IntoView {
    let all = move || grid.selection.with(Selection::is_all);
    let toggle = move |_| {
        grid.selection.update(|selection| if selection.is_all() { selection.clear() } else { selection.mark_all() });
    };
    view! {
        <div class="grid-cell mark-cell" role="columnheader">
            <input
                type="checkbox"
                aria-label="Select all that match"
                data-testid="select-all"
                prop:checked=all
                on:change=toggle
            />
        </div>
    }
}

fn heading<R: Clone + PartialEq + Send + Sync + 'static>(grid: Grid<R>, column: &Column<R>) -> impl IntoView + use<R> {
    let key = column.key;
    let direction = move || match grid.sort.get() {
        Some(SortMark { key: sorted, descending }) if sorted == key => Some(descending),
        _ => None,
    };
    let aria = move || match direction() {
        Some(true) => "descending",
        Some(false) => "ascending",
        None => "none",
    };
    let arrow = move || match direction() {
        Some(true) => " ↓",
        Some(false) => " ↑",
        None => "",
    };
    let class = format!("grid-cell {}", if column.numeric { "numeric" } else { "" });
    let title = column.title.clone();
    let testid = format!("grid-header-{key}");
    if !column.sortable {
        return view! { <div class=class role="columnheader" title=column.hint data-testid=testid>{title}</div> }
            .into_any();
    }
    view! {
        <div class=class role="columnheader" aria-sort=aria title=column.hint>
            <button type="button" class="heading" data-testid=testid tabindex="-1" on:click=move |_| grid.on_sort.run(key)>
                {title}
                <span aria-hidden="true">{arrow}</span>
            </button>
        </div>
    }
    .into_any()
}
