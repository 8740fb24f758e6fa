//! A picture that the host draws as wide as its place and in the colours of the theme.

use app_contract::{ChartRequestLook, Command, MarketChartView};
use leptos::html;
use leptos::prelude::*;

use super::market_chart::{MarketChart, Picked};
use crate::appearance::{Appearance, chart_palette};
use crate::components::reading::Reading;
use crate::reads::{Read, read};

/// The least width of a picture, in pixels.
const NARROWEST: u32 = 320;

/// The picture.
#[component]
pub fn Drawn<C, F>(
    /// Makes the question; `None`: there is nothing to ask yet.
    ask: F,
    /// Pixels.
    height: u32,
    /// Takes a part that is chosen.
    #[prop(optional_no_strip)]
    pick: Option<Callback<Picked>>,
) -> impl IntoView
where
    C: Command<Answer = MarketChartView>,
    F: Fn(ChartRequestLook) -> Option<C> + 'static,
{
    let appearance = expect_context::<Appearance>();
    let frame = NodeRef::<html::Div>::new();
    // The page is laid out by the time an effect runs; before, a card has no width.
    let width = RwSignal::new(None);
    Effect::new(move |_| {
        if let Some(frame) = frame.get() {
            width.set(u32::try_from(frame.client_width()).ok().map(|width| width.max(NARROWEST)));
        }
    });
    let chart: Read<MarketChartView> = read(move || {
        appearance.resolved();
        ask(ChartRequestLook { width: width.get()?, height, palette: chart_palette() })
    });
    view! {
        <div class="drawn" node_ref=frame>
            <Reading from=chart lines=9 show=move |chart: MarketChartView| view! { <MarketChart chart pick /> } />
        </div>
    }
}
