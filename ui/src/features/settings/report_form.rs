//! The logo of reports, and the price lists whose markets limit advertised prices.

use app_contract::{ReportSettings, SaveMapLists, SaveReportLogo};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::{FilePurpose, backend};
use crate::components::toasts::Toasts;
use crate::session::Session;
use crate::writes::write;

/// The form.
#[component]
pub fn ReportForm(
    /// As they are.
    settings: ReportSettings,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let session = expect_context::<Session>();
    let save_logo = write::<SaveReportLogo>(move |_| toasts.done("Saved."));
    let save_lists = write::<SaveMapLists>(move |_| toasts.done("Saved."));
    let pick = move |_| {
        spawn_local(async move {
            match backend().pick_file(FilePurpose::Import).await {
                Ok(Some(file)) => save_logo.run(SaveReportLogo { file: Some(file.id) }),
                Ok(None) => {}
                Err(error) => toasts.error(error.message),
            }
        });
    };
    let has_logo = !settings.logo.is_empty();
    let logo = has_logo
        .then(|| view! { <img class="report-logo" src=settings.logo.clone() alt="The logo of your reports" /> });
    let remove = has_logo.then(|| {
        view! {
            <button type="button" class="button" on:click=move |_| save_logo.run(SaveReportLogo { file: None })>
                "Remove the logo"
            </button>
        }
    });
    let chosen = StoredValue::new(settings.map_lists);
    let lists = session.workspace().map(|workspace| workspace.price_lists).unwrap_or_default();
    let lists = lists.into_iter().map(|list| {
        let id = list.id;
        let change = move |on: bool| {
            let mut lists = chosen.get_value();
            lists.retain(|known| *known != id);
            lists.extend(on.then_some(id));
            chosen.set_value(lists.clone());
            save_lists.run(SaveMapLists { lists });
        };
        view! {
            <label class="choice">
                <input
                    type="checkbox"
                    checked=chosen.with_value(|lists| lists.contains(&id))
                    on:change:target=move |event| change(event.target().checked())
                />
                <span>{format!("{} ({})", list.name, list.currency)}</span>
            </label>
        }
    });
    let lists = lists.collect_view();
    view! {
        <div class="form">
            {logo}
            <p class="muted">"A PNG or SVG of at most 256 KiB stands on the first page of every PDF report."</p>
            <div class="actions">
                <button type="button" class="button" data-testid="choose-logo" disabled=save_logo.pending() on:click=pick>
                    "Choose a logo…"
                </button>
                {remove}
            </div>
            <fieldset data-testid="map-lists">
                <legend>"Markets that limit advertised prices (MAP)"</legend>
                {lists}
            </fieldset>
        </div>
    }
}
