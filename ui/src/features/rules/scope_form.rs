//! The tests that choose a rule's products: chips to take away, and one line to add another.

use leptos::prelude::*;
use pricing_domain::Scope;

use super::rule_words;
use super::scope_choices::{KINDS, test_of};
use crate::components::criteria::Criteria;

/// The tests of a scope.
#[component]
pub fn ScopeForm(
    /// The scope.
    #[prop(into)]
    scope: Signal<Scope>,
    /// Called with the scope that stands in its place.
    set: Callback<Scope>,
) -> impl IntoView {
    let chosen = Signal::derive(move || scope.with(|scope| scope.0.iter().map(rule_words::test).collect()));
    let can_add = Callback::new(|(kind, value): (String, String)| test_of(&kind, &value).is_some());
    let add = Callback::new(move |(kind, value): (String, String)| {
        let mut scope = scope.get_untracked();
        if let Some(test) = test_of(&kind, &value).filter(|test| !scope.0.contains(test)) {
            scope.0.push(test);
            set.run(scope);
        }
    });
    let remove = Callback::new(move |place: usize| {
        let mut scope = scope.get_untracked();
        scope.0.remove(place);
        set.run(scope);
    });
    let every = move || scope.with(|scope| scope.0.is_empty()).then_some("Every product");
    view! {
        <p class="muted scope-every">{every}</p>
        <Criteria chosen label="All of these hold" kinds=&KINDS testid="scope" can_add add remove />
    }
}
