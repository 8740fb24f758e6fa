//! Revenue and margin of each day.

use app_contract::MarketOverview;
use leptos::prelude::*;
use pricing_domain::{Currency, Money};

use crate::components::empty::Empty;
use crate::components::table::{Column, TableShape, row};
use crate::formats::{money, thousandths};

const DAYS: TableShape = TableShape::framed(
    "Day by day",
    &[
        Column::head("Day"),
        Column::number("Units"),
        Column::number("Net revenue"),
        Column::text("Beside the best day").class("place-bar"),
        Column::number("Margin").hint("Over sales with a known cost"),
    ],
)
.tall()
.testid("day-by-day");

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
        let bar = view! { <progress max=most.to_string() value=share.to_string() aria-hidden="true"></progress> };
        row![
            day.day.to_string(),
            thousandths(day.units_milli),
            amount(day.revenue_minor),
            bar.into_any(),
            amount(day.margin_minor)
        ]
    });
    let rows = rows.collect();
    DAYS.with(rows)
}
