//! The demand of a category: its estimate and interval, what its products rest on, its families, its products.

use app_contract::{CategoryElasticityView, GetCategoryElasticity};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::features::demand::category::CategoryDemandDetail;
use crate::features::demand::elasticity_panel::ElasticityPanel;
use crate::features::scenarios::science_tabs::ScienceTabs;
use crate::reads::read;

/// Products that are listed at once.
const ROWS: u32 = 200;

/// The screen.
#[component]
pub fn CategoryDemandPage() -> impl IntoView {
    let address = use_query_map();
    let path = Memo::new(move |_| address.with(|map| map.get("path")).unwrap_or_default());
    let open = RwSignal::new(None::<String>);
    let is_open = Memo::new(move |_| open.with(Option::is_some));
    let view = read(move || Some(GetCategoryElasticity { category: path.get(), offset: 0, limit: ROWS }));
    view! {
        <div class="page with-panel" data-testid="page-category-demand">
            <div class="page-main scrolling">
                <h1 class="page-title">{move || format!("Demand: {}", path.get())}</h1>
                <ScienceTabs />
                <p><A href="/scenarios/demand">"All categories"</A></p>
                <Reading
                    from=view
                    lines=10
                    show=move |view: CategoryElasticityView| view! { <CategoryDemandDetail view open /> }
                />
            </div>
            <Show when=move || is_open.get()>
                <ElasticityPanel sku=open />
            </Show>
        </div>
    }
}
