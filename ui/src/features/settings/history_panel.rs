//! What operations changed, each with its undo.

use app_contract::{ChangeSetView, ListChangeSets, UndoChangeSet};
use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::components::reading::Reading;
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

/// One line for each change.
#[component]
fn ChangeList(
    /// Newest first.
    changes: Vec<ChangeSetView>,
) -> impl IntoView {
    if changes.is_empty() {
        return view! { <Empty text="Imports, decisions and settings that you change will be listed here." /> }
            .into_any();
    }
    let rows = changes.into_iter().map(|change| view! { <ChangeRow change /> }).collect_view();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Changes">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"When"</th>
                        <th scope="col">"What"</th>
                        <th scope="col" class="numeric">"Rows"</th>
                        <th scope="col"><span class="visually-hidden">"Undo"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// One change.
#[component]
fn ChangeRow(
    /// The change.
    change: ChangeSetView,
) -> impl IntoView {
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
    view! {
        <tr>
            <td>{date_time(change.at)}</td>
            <th scope="row">{change.summary}</th>
            <td class="numeric">{counted(change.rows, "row", "rows")}</td>
            <td class="numeric">{action}</td>
        </tr>
    }
}
