//! Hands approved prices over: as a file of price changes, or inside the shop's own file.

use app_contract::{ExportIntoReport, ExportPrices, ExportPricesInto, ExportReport, FileRef, ImportOptions};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::{FilePurpose, backend};
use crate::components::icon::Glyph;
use crate::components::menu::Menu;
use crate::components::toasts::Toasts;
use crate::features::files::hand_over;
use crate::features::products::export_menu::FormatItems;
use crate::formats::counted;
use crate::writes::write;

/// The button with its choices.
#[component]
pub fn ExportApproved() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    let changes = write::<ExportPrices>(move |report| {
        hand_over(ExportReport { file: report.file, rows: report.rows }, toasts);
        tell_left(&report.left, toasts);
    });
    let changes = Callback::new(move |format| {
        open.set(false);
        changes.run(ExportPrices { format, price_list: None, name: None });
    });
    let into = write::<ExportPricesInto>(move |report| hand_over_into(report, toasts));
    let into = Callback::new(move |original: Option<FileRef>| {
        let original = original.map(|file| file.id);
        let options = ImportOptions::default();
        into.run(ExportPricesInto { original, price_list: None, whole: false, sales: false, options, name: None });
    });
    let pick = move || {
        spawn_local(async move {
            match backend().pick_file(FilePurpose::Import).await {
                Ok(Some(file)) => into.run(Some(file)),
                Ok(None) => {}
                Err(error) => toasts.error(error.message),
            }
        });
    };
    view! {
        <Menu label="Export approved…" glyph=Glyph::Export testid="export-approved" open>
            <FormatItems testid="export-approved" export=changes />
            <p class="menu-heading">"In the shop's own file: only price cells change"</p>
            <button
                type="button"
                class="menu-item"
                data-testid="export-into-original"
                on:click=move |_| {
                    open.set(false);
                    into.run(None);
                }
            >
                <span>"The file that the products came from"</span>
                <small>"A copy with the rows whose price changes"</small>
            </button>
            <button
                type="button"
                class="menu-item"
                data-testid="export-into-other"
                on:click=move |_| {
                    open.set(false);
                    pick();
                }
            >
                <span>"A newer export of the shop…"</span>
                <small>"Shopify, WooCommerce, Magento, PrestaShop, Google Merchant, own CSV"</small>
            </button>
        </Menu>
    }
}

fn hand_over_into(report: ExportIntoReport, toasts: Toasts) {
    let left = left_words(&report);
    hand_over(ExportReport { file: report.file, rows: report.prices }, toasts);
    if let Some(left) = left {
        toasts.error(left);
    }
    tell_left(&report.left, toasts);
}

/// What may not leave any more.
fn tell_left(left: &[String], toasts: Toasts) {
    if let Some(first) = left.first() {
        let prices = counted(left.len() as u64, "approved price", "approved prices");
        toasts.error(format!("Not in the file: {prices}, exceptions now. {first}."));
    }
}

/// What the file did not take, for a person; `None`: it took all.
fn left_words(report: &ExportIntoReport) -> Option<String> {
    let missing = (report.not_in_file > 0).then(|| {
        let examples = report.not_in_file_skus.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
        let prices = counted(report.not_in_file, "approved price", "approved prices");
        format!("{prices} stay approved, because the file lacks the product: {examples}.")
    });
    let kept = report.kept.first().cloned();
    let words = missing.into_iter().chain(kept).collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then_some(words)
}
