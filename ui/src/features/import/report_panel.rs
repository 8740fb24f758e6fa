//! The panel of the import that is shown: its progress, then its report.

use app_contract::{CancelJob, JobResult, JobView};
use leptos::prelude::*;

use super::desk::ImportDesk;
use super::report::ImportReportView;
use crate::components::progress::JobProgress;
use crate::components::side_panel::{SidePanel, remembered_width};
use crate::words::file_kind;
use crate::writes::write;

/// The panel, while an import is shown.
#[component]
pub fn ImportReportPanel() -> impl IntoView {
    let desk = expect_context::<ImportDesk>();
    let width = RwSignal::new(remembered_width());
    let shown = Memo::new(move |_| desk.shown());
    let close = Callback::new(move |()| desk.close());
    let heading = move || {
        desk.shown().map(|shown| {
            view! {
                <h2>{format!("Import {}", file_kind(shown.kind).0.to_lowercase())}</h2>
                <p class="muted">{shown.file.name}</p>
            }
        })
    };
    move || {
        shown.get().map(|_| {
            view! {
                <SidePanel label="Import" testid="import-report" width close heading>
                    <ImportState />
                </SidePanel>
            }
        })
    }
}

/// How the import stands.
#[component]
fn ImportState() -> impl IntoView {
    let desk = expect_context::<ImportDesk>();
    let cancel = write::<CancelJob>(|_| {});
    let job = Memo::new(move |_| desk.job());
    let running = move |job: JobView| {
        let id = job.id;
        view! {
            <div class="panel" aria-live="polite">
                <JobProgress job=Signal::stored(job) />
                <button type="button" class="button" on:click=move |_| { cancel.dispatch_local(CancelJob { job: id }); }>
                    "Cancel"
                </button>
            </div>
        }
    };
    move || {
        let job = job.get()?;
        let view = match (job.result.clone(), job.error.clone()) {
            (Some(JobResult::Import(report)), _) => view! { <ImportReportView report /> }.into_any(),
            (_, Some(error)) => view! {
                <p class="notice error" role="alert">{error.message}</p>
                <ReadAgain />
            }
            .into_any(),
            _ if job.state.ended() => view! { <p>"Cancelled. Nothing was changed."</p> }.into_any(),
            _ => running(job).into_any(),
        };
        Some(view)
    }
}

/// Reads the same file with the decimal separator that a person gives.
#[component]
pub fn ReadAgain() -> impl IntoView {
    let desk = expect_context::<ImportDesk>();
    let again = move |separator: char| {
        if let Some(shown) = desk.shown() {
            desk.read_again(shown, separator);
        }
    };
    view! {
        <div class="actions">
            <button type="button" class="button" on:click=move |_| again('.')>"Read again with 1,234.56"</button>
            <button type="button" class="button" on:click=move |_| again(',')>"Read again with 1.234,56"</button>
        </div>
    }
}
