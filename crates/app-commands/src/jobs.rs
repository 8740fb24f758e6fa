//! Long work in the background: its progress, its cancelling, its result.

use std::sync::Mutex;
use std::time::{Duration, Instant as Stopwatch};

use app_contract::{CommandError, ErrorCode, Event, JobKind, JobResult, JobState, JobView};
use pricing_domain::{AutomationOutcome, Instant, JobId};
use pricing_operations::{OperationError, Progress};
use tokio_util::sync::CancellationToken;

use crate::errors::crossing;
use crate::host::Host;

/// Progress is told at most this often.
const REPORT_INTERVAL: Duration = Duration::from_millis(100);
/// Ended jobs kept for `list_jobs`.
const KEPT_ENDED: usize = 50;

struct Job {
    view: JobView,
    cancel: CancellationToken,
    reported: Stopwatch,
}

/// The jobs of this host, newest first.
#[derive(Default)]
pub(crate) struct Jobs(Mutex<Vec<Job>>);

impl Jobs {
    fn update(&self, id: JobId, change: impl FnOnce(&mut JobView)) -> Option<JobView> {
        let mut jobs = self.0.lock().expect("no panic while it is held");
        let job = jobs.iter_mut().find(|job| job.view.id == id)?;
        change(&mut job.view);
        Some(job.view.clone())
    }

    /// Notes progress; gives the view when it is time to tell.
    fn note(&self, id: JobId, done: u64, total: Option<u64>, message: &str) -> Option<JobView> {
        let mut jobs = self.0.lock().expect("no panic while it is held");
        let job = jobs.iter_mut().find(|job| job.view.id == id)?;
        let new_stage = job.view.message != message;
        job.view.done = done;
        job.view.total = total;
        message.clone_into(&mut job.view.message);
        if !new_stage && job.reported.elapsed() < REPORT_INTERVAL {
            return None;
        }
        job.reported = Stopwatch::now();
        Some(job.view.clone())
    }

    pub(crate) fn list(&self) -> Vec<JobView> {
        self.0.lock().expect("no panic while it is held").iter().map(|job| job.view.clone()).collect()
    }

    pub(crate) fn running(&self) -> Vec<JobView> {
        self.list().into_iter().filter(|job| !job.state.ended()).collect()
    }

    pub(crate) fn get(&self, id: JobId) -> Result<JobView, CommandError> {
        self.list()
            .into_iter()
            .find(|job| job.id == id)
            .ok_or_else(|| CommandError::new(ErrorCode::NotFound, "This job is not known any more."))
    }

    pub(crate) fn cancel(&self, id: JobId) -> Result<JobView, CommandError> {
        let mut jobs = self.0.lock().expect("no panic while it is held");
        let job = jobs
            .iter_mut()
            .find(|job| job.view.id == id)
            .ok_or_else(|| CommandError::new(ErrorCode::NotFound, "This job is not known any more."))?;
        if !job.view.state.ended() {
            job.view.state = JobState::Cancelling;
            job.cancel.cancel();
        }
        Ok(job.view.clone())
    }

    pub(crate) fn cancel_all(&self) {
        self.0.lock().expect("no panic while it is held").iter().for_each(|job| job.cancel.cancel());
    }
}

impl Host {
    /// Starts a job of a kind that is not at work yet. The answer is its first view.
    pub(crate) fn start_job<Work>(
        &self,
        kind: JobKind,
        title: String,
        unit: &str,
        work: impl FnOnce(Progress) -> Work + Send + 'static,
    ) -> Result<JobView, CommandError>
    where
        Work: Future<Output = Result<JobResult, OperationError>> + Send,
    {
        if let Some(other) = self.jobs().running().iter().find(|job| job.kind == kind) {
            return Err(CommandError::new(
                ErrorCode::Conflict,
                format!("“{}” is still at work. Wait for it, or cancel it.", other.title),
            ));
        }
        self.start_beside(kind, title, unit, work)
    }

