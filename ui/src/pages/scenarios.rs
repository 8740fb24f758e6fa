//! Scenarios: what happens if, played out while it is typed; kept, side by side, made proposals of.

use std::collections::BTreeSet;

use app_contract::{GetScenario, KeptScenarioRow, ListScenarios, RunScenario, ScenarioInput, ScenarioView};
use leptos::prelude::*;
use pricing_domain::ScenarioId;

use crate::components::panel::Panel;
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::features::assistant::desk::AssistantDesk;
use crate::features::scenarios::actions::ScenarioActions;
use crate::features::scenarios::compared::Compared;
use crate::features::scenarios::draft::ScenarioDraft;
use crate::features::scenarios::kept_list::KeptList;
use crate::features::scenarios::result::ScenarioResult;
use crate::features::scenarios::scenario_form::ScenarioForm;
use crate::features::scenarios::science_tabs::ScienceTabs;
use crate::reads::read;
use crate::session::Session;
use crate::writes::write;

/// The screen of scenarios, begun anew when the assistant opens one.
#[component]
pub fn ScenariosPage() -> impl IntoView {
    let desk = expect_context::<AssistantDesk>();
    move || view! { <Scenarios begin=desk.scenario.get() /> }
}

/// A scenario and those beside it.
#[component]
fn Scenarios(
    /// What to begin with.
    begin: Option<ScenarioInput>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let draft = ScenarioDraft::new(begin.as_ref());
    let list = Memo::new(move |_| session.price_list().map(|list| list.code));
    let asked = Memo::new(move |_| list.get().and_then(|list| draft.input(list)));
    // What moves the answer is one click further, and played only then.
    let deeper = RwSignal::new(false);
    let answer = read(move || {
        let sensitivity = deeper.get();
        asked.get().map(|scenario| RunScenario { scenario, sensitivity })
    });
    let unread = move || list.get().is_some() && asked.get().is_none();
    let kept = read(|| Some(ListScenarios {}));
    let rows = Memo::new(move |before: Option<&Vec<KeptScenarioRow>>| {
        kept.value().or_else(|| before.cloned()).unwrap_or_default()
    });
    let beside = RwSignal::new(BTreeSet::<ScenarioId>::new());
    let fetch = write::<GetScenario>(move |found| draft.put(Some(found.row.id), &found.scenario));
    let put = Callback::new(move |scenario: ScenarioId| fetch.run(GetScenario { scenario }));
    let form = move || {
        draft.generation.track();
        view! { <ScenarioForm draft /> }
    };
    let open = Signal::derive(move || draft.kept.get());
    let show_kept = move |rows: Vec<KeptScenarioRow>| view! { <KeptList rows open beside put /> };
    view! {
        <div class="page scrolls" data-testid="page-scenarios">
            <div class="page-head">
                <h1 class="page-title">"Scenarios"</h1>
                <ScenarioActions draft scenario=asked />
            </div>
            <ScienceTabs />
            <p class="muted">
                "The catalogue is played forward as it stands, with demand learnt from your sales. No price changes by it."
            </p>
            <Panel title="Kept scenarios">
                <Reading from=kept lines=2 show=show_kept />
            </Panel>
            <Compared rows beside />
            <div class="scenario-columns">
                {form}
                <div class="scenario-result">
                    <Show when=unread>
                        <p class="notice caution" role="status">"A change is not complete: give its amount and its name."</p>
                    </Show>
                    <Reading from=answer lines=12 show=move |view: ScenarioView| view! { <ScenarioResult view deeper /> } />
                </div>
            </div>
        </div>
    }
}
