//! What can be made of a scenario: kept, proposals, a draft of the rules.

use app_contract::{DraftScenario, KeepScenario, KeptScenarioRow, ProposeScenario, RepeatScenario, ScenarioInput};
use leptos::prelude::*;
use leptos_router::components::A;

use super::draft::ScenarioDraft;
use crate::components::confirm::Confirm;
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::formats::{counted, integer};
use crate::routes::Screen;
use crate::writes::write;

/// The buttons, and what came of them.
#[component]
pub fn ScenarioActions(
    /// What is on the desk.
    draft: ScenarioDraft,
    /// The scenario, once it can be read.
    #[prop(into)]
    scenario: Signal<Option<ScenarioInput>>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let said = RwSignal::new(None::<(String, &'static str, &'static str)>);
    let keep = write::<KeepScenario>(move |row: KeptScenarioRow| {
        draft.kept.set(Some(row.id));
        // What nobody has named goes on being called by its changes.
        if !draft.name.get_untracked().trim().is_empty() {
            draft.name.set(row.name.clone());
        }
        toasts.done(format!("Kept as “{}”", row.name));
    });
    let propose = write::<ProposeScenario>(move |made| {
        let held = match made.held_for.is_empty() {
            true => String::new(),
            false => format!(" The batch waits as a whole: {}.", made.held_for.join("; ")),
        };
        let words = format!(
            "{} and {} wait; guardrails moved {} and refused {}.{held}",
            counted(made.changes, "proposal", "proposals"),
            counted(made.exceptions, "exception", "exceptions"),
            integer(made.moved),
            integer(made.refused)
        );
        said.set(Some((words, Screen::Proposals.path(), "Look at the proposals")));
    });
    let make_draft = write::<DraftScenario>(move |made| {
        let words = format!("Version {}, “{}”, is a draft. {}", made.version, made.name, made.remarks.join(" "));
        said.set(Some((words, Screen::Rules.path(), "Look at the rules")));
    });
    let repeat = write::<RepeatScenario>(move |repeated| match repeated.same {
        true => toasts.done("Computed again on what was kept with it: every figure is the same."),
        false => toasts.error("Computed again on what was kept with it, figures differ from those kept."),
    });
    let unreadable = move || scenario.with(Option::is_none);
    let is_kept = move || draft.kept.with(Option::is_some);
    let asking = RwSignal::new(false);
    let keep_as = move |replaces| {
        if let Some(scenario) = scenario.get_untracked() {
            keep.run(KeepScenario { scenario, replaces });
        }
    };
    view! {
        <div class="actions">
            <Show when=is_kept>
                <button
                    type="button"
                    class="button"
                    data-testid="repeat-scenario"
                    title="On the catalogue as it was kept with the scenario"
                    disabled=move || repeat.pending().get()
                    on:click=move |_| {
                        if let Some(scenario) = draft.kept.get_untracked() {
                            repeat.run(RepeatScenario { scenario });
                        }
                    }
                >
                    "Compute again"
                </button>
                <button
                    type="button"
                    class="button"
                    data-testid="keep-changes"
                    disabled=move || unreadable() || keep.pending().get()
                    on:click=move |_| keep_as(draft.kept.get_untracked())
                >
                    "Keep changes"
                </button>
            </Show>
            <button
                type="button"
                class="button"
                data-testid="keep-scenario"
                disabled=move || unreadable() || keep.pending().get()
                on:click=move |_| keep_as(None)
            >
                {move || if is_kept() { "Keep as a new one" } else { "Keep" }}
            </button>
            <button
                type="button"
                class="button"
                data-testid="draft-scenario"
                disabled=move || unreadable() || make_draft.pending().get()
                on:click=move |_| {
                    if let Some(scenario) = scenario.get_untracked() {
                        make_draft.run(DraftScenario { scenario });
                    }
                }
            >
                "Draft of the rules"
            </button>
            <button
                type="button"
                class="button primary"
                data-testid="propose-scenario"
                disabled=move || unreadable() || propose.pending().get()
                on:click=move |_| asking.set(true)
            >
                "Make proposals"
            </button>
        </div>
        {move || said.get().map(|(words, address, link)| view! {
            <p class="notice" role="status" data-testid="scenario-made">{words}<A href=address>{link}</A></p>
        })}
        <Confirm
            open=asking
            title="Make proposals of this scenario's prices?"
            text="The prices at its end are proposed under the guardrails in force. Proposals that wait now are superseded. Nothing leaves before you approve it."
            verb="Make proposals"
            testid="confirm-propose"
            confirmed=Callback::new(move |_: String| {
                if let Some(scenario) = scenario.get_untracked() {
                    propose.run(ProposeScenario { scenario });
                }
            })
        />
    }
}
