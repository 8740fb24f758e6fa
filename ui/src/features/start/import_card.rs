//! The card that makes a workspace from a catalogue.

use app_contract::{CreateWorkspace, FileRef, ImportOptions, Tag};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use pricing_domain::FileKind;

use crate::backend::{Backend, FilePurpose, backend};
use crate::components::icon::{Glyph, Icon};
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::features::import::desk::ImportDesk;
use crate::features::start::opening::use_first_screen;
use crate::freshness::Freshness;

/// The card; its form unfolds when it is wanted.
#[component]
pub fn ImportCard() -> impl IntoView {
    let begun = RwSignal::new(false);
    let button = move || {
        view! {
            <button type="button" class="button" data-testid="import-catalogue" on:click=move |_| begun.set(true)>
                "Import a catalogue"
            </button>
        }
    };
    view! {
        <section class="card start-card">
            <Icon glyph=Glyph::Import />
            <h2>"Import a catalogue"</h2>
            <p>"A CSV, TSV or XLSX file with one row a product: sku, name, price, currency, and what else you have."</p>
            <Show when=move || begun.get() fallback=button>
                <ImportForm />
            </Show>
        </section>
    }
}

/// A name, a file, and where to keep the workspace.
#[component]
fn ImportForm() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let freshness = expect_context::<Freshness>();
    let desk = expect_context::<ImportDesk>();
    let open = use_first_screen();
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
        let command = CreateWorkspace { file: place.get_untracked().map(|file| file.id), name };
        let open = open.clone();
        creating.set(true);
        spawn_local(async move {
            match backend().run(command).await {
                Ok(status) => {
                    open(status);
                    desk.begin(ImportOptions::of_kind(FileKind::Products), file).await;
                    freshness.stale(&[Tag::Workspace]);
                }
                Err(error) => {
                    toasts.error(error.message);
                    creating.try_set(false);
                }
            }
        });
    };
    let keep = (backend() == Backend::Desktop).then(|| {
        view! {
            <FileChoice
                label="Keep the workspace in (optional)"
                purpose=FilePurpose::CreateWorkspace
                chosen=place
                testid="choose-workspace"
            />
        }
    });
    view! {
        <form on:submit=submit>
            <label class="field">
                <span>"Company"</span>
                <input type="text" required maxlength="120" data-testid="company-name" bind:value=company />
            </label>
            <FileChoice label="Catalogue" purpose=FilePurpose::Import chosen=catalogue testid="choose-catalogue" />
            {keep}
            <button type="submit" class="button primary" data-testid="create-workspace" disabled=creating>
                "Create and import"
            </button>
        </form>
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
