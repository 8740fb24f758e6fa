//! Promotions of ours that ran in the period.

use app_contract::{PromotionStanding, PromotionsView};
use leptos::prelude::*;
use leptos_router::components::A;
use pricing_domain::{Currency, MicroAmount, Money};

use crate::components::empty::Empty;
use crate::features::products::grid_query::GridQuery;
use crate::formats::{MISSING, change, cost, counted, integer, money, percent, thousandths};

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
    let rows = promotions.rows.into_iter().map(|one| view! { <Line one currency /> }).collect_view();
    view! {
        <p class="count" role="status">{words}</p>
        <div class="table-frame tall" tabindex="0" role="region" aria-label="Promotions" data-testid="market-promotions">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"SKU"</th>
                        <th scope="col">"Promotion"</th>
                        <th scope="col">"Days"</th>
                        <th scope="col" class="numeric">"Price"</th>
                        <th scope="col" class="numeric" title="Below the regular price of now">"Depth"</th>
                        <th scope="col" class="numeric">"Units"</th>
                        <th
                            scope="col"
                            class="numeric"
                            title="Units a day in it ÷ units a day over the 28 days before − 1, without regard to season; – where those days had a promotion too"
                        >
                            "Uplift"
                        </th>
                        <th scope="col" class="numeric" title="What suppliers pay a piece">"A piece"</th>
                        <th scope="col" class="numeric" title="That × the units sold in it">"Funded"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A promotion.
#[component]
fn Line(
    /// Which.
    one: PromotionStanding,
    /// Of all amounts.
    currency: Currency,
) -> impl IntoView {
    let amount = |minor: Option<i64>| minor.map_or(MISSING.to_owned(), |minor| money(Money::new(minor, currency)));
    let address =
        GridQuery { product: Some(one.sku.clone()), search: one.sku.clone(), ..GridQuery::default() }.address();
    let end = one.last_day.map_or("open".to_owned(), |day| day.to_string());
    let runs = if one.running { " · runs" } else { "" };
    view! {
        <tr>
            <th scope="row"><A href=address attr:class="code" attr:title=one.name>{one.sku}</A></th>
            <td>{one.promotion}</td>
            <td>{format!("{} to {end}{runs}", one.first_day)}</td>
            <td class="numeric">{amount(one.price_minor)}</td>
            <td class="numeric">{one.depth_bp.map_or(MISSING.to_owned(), percent)}</td>
            <td class="numeric">{one.units_milli.map_or(MISSING.to_owned(), thousandths)}</td>
            <td class="numeric">{one.uplift_bp.map_or(MISSING.to_owned(), change)}</td>
            <td class="numeric">{one.funding_micro.map_or(MISSING.to_owned(), |micro| cost(MicroAmount(micro)))}</td>
            <td class="numeric">{amount(one.funded_minor)}</td>
        </tr>
    }
}
