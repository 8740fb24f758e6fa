//! A product's dated costs, and its prices on every list.

use app_contract::{CostView, OwnPriceView};
use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::formats::{cost, date, money};
use crate::words::{cost_type, price_cause, price_state, price_type};

/// Costs and prices, newest first.
#[component]
pub fn CostsAndPrices(
    /// Newest first.
    costs: Vec<CostView>,
    /// On every list.
    prices: Vec<OwnPriceView>,
) -> impl IntoView {
    if costs.is_empty() && prices.is_empty() {
        return view! { <Empty text="No cost and no price is known. Import costs or prices." /> }.into_any();
    }
    let costs = costs.into_iter().map(|known| {
        view! {
            <tr>
                <th scope="row">{cost_type(known.cost_type)}</th>
                <td class="numeric">{format!("{} {}", cost(known.amount), known.currency)}</td>
                <td>{date(known.valid_from)}</td>
                <td></td>
            </tr>
        }
    });
    let prices = prices.into_iter().map(|price| {
        let until = price.valid_to.map_or_else(String::new, |until| format!(" to {}", date(until)));
        let kind = format!("{}, {}", price.price_list, price_type(price.price_type).to_lowercase());
        view! {
            <tr>
                <th scope="row">{kind}</th>
                <td class="numeric">{money(price.price)}</td>
                <td>{date(price.valid_from)} {until}</td>
                <td>{price_state(price.state)} <small class="muted">{price_cause(price.cause)}</small></td>
            </tr>
        }
    });
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Costs and prices">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"What"</th>
                        <th scope="col" class="numeric">"Amount"</th>
                        <th scope="col">"From"</th>
                        <th scope="col">"State"</th>
                    </tr>
                </thead>
                <tbody>{prices.collect_view()} {costs.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
