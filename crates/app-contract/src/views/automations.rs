//! What runs by itself, and what came of it.

use pricing_domain::{AutomationId, AutomationOutcome, AutomationPlan, CivilDate, Instant};
use serde::{Deserialize, Serialize};

use super::jobs::FileRef;

/// Everything that runs by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AutomationsView {
    /// By name.
    pub automations: Vec<AutomationView>,
    /// Whether the stop switch blocks them all.
    pub stopped: bool,
    /// The newest turns, newest first.
    pub turns: Vec<AutomationTurnView>,
}

/// Something that runs by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AutomationView {
    /// Its id.
    pub id: AutomationId,
    /// What it does.
    pub plan: AutomationPlan,
    /// When, in words.
    pub words: String,
    /// Whether it rests.
    pub paused: bool,
    /// Its next turn; `None` while it rests.
    pub next_at: Option<Instant>,
    /// Its last turn.
    pub last_at: Option<Instant>,
}

/// One turn of an automation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AutomationTurnView {
    /// Of which automation.
    pub name: String,
    /// When it began.
    pub started_at: Instant,
    /// When it ended; `None`: it is at work, or was broken off.
    pub finished_at: Option<Instant>,
    /// How it ended.
    pub outcome: Option<AutomationOutcome>,
    /// What it did, a sentence each, in order.
    pub words: Vec<String>,
    /// Its figures.
    pub figures: AutomationFigures,
    /// What was handed over, where the file is still there.
    pub file: Option<FileRef>,
}

/// Figures of a turn, or of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutomationFigures {
    /// Pages read.
    pub pages: u64,
    /// Competitor prices that moved.
    pub moved: u64,
    /// Changes proposed in the scope.
    pub proposed: u64,
    /// Of them, approved by the policy.
    pub approved: u64,
    /// Of them, left for a person.
    pub left: u64,
    /// Exceptions in the scope.
    pub exceptions: u64,
    /// Prices handed over.
    pub handed_over: u64,
}

impl AutomationFigures {
    /// Adds those of a turn. What is left for a person is not a sum: the newest turn's stands.
    pub fn add(&mut self, turn: &Self) {
        self.pages += turn.pages;
        self.moved += turn.moved;
        self.proposed = turn.proposed;
        self.approved += turn.approved;
        self.left = turn.left;
        self.exceptions = turn.exceptions;
        self.handed_over += turn.handed_over;
    }
}

/// What ran by itself on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AutomationDigest {
    /// The day.
    pub day: CivilDate,
    /// In this zone.
    pub time_zone: String,
    /// What happened and what needs a person, a sentence each.
    pub words: Vec<String>,
    /// Sums of the day.
    pub figures: AutomationFigures,
    /// The turns, oldest first.
    pub turns: Vec<AutomationTurnView>,
}
