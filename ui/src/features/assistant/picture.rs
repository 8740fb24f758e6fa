//! A picture of an answer, drawn by the command of the screen it is from, in the colours of the theme.

use app_contract::{AnswerChart, AnswerPicture, GetIndexHistory, GetMarginBridge, ToolStep};
use leptos::html;
use leptos::prelude::*;
use pricing_domain::{PriceListId, ProductId};

use super::step::source;
use crate::features::analytics::drawn::Drawn;
use crate::features::product::chart::PriceChart;

/// Pixels down.
const HEIGHT: u32 = 220;
/// A panel's width before it is laid out.
const USUAL_WIDTH: f64 = 386.0;

/// The picture, and what it shows in words.
#[component]
pub fn AnswerPictureView(
    /// Which one.
    chart: AnswerChart,
    /// What figures come from.
    steps: StoredValue<Vec<ToolStep>>,
) -> impl IntoView {
    let picture = match chart.picture {
        AnswerPicture::PriceHistory { product, price_list, days } => {
            view! { <Prices product price_list days /> }.into_any()
        }
        AnswerPicture::IndexHistory(filter) => {
            let ask = move |look| Some(GetIndexHistory { filter: filter.clone(), look });
            view! { <Drawn ask height=HEIGHT /> }.into_any()
        }
        AnswerPicture::MarginBridge { filter, weeks } => {
            let ask = move |look| Some(GetMarginBridge { filter: filter.clone(), weeks, look });
            view! { <Drawn ask height=HEIGHT /> }.into_any()
        }
    };
    view! {
        <div class="answer-picture" data-testid="answer-picture" role="group" aria-label=chart.title>
            {picture}
            <details>
                <summary>"In words"</summary>
                <p>{chart.alternative}</p>
            </details>
            {source(steps, chart.step)}
        </div>
    }
}

/// Prices as wide as their place.
#[component]
fn Prices(
    /// Whose.
    product: ProductId,
    /// Whose own price.
    price_list: PriceListId,
    /// Days back.
    days: u32,
) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let width = RwSignal::new(USUAL_WIDTH);
    Effect::new(move |_| {
        if let Some(frame) = frame.get().filter(|frame| frame.client_width() > 0) {
            width.set(f64::from(frame.client_width()) + 34.0);
        }
    });
    view! { <div node_ref=frame><PriceChart product price_list width days /></div> }
}
