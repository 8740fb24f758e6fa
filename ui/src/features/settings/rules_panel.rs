//! The rule set in force, and putting another one in force.

use app_contract::{ActivateRuleSet, GetRuleSet};
use leptos::ev;
use leptos::prelude::*;
use pricing_domain::RuleSet;

use super::rule_words;
use crate::components::reading::Reading;
use crate::components::toasts::Toasts;
use crate::reads::read;
use crate::writes::write;

/// The rules.
#[component]
pub fn Rules() -> impl IntoView {
    let rules = read(|| Some(GetRuleSet {}));
    view! { <Reading from=rules lines=8 show=|rules| view! { <RuleList rules /> } /> }
}

/// The rules in order, the guardrails, and the form for another set.
#[component]
fn RuleList(
    /// In force.
    rules: RuleSet,
) -> impl IntoView {
    let editing = RwSignal::new(false);
    let text = StoredValue::new(serde_json::to_string_pretty(&rules).unwrap_or_default());
    let listed = rules
        .rules
        .iter()
        .map(|rule| {
            view! {
                <li class:muted=!rule.enabled>
                    <strong>{rule.name.clone()}</strong>
                    <span class="muted">{rule_words::scope(&rule.scope)}</span>
                    <span>{rule_words::rule(rule)}</span>
                </li>
            }
        })
        .collect_view();
    let held = rule_words::held(&rules).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let close = Callback::new(move |()| editing.set(false));
    view! {
        <p><strong>{rules.name.clone()}</strong></p>
        <ol class="rules">
            {listed}
            <li><strong>"Otherwise"</strong><span>{rule_words::strategy(&rules.otherwise)}</span></li>
        </ol>
        <h3>"What no rule can cross"</h3>
        <ul class="held">{held}</ul>
        <Show
            when=move || editing.get()
            fallback=move || {
                view! {
                    <button type="button" class="button" data-testid="edit-rules" on:click=move |_| editing.set(true)>
                        "Use another rule set…"
                    </button>
                }
            }
        >
            <RuleText text=text.get_value() close />
        </Show>
    }
}

/// A rule set as text; checked before it is put in force.
#[component]
fn RuleText(
    /// To begin with.
    text: String,
    /// Closes the form.
    close: Callback<()>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let typed = RwSignal::new(text);
    let problems = Memo::new(move |_| problems(&typed.get()));
    let activate = write::<ActivateRuleSet>(move |rules| {
        toasts.done(format!("“{}” is in force. Press “Price now” to price with it.", rules.name));
        close.run(());
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Ok(rule_set) = serde_json::from_str(&typed.get_untracked()) {
            activate.dispatch_local(ActivateRuleSet { rule_set });
        }
    };
    let listed = move || problems.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <form class="form wide" on:submit=submit>
            <label class="field">
                <span>"Rule set as JSON"</span>
                <textarea class="code" rows="18" spellcheck="false" data-testid="rules-text" bind:value=typed></textarea>
            </label>
            <ul class="negative" role="status">{listed}</ul>
            <div class="actions">
                <button type="button" class="button" on:click=move |_| close.run(())>"Cancel"</button>
                <button
                    type="submit"
                    class="button primary"
                    data-testid="activate-rules"
                    disabled=move || !problems.with(Vec::is_empty)
                >
                    "Put in force"
                </button>
            </div>
        </form>
    }
}

fn problems(text: &str) -> Vec<String> {
    match serde_json::from_str::<RuleSet>(text) {
        Ok(rules) => rules.problems().iter().map(ToString::to_string).collect(),
        Err(error) => vec![format!("Not a rule set: {error}")],
    }
}
