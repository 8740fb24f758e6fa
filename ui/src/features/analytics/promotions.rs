//! Promotions of ours that ran in the period.

use app_contract::{PromotionStanding, PromotionsView};
use leptos::prelude::*;
use pricing_domain::{Currency, MicroAmount, Money};

use crate::components::empty::Empty;
use crate::components::table::{Cell, Column, Row, TableShape, row};
use crate::features::products::grid_query::GridQuery;
use crate::formats::{MISSING, change, cost, counted, integer, money, percent, thousandths};

const PROMOTIONS: TableShape = TableShape::framed("Promotions", &[Column::head("SKU"), Column::text("Promotion"), Column::text("Days"), Column::number("Price"), Column::number("Depth").hint("Below the regular price of now"), Column::number("Units"), Column::number("Uplift").hint("Units a day in it ÷ units a day over the 28 days before − 1, without regard to season; – where those days had a promotion too"), Column::number("A piece").hint("What suppliers pay a piece"), Column::number("Funded").hint("That × the units sold in it")]).tall().testid("market-promotions");

/// One line a promotion, the newest first.
#[component]
pub fn Promotions(
    /// What ran.
    promotions: PromotionsView,
) -> impl IntoView {
    if promotions.rows.is_empty() {
        return view! { <Empty text="No promotion of yours ran in this period." /> }.into_any();
    }
    let currency = promotions.currency;
    let shown = promotions.rows.len() as u64;
    let words = match shown < promotions.matching {
        true => {
            format!("{}, the newest {} shown", counted(promotions.matching, "promotion", "promotions"), integer(shown))
        }
        false => counted(shown, "promotion", "promotions"),
    };
    let rows = promotions.rows.into_iter().map(|one| line(one, currency)).collect();
    view! {
        <p class="count" role="status">{words}</p>
        {PROMOTIONS.with(rows)}
    }
    .into_any()
}

/// A promotion, with amounts in this currency.
fn line(one: PromotionStanding, currency: Currency) -> Row {
    let amount = |minor: Option<i64>| minor.map_or(MISSING.to_owned(), |minor| money(Money::new(minor, currency)));
    let address =
        GridQuery { product: Some(one.sku.clone()), search: one.sku.clone(), ..GridQuery::default() }.address();
    let end = one.last_day.map_or("open".to_owned(), |day| day.to_string());
    let runs = if one.running { " · runs" } else { "" };
    row![
        Cell::link(address, one.sku).code().hint(one.name),
        one.promotion,
        format!("{} to {end}{runs}", one.first_day),
        amount(one.price_minor),
        one.depth_bp.map_or(MISSING.to_owned(), percent),
        one.units_milli.map_or(MISSING.to_owned(), thousandths),
        one.uplift_bp.map_or(MISSING.to_owned(), change),
        one.funding_micro.map_or(MISSING.to_owned(), |micro| cost(MicroAmount(micro))),
        amount(one.funded_minor)
    ]
}
