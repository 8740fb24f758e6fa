//! Reports to hand on.

use app_contract::{ExportReport, WriteReport};
use leptos::prelude::*;
use pricing_domain::{MarketFilter, ReportFormat, ReportKind};

use crate::components::fields::CheckInput;
use crate::components::icon::Glyph;
use crate::components::menu::Menu;
use crate::components::toasts::Toasts;
use crate::features::files::hand_over;
use crate::writes::write;

/// The button with the reports.
#[component]
pub fn Reports(
    /// What they are about.
    #[prop(into)]
    filter: Signal<Option<MarketFilter>>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    let report = write::<WriteReport>(move |file| hand_over(ExportReport { file, rows: 1 }, toasts));
    let pinned = RwSignal::new(false);
    let run = move |kind: ReportKind, format: ReportFormat| {
        open.set(false);
        if let Some(filter) = filter.get_untracked() {
            report.run(WriteReport { report: kind, filter, format, pinned_answers: pinned.get_untracked() });
        }
    };
    let kinds = move || {
        ReportKind::ALL.iter().copied().map(|kind| {
            let (title, detail) = report_words(kind);
            view! {
                <div class="menu-report">
                    <span>{title}<small class="muted">{detail}</small></span>
                    <button type="button" class="button small" on:click=move |_| run(kind, ReportFormat::Pdf)>"PDF"</button>
                    <button type="button" class="button small" on:click=move |_| run(kind, ReportFormat::Xlsx)>"XLSX"</button>
                </div>
            }
        }).collect_view()
    };
    let items = move || {
        view! {
            <CheckInput
                label="Weekly report with the assistant's pinned answers"
                value=pinned.get_untracked()
                set=Callback::new(move |with| pinned.set(with))
            />
            {kinds()}
        }
    };
    let label = Signal::derive(move || if report.pending().get() { "Writing…" } else { "Reports" }.to_owned());
    view! { <div class="menu to-the-left"><Menu label glyph=Glyph::Export testid="reports" open>{items()}</Menu></div> }
}

/// A report's title, and what is in it.
pub const fn report_words(kind: ReportKind) -> (&'static str, &'static str) {
    match kind {
        ReportKind::Weekly => ("Weekly pricing report", "What happened in the market and what came of it"),
        ReportKind::Category => ("Category review", "How categories and brands stand"),
        ReportKind::MapViolations => ("Below advertised minimum", "With where each price was seen"),
        ReportKind::PriorPrices => ("Prior prices", "The proof for every running reduction"),
        ReportKind::Audit => ("Audit", "Who did what in the period"),
    }
}
