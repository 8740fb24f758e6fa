//! The icon set: outlines on a 16 pixel grid, drawn in the colour of the text around them.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// A day's figures.
    Today,
    /// A table.
    Products,
    /// A branching way.
    Rules,
    /// A price tag.
    Proposals,
    /// Shops.
    Competitors,
    /// Two that belong together.
    Matches,
    /// A reading of pages.
    Collection,
    /// A plug.
    Connections,
    /// Two ways from one point.
    Scenarios,
    /// Words in a bubble.
    Assistant,
    /// Sliders.
    Settings,
    /// A magnifying glass.
    Search,
    /// A cross.
    Close,
    /// A hook.
    Check,
    /// An arrow into a tray.
    Import,
    /// An arrow out of a tray.
    Export,
    /// A full square.
    Stop,
    /// A triangle.
    Play,
    /// A plus.
    Add,
    /// A warning triangle.
    Warning,
    /// Two lines to the left.
    Collapse,
    /// Columns.
    Columns,
    /// A chevron downwards.
    Down,
    /// A folder.
    Folder,
    /// A sparkline.
    Chart,
}

impl Glyph {
    const fn outline(self) -> &'static str {
        match self {
            Self::Today => "M2.5 13.5h11M4 11V7.5M8 11V3.5M12 11V6",
            Self::Products => "M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.6h11M6.5 3v10",
            Self::Rules => "M3 3h4M3 8h3.5M3 13h4M7 3c3 0 2 5 5.5 5M7 13c3 0 2-5 5.5-5M10.8 6.3L12.5 8l-1.7 1.7",
            Self::Proposals => "M2.5 2.5h5.6l5.4 5.4-5.6 5.6-5.4-5.4zM5.4 5.4h.1",
            Self::Competitors => "M2.5 6.5L3.5 3h9l1 3.5M3 7v6.5h10V7M6.5 13.5V10h3v3.5M2.5 6.5h11",
            Self::Matches => {
                "M6.5 9.5l3-3M7.2 4.6l1.6-1.6a3 3 0 0 1 4.2 4.2l-1.6 1.6M8.8 11.4L7.2 13A3 3 0 0 1 3 8.8l1.6-1.6"
            }
            Self::Collection => {
                "M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM2 8h12M8 2c2 2 2.6 4 2.6 6S10 12 8 14M8 2C6 4 5.4 6 5.4 8S6 12 8 14"
            }
            Self::Connections => "M5.5 2.5v3M10.5 2.5v3M3.5 5.5h9v2a4.5 4.5 0 0 1-9 0zM8 12v2",
            Self::Scenarios => {
                "M2.5 8h4M6.5 8c3 0 3-4.5 7-4.5M6.5 8c3 0 3 4.5 7 4.5M11.5 1.8l2 1.7-2 1.7M11.5 10.8l2 1.7-2 1.7"
            }
            Self::Assistant => "M2.5 3h11v8h-6l-3 2.5V11h-2zM5.5 6.2h5M5.5 8.2h3",
            Self::Settings => "M2.5 4.5h5M11 4.5h2.5M9.2 2.8v3.4M2.5 11.5H5M8.5 11.5h5M6.8 9.8v3.4",
            Self::Search => "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.2 3.2",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Check => "M3 8.5l3.4 3.4L13 5",
            Self::Import => "M8 2.5v7M5 6.8l3 3 3-3M2.5 10.5v3h11v-3",
            Self::Export => "M8 9.8v-7M5 5.5l3-3 3 3M2.5 10.5v3h11v-3",
            Self::Stop => "M4 4h8v8H4z",
            Self::Play => "M5 3.5l7 4.5-7 4.5z",
            Self::Add => "M8 3v10M3 8h10",
            Self::Warning => "M8 2.5l6 11H2zM8 6.5v3.2M8 11.6v.1",
            Self::Collapse => "M9.5 4l-4 4 4 4M13 3v10",
            Self::Columns => "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
            Self::Down => "M4 6l4 4 4-4",
            Self::Folder => "M2 4h4l1.4 1.6H14v7.2H2z",
            Self::Chart => "M2.5 13.5h11M3 10h3V6.5h3.4V9h3.3V4",
        }
    }
}

/// An icon beside a word; hidden from screen readers, which have the word.
#[component]
pub fn Icon(
    /// What it shows.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d=glyph.outline() />
        </svg>
    }
}
