//! Hands approved prices over to a shop: a look at what that would do, now or from a time on.

use app_contract::{
    ConnectionView, JobKind, JobResult, ListConnections, SchedulePublishing, StartDryRun, StartPublishing,
};
use leptos::prelude::*;
use leptos_router::components::A;
use pricing_domain::{ConnectionId, JobId, OtherPrices};

use crate::components::empty::Empty;
use crate::components::fields::CheckInput;
use crate::components::icon::Glyph;
use crate::components::menu::Menu;
use crate::components::reading::Reading;
use crate::components::toasts::Toasts;
use crate::features::connections::delivery_report::DeliveryReportView;
use crate::formats::{counted, date_time, local_instant};
use crate::reads::read;
use crate::session::Jobs;
use crate::words;
use crate::writes::write;

/// What is chosen and what came of it. It outlives the panel, which is drawn anew when connections change.
#[derive(Clone, Copy)]
struct Choice {
    chosen: RwSignal<Option<ConnectionId>>,
    replaces: RwSignal<bool>,
    at: RwSignal<String>,
    looked: RwSignal<Option<JobId>>,
}

/// The button with its panel.
#[component]
pub fn PublishMenu() -> impl IntoView {
    let open = RwSignal::new(false);
    let choice = Choice {
        chosen: RwSignal::new(None),
        replaces: RwSignal::new(false),
        at: RwSignal::new(String::new()),
        looked: RwSignal::new(None),
    };
    view! {
        <Menu label="Publish…" glyph=Glyph::Connections testid="publish" open>
            <div class="hand-over-menu"><Publishing choice /></div>
        </Menu>
    }
}

/// Where to, and the buttons.
#[component]
fn Publishing(
    /// What is chosen.
    choice: Choice,
) -> impl IntoView {
    let connections = read(|| Some(ListConnections {}));
    let show = move |connections: Vec<ConnectionView>| {
        if connections.is_empty() {
            let text = "Approved prices can go to your shop without a file. Connect it first.";
            return view! { <Empty text><A href="/connections" attr:class="button primary">"Connect a shop"</A></Empty> }
                .into_any();
        }
        view! { <PublishForm connections choice /> }.into_any()
    };
    view! { <Reading from=connections lines=4 show /> }
}

/// The form for a choice of connections.
#[component]
fn PublishForm(
    /// The connections.
    connections: Vec<ConnectionView>,
    /// What is chosen.
    choice: Choice,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let jobs = expect_context::<Jobs>();
    let Choice { chosen, replaces, at, looked } = choice;
    let known = |id: &ConnectionId| connections.iter().any(|one| one.id == *id);
    if chosen.get_untracked().filter(known).is_none() {
        chosen.set(connections.first().map(|one| one.id));
    }
    let begun = move |job: app_contract::JobView| {
        looked.set(Some(job.id));
        jobs.heard(job);
    };
    let dry_run = write::<StartDryRun>(begun);
    let publish = write::<StartPublishing>(begun);
    let schedule = write::<SchedulePublishing>(move |planned| {
        at.set(String::new());
        let when = planned.due_at.map(date_time).unwrap_or_default();
        toasts.done(format!("{} are to be there from {when}.", counted(planned.prices, "price", "prices")));
    });
    let asked = move || {
        let other = if replaces.get_untracked() { OtherPrices::Replace } else { OtherPrices::Leave };
        chosen.get_untracked().map(|connection| (connection, other))
    };
    let busy = move || jobs.running_of(JobKind::Publishing).is_some();
    let options = connections
        .iter()
        .map(|one| {
            let (id, words) = (one.id, format!("{} ({})", one.name, words::connection_kind(one.kind)));
            view! { <option value=id.to_string() selected=move || chosen.get() == Some(id)>{words}</option> }
        })
        .collect_view();
    let report = move || {
        let job = looked.get().and_then(|id| jobs.find(id))?;
        match (job.result, job.error) {
            (Some(JobResult::Delivery(report)), _) => Some(view! { <DeliveryReportView report /> }.into_any()),
            (_, Some(error)) => Some(view! { <p class="caution">{format!("⚠ {}", error.message)}</p> }.into_any()),
            _ => Some(view! { <p class="muted" role="status">{format!("{}…", job.message)}</p> }.into_any()),
        }
    };
    let later = move |_| {
        let moment = local_instant(&at.get_untracked());
        match (asked(), moment) {
            (Some((connection, other_prices)), Some(at)) => {
                schedule.run(SchedulePublishing { connection, other_prices, at });
            }
            _ => toasts.error("Choose the day and the time from which the prices are to be there."),
        }
    };
    view! {
        <div class="form">
            <label class="field">
                <span>"Approved prices go to"</span>
                <select
                    data-testid="publish-to"
                    on:change:target=move |event| chosen.set(event.target().value().parse::<ConnectionId>().ok())
                >
                    {options}
                </select>
            </label>
            <CheckInput
                label="Also replace prices that somebody changed in the shop"
                value=replaces.get_untracked()
                set=Callback::new(move |on| replaces.set(on))
            />
            <div class="actions">
                <button
                    type="button"
                    class="button"
                    data-testid="publish-dry-run"
                    disabled=busy
                    on:click=move |_| {
                        if let Some((connection, other_prices)) = asked() {
                            dry_run.run(StartDryRun { connection, other_prices });
                        }
                    }
                >
                    "Dry run"
                </button>
                <button
                    type="button"
                    class="button primary"
                    data-testid="publish-now"
                    disabled=busy
                    on:click=move |_| {
                        if let Some((connection, other_prices)) = asked() {
                            publish.run(StartPublishing { connection, other_prices });
                        }
                    }
                >
                    "Publish now"
                </button>
            </div>
            <div class="actions">
                <label class="field">
                    <span>"Or from a time on, while the application runs"</span>
                    <input type="datetime-local" data-testid="publish-at" bind:value=at />
                </label>
                <button type="button" class="button" data-testid="publish-later" on:click=later>"Schedule"</button>
            </div>
            {report}
        </div>
    }
}
