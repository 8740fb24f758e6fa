//! How we stand by brand, category or role.

use app_contract::{GroupStanding, ListGroupStandings};
use leptos::prelude::*;
use pricing_domain::{Currency, IndexForm, MarketFilter, MarketGroup, Money};

use crate::components::reading::Reading;
use crate::formats::{MISSING, index, integer, money, percent};
use crate::reads::read;

const BY: [(MarketGroup, &str); 3] =
    [(MarketGroup::Category, "Category"), (MarketGroup::Brand, "Brand"), (MarketGroup::Role, "Role")];
/// Groups that are shown.
const SHOWN: u32 = 40;

/// The groups, the most revenue first.
#[component]
pub fn Groups(
    /// Which products and competitors.
    #[prop(into)]
    filter: Signal<Option<MarketFilter>>,
    /// The form of the index.
    #[prop(into)]
    form: Signal<IndexForm>,
    /// Of all amounts.
    #[prop(into)]
    currency: Signal<Option<Currency>>,
    /// Narrows the screen to a group.
    pick: Callback<(MarketGroup, String)>,
) -> impl IntoView {
    let by = RwSignal::new(MarketGroup::Category);
    let groups = read(move || {
        filter.get().map(|filter| ListGroupStandings { filter, by: by.get(), form: form.get(), limit: SHOWN })
    });
    let tabs = BY.map(|(one, words)| {
        view! {
            <button type="button" class="tab" aria-pressed=move || (by.get() == one).to_string() on:click=move |_| by.set(one)>
                {words}
            </button>
        }
    });
    let show = move |groups: Vec<GroupStanding>| {
        let revenue =
            |minor: i64| currency.get_untracked().map_or(MISSING.to_owned(), |it| money(Money::new(minor, it)));
        let rows = groups.into_iter().map(|one| {
            let grouped = by.get_untracked();
            let name = match one.name.is_empty() {
                true => view! { <span>"without one"</span> }.into_any(),
                false => {
                    let (words, name) = (one.name.clone(), one.name);
                    view! {
                        <button type="button" class="link-button" on:click=move |_| pick.run((grouped, name.clone()))>
                            {words}
                        </button>
                    }
                    .into_any()
                }
            };
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="numeric">{integer(one.products)}</td>
                    <td class="numeric">{percent(one.coverage_bp)}</td>
                    <td class="numeric">{one.index_centi.map_or(MISSING.to_owned(), index)}</td>
                    <td class="numeric">{format!("{} · {} · {}", one.win, one.tie, one.loss)}</td>
                    <td class="numeric">{revenue(one.revenue_minor)}</td>
                    <td class="numeric">{one.margin_bp.map_or(MISSING.to_owned(), percent)}</td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        view! {
            <div class="table-frame tall" tabindex="0" role="region" aria-label="Groups">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Group"</th>
                            <th scope="col" class="numeric">"Products"</th>
                            <th scope="col" class="numeric">"Coverage"</th>
                            <th scope="col" class="numeric">"Index"</th>
                            <th scope="col" class="numeric">"Cheaper · level · dearer"</th>
                            <th scope="col" class="numeric">"Revenue, 28 days"</th>
                            <th scope="col" class="numeric">"Margin"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    };
    view! {
        <div class="tabs" role="group" aria-label="By what">{tabs.into_iter().collect_view()}</div>
        <Reading from=groups lines=8 show />
    }
}
