//! The one door to the host: commands, files and events, through the desktop window or through a browser.

mod browser;
mod desktop;
mod events;
mod json;

use app_contract::{Command, CommandError, ErrorCode, EventEnvelope, FileRef};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// For what a file is picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilePurpose {
    /// To read rows from.
    Import,
    /// To open as a workspace.
    OpenWorkspace,
    /// To keep a new workspace in.
    CreateWorkspace,
}

impl FilePurpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::OpenWorkspace => "open_workspace",
            Self::CreateWorkspace => "create_workspace",
        }
    }
}

/// How a saved file reached the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SavedFile {
    /// Written where the person chose.
    At(String),
    /// The browser downloads it.
    Downloading,
    /// The person closed the dialog.
    NotSaved,
}

/// The host behind this window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The desktop application.
    Desktop,
    /// A gateway of the same origin.
    Browser,
}

/// The host behind this window.
pub fn backend() -> Backend {
    if desktop::present() { Backend::Desktop } else { Backend::Browser }
}

impl Backend {
    /// Runs a command.
    pub async fn run<C: Command>(self, command: C) -> Result<C::Answer, CommandError> {
        let answer = self.run_text(C::NAME, encode(&command)?).await?;
        decode(C::NAME, &answer)
    }

    /// Runs a command whose request and answer are JSON.
    pub async fn run_text(self, name: &str, payload: String) -> Result<String, CommandError> {
        match self {
            Self::Desktop => desktop::run(name, &payload).await,
            Self::Browser => browser::run(name, payload).await,
        }
    }

    /// Lets a person pick a file. `None`: the dialog was closed.
    pub async fn pick_file(self, purpose: FilePurpose) -> Result<Option<FileRef>, CommandError> {
        match self {
            Self::Desktop => desktop::pick_file(purpose.as_str()).await,
            Self::Browser => browser::pick_file().await,
        }
    }

    /// Hands a file of the host to a person.
    pub async fn save_file(self, file: &FileRef) -> Result<SavedFile, CommandError> {
        match self {
            Self::Desktop => desktop::save_file(file).await,
            Self::Browser => browser::download(file),
        }
    }

    /// Listens to events until the window closes. A gap in their numbers is told by `lost`.
    pub fn listen(self, heard: impl Fn(EventEnvelope) + 'static, lost: impl Fn() + 'static) {
        let ordered = events::in_order(heard, lost);
        match self {
            Self::Desktop => desktop::listen(ordered),
            Self::Browser => browser::listen(ordered),
        }
    }
}

/// A command as JSON.
pub fn encode<C: Command>(command: &C) -> Result<String, CommandError> {
    serde_json::to_string(command).map_err(|error| CommandError::fault(error.to_string()))
}

/// What an answer says.
pub fn decode<T: DeserializeOwned>(name: &str, answer: &str) -> Result<T, CommandError> {
    json::from_text(answer)
        .map_err(|error| CommandError::fault(format!("{name}: the answer is not understood: {error}")))
}

/// A fault told by the page's own environment, in words.
fn fault(what: &str, value: &JsValue) -> CommandError {
    let detail = js_sys::Reflect::get(value, &"message".into()).ok().and_then(|message| message.as_string());
    let detail = detail.or_else(|| value.as_string()).unwrap_or_else(|| format!("{value:?}"));
    CommandError::new(ErrorCode::Fault, format!("{what}: {detail}"))
}
