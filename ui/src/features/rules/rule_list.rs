//! The rules in their order with what each would decide now.

use app_contract::RuleRemark;
use leptos::ev;
use leptos::prelude::*;
use pricing_domain::Rule;

use super::desk::{Chosen, RuleDesk};
use super::rule_words;
use crate::formats::integer;

/// The list, “otherwise”, the guardrails, the text and the versions.
#[component]
pub fn RuleList() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let count = Memo::new(move |_| desk.rules().map_or(0, |rules| rules.rules.len()));
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
                <For each=move || 0..count.get() key=|place| *place let:place>
                    <RuleLine place />
                </For>
            </ol>
            <button type="button" class="button small" data-testid="add-rule" on:click=move |_| desk.add()>"Add a rule"</button>
            <ul aria-label="Beside the rules">
                <Entry chosen=Chosen::Otherwise title="Otherwise" testid="rule-otherwise" />
                <Entry chosen=Chosen::Guardrails title="Guardrails and endings" testid="rule-guardrails" />
                <Entry chosen=Chosen::Text title="All as text" testid="rule-text" />
                <Entry chosen=Chosen::Versions title="Versions" testid="rule-versions" />
            </ul>
        </div>
    }
}

/// One rule.
#[component]
fn RuleLine(
    /// Its place.
    place: usize,
) -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let rule = Memo::new(move |_| desk.rules().and_then(|rules| rules.rules.get(place).cloned()));
    // Figures come by the rules of groups one by one; a group shows their sum.
    let span = move || {
        let rules = desk.rules()?;
        let first: usize = rules.rules.iter().take(place).map(flat_count).sum();
        Some(first..first + rules.rules.get(place).map_or(0, flat_count))
    };
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
                data-testid="rule-line"
                aria-current=move || (desk.chosen.get() == Chosen::Rule(place)).to_string()
                on:click=move |_| desk.chosen.set(Chosen::Rule(place))
            >
                <span class="rule-place numbers">{place + 1}</span>
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

/// How many rules a rule stands for: itself, or those of the group and its “else”.
fn flat_count(rule: &Rule) -> usize {
    match rule.rules.is_empty() {
        true => 1,
        false => rule.rules.iter().map(flat_count).sum::<usize>() + usize::from(rule.fallback.is_some()),
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
