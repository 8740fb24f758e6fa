//! Products whose place among the offers is another one since this person looked last.

use app_contract::{PlaceChange, PlaceChanges};
use leptos::prelude::*;
use leptos_router::components::A;
use pricing_domain::{Currency, Money};

use crate::components::empty::Empty;
use crate::features::products::grid_query::GridQuery;
use crate::formats::{counted, money};

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
        view! {
            <tr>
                <th scope="row"><A href=address attr:class="code" attr:title=one.name>{sku}</A></th>
                <td class="numeric">{format!("{sign} {} → {}", one.before, one.now)}</td>
                <td class="numeric">{money(Money::new(one.stake_minor, currency))}</td>
            </tr>
        }
    };
    let rows = lost.rows.into_iter().map(|one| line(one, "▼")).collect_view();
    let better = gained.rows.into_iter().map(|one| line(one, "▲")).collect_view();
    view! {
        <p class="muted">{words}</p>
        <div class="table-frame" tabindex="0" role="region" aria-label="Places" data-testid="today-places"><table>
            <thead>
                <tr>
                    <th scope="col">"SKU"</th>
                    <th scope="col" class="numeric">"Place"</th>
                    <th scope="col" class="numeric" title="|ours − lowest| × units of 28 days">"At stake"</th>
                </tr>
            </thead>
            <tbody>{rows} {better}</tbody>
        </table></div>
    }
    .into_any()
}
