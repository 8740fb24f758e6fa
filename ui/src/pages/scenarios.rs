//! Scenarios: what happens if, played out while it is typed, several side by side.

use app_contract::{RunScenario, ScenarioInput, ScenarioView};
use leptos::prelude::*;

use crate::components::reading::Reading;
use crate::features::assistant::desk::AssistantDesk;
use crate::features::scenarios::compared::{Compared, MOST};
use crate::features::scenarios::result::ScenarioResult;
use crate::features::scenarios::scenario_form::{ScenarioDraft, ScenarioForm};
use crate::reads::read;
use crate::session::Session;

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
    let draft = ScenarioDraft::new(begin);
    let kept = RwSignal::new(Vec::<ScenarioView>::new());
    let list = Memo::new(move |_| session.price_list().map(|list| list.code));
    let asked = Memo::new(move |_| list.get().and_then(|list| draft.input(list)));
    let answer = read(move || asked.get().map(|scenario| RunScenario { scenario }));
    let unread = move || list.get().is_some() && asked.get().is_none();
    let cannot_keep = move || kept.with(|kept| kept.len() >= MOST) || answer.value().is_none();
    let keep = move |_: leptos::ev::MouseEvent| {
        if let Some(view) = answer.value() {
            kept.update(|kept| {
                if kept.len() < MOST && !kept.contains(&view) {
                    kept.push(view);
                }
            });
        }
    };
    view! {
        <div class="page scrolls" data-testid="page-scenarios">
            <div class="page-head">
                <h1 class="page-title">"Scenarios"</h1>
                <div class="actions">
                    <button
                        type="button"
                        class="button"
                        data-testid="keep-scenario"
                        disabled=cannot_keep
                        on:click=keep
                    >
                        "Keep beside"
                    </button>
                </div>
            </div>
            <p class="muted">
                "Nothing is written: the catalogue is played forward as it stands, with demand learnt from your sales."
            </p>
            <Compared kept />
            <div class="scenario-columns">
                <ScenarioForm draft />
                <div class="scenario-result">
                    <Show when=unread>
                        <p class="notice caution" role="status">"A change is not complete: give its amount and its name."</p>
                    </Show>
                    <Reading from=answer lines=12 show=|view: ScenarioView| view! { <ScenarioResult view /> } />
                </div>
            </div>
        </div>
    }
}
