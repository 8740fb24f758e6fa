//! Every alert with how it stands, and the form to make or change one.

use app_contract::{AlertView, ListAlerts, RemoveAlert, SaveAlert, SendTestMessage};
use leptos::prelude::*;

use super::alert_fields::new_rule;
use super::alert_form::AlertForm;
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::components::table::{Cell, Column, Row, TableShape, row};
use crate::components::toasts::Toasts;
use crate::formats::{age, integer};
use crate::reads::read;
use crate::session::Session;
use crate::writes::write;

/// The alerts, one of which may be edited.
#[component]
pub fn Alerts() -> impl IntoView {
    let session = expect_context::<Session>();
    let alerts = read(|| Some(ListAlerts {}));
    // What is edited: an alert that is there, or a new one.
    let edited = RwSignal::new(None::<Edited>);
    let close = Callback::new(move |()| edited.set(None));
    let begin = move |_| {
        edited.set(session.price_list_id().map(|list| Edited { id: None, rule: new_rule(list) }));
    };
    let form = move || edited.get().map(|edited| view! { <AlertForm id=edited.id rule=edited.rule close /> });
    let edit = Callback::new(move |alert: AlertView| {
        edited.set(Some(Edited { id: Some(alert.id), rule: alert.rule }));
    });
    let show = move |alerts: Vec<AlertView>| view! { <AlertTable alerts edit /> };
    view! {
        <Reading from=alerts lines=4 show />
        <Show when=move || edited.with(Option::is_none)>
            <div class="actions">
                <button type="button" class="button primary" data-testid="new-alert" on:click=begin>"New alert"</button>
            </div>
        </Show>
        {form}
    }
}

#[derive(Clone)]
struct Edited {
    id: Option<pricing_domain::AlertRuleId>,
    rule: pricing_domain::AlertRule,
}

const ALERTS: TableShape = TableShape::framed(
    "Alerts",
    &[
        Column::head("Alert"),
        Column::text("Sent"),
        Column::number("Beyond now"),
        Column::text("Last told"),
        Column::text("What can be done").unseen(),
    ],
)
.testid("alerts")
.empty(
    "Nothing is watched yet. An alert tells you once when a price, a stock, an index or a margin crosses the limit that \
     you set.",
);

/// One line for each alert.
#[component]
fn AlertTable(
    /// In the order in which they were made.
    alerts: Vec<AlertView>,
    /// Opens one in the form.
    edit: Callback<AlertView>,
) -> impl IntoView {
    ALERTS.with(alerts.into_iter().map(|alert| alert_row(alert, edit)).collect())
}

/// One alert, which the callback opens in the form.
fn alert_row(alert: AlertView, edit: Callback<AlertView>) -> Row {
    let toasts = expect_context::<Toasts>();
    let remove =
        write::<RemoveAlert>(move |()| toasts.done("The alert is removed; what it told stays in the history."));
    let save = write::<SaveAlert>(|_| {});
    let test = write::<SendTestMessage>(move |outcomes| tell_outcomes(&outcomes, toasts));
    let (id, rule) = (alert.id, alert.rule.clone());
    let paused = rule.paused;
    let ways = rule.ways.clone();
    let sent = sent_words(&rule);
    let beyond = match (alert.beyond, alert.unjudged) {
        (None, _) => "–".to_owned(),
        (Some(beyond), 0) => integer(beyond),
        (Some(beyond), unjudged) => format!("{}, {} not judged", integer(beyond), integer(unjudged)),
    };
    let last = alert.last_alert_at.map_or("never".to_owned(), age);
    let name = rule.name.clone();
    let label = move |verb: &str| format!("{verb} {name}");
    let (edit_label, test_label, pause_label, remove_label) =
        (label("Edit"), label("Test"), label(if paused { "Resume" } else { "Pause" }), label("Remove"));
    let pause = move |_| {
        let rule = pricing_domain::AlertRule { paused: !paused, ..rule.clone() };
        save.run(SaveAlert { id: Some(id), rule });
    };
    let opened = alert.clone();
    let title = Cell::from(format!("{}{}", alert.rule.name, if paused { " (paused)" } else { "" })).note(alert.words);
    let actions = view! {
        <div class="row-actions">
            <button type="button" class="button small" aria-label=edit_label on:click=move |_| edit.run(opened.clone())>"Edit"</button>
            <button
                type="button"
                class="button small"
                aria-label=test_label
                data-testid="test-alert"
                disabled=test.pending()
                on:click=move |_| { test.run(SendTestMessage { ways: ways.clone() }); }
            >
                "Test"
            </button>
            <button type="button" class="button small" aria-label=pause_label disabled=save.pending() on:click=pause>
                {if paused { "Resume" } else { "Pause" }}
            </button>
            <button
                type="button"
                class="button small"
                aria-label=remove_label
                disabled=remove.pending()
                on:click=move |_| { remove.run(RemoveAlert { id }); }
            >
                "Remove"
            </button>
        </div>
    };
    row![title, sent, beyond, last, actions.into_any()]
}

/// On which ways, and when.
fn sent_words(rule: &pricing_domain::AlertRule) -> String {
    let mut ways = Vec::new();
    if rule.ways.desktop {
        ways.push("notification".to_owned());
    }
    ways.extend(rule.ways.email.iter().cloned());
    if rule.ways.webhook {
        ways.push("webhook".to_owned());
    }
    if ways.is_empty() {
        return "only listed".to_owned();
    }
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let mut words = ways.join(", ");
    if let Some(minute) = rule.digest_minute {
        words.push_str(&format!("; together at {}", time(minute)));
    }
    if let Some(quiet) = rule.quiet {
        words.push_str(&format!("; quiet {} to {}", time(quiet.from_minute), time(quiet.to_minute)));
    }
    words
}

/// Says what became of a test.
pub fn tell_outcomes(outcomes: &[app_contract::SendOutcome], toasts: Toasts) {
    if outcomes.is_empty() {
        toasts.done("This alert is only listed: there is no way to test.");
    }
    for outcome in outcomes {
        let way = match outcome.way {
            pricing_domain::AlertWay::Desktop => "Notification".to_owned(),
            pricing_domain::AlertWay::Email => format!("Mail to {}", outcome.target),
            pricing_domain::AlertWay::Webhook => "Webhook".to_owned(),
        };
        match &outcome.error {
            None => toasts.done(format!("{way}: handed over.")),
            Some(error) => toasts.error(format!("{way}: {error}")),
        }
    }
}
