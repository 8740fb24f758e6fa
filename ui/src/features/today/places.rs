//! Products whose place among the offers is another one since this person looked last.

use app_contract::{PlaceChange, PlaceChanges};
use leptos::prelude::*;
use pricing_domain::{Currency, Money};

use crate::components::empty::Empty;
use crate::components::table::{Cell, Column, TableShape, row};
use crate::features::products::grid_query::GridQuery;
use crate::formats::{counted, money};

const PLACES: TableShape = TableShape::framed(
    "Places",
    &[
        Column::head("SKU"),
        Column::number("Place"),
        Column::number("At stake").hint("|ours − lowest| × units of 28 days"),
    ],
)
.testid("today-places");

/// Those that lost a place, then those that gained one.
#[component]
pub fn Places(
    /// Worse.
    lost: PlaceChanges,
    /// Better.
    gained: PlaceChanges,
    /// Of all amounts.
    currency: Currency,
) -> impl IntoView {
    if lost.count == 0 && gained.count == 0 {
        return view! { <Empty text="No product has another place among the offers." /> }.into_any();
    }
    let words =
        format!("▼ {} lost a place · ▲ {} gained one", counted(lost.count, "product", "products"), gained.count);
    let line = move |one: PlaceChange, sign: &'static str| {
        let sku = one.sku.clone();
        let address = GridQuery { product: Some(sku.clone()), search: sku.clone(), ..GridQuery::default() }.address();
        row![
            Cell::link(address, sku).code().hint(one.name),
            format!("{sign} {} → {}", one.before, one.now),
            money(Money::new(one.stake_minor, currency))
        ]
    };
    let lost = lost.rows.into_iter().map(|one| line(one, "▼"));
    let rows = lost.chain(gained.rows.into_iter().map(|one| line(one, "▲"))).collect();
    view! {
        <p class="muted">{words}</p>
        {PLACES.with(rows)}
    }
    .into_any()
}
