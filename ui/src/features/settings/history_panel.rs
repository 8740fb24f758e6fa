//! What operations changed, each with its undo.

use app_contract::{ChangeSetView, ListChangeSets, UndoChangeSet};
use leptos::prelude::*;

use crate::components::reading::Reading;
use crate::components::table::{Column, Row, TableShape, row};
use crate::components::toasts::Toasts;
use crate::features::files::undo_words;
use crate::formats::{counted, date_time};
use crate::reads::read;
use crate::writes::write;

const AT_ONCE: u32 = 50;

/// The newest changes.
#[component]
pub fn History() -> impl IntoView {
    let changes = read(|| Some(ListChangeSets { limit: AT_ONCE }));
    view! { <Reading from=changes lines=6 show=|changes| view! { <ChangeList changes /> } /> }
}

const CHANGES: TableShape = TableShape::framed(
    "Changes",
    &[
        Column::text("When"),
        Column::head("What"),
        Column::number("Rows"),
        Column::text("Undo").unseen().class("numeric"),
    ],
)
.empty("Imports, decisions and settings that you change will be listed here.");

/// One line for each change.
#[component]
fn ChangeList(
    /// Newest first.
    changes: Vec<ChangeSetView>,
) -> impl IntoView {
    CHANGES.with(changes.into_iter().map(row).collect())
}

/// One change.
fn row(change: ChangeSetView) -> Row {
    let toasts = expect_context::<Toasts>();
    let undo = write::<UndoChangeSet>(move |report| toasts.done(undo_words(&report)));
    let change_set = change.id;
    let label = format!("Undo {}", change.summary);
    let action = match (change.undone, change.undoable) {
        (true, _) => view! { <span class="muted">"taken back"</span> }.into_any(),
        (false, true) => view! {
            <button
                type="button"
                class="button small"
                aria-label=label
                data-testid="undo"
                disabled=undo.pending()
                on:click=move |_| { undo.run(UndoChangeSet { change_set }); }
            >
                "Undo"
            </button>
        }
        .into_any(),
        (false, false) => ().into_any(),
    };
    row![date_time(change.at), change.summary, counted(change.rows, "row", "rows"), action]
}
