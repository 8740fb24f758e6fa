//! The whole rule set as text: to copy, to review, to paste another one.

use leptos::prelude::*;
use pricing_domain::RuleSet;

use super::desk::RuleDesk;

/// The text. What can be read is taken at once; what cannot says why and leaves the rules as they were.
#[component]
pub fn RuleText() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let text = untrack(|| desk.rules()).and_then(|rules| serde_json::to_string_pretty(&rules).ok());
    let wrong = RwSignal::new(None::<String>);
    let take = move |text: String| match serde_json::from_str::<RuleSet>(&text) {
        Ok(rules) => {
            wrong.set(None);
            desk.edit(|draft| *draft = rules);
        }
        Err(error) => wrong.set(Some(format!("Line {}, column {}: {error}", error.line(), error.column()))),
    };
    view! {
        <div class="rule-form form wide">
            <label class="field grows">
                <span>"Rule set as text (JSON). Paste another one here to try it."</span>
                <textarea
                    class="code"
                    spellcheck="false"
                    data-testid="rules-text"
                    aria-invalid=move || wrong.with(Option::is_some).to_string()
                    prop:value=text.unwrap_or_default()
                    on:input:target=move |event| take(event.target().value())
                ></textarea>
            </label>
            <p class="negative" role="status">{move || wrong.get()}</p>
        </div>
    }
}
