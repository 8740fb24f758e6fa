//! The rules in their order with what each would decide now.

use app_contract::RuleRemark;
use leptos::ev;
use leptos::prelude::*;
use pricing_domain::Rule;

use super::desk::{Chosen, RuleDesk};
use super::places::{RulePlace, places};
use super::rule_words;
use crate::formats::integer;

/// The list, “otherwise”, the guardrails, the text and the versions.
#[component]
pub fn RuleList() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let places = Memo::new(move |_| desk.rules().map(|rules| places(&rules)).unwrap_or_default());
    let on_key = move |event: ev::KeyboardEvent| {
        let Chosen::Rule(place) = desk.chosen.get_untracked() else { return };
        match (event.alt_key(), event.key().as_str()) {
            (true, "ArrowUp") => desk.shift(place, -1),
            (true, "ArrowDown") => desk.shift(place, 1),
            (false, "Delete") => desk.remove(place),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div class="rule-list" on:keydown=on_key>
            <ol data-testid="rule-list" aria-label="Rules, the first that matches decides">
                <For each=move || places.get() key=|place| *place let:place>
                    <RuleLine place />
                </For>
            </ol>
            <button type="button" class="button small" data-testid="add-rule" on:click=move |_| desk.add()>"Add a rule"</button>
            <ul aria-label="Beside the rules">
                <Entry chosen=Chosen::Otherwise title="Otherwise" testid="rule-otherwise" />
                <Entry chosen=Chosen::Guardrails title="Guardrails and endings" testid="rule-guardrails" />
                <Entry chosen=Chosen::Text title="All as text" testid="rule-text" />
                <Entry chosen=Chosen::Versions title="Versions" testid="rule-versions" />
                <Entry chosen=Chosen::BackTest title="Back-test" testid="rule-back-test" />
            </ul>
        </div>
    }
}

/// One rule.
#[component]
fn RuleLine(
    /// Its place.
    place: RulePlace,
) -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let rule = Memo::new(move |_| desk.rules().and_then(|rules| place.rule(&rules).cloned()));
    let span = move || desk.rules().map(|rules| place.figures(&rules));
    let share = move || {
        let (preview, span) = (desk.preview()?, span()?);
        let parts = preview.rules.get(span).unwrap_or_default();
        Some(parts.iter().fold((0, 0, 0), |sum, one| (sum.0 + one.products, sum.1 + one.raised, sum.2 + one.lowered)))
    };
    let remarked = move || {
        let span = span().unwrap_or_default();
        let here = |one: &RuleRemark| one.rule.is_some_and(|rule| span.contains(&(rule as usize)));
        desk.remarks().iter().any(|one| one.serious && here(one))
    };
    let name = move || rule.get().map(|rule| rule.name).unwrap_or_default();
    let scope = move || {
        let words = |rule: Rule| match &rule.condition {
            Some(condition) if rule.scope.0.is_empty() => condition.clone(),
            Some(condition) => format!("{} and {condition}", rule_words::scope(&rule.scope)),
            None => rule_words::scope(&rule.scope),
        };
        rule.get().map(words).unwrap_or_default()
    };
    let off = move || rule.get().is_some_and(|rule| !rule.enabled);
    let counts = move || {
        share().map(|(products, raised, lowered)| {
            view! {
                <span class="numbers" title="Products it decides">{integer(products)}</span>
                <span class="numbers muted" title="Raised and lowered">
                    {format!("▲ {} ▼ {}", integer(raised), integer(lowered))}
                </span>
            }
        })
    };
    view! {
        <li>
            <button
                type="button"
                class="rule-line"
                class:off=off
                class:grouped=place.inner.is_some()
                data-testid="rule-line"
                aria-current=move || (desk.chosen.get() == Chosen::Rule(place)).to_string()
                on:click=move |_| desk.chosen.set(Chosen::Rule(place))
            >
                <span class="rule-place numbers">{place.words()}</span>
                <span class="rule-name">
                    {name}
                    {move || off().then(|| view! { <span class="mark">"off"</span> })}
                    {move || remarked().then(|| view! { <span class="mark caution">"check"</span> })}
                </span>
                <span class="rule-scope muted">{scope}</span>
                <span class="rule-counts">{counts}</span>
            </button>
        </li>
    }
}

/// What stands beside the rules.
#[component]
fn Entry(
    /// What it opens.
    chosen: Chosen,
    /// Its words.
    title: &'static str,
    /// Its name in tests.
    testid: &'static str,
) -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let products = move || {
        let last = desk.preview().and_then(|preview| preview.rules.last().cloned());
        last.filter(|_| chosen == Chosen::Otherwise).map(|share| integer(share.products))
    };
    view! {
        <li>
            <button
                type="button"
                class="rule-line"
                data-testid=testid
                aria-current=move || (desk.chosen.get() == chosen).to_string()
                on:click=move |_| desk.chosen.set(chosen)
            >
                <span class="rule-name">{title}</span>
                <span class="rule-counts numbers">{products}</span>
            </button>
        </li>
    }
}
