//! All about the demand of one product: its curve with the weeks it rests on, what each price earns, where it comes from.

use app_contract::{ElasticityView, FindProduct, GetDemandCurve, GetElasticity, GetProfitCurve};
use leptos::prelude::*;
use leptos_router::components::A;

use super::forecast::Forecast;
use super::report::interval;
use crate::components::facts::fact;
use crate::components::reading::Reading;
use crate::components::side_panel::{SidePanel, remembered_width};
use crate::features::analytics::drawn::Drawn;
use crate::features::products::grid_query::GridQuery;
use crate::formats::{MISSING, decimal, integer};
use crate::reads::read;
use crate::session::Session;

const HEIGHT: u32 = 260;
const MICRO: f64 = 1e6;
/// Ends of a 95 % interval in standard errors.
const INTERVAL: f64 = 1.96;

/// The panel.
#[component]
pub fn ElasticityPanel(
    /// Article number of the product.
    sku: RwSignal<Option<String>>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let found = read(move || sku.get().map(|sku| FindProduct { sku }));
    let id = Memo::new(move |_| found.value());
    let view = read(move || Some(GetElasticity { product: id.get()? }));
    let width = RwSignal::new(remembered_width());
    let heading = move || {
        let name = view.value().map(|view| view.row.name);
        view! {
            <h2>{name}</h2>
            <p class="code muted">{move || sku.get()}</p>
        }
    };
    let close = Callback::new(move |()| sku.set(None));
    let curve = move |look| Some(GetDemandCurve { product: id.get()?, look });
    let profit = move |look| Some(GetProfitCurve { product: id.get()?, price_list: session.price_list_id()?, look });
    view! {
        <SidePanel label="Demand of a product" testid="elasticity-panel" width close heading>
            <Reading from=view lines=6 show=|view: ElasticityView| view! { <Facts view /> } />
            <section>
                <h3>"Demand curve"</h3>
                <Drawn ask=curve height=HEIGHT />
                <p class="muted">
                    "A point is a week with sales; hollow ones were mostly sold in a promotion. The thin part of the curve \
                     lies beyond every price that was charged."
                </p>
            </section>
            <section>
                <h3>"What each price earns"</h3>
                <Drawn ask=profit height=HEIGHT />
            </section>
            <Forecast product=id />
        </SidePanel>
    }
}

/// What it was drawn towards, in words.
fn towards(view: &ElasticityView) -> String {
    match (&view.family, &view.category) {
        (Some(family), Some(category)) => format!("its family {family}, and that towards {category}"),
        (Some(family), None) => format!("its family {family}"),
        (None, Some(category)) => category.clone(),
        (None, None) => "nothing, or the whole catalogue".to_owned(),
    }
}

/// The plain answer, and one click further what it rests on.
#[component]
fn Facts(
    /// The product's demand.
    view: ElasticityView,
) -> impl IntoView {
    let row = view.row.clone();
    let answer = match row.elasticity {
        Some(value) => {
            format!("One percent dearer sells {} % less. It rests on {}.", decimal(-value, 2), row.grade.title())
        }
        None => format!("Its sales cannot say how it answers its price. Missing: {}.", row.missing.join("; ")),
    };
    let reaches = |(value, error): (f64, f64)| value + INTERVAL * error >= -1.0;
    let perhaps = row.elasticity.zip(row.error).is_some_and(reaches);
    let inelastic = (row.inelastic || perhaps).then(|| {
        let words = match row.inelastic {
            true => "Demand hardly answers the price: no best price lies inside, and a bound has to be used.",
            false => {
                "Demand may hardly answer the price: its 95 % interval reaches -1, so that no best price can be told."
            }
        };
        view! { <p class="notice caution">{words}</p> }
    });
    let missing = (row.elasticity.is_some() && !row.missing.is_empty()).then(|| {
        view! { <p class="muted">{format!("For an estimate from its own data it lacks: {}.", row.missing.join("; "))}</p> }
    });
    let price = |micro: Option<i64>| micro.map_or_else(|| MISSING.to_owned(), |micro| decimal(micro as f64 / MICRO, 2));
    let used = row.elasticity.zip(row.error).map_or_else(
        || MISSING.to_owned(),
        |(value, error)| {
            format!("{} ({}), standard error {}", decimal(value, 2), interval(value, error), decimal(error, 2))
        },
    );
    let own = view.own.map_or_else(
        || MISSING.to_owned(),
        |(value, error)| {
            format!("{} ({}), standard error {}, HC1", decimal(value, 2), interval(value, error), decimal(error, 2))
        },
    );
    let dropped = view.dropped.iter().map(|(reason, count)| format!("{}: {reason}", integer(*count)));
    let dropped = dropped.collect::<Vec<_>>().join("; ");
    let query = GridQuery { product: Some(row.sku.clone()), search: row.sku.clone(), ..GridQuery::default() };
    view! {
        <section>
            <p class="scenario-answer" data-testid="elasticity-answer">{answer}</p>
            {inelastic}
            {missing}
            <p><A href=query.address()>"Open the product"</A></p>
            <details>
                <summary>"What it rests on"</summary>
                <dl class="facts">
                    {fact("Used", used)}
                    {fact("Its own estimate (95 %)", own)}
                    {fact("Drawn towards", towards(&view))}
                    {fact("Prices of its family", view.siblings_words.clone())}
                    {fact("Prices of competitors", view.rival_words.clone())}
                    {fact("Weeks with sales", integer(view.weeks))}
                    {fact("Different prices charged", integer(view.price_levels))}
                    {fact("Variation of the price", format!("{} %", decimal(view.price_variation, 1)))}
                    {fact(
                        "Prices charged",
                        format!("{} to {} {}", price(view.lowest_micro), price(view.highest_micro), view.currency),
                    )}
                    {fact("Days in a promotion", integer(view.promotion_days))}
                    {fact("Days at another price than asked", integer(view.repriced_days))}
                    {fact("Days left out", if dropped.is_empty() { "none".into() } else { dropped })}
                </dl>
            </details>
        </section>
    }
}
