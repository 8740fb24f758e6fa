//! Price endings by price band.

use leptos::prelude::*;
use pricing_domain::{Currency, EndingBand, EndingDirection, PriceEnding};

use super::desk::RuleDesk;
use crate::components::fields::{ChoiceInput, NumberInput, TextInput, names};
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
            rules.endings.push(EndingBand::nearest(from_minor, ending));
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
    let direction = RwSignal::new(band.direction);
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
            <ChoiceInput
                label="taken"
                value=Signal::derive(move || direction.get().to_string())
                choices=vec![("nearest", "the nearest"), ("up", "the next above"), ("down", "the next below")]
                testid="ending-direction"
                set=Callback::new(move |key: String| {
                    let chosen = key.parse().unwrap_or(EndingDirection::Nearest);
                    direction.set(chosen);
                    desk.edit(|rules| {
                        if let Some(band) = rules.endings.get_mut(place) {
                            band.direction = chosen;
                        }
                    });
                })
            />
            <TextInput
                label="only on the lists"
                value=band.lists.join(", ")
                placeholder="all"
                set=Callback::new(move |text: String| {
                    desk.edit(|rules| {
                        if let Some(band) = rules.endings.get_mut(place) {
                            band.lists = names(&text);
                        }
                    });
                })
            />
            <TextInput
                label="only in"
                value=band.currency.map(|currency| currency.to_string()).unwrap_or_default()
                placeholder="any currency"
                set=Callback::new(move |text: String| {
                    desk.edit(|rules| {
                        if let Some(band) = rules.endings.get_mut(place) {
                            band.currency = Currency::new(&text.trim().to_uppercase()).ok();
                        }
                    });
                })
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
