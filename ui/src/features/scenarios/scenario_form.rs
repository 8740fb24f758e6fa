//! A scenario as a form: its changes in order, how prices and competitors answer, and over how many weeks.

use app_contract::ScenarioAssumptions;
use leptos::prelude::*;

use super::change_form::ChangeForm;
use super::draft::ScenarioDraft;
use super::objective_form::ObjectiveForm;
use super::typed_change::TypedChange;
use crate::components::fields::{ChoiceInput, NumberInput, TextInput};
use crate::components::show::Show;

const PRICES: [(&str, &str); 3] = [
    ("rules", "the rules decide anew every week"),
    ("keep", "stay as the changes leave them"),
    ("best", "are chosen to be best"),
];
const REACTIONS: [(&str, &str); 5] = [
    ("none", "do not react"),
    ("down", "follow our cuts"),
    ("both", "follow cuts and rises"),
    ("lowest", "never stay dearer than we"),
    ("learnt", "do what they did in the past year"),
];

/// The form.
#[component]
pub fn ScenarioForm(
    /// What is typed.
    draft: ScenarioDraft,
) -> impl IntoView {
    let lines =
        move || (0..draft.count.get()).map(|place| view! { <ChangeForm place changes=draft.changes /> }).collect_view();
    let shares = move || matches!(draft.reaction.get().as_str(), "down" | "both");
    let is_best = Memo::new(move |_| draft.prices.get() == "best");
    view! {
        <section class="panel" aria-label="Scenario">
            <div class="panel-body form wide" data-testid="scenario-form">
                <TextInput
                    label="Name"
                    value=draft.name.get_untracked()
                    placeholder=Signal::derive(move || draft.suggested_name())
                    testid="scenario-name"
                    set=Callback::new(move |name| draft.name.set(name))
                />
                <h3>"What changes, in this order"</h3>
                <ol class="scenario-changes">{lines}</ol>
                <div class="actions">
                    <button
                        type="button"
                        class="button small"
                        data-testid="add-change"
                        on:click=move |_| draft.changes.update(|changes| changes.push(TypedChange::default()))
                    >
                        "Add a change"
                    </button>
                </div>
                <h3>"How it is answered"</h3>
                <ChoiceInput
                    label="Our prices"
                    value=draft.prices
                    choices=PRICES.to_vec()
                    testid="scenario-prices"
                    set=Callback::new(move |prices| draft.prices.set(prices))
                />
                <Show when=move || is_best.get()>
                    <ObjectiveForm typed=draft.objective />
                </Show>
                <ChoiceInput
                    label="Competitors"
                    value=draft.reaction
                    choices=REACTIONS.to_vec()
                    testid="scenario-reaction"
                    set=Callback::new(move |reaction| draft.reaction.set(reaction))
                />
                <Show when=shares>
                    <NumberInput
                        label="By so much of our change"
                        value=Some(draft.share.get_untracked())
                        digits=0
                        unit="%"
                        set=Callback::new(move |value: Option<i64>| draft.share.set(value.unwrap_or(50)))
                    />
                </Show>
                <NumberInput
                    label="Played over"
                    value=Some(i64::from(draft.weeks.get_untracked()))
                    digits=0
                    unit="weeks"
                    testid="scenario-weeks"
                    set=Callback::new(move |value: Option<i64>| {
                        draft.weeks.set(value.and_then(|weeks| u32::try_from(weeks).ok()).unwrap_or(8));
                    })
                />
                <NumberInput
                    label="Stop a price war when our prices have fallen by (empty: play on)"
                    value=draft.stop.get_untracked()
                    digits=0
                    unit="%"
                    optional=true
                    set=Callback::new(move |value| draft.stop.set(value))
                />
                <Assumptions assumptions=draft.assumptions />
            </div>
        </section>
    }
}

/// What is assumed where sales say nothing: one click further.
#[component]
fn Assumptions(
    /// Percent for one percent.
    assumptions: RwSignal<ScenarioAssumptions>,
) -> impl IntoView {
    let start = assumptions.get_untracked();
    let field = move |label, value: f64, change: fn(&mut ScenarioAssumptions, f64)| {
        let set = Callback::new(move |value: Option<i64>| {
            if let Some(value) = value {
                assumptions.update(|all| change(all, value as f64 / 100.0));
            }
        });
        let value = Some((value * 100.0).round() as i64);
        view! { <NumberInput label value digits=2 unit="% units for 1 %" set /> }
    };
    view! {
        <details class="assumptions">
            <summary>"What is assumed where your sales tell nothing"</summary>
            {field("Elasticity", start.elasticity, |all, value| all.elasticity = value)}
            {field("It may be off by", start.elasticity_error, |all, value| all.elasticity_error = value)}
            {field("Units follow competitors' prices by", start.cross_elasticity, |all, value| {
                all.cross_elasticity = value;
            })}
            {field("That may be off by", start.cross_elasticity_error, |all, value| {
                all.cross_elasticity_error = value;
            })}
        </details>
    }
}
