//! Demand: what the sales say about how products and categories answer their prices.

use app_contract::{DemandReport, ElasticityGrade, FitDemand};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::panel::Panel;
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::features::demand::elasticity_panel::ElasticityPanel;
use crate::features::demand::report::{Categories, Grades, Lacking, Products};
use crate::features::products::search_box::SearchBox;
use crate::features::scenarios::science_tabs::ScienceTabs;
use crate::reads::read;

/// Products that are listed at once.
const ROWS: u32 = 200;

/// The screen.
#[component]
pub fn DemandPage() -> impl IntoView {
    let grade = RwSignal::new(None::<ElasticityGrade>);
    let category = RwSignal::new(None::<String>);
    let search = RwSignal::new(String::new());
    let address = use_query_map();
    let open = RwSignal::new(address.with_untracked(|map| map.get("product")).filter(|sku| !sku.is_empty()));
    let all = read(|| Some(FitDemand { grade: None, category: None, search: String::new(), offset: 0, limit: 0 }));
    let chosen = read(move || {
        let (grade, category, search) = (grade.get(), category.get(), search.get());
        Some(FitDemand { grade, category, search, offset: 0, limit: ROWS })
    });
    let is_open = Memo::new(move |_| open.with(Option::is_some));
    let overview = move |report: DemandReport| {
        let (rows, lacking) = (report.categories.clone(), report.clone());
        view! {
            <Grades report grade />
            <Categories rows category />
            <Lacking report=lacking />
        }
    };
    let of_category = move || {
        category.get().map(|name| {
            view! {
                <p>
                    {format!("Only {name} ")}
                    <button type="button" class="button small" on:click=move |_| category.set(None)>"All categories"</button>
                </p>
            }
        })
    };
    view! {
        <div class="page with-panel" data-testid="page-demand">
            <div class="page-main scrolling">
                <h1 class="page-title">"Demand"</h1>
                <ScienceTabs />
                <p class="muted">
                    "How much less is sold when a price rises by one percent, product by product, and what that rests on."
                </p>
                <Reading from=all lines=8 show=overview />
                <Panel title="Products">
                    <div class="tools">
                        <SearchBox
                            value=search
                            search=Callback::new(move |words| search.set(words))
                            label="SKU, name, brand or GTIN"
                            testid="demand-search"
                        />
                        {of_category}
                    </div>
                    <Reading
                        from=chosen
                        lines=8
                        show=move |report: DemandReport| {
                            view! { <Products rows=report.rows matching=report.matching open /> }
                        }
                    />
                </Panel>
            </div>
            <Show when=move || is_open.get()>
                <ElasticityPanel sku=open />
            </Show>
        </div>
    }
}
