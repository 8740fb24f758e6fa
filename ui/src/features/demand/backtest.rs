//! How forecasts of past weeks would have done, from one origin or several.

use app_contract::{BacktestClass, BacktestFigures, BacktestOrigin, BacktestScore, BacktestView};
use leptos::prelude::*;

use crate::components::facts::items;
use crate::components::panel::Panel;
use crate::components::table::{Column, Row, TableShape, row};
use crate::formats::{counted, decimal, integer};

const INTERVALS: TableShape = TableShape::bare(&[Column::head(""), Column::text("")]);

const SCORES: TableShape = TableShape::framed(
    "Errors of forecasts",
    &[
        Column::head("Forecast"),
        Column::number("Error (WMAPE)"),
        Column::text("").class("bar-cell"),
        Column::number("Bias"),
        Column::number("The model is better by"),
    ],
)
.testid("backtest-scores");

/// The back-test, the plain answer first.
#[component]
pub fn Backtest(
    /// What came of it.
    view: BacktestView,
) -> impl IntoView {
    let wmape =
        |figures: &BacktestFigures, place: usize| figures.scores.get(place).map_or(f64::NAN, |score| score.wmape);
    let answer = format!(
        "Forecasts were off by {} % of what was sold; saying “as last week” by {} %, “as a year ago” by {} %.",
        decimal(wmape(&view.total, 0), 1),
        decimal(wmape(&view.total, 1), 1),
        decimal(wmape(&view.total, 2), 1)
    );
    let about = format!(
        "{} from {}, for the {} that sold most before the first of them; {} forecasts, {} could not be made.",
        counted(view.test_weeks, "week", "weeks"),
        counted(view.origins.len() as u64, "origin", "origins"),
        counted(view.products, "product", "products"),
        integer(view.total.rows),
        integer(view.total.not_forecast)
    );
    let scores = view.total.scores.iter().map(score_row).collect();
    let remarks = items(view.remarks.iter().cloned());
    let total = view.total.clone();
    let inner = view.inner;
    let intervals = vec![
        row!["What was sold lay within the 80 % interval", kept(total.coverage_80, 80.0)],
        row!["Within the 95 % interval", kept(total.coverage_95, 95.0)],
    ];
    let elapsed = view.elapsed_ms;
    view! {
        <section class="panel" aria-label="Back-test">
            <div class="panel-body">
                <p class="scenario-answer" data-testid="backtest-answer">{answer}</p>
                <p class="muted">{about}</p>
                <ul class="muted">{remarks}</ul>
            </div>
        </section>
        <Panel title="Against naive forecasts, all origins together">
            {SCORES.with(scores)}
        </Panel>
        <Panel title="From each origin">
            <Origins origins=view.origins total=view.total />
        </Panel>
        <Panel title="By how products sell">
            <Classes classes=total.classes.clone() />
        </Panel>
        <Panel title="How far its intervals can be trusted">
            {INTERVALS.with(intervals)}
            <details>
                <summary>"Mean and median, and where the settings were chosen"</summary>
                <p>
                    {format!(
                        "The mean forecast is off by {} % with a bias of {} %; it adds up to what is sold. The median forecast is off by \
                         {} % with a bias of {} %: half of what is sold lies below it, so that it adds up to too little. On the weeks in \
                         which settings were chosen the error was {} %, the bias {} %.",
                        decimal(total.mean.0, 1),
                        decimal(total.mean.1, 1),
                        decimal(total.median.0, 1),
                        decimal(total.median.1, 1),
                        decimal(inner.0, 1),
                        decimal(inner.1, 1)
                    )}
                </p>
                <p class="muted">{format!("Computed in {} ms.", integer(elapsed))}</p>
            </details>
        </Panel>
    }
}

fn kept(share: f64, wanted: f64) -> String {
    let distance = share - wanted;
    let words = match distance {
        _ if distance.abs() <= 3.0 => "as promised",
        _ if distance > 0.0 => "wider than promised",
        _ => "narrower than promised: trust it less",
    };
    format!("{} %, {words}", decimal(share, 1))
}

const ORIGINS: TableShape = TableShape::framed(
    "Origins",
    &[
        Column::head("First week forecast"),
        Column::number("Weeks learnt from"),
        Column::number("Forecasts"),
        Column::number("Error (WMAPE)"),
        Column::number("Bias"),
        Column::number("Better than last week by"),
        Column::number("Better than a year ago by"),
        Column::number("In the 80 % interval"),
        Column::number("In the 95 % interval"),
    ],
)
.testid("backtest-origins");

/// Each origin with its figures, and all together.
#[component]
fn Origins(
    /// The oldest first.
    origins: Vec<BacktestOrigin>,
    /// All together.
    total: BacktestFigures,
) -> impl IntoView {
    let line = |name: String, learnt: String, figures: BacktestFigures| {
        let percent = |value: f64| format!("{} %", decimal(value, 1));
        let score = |place: usize, of: fn(&BacktestScore) -> f64| {
            figures.scores.get(place).map(|score| percent(of(score))).unwrap_or_default()
        };
        row![
            name,
            learnt,
            integer(figures.rows),
            score(0, |score| score.wmape),
            score(0, |score| score.bias),
            score(1, |score| score.value_added),
            score(2, |score| score.value_added),
            percent(figures.coverage_80),
            percent(figures.coverage_95)
        ]
    };
    let rows = origins
        .into_iter()
        .map(|origin| line(origin.first_tested.to_string(), integer(origin.learnt_weeks), origin.figures))
        .chain(std::iter::once(line("All".to_owned(), String::new(), total)))
        .collect();
    ORIGINS.with(rows)
}

const CLASSES: TableShape = TableShape::framed(
    "Kinds of sellers",
    &[
        Column::head("Sells in"),
        Column::number("Products"),
        Column::number("Forecasts"),
        Column::number("Units a week"),
        Column::number("Error (WMAPE)"),
        Column::number("Bias"),
        Column::number("In the 80 % interval"),
        Column::number("In the 95 % interval"),
        Column::number("80 % interval is wide, units"),
    ],
)
.testid("backtest-classes");

/// Each kind of seller with how far its intervals held.
#[component]
fn Classes(
    /// Those that there are.
    classes: Vec<BacktestClass>,
) -> impl IntoView {
    let percent = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{} %", decimal(value, 1)));
    let rows = classes
        .into_iter()
        .map(|one| {
            row![
                format!("{} ({})", one.class.title(), one.class.name()),
                integer(one.products),
                integer(one.rows),
                decimal(one.mean_units, 1),
                percent(one.wmape),
                percent(one.bias),
                percent(Some(one.coverage_80)),
                percent(Some(one.coverage_95)),
                decimal(one.width_80, 1)
            ]
        })
        .collect();
    view! {
        {CLASSES.with(rows)}
        <p class="muted">
            "What sells in some weeks only is forecast in whole pieces. Such an interval may hold more than it promises: none ends \
             between two pieces."
        </p>
    }
}

/// A line with its bar.
fn score_row(score: &BacktestScore) -> Row {
    let width = score.wmape.clamp(0.0, 150.0) / 1.5;
    row![
        score.name.clone(),
        format!("{} %", decimal(score.wmape, 1)),
        view! { <span class="error-bar" style:width=format!("{width:.1}%")></span> }.into_any(),
        format!("{} %", decimal(score.bias, 1)),
        format!("{} %", decimal(score.value_added, 1))
    ]
}
