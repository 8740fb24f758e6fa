//! Products whose price would change.

use app_contract::PreviewRow;
use leptos::prelude::*;
use leptos_router::components::A;
use pricing_domain::Currency;

use crate::components::table::{Column, TableShape, row};
use crate::features::products::grid_query::GridQuery;
use crate::formats::{amount, change};

/// A titled table; each row leads to the product.
#[component]
pub fn Examples(
    /// What they are.
    title: &'static str,
    /// The products.
    rows: Vec<PreviewRow>,
    /// The currency of their prices.
    currency: Currency,
) -> impl IntoView {
    if rows.is_empty() {
        return ().into_any();
    }
    let lines = rows
        .into_iter()
        .map(|row| {
            let address = GridQuery { product: Some(row.sku.clone()), ..GridQuery::default() }.address();
            let reason = row.reason.map(|reason| view! { <small class="caution">{reason.title()}</small> });
            let product = view! {
                <A href=address attr:class="code">{row.sku}</A>
                <small class="muted">{row.name}</small>
                {reason}
            };
            let price = view! {
                {format!("{} → {}", amount(row.old_minor, currency), amount(row.new_minor, currency))}
                <small>{change(row.change_bp)}</small>
            };
            row![product.into_any(), price.into_any()]
        })
        .collect();
    let price = format!("Price {currency}");
    let columns = [Column::head("Product"), Column::number(&price)];
    view! {
        <h3>{title}</h3>
        {TableShape::bare(&columns).with(lines)}
    }
    .into_any()
}
