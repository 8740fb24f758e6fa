//! The screens around scenarios: what happens if, what demand rests on, forecasts, plans, experiments.

use leptos::prelude::*;
use leptos_router::components::A;

/// Addresses and names.
const SCREENS: [(&str, &str); 5] = [
    ("/scenarios", "What if"),
    ("/scenarios/demand", "Demand"),
    ("/scenarios/forecasts", "Forecasts"),
    ("/scenarios/plans", "Markdowns and promotions"),
    ("/scenarios/experiments", "Experiments"),
];

/// Links to all of them.
#[component]
pub fn ScienceTabs() -> impl IntoView {
    let links = SCREENS.map(|(address, name)| {
        let testid = format!("science-{}", address.rsplit('/').next().unwrap_or_default());
        view! { <A href=address exact=true attr:class="tab" attr:data-testid=testid>{name}</A> }
    });
    view! { <nav class="tabs science-tabs" aria-label="Scenarios and what they rest on">{links.into_iter().collect_view()}</nav> }
}
