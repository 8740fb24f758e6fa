//! A price of a person's own, in place of the proposed one or where none is proposed.

use app_contract::{DecisionReport, SetPrice, UndoChangeSet};
use leptos::prelude::*;
use pricing_domain::{Currency, PriceListId, ProductId, format_scaled, parse_scaled};

use crate::components::toasts::Toasts;
use crate::features::files::undo_words;
use crate::writes::write;

/// The form. What hard guardrails forbid is refused with its reason.
#[component]
pub fn HandPrice(
    /// Whose price.
    product: ProductId,
    /// On which list.
    price_list: PriceListId,
    /// Its currency.
    currency: Currency,
    /// To begin with.
    start: Option<i64>,
    /// Closes what is open when the price is set.
    done: Callback<()>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let digits = currency.minor_digits();
    let start = start.map(|minor| format_scaled(minor, digits)).unwrap_or_default();
    let price = RwSignal::new(start);
    let reason = RwSignal::new(String::new());
    let hold = RwSignal::new(String::new());
    let undo = write::<UndoChangeSet>(move |report| toasts.done(undo_words(&report)));
    let set = write::<SetPrice>(move |report: DecisionReport| {
        done.run(());
        if let Some(change_set) = report.change_set {
            let undo = Callback::new(move |()| {
                undo.run(UndoChangeSet { change_set });
            });
            let words = match report.first {
                0 => "Approved at your price.",
                _ => "Your price waits for a second person.",
            };
            toasts.done_with_undo(words, undo);
        }
    });
    let minor = Memo::new(move |_| parse_scaled(&price.get().trim().replace(',', "."), digits));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(price_minor) = minor.get_untracked() {
            let hold_until = hold.get_untracked().parse().ok();
            set.run(SetPrice { product, price_list, price_minor, reason: reason.get_untracked(), hold_until });
        }
    };
    let blocked =
        move || minor.get().is_none() || reason.with(|reason| reason.trim().is_empty()) || set.pending().get();
    view! {
        <details class="stated">
            <summary data-testid="hand-price">"Set another price"</summary>
            <form class="form" on:submit=submit>
                <label class="field">
                    <span>{format!("Price in {currency}")}</span>
                    <input
                        type="text"
                        inputmode="decimal"
                        class="numeric"
                        data-testid="hand-price-amount"
                        aria-invalid=move || minor.get().is_none().to_string()
                        bind:value=price
                    />
                </label>
                <label class="field">
                    <span>"Why"</span>
                    <input type="text" maxlength="200" data-testid="hand-price-reason" bind:value=reason />
                </label>
                <label class="field">
                    <span>"Hold it until (optional)"</span>
                    <input type="date" data-testid="hand-price-hold" bind:value=hold />
                </label>
                <p class="muted">
                    "Floors, ceilings and locks hold for it; endings and largest steps are for rules. Rules do not touch
                    a price that is held."
                </p>
                <button type="submit" class="button" data-testid="hand-price-set" disabled=blocked>
                    "Approve at this price"
                </button>
            </form>
        </details>
    }
}
