//! The way to the price of the proposal that is open.

use app_contract::{GetPriceWay, ProposalRow};
use leptos::prelude::*;
use leptos_router::components::A;
use pricing_domain::{Money, ProposalStatus};

use super::comments::Comments;
use super::hand_price::HandPrice;
use crate::components::facts::fact;
use crate::components::reading::Reading;
use crate::components::side_panel::{SidePanel, remembered_width};
use crate::features::product::way_view::WayView;
use crate::features::products::grid_query::GridQuery;
use crate::formats::{date_time, money};
use crate::reads::read;
use crate::session::Session;
use crate::words;

/// The panel.
#[component]
pub fn ProposalPanel(
    /// The proposal.
    #[prop(into)]
    row: Signal<Option<ProposalRow>>,
    /// Closes the panel.
    close: Callback<()>,
) -> impl IntoView {
    let id = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.id)));
    let way = read(move || id.get().map(|proposal| GetPriceWay { proposal }));
    let session = expect_context::<Session>();
    let width = RwSignal::new(remembered_width());
    let heading = move || {
        row.get().map(|row| {
            let address = GridQuery { product: Some(row.sku.clone()), search: row.sku.clone(), ..GridQuery::default() };
            view! {
                <h2>{row.name}</h2>
                <p><span class="code muted">{row.sku}</span> " " <A href=address.address()>"Open the product"</A></p>
            }
        })
    };
    let lead = move || {
        row.get().map(|row| {
            let id = row.id;
            let is_open = !matches!(row.status, ProposalStatus::Exported | ProposalStatus::Publishing);
            let hand = session.list_of_code(&row.price_list).filter(|_| is_open).map(|price_list| {
                let (product, currency, start) = (row.product, row.currency, row.new_minor.or(row.old_minor));
                view! { <HandPrice product price_list currency start done=close /> }
            });
            view! {
                <Lead row />
                {hand}
                <Comments proposal=id />
            }
        })
    };
    view! {
        <SidePanel label="Proposal" testid="detail-panel" width close heading>
            {lead}
            <Reading from=way lines=8 show=|way| view! { <WayView way /> } />
        </SidePanel>
    }
}

/// Why a person is needed, and what approving would do.
#[component]
fn Lead(
    /// The proposal.
    row: ProposalRow,
) -> impl IntoView {
    let price = |minor: i64| money(Money::new(minor, row.currency));
    let bounds =
        [("Floor", row.floor_minor), ("Ceiling", row.ceiling_minor), ("What the guardrails allow", row.lawful_minor)];
    let bounds =
        bounds.into_iter().filter_map(|(name, minor)| minor.map(|minor| fact(name, price(minor)))).collect_view();
    let delivery = row.delivery.clone().map(|(state, said)| {
        let said = if said.is_empty() { String::new() } else { format!(": {said}") };
        let line = format!("{}{said}", words::delivery_state(state));
        let bad = !state.is_there();
        view! { <p class:caution=bad data-testid="proposal-delivery">{line}</p> }
    });
    view! {
        {row.reason.map(|reason| view! { <p><span class="mark caution">{reason.title()}</span></p> })}
        <dl class="facts">{bounds}</dl>
        {row.first_by.clone().map(|first| {
            view! { <p data-testid="first-approval"><span class="mark caution">{format!("{first} approved: a second person must too")}</span></p> }
        })}
        {row.snoozed_until.map(|until| view! { <p class="muted">{format!("Snoozed until {}", date_time(until))}</p> })}
        {row.decision.clone().map(|decision| view! { <p class="muted">{decision}</p> })}
        {delivery}
    }
}
