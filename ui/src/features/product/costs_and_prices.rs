//! A product's dated costs, and its prices on every list.

use app_contract::{CostView, OwnPriceView};
use leptos::prelude::*;

use crate::components::table::{Cell, Column, TableShape, row};
use crate::formats::{cost, date, money};
use crate::words::{cost_type, price_cause, price_state, price_type};

const COSTS_AND_PRICES: TableShape = TableShape::framed(
    "Costs and prices",
    &[Column::head("What"), Column::number("Amount"), Column::text("From"), Column::text("State")],
)
.empty("No cost and no price is known. Import costs or prices.");

/// Costs and prices, newest first.
#[component]
pub fn CostsAndPrices(
    /// Newest first.
    costs: Vec<CostView>,
    /// On every list.
    prices: Vec<OwnPriceView>,
) -> impl IntoView {
    let costs = costs.into_iter().map(|known| {
        row![
            cost_type(known.cost_type),
            format!("{} {}", cost(known.amount), known.currency),
            date(known.valid_from),
            ""
        ]
    });
    let prices = prices.into_iter().map(|price| {
        let until = price.valid_to.map_or_else(String::new, |until| format!(" to {}", date(until)));
        let kind = format!("{}, {}", price.price_list, price_type(price.price_type).to_lowercase());
        row![
            kind,
            money(price.price),
            format!("{}{until}", date(price.valid_from)),
            Cell::from(price_state(price.state)).note(price_cause(price.cause))
        ]
    });
    COSTS_AND_PRICES.with(prices.chain(costs).collect())
}
