//! Revenue and margin of each day.

use app_contract::MarketOverview;
use leptos::prelude::*;
use pricing_domain::{Currency, Money};

use crate::components::empty::Empty;
use crate::formats::{money, thousandths};

/// One line a day, the newest first.
#[component]
pub fn DayByDay(
    /// The figures.
    overview: MarketOverview,
) -> impl IntoView {
    let Some(sales) = overview.sales else {
        return view! { <Empty text="Revenue and margin of each day will be here once sales have been imported." /> }
            .into_any();
    };
    let currency: Currency = overview.currency;
    let amount = move |minor: i64| money(Money::new(minor, currency));
    let most = sales.days.iter().map(|day| day.revenue_minor).max().unwrap_or(0).max(1);
    let rows = sales.days.iter().rev().map(|day| {
        let share = day.revenue_minor.max(0);
        view! {
            <tr>
                <th scope="row">{day.day.to_string()}</th>
                <td class="numeric">{thousandths(day.units_milli)}</td>
                <td class="numeric">{amount(day.revenue_minor)}</td>
                <td class="place-bar"><progress max=most.to_string() value=share.to_string() aria-hidden="true"></progress></td>
                <td class="numeric">{amount(day.margin_minor)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="table-frame tall" tabindex="0" role="region" aria-label="Day by day" data-testid="day-by-day">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Day"</th>
                        <th scope="col" class="numeric">"Units"</th>
                        <th scope="col" class="numeric">"Net revenue"</th>
                        <th scope="col">"Beside the best day"</th>
                        <th scope="col" class="numeric" title="Over sales with a known cost">"Margin"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
