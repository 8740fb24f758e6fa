//! Whose prices are shown.

use leptos::prelude::*;

use crate::components::show::Show;
use crate::session::Session;

/// The switcher between price lists; only there where there is more than one.
#[component]
pub fn PriceListSelect() -> impl IntoView {
    let session = expect_context::<Session>();
    let lists = move || session.workspace().map(|workspace| workspace.price_lists).unwrap_or_default();
    let chosen = move || session.price_list_id().map(|id| id.to_string()).unwrap_or_default();
    let choose = move |text: String| {
        if let Ok(id) = text.parse() {
            session.choose_price_list(id);
        }
    };
    let options = move || {
        let now = chosen();
        lists()
            .into_iter()
            .map(|list| {
                let value = list.id.to_string();
                let selected = value == now;
                view! { <option value=value selected=selected>{format!("{} ({})", list.name, list.currency)}</option> }
            })
            .collect_view()
    };
    view! {
        <Show when=move || !lists().is_empty()>
            <label class="price-list">
                <span class="visually-hidden">"Price list"</span>
                <select data-testid="price-list-select" prop:value=chosen on:change:target=move |event| choose(event.target().value())>
                    {options}
                </select>
            </label>
        </Show>
    }
}
