//! How forecasts of the newest weeks would have done.

use app_contract::{BacktestScore, BacktestView};
use leptos::prelude::*;

use crate::components::panel::Panel;
use crate::formats::{counted, decimal, integer};

/// The back-test, the plain answer first.
#[component]
pub fn Backtest(
    /// What came of it.
    view: BacktestView,
) -> impl IntoView {
    let error = view.scores.first().map_or(f64::NAN, |score| score.wmape);
    let naive = view.scores.get(1).map_or(f64::NAN, |score| score.wmape);
    let answer = format!(
        "Forecasts were off by {} % of what was sold; saying “as last week” by {} %.",
        decimal(error, 1),
        decimal(naive, 1)
    );
    let about = format!(
        "{} from {} on, for the {} that sold most before, learnt from {}; {} forecasts, {} could not be made.",
        counted(view.test_weeks, "week", "weeks"),
        view.first_tested,
        counted(view.products, "product", "products"),
        counted(view.learnt_weeks, "week", "weeks"),
        integer(view.rows),
        integer(view.not_forecast)
    );
    let scores = view.scores.iter().cloned().map(|score| view! { <Score score /> }).collect_view();
    let remarks = view.remarks.iter().cloned().map(|remark| view! { <li>{remark}</li> }).collect_view();
    let kept = |share: f64, wanted: f64| {
        let distance = share - wanted;
        let words = match distance {
            _ if distance.abs() <= 3.0 => "as promised",
            _ if distance > 0.0 => "wider than promised",
            _ => "narrower than promised: trust it less",
        };
        format!("{} %, {words}", decimal(share, 1))
    };
    view! {
        <section class="panel" aria-label="Back-test">
            <div class="panel-body">
                <p class="scenario-answer" data-testid="backtest-answer">{answer}</p>
                <p class="muted">{about}</p>
                <ul class="muted">{remarks}</ul>
            </div>
        </section>
        <Panel title="Against naive forecasts">
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
        <Panel title="How far its intervals can be trusted">
            <table>
                <tbody>
                    <tr><th scope="row">"What was sold lay within the 80 % interval"</th><td>{kept(view.coverage_80, 80.0)}</td></tr>
                    <tr><th scope="row">"Within the 95 % interval"</th><td>{kept(view.coverage_95, 95.0)}</td></tr>
                </tbody>
            </table>
            <details>
                <summary>"Mean and median, and where the settings were chosen"</summary>
                <p>
                    {format!(
                        "The median forecast is off by {} % with a bias of {} %: half of what is sold lies below it, so that it \
                         adds up to too little. On the weeks in which settings were chosen the error was {} %, the bias {} %.",
                        decimal(view.median.0, 1),
                        decimal(view.median.1, 1),
                        decimal(view.inner.0, 1),
                        decimal(view.inner.1, 1)
                    )}
                </p>
                <p class="muted">{format!("Computed in {} ms.", integer(view.elapsed_ms))}</p>
            </details>
        </Panel>
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
