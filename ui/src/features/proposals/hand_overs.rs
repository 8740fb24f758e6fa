//! Prices handed over so far, and putting the previous ones back.

use app_contract::{
    ContinuePublication, DeliveryPage, ExportReport, GiveUpPublication, JobKind, ListDeliveries, ListPublications,
    PreviewRestore, PublicationView, RestoreInShop, RestorePreview, RestorePublication,
};
use leptos::prelude::*;
use pricing_domain::{OutputFormat, PublicationId};

use crate::components::empty::Empty;
use crate::components::facts::items;
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::features::connections::delivery_report::DeliveryRows;
use crate::features::files::hand_over;
use crate::formats::{counted, date_time, integer, money};
use crate::reads::read;
use crate::session::Jobs;
use crate::words;
use crate::writes::write;

/// How many hand-overs are listed.
const SHOWN: u32 = 50;
/// How many of its prices.
const PRICES_SHOWN: u32 = 100;

/// The list, newest first.
#[component]
pub fn HandOvers() -> impl IntoView {
    let publications = read(|| Some(ListPublications { limit: SHOWN }));
    let looked_at = RwSignal::new(None::<PublicationId>);
    let show = move |publications: Vec<PublicationView>| {
        if publications.is_empty() {
            return view! { <Empty text="Prices that you hand over will be listed here, with the way back." /> }
                .into_any();
        }
        let lines = publications.into_iter().map(|one| view! { <HandOver one looked_at /> }).collect_view();
        view! { <ul class="hand-overs">{lines}</ul> }.into_any()
    };
    view! { <Reading from=publications lines=4 show /> }
}

/// One hand-over.
#[component]
fn HandOver(
    /// The hand-over.
    one: PublicationView,
    /// The hand-over whose way back is shown.
    looked_at: RwSignal<Option<PublicationId>>,
) -> impl IntoView {
    let id = one.id;
    let what = if one.is_restore { "put back" } else { "handed over" };
    let words = format!("{} {what}", counted(one.prices, "price", "prices"));
    let place = one.connection.clone().unwrap_or_else(|| one.file_name.clone());
    let detail = format!("{} · {place}", date_time(one.created_at));
    let restored =
        one.restored_at.map(|at| view! { <span class="mark">{format!("taken back {}", date_time(at))}</span> });
    let in_shop = one.connection.is_some();
    let state = in_shop.then(|| view! { <Standing one=one.clone() /> });
    let unended = !one.state.ended();
    let shown = move || looked_at.get() == Some(id);
    let prices_shown = RwSignal::new(false);
    let prices = in_shop.then(|| {
        view! {
            <button
                type="button"
                class="button small"
                data-testid="look-at-prices"
                aria-expanded=move || prices_shown.get().to_string()
                on:click=move |_| prices_shown.update(|shown| *shown = !*shown)
            >
                "Prices…"
            </button>
        }
    });
    let back = (!unended).then(|| {
        view! {
            <button
                type="button"
                class="button small"
                data-testid="look-back"
                aria-expanded=move || shown().to_string()
                on:click=move |_| looked_at.set((!shown()).then_some(id))
            >
                "Previous prices…"
            </button>
        }
    });
    view! {
        <li>
            <div class="version-line">
                <strong>{words}</strong>
                <span class="muted">{detail}</span>
                {restored}
                {prices}
                {back}
            </div>
            {state}
            <Show when=move || prices_shown.get()><HandedOverPrices publication=id /></Show>
            <Show when=shown><WayBack publication=id in_shop looked_at /></Show>
        </li>
    }
}

