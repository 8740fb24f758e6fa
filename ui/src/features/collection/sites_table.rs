//! What is remembered of each site: its robots.txt, the gap that is kept, today's requests, and whether it is left alone.

use app_contract::CompetitorView;
use leptos::prelude::*;

use crate::components::table::{Cell, Column, TableShape, row};
use crate::formats::{MISSING, date_time, integer};

const SITES: TableShape = TableShape::framed(
    "Sites",
    &[
        Column::head("Site"),
        Column::text("robots.txt"),
        Column::number("Gap now kept"),
        Column::number("Requests today"),
        Column::text("Left alone"),
    ],
)
.testid("sites")
.empty("The sites of your competitors will be here.");

/// One line for each site.
#[component]
pub fn SitesTable(
    /// The competitors with their sites.
    competitors: Vec<CompetitorView>,
) -> impl IntoView {
    let sites = competitors.into_iter().flat_map(|one| {
        let name = one.name;
        one.sites.into_iter().map(move |site| (name.clone(), site)).collect::<Vec<_>>()
    });
    let rows = sites
        .map(|(competitor, site)| {
            let paused = match site.paused_until {
                Some(until) => Cell::from(format!("until {}", date_time(until))).class("caution"),
                None => MISSING.into(),
            };
            row![
                Cell::from(site.origin).code().note(competitor),
                site.robots.unwrap_or_else(|| "not asked yet".to_owned()),
                format!("{} ms", integer(site.gap_ms)),
                integer(site.sent_today),
                paused
            ]
        })
        .collect();
    SITES.with(rows)
}
