//! What is wrong with a text: where, why, and what would be right.

use serde::{Deserialize, Serialize};

/// A stretch of a text in bytes; both ends lie between characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRange {
    /// The first byte.
    pub start: usize,
    /// One behind the last byte.
    pub end: usize,
}

impl TextRange {
    pub(super) const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// From the start of one to the end of the other.
    pub(super) const fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }

    /// The words it stands for.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// A proposed repair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageFix {
    /// In words: “did you mean comp.lowest?”.
    pub words: String,
    /// What to replace.
    pub range: TextRange,
    /// What to put there.
    pub replacement: String,
}

/// Why a text is not a condition or formula.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}{}", .fix.as_ref().map_or_else(String::new, |fix| format!(" — {}", fix.words)))]
pub struct LanguageProblem {
    /// The words it is about.
    pub range: TextRange,
    /// What is wrong.
    pub message: String,
    /// What would be right, where that is known.
    pub fix: Option<LanguageFix>,
}

impl LanguageProblem {
    pub(super) fn new(range: TextRange, message: impl Into<String>) -> Self {
        Self { range, message: message.into(), fix: None }
    }

    /// Proposes to write `replacement` instead of the words it is about.
    pub(super) fn or_write(self, replacement: impl Into<String>) -> Self {
        let range = self.range;
        self.or_write_at(range, replacement)
    }

    /// Proposes to write `replacement` at another place.
    pub(super) fn or_write_at(self, range: TextRange, replacement: impl Into<String>) -> Self {
        let replacement = replacement.into();
        let words = match replacement.trim() {
            "" => "leave it out".into(),
            written => format!("write {written}"),
        };
        Self { fix: Some(LanguageFix { words, range, replacement }), ..self }
    }

    /// Proposes another word.
    pub(super) fn did_you_mean(self, word: impl Into<String>) -> Self {
        let (range, replacement) = (self.range, word.into());
        let words = format!("did you mean {replacement}?");
        Self { fix: Some(LanguageFix { words, range, replacement }), ..self }
    }
}
