//! The rules on the desk over the workspace's own past, beside what was charged.

use app_contract::{BackTestDay, BackTestView, ChartRequestLook, JobKind, JobResult, StartBackTest};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use pricing_domain::{JobId, Money};

use super::desk::RuleDesk;
use crate::appearance::chart_palette;
use crate::components::facts::items;
use crate::components::notice::ErrorNotice;
use crate::components::progress::AtWork;
use crate::components::table::{Column, Row, TableShape, row};
use crate::features::analytics::market_chart::MarketChart;
use crate::formats::{MISSING, change, index, integer, money, signed_money};
use crate::session::{Jobs, Session};
use crate::writes::write;

const HEIGHT: u32 = 260;

/// The form, the job at work, and what came of it.
#[component]
pub fn BackTest() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let jobs = expect_context::<Jobs>();
    let session = expect_context::<Session>();
    let frame = NodeRef::<html::Div>::new();
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let asked = RwSignal::new(None::<JobId>);
    let start = write::<StartBackTest>(move |job| {
        asked.set(Some(job.id));
        jobs.heard(job);
    });
    let running = Memo::new(move |_| jobs.running_of(JobKind::BackTest));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(price_list) = session.price_list_id() else { return };
        let width = frame.get_untracked().map_or(720, |frame| frame.client_width().max(320).unsigned_abs());
        start.run(StartBackTest {
            rule_set: untrack(|| desk.rules()),
            price_list,
            from: from.get_untracked().parse().ok(),
            to: to.get_untracked().parse().ok(),
            look: Some(ChartRequestLook { width, height: HEIGHT, palette: chart_palette() }),
        });
    };
    let ended = Memo::new(move |_| asked.get().and_then(|id| jobs.find(id)).filter(|job| job.state.ended()));
    let result = move || {
        let job = ended.get()?;
        Some(match (job.result, job.error) {
            (Some(JobResult::BackTest(view)), _) => view! { <Outcome view=*view /> }.into_any(),
            (_, Some(error)) => {
                let again = Callback::new(move |()| asked.set(None));
                view! { <ErrorNotice message=error.message again /> }.into_any()
            }
            _ => ().into_any(),
        })
    };
    view! {
        <div class="rule-form" data-testid="back-test" node_ref=frame>
            <form class="form inline-form" on:submit=submit>
                <p class="muted">
                    "Plays the rules on the desk over the offers and costs of past days and sets them beside what was charged. Without days: the last 60."
                </p>
                <label class="field"><span>"From"</span><input type="date" data-testid="back-test-from" bind:value=from /></label>
                <label class="field"><span>"To"</span><input type="date" data-testid="back-test-to" bind:value=to /></label>
                <button
                    type="submit"
                    class="button primary"
                    data-testid="start-back-test"
                    disabled=move || running.get().is_some()
                >
                    "Play the past"
                </button>
            </form>
            {move || running.get().map(|job| view! { <AtWork job /> })}
            {result}
        </div>
    }
}

const DAYS: TableShape = TableShape::framed(
    "Day by day",
    &[
        Column::head("Day"),
        Column::number("Products"),
        Column::number("Rules change"),
        Column::number("Were changed"),
        Column::number("Exceptions"),
        Column::number("Different"),
        Column::number("Margin by the rules"),
        Column::number("As charged"),
    ],
)
.testid("back-test-days");

const DIFFERENCES: TableShape = TableShape::framed(
    "What would differ most",
    &[
        Column::head("SKU"),
        Column::text("Product").class("text"),
        Column::number("Charged"),
        Column::number("By the rules"),
        Column::number("Difference"),
        Column::number("Days"),
    ],
);

/// What came of it.
#[component]
fn Outcome(
    /// The back-test.
    view: BackTestView,
) -> impl IntoView {
    let currency = view.currency;
    let level = view.days.last().and_then(|day| day.level_hundredths);
    let figures = [
        ("Margin against what was charged", signed_money(view.totals.margin_difference)),
        ("Net revenue", signed_money(view.totals.revenue_difference)),
        ("Price level on the last day, charged = 100", level.map_or_else(|| MISSING.to_owned(), index)),
        ("Changes by the rules", integer(view.totals.rule_changes)),
        ("Changes that were made", integer(view.totals.charged_changes)),
    ];
    let figures = figures.map(|(title, value)| view! { <div class="figure"><dt>{title}</dt><dd>{value}</dd></div> });
    let days = view.days.iter().rev().map(day_row).collect();
    let differences = view.differences.iter().map(|row| {
        let at = |minor: i64| money(Money::new(minor, currency));
        row![
            row.sku.clone(),
            row.name.clone(),
            at(row.charged_minor),
            at(row.rule_minor),
            change(row.change_bp),
            row.days_different.to_string()
        ]
    });
    let differences = differences.collect();
    let remarks = items(view.remarks.iter().cloned());
    let chart = view.chart.map(|chart| view! { <MarketChart chart /> });
    view! {
        <dl class="figures wide" data-testid="back-test-figures">{figures}</dl>
        {chart}
        <ul class="muted">{remarks}</ul>
        <h3>"What would differ most on the last day"</h3>
        {DIFFERENCES.with(differences)}
        <h3>"Day by day"</h3>
        {DAYS.with(days)}
    }
}

fn day_row(day: &BackTestDay) -> Row {
    row![
        day.day.to_string(),
        integer(day.products),
        integer(day.rule_changes),
        integer(day.charged_changes),
        integer(day.exceptions),
        integer(day.different),
        money(day.rule_margin),
        money(day.charged_margin)
    ]
}
