//! Approve or reject what is marked, or all that is shown.

use app_contract::{
    DecideProposals, ProposalDecision, ProposalFilter, ProposalRow, ProposalSelection, SnoozeProposals,
};
use leptos::prelude::*;

use super::deciding::use_decision;
use super::snooze_menu::SnoozeMenu;
use crate::components::data_grid::{Grid, Selection};
use crate::components::toasts::Toasts;
use crate::formats::{counted, integer};
use crate::writes::write;

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
    let chosen = move || {
        let ids = grid.marked_rows().into_iter().map(|row| row.id).collect::<Vec<_>>();
        if grid.selection.with_untracked(Selection::is_all) {
            Some(ProposalSelection::Filter(filter.get_untracked()))
        } else if !ids.is_empty() {
            Some(ProposalSelection::Ids(ids))
        } else {
            open.get_untracked().map(|row| ProposalSelection::Ids(vec![row.id]))
        }
    };
    let on_marked = move |decision: ProposalDecision| {
        if let Some(selection) = chosen() {
            run(selection, decision);
        }
    };
    let toasts = expect_context::<Toasts>();
    let put_off = write::<SnoozeProposals>(move |report| {
        toasts.done(format!("{} put off or woken.", counted(report.decided, "proposal", "proposals")));
    });
    let snooze = Callback::new(move |until| {
        if let Some(selection) = chosen() {
            put_off.run(SnoozeProposals { selection, until, reason: reason.get_untracked() });
            grid.selection.update(Selection::clear);
            reason.set(String::new());
        }
    });
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
            <SnoozeMenu enabled=Signal::derive(can_decide) snooze />
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
