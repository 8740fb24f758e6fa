//! The host's state: the open workspace, jobs, files and events. Cheap to clone.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, Weak};

use app_contract::{Command, CommandError, ErrorCode, Event, EventEnvelope, FileRef, Tag};
use pricing_domain::{FileId, Instant};
use pricing_operations::{Clock, Workspace};
use secret_store::SecretStore;
use tokio::sync::{RwLock, broadcast};

use crate::assistant::Questions;
use crate::events::Events;
use crate::files::Files;
use crate::jobs::Jobs;
use crate::sample::SampleShops;

/// Where the name is kept by which the person here acts.
const PERSON: &str = "person.txt";

const LONGEST_NAME: usize = 80;

/// What a host needs to know.
pub struct HostOptions {
    /// Where workspaces are kept when nobody says otherwise.
    pub data_folder: PathBuf,
    /// Where logs are.
    pub log_folder: PathBuf,
    /// Who acts, for the audit.
    pub actor: String,
    /// Where keys and passwords are kept.
    pub keychain: Keychain,
}

/// Where keys and passwords are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keychain {
    /// By the operating system where it can; otherwise as [`Keychain::File`].
    System,
    /// In a sealed file in the data folder: for tests, which must not touch a person's keychain.
    File,
}

struct State {
    options: HostOptions,
    clock: Clock,
    workspace: RwLock<Option<Workspace>>,
    files: Files,
    jobs: Jobs,
    events: Events,
    shops: SampleShops,
    questions: Questions,
    schedules_followed: AtomicBool,
    person: Mutex<String>,
    secrets: SecretStore,
}

/// Runs commands. Cheap to clone.
#[derive(Clone)]
pub struct Host(Arc<State>);

/// A host that may have ended.
pub(crate) struct WeakHost(Weak<State>);

impl WeakHost {
    pub(crate) fn upgrade(&self) -> Option<Host> {
        self.0.upgrade().map(Host)
    }
}

impl Host {
    /// Starts a host by the machine's clock. Needs a Tokio runtime.
    pub fn start(options: HostOptions) -> Result<Self, CommandError> {
        Self::start_at(options, Arc::new(wall_clock))
    }

    /// Starts a host by another clock: tests, and the making of the sample.
    pub fn start_at(options: HostOptions, clock: Clock) -> Result<Self, CommandError> {
        for folder in [&options.data_folder, &options.log_folder] {
            std::fs::create_dir_all(folder).map_err(|error| {
                CommandError::fault(format!("The folder {} cannot be made: {error}", folder.display()))
            })?;
        }
        let person = person_in(&options.data_folder).unwrap_or_else(|| options.actor.clone());
        let secrets = match options.keychain {
            Keychain::System => SecretStore::open(&options.data_folder),
            Keychain::File => SecretStore::in_file(&options.data_folder),
        };
        Ok(Self(Arc::new(State {
            secrets,
            options,
            clock,
            workspace: RwLock::new(None),
            files: Files::default(),
            jobs: Jobs::default(),
            events: Events::new(),
            shops: SampleShops::default(),
            questions: Questions::default(),
            schedules_followed: AtomicBool::new(false),
            person: Mutex::new(person),
        })))
    }

    /// Runs a command by name. Unknown names and payloads of another shape are refused.
    pub async fn run(&self, name: &str, payload: serde_json::Value) -> Result<serde_json::Value, CommandError> {
        let answer = app_contract::dispatch(self, name, payload).await;
        match &answer {
            Ok(_) => self.stale(app_contract::stale_after(name)),
            Err(error) => tracing::info!(command = name, code = ?error.code, "command refused"),
        }
        answer
    }

    /// Runs a command with its typed answer.
    pub async fn call<C: Command>(&self, command: C) -> Result<C::Answer, CommandError> {
        let payload = serde_json::to_value(command).map_err(|error| CommandError::fault(error.to_string()))?;
        let answer = self.run(C::NAME, payload).await?;
        serde_json::from_value(answer).map_err(|error| CommandError::fault(error.to_string()))
    }

