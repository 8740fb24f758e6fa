//! A scenario as a form: its changes in order, how prices and competitors answer, and over how many weeks.

use app_contract::{ScenarioInput, ScenarioPrices, ScenarioReaction};
use leptos::prelude::*;

use super::change_form::{ChangeForm, TypedChange};
use crate::components::fields::{CheckInput, ChoiceInput, NumberInput, TextInput};

/// A scenario as it is typed.
#[derive(Clone, Copy)]
pub struct ScenarioDraft {
    /// Shown to people.
    pub name: RwSignal<String>,
    /// In order.
    pub changes: RwSignal<Vec<TypedChange>>,
    weeks: RwSignal<u32>,
    keep: RwSignal<bool>,
    reaction: RwSignal<String>,
    share: RwSignal<i64>,
    stop: RwSignal<Option<i64>>,
    elasticity: RwSignal<i64>,
    /// Rises when lines are added or removed, so that they are drawn anew.
    count: Memo<usize>,
}

impl ScenarioDraft {
    /// Another's changes to begin with; otherwise costs rise by 4 %.
    pub fn new(begin: Option<ScenarioInput>) -> Self {
        let name = begin.as_ref().map_or_else(|| "Costs up 4 %".to_owned(), |input| input.name.clone());
        let weeks = begin.as_ref().map_or(8, |input| input.weeks);
        let typed: Option<Vec<TypedChange>> = begin.map(|input| input.changes.iter().map(TypedChange::of).collect());
        let changes = RwSignal::new(typed.unwrap_or_else(|| vec![TypedChange::default()]));
        Self {
            name: RwSignal::new(name),
            changes,
            weeks: RwSignal::new(weeks),
            keep: RwSignal::new(false),
            reaction: RwSignal::new("none".to_owned()),
            share: RwSignal::new(50),
            stop: RwSignal::new(Some(15)),
            elasticity: RwSignal::new(-150),
            count: Memo::new(move |_| changes.with(Vec::len)),
        }
    }

    /// What is asked of the host; `None` while a change cannot be read.
    pub fn input(&self, price_list: String) -> Option<ScenarioInput> {
        let changes =
            self.changes.with(|changes| changes.iter().map(TypedChange::change).collect::<Option<Vec<_>>>())?;
        let percent = self.share.get() as f64;
        let mut input = ScenarioInput {
            name: self.name.get(),
            price_list,
            weeks: self.weeks.get().clamp(1, 104),
            changes,
            prices: if self.keep.get() { ScenarioPrices::Keep } else { ScenarioPrices::Rules },
            reaction: match self.reaction.get().as_str() {
                "down" => ScenarioReaction::FollowsDown { percent },
                "both" => ScenarioReaction::FollowsBoth { percent },
                "lowest" => ScenarioReaction::MatchesLowest,
                _ => ScenarioReaction::None,
            },
            stop_at_fall: self.stop.get().map(|percent| percent as f64),
            ..ScenarioInput::default()
        };
        input.assumptions.elasticity = self.elasticity.get() as f64 / 100.0;
        Some(input)
    }
}

const REACTIONS: [(&str, &str); 4] = [
    ("none", "do not react"),
    ("down", "follow our cuts"),
    ("both", "follow cuts and rises"),
    ("lowest", "never stay dearer than we"),
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
    view! {
        <section class="panel" aria-label="Scenario">
            <div class="panel-body form wide" data-testid="scenario-form">
                <TextInput
                    label="Name"
                    value=draft.name.get_untracked()
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
                <CheckInput
                    label="Our prices stay; without this the rules in force decide anew every week"
                    value=false
                    set=Callback::new(move |keep| draft.keep.set(keep))
                />
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
                <NumberInput
                    label="Elasticity assumed where sales tell nothing"
                    value=Some(draft.elasticity.get_untracked())
                    digits=2
                    unit="% units for 1 % price"
                    set=Callback::new(move |value: Option<i64>| draft.elasticity.set(value.unwrap_or(-150)))
                />
            </div>
        </section>
    }
}
