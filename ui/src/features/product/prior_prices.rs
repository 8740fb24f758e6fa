//! What a product's reductions may be announced against, list by list.

use app_contract::{ListPriorPrices, PriorPriceView, ReductionKind};
use leptos::prelude::*;
use pricing_domain::ProductId;

use crate::components::reading::Reading;
use crate::components::table::{Cell, Column, Row, TableShape, row};
use crate::formats::{MISSING, date, money, plain_percent};
use crate::reads::read;

/// The table.
#[component]
pub fn PriorPrices(
    /// Of which product.
    product: ProductId,
) -> impl IntoView {
    let views = read(move || Some(ListPriorPrices { product }));
    view! { <Reading from=views lines=3 show=table /> }
}

const PRIOR_PRICES: TableShape = TableShape::framed(
    "Prior price",
    &[Column::head("Reduction"), Column::number("Prior price"), Column::number("Reduced"), Column::number("Less")],
)
.testid("prior-prices")
.empty("No own price is known yet. Import prices or their history.");

fn table(views: Vec<PriorPriceView>) -> AnyView {
    let rows = views.into_iter().flat_map(rows).collect();
    PRIOR_PRICES.with(rows)
}

/// What it is, and below it by which days.
fn rows(view: PriorPriceView) -> [Row; 2] {
    let what = match view.kind {
        ReductionKind::None => "if one started now".to_owned(),
        ReductionKind::WasPrice => format!("was-price since {}", date(view.starts)),
        ReductionKind::Running => format!("“{}” since {}", view.name, date(view.starts)),
        ReductionKind::Planned => format!("“{}” from {}", view.name, date(view.starts)),
    };
    let mark = match (view.wrong, view.proven) {
        (true, _) => Some(view! { <span class="mark caution">"⚠ another price"</span> }),
        (false, false) => Some(view! { <span class="mark caution">"unproven"</span> }),
        (false, true) => None,
    };
    let price = |price: Option<pricing_domain::Money>| price.map_or(MISSING.to_owned(), money);
    let words = view! { {mark} " " <small class="muted">{view.words}</small> };
    [
        row![
            Cell::from(view.price_list).note(what),
            price(view.prior),
            price(view.reduced),
            view.reduction_bp.map_or(MISSING.to_owned(), plain_percent)
        ],
        Row::wide(words.into_any()),
    ]
}
