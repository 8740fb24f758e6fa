//! Jobs as their events tell them, newest first.

use app_contract::{JobKind, JobState, JobView};
use leptos::prelude::*;
use pricing_domain::JobId;

/// The jobs of this session.
#[derive(Clone, Copy)]
pub struct Jobs {
    known: RwSignal<Vec<JobView>>,
}

impl Jobs {
    /// None known yet.
    pub fn new() -> Self {
        Self { known: RwSignal::new(Vec::new()) }
    }

    /// Takes in how a job stands. An ended job does not start to move again.
    pub fn heard(&self, job: JobView) {
        self.known.update(|jobs| take_in(jobs, job));
    }

    /// Whether this is news of the end of a job that was known to run.
    pub fn is_news_of_an_end(&self, job: &JobView) -> bool {
        let runs = |known: &JobView| known.id == job.id && !known.state.ended();
        job.state.ended() && self.known.with_untracked(|jobs| jobs.iter().any(runs))
    }

    /// All known jobs, newest first.
    pub fn all(&self) -> Vec<JobView> {
        self.known.get()
    }

    /// Jobs at work, newest first.
    pub fn running(&self) -> Vec<JobView> {
        self.known.with(|jobs| jobs.iter().filter(|job| !job.state.ended()).cloned().collect())
    }

    /// The job of this kind that is at work.
    pub fn running_of(&self, kind: JobKind) -> Option<JobView> {
        self.known.with(|jobs| jobs.iter().find(|job| job.kind == kind && !job.state.ended()).cloned())
    }

    /// One job.
    pub fn find(&self, id: JobId) -> Option<JobView> {
        self.known.with(|jobs| jobs.iter().find(|job| job.id == id).cloned())
    }
}

fn take_in(jobs: &mut Vec<JobView>, job: JobView) {
    match jobs.iter_mut().find(|known| known.id == job.id) {
        Some(known) if known.state.ended() && !job.state.ended() => {}
        Some(known) if known.state == JobState::Cancelling && job.state == JobState::Running => {
            *known = JobView { state: JobState::Cancelling, ..job };
        }
        Some(known) => *known = job,
        None => {
            let place = jobs.iter().position(|known| known.started_at <= job.started_at).unwrap_or(jobs.len());
            jobs.insert(place, job);
        }
    }
}

#[cfg(test)]
mod tests {
    use app_contract::{JobKind, JobState, JobView};
    use pricing_domain::Instant;

    use super::take_in;

    fn job(number: u8, state: JobState) -> JobView {
        JobView {
            id: format!("00000000-0000-7000-8000-0000000000{number:02}").parse().expect("an id"),
            kind: JobKind::Import,
            title: String::new(),
            state,
            done: 0,
            total: None,
            unit: String::new(),
            message: String::new(),
            started_at: Instant(i64::from(number)),
            finished_at: None,
            result: None,
            error: None,
        }
    }

    #[test]
    fn a_late_message_does_not_wake_an_ended_job() {
        let mut jobs = vec![];
        take_in(&mut jobs, job(1, JobState::Done));
        take_in(&mut jobs, job(1, JobState::Running));
        take_in(&mut jobs, job(2, JobState::Running));
        let states: Vec<JobState> = jobs.iter().map(|job| job.state).collect();
        assert_eq!(states, [JobState::Running, JobState::Done]);
    }

    #[test]
    fn progress_after_a_request_to_stop_keeps_the_request() {
        let mut jobs = vec![job(1, JobState::Cancelling)];
        take_in(&mut jobs, JobView { done: 5, ..job(1, JobState::Running) });
        assert_eq!((jobs[0].state, jobs[0].done), (JobState::Cancelling, 5));
    }
}
