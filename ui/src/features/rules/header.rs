//! Over the rules: their name, whether they differ from those in force, and the way to put them in force.

use app_contract::ActivateRuleSet;
use leptos::prelude::*;

use super::desk::RuleDesk;
use crate::components::toasts::Toasts;
use crate::formats::counted;
use crate::writes::write;

/// Name, state and actions.
#[component]
pub fn RulesHeader() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let toasts = expect_context::<Toasts>();
    let activate = write::<ActivateRuleSet>(move |rules| {
        toasts.done(format!("“{}” is in force. Press “Price now” to price with it.", rules.name));
        desk.discard();
    });
    let name = Memo::new(move |_| desk.rules().map(|rules| rules.name).unwrap_or_default());
    let state = move || if desk.is_edited() { "Edited, not in force yet" } else { "In force" };
    let problems = move || desk.preview().map_or(0, |preview| preview.problems.len());
    let blocked = move || !desk.is_edited() || problems() > 0 || activate.pending().get();
    let problem_words = move || {
        (problems() > 0).then(|| format!(" · {}", counted(problems() as u64, "contradiction", "contradictions")))
    };
    view! {
        <div class="page-head">
            <div class="rules-head">
                <h1 class="page-title">"Rules"</h1>
                <input
                    type="text"
                    class="rules-name"
                    aria-label="Name of the rule set"
                    maxlength="120"
                    data-testid="rules-name"
                    prop:value=name
                    on:input:target=move |event| desk.edit(|rules| rules.name = event.target().value())
                />
                <span class="muted" role="status" data-testid="rules-state">{state}{problem_words}</span>
            </div>
            <div class="actions">
                <button
                    type="button"
                    class="button"
                    data-testid="discard-rules"
                    disabled=move || !desk.is_edited()
                    on:click=move |_| desk.discard()
                >
                    "Discard changes"
                </button>
                <button
                    type="button"
                    class="button primary"
                    data-testid="activate-rules"
                    disabled=blocked
                    on:click=move |_| {
                        if let Some(rule_set) = untrack(|| desk.rules()) {
                            activate.dispatch_local(ActivateRuleSet { rule_set });
                        }
                    }
                >
                    "Put in force"
                </button>
            </div>
        </div>
    }
}
