//! What a product's reductions may be announced against, list by list.

use app_contract::{ListPriorPrices, PriorPriceView, ReductionKind};
use leptos::prelude::*;
use pricing_domain::ProductId;

use crate::components::empty::Empty;
use crate::components::reading::Reading;
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

fn table(views: Vec<PriorPriceView>) -> AnyView {
    if views.is_empty() {
        return view! { <Empty text="No own price is known yet. Import prices or their history." /> }.into_any();
    }
    let rows = views.into_iter().map(row).collect_view();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Prior price">
            <table data-testid="prior-prices">
                <thead>
                    <tr>
                        <th scope="col">"Reduction"</th>
                        <th scope="col" class="numeric">"Prior price"</th>
                        <th scope="col" class="numeric">"Reduced"</th>
                        <th scope="col" class="numeric">"Less"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(view: PriorPriceView) -> impl IntoView {
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
    view! {
        <tr>
            <th scope="row">{view.price_list} <small class="muted">{what}</small></th>
            <td class="numeric">{price(view.prior)}</td>
            <td class="numeric">{price(view.reduced)}</td>
            <td class="numeric">{view.reduction_bp.map_or(MISSING.to_owned(), plain_percent)}</td>
        </tr>
        <tr>
            <td colspan="4">{mark} " " <small class="muted">{view.words}</small></td>
        </tr>
    }
}
