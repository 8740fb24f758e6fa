//! Prices of a product that rules must not touch.

use app_contract::{EndPriceLock, ListPriceLocks, PriceLockView};
use leptos::prelude::*;
use pricing_domain::ProductId;

use crate::components::reading::Reading;
use crate::components::toasts::Toasts;
use crate::formats::{date, date_time, money};
use crate::reads::read;
use crate::writes::write;

/// The locks that have not ended; nothing where there is none.
#[component]
pub fn PriceLocks(
    /// Whose.
    product: ProductId,
) -> impl IntoView {
    let locks = read(move || Some(ListPriceLocks { product: Some(product) }));
    let show = |locks: Vec<PriceLockView>| {
        (!locks.is_empty()).then(|| {
            view! {
                <section data-testid="price-locks">
                    <h3>"Not touched by rules"</h3>
                    <ul class="plain">{locks.into_iter().map(|lock| view! { <Lock lock /> }).collect_view()}</ul>
                </section>
            }
        })
    };
    view! { <Reading from=locks lines=1 show /> }
}

#[component]
fn Lock(
    /// The lock.
    lock: PriceLockView,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let end = write::<EndPriceLock>(move |_| toasts.done("Rules decide this price again."));
    let kind = if lock.is_held { "Held" } else { "Locked" };
    let price = lock.price.map_or_else(|| "as it stands".to_owned(), |price| format!("at {}", money(price)));
    let from = if lock.is_in_force { String::new() } else { format!(" from {}", date(lock.valid_from)) };
    let until =
        lock.valid_to.map_or_else(|| " until further notice".to_owned(), |at| format!(" until {}", date_time(at)));
    let words = format!("{kind} on {} {price}{from}{until}", lock.list_code);
    let request = EndPriceLock { product: lock.product, price_list: lock.price_list, valid_from: lock.valid_from };
    view! {
        <li class="split">
            <span>{words} <small class="muted">{lock.reason}</small></span>
            <button
                type="button"
                class="button small"
                data-testid="end-price-lock"
                disabled=end.pending()
                on:click=move |_| { end.run(request.clone()); }
            >
                "End it"
            </button>
        </li>
    }
}