    /// Events from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<EventEnvelope> {
        self.0.events.subscribe()
    }

    /// The events after `sequence`; `None` when some are not kept any more, and everything is to be read anew.
    pub fn events_since(&self, sequence: u64) -> Option<Vec<EventEnvelope>> {
        self.0.events.since(sequence)
    }

    /// An id for a file that a person picked.
    pub fn register_input(&self, path: PathBuf) -> Result<FileRef, CommandError> {
        self.0.files.register_existing(path)
    }

    /// An id for a file that is to be made.
    pub fn register_output(&self, path: PathBuf) -> FileRef {
        self.0.files.register(path)
    }

    /// The path behind an id.
    pub fn file_path(&self, id: FileId) -> Option<PathBuf> {
        self.0.files.find(id)
    }

    /// A private folder for uploads and exports.
    pub fn upload_folder(&self) -> PathBuf {
        let folder = self.0.options.data_folder.join("transfer");
        // A folder that cannot be made shows when the first file is written there.
        let _ = std::fs::create_dir_all(&folder);
        folder
    }

    /// For hosts that stay open: begins to read the catalogue that the first screen shows, and to collect by schedule.
    pub async fn read_ahead(&self) {
        self.follow_schedules();
        self.open_shops_soon();
        if let Some(workspace) = self.open_workspace_if_any().await {
            workspace.read_ahead();
        }
    }

    /// Cancels jobs and closes the workspace.
    pub async fn shutdown(&self) {
        self.0.jobs.cancel_all();
        if let Some(workspace) = self.0.workspace.write().await.take() {
            workspace.close().await;
        }
        self.0.shops.stop().await;
    }

    /// By which name the person here acts: the one saved, or the machine's user.
    pub fn person(&self) -> String {
        self.0.person.lock().expect("no panic while it is held").clone()
    }

    /// Acts by another name for as long as this host lives.
    pub async fn act_for_now_as(&self, name: &str) -> Result<(), CommandError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(CommandError::new(
                ErrorCode::Refused,
                format!("Give a name of 1 to {LONGEST_NAME} letters; the audit keeps it."),
            ));
        }
        name.clone_into(&mut self.0.person.lock().expect("no panic while it is held"));
        if let Some(workspace) = self.open_workspace_if_any().await {
            workspace.act_as(name);
        }
        Ok(())
    }

    /// Acts by another name, also after the next start.
    pub(crate) async fn act_as(&self, name: &str) -> Result<(), CommandError> {
        self.act_for_now_as(name).await?;
        let path = self.options().data_folder.join(PERSON);
        std::fs::write(&path, name.trim())
            .map_err(|error| CommandError::fault(format!("{} cannot be written: {error}", path.display())))
    }

    pub(crate) fn schedules_followed(&self) -> &AtomicBool {
        &self.0.schedules_followed
    }

    pub(crate) fn downgrade(&self) -> WeakHost {
        WeakHost(Arc::downgrade(&self.0))
    }

    pub(crate) fn options(&self) -> &HostOptions {
        &self.0.options
    }

    pub(crate) fn clock(&self) -> Clock {
        self.0.clock.clone()
    }

    pub(crate) fn now(&self) -> Instant {
        (self.0.clock)()
    }

    pub(crate) fn files(&self) -> &Files {
        &self.0.files
    }

    pub(crate) fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    pub(crate) fn events(&self) -> &Events {
        &self.0.events
    }

    pub(crate) fn shops(&self) -> &SampleShops {
        &self.0.shops
    }

    pub(crate) fn questions(&self) -> &Questions {
        &self.0.questions
    }

    /// Where keys are kept. The keychain may ask the person, so this waits on a thread of its own.
    pub(crate) async fn secret_place(&self) -> secret_store::SecretPlace {
        let secrets = self.0.secrets.clone();
        let place = tokio::task::spawn_blocking(move || secrets.place()).await;
        place.unwrap_or(secret_store::SecretPlace::EncryptedFile)
    }

    pub(crate) fn stale(&self, tags: &[Tag]) {
        if !tags.is_empty() {
            self.0.events.send(Event::Stale { tags: tags.to_vec() });
        }
    }

    /// The open workspace.
    pub(crate) async fn workspace(&self) -> Result<Workspace, CommandError> {
        self.open_workspace_if_any().await.ok_or_else(|| {
            CommandError::new(ErrorCode::NoWorkspace, "No workspace is open. Open one, or open the sample.")
        })
    }

    pub(crate) async fn open_workspace_if_any(&self) -> Option<Workspace> {
        self.0.workspace.read().await.clone()
    }

    /// Puts another workspace in the place of the open one, which is closed.
    pub(crate) async fn replace_workspace(&self, next: Option<Workspace>) {
        self.0.jobs.cancel_all();
        let next = next.map(|workspace| workspace.with_secrets(self.0.secrets.clone()));
        let before = std::mem::replace(&mut *self.0.workspace.write().await, next);
        if let Some(before) = before {
            before.close().await;
        }
    }
}

fn person_in(folder: &std::path::Path) -> Option<String> {
    let name = std::fs::read_to_string(folder.join(PERSON)).ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

fn wall_clock() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
