//! What was told, with its reasons and to whom it went.

use app_contract::{AlertDelivery, AlertItem, AlertPage, AlertRecord, ListAlertHistory};
use leptos::prelude::*;
use leptos_router::components::A;
use pricing_domain::{AlertKind, AlertWay, MessageState};

use crate::components::empty::Empty;
use crate::components::reading::Reading;
use crate::features::products::grid_query::GridQuery;
use crate::formats::{date_time, integer};
use crate::reads::read;
use crate::routes::Screen;

const AT_ONCE: u32 = 25;

/// The newest alerts.
#[component]
pub fn AlertHistory() -> impl IntoView {
    let shown = RwSignal::new(AT_ONCE);
    let page = read(move || Some(ListAlertHistory { rule: None, offset: 0, limit: shown.get() }));
    let show = move |page: AlertPage| {
        if page.rows.is_empty() {
            return view! { <Empty text="Nothing was told yet. What your alerts tell is kept here with its reasons." /> }
                .into_any();
        }
        let left = page.matching.saturating_sub(page.rows.len() as u64);
        let rows = page.rows.into_iter().map(|record| view! { <Record record /> }).collect_view();
        view! {
            <ul class="alert-history" data-testid="alert-history">{rows}</ul>
            {(left > 0 && shown.get_untracked() < 200).then(|| view! {
                <button type="button" class="button small" on:click=move |_| shown.update(|shown| *shown = (*shown * 2).min(200))>
                    {format!("Show older ones ({})", integer(left))}
                </button>
            })}
        }
        .into_any()
    };
    view! { <Reading from=page lines=5 show /> }
}

/// One alert, its reasons folded away.
#[component]
fn Record(
    /// The alert.
    record: AlertRecord,
) -> impl IntoView {
    let content = record.content;
    let left = content.count.saturating_sub(content.items.len() as u64);
    let sent = record.deliveries.iter().map(delivery_words).collect::<Vec<_>>().join("; ");
    view! {
        <li>
            <details>
                <summary>
                    <strong>{content.name}</strong>
                    " "
                    <span>{content.summary}</span>
                    <small class="muted">{date_time(record.at)}</small>
                </summary>
                <p class="muted">{format!("Why: {}.", content.rule_words)}</p>
                <Items items=content.items />
                {(left > 0).then(|| view! { <p class="muted">{format!("and {} more", integer(left))}</p> })}
                {(!sent.is_empty()).then(|| view! { <p class="muted">{format!("Sent: {sent}.")}</p> })}
            </details>
        </li>
    }
}

/// Things that are told, each with its reason; products lead to themselves.
#[component]
pub fn Items(
    /// The most sold first.
    items: Vec<AlertItem>,
) -> impl IntoView {
    if items.is_empty() {
        return ().into_any();
    }
    let rows = items
        .into_iter()
        .map(|item| {
            let named = (!item.sku.is_empty()).then(|| {
                let href = GridQuery { product: Some(item.sku.clone()), ..GridQuery::default() }.address();
                view! { <A href=href><span class="code">{item.sku.clone()}</span>" "{item.name.clone()}</A>": " }
            });
            view! { <li>{named}{item.words}<small class="muted">{item.why}</small></li> }
        })
        .collect_view();
    view! { <ul class="alert-items">{rows}</ul> }.into_any()
}

/// Where an alert of a kind leads: to the product, or to the screen where it is worked on.
pub fn leads_to(kind: AlertKind, items: &[AlertItem]) -> String {
    match (kind, items) {
        (AlertKind::CollectionFailing, _) => Screen::Collection.path().to_owned(),
        (AlertKind::IndexOutside, _) => Screen::Analytics.path().to_owned(),
        (_, [item]) => GridQuery { product: Some(item.sku.clone()), ..GridQuery::default() }.address(),
        _ => format!("{}#alerts", Screen::Settings.path()),
    }
}

fn delivery_words(delivery: &AlertDelivery) -> String {
    let way = match delivery.way {
        AlertWay::Desktop => "notification".to_owned(),
        AlertWay::Email => delivery.target.clone(),
        AlertWay::Webhook => "webhook".to_owned(),
    };
    let error = if delivery.error.is_empty() { String::new() } else { format!(" ({})", delivery.error) };
    match delivery.state {
        MessageState::Sent => {
            let at = delivery.sent_at.map(|at| format!(" {}", date_time(at))).unwrap_or_default();
            format!("{way}{at}")
        }
        MessageState::Waiting => format!("{way} will follow {}{error}", date_time(delivery.due_at)),
        MessageState::Sending => format!("{way} is being sent"),
        MessageState::Failed => format!("{way} failed{error}"),
    }
}
