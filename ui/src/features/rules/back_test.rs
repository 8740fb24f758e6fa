//! The rules on the desk over the workspace's own past, beside what was charged.

use app_contract::{BackTestDay, BackTestView, CancelJob, ChartRequestLook, JobKind, JobResult, StartBackTest};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use pricing_domain::{JobId, Money};

use super::desk::RuleDesk;
use crate::appearance::chart_palette;
use crate::components::notice::ErrorNotice;
use crate::components::progress::JobProgress;
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

/// The job at work, and stopping it.
#[component]
fn AtWork(
    /// How it stands.
    job: app_contract::JobView,
) -> impl IntoView {
    let cancel = write::<CancelJob>(|_| {});
    let id = job.id;
    let words = job.message.clone();
    view! {
        <div class="running" role="status">
            <span>{words}</span>
            <JobProgress job=Signal::stored(job) />
            <button type="button" class="button small" on:click=move |_| { cancel.run(CancelJob { job: id }); }>
                "Cancel"
            </button>
        </div>
    }
}

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
    let days = view.days.iter().rev().map(day_row).collect_view();
    let differences = view.differences.iter().map(|row| {
        let at = |minor: i64| money(Money::new(minor, currency));
        view! {
            <tr>
                <th scope="row">{row.sku.clone()}</th>
                <td class="text">{row.name.clone()}</td>
                <td class="numeric">{at(row.charged_minor)}</td>
                <td class="numeric">{at(row.rule_minor)}</td>
                <td class="numeric">{change(row.change_bp)}</td>
                <td class="numeric">{row.days_different}</td>
            </tr>
        }
    });
    let differences = differences.collect_view();
    let remarks = view.remarks.iter().cloned().map(|remark| view! { <li>{remark}</li> }).collect_view();
    let chart = view.chart.map(|chart| view! { <MarketChart chart /> });
    view! {
        <dl class="figures wide" data-testid="back-test-figures">{figures}</dl>
        {chart}
        <ul class="muted">{remarks}</ul>
        <h3>"What would differ most on the last day"</h3>
        <div class="table-frame" tabindex="0" role="region" aria-label="What would differ most">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"SKU"</th>
                        <th scope="col">"Product"</th>
                        <th scope="col" class="numeric">"Charged"</th>
                        <th scope="col" class="numeric">"By the rules"</th>
                        <th scope="col" class="numeric">"Difference"</th>
                        <th scope="col" class="numeric">"Days"</th>
                    </tr>
                </thead>
                <tbody>{differences}</tbody>
            </table>
        </div>
        <h3>"Day by day"</h3>
        <div class="table-frame" tabindex="0" role="region" aria-label="Day by day">
            <table data-testid="back-test-days">
                <thead>
                    <tr>
                        <th scope="col">"Day"</th>
                        <th scope="col" class="numeric">"Products"</th>
                        <th scope="col" class="numeric">"Rules change"</th>
                        <th scope="col" class="numeric">"Were changed"</th>
                        <th scope="col" class="numeric">"Exceptions"</th>
                        <th scope="col" class="numeric">"Different"</th>
                        <th scope="col" class="numeric">"Margin by the rules"</th>
                        <th scope="col" class="numeric">"As charged"</th>
                    </tr>
                </thead>
                <tbody>{days}</tbody>
            </table>
        </div>
    }
}

fn day_row(day: &BackTestDay) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row">{day.day.to_string()}</th>
            <td class="numeric">{integer(day.products)}</td>
            <td class="numeric">{integer(day.rule_changes)}</td>
            <td class="numeric">{integer(day.charged_changes)}</td>
            <td class="numeric">{integer(day.exceptions)}</td>
            <td class="numeric">{integer(day.different)}</td>
            <td class="numeric">{money(day.rule_margin)}</td>
            <td class="numeric">{money(day.charged_margin)}</td>
        </tr>
    }
}
