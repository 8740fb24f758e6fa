//! What hosts tell without being asked.

use serde::{Deserialize, Serialize};

use crate::{AlertNotice, AssistantNews, JobView, Tag};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A job moved on.
    Job {
        /// How it stands.
        job: Box<JobView>,
    },
    /// Reads with these tags are stale.
    Stale {
        /// Which.
        tags: Vec<Tag>,
    },
    /// Something that a person wants to hear of.
    Alert {
        /// What is shown.
        notice: AlertNotice,
    },
    /// A question to the assistant is being answered.
    Assistant {
        /// As the question named itself.
        ticket: String,
        /// What is new.
        news: AssistantNews,
    },
}

/// An event with its number, so that a gap is noticed and closed by reading everything anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventEnvelope {
    /// Rises by one with each event of this host.
    pub sequence: u64,
    /// What happened.
    pub event: Event,
}
