//! What an import would do, before anything is written.

use app_contract::{ImportChange, ImportPreview};
use leptos::prelude::*;
use pricing_domain::FileKind;

use super::desk::ImportDesk;
use super::mapping::MapColumns;
use super::problem_table::{NoteTable, ProblemTable};
use super::report::{facts, figures_view};
use super::report_panel::ReadAgain;
use crate::components::fields::CheckInput;
use crate::components::table::{Column, TableShape, row};
use crate::formats::{MISSING, counted, integer};

/// Changes shown one by one.
const SHOWN: usize = 50;

/// The preview with the button that imports.
#[component]
pub fn ImportPreviewView(
    /// What would be done.
    preview: ImportPreview,
) -> impl IntoView {
    let desk = expect_context::<ImportDesk>();
    let end_missing = RwSignal::new(false);
    let report = preview.report.clone();
    let mut figures = vec![
        ("New", report.added),
        ("Changed", report.changed),
        ("Unchanged", report.unchanged),
        ("Refused", report.refused),
    ];
    if report.kind == FileKind::Products {
        figures.push(("Not in the file", preview.missing));
    }
    let rows = report.added + report.changed;
    let verb = match rows {
        0 => "Nothing to import".to_owned(),
        rows => format!("Import {}", counted(rows, "row", "rows")),
    };
    let can_end = preview.missing > 0 && report.refused == 0;
    let ending = can_end.then(|| {
        let examples = preview.missing_skus.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
        view! {
            <CheckInput
                label="Take products that the file does not name out of sale"
                value=false
                set=Callback::new(move |on| end_missing.set(on))
            />
            <p class="muted">{format!("For example {examples}")}</p>
        }
    });
    let nothing = move || rows == 0 && !end_missing.get();
    view! {
        <p class="muted">{facts(&report)}</p>
        {figures_view(&figures)}
        <Changes heading="What would change" changes=preview.changes />
        <Changes heading="What would be new" changes=preview.new_rows />
        {ending}
        <div class="actions">
            <button
                type="button"
                class="button primary"
                data-testid="import-previewed"
                disabled=nothing
                on:click=move |_| desk.import_previewed(end_missing.get_untracked())
            >
                {verb}
            </button>
            <button type="button" class="button" on:click=move |_| desk.close()>"Leave it"</button>
        </div>
        <MapColumns />
        <ReadAgain />
        <ProblemTable problems=report.problems count=report.problem_count />
        <NoteTable notes=report.notes count=report.note_count />
    }
}

const CHANGES: TableShape = TableShape::framed(
    "Rows, field by field",
    &[Column::number("Line"), Column::head("SKU").class("code"), Column::text("Fields")],
)
.tall();

/// What would be done, field by field.
#[component]
fn Changes(
    /// What is done.
    heading: &'static str,
    /// The first of them.
    changes: Vec<ImportChange>,
) -> impl IntoView {
    let rows = changes.into_iter().take(SHOWN).map(|change| {
        let fields = change.fields.into_iter().map(|field| {
            let new = if field.new.is_empty() { MISSING.to_owned() } else { field.new };
            let old = field.old.unwrap_or_else(|| MISSING.to_owned());
            view! { <li><span class="muted">{field.field}</span>{format!(" {old} → {new}")}</li> }
        });
        let about = (!change.about.is_empty()).then(|| view! { <li class="muted">{change.about}</li> });
        let fields = view! { <ul class="fields">{about}{fields.collect_view()}</ul> };
        row![integer(change.line), change.sku, fields.into_any()]
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| {
        view! {
            <h3>{heading}</h3>
            {CHANGES.with(rows)}
        }
    })
}
