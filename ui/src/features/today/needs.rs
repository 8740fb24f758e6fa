//! What waits for a person, by reason and by what it moves.

use app_contract::{MarginGaps, NeedGroup};
use leptos::prelude::*;
use leptos_router::components::A;
use pricing_domain::{GridFilter, PriceListId};

use crate::components::empty::Empty;
use crate::features::products::grid_query::GridQuery;
use crate::formats::{integer, money};
use crate::routes::proposals_on;

/// The reasons with their counts and what they move.
#[component]
pub fn Needs(
    /// What moves most money first.
    needs: Vec<NeedGroup>,
    /// Ordinary changes that wait.
    pending_changes: u64,
    /// Products that no margin protects.
    gaps: MarginGaps,
    /// On this list.
    price_list: PriceListId,
) -> impl IntoView {
    let unprotected = gaps.products();
    if needs.is_empty() && pending_changes == 0 && unprotected == 0 {
        return view! { <Empty text="Nothing waits for you. What the rules cannot decide will be listed here." /> }
            .into_any();
    }
    let rows = needs
        .into_iter()
        .map(|need| {
            view! {
                <li>
                    <A href=proposals_on(price_list, Some(need.reason)) attr:class="need">
                        <span class="numbers">{integer(need.count)}</span>
                        <span>
                            {need.reason.title()}
                            {need.stake.filter(|stake| stake.amount_minor > 0).map(|stake| {
                                view! { <small class="muted">{format!(" up to {} in 28 days", money(stake))}</small> }
                            })}
                        </span>
                    </A>
                </li>
            }
        })
        .collect_view();
    let ordinary = (pending_changes > 0).then(|| {
        view! {
            <li>
                <A href=proposals_on(price_list, None) attr:class="need">
                    <span class="numbers">{integer(pending_changes)}</span>
                    <span>"Ordinary changes"</span>
                </A>
            </li>
        }
    });
    let unprotected = (unprotected > 0).then(|| {
        let lacks: Vec<String> = match gaps.lacks().as_slice() {
            [(_, lack)] => vec![lack.clone()],
            several => several.iter().map(|(count, lack)| format!("{} {lack}", integer(*count))).collect(),
        };
        let query = GridQuery { filters: vec![GridFilter::NoCost], ..GridQuery::default() };
        view! {
            <li>
                <A href=query.address() attr:class="need">
                    <span class="numbers">{integer(unprotected)}</span>
                    <span>
                        "Products that no margin protects"
                        <small class="muted">{format!(" {}", lacks.join(", "))}</small>
                    </span>
                </A>
            </li>
        }
    });
    view! { <ul class="needs">{rows} {unprotected} {ordinary}</ul> }.into_any()
}