    /// Starts a job beside others of its kind. The answer is its first view.
    pub(crate) fn start_beside<Work>(
        &self,
        kind: JobKind,
        title: String,
        unit: &str,
        work: impl FnOnce(Progress) -> Work + Send + 'static,
    ) -> Result<JobView, CommandError>
    where
        Work: Future<Output = Result<JobResult, OperationError>> + Send,
    {
        let view = JobView {
            id: JobId(uuid::Uuid::now_v7()),
            kind,
            title,
            state: JobState::Running,
            done: 0,
            total: None,
            unit: unit.to_owned(),
            message: String::new(),
            started_at: self.now(),
            finished_at: None,
            result: None,
            error: None,
        };
        let cancel = CancellationToken::new();
        {
            let mut jobs = self.jobs().0.lock().expect("no panic while it is held");
            jobs.insert(0, Job { view: view.clone(), cancel: cancel.clone(), reported: Stopwatch::now() });
            jobs.truncate(KEPT_ENDED);
        }
        self.tell(&view);
        let host = self.clone();
        let id = view.id;
        let reporting = self.clone();
        let progress = Progress::new(cancel, move |done, total, message| {
            if let Some(view) = reporting.jobs().note(id, done, total, message) {
                reporting.tell(&view);
            }
        });
        tokio::spawn(async move {
            let ended = work(progress).await;
            if stale_after_job(kind).contains(&app_contract::Tag::Offers) {
                host.look_for_alerts().await;
                host.alerts_due().store(true, std::sync::atomic::Ordering::Release);
            }
            host.end_job(id, kind, ended);
            if host.schedules_followed().load(std::sync::atomic::Ordering::Acquire) {
                host.send_due_alerts().await;
            }
        });
        Ok(view)
    }

    fn end_job(&self, id: JobId, kind: JobKind, ended: Result<JobResult, OperationError>) {
        let at: Instant = self.now();
        let view = self.jobs().update(id, |view| {
            view.finished_at = Some(at);
            match ended {
                Ok(result) => {
                    let stopped = match &result {
                        JobResult::Collection(report) => report.cancelled,
                        JobResult::Matching(report) => report.cancelled,
                        JobResult::Delivery(report) => view.state == JobState::Cancelling && report.waiting > 0,
                        JobResult::Automation(turn) => turn.outcome == Some(AutomationOutcome::Cancelled),
                        _ => false,
                    };
                    view.state = if stopped { JobState::Cancelled } else { JobState::Done };
                    view.result = Some(result);
                }
                Err(error) => {
                    let error = crossing(error);
                    let cancelled = error.code == ErrorCode::Cancelled;
                    view.state = if cancelled { JobState::Cancelled } else { JobState::Failed };
                    view.error = Some(error);
                }
            }
        });
        let Some(view) = view else { return };
        tracing::info!(job = %view.title, state = ?view.state, "job ended");
        self.stale(stale_after_job(kind));
        self.tell(&view);
    }

    fn tell(&self, view: &JobView) {
        self.events().send(Event::Job { job: Box::new(view.clone()) });
    }
}

const fn stale_after_job(kind: JobKind) -> &'static [app_contract::Tag] {
    use app_contract::Tag;
    match kind {
        JobKind::Import => &[
            Tag::Products,
            Tag::Offers,
            Tag::Proposals,
            Tag::Workspace,
            Tag::Settings,
            Tag::Connections,
            Tag::Changes,
            Tag::Jobs,
        ],
        JobKind::Preview | JobKind::BackTest | JobKind::ForecastBackTest | JobKind::Movers => &[Tag::Jobs],
        JobKind::Collection => &[Tag::Offers, Tag::Changes, Tag::Jobs],
        JobKind::Pricing => &[Tag::Proposals, Tag::Changes, Tag::Jobs],
        JobKind::Matching => &[Tag::Matches, Tag::Changes, Tag::Jobs],
        JobKind::Publishing => &[Tag::Proposals, Tag::Products, Tag::Connections, Tag::Changes, Tag::Jobs],
        JobKind::Automation => &[Tag::Automations, Tag::Offers, Tag::Proposals, Tag::Products, Tag::Changes, Tag::Jobs],
    }
}
