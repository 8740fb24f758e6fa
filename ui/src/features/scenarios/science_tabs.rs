//! The screens around scenarios: what happens if, what demand rests on, forecasts, plans, experiments.

use leptos::prelude::*;
use leptos_router::components::A;

/// Addresses and names.
const SCREENS: [(&str, &str); 5] = [
    ("/scenarios", "What if"),
    ("/demand", "Demand"),
    ("/forecasts", "Forecasts"),
    ("/plans", "Markdowns and promotions"),
    ("/experiments", "Experiments"),
];

/// Links to all of them.
#[component]
pub fn ScienceTabs() -> impl IntoView {
    let links = SCREENS.map(|(address, name)| {
        view! { <A href=address attr:class="tab" attr:data-testid=format!("science{}", address.replace('/', "-"))>{name}</A> }
    });
    view! { <nav class="tabs science-tabs" aria-label="Scenarios and what they rest on">{links.into_iter().collect_view()}</nav> }
}
