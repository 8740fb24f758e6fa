//! A host on the benchmark's workspace file, by a clock that stands still.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant as Stopwatch};

use anyhow::{Context, Result, bail};
use app_commands::{Host, HostOptions, Keychain};
use app_contract::{Command, CommandError, CreateWorkspace, Event, GetStatus, JobState, JobView, OpenWorkspace};
use pricing_domain::{CivilDate, Instant, PriceListId};
use tokio::sync::broadcast::error::RecvError;

/// The benchmark's today: what is generated is as old as it wants to be on every day.
pub(crate) const TODAY: &str = "2026-06-01";

/// A running host.
pub(crate) struct Session {
    pub(crate) host: Host,
    folder: PathBuf,
}

/// A job that has ended well, with the seconds from its start to the beginning of each stage.
pub(crate) struct EndedJob {
    pub(crate) view: JobView,
    pub(crate) seconds: f64,
    stages: Vec<(String, f64)>,
}

impl EndedJob {
    /// Seconds from one stage's beginning to the next stage's or the end; 0 for a stage that never was.
    pub(crate) fn stage_seconds(&self, name: &str) -> f64 {
        let Some(place) = self.stages.iter().position(|(stage, _)| stage == name) else { return 0.0 };
        let end = self.stages.get(place + 1).map_or(self.seconds, |(_, begun)| *begun);
        end - self.stages[place].1
    }
}

/// The moment that [`TODAY`] stands at.
pub(crate) fn now() -> Instant {
    let date: CivilDate = TODAY.parse().expect("a date");
    Instant(Instant::at_utc_midnight(date).0 + Duration::from_secs(9 * 3600).as_micros() as i64)
}

impl Session {
    /// Starts a host on a folder.
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        let options = HostOptions {
            data_folder: folder.join("data"),
            log_folder: folder.join("logs"),
            actor: "benchmark".to_owned(),
            keychain: Keychain::File,
        };
        let moment = now();
        Ok(Self { host: Host::start_at(options, Arc::new(move || moment))?, folder: folder.to_owned() })
    }

    /// The workspace file in a folder.
    pub(crate) fn file(folder: &Path) -> PathBuf {
        folder.join("bench.omnipricex")
    }

    /// Starts a host and creates the workspace.
    pub(crate) async fn create(folder: &Path) -> Result<Self> {
        let session = Self::start(folder)?;
        let file = session.host.register_output(Self::file(folder)).id;
        session.host.call(CreateWorkspace { file: Some(file), name: "Benchmark".to_owned() }).await?;
        Ok(session)
    }

    /// Starts a host and opens the workspace.
    pub(crate) async fn open(folder: &Path) -> Result<Self> {
        let session = Self::start(folder)?;
        let file = session.host.register_input(Self::file(folder))?.id;
        session.host.call(OpenWorkspace { file }).await?;
        Ok(session)
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Where everything of it is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The price list that is shown first.
    pub(crate) async fn price_list(&self) -> Result<PriceListId> {
        let workspace = self.host.call(GetStatus {}).await?.workspace.context("a workspace is open")?;
        Ok(workspace.price_lists.first().context("a workspace has a price list")?.id)
    }

    /// Its code.
    pub(crate) async fn first_list_code(&self) -> Result<String> {
        let workspace = self.host.call(GetStatus {}).await?.workspace.context("a workspace is open")?;
        Ok(workspace.price_lists.first().context("a workspace has a price list")?.code.clone())
    }

    /// Runs a command and gives its answer with the milliseconds it took.
    pub(crate) async fn timed<C: Command>(&self, command: C) -> Result<(C::Answer, f64), CommandError> {
        let started = Stopwatch::now();
        let answer = self.host.call(command).await?;
        Ok((answer, started.elapsed().as_secs_f64() * 1e3))
    }

    /// Starts a job, and follows it to its end.
    pub(crate) async fn job<C: Command<Answer = JobView>>(&self, command: C) -> Result<EndedJob> {
        let mut events = self.host.subscribe();
        let started = Stopwatch::now();
        let job = self.host.call(command).await?.id;
        let mut stages: Vec<(String, f64)> = Vec::new();
        loop {
            let view = match events.recv().await {
                Ok(envelope) => match envelope.event {
                    Event::Job { job: view } if view.id == job => view,
                    _ => continue,
                },
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => bail!("the host ended before its job"),
            };
            let seconds = started.elapsed().as_secs_f64();
            if view.state.ended() {
                if view.state != JobState::Done {
                    bail!("“{}” ended as {:?}: {:?}", view.title, view.state, view.error);
                }
                return Ok(EndedJob { view: *view, seconds, stages });
            }
            if stages.last().is_none_or(|(stage, _)| *stage != view.message) {
                stages.push((view.message.clone(), seconds));
            }
        }
    }

    /// Closes the workspace as a person does who closes the window.
    pub(crate) async fn close(self) {
        self.host.shutdown().await;
    }
}
