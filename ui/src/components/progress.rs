//! How far a job is, in a bar and in words.

use app_contract::{CancelJob, JobView};
use leptos::prelude::*;

use crate::formats::{duration, integer};
use crate::writes::write;

/// A bar with its words.
#[component]
pub fn JobProgress(
    /// The job.
    #[prop(into)]
    job: Signal<JobView>,
) -> impl IntoView {
    let bar = move || {
        let job = job.get();
        let label = format!("Progress of {}", job.title);
        match job.total {
            Some(total) => view! {
                <progress aria-label=label max=total.max(1).to_string() value=job.done.min(total).to_string()></progress>
            }
            .into_any(),
            None => view! { <progress aria-label=label></progress> }.into_any(),
        }
    };
    view! {
        <div class="job-progress">
            {bar}
            <span class="numbers">{move || words(&job.get())}</span>
        </div>
    }
}

/// “1,200 of 5,000 rows, about 12 s left”.
fn words(job: &JobView) -> String {
    let Some(total) = job.total else { return format!("{} {}", integer(job.done), job.unit) };
    let done = format!("{} of {} {}", integer(job.done), integer(total), job.unit);
    let elapsed_ms = js_sys::Date::now() as i64 - job.started_at.0 / 1000;
    match seconds_left(job.done, total, elapsed_ms) {
        Some(seconds) => format!("{done}, about {} left", duration(seconds)),
        None => done,
    }
}

/// What is left at the pace so far, once five seconds tell a pace.
fn seconds_left(done: u64, total: u64, elapsed_ms: i64) -> Option<u64> {
    let elapsed_ms = u64::try_from(elapsed_ms).ok().filter(|elapsed| *elapsed >= 5_000)?;
    let left = total.checked_sub(done).filter(|left| *left > 0)?;
    elapsed_ms.checked_mul(left)?.checked_div(done).map(|milliseconds| milliseconds.div_ceil(1000))
}

#[cfg(test)]
mod tests {
    use super::seconds_left;

    #[test]
    fn the_rest_takes_as_long_as_the_pace_so_far_says() {
        assert_eq!(seconds_left(100, 300, 10_000), Some(20));
        assert_eq!(seconds_left(0, 300, 10_000), None);
        assert_eq!(seconds_left(100, 300, 4_000), None);
        assert_eq!(seconds_left(300, 300, 10_000), None);
    }
}

/// A job at work where it was asked for, and stopping it.
#[component]
pub fn AtWork(
    /// How it stands.
    job: JobView,
) -> impl IntoView {
    let cancel = write::<CancelJob>(|_| {});
    let id = job.id;
    let words = job.message.clone();
    view! {
        <div class="running" role="status">
            <span>{words}</span>
            <JobProgress job=Signal::stored(job) />
            <button
                type="button"
                class="button small"
                data-testid="cancel-here"
                on:click=move |_| { cancel.run(CancelJob { job: id }); }
            >
                "Cancel"
            </button>
        </div>
    }
}
