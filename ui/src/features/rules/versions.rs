//! Versions of the rules: who put them in force and when, what differs from those on the desk, and the way back.

use app_contract::{GetRuleSetVersion, ListRuleSets, RemoveRuleSet, RuleSetVersionView};
use leptos::prelude::*;
use pricing_domain::{RuleSet, RuleSetState};

use super::desk::RuleDesk;
use super::rule_words;
use crate::components::facts::items;
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::formats::{counted, date_time};
use crate::reads::read;
use crate::writes::write;

/// The versions, newest first.
#[component]
pub fn Versions() -> impl IntoView {
    let versions = read(|| Some(ListRuleSets {}));
    let compared = RwSignal::new(None::<i64>);
    let show = move |versions: Vec<RuleSetVersionView>| {
        let lines = versions.into_iter().map(|version| view! { <Version version compared /> }).collect_view();
        view! { <ul class="versions">{lines}</ul> }
    };
    view! {
        <div class="rule-form" data-testid="rule-versions-list">
            <Reading from=versions lines=6 show />
        </div>
    }
}

/// One version.
#[component]
fn Version(
    /// The version.
    version: RuleSetVersionView,
    /// The version whose differences are shown.
    compared: RwSignal<Option<i64>>,
) -> impl IntoView {
    let number = version.version;
    let state = match (version.state, version.in_force_from) {
        (RuleSetState::Active, _) => Some("in force".to_owned()),
        (RuleSetState::Draft, _) => Some("draft".to_owned()),
        (RuleSetState::Scheduled, Some(from)) => Some(format!("in force from {}", date_time(from))),
        _ => None,
    };
    let state = state.map(|state| view! { <span class="mark">{state}</span> });
    let remove = write::<RemoveRuleSet>(|_| {});
    let removable = matches!(version.state, RuleSetState::Draft | RuleSetState::Scheduled);
    let removing = removable.then(|| {
        view! {
            <button
                type="button"
                class="button small"
                data-testid="remove-version"
                on:click=move |_| { remove.run(RemoveRuleSet { version: number }); }
            >
                "Remove"
            </button>
        }
    });
    let detail = format!(
        "{} · {} · {}",
        date_time(version.created_at),
        version.created_by,
        counted(u64::from(version.rules), "rule", "rules")
    );
    let shown = move || compared.get() == Some(number);
    view! {
        <li class="version">
            <div class="version-line">
                <strong>{format!("{number} · {}", version.name)}</strong>
                {state}
                <span class="muted">{detail}</span>
                <button
                    type="button"
                    class="button small"
                    aria-expanded=move || shown().to_string()
                    on:click=move |_| compared.set((!shown()).then_some(number))
                >
                    "Differences"
                </button>
                {removing}
            </div>
            <Show when=shown><Differences version=number /></Show>
        </li>
    }
}

/// What a version would change on the desk.
#[component]
fn Differences(
    /// Which version.
    version: i64,
) -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let toasts = expect_context::<Toasts>();
    let then = read(move || Some(GetRuleSetVersion { version }));
    let show = move |then: RuleSet| {
        let now = desk.rules();
        let lines = now.map(|now| rule_words::differences(&then, &now)).unwrap_or_default();
        let lines = match lines.is_empty() {
            true => view! { <p class="muted">"The same as the rules on the desk."</p> }.into_any(),
            false => {
                let lines = items(lines);
                view! { <ul class="differences">{lines}</ul> }.into_any()
            }
        };
        let take = move |_| {
            desk.replace(then.clone());
            toasts.done(format!("Version {version} is on the desk. “Put in force” makes it a new version."));
        };
        view! {
            {lines}
            <button type="button" class="button small" on:click=take>"Put this version on the desk"</button>
        }
    };
    view! { <Reading from=then lines=3 show /> }
}
