//! Collection: collect now, coverage by competitor, failures by reason, the newest runs.

use app_contract::{CollectionView, GetCollection};
use leptos::prelude::*;

use crate::components::panel::Panel;
use crate::components::reading::Reading;
use crate::features::collection::collect_now::CollectNow;
use crate::features::collection::coverage_table::CoverageTable;
use crate::features::collection::failures::Failures;
use crate::features::collection::runs_table::RunsTable;
use crate::reads::read;

/// The collection screen.
#[component]
pub fn CollectionPage() -> impl IntoView {
    let collection = read(|| Some(GetCollection {}));
    let known = Memo::new(move |before: Option<&Option<CollectionView>>| {
        collection.value().or_else(|| before.and_then(Clone::clone))
    });
    let open = RwSignal::new(None);
    view! {
        <div class="page scrolls" data-testid="page-collection">
            <h1 class="page-title">"Collection"</h1>
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
                        <Panel title="Newest collections">
                            <RunsTable runs=collection.runs />
                        </Panel>
                    }
                }
            />
        </div>
    }
}
