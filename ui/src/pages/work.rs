//! Work: what has to be priced because something changed, list by list.

use app_contract::{ListWork, ProposalFilter, WorkCounts, WorkKind, WorkView};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::components::reading::Reading;
use crate::components::tabs::tab;
use crate::features::proposals::filter_query::{address, read as read_filter};
use crate::features::work::tables::{WorkTable, title};
use crate::formats::{integer, money};
use crate::reads::read;
use crate::routes::Screen;
use crate::session::Session;

/// Rows shown at first, and added with each “Show more”.
const ROWS: u32 = 100;

/// The most that the host gives at once.
const MOST: u32 = 500;

/// The lists with their names in the address.
const KINDS: [(WorkKind, &str); 4] = [
    (WorkKind::CostChanges, "costs"),
    (WorkKind::WithoutPrice, "unpriced"),
    (WorkKind::PromotionsStarting, "starting"),
    (WorkKind::PromotionsEnding, "ending"),
];

/// The screen.
#[component]
pub fn WorkPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let query = use_query_map();
    let kind = Memo::new(move |_| {
        let named = query.with(|map| map.get("list").unwrap_or_default());
        KINDS.iter().find(|(_, name)| *name == named).map_or(WorkKind::CostChanges, |(kind, _)| *kind)
    });
    let limit = RwSignal::new(ROWS);
    let work = read(move || {
        let price_list = session.price_list_id()?;
        Some(ListWork { kind: kind.get(), price_list, offset: 0, limit: limit.get() })
    });
    let counts = Memo::new(move |before: Option<&Option<WorkCounts>>| {
        work.value().map(|view| view.counts).or_else(|| before.copied().flatten())
    });
    let navigate = use_navigate();
    let tabs = KINDS.map(|(one, name)| {
        let navigate = navigate.clone();
        let count = move || counts.get().map(|counts| integer(counts.of(one)));
        let choose = move || {
            limit.set(ROWS);
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&format!("{}?list={name}", Screen::Work.path()), options);
        };
        let pressed = Signal::derive(move || kind.get() == one);
        tab(title(one), Some(format!("work-{name}")), Some(count.into_any()), pressed, choose)
    });
    view! {
        <div class="page scrolls" data-testid="page-work">
            <h1 class="page-title">"Work"</h1>
            <div class="tabs" role="group" aria-label="Which list">{tabs}</div>
            <Reading
                from=work
                lines=12
                show=move |view: WorkView| {
                    view! {
                        <Waiting view=view.clone() />
                        <More view=view.clone() limit />
                        <WorkTable view />
                    }
                }
            />
        </div>
    }
}

/// What waiting costs over the whole list, and how to decide it.
#[component]
fn Waiting(
    /// The list.
    view: WorkView,
) -> impl IntoView {
    let waiting = view.waiting_day.filter(|_| view.counts.cost_changes > 0).map(|day| {
        let words = "At the units of 28 days; only where the rules ask for a higher price";
        view! { <p title=words data-testid="work-waiting">{format!("Waiting costs {} a day.", money(day))}</p> }
    });
    let link = (view.counts.of(view.kind) > 0).then(|| {
        let filter = ProposalFilter { work: Some(view.kind), ..read_filter(|_| None) };
        view! { <p><a href=address(&filter) data-testid="work-proposals">"Their proposals"</a></p> }
    });
    view! {
        {waiting}
        {link}
    }
}

/// Asks for more rows.
#[component]
fn More(
    /// What is shown.
    view: WorkView,
    /// How many rows are asked for.
    limit: RwSignal<u32>,
) -> impl IntoView {
    let (all, shown) = (view.counts.of(view.kind), view.rows.len() as u64);
    (shown < all && limit.get_untracked() < MOST).then(|| {
        let words = format!("{} of {}: show more", integer(shown), integer(all));
        let more = move |_| limit.update(|limit| *limit = (*limit + ROWS).min(MOST));
        view! { <button type="button" class="button small" data-testid="work-more" on:click=more>{words}</button> }
    })
}
