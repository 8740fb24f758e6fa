//! Forecasts: how well past weeks would have been foreseen.

use app_contract::{BacktestDemand, JobKind, JobResult};
use leptos::prelude::*;
use pricing_domain::JobId;

use crate::components::fields::ChoiceInput;
use crate::components::notice::ErrorNotice;
use crate::components::progress::AtWork;
use crate::features::demand::backtest::Backtest;
use crate::features::scenarios::science_tabs::ScienceTabs;
use crate::session::Jobs;
use crate::writes::write;

const WEEKS: [(&str, &str); 3] = [("4", "4 weeks"), ("8", "8 weeks"), ("13", "13 weeks")];
const PRODUCTS: [(&str, &str); 3] =
    [("50", "the 50 that sell most"), ("100", "the 100 that sell most"), ("300", "the 300 that sell most")];
const ORIGINS: [(&str, &str); 4] = [("1", "1 origin"), ("2", "2 origins"), ("3", "3 origins"), ("6", "6 origins")];

/// The screen.
#[component]
pub fn ForecastsPage() -> impl IntoView {
    let jobs = expect_context::<Jobs>();
    let weeks = RwSignal::new("4".to_owned());
    let products = RwSignal::new("50".to_owned());
    let origins = RwSignal::new("3".to_owned());
    // A back-test of before is still there when the screen is opened again.
    let newest = jobs.all().into_iter().find(|job| job.kind == JobKind::ForecastBackTest).map(|job| job.id);
    let asked = RwSignal::new(newest);
    let start = write::<BacktestDemand>(move |job| {
        asked.set(Some(job.id));
        jobs.heard(job);
    });
    let running = Memo::new(move |_| jobs.running_of(JobKind::ForecastBackTest));
    let begin = move |_| {
        let number = |signal: RwSignal<String>| signal.get_untracked().parse().unwrap_or(1);
        start.run(BacktestDemand { weeks: number(weeks), products: number(products), origins: number(origins) });
    };
    let choice = |label, value: RwSignal<String>, choices: &[(&'static str, &'static str)], testid| {
        let set = Callback::new(move |text| value.set(text));
        view! { <ChoiceInput label value choices=choices.to_vec() testid set /> }
    };
    view! {
        <div class="page scrolls" data-testid="page-forecasts">
            <h1 class="page-title">"Forecasts"</h1>
            <ScienceTabs />
            <p class="muted">
                "Past weeks of your sales are forecast from the weeks before them only, and set against what was sold. From \
                 several origins it shows whether that holds at other times too. A product's next weeks are forecast where you \
                 open it under Demand."
            </p>
            <div class="tools">
                {choice("Forecast", weeks, &WEEKS, "backtest-weeks")}
                {choice("Products", products, &PRODUCTS, "backtest-products")}
                {choice("From", origins, &ORIGINS, "backtest-origins-choice")}
                <button
                    type="button"
                    class="button primary"
                    data-testid="start-backtest"
                    disabled=move || running.get().is_some()
                    on:click=begin
                >
                    "Test the past"
                </button>
            </div>
            {move || running.get().map(|job| view! { <AtWork job /> })}
            {move || ended(jobs, asked)}
        </div>
    }
}

/// What came of the last one that was asked for.
fn ended(jobs: Jobs, asked: RwSignal<Option<JobId>>) -> Option<AnyView> {
    let job = asked.get().and_then(|id| jobs.find(id)).filter(|job| job.state.ended())?;
    Some(match (job.result, job.error) {
        (Some(JobResult::ForecastBackTest(view)), _) => view! { <Backtest view=*view /> }.into_any(),
        (_, Some(error)) => {
            let again = Callback::new(move |()| asked.set(None));
            view! { <ErrorNotice message=error.message again /> }.into_any()
        }
        _ => ().into_any(),
    })
}
