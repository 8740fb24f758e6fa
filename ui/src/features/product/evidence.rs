//! Where a competitor's price comes from.

use app_contract::OfferView;
use leptos::prelude::*;
use pricing_domain::ReadState;

use crate::formats::{MISSING, counted, date_time, money};
use crate::words::{confidence, match_type, method, offer_kind, read_state};

/// The evidence of one reading.
#[component]
pub fn Evidence(
    /// The reading.
    offer: OfferView,
) -> impl IntoView {
    let when = |at: Option<pricing_domain::Instant>| at.map_or(MISSING.to_owned(), date_time);
    let found = match (offer.method, offer.confidence) {
        (Some(kind), Some(sure)) => format!("{}, confidence {}", method(kind), confidence(sure)),
        (Some(kind), None) => method(kind).to_owned(),
        (None, _) => MISSING.to_owned(),
    };
    let page = match offer.state {
        Some(state) if state != ReadState::Product && !offer.reason.is_empty() => {
            format!("{}. {}", read_state(state), offer.reason)
        }
        Some(state) => read_state(state).to_owned(),
        None => "Not collected yet.".to_owned(),
    };
    let compared = match offer.pack_coefficient.as_str() {
        "1" => match_type(offer.match_type).to_owned(),
        packs => format!("{}, theirs holds {packs} of ours", match_type(offer.match_type)),
    };
    let mut lines = vec![
        ("In pricing", offer.usage.clone()),
        ("Page", page),
        ("Found in", found),
        ("Match", compared),
        ("First seen", when(offer.first_seen)),
        (
            "Last seen",
            format!("{}, {}", when(offer.last_seen), counted(u64::from(offer.times_seen), "reading", "readings")),
        ),
    ];
    let extra = [("Price on the page", offer.price), ("Struck through", offer.was), ("Shipping", offer.shipping)];
    lines.extend(extra.into_iter().filter_map(|(name, price)| Some((name, money(price?)))));
    if !offer_kind(offer.kind).is_empty() {
        lines.push(("Kind", offer_kind(offer.kind).to_owned()));
    }
    lines.extend(offer.title.clone().map(|title| ("Their title", title)));
    let lines =
        lines.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view();
    let fragment = (!offer.fragment.is_empty()).then(
        || view! { <pre class="fragment" tabindex="0" aria-label="Piece of the page">{offer.fragment.clone()}</pre> },
    );
    view! {
        <dl class="facts">
            {lines}
            <div><dt>"Address"</dt><dd class="code address">{offer.url.clone()}</dd></div>
        </dl>
        {fragment}
    }
}
