//! The way to a product's price: of the proposal that waits, or as the rules price it now.

use app_contract::{DecideProposals, ExplainProduct, GetPriceWay, ProposalDecision, ProposalRow, ProposalSelection};
use leptos::prelude::*;
use pricing_domain::{PriceListId, ProductId, ProposalKind};

use super::way_view::WayView;
use crate::components::reading::Reading;
use crate::features::proposals::deciding::use_decision;
use crate::formats::MISSING;
use crate::reads::read;

/// The way, with the decision where one waits.
#[component]
pub fn PriceWayPanel(
    /// Which product.
    product: ProductId,
    /// Whose prices.
    price_list: PriceListId,
    /// The proposal that waits.
    proposal: Option<ProposalRow>,
) -> impl IntoView {
    let way = match proposal.as_ref().map(|proposal| proposal.id) {
        Some(proposal) => read(move || Some(GetPriceWay { proposal })),
        None => read(move || Some(ExplainProduct { product, price_list })),
    };
    view! {
        {proposal.map(|proposal| view! { <Decision proposal /> })}
        <Reading from=way lines=6 show=|way| view! { <WayView way /> } />
    }
}

/// Approve or reject the proposal.
#[component]
fn Decision(
    /// It waits.
    proposal: ProposalRow,
) -> impl IntoView {
    let decide = use_decision();
    let id = proposal.id;
    let run = move |decision: ProposalDecision| {
        let selection = ProposalSelection::Ids(vec![id]);
        decide.dispatch_local(DecideProposals { selection, decision, reason: String::new() });
    };
    let price = |minor: Option<i64>| {
        minor
            .map_or(MISSING.into(), |minor| crate::formats::money(pricing_domain::Money::new(minor, proposal.currency)))
    };
    let reason = proposal.reason.map(|reason| view! { <span class="mark caution">{reason.title()}</span> });
    let takes = match proposal.kind {
        ProposalKind::Exception => proposal.new_minor.or(proposal.lawful_minor),
        ProposalKind::Change => proposal.new_minor,
    };
    view! {
        <div class="decision">
            <p>
                {reason}
                <span class="numbers">{price(proposal.old_minor)} " → " <strong>{price(takes)}</strong></span>
            </p>
            <button type="button" class="button primary" data-testid="approve" on:click=move |_| run(ProposalDecision::Approve)>
                "Approve"
            </button>
            <button type="button" class="button" data-testid="reject" on:click=move |_| run(ProposalDecision::Reject)>
                "Reject"
            </button>
        </div>
    }
}
