//! Products: the grid, and beside it the product that is open.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::components::show::Show;
use crate::features::product::detail::ProductPanel;
use crate::features::products::grid_query::GridQuery;
use crate::features::products::product_grid::ProductGrid;
use crate::features::products::role_suggestions::RoleSuggestionPanel;

/// The products screen.
#[component]
pub fn ProductsPage() -> impl IntoView {
    let address = use_query_map();
    let query = Memo::new(move |_| address.with(|map| GridQuery::read(|name| map.get_all(name).unwrap_or_default())));
    let suggesting = RwSignal::new(false);
    let navigate = use_navigate();
    let show = Callback::new(move |query: GridQuery| {
        // A product that is opened takes the place of the suggestions.
        if query.product.is_some() {
            suggesting.set(false);
        }
        navigate(&query.address(), NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    let open = Memo::new(move |_| query.with(|query| query.product.clone()));
    let close = Callback::new(move |()| show.run(GridQuery { product: None, ..query.get_untracked() }));
    let is_open = Memo::new(move |_| open.with(Option::is_some));
    let suggest = Callback::new(move |()| suggesting.set(true));
    view! {
        <div class="page with-panel" data-testid="page-products">
            <div class="page-main">
                <h1 class="page-title">"Products"</h1>
                <ProductGrid query show suggest />
            </div>
            <Show when=move || suggesting.get()>
                <RoleSuggestionPanel close=Callback::new(move |()| suggesting.set(false)) />
            </Show>
            <Show when=move || is_open.get() && !suggesting.get()>
                <ProductPanel sku=open close />
            </Show>
        </div>
    }
}
