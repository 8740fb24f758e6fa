//! Over the rules: their name, whether they differ from those in force, and the way to put them in force.

use app_contract::{ActivateRuleSet, SaveRuleDraft, ScheduleRuleSet};
use leptos::prelude::*;

use super::desk::RuleDesk;
use crate::components::menu::Menu;
use crate::components::toasts::Toasts;
use crate::formats::{counted, local_instant};
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
                <Keeping />
                <button
                    type="button"
                    class="button primary"
                    data-testid="activate-rules"
                    disabled=blocked
                    on:click=move |_| {
                        if let Some(rule_set) = untrack(|| desk.rules()) {
                            activate.run(ActivateRuleSet { rule_set });
                        }
                    }
                >
                    "Put in force"
                </button>
            </div>
        </div>
    }
}

/// Keeping the rules for later: as a draft, or until their time comes.
#[component]
fn Keeping() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    let from = RwSignal::new(String::new());
    let draft = write::<SaveRuleDraft>(move |_| {
        open.set(false);
        toasts.done("Kept as a draft among the versions.");
    });
    let schedule = write::<ScheduleRuleSet>(move |_| {
        open.set(false);
        desk.discard();
        toasts.done("Scheduled. The rules come into force by themselves; until then those in force price.");
    });
    let save = move |_| {
        if let Some(rule_set) = untrack(|| desk.rules()) {
            draft.run(SaveRuleDraft { rule_set });
        }
    };
    let later = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match (untrack(|| desk.rules()), local_instant(&from.get_untracked())) {
            (Some(rule_set), Some(from)) => {
                schedule.run(ScheduleRuleSet { rule_set, from });
            }
            _ => toasts.error("Choose the day and the time from which these rules are to hold."),
        }
    };
    view! {
        <div class="menu to-the-left">
            <Menu label="Keep for later" testid="keep-rules" open>
                <button type="button" class="menu-item" data-testid="save-draft" on:click=save>
                    <span>"Save as a draft"</span>
                    <small>"Kept among the versions, not in force"</small>
                </button>
                <form class="form menu-form" on:submit=later>
                    <label class="field">
                        <span>"Put in force by itself from"</span>
                        <input type="datetime-local" data-testid="schedule-from" bind:value=from />
                    </label>
                    <button type="submit" class="button" data-testid="schedule-rules">"Schedule"</button>
                </form>
            </Menu>
        </div>
    }
}
