//! One row of a grid.

use leptos::prelude::*;

use super::cell::cell_view;
use super::state::{Grid, row_id};

/// A row; grey until it has been read.
#[component]
pub fn GridRow<R>(
    /// The grid it is of.
    grid: Grid<R>,
    /// Its place in the order, from 0.
    place: u64,
) -> impl IntoView
where
    R: Clone + PartialEq + Send + Sync + 'static,
{
    let row = Memo::new(move |_| grid.source.row(place));
    let marks = move || row.get().map(|row| (grid.marks)(&row));
    let marked = Memo::new(move |_| grid.selection.with(|selection| selection.contains(place)));
    let active = Memo::new(move |_| grid.active.get() == Some(place));
    let cells = move || {
        grid.columns.with(|columns| match row.get() {
            Some(row) => columns.iter().map(|column| cell_view(column, &row)).collect_view().into_any(),
            None => columns
                .iter()
                .map(|_| view! { <div class="grid-cell loading" role="gridcell"></div> })
                .collect_view()
                .into_any(),
        })
    };
    let checkbox = grid.can_mark.then(|| {
        let label = move || row.get().map(|row| format!("Select {}", (grid.marks)(&row).sku));
        view! {
            <div class="grid-cell mark-cell" role="gridcell" on:click=|event| event.stop_propagation()>
                <input
                    type="checkbox"
                    tabindex="-1"
                    aria-label=move || label().unwrap_or_else(|| "Select".into())
                    prop:checked=marked
                    on:click=move |event| {
                        grid.active.set(Some(place));
                        if event.shift_key() {
                            grid.selection.update(|selection| selection.extend(place));
                        } else {
                            grid.toggle(place);
                        }
                    }
                />
            </div>
        }
    });
    view! {
        <div
            class="grid-row"
            role="row"
            id=row_id(place)
            class:active=active
            class:marked=marked
            aria-selected=move || marked.get().to_string()
            aria-rowindex=(place + 2).to_string()
            data-testid=move || marks().map(|marks| marks.testid)
            data-sku=move || marks().map(|marks| marks.sku)
            data-kind=move || marks().map(|marks| marks.kind)
            style:transform=move || format!("translateY({}px)", grid.scrolling.place(place))
            on:click=move |event| grid.on_click(place, &event)
        >
            {checkbox}
            {cells}
        </div>
    }
}
