//! Collection: collect now, coverage by competitor, failures by reason, what waits in quarantine, each site, the newest
//! runs.

use app_contract::{CollectionView, CompetitorView, GetCollection, ListCompetitors};
use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::panel::Panel;
use crate::components::reading::Reading;
use crate::features::collection::collect_now::CollectNow;
use crate::features::collection::coverage_table::CoverageTable;
use crate::features::collection::failures::Failures;
use crate::features::collection::runs_table::RunsTable;
use crate::features::collection::sites_table::SitesTable;
use crate::formats::counted;
use crate::reads::read;

/// The collection screen.
#[component]
pub fn CollectionPage() -> impl IntoView {
    let collection = read(|| Some(GetCollection {}));
    let known = Memo::new(move |before: Option<&Option<CollectionView>>| {
        collection.value().or_else(|| before.and_then(Clone::clone))
    });
    let competitors = read(|| Some(ListCompetitors {}));
    let quarantined =
        Memo::new(move |_| competitors.value().map_or(0, |all| all.iter().map(|one| one.quarantined).sum::<u64>()));
    let waiting = move || {
        let words = match quarantined.get() {
            0 => return None,
            number => format!("{} in quarantine", counted(number, "reading", "readings")),
        };
        Some(
            view! { <A href="/competitors/quarantine" attr:class="button" attr:data-testid="to-quarantine">{words}</A> },
        )
    };
    let sites = |competitors: Vec<CompetitorView>| view! { <SitesTable competitors /> };
    let open = RwSignal::new(None);
    view! {
        <div class="page scrolls" data-testid="page-collection">
            <div class="page-head">
                <h1 class="page-title">"Collection"</h1>
                {waiting}
            </div>
            <CollectNow view=known />
            <Reading
                from=collection
                lines=12
                show=move |collection: CollectionView| {
                    view! {
                        <Panel title="Competitors">
                            <CoverageTable competitors=collection.competitors />
                        </Panel>
                        <Panel title="Pages without a price">
                            <Failures groups=collection.failures open />
                        </Panel>
                        <Panel title="Sites">
                            <Reading
                                from=competitors
                                lines=6
                                show=sites
                            />
                        </Panel>
                        <Panel title="Newest collections">
                            <RunsTable runs=collection.runs />
                        </Panel>
                    }
                }
            />
        </div>
    }
}
