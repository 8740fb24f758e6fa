//! Plans: markdowns to a stock target, and promotions.

use leptos::prelude::*;

use crate::components::tabs::tab;
use crate::features::plans::markdown::MarkdownPlanner;
use crate::features::plans::promotion::PromotionPlanner;
use crate::features::scenarios::science_tabs::ScienceTabs;

/// The screen.
#[component]
pub fn PlansPage() -> impl IntoView {
    let promotion = RwSignal::new(false);
    let kinds =
        [(false, "Markdown", "plan-markdown"), (true, "Promotion", "plan-promotion")].map(|(one, words, testid)| {
            let pressed = Signal::derive(move || promotion.get() == one);
            tab(words, Some(testid.to_owned()), None, pressed, move || promotion.set(one))
        });
    view! {
        <div class="page scrolls" data-testid="page-plans">
            <h1 class="page-title">"Markdowns and promotions"</h1>
            <ScienceTabs />
            <div class="tabs" role="group" aria-label="What is planned">{kinds.into_iter().collect_view()}</div>
            {move || match promotion.get() {
                true => view! { <PromotionPlanner /> }.into_any(),
                false => view! { <MarkdownPlanner /> }.into_any(),
            }}
        </div>
    }
}
