//! Prices handed over so far, and putting the previous ones back.

use app_contract::{
    ExportReport, ListPublications, PreviewRestore, PublicationView, RestorePreview, RestorePublication,
};
use leptos::prelude::*;
use pricing_domain::{OutputFormat, PublicationId};

use crate::components::empty::Empty;
use crate::components::reading::Reading;
use crate::components::toasts::Toasts;
use crate::features::files::hand_over;
use crate::formats::{counted, date_time, integer, money};
use crate::reads::read;
use crate::writes::write;

/// How many hand-overs are listed.
const SHOWN: u32 = 50;

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
    let detail = format!("{} · {}", date_time(one.created_at), one.file_name);
    let restored =
        one.restored_at.map(|at| view! { <span class="mark">{format!("taken back {}", date_time(at))}</span> });
    let shown = move || looked_at.get() == Some(id);
    view! {
        <li>
            <div class="version-line">
                <strong>{words}</strong>
                <span class="muted">{detail}</span>
                {restored}
                <button
                    type="button"
                    class="button small"
                    data-testid="look-back"
                    aria-expanded=move || shown().to_string()
                    on:click=move |_| looked_at.set((!shown()).then_some(id))
                >
                    "Previous prices…"
                </button>
            </div>
            <Show when=shown><WayBack publication=id looked_at /></Show>
        </li>
    }
}

/// What putting back would do, and the button that does it.
#[component]
fn WayBack(
    /// Which hand-over.
    publication: PublicationId,
    /// The hand-over whose way back is shown.
    looked_at: RwSignal<Option<PublicationId>>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let preview = read(move || Some(PreviewRestore { publication }));
    let restore = write::<RestorePublication>(move |report| {
        looked_at.set(None);
        hand_over(ExportReport { file: report.file, rows: report.done.restored }, toasts);
    });
    let show = move |preview: RestorePreview| {
        let words = format!("Put {} back", counted(preview.restored, "price", "prices"));
        let nothing = preview.restored == 0;
        let lines = lines(&preview).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        view! {
            <ul class="way-back">{lines}</ul>
            <button
                type="button"
                class="button"
                data-testid="put-back"
                disabled=move || nothing || restore.pending().get()
                on:click=move |_| {
                    restore.dispatch_local(RestorePublication { publication, format: OutputFormat::Csv });
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
    if preview.below_floor > 0 {
        lines.push(format!("⚠ {} would lie below today's floor:", integer(preview.below_floor)));
        lines.extend(preview.below_floor_rows.iter().take(5).map(|row| {
            format!("{} on {}: {} under {}", row.sku, row.price_list, money(row.previous), money(row.floor))
        }));
    }
    lines
}
