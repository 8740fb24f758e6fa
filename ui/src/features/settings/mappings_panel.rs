//! Saved mappings of files, and forgetting one.

use app_contract::{ImportProfileView, ListImportProfiles, RemoveImportProfile};
use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::components::reading::Reading;
use crate::reads::read;
use crate::words::file_kind;
use crate::writes::write;

/// The mappings.
#[component]
pub fn Mappings() -> impl IntoView {
    let profiles = read(|| Some(ListImportProfiles {}));
    let forget = write::<RemoveImportProfile>(|_| {});
    let show = move |profiles: Vec<ImportProfileView>| {
        if profiles.is_empty() {
            let text =
                "When you say what the columns of a file are, that is kept here and used for the next one like it.";
            return view! { <Empty text /> }.into_any();
        }
        let rows = profiles.into_iter().map(|profile| {
            let columns = profile.mapping.iter().map(|(own, theirs)| match theirs.strip_prefix('=') {
                Some(fixed) => format!("{own}: always {fixed}"),
                None => format!("{own}: {theirs}"),
            });
            let columns = columns.collect::<Vec<_>>().join(" · ");
            let label = format!("Forget {}", profile.name);
            let (fingerprint, kind) = (profile.fingerprint, Some(profile.kind));
            view! {
                <tr>
                    <th scope="row">{profile.name}</th>
                    <td>{file_kind(profile.kind).0}</td>
                    <td>{columns}</td>
                    <td>
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
                    </td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        view! {
            <div class="table-frame" tabindex="0" role="region" aria-label="Mappings">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Name"</th>
                            <th scope="col">"Rows"</th>
                            <th scope="col">"Our column: theirs"</th>
                            <th scope="col"><span class="visually-hidden">"Forget"</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! { <Reading from=profiles lines=2 show /> }
}
