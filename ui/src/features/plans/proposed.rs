//! What became of a plan that was turned into proposals.

use app_contract::ScenarioProposals;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::formats::{counted, integer};
use crate::routes::Screen;

/// In words, with the way to the proposals.
#[component]
pub fn Proposed(
    /// What was made.
    made: RwSignal<Option<ScenarioProposals>>,
) -> impl IntoView {
    move || {
        made.get().map(|made| {
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
            view! {
                <p class="notice" role="status" data-testid="plan-made">
                    {words}
                    <A href=Screen::Proposals.path()>"Look at the proposals"</A>
                </p>
            }
        })
    }
}
