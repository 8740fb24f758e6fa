//! Where a competitor's price comes from.

use app_contract::{EvidenceView, GetEvidence, GetEvidencePage, OfferView};
use leptos::prelude::*;
use pricing_domain::{ListingId, ReadState};

use crate::components::facts::{fact, fact_as};
use crate::components::reading::Reading;
use crate::components::toasts::Toasts;
use crate::features::files::hand_over_file;
use crate::formats::{MISSING, bytes, counted, date_time, money};
use crate::reads::read;
use crate::words::{confidence, match_type, method, offer_kind, read_state};
use crate::writes::write;

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
    let unusual: Vec<_> = offer.flags.iter().map(|flag| flag.words()).collect();
    if !unusual.is_empty() {
        lines.push(("Unusual", unusual.join("; ")));
    }
    let listing = offer.price.map(|_| offer.listing);
    let lines = lines.into_iter().map(|(name, value)| fact(name, value)).collect_view();
    let fragment = (!offer.fragment.is_empty()).then(
        || view! { <pre class="fragment" tabindex="0" aria-label="Piece of the page">{offer.fragment.clone()}</pre> },
    );
    view! {
        <dl class="facts">
            {lines}
            {fact_as("Address", offer.url.clone(), "code address")}
        </dl>
        {fragment}
        {listing.map(|listing| view! { <Proof listing /> })}
    }
}

/// The answer that the newest price was read from: its fingerprint, and the page where it was kept.
#[component]
fn Proof(
    /// Whose.
    listing: ListingId,
) -> impl IntoView {
    let evidence = read(move || Some(GetEvidence { listing, at: None }));
    let show = move |evidence: EvidenceView| {
        let EvidenceView { read_at, sha256, page_bytes, page_kept_until, seller, pack, .. } = evidence;
        let lines = [
            seller.map(|name| ("Sold by", name)),
            pack.map(|pack| ("Pack", pack)),
            read_at.map(|at| ("Page read", date_time(at))),
            sha256.map(|digest| ("SHA-256 of the answer", digest)),
            page_kept_until.map(|at| ("Page kept until", date_time(at))),
        ];
        let lines = lines.into_iter().flatten();
        let lines = lines.map(|(name, value)| fact_as(name, value, "address"));
        view! {
            <dl class="facts">{lines.collect_view()}</dl>
            {page_bytes.map(|size| view! { <SavePage listing size /> })}
        }
    };
    view! { <Reading from=evidence lines=2 show /> }
}

/// Saves the kept page to a file.
#[component]
fn SavePage(
    /// Whose.
    listing: ListingId,
    /// As it is kept.
    size: u64,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let save = write::<GetEvidencePage>(move |file| hand_over_file(file, toasts));
    view! {
        <button
            type="button"
            class="button small"
            data-testid="save-evidence-page"
            disabled=save.pending()
            on:click=move |_| { save.run(GetEvidencePage { listing, at: None }); }
        >
            {format!("Save the page ({} kept)", bytes(size))}
        </button>
    }
}
