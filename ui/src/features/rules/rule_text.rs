//! The whole rule set as text: to copy, to review, to paste another one.

use leptos::prelude::*;
use pricing_rules::{parse_rule_set, rule_set_text};

use super::desk::RuleDesk;

/// Problems named at a time.
const SHOWN: usize = 3;

/// The text. What can be read is taken at once; what cannot says why and leaves the rules as they were.
#[component]
pub fn RuleText() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let text = untrack(|| desk.rules()).map(|rules| rule_set_text(&rules));
    let wrong = RwSignal::new(None::<String>);
    let take = move |text: String| match parse_rule_set(&text) {
        Ok(rules) => {
            wrong.set(None);
            desk.edit(|draft| *draft = rules);
        }
        Err(problems) => {
            let words = problems.iter().take(SHOWN).map(ToString::to_string).collect::<Vec<_>>();
            wrong.set(Some(words.join("; ")));
        }
    };
    view! {
        <div class="rule-form form wide">
            <label class="field grows">
                <span>"The whole rule set in words. Paste another one here, in words or as JSON, to try it."</span>
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
