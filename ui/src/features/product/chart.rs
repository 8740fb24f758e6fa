//! The price history, drawn by the host in the colours of the theme, with a layer for hovering, a table instead, and as a
//! file.

use app_contract::{ChartView, GetPriceChart, MarketChartView};
use leptos::prelude::*;
use pricing_domain::{CivilDate, Instant, PriceListId, ProductId, format_scaled};

use super::chart_hover::ChartHover;
use super::chart_table::ChartTable;
use crate::appearance::{Appearance, chart_palette};
use crate::components::reading::Reading;
use crate::features::analytics::market_chart::Export;
use crate::formats::now;
use crate::reads::read;

/// Room at the sides of the panel.
const SIDES: f64 = 34.0;
const HEIGHT: u32 = 240;
/// How far back can be looked, in days.
const SPANS: [(u32, &str); 3] = [(30, "30 days"), (90, "90 days"), (365, "1 year")];
/// The closest and the widest look, in days.
const CLOSEST: u32 = 4;
const WIDEST: u32 = 3_660;

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
    let until = RwSignal::new(None::<CivilDate>);
    let as_table = RwSignal::new(false);
    let chart = read(move || {
        appearance.resolved();
        let width = (width.get() - SIDES).max(240.0) as u32;
        let (days, until) = (days.get(), until.get());
        Some(GetPriceChart { product, price_list, width, height: HEIGHT, days, until, palette: chart_palette() })
    });
    let spans = SPANS.map(|(span, words)| {
        view! {
            <button
                type="button"
                class="button quiet small"
                aria-pressed=move || (until.get().is_none() && days.get() == span).to_string()
                on:click=move |_| {
                    days.set(span);
                    until.set(None);
                }
            >
                {words}
            </button>
        }
    });
    let zoom = move |closer: bool| {
        until.set(Some(centre_end(until.get_untracked(), days.get_untracked(), closer)));
        days.update(|days| *days = if closer { (*days / 2).max(CLOSEST) } else { (*days * 2).min(WIDEST) });
    };
    let shift = move |back: bool| {
        let step = i64::from((days.get_untracked() / 2).max(1));
        until.set(Some(moved(until.get_untracked(), if back { -step } else { step })));
    };
    view! {
        <div class="chart-tools">
            {spans}
            <button type="button" class="button quiet small" aria-label="Earlier" title="Earlier" on:click=move |_| shift(true)>
                "◀"
            </button>
            <button
                type="button"
                class="button quiet small"
                aria-label="Later"
                title="Later"
                disabled=move || until.get().is_none()
                on:click=move |_| shift(false)
            >
                "▶"
            </button>
            <button type="button" class="button quiet small" data-testid="chart-closer" on:click=move |_| zoom(true)>
                "Zoom in"
            </button>
            <button type="button" class="button quiet small" on:click=move |_| zoom(false)>"Zoom out"</button>
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
            show=move |chart: ChartView| {
                let file = StoredValue::new(as_file(&chart));
                let body = match as_table.get() {
                    true => view! { <ChartTable chart /> }.into_any(),
                    false => view! { <ChartHover chart /> }.into_any(),
                };
                view! {
                    {body}
                    <div class="chart-tools"><Export chart=file /></div>
                }
            }
        />
    }
}

fn today() -> CivilDate {
    now().utc_date()
}

/// A last day moved by some days, not beyond today.
fn moved(until: Option<CivilDate>, days: i64) -> CivilDate {
    let end = Instant::at_utc_midnight(until.unwrap_or_else(today)).plus_days(days).utc_date();
    end.min(today())
}

/// The last day of half, or twice, as many days around the same middle.
fn centre_end(until: Option<CivilDate>, days: u32, closer: bool) -> CivilDate {
    let days = i64::from(days);
    moved(until, if closer { -days / 4 } else { days / 2 })
}

/// The picture with its data, for a file.
fn as_file(chart: &ChartView) -> MarketChartView {
    let digits = chart.currency.minor_digits();
    let unit = chart.currency.to_string();
    let columns: Vec<(String, String)> = std::iter::once(("When".to_owned(), String::new()))
        .chain(chart.series.iter().map(|series| (series.name.clone(), unit.clone())))
        .collect();
    let rows: Vec<Vec<String>> = chart
        .points
        .iter()
        .map(|point| {
            let amount = |place: usize| {
                let value = point.values.iter().find(|value| value.series as usize == place);
                value.map_or_else(String::new, |value| format_scaled(value.amount_minor, digits))
            };
            std::iter::once(point.at.to_string()).chain((0..chart.series.len()).map(amount)).collect()
        })
        .collect();
    let heads = columns.iter().map(|(name, unit)| match unit.is_empty() {
        true => name.clone(),
        false => format!("{name} ({unit})"),
    });
    let lines = std::iter::once(csv_line(heads)).chain(rows.iter().map(|row| csv_line(row.iter().cloned())));
    MarketChartView {
        csv: lines.collect(),
        svg: chart.svg.clone(),
        title: chart.title.clone(),
        description: chart.description.clone(),
        series: chart.series.clone(),
        marks: Vec::new(),
        columns,
        rows,
    }
}

fn csv_line(cells: impl Iterator<Item = String>) -> String {
    let quoted = cells.map(|cell| match cell.contains([',', '"', '\n']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    });
    format!("{}\r\n", quoted.collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use app_contract::{ChartPoint, ChartSeries, ChartValue, ChartView};
    use pricing_domain::Currency;

    use super::as_file;

    #[test]
    fn a_history_as_a_file_has_a_column_for_each_seller_and_gaps_where_nothing_was_read() {
        let series = |name: &str| ChartSeries { name: name.into(), color: "#000".into() };
        let value = |series, amount_minor| ChartValue { series, y: 0.0, amount_minor };
        let point = |at: &str, values| ChartPoint { x: 0.0, at: at.parse().expect("an instant"), values };
        let chart = ChartView {
            svg: "<svg/>".into(),
            title: String::new(),
            description: String::new(),
            series: vec![series("Ours"), series("Volt, Berlin")],
            points: vec![
                point("2026-03-01T00:00:00Z", vec![value(0, 2_999)]),
                point("2026-03-02T00:00:00Z", vec![value(0, 2_999), value(1, 2_700)]),
            ],
            currency: Currency::EUR,
            plot_left: 0.0,
            plot_right: 0.0,
            plot_top: 0.0,
            plot_bottom: 0.0,
        };
        let csv = as_file(&chart).csv;
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[0], "When,Ours (EUR),\"Volt, Berlin (EUR)\"");
        assert!(lines[1].ends_with(",29.99,") && lines[2].ends_with(",29.99,27.00"), "{csv}");
    }
}
