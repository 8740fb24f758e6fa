//! Experiments: price tests, designed, kept and read.

use app_contract::{ExperimentRow, ListExperiments};
use leptos::prelude::*;
use pricing_domain::ExperimentId;

use crate::components::panel::Panel;
use crate::components::reading::Reading;
use crate::features::plans::experiment_form::ExperimentPlanner;
use crate::features::plans::experiment_result::KeptExperiments;
use crate::features::scenarios::science_tabs::ScienceTabs;
use crate::reads::read;

/// The screen.
#[component]
pub fn ExperimentsPage() -> impl IntoView {
    let kept = read(|| Some(ListExperiments {}));
    let open = RwSignal::new(None::<ExperimentId>);
    let show_kept = move |rows: Vec<ExperimentRow>| view! { <KeptExperiments rows open /> };
    view! {
        <div class="page scrolls" data-testid="page-experiments">
            <h1 class="page-title">"Experiments"</h1>
            <ScienceTabs />
            <p class="muted">
                "Some products get a new price, others that sell alike keep theirs; or all have the new and the old price in turns. The difference is the effect."
            </p>
            <Panel title="Price tests">
                <Reading from=kept lines=2 show=show_kept />
            </Panel>
            <ExperimentPlanner />
        </div>
    }
}
