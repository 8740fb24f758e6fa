//! Proposals: exceptions first, decided one by one or many at once, then exported.

use app_contract::StartPricing;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::components::data_grid::DataGrid;
use crate::components::icon::{Glyph, Icon};
use crate::components::menu::Menu;
use crate::components::show::Show;
use crate::features::assistant::desk::AssistantDesk;
use crate::features::products::search_box::SearchBox;
use crate::features::proposals::batch_header::BatchHeader;
use crate::features::proposals::decision_bar::DecisionBar;
use crate::features::proposals::export_approved::ExportApproved;
use crate::features::proposals::filter_query;
use crate::features::proposals::hand_overs::HandOvers;
use crate::features::proposals::held_banner::HeldBanner;
use crate::features::proposals::list_choice::ListChoice;
use crate::features::proposals::proposal_grid::proposal_rows;
use crate::features::proposals::proposal_panel::ProposalPanel;
use crate::features::proposals::publish_menu::PublishMenu;
use crate::features::proposals::reason_tabs::ReasonTabs;
use crate::formats::counted;
use crate::session::Jobs;
use crate::writes::write;

/// The proposals screen.
#[component]
pub fn ProposalsPage() -> impl IntoView {
    let address = use_query_map();
    let filter = Memo::new(move |_| address.with(|map| filter_query::read(|name| map.get(name))));
    let navigate = use_navigate();
    let show = Callback::new(move |filter: app_contract::ProposalFilter| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&filter_query::address(&filter), options);
    });
    let batch = RwSignal::new(None);
    let open = RwSignal::new(None::<app_contract::ProposalRow>);
    let grid = proposal_rows(filter, batch, open);
    let count = move || grid.source.counts().map(|counts| counted(counts.matching, "proposal", "proposals"));
    let search = Callback::new(move |search| {
        show.run(app_contract::ProposalFilter { search, ..filter.get_untracked() });
    });
    let nothing = Signal::derive(move || match batch.get() {
        None => "Proposed prices will be here. Press “Price now” to let the rules price the catalogue.".to_owned(),
        Some(_) => "Nothing here waits for you.".to_owned(),
    });
    let close = Callback::new(move |()| open.set(None));
    let is_open = Memo::new(move |_| open.with(Option::is_some));
    view! {
        <div class="page with-panel" data-testid="page-proposals">
            <div class="page-main">
                <div class="page-head">
                    <h1 class="page-title">"Proposals"</h1>
                    <BatchActions batch />
                </div>
                <HeldBanner batch />
                <BatchHeader batch />
                <ReasonTabs batch filter show />
                <div class="tools">
                    <SearchBox
                        value=Signal::derive(move || filter.with(|filter| filter.search.clone()))
                        search
                        label="SKU or name"
                        testid="proposal-search"
                    />
                    <ListChoice filter show />
                    <span class="count" data-testid="proposals-count" role="status">{count}</span>
                    <DecisionBar grid filter open />
                </div>
                <DataGrid grid label="Proposals" testid="proposal-grid" nothing />
            </div>
            <Show when=move || is_open.get()>
                <ProposalPanel row=open close />
            </Show>
        </div>
    }
}

/// Price now, tell what the batch does, and hand the approved prices over.
#[component]
fn BatchActions(
    /// The newest batch.
    #[prop(into)]
    batch: Signal<Option<app_contract::BatchView>>,
) -> impl IntoView {
    let assistant = expect_context::<AssistantDesk>();
    let jobs = expect_context::<Jobs>();
    let price = write::<StartPricing>(move |job| jobs.heard(job));
    let looking = RwSignal::new(false);
    let pricing = move || jobs.running_of(app_contract::JobKind::Pricing).is_some();
    view! {
        <div class="actions">
            <button
                type="button"
                class="button"
                data-testid="price-now"
                disabled=pricing
                on:click=move |_| { price.run(StartPricing {}); }
            >
                <Icon glyph=Glyph::Play />
                <span>{move || if pricing() { "Pricing…" } else { "Price now" }}</span>
            </button>
            <button
                type="button"
                class="button"
                data-testid="release-notes"
                title="The assistant tells what this batch does, without a model; its answer can be copied"
                disabled=move || batch.with(Option::is_none)
                on:click=move |_| assistant.show_and_ask("Release notes for the last batch")
            >
                "Release notes"
            </button>
            <div class="menu to-the-left">
                <PublishMenu />
            </div>
            <div class="menu to-the-left">
                <ExportApproved />
            </div>
            <div class="menu to-the-left">
                <Menu label="Handed over" testid="hand-overs" open=looking><div class="hand-over-menu"><HandOvers /></div></Menu>
            </div>
        </div>
    }
}
