//! A picture of figures: what each part says on hovering, the same as a table, and as a file.

use app_contract::{ChartMarkView, ExportChart, ExportReport, MarketChartView};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use pricing_domain::PictureFormat;

use crate::components::icon::Glyph;
use crate::components::menu::Menu;
use crate::components::table::{Column, Row, TableShape};
use crate::components::toasts::Toasts;
use crate::features::files::hand_over;
use crate::formats::MISSING;
use crate::writes::write;

/// A part of a picture that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    /// Its row of the table.
    pub row: Vec<String>,
    /// The column it stands for, where a row has several parts.
    pub column: Option<String>,
}

/// The part at a place among the marks.
fn picked(chart: &MarketChartView, place: usize) -> Option<Picked> {
    let mark = chart.marks.get(place)?;
    let row = chart.rows.get(mark.row as usize)?.clone();
    let first = chart.marks.iter().position(|other| other.row == mark.row)?;
    let parts = chart.marks.iter().filter(|other| other.row == mark.row).count();
    let column = (parts > 1).then(|| chart.columns.get(place - first + 1).map(|column| column.0.clone())).flatten();
    Some(Picked { row, column })
}

/// The picture.
#[component]
pub fn MarketChart(
    /// What the host drew.
    chart: MarketChartView,
    /// Takes a part that is clicked, or chosen with Enter.
    #[prop(optional_no_strip)]
    pick: Option<Callback<Picked>>,
) -> impl IntoView {
    let as_table = RwSignal::new(false);
    let chart = StoredValue::new(chart);
    let body = move || match as_table.get() {
        true => chart.with_value(|chart| view! { <AsTable chart=chart.clone() /> }.into_any()),
        false => view! { <Picture chart pick /> }.into_any(),
    };
    view! {
        <figure class="chart market-chart">
            <figcaption>
                <span>{chart.with_value(|chart| chart.title.clone())}</span>
                <span class="chart-tools">
                    <button
                        type="button"
                        class="button quiet small"
                        aria-pressed=move || as_table.get().to_string()
                        on:click=move |_| as_table.update(|table| *table = !*table)
                    >
                        "As a table"
                    </button>
                    <Export chart />
                </span>
            </figcaption>
            {body}
        </figure>
    }
}

