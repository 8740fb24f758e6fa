//! Competitors: coverage, freshness and failures, each with its settings, schedule and recipes.

use app_contract::{CompetitorView, ListCompetitors};
use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::panel::Panel;
use crate::components::reading::Reading;
use crate::features::competitors::competitor_panel::CompetitorPanel;
use crate::features::competitors::competitor_table::CompetitorTable;
use crate::formats::counted;
use crate::reads::read;

/// The screen of competitors.
#[component]
pub fn CompetitorsPage() -> impl IntoView {
    let competitors = read(|| Some(ListCompetitors {}));
    let open = RwSignal::new(None);
    let known = Memo::new(move |before: Option<&Vec<CompetitorView>>| {
        competitors.value().or_else(|| before.cloned()).unwrap_or_default()
    });
    let shown = Memo::new(move |_| {
        let id = open.get()?;
        known.with(|known| known.iter().find(|one| one.id == id).cloned())
    });
    let close = Callback::new(move |()| open.set(None));
    let waiting = move || known.with(|known| known.iter().map(|one| one.quarantined).sum::<u64>());
    let quarantine = move || match waiting() {
        0 => "Quarantine".to_owned(),
        count => format!("Quarantine: {}", counted(count, "reading waits", "readings wait")),
    };
    let show = move |competitors: Vec<CompetitorView>| view! { <CompetitorTable competitors open /> };
    view! {
        <div class="page with-panel" data-testid="page-competitors">
            <div class="page-main scrolls">
                <div class="page-head">
                    <h1 class="page-title">"Competitors"</h1>
                    <div class="actions">
                        <A href="/competitors/quarantine" attr:class="button" attr:data-testid="to-quarantine">{quarantine}</A>
                        <A href="/matches" attr:class="button">"Matches"</A>
                        <A href="/collection" attr:class="button">"Collection"</A>
                    </div>
                </div>
                <Panel title="Coverage and freshness">
                    <Reading from=competitors lines=8 show />
                </Panel>
            </div>
            {move || shown.get().map(|one| view! { <CompetitorPanel one close /> })}
        </div>
    }
}
