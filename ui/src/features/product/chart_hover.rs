//! The picture with a crosshair and all values at one instant, by pointer or by arrow keys.

use app_contract::{ChartPoint, ChartView};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use pricing_domain::Money;

use crate::formats::{date_time, money};

/// The picture and its hover layer.
#[component]
pub fn ChartHover(
    /// What the host drew.
    chart: ChartView,
) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let at = RwSignal::new(None::<usize>);
    let xs: Vec<f64> = chart.points.iter().map(|point| point.x).collect();
    let last = xs.len().checked_sub(1);
    let follow = move |event: ev::PointerEvent| {
        let Some(frame) = frame.get_untracked() else { return };
        let x = f64::from(event.client_x()) - frame.get_bounding_client_rect().left();
        at.set(nearest(&xs, x));
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let Some(last) = last else { return };
        let now = at.get_untracked();
        let next = match event.key().as_str() {
            "ArrowLeft" => now.map_or(last, |now| now.saturating_sub(1)),
            "ArrowRight" => now.map_or(0, |now| (now + 1).min(last)),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        at.set(Some(next));
    };
    let (title, description, svg) = (chart.title.clone(), chart.description.clone(), chart.svg.clone());
    let chart = StoredValue::new(chart);
    let hover = move || {
        let place = at.get()?;
        chart.with_value(|chart| chart.points.get(place).map(|point| layer(chart, point)))
    };
    view! {
        <figure class="chart">
            <figcaption>{title}</figcaption>
            <div
                class="chart-frame"
                node_ref=frame
                role="group"
                tabindex="0"
                aria-label=format!("{description} Arrow keys move through the changes.")
                data-testid="price-chart"
                on:pointermove=follow
                on:pointerleave=move |_| at.set(None)
                on:blur=move |_| at.set(None)
                on:keydown=on_key
            >
                <div class="chart-picture" inner_html=svg></div>
                <div class="chart-layer" role="status">{hover}</div>
            </div>
        </figure>
    }
}

/// The crosshair and the values.
fn layer(chart: &ChartView, point: &ChartPoint) -> impl IntoView + use<> {
    let px = |value: f64| format!("{value:.1}px");
    let height = px(chart.plot_bottom - chart.plot_top);
    let left_half = point.x < (chart.plot_left + chart.plot_right) / 2.0;
    let mut values = point.values.clone();
    values.sort_by_key(|value| value.amount_minor);
    let dots = point
        .values
        .iter()
        .filter_map(|value| {
            let color = chart.series.get(value.series as usize)?.color.clone();
            Some(view! {
                <span class="chart-dot" style:left=px(point.x) style:top=px(value.y) style:background=color></span>
            })
        })
        .collect_view();
    let lines = values
        .into_iter()
        .filter_map(|value| {
            let series = chart.series.get(value.series as usize)?.clone();
            let price = money(Money::new(value.amount_minor, chart.currency));
            Some(view! {
                <li>
                    <span class="chart-key" style:background=series.color></span>
                    <span>{series.name}</span>
                    <span class="numbers">{price}</span>
                </li>
            })
        })
        .collect_view();
    let edge = if left_half { px(point.x + 12.0) } else { "auto".to_owned() };
    let other = if left_half { "auto".to_owned() } else { format!("calc(100% - {:.1}px)", point.x - 12.0) };
    view! {
        <span class="chart-cross" style:left=px(point.x) style:top=px(chart.plot_top) style:height=height></span>
        {dots}
        <div class="chart-values" data-testid="chart-hover" style:left=edge style:right=other>
            <p>{date_time(point.at)}</p>
            <ul>{lines}</ul>
        </div>
    }
}

/// The place of the value nearest to `x` in ascending values.
fn nearest(xs: &[f64], x: f64) -> Option<usize> {
    let after = xs.partition_point(|known| *known < x);
    match (after.checked_sub(1), xs.get(after)) {
        (Some(before), Some(next)) => Some(if x - xs[before] <= next - x { before } else { after }),
        (Some(before), None) => Some(before),
        (None, Some(_)) => Some(0),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_pointer_finds_the_nearest_instant() {
        let xs = [10.0, 20.0, 40.0];
        assert_eq!(nearest(&xs, 0.0), Some(0));
        assert_eq!(nearest(&xs, 14.0), Some(0));
        assert_eq!(nearest(&xs, 16.0), Some(1));
        assert_eq!(nearest(&xs, 99.0), Some(2));
        assert_eq!(nearest(&[], 5.0), None);
    }
}
