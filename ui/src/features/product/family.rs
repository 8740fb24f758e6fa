//! The others of a product's family.

use app_contract::FamilyMember;
use leptos::prelude::*;
use leptos_router::components::A;
use pricing_domain::Currency;

use crate::features::products::grid_query::GridQuery;
use crate::formats::{MISSING, amount};

/// The family, by content; nothing where there is none.
#[component]
pub fn FamilyList(
    /// Its name.
    family: Option<String>,
    /// The others.
    members: Vec<FamilyMember>,
    /// Of the prices.
    currency: Currency,
) -> impl IntoView {
    let family = family?;
    let rows = members
        .into_iter()
        .map(|member| {
            let address = GridQuery { product: Some(member.sku.clone()), ..GridQuery::default() }.address();
            view! {
                <tr>
                    <th scope="row"><A href=address>{member.name}</A></th>
                    <td>{member.content.unwrap_or_else(|| MISSING.into())}</td>
                    <td class="numeric">{member.price_minor.map_or(MISSING.into(), |minor| amount(minor, currency))}</td>
                </tr>
            }
        })
        .collect_view();
    Some(view! {
        <section>
            <h3>{format!("Family {family}")}</h3>
            <div class="table-frame" tabindex="0" role="region" aria-label="Family">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Product"</th>
                            <th scope="col">"Content"</th>
                            <th scope="col" class="numeric">{format!("Price {currency}")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    })
}
