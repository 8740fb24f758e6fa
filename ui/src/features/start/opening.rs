//! Opening a workspace: the sample, a file of the person's, or one that was open before.

use app_contract::{OpenSample, OpenWorkspace, Status};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use pricing_domain::FileId;

use crate::backend::{Backend, FilePurpose, backend};
use crate::components::icon::{Glyph, Icon};
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::routes::Screen;
use crate::session::Session;
use crate::writes::write;

/// Shows the first screen of what was opened, whatever the address was before.
pub fn use_first_screen() -> impl Fn(Status) + Clone {
    let navigate = use_navigate();
    move |_| navigate(Screen::Today.path(), NavigateOptions { replace: true, ..NavigateOptions::default() })
}

/// The card that opens the sample.
#[component]
pub fn SampleCard() -> impl IntoView {
    let open = write::<OpenSample>(use_first_screen());
    let busy = open.pending();
    view! {
        <section class="card start-card">
            <Icon glyph=Glyph::Chart />
            <h2>"Open the sample"</h2>
            <p>"An invented shop whose competitors moved overnight. Everything works in it, and nothing in it is real."</p>
            <button
                type="button"
                class="button primary"
                data-testid="open-sample"
                disabled=busy
                on:click=move |_| { open.run(OpenSample {}); }
            >
                {move || if busy.get() { "Opening…" } else { "Open the sample" }}
            </button>
        </section>
    }
}

/// The card that opens a workspace file; only where there is a dialog to pick one.
#[component]
pub fn WorkspaceCard() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let open = write::<OpenWorkspace>(use_first_screen());
    let pick = move |_| {
        spawn_local(async move {
            match backend().pick_file(FilePurpose::OpenWorkspace).await {
                Ok(Some(file)) => {
                    open.run(OpenWorkspace { file: file.id });
                }
                Ok(None) => {}
                Err(error) => toasts.error(error.message),
            }
        });
    };
    (backend() == Backend::Desktop).then(|| {
        view! {
            <section class="card start-card">
                <Icon glyph=Glyph::Folder />
                <h2>"Open a workspace"</h2>
                <p>"A file that this application wrote, on this machine or on a drive that you share."</p>
                <button type="button" class="button" data-testid="open-workspace" on:click=pick>"Choose the file…"</button>
            </section>
        }
    })
}

/// The workspaces that were open before.
#[component]
pub fn RecentWorkspaces() -> impl IntoView {
    let session = expect_context::<Session>();
    let open = write::<OpenWorkspace>(use_first_screen());
    let recent = Memo::new(move |_| session.known.get().map(|status| status.recent).unwrap_or_default());
    let rows = move || {
        let row = |(name, file): (String, FileId)| {
            view! {
                <li>
                    <button
                        type="button"
                        class="button quiet"
                        data-testid="recent-workspace"
                        on:click=move |_| { open.run(OpenWorkspace { file }); }
                    >
                        <Icon glyph=Glyph::Folder />
                        <span>{name}</span>
                    </button>
                </li>
            }
        };
        recent.get().into_iter().map(row).collect_view()
    };
    view! {
        <Show when=move || !recent.with(Vec::is_empty)>
            <section class="recent">
                <h2>"Opened before"</h2>
                <ul>{rows}</ul>
            </section>
        </Show>
    }
}
