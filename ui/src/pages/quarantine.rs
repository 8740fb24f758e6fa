//! Quarantine: readings that may be no price, and those that were decided.

use app_contract::QuarantineFilter;
use leptos::prelude::*;
use pricing_domain::QuarantineDecision;

use crate::components::data_grid::DataGrid;
use crate::components::show::Show;
use crate::components::tabs::tab;
use crate::features::competitors::quarantine::{QuarantineBar, QuarantinePanel, quarantine_rows};
use crate::formats::counted;

/// The screen of the quarantine.
#[component]
pub fn QuarantinePage() -> impl IntoView {
    let decision = RwSignal::new(QuarantineDecision::Waiting);
    let filter = Memo::new(move |_| QuarantineFilter { decision: decision.get(), competitor: None });
    let open = RwSignal::new(None);
    let grid = quarantine_rows(filter, open);
    let count = move || grid.source.counts().map(|counts| counted(counts.matching, "reading", "readings"));
    let tabs = [
        (QuarantineDecision::Waiting, "Waiting"),
        (QuarantineDecision::Accepted, "Accepted"),
        (QuarantineDecision::Rejected, "Rejected"),
    ];
    let tabs = tabs.map(|(one, words)| {
        tab(words, None, None, Signal::derive(move || decision.get() == one), move || {
            open.set(None);
            decision.set(one);
        })
    });
    let nothing = Signal::derive(move || match decision.get() {
        QuarantineDecision::Waiting => {
            "Nothing waits. Readings that may be no price, such as a unit price or a neighbour's, will be here."
                .to_owned()
        }
        _ => "Nothing was decided so yet.".to_owned(),
    });
    let close = Callback::new(move |()| open.set(None));
    let is_open = Memo::new(move |_| open.with(Option::is_some));
    view! {
        <div class="page with-panel" data-testid="page-quarantine">
            <div class="page-main">
                <div class="page-head">
                    <h1 class="page-title">"Quarantine"</h1>
                </div>
                <p class="muted">
                    "What was read is kept and does not count until you say so. Your answer teaches the page: the same \
                    price is not asked about again."
                </p>
                <div class="tabs" role="group" aria-label="Which readings">{tabs.into_iter().collect_view()}</div>
                <div class="tools">
                    <span class="count" role="status">{count}</span>
                    <Show when=move || decision.get() == QuarantineDecision::Waiting><QuarantineBar grid open /></Show>
                </div>
                <DataGrid grid label="Quarantine" testid="quarantine-grid" nothing />
            </div>
            <Show when=move || is_open.get()>
                <QuarantinePanel row=open close />
            </Show>
        </div>
    }
}
