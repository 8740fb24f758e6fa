//! What is known about a product beside its prices.

use app_contract::{DemandFact, ProductDetail};
use leptos::prelude::*;

use crate::components::facts::fact;
use crate::formats::{integer, thousandths};
use crate::words::{lifecycle, role};

/// The facts; those that are not known are left out.
#[component]
pub fn Facts(
    /// The product.
    detail: ProductDetail,
) -> impl IntoView {
    let row = detail.row;
    let listed = |texts: Vec<String>| (!texts.is_empty()).then(|| texts.join(", "));
    let text = |text: String| (!text.is_empty()).then_some(text);
    let facts = [
        ("Brand", text(row.brand)),
        ("Category", text(row.category)),
        ("Role", row.role.map(|known| role(known).to_owned())),
        ("Stage", Some(lifecycle(detail.lifecycle).to_owned())),
        ("Own brand", detail.own_brand.then(|| "yes".to_owned())),
        ("GTIN", listed(detail.gtins)),
        ("Manufacturer's number", detail.mpn),
        ("Supplier", detail.supplier),
        ("Content", detail.content),
        ("Tags", listed(detail.tags)),
        ("Attributes", listed(detail.attributes.into_iter().map(|(name, text)| format!("{name}: {text}")).collect())),
        ("Stock", row.stock.map(integer)),
        ("Sold in 28 days", Some(thousandths(row.units_28d_milli))),
        ("Demand", Some(DemandFact::words_of(row.demand))),
    ];
    let lines = facts.into_iter().filter_map(|(name, value)| value.map(|value| fact(name, value))).collect_view();
    view! { <dl class="facts">{lines}</dl> }
}
