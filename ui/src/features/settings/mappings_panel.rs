//! Saved mappings of files, and forgetting one.

use app_contract::{ImportProfileView, ListImportProfiles, RemoveImportProfile};
use leptos::prelude::*;

use crate::components::reading::Reading;
use crate::components::table::{Column, TableShape, row};
use crate::reads::read;
use crate::words::file_kind;
use crate::writes::write;

const MAPPINGS: TableShape = TableShape::framed(
    "Mappings",
    &[Column::head("Name"), Column::text("Rows"), Column::text("Our column: theirs"), Column::text("Forget").unseen()],
)
.empty("When you say what the columns of a file are, that is kept here and used for the next one like it.");

/// The mappings.
#[component]
pub fn Mappings() -> impl IntoView {
    let profiles = read(|| Some(ListImportProfiles {}));
    let forget = write::<RemoveImportProfile>(|_| {});
    let show = move |profiles: Vec<ImportProfileView>| {
        let rows = profiles.into_iter().map(|profile| {
            let columns = profile.mapping.iter().map(|(own, theirs)| match theirs.strip_prefix('=') {
                Some(fixed) => format!("{own}: always {fixed}"),
                None => format!("{own}: {theirs}"),
            });
            let columns = columns.collect::<Vec<_>>().join(" · ");
            let label = format!("Forget {}", profile.name);
            let (fingerprint, kind) = (profile.fingerprint, Some(profile.kind));
            let button = view! {
                <button
                    type="button"
                    class="button small"
                    aria-label=label
                    data-testid="forget-mapping"
                    on:click=move |_| {
                        forget.run(RemoveImportProfile { fingerprint: fingerprint.clone(), kind });
                    }
                >
                    "Forget"
                </button>
            };
            row![profile.name, file_kind(profile.kind).0, columns, button.into_any()]
        });
        let rows = rows.collect();
        MAPPINGS.with(rows)
    };
    view! { <Reading from=profiles lines=2 show /> }
}
