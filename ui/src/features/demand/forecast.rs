//! What a product is expected to sell in the next weeks: the plan, the plain answer, the picture, the weeks.

use app_contract::{DrawForecast, ForecastPlan, ForecastProduct, ForecastView, ForecastWeek, PlannedPromotion};
use leptos::prelude::*;
use pricing_domain::{Currency, Money, ProductId};

use crate::components::facts::items;
use crate::components::fields::{ChoiceInput, NumberInput};
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::components::table::{Column, Row, TableShape, row};
use crate::features::analytics::drawn::Drawn;
use crate::formats::{counted, decimal, integer, money};
use crate::reads::read;
use crate::session::Session;

const HEIGHT: u32 = 280;
const WEEKS: [(&str, &str); 3] = [("8", "8 weeks"), ("10", "10 weeks"), ("13", "13 weeks")];

/// A plan as it is typed.
#[derive(Clone, Copy)]
struct Typed {
    weeks: RwSignal<String>,
    price: RwSignal<Option<i64>>,
    promotion: RwSignal<Option<i64>>,
    first_week: RwSignal<Option<i64>>,
    lasts: RwSignal<Option<i64>>,
}

impl Typed {
    fn new() -> Self {
        Self {
            weeks: RwSignal::new(WEEKS[0].0.to_owned()),
            price: RwSignal::new(None),
            promotion: RwSignal::new(None),
            first_week: RwSignal::new(Some(1)),
            lasts: RwSignal::new(Some(2)),
        }
    }

    /// Weeks and plan, as they stand now.
    fn plan(&self) -> (u32, ForecastPlan) {
        let whole = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok()).unwrap_or(1);
        let promotion = self.promotion.get_untracked().map(|price_minor| PlannedPromotion {
            price_minor,
            first_week: whole(self.first_week.get_untracked()),
            weeks: whole(self.lasts.get_untracked()),
        });
        let weeks = self.weeks.get_untracked().parse().unwrap_or(8);
        (weeks, ForecastPlan { price_minor: self.price.get_untracked(), promotion })
    }
}

/// The section of a product's demand.
#[component]
pub fn Forecast(
    /// The product.
    product: Memo<Option<ProductId>>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let typed = Typed::new();
    let asked = RwSignal::new(None::<(ProductId, u32, ForecastPlan)>);
    let answer = read(move || {
        let (product, weeks, plan) = asked.get().filter(|(asked, ..)| product.get() == Some(*asked))?;
        Some(ForecastProduct { product, price_list: session.price_list_id()?, weeks, plan })
    });
    let is_asked = Memo::new(move |_| {
        let of = asked.with(|asked| asked.as_ref().map(|(asked, ..)| *asked));
        of.is_some() && of == product.get()
    });
    let ask = move |_| {
        let (weeks, plan) = typed.plan();
        asked.set(product.get_untracked().map(|product| (product, weeks, plan)));
    };
    let digits = session.price_list().map_or(2, |list| list.currency.minor_digits());
    view! {
        <section data-testid="forecast" aria-label="Forecast">
            <h3>"The next weeks"</h3>
            <p class="muted">
                "Prices and promotions that are planned in the workspace are followed; others can be tried here."
            </p>
            <div class="form inline-form">
                <ChoiceInput
                    label="Forecast"
                    value=typed.weeks
                    choices=WEEKS.to_vec()
                    testid="forecast-weeks"
                    set=Callback::new(move |text| typed.weeks.set(text))
                />
                <NumberInput
                    label="At another price"
                    value=None
                    digits
                    optional=true
                    testid="forecast-price"
                    set=Callback::new(move |value| typed.price.set(value))
                />
                <NumberInput
                    label="Promotion at"
                    value=None
                    digits
                    optional=true
                    testid="forecast-promotion"
                    set=Callback::new(move |value| typed.promotion.set(value))
                />
                <NumberInput
                    label="from week"
                    value=Some(1)
                    digits=0
                    set=Callback::new(move |value| typed.first_week.set(value))
                />
                <NumberInput
                    label="for"
                    value=Some(2)
                    digits=0
                    unit="weeks"
                    set=Callback::new(move |value| typed.lasts.set(value))
                />
                <button type="button" class="button primary" data-testid="start-forecast" on:click=ask>
                    "Forecast"
                </button>
            </div>
            <Show when=move || is_asked.get()>
                <Reading from=answer lines=12 show=|view: ForecastView| view! { <Ahead view /> } />
            </Show>
        </section>
    }
}

const WEEKS_AHEAD: TableShape = TableShape::framed(
    "Weeks ahead",
    &[
        Column::head("Week of"),
        Column::number("Price"),
        Column::number("Median"),
        Column::number("Mean"),
        Column::number("80 % between"),
        Column::number("95 % between").class("muted"),
        Column::text("").class("muted"),
    ],
)
.testid("forecast-weeks-ahead");

/// What is expected, the plain answer first.
#[component]
fn Ahead(
    /// The forecast.
    view: ForecastView,
) -> impl IntoView {
    let remarks = items(view.remarks.iter().cloned());
    let rests = format!(
        "It rests on {} since the first sale, {} of them with sales, and on {} of its category; past forecasts of such weeks were \
         off by {} % of what was sold. {} of them give the intervals.",
        counted(view.known_weeks, "week", "weeks"),
        integer(view.sold_weeks),
        counted(view.neighbours, "other", "others"),
        decimal(view.off_percent, 0),
        integer(view.errors)
    );
    let (past, weeks) = (view.past.clone(), view.weeks.clone());
    let draw = move |look| Some(DrawForecast { past: past.clone(), weeks: weeks.clone(), look });
    let currency = view.currency;
    let rows = view.weeks.iter().map(|week| row(week, currency)).collect();
    view! {
        <p class="scenario-answer" data-testid="forecast-answer">{answer(&view)}</p>
        <ul class="muted">{remarks}</ul>
        <Drawn ask=draw height=HEIGHT />
        <p class="muted">
            "Thick: the median, half of such weeks sell less. Thin: the mean, which adds up over weeks. Dark: 80 of 100 such weeks; \
             light: 95. Points are weeks that are known; hollow ones were mostly sold in a promotion."
        </p>
        {WEEKS_AHEAD.with(rows)}
        <p class="muted">{rests}</p>
    }
}

/// “98 units are expected in 8 weeks, 12.3 in the first; 8 of 10 such weeks sell 7 to 20.”
fn answer(view: &ForecastView) -> String {
    let all = format!("{} units are expected in {} weeks", decimal(view.units, 0), view.weeks.len());
    match view.weeks.first() {
        Some(first) => format!(
            "{all}, {} in the first; 80 of 100 such weeks sell {} to {}.",
            decimal(first.mean, 1),
            decimal(first.between_80.0, 0),
            decimal(first.between_80.1, 0)
        ),
        None => format!("{all}."),
    }
}

fn row(week: &ForecastWeek, currency: Currency) -> Row {
    let ends = |(low, high): (f64, f64)| format!("{} to {}", decimal(low, 1), decimal(high, 1));
    let mut notes = Vec::new();
    if week.promotion > 0.0 {
        notes.push(format!("promotion on {} % of the days", decimal(week.promotion, 0)));
    }
    if week.extrapolated {
        notes.push("never charged before".to_owned());
    }
    row![
        week.monday.to_string(),
        money(Money::new(week.price_minor, currency)),
        decimal(week.median, 1),
        decimal(week.mean, 1),
        ends(week.between_80),
        ends(week.between_95),
        notes.join("; ")
    ]
}
