//! What waits, by reason, and what was decided: each a click away.

use app_contract::{BatchView, ProposalFilter, SnoozeChoice};
use leptos::prelude::*;
use pricing_domain::{ProposalKind, ProposalStatus};

use crate::components::tabs::tab;
use crate::formats::integer;

/// The groups with their counts.
#[component]
pub fn ReasonTabs(
    /// The newest batch.
    #[prop(into)]
    batch: Signal<Option<BatchView>>,
    /// What is shown.
    filter: Memo<ProposalFilter>,
    /// Shows something else.
    show: Callback<ProposalFilter>,
) -> impl IntoView {
    let tabs = move || {
        let shown = filter.get();
        // The batch counts all lists; on one list its numbers would not be those of the rows.
        let counted = shown.price_list.is_none();
        let tabs = batch.get().map(|batch| groups(&batch, &shown)).unwrap_or_default();
        tabs.into_iter()
            .map(|(title, count, wanted)| {
                let same = Signal::stored(wanted == shown);
                let testid = format!("tab-{}", title.to_lowercase().replace(' ', "-"));
                let count = counted.then(|| integer(count).into_any());
                tab(title, Some(testid), count, same, move || show.run(wanted.clone()))
            })
            .collect_view()
    };
    view! { <div class="tabs" role="group" aria-label="Which proposals">{tabs}</div> }
}

/// Titles, counts and filters. List and search stay as they are.
fn groups(batch: &BatchView, shown: &ProposalFilter) -> Vec<(&'static str, u64, ProposalFilter)> {
    let base = ProposalFilter {
        price_list: shown.price_list,
        search: shown.search.clone(),
        status: Some(ProposalStatus::Pending),
        ..ProposalFilter::default()
    };
    let of_kind = |kind| ProposalFilter { kind: Some(kind), ..base.clone() };
    let in_state = |status| ProposalFilter { status: Some(status), ..base.clone() };
    let mut groups = vec![
        ("All that waits", batch.pending_changes + batch.pending_exceptions, base.clone()),
        ("Exceptions", batch.pending_exceptions, of_kind(ProposalKind::Exception)),
    ];
    for reason in &batch.reasons {
        let filter = ProposalFilter { reason: Some(reason.reason), ..base.clone() };
        groups.push((reason.reason.title(), reason.count, filter));
    }
    if batch.warned > 0 || shown.warned {
        groups.push(("Warned", batch.warned, ProposalFilter { warned: true, ..base.clone() }));
    }
    if batch.first_approved > 0 || shown.second {
        groups.push(("For a second person", batch.first_approved, ProposalFilter { second: true, ..base.clone() }));
    }
    if batch.snoozed > 0 || shown.snoozed == SnoozeChoice::Only {
        let snoozed = ProposalFilter { snoozed: SnoozeChoice::Only, ..base.clone() };
        groups.push(("Snoozed", batch.snoozed, snoozed));
    }
    groups.push(("Ordinary changes", batch.pending_changes, of_kind(ProposalKind::Change)));
    for (title, count, status) in [
        ("Approved", batch.approved, ProposalStatus::Approved),
        ("On their way", batch.publishing, ProposalStatus::Publishing),
        ("Rejected", batch.rejected, ProposalStatus::Rejected),
        ("Handed over", batch.exported, ProposalStatus::Exported),
    ] {
        if count > 0 || shown.status == Some(status) {
            groups.push((title, count, in_state(status)));
        }
    }
    groups
}
