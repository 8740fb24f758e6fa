//! The panel of the import that is shown: its progress, then its report.

use app_contract::{CancelJob, JobResult, JobView};
use leptos::prelude::*;
use pricing_domain::{BasisPoints, Currency, DateOrder, Instant, decimal_text, parse_scaled};

use super::desk::{ImportDesk, ShownImport, Stage};
use super::mapping::{MapColumns, MappingForm};
use super::preview::ImportPreviewView;
use super::report::ImportReportView;
use crate::components::progress::JobProgress;
use crate::components::side_panel::{SidePanel, remembered_width};
use crate::words::file_kind;
use crate::writes::write;

/// The panel, while an import is shown.
#[component]
pub fn ImportReportPanel() -> impl IntoView {
    let desk = expect_context::<ImportDesk>();
    let width = RwSignal::new(remembered_width());
    let shown = Memo::new(move |_| desk.shown());
    let close = Callback::new(move |()| desk.close());
    let heading = move || {
        desk.shown().map(|shown| {
            view! {
                <h2>{heading_words(&shown)}</h2>
                <p class="muted">{shown.file.name}</p>
            }
        })
    };
    move || {
        shown.get().map(|_| {
            view! {
                <SidePanel label="Import" testid="import-report" width close heading>
                    <ImportState />
                </SidePanel>
            }
        })
    }
}

/// How the import stands.
#[component]
fn ImportState() -> impl IntoView {
    let desk = expect_context::<ImportDesk>();
    let cancel = write::<CancelJob>(|_| {});
    let job = Memo::new(move |_| desk.job());
    let running = move |job: JobView| {
        let id = job.id;
        view! {
            <div class="panel" aria-live="polite">
                <JobProgress job=Signal::stored(job) />
                <button type="button" class="button" on:click=move |_| { cancel.run(CancelJob { job: id }); }>
                    "Cancel"
                </button>
            </div>
        }
    };
    let mapped = Memo::new(move |_| desk.shown().filter(|shown| shown.stage == Stage::Mapping));
    move || {
        if let Some(shown) = mapped.get() {
            return Some(view! { <MappingForm shown /> }.into_any());
        }
        let job = job.get()?;
        let view = match (job.result.clone(), job.error.clone()) {
            (Some(JobResult::Import(report)), _) => view! { <ImportReportView report /> }.into_any(),
            (Some(JobResult::Preview(preview)), _) => view! { <ImportPreviewView preview /> }.into_any(),
            (_, Some(error)) => view! {
                <p class="notice error" role="alert">{error.message}</p>
                <MapColumns />
                <ReadAgain />
            }
            .into_any(),
            _ if job.state.ended() => view! { <p>"Cancelled. Nothing was changed."</p> }.into_any(),
            _ => running(job).into_any(),
        };
        Some(view)
    }
}

fn heading_words(shown: &ShownImport) -> String {
    let what = shown.options.kind.map_or_else(|| "a file".to_owned(), |kind| file_kind(kind).0.to_lowercase());
    match shown.stage {
        Stage::Mapping => "What the columns are".to_owned(),
        Stage::Preview => format!("What this import of {what} would do"),
        Stage::Import => format!("Import {what}"),
    }
}

/// Looks at the same file again with what a person states about it.
#[component]
pub fn ReadAgain() -> impl IntoView {
    let desk = expect_context::<ImportDesk>();
    let stated = desk.shown().map(|shown| shown.options).unwrap_or_default();
    let currency = RwSignal::new(stated.currency.map(|currency| currency.to_string()).unwrap_or_default());
    let vat = RwSignal::new(stated.vat_rate.map(|rate| decimal_text(i64::from(rate.0), 2, 0)).unwrap_or_default());
    let net = RwSignal::new(stated.prices_include_vat == Some(false));
    let decimal = RwSignal::new(stated.decimal_separator.map(String::from).unwrap_or_default());
    let order = RwSignal::new(stated.date_order.map(|order| order.to_string()).unwrap_or_default());
    let sheet = RwSignal::new(stated.sheet.unwrap_or_default());
    let seen_at = RwSignal::new(stated.observed_at.map(|moment| moment.to_string()).unwrap_or_default());
    let again = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        desk.look_again(|options| {
            options.currency = Currency::new(&currency.get_untracked().trim().to_uppercase()).ok();
            let rate = parse_scaled(&vat.get_untracked().trim().replace(',', "."), 2);
            options.vat_rate = rate.and_then(|rate| i32::try_from(rate).ok()).map(BasisPoints);
            options.prices_include_vat = net.get_untracked().then_some(false);
            options.decimal_separator = decimal.get_untracked().chars().next();
            options.date_order = order.get_untracked().parse::<DateOrder>().ok();
            options.sheet = Some(sheet.get_untracked().trim().to_owned()).filter(|name| !name.is_empty());
            options.observed_at = moment(&seen_at.get_untracked());
        });
    };
    view! {
        <details class="stated">
            <summary>"State what the file does not say"</summary>
            <form class="form" on:submit=again>
                <label class="field">
                    <span>"Currency of its prices"</span>
                    <input type="text" maxlength="3" placeholder="EUR" data-testid="stated-currency" bind:value=currency />
                </label>
                <label class="field">
                    <span>"VAT rate of its products in %"</span>
                    <input type="text" inputmode="decimal" placeholder="19" bind:value=vat />
                </label>
                <label class="choice">
                    <input type="checkbox" bind:checked=net />
                    <span>"Its prices are without VAT"</span>
                </label>
                <label class="field">
                    <span>"Decimals stand after"</span>
                    <select bind:value=decimal>
                        <option value="">"what the file proves"</option>
                        <option value=".">"a dot: 1,234.56"</option>
                        <option value=",">"a comma: 1.234,56"</option>
                    </select>
                </label>
                <label class="field">
                    <span>"Dates begin with"</span>
                    <select data-testid="stated-date-order" bind:value=order>
                        <option value="">"what the file proves"</option>
                        <option value="day_first">"the day: 31/12/2026"</option>
                        <option value="month_first">"the month: 12/31/2026"</option>
                    </select>
                </label>
                <label class="field">
                    <span>"When its prices were seen (UTC)"</span>
                    <input
                        type="text"
                        placeholder="2026-11-01T08:30"
                        data-testid="stated-observed-at"
                        bind:value=seen_at
                    />
                </label>
                <label class="field">
                    <span>"Sheet of the workbook"</span>
                    <input type="text" placeholder="the first with known columns" bind:value=sheet />
                </label>
                <button type="submit" class="button" data-testid="read-again">"Read again"</button>
            </form>
        </details>
    }
}

/// A moment as people write it: with or without seconds, a blank instead of the T, always UTC.
fn moment(text: &str) -> Option<Instant> {
    let plain = text.trim().trim_end_matches('Z').replacen(' ', "T", 1);
    let with_seconds = if plain.len() == "2026-11-01T08:30".len() { format!("{plain}:00") } else { plain };
    format!("{with_seconds}Z").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn a_moment_is_read_with_and_without_seconds() {
        let expected = "2026-11-01T08:30:00Z".parse().ok();
        assert!(expected.is_some());
        for text in ["2026-11-01 08:30", "2026-11-01T08:30Z", "2026-11-01T08:30:00Z"] {
            assert_eq!(moment(text), expected, "{text}");
        }
        assert_eq!(moment(""), None);
    }
}
