//! Approve or reject what is marked, or all that is shown.

use app_contract::{DecideProposals, ProposalDecision, ProposalFilter, ProposalRow, ProposalSelection};
use leptos::prelude::*;

use super::deciding::use_decision;
use crate::components::data_grid::{Grid, Selection};
use crate::formats::{counted, integer};

/// The buttons for one or many.
#[component]
pub fn DecisionBar(
    /// The grid with its marks.
    grid: Grid<ProposalRow>,
    /// What is shown.
    filter: Memo<ProposalFilter>,
    /// The proposal that is open.
    #[prop(into)]
    open: Signal<Option<ProposalRow>>,
) -> impl IntoView {
    let decide = use_decision();
    let reason = RwSignal::new(String::new());
    let marked = move || grid.selection.with(|selection| selection.len(grid.source.matching()));
    let can_decide = move || marked() > 0 || open.get().is_some();
    let run = move |selection: ProposalSelection, decision: ProposalDecision| {
        decide.dispatch_local(DecideProposals { selection, decision, reason: reason.get_untracked() });
        grid.selection.update(Selection::clear);
        reason.set(String::new());
    };
    let on_marked = move |decision: ProposalDecision| {
        let ids = grid.marked_rows().into_iter().map(|row| row.id).collect::<Vec<_>>();
        if grid.selection.with_untracked(Selection::is_all) {
            run(ProposalSelection::Filter(filter.get_untracked()), decision);
        } else if !ids.is_empty() {
            run(ProposalSelection::Ids(ids), decision);
        } else if let Some(row) = open.get_untracked() {
            run(ProposalSelection::Ids(vec![row.id]), decision);
        }
    };
    let on_all = move |_| run(ProposalSelection::Filter(filter.get_untracked()), ProposalDecision::Approve);
    let words = move || match (marked(), open.get()) {
        (0, Some(row)) => row.sku,
        (0, None) => "Nothing marked".to_owned(),
        (count, _) => format!("{} marked", integer(count)),
    };
    let all_words = move || format!("Approve all {}", counted(grid.source.matching(), "shown", "shown"));
    let busy = decide.pending();
    view! {
        <div class="decision-bar" role="group" aria-label="Decide">
            <span class="count" role="status">{words}</span>
            <button
                type="button"
                class="button primary"
                data-testid="approve"
                disabled=move || !can_decide() || busy.get()
                on:click=move |_| on_marked(ProposalDecision::Approve)
            >
                "Approve"
            </button>
            <button
                type="button"
                class="button"
                data-testid="reject"
                disabled=move || !can_decide() || busy.get()
                on:click=move |_| on_marked(ProposalDecision::Reject)
            >
                "Reject"
            </button>
            <input
                type="text"
                class="reason"
                maxlength="200"
                aria-label="Reason, for the audit"
                placeholder="Reason (optional)"
                data-testid="decision-reason"
                bind:value=reason
            />
            <button
                type="button"
                class="button"
                data-testid="approve-all"
                disabled=move || grid.source.matching() == 0 || busy.get()
                on:click=on_all
            >
                {all_words}
            </button>
        </div>
    }
}
