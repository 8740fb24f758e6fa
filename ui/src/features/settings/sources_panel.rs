//! Files that are imported from addresses, by hand or at their times.

use app_contract::{
    ImportOptions, ImportSource, ImportSourceView, ListImportSources, RemoveImportSource, SaveImportSource,
    StartImportSource,
};
use leptos::ev;
use leptos::prelude::*;
use pricing_domain::FileKind;

use crate::components::empty::Empty;
use crate::components::fields::{ChoiceInput, TextInput};
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::formats::{date_time, time_zone};
use crate::reads::read;
use crate::session::Jobs;
use crate::words::file_kind;
use crate::writes::write;

/// Where the European Central Bank has its daily rates, and when they are there.
const ECB: (&str, &str, &str) =
    ("https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml", "30 16 * * MON-FRI", "Europe/Berlin");
/// Times that are offered.
const USUAL: [(&str, &str); 4] = [
    ("", "only when I ask for it"),
    ("0 6 * * *", "every day at 06:00"),
    ("0 * * * *", "every hour"),
    ("0 6 * * MON", "Mondays at 06:00"),
];

/// The sources, and the form for another.
#[component]
pub fn Sources() -> impl IntoView {
    let sources = read(|| Some(ListImportSources {}));
    let adding = RwSignal::new(false);
    let show = |sources: Vec<ImportSourceView>| {
        if sources.is_empty() {
            let text = "A file at an address (a shop's feed, a supplier's list, exchange rates) can be imported from there, \
                        also by itself at the times you choose.";
            return view! { <Empty text /> }.into_any();
        }
        let lines = sources.into_iter().map(|source| view! { <SourceLine source /> }).collect_view();
        view! { <ul class="report-plans" data-testid="import-sources">{lines}</ul> }.into_any()
    };
    view! {
        <Reading from=sources lines=2 show />
        <Show
            when=move || adding.get()
            fallback=move || view! {
                <div class="actions">
                    <button type="button" class="button" data-testid="add-source" on:click=move |_| adding.set(true)>"Import from an address…"</button>
                    <EcbButton />
                </div>
            }
        >
            <SourceForm close=Callback::new(move |()| adding.set(false)) />
        </Show>
    }
}

/// Keeps the daily rates of the European Central Bank.
#[component]
fn EcbButton() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let save = write::<SaveImportSource>(move |_| toasts.done("The rates are fetched on working days from now on."));
    let add = move |_| {
        let (url, pattern, zone) = ECB;
        let source = ImportSource {
            name: "ECB reference rates".to_owned(),
            url: url.to_owned(),
            options: ImportOptions::of_kind(FileKind::Rates),
            pattern: pattern.to_owned(),
            time_zone: zone.to_owned(),
            paused: false,
        };
        save.run(SaveImportSource { id: None, source });
    };
    view! {
        <button type="button" class="button" data-testid="add-ecb" disabled=save.pending() on:click=add>
            "Exchange rates of the ECB, daily"
        </button>
    }
}

/// One source.
#[component]
fn SourceLine(
    /// The source.
    source: ImportSourceView,
) -> impl IntoView {
    let jobs = expect_context::<Jobs>();
    let toasts = expect_context::<Toasts>();
    let start = write::<StartImportSource>(move |job| jobs.heard(job));
    let remove =
        write::<RemoveImportSource>(move |_| toasts.done("The address is forgotten; what was imported stays."));
    let rest = write::<SaveImportSource>(|_| {});
    let id = source.id;
    let name = source.source.name.clone();
    let (run_label, remove_label) = (format!("Import {name} now"), format!("Remove {name}"));
    let what = source
        .source
        .options
        .kind
        .map_or_else(|| "as its first line tells".to_owned(), |kind| file_kind(kind).0.to_owned());
    let when = if source.words.is_empty() { "only when asked".to_owned() } else { source.words.clone() };
    let next = source.next_at.map(|at| format!(" · next {}", date_time(at))).unwrap_or_default();
    let last = source.last_at.map(|at| {
        let words = format!("{}: {}", date_time(at), source.last_words);
        view! { <small class:negative=source.last_failed class:muted=!source.last_failed>{words}</small> }
    });
    let paused = source.source.paused;
    let has_times = !source.source.pattern.is_empty();
    let stored = StoredValue::new(source.source.clone());
    let pause = has_times.then(|| {
        let label = if paused { format!("Let {name} follow its times") } else { format!("Let {name} rest") };
        view! {
            <button
                type="button"
                class="button small"
                aria-label=label
                disabled=rest.pending()
                on:click=move |_| {
                    let source = ImportSource { paused: !paused, ..stored.get_value() };
                    rest.run(SaveImportSource { id: Some(id), source });
                }
            >
                {if paused { "Resume" } else { "Pause" }}
            </button>
        }
    });
    view! {
        <li>
            <span>
                <strong>{name}</strong>
                <small class="muted">{format!("{what} · {when}{next}")}</small>
                <small class="muted code address">{source.source.url.clone()}</small>
                {last}
            </span>
            <span class="row-actions">
                <button
                    type="button"
                    class="button small"
                    aria-label=run_label
                    data-testid="run-source"
                    disabled=start.pending()
                    on:click=move |_| { start.run(StartImportSource { id }); }
                >
                    "Import now"
                </button>
                {pause}
                <button
                    type="button"
                    class="button small"
                    aria-label=remove_label
                    disabled=remove.pending()
                    on:click=move |_| { remove.run(RemoveImportSource { id }); }
                >
                    "Remove"
                </button>
            </span>
        </li>
    }
}

/// The form for another source.
#[component]
fn SourceForm(
    /// Closes the form.
    close: Callback<()>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let name = RwSignal::new(String::new());
    let url = RwSignal::new(String::new());
    let kind = RwSignal::new(String::new());
    let pattern = RwSignal::new(String::new());
    let save = write::<SaveImportSource>(move |_| {
        toasts.done("The address is kept.");
        close.run(());
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let source = ImportSource {
            name: name.get_untracked(),
            url: url.get_untracked(),
            options: ImportOptions { kind: kind.get_untracked().parse().ok(), ..ImportOptions::default() },
            pattern: pattern.get_untracked(),
            time_zone: time_zone(),
            paused: false,
        };
        save.run(SaveImportSource { id: None, source });
    };
    let mut kinds = vec![("", "as its first line tells")];
    kinds.extend(FileKind::ALL.iter().map(|kind| (kind.as_str(), file_kind(*kind).0)));
    view! {
        <form class="form" on:submit=submit data-testid="source-form">
            <TextInput label="Name" value=String::new() testid="source-name" set=Callback::new(move |text| name.set(text)) />
            <TextInput
                label="Address of the file"
                value=String::new()
                placeholder="https://shop.example/export/products.csv"
                testid="source-url"
                set=Callback::new(move |text| url.set(text))
            />
            <ChoiceInput label="A row is about" value=kind choices=kinds set=Callback::new(move |text| kind.set(text)) />
            <ChoiceInput label="When" value=pattern choices=USUAL.to_vec() set=Callback::new(move |text| pattern.set(text)) />
            <p class="muted">"It is fetched while OmniPriceX is open; a missed time is taken once, and a file that did not change is not read again."</p>
            <div class="actions">
                <button type="submit" class="button primary" data-testid="save-source" disabled=save.pending()>"Keep it"</button>
                <button type="button" class="button" on:click=move |_| close.run(())>"Cancel"</button>
            </div>
        </form>
    }
}
