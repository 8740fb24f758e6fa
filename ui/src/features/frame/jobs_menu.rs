//! Running jobs with their progress, and what became of the last ones.

use app_contract::{CancelJob, JobView};
use leptos::prelude::*;
use pricing_domain::JobId;

use crate::components::empty::Empty;
use crate::components::icon::Glyph;
use crate::components::menu::Menu;
use crate::components::progress::JobProgress;
use crate::components::show::Show;
use crate::formats::{age, counted};
use crate::session::Jobs;
use crate::words::job_state;
use crate::writes::write;

/// How many ended jobs are listed.
const ENDED: usize = 8;

/// The list of jobs.
#[component]
pub fn JobsMenu() -> impl IntoView {
    let jobs = expect_context::<Jobs>();
    let open = RwSignal::new(false);
    let label = Signal::derive(move || {
        let running = jobs.running();
        match running.as_slice() {
            [] => "No jobs".to_owned(),
            [job] => short(job),
            more => counted(more.len() as u64, "job", "jobs"),
        }
    });
    let ids = move || {
        let all = jobs.all();
        let running = all.iter().filter(|job| !job.state.ended());
        let ended = all.iter().filter(|job| job.state.ended()).take(ENDED);
        running.chain(ended).map(|job| job.id).collect::<Vec<_>>()
    };
    view! {
        <div class="jobs">
            <Menu label glyph=Glyph::Play testid="jobs" class="quiet" open>
                <Show
                    when=move || !ids().is_empty()
                    fallback=|| view! { <Empty text="Imports, collections and pricing runs are listed here." /> }
                >
                    <ul class="job-list">
                        <For each=ids key=|id| *id let:id>
                            <JobItem id />
                        </For>
                    </ul>
                </Show>
            </Menu>
        </div>
    }
}

/// One job of the list.
#[component]
fn JobItem(
    /// Which job.
    id: JobId,
) -> impl IntoView {
    let jobs = expect_context::<Jobs>();
    let cancel = write::<CancelJob>(|_| {});
    let job = Memo::new(move |_| jobs.find(id));
    move || {
        job.get().map(|job| {
            let running = !job.state.ended();
            let when = job.finished_at.map(age).unwrap_or_default();
            let error = job.error.clone().map(|error| error.message);
            let shown = job.clone();
            view! {
                <li class="job">
                    <p class="job-title">
                        <strong>{job.title.clone()}</strong>
                        <span class="muted">{job_state(job.state)} " " {when}</span>
                    </p>
                    {running.then(|| view! { <JobProgress job=Signal::stored(shown.clone()) /> })}
                    {(running && !job.message.is_empty()).then(|| view! { <p class="muted">{job.message.clone()}</p> })}
                    {error.map(|error| view! { <p class="negative">{error}</p> })}
                    {running
                        .then(|| {
                            view! {
                                <button type="button" class="button" on:click=move |_| { cancel.run(CancelJob { job: id }); }>
                                    "Cancel"
                                </button>
                            }
                        })}
                </li>
            }
        })
    }
}

/// “Collecting 212/480” in the width of the top bar.
fn short(job: &JobView) -> String {
    match job.total {
        Some(total) if total > 0 => format!("{} {} %", crate::words::job_kind(job.kind), job.done * 100 / total),
        _ => format!("{} …", crate::words::job_kind(job.kind)),
    }
}
