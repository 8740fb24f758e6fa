//! Following a job to its end: a progress bar on a terminal, Ctrl+C cancels it.

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::Result;
use app_commands::Host;
use app_contract::{CancelJob, Event, GetJob, JobState, JobView};
use indicatif::{ProgressBar, ProgressStyle};

/// Waits until a job ends; gives its last view. Ctrl+C asks it to stop.
pub async fn follow(host: &Host, job: JobView) -> Result<JobView> {
    let mut events = host.subscribe();
    let bar = bar(&job);
    let mut newest = host.call(GetJob { job: job.id }).await?;
    while !newest.state.ended() {
        tokio::select! {
            received = events.recv() => {
                newest = match received {
                    Ok(envelope) => match envelope.event {
                        Event::Job { job: view } if view.id == job.id => *view,
                        _ => continue,
                    },
                    // Too slow to hear everything: ask.
                    Err(_) => host.call(GetJob { job: job.id }).await?,
                };
            }
            _ = tokio::signal::ctrl_c() => {
                newest = host.call(CancelJob { job: job.id }).await?;
                bar.set_message("Stopping");
            }
            () = tokio::time::sleep(Duration::from_secs(1)) => {
                newest = host.call(GetJob { job: job.id }).await?;
            }
        }
        show(&bar, &newest);
    }
    bar.finish_and_clear();
    Ok(newest)
}

fn bar(job: &JobView) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::no_length();
    bar.set_message(job.title.clone());
    bar
}

fn show(bar: &ProgressBar, job: &JobView) {
    if job.state == JobState::Cancelling {
        bar.set_message("Stopping");
        return;
    }
    bar.set_message(job.message.clone());
    let template = match job.total {
        Some(total) => {
            bar.set_length(total);
            "{msg:<24} {bar:32} {pos}/{len} {elapsed} (left {eta})"
        }
        None => "{spinner} {msg} {elapsed}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_position(job.done);
}
