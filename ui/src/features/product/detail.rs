//! The panel of the open product.

use app_contract::{FindProduct, GetProduct, ProductDetail};
use leptos::prelude::*;
use leptos_router::components::A;

use super::audit_list::AuditList;
use super::chart::PriceChart;
use super::costs_and_prices::CostsAndPrices;
use super::facts::Facts;
use super::family::FamilyList;
use super::figures::ProductFigures;
use super::offers::OfferTable;
use super::price_locks::PriceLocks;
use super::price_way::PriceWayPanel;
use super::prior_prices::PriorPrices;
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::components::side_panel::{SidePanel, remembered_width};
use crate::features::assistant::desk::AssistantDesk;
use crate::features::proposals::hand_price::HandPrice;
use crate::reads::read;
use crate::routes::demand_of;
use crate::session::Session;

/// The panel.
#[component]
pub fn ProductPanel(
    /// Article number of the product.
    sku: Memo<Option<String>>,
    /// Closes the panel.
    close: Callback<()>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let found = read(move || sku.get().map(|sku| FindProduct { sku }));
    let id = Memo::new(move |_| found.value());
    let assistant = expect_context::<AssistantDesk>();
    Effect::new(move |_| assistant.product.set(id.get()));
    on_cleanup(move || assistant.product.set(None));
    let detail = read(move || Some(GetProduct { product: id.get()?, price_list: session.price_list_id()? }));
    let width = RwSignal::new(remembered_width());
    let heading = move || {
        let known = detail.value().filter(|detail| Some(&detail.row.sku) == sku.get().as_ref());
        view! {
            <h2>{known.map(|detail| detail.row.name)}</h2>
            <p class="code muted">{sku}</p>
        }
    };
    let missing = move || match found.get() {
        Some(Err(error)) => Some(view! { <p class="notice error" role="alert">{error.message}</p> }),
        _ => None,
    };
    view! {
        <SidePanel label="Product" testid="detail-panel" width close heading>
            {missing}
            <Show when=move || id.get().is_some()>
                <Reading from=detail lines=12 show=move |detail| view! { <Sections detail width /> } />
            </Show>
        </SidePanel>
    }
}

/// All about the product, one section after the other.
#[component]
fn Sections(
    /// The product.
    detail: ProductDetail,
    /// Pixels of the panel.
    width: RwSignal<f64>,
) -> impl IntoView {
    let (product, price_list, currency) = (detail.row.id, detail.price_list, detail.currency);
    let proposal = detail.proposal.clone();
    let start = proposal.as_ref().and_then(|proposal| proposal.new_minor).or(detail.row.price_minor);
    view! {
        <ProductFigures row=detail.row.clone() currency />
        <section>
            <h3>"Price history"</h3>
            <PriceChart product price_list width />
        </section>
        <p><A href=demand_of(&detail.row.sku)>"How its demand answers the price"</A></p>
        <section>
            <h3>"The way to its price"</h3>
            <PriceWayPanel product price_list proposal />
            <HandPrice product price_list currency start done=Callback::new(|()| ()) />
        </section>
        <PriceLocks product />
        <section>
            <h3>"Competitors"</h3>
            <OfferTable offers=detail.offers.clone() own=detail.row.price_minor currency />
        </section>
        <section>
            <h3>"Costs and prices"</h3>
            <CostsAndPrices costs=detail.costs.clone() prices=detail.prices.clone() />
        </section>
        <section>
            <h3>"Prior price"</h3>
            <PriorPrices product />
        </section>
        <FamilyList
            family=detail.family.clone()
            members=detail.family_members.clone()
            order=detail.family_order.clone()
            is_wrong=detail.out_of_order
            currency
        />
        <section>
            <h3>"Facts"</h3>
            <Facts detail=detail.clone() />
        </section>
        <section>
            <h3>"What happened"</h3>
            <AuditList rows=detail.audit />
        </section>
    }
}
