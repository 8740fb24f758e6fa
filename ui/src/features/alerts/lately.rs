//! What was told in the last two days, on the first screen of the day.

use app_contract::{AlertPage, ListAlertHistory};
use leptos::prelude::*;
use leptos_router::components::A;

use super::history::leads_to;
use crate::components::panel::Panel;
use crate::formats::{age, integer, now};
use crate::reads::read;

/// Lines that are shown at most.
const LINES: u32 = 8;
/// Days that are looked back.
const DAYS: i64 = 2;

/// The newest alerts, each leading to its work; nothing where nothing was told.
#[component]
pub fn LatelyTold() -> impl IntoView {
    let page = read(|| Some(ListAlertHistory { rule: None, offset: 0, limit: LINES }));
    let known = Memo::new(move |before: Option<&Option<AlertPage>>| page.value().or_else(|| before.cloned().flatten()));
    move || {
        let since = now().plus_days(-DAYS);
        let records = known.get().map(|page| page.rows).unwrap_or_default();
        let rows: Vec<_> = records
            .into_iter()
            .filter(|record| record.at >= since)
            .map(|record| {
                let href = leads_to(record.content.kind, &record.content.items);
                view! {
                    <li>
                        <A href=href attr:class="need">
                            <span class="numbers">{integer(record.content.count)}</span>
                            <span>
                                {record.content.name}
                                <small class="muted">{format!("{} · {}", record.content.summary, age(record.at))}</small>
                            </span>
                        </A>
                    </li>
                }
            })
            .collect();
        (!rows.is_empty()).then(|| {
            view! { <Panel title="Alerts"><ul class="needs" data-testid="today-alerts">{rows}</ul></Panel> }
        })
    }
}
