//! Another version of the rules for a scenario.

use app_contract::{GetRuleSetVersion, ListRuleSets, RuleSetVersionView};
use leptos::prelude::*;
use pricing_domain::RuleSet;

use crate::reads::read;
use crate::writes::write;

/// Chooses among the versions that are kept.
#[component]
pub fn RulesChoice(
    /// The name of the rules chosen so far.
    #[prop(into)]
    chosen: Signal<Option<String>>,
    /// Called with the rules of a version.
    set: Callback<RuleSet>,
) -> impl IntoView {
    let versions = read(|| Some(ListRuleSets {}));
    let load = write::<GetRuleSetVersion>(move |rules| set.run(rules));
    let options = move || {
        let all = versions.value().unwrap_or_default().into_iter();
        all.map(|RuleSetVersionView { version, name, .. }| {
            view! { <option value=version.to_string()>{format!("{version} · {name}")}</option> }
        })
        .collect_view()
    };
    let shown = move || match chosen.get() {
        Some(name) => format!("“{name}”"),
        None => "Choose a version".to_owned(),
    };
    view! {
        <label class="field">
            <span>"Which rules"</span>
            <select
                data-testid="change-rules"
                on:change:target=move |event| {
                    if let Ok(version) = event.target().value().parse::<i64>() {
                        load.run(GetRuleSetVersion { version });
                    }
                }
            >
                <option value="">{shown}</option>
                {options}
            </select>
        </label>
    }
}
