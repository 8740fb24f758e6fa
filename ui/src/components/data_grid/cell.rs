//! What a cell shows.

use leptos::prelude::*;

use super::column::Column;

/// The colour role of a cell. Words or signs say the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As the rest.
    #[default]
    Plain,
    /// Of less weight.
    Muted,
    /// Good for us.
    Positive,
    /// Bad for us.
    Negative,
    /// To be looked at.
    Caution,
    /// A code.
    Code,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Muted => "muted",
            Self::Positive => "positive",
            Self::Negative => "negative",
            Self::Caution => "caution",
            Self::Code => "code",
        }
    }
}

/// What a cell shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its text, as it is copied.
    pub text: String,
    /// Its colour role.
    pub tone: Tone,
    /// What hovering tells.
    pub hint: String,
    /// Short marks after the text.
    pub marks: Vec<&'static str>,
}

impl Cell {
    /// A plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A text with its colour role.
    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone, ..Self::default() }
    }

    /// A missing value with its reason.
    pub fn missing(reason: &str) -> Self {
        Self { text: crate::formats::MISSING.into(), tone: Tone::Muted, hint: reason.into(), marks: Vec::new() }
    }
}

/// Draws a row's cell of a column.
pub fn cell_view<R>(column: &Column<R>, row: &R) -> impl IntoView + use<R> {
    let cell = (column.cell)(row);
    let numeric = if column.numeric { "numeric" } else { "" };
    let class = format!("grid-cell {numeric} {} brief-{}", cell.tone.class(), column.brief);
    let hint = if cell.hint.is_empty() { cell.text.clone() } else { cell.hint };
    let marks = cell.marks.into_iter().map(|mark| view! { <span class="mark">{mark}</span> }).collect_view();
    view! {
        <div class=class role="gridcell" title=hint>
            <span class="grid-text">{cell.text}</span>
            {marks}
        </div>
    }
}
