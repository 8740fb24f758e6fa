//! Rules: the list, what is chosen in it, and the effect on the whole catalogue while it is edited.

use leptos::prelude::*;
use pricing_domain::RuleSet;

use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::features::rules::back_test::BackTest;
use crate::features::rules::desk::{Chosen, RuleDesk};
use crate::features::rules::effect_panel::EffectPanel;
use crate::features::rules::guardrail_form::GuardrailForm;
use crate::features::rules::header::RulesHeader;
use crate::features::rules::rule_form::{OtherwiseForm, RuleForm};
use crate::features::rules::rule_list::RuleList;
use crate::features::rules::rule_text::RuleText;
use crate::features::rules::versions::Versions;

/// The rules screen.
#[component]
pub fn RulesPage() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let in_force = desk.open();
    let there = Memo::new(move |_| desk.rules().is_some());
    view! {
        <div class="page rules-page" data-testid="page-rules">
            <RulesHeader />
            <Show when=move || there.get() fallback=move || view! { <Reading from=in_force lines=8 show=|_: RuleSet| () /> }>
                <div class="rules-columns">
                    <RuleList />
                    <section class="rule-detail" aria-label="What is chosen"><Detail /></section>
                    <EffectPanel />
                </div>
            </Show>
        </div>
    }
}

/// What is chosen in the list. Forms are made anew when another thing is chosen or other rules are on the desk, and
/// not by what is typed into them.
#[component]
fn Detail() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    move || {
        desk.epoch.get();
        match desk.chosen.get() {
            Chosen::Rule(place) => view! { <RuleForm place /> }.into_any(),
            Chosen::Otherwise => view! { <OtherwiseForm /> }.into_any(),
            Chosen::Guardrails => view! { <GuardrailForm /> }.into_any(),
            Chosen::Text => view! { <RuleText /> }.into_any(),
            Chosen::Versions => view! { <Versions /> }.into_any(),
            Chosen::BackTest => view! { <BackTest /> }.into_any(),
        }
    }
}
