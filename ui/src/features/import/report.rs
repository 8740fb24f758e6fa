//! What an import read and changed.

use app_contract::{ImportReport, UndoChangeSet};
use leptos::prelude::*;

use super::problem_table::{NoteTable, ProblemTable};
use super::report_panel::ReadAgain;
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::features::files::undo_words;
use crate::formats::{counted, integer};
use crate::writes::write;

/// The report with its undo.
#[component]
pub fn ImportReportView(
    /// What came of the import.
    report: ImportReport,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let undone = RwSignal::new(false);
    let undo = write::<UndoChangeSet>(move |report| {
        undone.set(true);
        toasts.done(undo_words(&report));
    });
    let take_back = report.change_set.map(|change_set| {
        view! {
            <Show when=move || !undone.get() fallback=|| view! { <p class="muted">"Taken back."</p> }>
                <button
                    type="button"
                    class="button"
                    data-testid="undo"
                    on:click=move |_| { undo.run(UndoChangeSet { change_set }); }
                >
                    "Undo this import"
                </button>
            </Show>
        }
    });
    let figures = [
        ("Added", report.added),
        ("Changed", report.changed),
        ("Unchanged", report.unchanged),
        ("Refused", report.refused),
    ];
    let nothing = (report.added + report.changed == 0 && report.refused == 0)
        .then(|| view! { <p>"The workspace holds all of this already. Nothing was changed."</p> });
    let refused = report.refused > 0;
    view! {
        {figures_view(&figures)}
        {nothing}
        <p class="muted">{facts(&report)}</p>
        {take_back}
        {refused.then(|| view! { <ReadAgain /> })}
        <ProblemTable problems=report.problems.clone() count=report.problem_count />
        <NoteTable notes=report.notes.clone() count=report.note_count />
    }
}

/// Counts with their titles; refused rows stand out.
pub fn figures_view(figures: &[(&'static str, u64)]) -> impl IntoView + use<> {
    let figures = figures.iter().map(|(title, count)| {
        let refused = *title == "Refused" && *count > 0;
        view! { <div class="figure" class:negative=refused><dt>{*title}</dt><dd>{integer(*count)}</dd></div> }
    });
    view! { <dl class="figures">{figures.collect_view()}</dl> }
}

/// What was found out about the file.
pub fn facts(report: &ImportReport) -> String {
    let mut facts = vec![counted(report.rows, "row", "rows"), report.encoding.clone()];
    facts.extend(report.delimiter.map(|delimiter| match delimiter {
        '\t' => "cells divided by tabs".to_owned(),
        other => format!("cells divided by “{other}”"),
    }));
    facts.extend(report.decimal_separator.map(|separator| format!("decimals after “{separator}”")));
    facts.extend(report.left_out.iter().map(|(reason, count)| format!("{} {reason}", counted(*count, "row", "rows"))));
    facts.push(format!("{} ms", integer(report.elapsed_ms)));
    if !report.ignored_columns.is_empty() {
        facts.push(format!("columns not used: {}", report.ignored_columns.join(", ")));
    }
    facts.join(" · ")
}
