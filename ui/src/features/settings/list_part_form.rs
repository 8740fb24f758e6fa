//! A list for some prices of another one: for larger quantities, members or clearance.

use app_contract::{AddListPart, PriceListView};
use leptos::ev;
use leptos::prelude::*;
use pricing_domain::{PriceListId, PriceType};

use crate::components::fields::{ChoiceInput, NumberInput, TextInput};
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::writes::write;

/// What such a list may hold.
const TYPES: [(&str, &str); 3] =
    [("regular", "for larger quantities"), ("member", "for members"), ("clearance", "of clearance")];

/// A button, and the form behind it.
#[component]
pub fn ListPartForm(
    /// The list whose prices they are.
    base: PriceListId,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let adding = RwSignal::new(false);
    let code = StoredValue::new(String::new());
    let price_type = RwSignal::new(PriceType::Regular.as_str().to_owned());
    let pieces = StoredValue::new(None::<i64>);
    let add = write::<AddListPart>(move |added: PriceListView| {
        adding.set(false);
        toasts.done(format!("Added {}. Rules price it like any list.", added.code));
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        add.run(AddListPart {
            base,
            price_type: price_type.get_untracked().parse().unwrap_or(PriceType::Regular),
            min_quantity: pieces.get_value().and_then(|pieces| u32::try_from(pieces).ok()).unwrap_or(1),
            code: code.get_value(),
            name: String::new(),
        });
    };
    view! {
        <Show
            when=move || adding.get()
            fallback=move || view! {
                <div class="actions">
                    <button type="button" class="button" data-testid="add-list-part" on:click=move |_| adding.set(true)>
                        "Add a list for larger quantities, members or clearance…"
                    </button>
                </div>
            }
        >
            <form class="form" on:submit=submit>
                <ChoiceInput
                    label="Prices"
                    value=price_type
                    choices=TYPES.to_vec()
                    testid="list-part-type"
                    set=Callback::new(move |chosen| price_type.set(chosen))
                />
                <NumberInput
                    label="From how many pieces on; empty for any number"
                    value=None
                    digits=0
                    optional=true
                    testid="list-part-pieces"
                    set=Callback::new(move |typed: Option<i64>| pieces.set_value(typed))
                />
                <TextInput
                    label="Code of the new list"
                    value=String::new()
                    testid="list-part-code"
                    set=Callback::new(move |typed| code.set_value(typed))
                />
                <div class="actions">
                    <button type="submit" class="button primary" data-testid="save-list-part" disabled=add.pending()>"Add the list"</button>
                    <button type="button" class="button" on:click=move |_| adding.set(false)>"Cancel"</button>
                </div>
            </form>
        </Show>
    }
}
