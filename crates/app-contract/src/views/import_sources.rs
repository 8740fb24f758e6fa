//! Files that are imported from an address, by hand or by themselves.

use pricing_domain::{ImportSourceId, Instant};
use serde::{Deserialize, Serialize};

use super::ImportOptions;

/// A file at an address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportSource {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// What is stated about it.
    pub options: ImportOptions,
    /// A cron pattern: minute, hour, day, month, weekday. Empty: only when somebody asks for it.
    pub pattern: String,
    /// “Europe/Berlin”.
    pub time_zone: String,
    /// Rests.
    #[serde(default)]
    pub paused: bool,
}

/// A source with how it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportSourceView {
    /// Its id.
    pub id: ImportSourceId,
    /// As a person made it.
    pub source: ImportSource,
    /// When, in words; empty: only when somebody asks for it.
    pub words: String,
    /// Its next time; `None`: it has none, or rests.
    pub next_at: Option<Instant>,
    /// When it was fetched last.
    pub last_at: Option<Instant>,
    /// What became of it then.
    pub last_words: String,
    /// Whether that was no success.
    pub last_failed: bool,
}
