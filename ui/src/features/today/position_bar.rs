//! Win, tie and loss against the lowest competitor price.

use leptos::prelude::*;
use leptos_router::components::A;
use pricing_domain::GridFilter;

use crate::formats::{integer, plain_percent};
use crate::routes::products_with;

/// The bar with its three counts.
#[component]
pub fn PositionBar(
    /// Products below the lowest offer.
    win: u64,
    /// Products within the tolerance.
    tie: u64,
    /// Products above it.
    loss: u64,
    /// The tolerance.
    tolerance_bp: i32,
) -> impl IntoView {
    let grow = |count: u64| count.to_string();
    let words = [
        ("win", "cheaper", win, GridFilter::LowestOrEqual),
        ("tie", "level", tie, GridFilter::HasOffers),
        ("loss", "dearer", loss, GridFilter::DearerThanLowest),
    ];
    let words = words.map(|(class, word, count, filter)| {
        view! {
            <li>
                <A href=products_with(filter)>
                    <span class=format!("position-key {class}") aria-hidden="true"></span>
                    {format!("{} {word}", integer(count))}
                </A>
            </li>
        }
    });
    view! {
        <div class="position-bar" aria-hidden="true">
            <span class="win" style:flex-grow=grow(win)></span>
            <span class="tie" style:flex-grow=grow(tie)></span>
            <span class="loss" style:flex-grow=grow(loss)></span>
        </div>
        <ul class="position-words">{words}</ul>
        <span class="muted">{format!("Level: within {}", plain_percent(tolerance_bp))}</span>
    }
}
