//! Starts a collection, and shows the one that runs.

use app_contract::{CancelJob, CollectionView, JobKind, JobView, StartCollection};
use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::components::progress::JobProgress;
use crate::components::show::Show;
use crate::formats::{counted, duration};
use crate::session::Jobs;
use crate::writes::write;

/// The buttons, or the progress.
#[component]
pub fn CollectNow(
    /// How collection stands.
    #[prop(into)]
    view: Signal<Option<CollectionView>>,
) -> impl IntoView {
    let jobs = expect_context::<Jobs>();
    let running = Memo::new(move |_| jobs.running_of(JobKind::Collection));
    let start = write::<StartCollection>(move |job| jobs.heard(job));
    let due = move || view.get().map_or(0, |view| view.due);
    let listings = move || view.get().map_or(0, |view| view.listings);
    let estimate = move || {
        view.get().filter(|view| view.due > 0).map(|view| {
            format!(
                "{} due, about {} at the pace set for each site.",
                counted(view.due, "page is", "pages are"),
                duration(view.estimate_seconds)
            )
        })
    };
    let buttons = move || {
        view! {
            <div class="actions">
                <button
                    type="button"
                    class="button primary"
                    data-testid="collect-now"
                    disabled=move || listings() == 0
                    on:click=move |_| { start.run(StartCollection { all: due() == 0 }); }
                >
                    <Icon glyph=Glyph::Play />
                    <span>{move || if due() == 0 { "Collect all again" } else { "Collect now" }}</span>
                </button>
                <Show when=move || { due() > 0 && due() < listings() }>
                    <button
                        type="button"
                        class="button"
                        data-testid="collect-all"
                        on:click=move |_| { start.run(StartCollection { all: true }); }
                    >
                        "Collect all"
                    </button>
                </Show>
                <span class="muted">{estimate}</span>
            </div>
        }
    };
    move || match running.get() {
        Some(job) => view! { <RunningCollection job /> }.into_any(),
        None => buttons().into_any(),
    }
}

/// The collection that runs.
#[component]
fn RunningCollection(
    /// Its job.
    job: JobView,
) -> impl IntoView {
    let cancel = write::<CancelJob>(|_| {});
    let id = job.id;
    let cancelling = job.state == app_contract::JobState::Cancelling;
    let message = job.message.clone();
    view! {
        <div class="running" data-testid="collection-progress" aria-live="polite">
            <JobProgress job=Signal::stored(job) />
            <span class="muted">{message}</span>
            <button
                type="button"
                class="button"
                data-testid="collect-cancel"
                disabled=cancelling
                on:click=move |_| { cancel.run(CancelJob { job: id }); }
            >
                {if cancelling { "Stopping…" } else { "Cancel" }}
            </button>
        </div>
    }
}
