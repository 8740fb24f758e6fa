//! The page where nothing is open: three cards and nothing else.

use leptos::prelude::*;

use crate::features::start::import_card::ImportCard;
use crate::features::start::opening::{RecentWorkspaces, SampleCard, WorkspaceCard};

/// The first-start page.
#[component]
pub fn FirstStartPage() -> impl IntoView {
    view! {
        <main class="first-start" data-testid="first-start">
            <h1>"OmniPriceX"</h1>
            <p class="muted">"Prices of a whole catalogue: watched, decided, explained. Costs and margins stay on this machine."</p>
            <div class="start-cards">
                <SampleCard />
                <ImportCard />
                <WorkspaceCard />
            </div>
            <RecentWorkspaces />
        </main>
    }
}
