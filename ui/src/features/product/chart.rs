//! The price history, drawn by the host in the colours of the theme, with a layer for hovering and a table instead.

use app_contract::GetPriceChart;
use leptos::prelude::*;
use pricing_domain::{PriceListId, ProductId};

use super::chart_hover::ChartHover;
use super::chart_table::ChartTable;
use crate::appearance::{Appearance, chart_palette};
use crate::components::reading::Reading;
use crate::reads::read;

/// Room at the sides of the panel.
const SIDES: f64 = 34.0;
const HEIGHT: u32 = 240;
/// How far back can be looked, in days.
const SPANS: [(u32, &str); 3] = [(30, "30 days"), (90, "90 days"), (365, "1 year")];

/// The chart.
#[component]
pub fn PriceChart(
    /// Whose history.
    product: ProductId,
    /// Whose own price.
    price_list: PriceListId,
    /// Pixels of the panel.
    width: RwSignal<f64>,
    /// Days back, to begin with.
    #[prop(default = 90)]
    days: u32,
) -> impl IntoView {
    let appearance = expect_context::<Appearance>();
    let days = RwSignal::new(days);
    let as_table = RwSignal::new(false);
    let chart = read(move || {
        appearance.resolved();
        let width = (width.get() - SIDES).max(240.0) as u32;
        Some(GetPriceChart { product, price_list, width, height: HEIGHT, days: days.get(), palette: chart_palette() })
    });
    let spans = SPANS.map(|(span, words)| {
        view! {
            <button
                type="button"
                class="button quiet small"
                aria-pressed=move || (days.get() == span).to_string()
                on:click=move |_| days.set(span)
            >
                {words}
            </button>
        }
    });
    view! {
        <div class="chart-tools">
            {spans}
            <button
                type="button"
                class="button quiet small"
                aria-pressed=move || as_table.get().to_string()
                on:click=move |_| as_table.update(|table| *table = !*table)
            >
                "As a table"
            </button>
        </div>
        <Reading
            from=chart
            lines=8
            show=move |chart| match as_table.get() {
                true => view! { <ChartTable chart /> }.into_any(),
                false => view! { <ChartHover chart /> }.into_any(),
            }
        />
    }
}
