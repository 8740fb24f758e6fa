//! The row of figures; each leads to the products behind it.

use app_contract::TodayView;
use leptos::prelude::*;
use leptos_router::components::A;
use pricing_domain::GridFilter;

use super::position_bar::PositionBar;
use crate::formats::{MISSING, index, integer, percent};
use crate::routes::{Screen, products_with};

/// The figures.
#[component]
pub fn TodayFigures(
    /// The day.
    today: TodayView,
) -> impl IntoView {
    let best = today.indexes.first().cloned();
    let index_title = best.as_ref().map_or("Price index".to_owned(), |best| format!("Index vs {}", best.competitor));
    let index_value = best.as_ref().map_or(MISSING.to_owned(), |best| index(best.index_centi));
    let index_note = best.map_or("No competitor is compared yet".to_owned(), |best| {
        format!("{} of sold products compared", percent(best.coverage_bp))
    });
    let margin = today.margin_bp.map_or(MISSING.to_owned(), percent);
    let margin_note = format!("{} of the products have a cost", percent(today.margin_coverage_bp));
    let missing = today.products.saturating_sub(today.with_offers);
    view! {
        <div class="today-figures">
            <A href=Screen::Products.path() attr:class="card figure">
                <span class="figure-title">"Products sold"</span>
                <span class="figure-value">{integer(today.products)}</span>
                <span class="muted">{format!("{} with a price", integer(today.priced))}</span>
            </A>
            <div class="card figure">
                <span class="figure-title">{index_title}</span>
                <span class="figure-value">{index_value}</span>
                <span class="muted">{index_note}</span>
            </div>
            <A href=products_with(GridFilter::BelowCost) attr:class="card figure">
                <span class="figure-title">"Margin, 28 days"</span>
                <span class="figure-value">{margin}</span>
                <span class="muted">{margin_note}</span>
                {(today.below_cost > 0)
                    .then(|| view! { <span class="negative">{format!("▼ {} below cost", integer(today.below_cost))}</span> })}
            </A>
            <A href=products_with(GridFilter::NoOffers) attr:class="card figure">
                <span class="figure-title">"With competitor price"</span>
                <span class="figure-value">{integer(today.with_offers)}</span>
                <span class="muted">{format!("{} without", integer(missing))}</span>
            </A>
            <div class="card figure position">
                <span class="figure-title">"Against the lowest"</span>
                <PositionBar win=today.win tie=today.tie loss=today.loss tolerance_bp=today.tolerance_bp />
            </div>
        </div>
    }
}
