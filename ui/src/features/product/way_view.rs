//! The way to a price, step by step.

use app_contract::{DemandFact, PriceWayView, WayLineView, WayOfferView, WithheldOfferView};
use leptos::prelude::*;
use pricing_domain::OfferUse;

use crate::formats::{age, money};

/// The steps, the offers on the way, and what would change the price.
#[component]
pub fn WayView(
    /// The way.
    way: PriceWayView,
) -> impl IntoView {
    let lines = way.lines.into_iter().map(line).collect_view();
    let withheld = way.withheld.into_iter().map(withheld);
    let offers = way.offers.into_iter().map(offer).map(IntoAny::into_any).chain(withheld).collect::<Vec<_>>();
    let offers = (!offers.is_empty()).then(|| {
        view! {
            <h4>"Competitor prices looked at"</h4>
            <ul class="way-offers">{offers}</ul>
        }
    });
    view! {
        <div class="way" data-testid="price-way">
            <p class="way-summary">{way.summary}</p>
            <ol class="way-lines">{lines}</ol>
            {way.what_would_change.map(|text| view! { <p class="muted">{text}</p> })}
            <p class="muted" data-testid="way-demand">{format!("Demand: {}.", DemandFact::words_of(way.demand))}</p>
            {offers}
        </div>
    }
}

fn line(line: WayLineView) -> impl IntoView {
    let class = format!("way-line way-{}", line.kind.replace('_', "-"));
    view! {
        <li class=class>
            <span class="way-title">{line.title}</span>
            <span class="way-detail">{line.detail}</span>
            <span class="numbers">{line.amount.map(money)}</span>
        </li>
    }
}

fn offer(offer: WayOfferView) -> impl IntoView {
    let used = offer.usage == OfferUse::Used;
    let shipping = offer.shipping.map(|shipping| format!(" + {} shipping", money(shipping)));
    view! {
        <li class:unusable=!used>
            <span>{offer.competitor}</span>
            <span class="muted">{format!("{}, seen {}", offer.usage.words(), age(offer.last_seen))}</span>
            <span class="numbers">{money(offer.price)} {shipping}</span>
        </li>
    }
}

fn withheld(offer: WithheldOfferView) -> AnyView {
    view! {
        <li class="unusable">
            <span>{offer.competitor}</span>
            <span class="muted">{format!("{}, seen {}", offer.why, age(offer.last_seen))}</span>
            <span class="numbers">{money(offer.price)}</span>
        </li>
    }
    .into_any()
}
