//! The card that makes a workspace from a catalogue.

use app_contract::{CommandError, CreateWorkspace, FileRef, Tag};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use pricing_domain::{FileId, FileKind};

use crate::backend::{Backend, FilePurpose, backend};
use crate::components::icon::{Glyph, Icon};
use crate::components::toasts::Toasts;
use crate::features::import::desk::ImportDesk;
use crate::freshness::Freshness;

/// The card: a name, a file, and where to keep the workspace.
#[component]
pub fn ImportCard() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let freshness = expect_context::<Freshness>();
    let desk = expect_context::<ImportDesk>();
    let begun = RwSignal::new(false);
    let company = RwSignal::new(String::new());
    let catalogue = RwSignal::new(None::<FileRef>);
    let place = RwSignal::new(None::<FileRef>);
    let creating = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(file) = catalogue.get_untracked() else {
            toasts.error("Choose the catalogue's file first.");
            return;
        };
        let name = company.get_untracked().trim().to_owned();
        let keep = place.get_untracked().map(|file| file.id);
        creating.set(true);
        spawn_local(async move {
            match create(name, keep).await {
                Ok(()) => {
                    desk.begin(FileKind::Products, file, None).await;
                    freshness.stale(&[Tag::Workspace]);
                }
                Err(error) => {
                    toasts.error(error.message);
                    creating.try_set(false);
                }
            }
        });
    };
    let form = move || {
        view! {
            <form on:submit=submit>
                <label class="field">
                    <span>"Company"</span>
                    <input type="text" required maxlength="120" data-testid="company-name" bind:value=company />
                </label>
                <FileChoice label="Catalogue" purpose=FilePurpose::Import chosen=catalogue testid="choose-catalogue" />
                {(backend() == Backend::Desktop)
                    .then(|| {
                        view! {
                            <FileChoice
                                label="Keep the workspace in (optional)"
                                purpose=FilePurpose::CreateWorkspace
                                chosen=place
                                testid="choose-workspace"
                            />
                        }
                    })}
                <button type="submit" class="button primary" data-testid="create-workspace" disabled=creating>
                    "Create and import"
                </button>
            </form>
        }
    };
    view! {
        <section class="card start-card">
            <Icon glyph=Glyph::Import />
            <h2>"Import a catalogue"</h2>
            <p>"A CSV, TSV or XLSX file with one row a product: sku, name, price, currency, and what else you have."</p>
            <Show
                when=move || begun.get()
                fallback=move || {
                    view! {
                        <button
                            type="button"
                            class="button"
                            data-testid="import-catalogue"
                            on:click=move |_| begun.set(true)
                        >
                            "Import a catalogue"
                        </button>
                    }
                }
            >
                {form}
            </Show>
        </section>
    }
}

/// A button that picks a file, with the name of the picked one.
#[component]
fn FileChoice(
    /// For what.
    label: &'static str,
    /// For what, to the host.
    purpose: FilePurpose,
    /// The picked file.
    chosen: RwSignal<Option<FileRef>>,
    /// The button's name in tests.
    testid: &'static str,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let pick = move |_| {
        spawn_local(async move {
            match backend().pick_file(purpose).await {
                Ok(Some(file)) => chosen.set(Some(file)),
                Ok(None) => {}
                Err(error) => toasts.error(error.message),
            }
        });
    };
    let name = move || chosen.get().map_or("Choose a file…".to_owned(), |file| file.name);
    view! {
        <div class="field">
            <span>{label}</span>
            <button type="button" class="button" data-testid=testid on:click=pick>{name}</button>
        </div>
    }
}

async fn create(name: String, file: Option<FileId>) -> Result<(), CommandError> {
    backend().run(CreateWorkspace { file, name }).await.map(|_| ())
}
