//! Forecasts: how well the newest weeks would have been foreseen.

use app_contract::{BacktestDemand, BacktestView};
use leptos::prelude::*;

use crate::components::fields::ChoiceInput;
use crate::components::reading::Reading;
use crate::features::demand::backtest::Backtest;
use crate::features::scenarios::science_tabs::ScienceTabs;
use crate::reads::read;

const WEEKS: [(&str, &str); 3] = [("4", "4 weeks"), ("8", "8 weeks"), ("13", "13 weeks")];
const PRODUCTS: [(&str, &str); 3] =
    [("50", "the 50 that sell most"), ("100", "the 100 that sell most"), ("300", "the 300 that sell most")];

/// The screen.
#[component]
pub fn ForecastsPage() -> impl IntoView {
    let weeks = RwSignal::new("8".to_owned());
    let products = RwSignal::new("50".to_owned());
    let answer =
        read(move || Some(BacktestDemand { weeks: weeks.get().parse().ok()?, products: products.get().parse().ok()? }));
    view! {
        <div class="page scrolls" data-testid="page-forecasts">
            <h1 class="page-title">"Forecasts"</h1>
            <ScienceTabs />
            <p class="muted">
                "The newest weeks of your sales are forecast from the weeks before them only, and set against what was sold. \
                 It takes from seconds to a minute; the answer is kept until your data changes."
            </p>
            <div class="tools">
                <ChoiceInput
                    label="Tested"
                    value=weeks
                    choices=WEEKS.to_vec()
                    testid="backtest-weeks"
                    set=Callback::new(move |text| weeks.set(text))
                />
                <ChoiceInput
                    label="Products"
                    value=products
                    choices=PRODUCTS.to_vec()
                    testid="backtest-products"
                    set=Callback::new(move |text| products.set(text))
                />
            </div>
            <Reading from=answer lines=10 show=|view: BacktestView| view! { <Backtest view /> } />
        </div>
    }
}
