//! Price endings by price band.

use leptos::prelude::*;
use pricing_domain::{EndingBand, PriceEnding};

use super::desk::RuleDesk;
use crate::components::fields::NumberInput;
use crate::components::icon::{Glyph, Icon};

/// The bands in ascending order.
#[component]
pub fn EndingForm() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let count = Memo::new(move |_| desk.rules().map_or(0, |rules| rules.endings.len()));
    let renewed = RwSignal::new(0u32);
    let add = move |_| {
        desk.edit(|rules| {
            let from_minor = rules.endings.last().map_or(0, |band| (band.from_minor * 2).max(1_000));
            let ending = PriceEnding { step_minor: 100, ending_minor: 99 };
            rules.endings.push(EndingBand { from_minor, ending });
        });
        renewed.update(|times| *times += 1);
    };
    let remove = Callback::new(move |place: usize| {
        desk.edit(|rules| {
            rules.endings.remove(place);
        });
        renewed.update(|times| *times += 1);
    });
    let bands = move || {
        renewed.get();
        let count = count.get();
        (0..count).map(|place| view! { <Band place remove /> }).collect_view()
    };
    view! {
        <ol class="floors">{bands}</ol>
        <button type="button" class="button small" on:click=add>"Add a band"</button>
    }
}

/// One band.
#[component]
fn Band(
    /// Its place.
    place: usize,
    /// Takes it away.
    remove: Callback<usize>,
) -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let Some(band) = untrack(|| desk.rules()).and_then(|rules| rules.endings.get(place).cloned()) else {
        return ().into_any();
    };
    let edit = move |value: Option<i64>, change: fn(&mut EndingBand, i64)| {
        if let Some(value) = value {
            desk.edit(|rules| {
                if let Some(band) = rules.endings.get_mut(place) {
                    change(band, value);
                }
            });
        }
    };
    view! {
        <li class="floor">
            <NumberInput
                label="From"
                value=Some(band.from_minor)
                digits=2
                set=Callback::new(move |value| edit(value, |band, value| band.from_minor = value))
            />
            <NumberInput
                label="prices end on"
                value=Some(band.ending.ending_minor)
                digits=2
                set=Callback::new(move |value| edit(value, |band, value| band.ending.ending_minor = value))
            />
            <NumberInput
                label="of every"
                value=Some(band.ending.step_minor)
                digits=2
                set=Callback::new(move |value| edit(value, |band, value| band.ending.step_minor = value))
            />
            <button
                type="button"
                class="button icon-only quiet"
                aria-label="Remove this band"
                on:click=move |_| remove.run(place)
            >
                <Icon glyph=Glyph::Close />
            </button>
        </li>
    }
    .into_any()
}
