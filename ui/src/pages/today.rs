//! Today: what changed, what needs a decision, what failed.

use app_contract::{GetToday, TodayView};
use leptos::prelude::*;
use leptos_router::components::A;
use pricing_domain::PriceListId;

use crate::components::panel::Panel;
use crate::components::reading::Reading;
use crate::features::alerts::lately::LatelyTold;
use crate::features::today::checklist::Checklist;
use crate::features::today::figures::TodayFigures;
use crate::features::today::indexes::Indexes;
use crate::features::today::moves::Moves;
use crate::features::today::needs::Needs;
use crate::features::today::places::Places;
use crate::formats::{age, counted, integer};
use crate::reads::read;
use crate::routes::{Screen, proposals_on};
use crate::session::Session;
use crate::words::read_state;

/// The first screen of the day.
#[component]
pub fn TodayPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let today = read(move || session.price_list_id().map(|price_list| GetToday { price_list }));
    view! {
        <div class="page scrolls" data-testid="page-today">
            <h1 class="page-title">"Today"</h1>
            <Reading
                from=today
                lines=14
                show=move |today: TodayView| {
                    session.price_list_id().map(|price_list| view! { <Day today price_list /> })
                }
            />
        </div>
    }
}

/// The day.
#[component]
fn Day(
    /// Its figures.
    today: TodayView,
    /// On this list.
    price_list: PriceListId,
) -> impl IntoView {
    let ages = ages(&today);
    let steps = today.checklist.clone();
    let checklist = (!steps.is_empty()).then(|| view! { <Panel title="First steps"><Checklist steps /></Panel> });
    let failures = today
        .failures
        .clone()
        .into_iter()
        .map(|group| {
            view! {
                <li>
                    <A href=Screen::Collection.path() attr:class="need">
                        <span class="numbers">{integer(group.count)}</span>
                        <span>{read_state(group.state)} <small class="muted">{group.advice}</small></span>
                    </A>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let failures = (!failures.is_empty())
        .then(|| view! { <Panel title="Pages without a price"><ul class="needs">{failures}</ul></Panel> });
    let held = (!today.held_for.is_empty()).then(|| {
        view! {
            <p class="notice caution" role="status" data-testid="today-held">
                {format!("The newest prices are held: {}. ", today.held_for.join("; "))}
                <A href=proposals_on(price_list, None)>"Look at them"</A>
            </p>
        }
    });
    view! {
        <p class="muted ages">{ages}</p>
        {held}
        <TodayFigures today=today.clone() />
        {checklist}
        <div class="columns">
            <LatelyTold />
            <Panel title="Needs you">
                <Needs
                    needs=today.needs.clone()
                    pending_changes=today.pending_changes
                    gaps=today.gaps.clone()
                    price_list
                />
            </Panel>
            <Panel title="Moves since you looked last">
                <Moves moves=today.moves.clone() since=today.since currency=today.currency />
            </Panel>
            <Panel title="Our place among the offers">
                <Places lost=today.lost.clone() gained=today.gained.clone() currency=today.currency />
            </Panel>
            <Panel title="Price index by competitor">
                <Indexes indexes=today.indexes.clone() />
            </Panel>
            {failures}
        </div>
    }
}

/// How old the figures are.
fn ages(today: &TodayView) -> String {
    let collected = today.collected_at.map_or("Not collected yet".to_owned(), |at| format!("Collected {}", age(at)));
    let priced = today.priced_at.map_or("not priced yet".to_owned(), |at| format!("priced {}", age(at)));
    let mut ages = format!("{collected} · {priced}");
    if today.promotions_ending > 0 {
        let ending = counted(today.promotions_ending, "promotion ends", "promotions end");
        ages.push_str(&format!(" · {ending} within 7 days"));
    }
    ages
}
