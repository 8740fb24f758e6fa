//! Matches: our products on competitors' pages, reviewed by keyboard.

use leptos::ev;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::components::data_grid::DataGrid;
use crate::components::show::Show;
use crate::features::matches::columns::match_rows;
use crate::features::matches::decision_bar::{Deciding, DecisionBar};
use crate::features::matches::filter_query;
use crate::features::matches::match_panel::MatchPanel;
use crate::features::matches::search_form::SearchForm;
use crate::features::matches::state_tabs::StateTabs;
use crate::features::products::search_box::SearchBox;
use crate::formats::counted;

/// The screen of matches.
#[component]
pub fn MatchesPage() -> impl IntoView {
    let address = use_query_map();
    let filter = Memo::new(move |_| address.with(|map| filter_query::read(|name| map.get(name))));
    let navigate = use_navigate();
    let show = Callback::new(move |filter: app_contract::MatchFilter| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&filter_query::address(&filter), options);
    });
    let counts = RwSignal::new(None);
    let open = RwSignal::new(None::<app_contract::MatchRow>);
    let grid = match_rows(filter, counts, open);
    let deciding = Deciding::new(grid, filter, open);
    let count = move || grid.source.counts().map(|counts| counted(counts.matching, "match", "matches"));
    let search = Callback::new(move |search| {
        show.run(app_contract::MatchFilter { search, ..filter.get_untracked() });
    });
    let nothing = Signal::derive(move || match deciding.is_open_list() {
        true => "Nothing waits. Find products at a competitor, or import a file of matches under Products.".to_owned(),
        false => "Nothing was decided so yet.".to_owned(),
    });
    let close = Callback::new(move |()| open.set(None));
    let is_open = Memo::new(move |_| open.with(Option::is_some));
    let on_key = move |event: ev::KeyboardEvent| {
        deciding.on_key(&event);
    };
    view! {
        <div class="page with-panel" data-testid="page-matches" on:keydown=on_key>
            <div class="page-main">
                <div class="page-head">
                    <h1 class="page-title">"Matches"</h1>
                    <div class="actions menu to-the-left"><SearchForm /></div>
                </div>
                <StateTabs counts filter show />
                <div class="tools">
                    <SearchBox
                        value=Signal::derive(move || filter.with(|filter| filter.search.clone()))
                        search
                        label="Title, address, SKU or name"
                        testid="match-search"
                    />
                    <span class="count" data-testid="matches-count" role="status">{count}</span>
                    <Show when=move || deciding.is_open_list()><DecisionBar deciding /></Show>
                </div>
                <DataGrid grid label="Matches" testid="match-grid" nothing />
            </div>
            <Show when=move || is_open.get()>
                <MatchPanel row=open deciding close />
            </Show>
        </div>
    }
}
