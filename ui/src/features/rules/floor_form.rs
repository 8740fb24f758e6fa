//! The smallest margins, the first that matches a product holds.

use leptos::prelude::*;
use pricing_domain::{BasisPoints, MarginFloor, Scope};

use super::desk::RuleDesk;
use super::scope_form::ScopeForm;
use crate::components::fields::NumberInput;
use crate::components::icon::{Glyph, Icon};

/// The list of floors.
#[component]
pub fn FloorForm() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let count = Memo::new(move |_| desk.rules().map_or(0, |rules| rules.guardrails.floors.len()));
    let renewed = RwSignal::new(0u32);
    let add = move |_| {
        desk.edit(|rules| {
            rules.guardrails.floors.push(MarginFloor { scope: Scope::default(), margin: BasisPoints(500) });
        });
        renewed.update(|times| *times += 1);
    };
    let remove = Callback::new(move |place: usize| {
        desk.edit(|rules| {
            rules.guardrails.floors.remove(place);
        });
        renewed.update(|times| *times += 1);
    });
    let floors = move || {
        renewed.get();
        let count = count.get();
        (0..count).map(|place| view! { <Floor place remove /> }).collect_view()
    };
    view! {
        <ol class="floors">{floors}</ol>
        <button type="button" class="button small" on:click=add>"Add a floor"</button>
    }
}

/// One floor.
#[component]
fn Floor(
    /// Its place.
    place: usize,
    /// Takes it away.
    remove: Callback<usize>,
) -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let margin =
        untrack(|| desk.rules()).and_then(|rules| rules.guardrails.floors.get(place).map(|floor| floor.margin));
    let scope = Signal::derive(move || {
        let rules = desk.rules();
        rules.and_then(|rules| rules.guardrails.floors.get(place).map(|floor| floor.scope.clone())).unwrap_or_default()
    });
    let edit = move |change: &dyn Fn(&mut MarginFloor)| {
        desk.edit(|rules| {
            if let Some(floor) = rules.guardrails.floors.get_mut(place) {
                change(floor);
            }
        });
    };
    view! {
        <li class="floor">
            <NumberInput
                label="Margin of the net price, at least"
                value=margin.map(|margin| i64::from(margin.0))
                digits=2
                unit="%"
                testid="floor-margin"
                set=Callback::new(move |value: Option<i64>| {
                    if let Some(value) = value.and_then(|value| i32::try_from(value).ok()) {
                        edit(&|floor| floor.margin = BasisPoints(value));
                    }
                })
            />
            <div>
                <ScopeForm scope set=Callback::new(move |scope: Scope| edit(&|floor| floor.scope = scope.clone())) />
            </div>
            <button
                type="button"
                class="button icon-only quiet"
                aria-label="Remove this floor"
                on:click=move |_| remove.run(place)
            >
                <Icon glyph=Glyph::Close />
            </button>
        </li>
    }
}
