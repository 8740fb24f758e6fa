//! How forecasts of past weeks would have done, from one origin or several.

use app_contract::{BacktestFigures, BacktestOrigin, BacktestScore, BacktestView};
use leptos::prelude::*;

use crate::components::panel::Panel;
use crate::formats::{counted, decimal, integer};

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
    let scores = view.total.scores.iter().cloned().map(|score| view! { <Score score /> }).collect_view();
    let remarks = view.remarks.iter().cloned().map(|remark| view! { <li>{remark}</li> }).collect_view();
    let total = view.total.clone();
    let inner = view.inner;
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
            <div class="table-frame" tabindex="0" role="region" aria-label="Errors of forecasts">
                <table data-testid="backtest-scores">
                    <thead>
                        <tr>
                            <th scope="col">"Forecast"</th>
                            <th scope="col" class="numeric">"Error (WMAPE)"</th>
                            <th scope="col">""</th>
                            <th scope="col" class="numeric">"Bias"</th>
                            <th scope="col" class="numeric">"The model is better by"</th>
                        </tr>
                    </thead>
                    <tbody>{scores}</tbody>
                </table>
            </div>
        </Panel>
        <Panel title="From each origin">
            <Origins origins=view.origins total=view.total />
        </Panel>
        <Panel title="How far its intervals can be trusted">
            <table>
                <tbody>
                    <tr>
                        <th scope="row">"What was sold lay within the 80 % interval"</th>
                        <td>{kept(total.coverage_80, 80.0)}</td>
                    </tr>
                    <tr><th scope="row">"Within the 95 % interval"</th><td>{kept(total.coverage_95, 95.0)}</td></tr>
                </tbody>
            </table>
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
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="numeric">{learnt}</td>
                <td class="numeric">{integer(figures.rows)}</td>
                <td class="numeric">{score(0, |score| score.wmape)}</td>
                <td class="numeric">{score(0, |score| score.bias)}</td>
                <td class="numeric">{score(1, |score| score.value_added)}</td>
                <td class="numeric">{score(2, |score| score.value_added)}</td>
                <td class="numeric">{percent(figures.coverage_80)}</td>
                <td class="numeric">{percent(figures.coverage_95)}</td>
            </tr>
        }
    };
    let rows = origins
        .into_iter()
        .map(|origin| line(origin.first_tested.to_string(), integer(origin.learnt_weeks), origin.figures))
        .collect_view();
    let all = line("All".to_owned(), String::new(), total);
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Origins">
            <table data-testid="backtest-origins">
                <thead>
                    <tr>
                        <th scope="col">"First week forecast"</th>
                        <th scope="col" class="numeric">"Weeks learnt from"</th>
                        <th scope="col" class="numeric">"Forecasts"</th>
                        <th scope="col" class="numeric">"Error (WMAPE)"</th>
                        <th scope="col" class="numeric">"Bias"</th>
                        <th scope="col" class="numeric">"Better than last week by"</th>
                        <th scope="col" class="numeric">"Better than a year ago by"</th>
                        <th scope="col" class="numeric">"In the 80 % interval"</th>
                        <th scope="col" class="numeric">"In the 95 % interval"</th>
                    </tr>
                </thead>
                <tbody>{rows}{all}</tbody>
            </table>
        </div>
    }
}

/// A line with its bar.
#[component]
fn Score(
    /// The forecast.
    score: BacktestScore,
) -> impl IntoView {
    let width = score.wmape.clamp(0.0, 150.0) / 1.5;
    view! {
        <tr>
            <th scope="row">{score.name}</th>
            <td class="numeric">{format!("{} %", decimal(score.wmape, 1))}</td>
            <td class="bar-cell"><span class="error-bar" style:width=format!("{width:.1}%")></span></td>
            <td class="numeric">{format!("{} %", decimal(score.bias, 1))}</td>
            <td class="numeric">{format!("{} %", decimal(score.value_added, 1))}</td>
        </tr>
    }
}