/// The picture with what its parts say, by pointer or by arrow keys.
#[component]
fn Picture(
    /// What the host drew.
    chart: StoredValue<MarketChartView>,
    /// Takes a part that is chosen.
    pick: Option<Callback<Picked>>,
) -> impl IntoView {
    let choose = move |place: usize| {
        if let (Some(pick), Some(picked)) = (pick, chart.with_value(|chart| picked(chart, place))) {
            pick.run(picked);
        }
    };
    let frame = NodeRef::<html::Div>::new();
    let at = RwSignal::new(None::<usize>);
    let follow = move |event: ev::PointerEvent| {
        let Some(frame) = frame.get_untracked() else { return };
        let bounds = frame.get_bounding_client_rect();
        let (x, y) = (f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top());
        at.set(chart.with_value(|chart| mark_at(&chart.marks, x, y)));
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let Some(last) = chart.with_value(|chart| chart.marks.len().checked_sub(1)) else { return };
        let now = at.get_untracked();
        let next = match event.key().as_str() {
            "ArrowLeft" | "ArrowUp" => now.map_or(last, |now| now.saturating_sub(1)),
            "ArrowRight" | "ArrowDown" => now.map_or(0, |now| (now + 1).min(last)),
            "Enter" => {
                now.into_iter().for_each(choose);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        at.set(Some(next));
    };
    let hover = move || {
        let place = at.get()?;
        chart.with_value(|chart| chart.marks.get(place).map(layer))
    };
    view! {
        <div
            class="chart-frame"
            node_ref=frame
            role="group"
            tabindex="0"
            class:picks=pick.is_some()
            aria-label=chart
                .with_value(|chart| {
                    let end = if pick.is_some() { ", Enter shows its products" } else { "" };
                    format!("{} Arrow keys move through it{end}.", chart.description)
                })
            on:click=move |_| at.get_untracked().into_iter().for_each(choose)
            on:pointermove=follow
            on:pointerleave=move |_| at.set(None)
            on:blur=move |_| at.set(None)
            on:keydown=on_key
        >
            <div class="chart-picture" inner_html=chart.with_value(|chart| chart.svg.clone())></div>
            <div class="chart-layer" role="status">{hover}</div>
        </div>
    }
}

/// What a part says, beside it.
fn layer(mark: &ChartMarkView) -> impl IntoView + use<> {
    let px = |value: f64| format!("{value:.1}px");
    let (width, height) = (px(mark.right - mark.left), px(mark.bottom - mark.top));
    let lines = mark.words.iter().cloned().map(|line| view! { <p>{line}</p> }).collect_view();
    view! {
        <span class="chart-mark" style:left=px(mark.left) style:top=px(mark.top) style:width=width style:height=height></span>
        <div class="chart-values" style:left=px(mark.right + 8.0) style:top=px(mark.top)>{lines}</div>
    }
}

/// The smallest part under a point, else the nearest one within its column.
fn mark_at(marks: &[ChartMarkView], x: f64, y: f64) -> Option<usize> {
    let area = |mark: &ChartMarkView| (mark.right - mark.left) * (mark.bottom - mark.top);
    let inside = marks
        .iter()
        .enumerate()
        .filter(|(_, mark)| (mark.left..=mark.right).contains(&x) && (mark.top..=mark.bottom).contains(&y));
    inside.min_by(|(_, a), (_, b)| area(a).total_cmp(&area(b))).map(|(place, _)| place)
}

/// The same as a table.
#[component]
fn AsTable(
    /// What the host gave.
    chart: MarketChartView,
) -> impl IntoView {
    let numeric: Vec<bool> = (0..chart.columns.len())
        .map(|column| {
            let mut cells = chart.rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty());
            cells.all(|cell| cell.parse::<f64>().is_ok())
        })
        .collect();
    let titles = chart.columns.iter().map(|(name, unit)| match unit.is_empty() {
        true => name.clone(),
        false => format!("{name} ({unit})"),
    });
    let titles: Vec<String> = titles.collect();
    let columns = titles.iter().zip(numeric).map(|(title, numeric)| match numeric {
        true => Column::number(title),
        false => Column::text(title),
    });
    let columns: Vec<Column> = columns.collect();
    let rows = chart.rows.into_iter().map(|row| {
        let cells = row.into_iter().map(|cell| if cell.is_empty() { MISSING.into() } else { cell.into() });
        Row::new(cells.collect())
    });
    TableShape::framed(&chart.title, &columns).tall().with(rows.collect())
}

/// The same as a file.
#[component]
pub fn Export(
    /// What the host drew.
    chart: StoredValue<MarketChartView>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    let rows = chart.with_value(|chart| chart.rows.len() as u64);
    let export = write::<ExportChart>(move |file| hand_over(ExportReport { file, rows }, toasts));
    let items = move || {
        [
            (PictureFormat::Png, "Picture (PNG)"),
            (PictureFormat::Svg, "Picture (SVG)"),
            (PictureFormat::Csv, "Data (CSV)"),
        ]
        .map(|(format, words)| {
            view! {
                <button
                    type="button"
                    class="menu-item"
                    on:click=move |_| {
                        open.set(false);
                        export.run(ExportChart { chart: chart.get_value(), format });
                    }
                >
                    {words}
                </button>
            }
        })
    };
    view! {
        <span class="menu to-the-left"><Menu label="Save" glyph=Glyph::Export class="small" open>{items()}</Menu></span>
    }
}

#[cfg(test)]
mod tests {
    use app_contract::{ChartMarkView, MarketChartView};

    use super::{Picked, mark_at, picked};

    #[test]
    fn a_cell_of_a_heat_map_is_its_row_and_its_column() {
        let mark = |row| ChartMarkView { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0, words: Vec::new(), row };
        let text = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let chart = MarketChartView {
            svg: String::new(),
            title: String::new(),
            description: String::new(),
            series: Vec::new(),
            marks: [0, 0, 1, 1].map(mark).to_vec(),
            columns: ["Brand", "X", "Y"].map(|name| (name.to_owned(), String::new())).to_vec(),
            rows: vec![text(["Boilo", "1", "2"]), text(["Shine", "3", "4"])],
            csv: String::new(),
        };
        assert_eq!(picked(&chart, 2), Some(Picked { row: text(["Shine", "3", "4"]), column: Some("X".into()) }));
        assert_eq!(picked(&chart, 4), None);
    }

    #[test]
    fn the_smallest_part_under_the_pointer_is_meant() {
        let mark = |left, top, right, bottom| ChartMarkView { left, top, right, bottom, words: Vec::new(), row: 0 };
        let marks = [mark(0.0, 0.0, 100.0, 100.0), mark(10.0, 10.0, 20.0, 20.0)];
        assert_eq!(mark_at(&marks, 15.0, 15.0), Some(1));
        assert_eq!(mark_at(&marks, 50.0, 50.0), Some(0));
        assert_eq!(mark_at(&marks, 150.0, 50.0), None);
    }
}
