//! How we stand by brand, category or role.

use app_contract::{GroupStanding, ListGroupStandings};
use leptos::prelude::*;
use pricing_domain::{Currency, IndexForm, MarketFilter, MarketGroup, Money};

use crate::components::reading::Reading;
use crate::components::table::{Cell, Column, TableShape, row};
use crate::components::tabs::tab;
use crate::formats::{MISSING, index, integer, money, percent};
use crate::reads::read;

const BY: [(MarketGroup, &str); 3] =
    [(MarketGroup::Category, "Category"), (MarketGroup::Brand, "Brand"), (MarketGroup::Role, "Role")];
/// Groups that are shown.
const SHOWN: u32 = 40;

const GROUPS: TableShape = TableShape::framed(
    "Groups",
    &[
        Column::head("Group"),
        Column::number("Products"),
        Column::number("Coverage"),
        Column::number("Index"),
        Column::number("Cheaper · level · dearer"),
        Column::number("Revenue, 28 days"),
        Column::number("Margin"),
    ],
)
.tall();

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
    let tabs =
        BY.map(|(one, words)| tab(words, None, None, Signal::derive(move || by.get() == one), move || by.set(one)));
    let show = move |groups: Vec<GroupStanding>| {
        // Drawn again where the currency is known after the groups.
        let currency = currency.get();
        let revenue = |minor: i64| currency.map_or(MISSING.to_owned(), |it| money(Money::new(minor, it)));
        let rows = groups.into_iter().map(|one| {
            let grouped = by.get_untracked();
            let name = match one.name.is_empty() {
                true => "without one".into(),
                false => Cell::button(one.name.clone(), None, move || pick.run((grouped, one.name.clone()))),
            };
            row![
                name,
                integer(one.products),
                percent(one.coverage_bp),
                one.index_centi.map_or(MISSING.to_owned(), index),
                format!("{} · {} · {}", one.win, one.tie, one.loss),
                revenue(one.revenue_minor),
                one.margin_bp.map_or(MISSING.to_owned(), percent)
            ]
        });
        let rows = rows.collect();
        GROUPS.with(rows)
    };
    view! {
        <div class="tabs" role="group" aria-label="By what">{tabs.into_iter().collect_view()}</div>
        <Reading from=groups lines=8 show />
    }
}
