//! What waits and what is decided, each a click away.

use app_contract::{MatchCountsView, MatchFilter};
use leptos::prelude::*;
use pricing_domain::{MatchState, MatchVerdict};

use crate::components::tabs::tab;
use crate::formats::integer;

/// The groups with their counts.
#[component]
pub fn StateTabs(
    /// What waits and what is decided.
    #[prop(into)]
    counts: Signal<Option<MatchCountsView>>,
    /// What is shown.
    filter: Memo<MatchFilter>,
    /// Shows something else.
    show: Callback<MatchFilter>,
) -> impl IntoView {
    let tabs = move || {
        let shown = filter.get();
        let tabs = counts.get().map(|counts| groups(counts, &shown)).unwrap_or_default();
        tabs.into_iter()
            .map(|(title, testid, count, wanted)| {
                let same = Signal::stored(wanted == shown);
                let count = integer(count).into_any();
                tab(title, Some(testid.to_owned()), Some(count), same, move || show.run(wanted.clone()))
            })
            .collect_view()
    };
    view! { <div class="tabs" role="group" aria-label="Which matches">{tabs}</div> }
}

fn groups(counts: MatchCountsView, shown: &MatchFilter) -> [(&'static str, &'static str, u64, MatchFilter); 6] {
    let base = MatchFilter { search: shown.search.clone(), ..MatchFilter::default() };
    let open = |verdict| MatchFilter { state: Some(MatchState::Open), verdict, ..base.clone() };
    let decided = |state| MatchFilter { state: Some(state), ..base.clone() };
    let all = counts.certain + counts.review + counts.contradicted;
    [
        ("All that waits", "tab-open", all, open(None)),
        ("Certain", "tab-certain", counts.certain, open(Some(MatchVerdict::Certain))),
        ("To review", "tab-review", counts.review, open(Some(MatchVerdict::Review))),
        ("Contradicted", "tab-contradicted", counts.contradicted, open(Some(MatchVerdict::Contradicted))),
        ("Accepted", "tab-accepted", counts.accepted, decided(MatchState::Accepted)),
        ("Rejected", "tab-rejected", counts.rejected, decided(MatchState::Rejected)),
    ]
}