/// Where a hand-over to a shop stands, and what a person can do about it.
#[component]
fn Standing(
    /// The hand-over.
    one: PublicationView,
) -> impl IntoView {
    let jobs = expect_context::<Jobs>();
    let toasts = expect_context::<Toasts>();
    let id = one.id;
    let go_on = write::<ContinuePublication>(move |job| jobs.heard(job));
    let give_up = write::<GiveUpPublication>(move |_| toasts.done("Given up. Its prices wait for a decision again."));
    let when = one.due_at.filter(|_| !one.state.ended()).map(|at| format!(" · by itself {}", date_time(at)));
    let there = format!("{} of {} in the shop", integer(one.there), integer(one.prices));
    let line = format!("{} · {there}{}", words::publication_state(one.state), when.unwrap_or_default());
    let message = (!one.message.is_empty()).then(|| view! { <p class="caution">{format!("⚠ {}", one.message)}</p> });
    let busy = move || jobs.running_of(JobKind::Publishing).is_some();
    let actions = (!one.state.ended()).then(|| {
        view! {
            <div class="actions">
                <button
                    type="button"
                    class="button small"
                    data-testid="continue-publication"
                    disabled=busy
                    on:click=move |_| { go_on.run(ContinuePublication { publication: id }); }
                >
                    "Go on now"
                </button>
                <button
                    type="button"
                    class="button small"
                    data-testid="give-up-publication"
                    disabled=busy
                    on:click=move |_| { give_up.run(GiveUpPublication { publication: id }); }
                >
                    "Give it up"
                </button>
            </div>
        }
    });
    view! {
        <p class="muted" data-testid="publication-state">{line}</p>
        {message}
        {actions}
    }
}

/// The prices of a hand-over with what the shop shows, those first that are not there.
#[component]
fn HandedOverPrices(
    /// Which hand-over.
    publication: PublicationId,
) -> impl IntoView {
    let page = read(move || Some(ListDeliveries { publication, offset: 0, limit: PRICES_SHOWN }));
    let show = |page: DeliveryPage| {
        let more = page.matching.saturating_sub(page.rows.len() as u64);
        let more = (more > 0).then(|| view! { <p class="muted">{format!("and {} more", integer(more))}</p> });
        view! {
            <DeliveryRows rows=page.rows />
            {more}
        }
    };
    view! { <Reading from=page lines=4 show /> }
}

/// What putting back would do, and the button that does it.
#[component]
fn WayBack(
    /// Which hand-over.
    publication: PublicationId,
    /// Whether it went to a shop.
    in_shop: bool,
    /// The hand-over whose way back is shown.
    looked_at: RwSignal<Option<PublicationId>>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let jobs = expect_context::<Jobs>();
    let in_its_shop = write::<RestoreInShop>(move |job| {
        looked_at.set(None);
        jobs.heard(job);
    });
    let preview = read(move || Some(PreviewRestore { publication }));
    let restore = write::<RestorePublication>(move |report| {
        looked_at.set(None);
        hand_over(ExportReport { file: report.file, rows: report.done.restored }, toasts);
    });
    let show = move |preview: RestorePreview| {
        let count = counted(preview.restored, "price", "prices");
        let words = if in_shop { "As a file for the shop".to_owned() } else { format!("Put {count} back") };
        let nothing = preview.restored == 0;
        let shop_button = in_shop.then(|| {
            view! {
                <button
                    type="button"
                    class="button primary"
                    data-testid="put-back-in-shop"
                    disabled=move || nothing || in_its_shop.pending().get()
                    on:click=move |_| { in_its_shop.run(RestoreInShop { publication }); }
                >
                    {format!("Put {count} back in the shop")}
                </button>
            }
        });
        let lines = items(lines(&preview));
        view! {
            <ul class="way-back">{lines}</ul>
            {shop_button}
            <button
                type="button"
                class="button"
                data-testid="put-back"
                disabled=move || nothing || restore.pending().get()
                on:click=move |_| {
                    restore.run(RestorePublication { publication, format: OutputFormat::Csv });
                }
            >
                {words}
            </button>
        }
    };
    view! { <Reading from=preview lines=3 show /> }
}

fn lines(preview: &RestorePreview) -> Vec<String> {
    let mut lines = vec![format!("{} go back to the price before.", counted(preview.restored, "price", "prices"))];
    if preview.changed_since > 0 {
        lines.push(format!("{} were changed since and stay.", integer(preview.changed_since)));
    }
    if preview.without_previous > 0 {
        lines.push(format!("{} had no price before and keep theirs.", integer(preview.without_previous)));
    }
    if preview.locked > 0 {
        let named: Vec<&str> = preview.locked_rows.iter().take(5).map(String::as_str).collect();
        lines.push(format!("⚠ {} are locked now: {}", integer(preview.locked), named.join(", ")));
    }
    if preview.below_floor > 0 {
        lines.push(format!("⚠ {} would lie below today's floor:", integer(preview.below_floor)));
        lines.extend(preview.below_floor_rows.iter().take(5).map(|row| {
            format!("{} on {}: {} under {}", row.sku, row.price_list, money(row.previous), money(row.floor))
        }));
    }
    lines
}
