//! The others of a product's family.

use app_contract::FamilyMember;
use leptos::prelude::*;
use pricing_domain::Currency;

use crate::components::table::{Cell, Column, TableShape, row};
use crate::features::products::grid_query::GridQuery;
use crate::formats::{MISSING, amount};

/// The family, by content; nothing where there is none.
#[component]
pub fn FamilyList(
    /// Its name.
    family: Option<String>,
    /// The others.
    members: Vec<FamilyMember>,
    /// What it keeps to.
    order: Option<String>,
    /// Whether the open product breaks that.
    is_wrong: bool,
    /// Of the prices.
    currency: Currency,
) -> impl IntoView {
    let family = family?;
    let rows = members
        .into_iter()
        .map(|member| {
            let address = GridQuery { product: Some(member.sku.clone()), ..GridQuery::default() }.address();
            row![
                Cell::link(address, member.name),
                member.content.unwrap_or_else(|| MISSING.into()),
                member.price_minor.map_or(MISSING.into(), |minor| {
                    format!("{}{}", if member.out_of_order { "▲ " } else { "" }, amount(minor, currency))
                })
            ]
            .class_if(member.out_of_order, "caution")
        })
        .collect();
    let price = format!("Price {currency}");
    let columns = [Column::head("Product"), Column::text("Content"), Column::number(&price)];
    let table = TableShape::framed("Family", &columns).with(rows);
    Some(view! {
        <section>
            <h3>{format!("Family {family}")}</h3>
            {order.map(|order| {
                let wrong = if is_wrong { " This product breaks it (▲)." } else { "" };
                view! { <p class="muted">{format!("Within it, {order}.{wrong}")}</p> }
            })}
            {table}
        </section>
    })
}
