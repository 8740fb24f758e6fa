//! One connection: what it said of itself, what became of its newest tasks, and what can be done with it.

use app_contract::{
    ConnectionFacts, ConnectionRun, ConnectionView, JobKind, JobResult, RemoveConnection, StartDryRun, StartPull,
    StatedVat, TestConnection,
};
use leptos::prelude::*;
use pricing_domain::{BasisPoints, ConnectionId, ConnectionKind, JobId, OtherPrices, decimal_text, parse_scaled};

use super::connection_form::ConnectionForm;
use super::delivery_report::DeliveryReportView;
use crate::components::facts::{fact, items};
use crate::components::fields::{NumberInput, TextInput};
use crate::components::show::Show;
use crate::components::side_panel::{SidePanel, remembered_width};
use crate::components::toasts::Toasts;
use crate::formats::{age, date_time, integer};
use crate::session::Jobs;
use crate::words;
use crate::writes::write;

/// The panel.
#[component]
pub fn ConnectionPanel(
    /// Which connection.
    id: ConnectionId,
    /// The connection as it is.
    one: Memo<Option<ConnectionView>>,
    /// Closes the panel.
    close: Callback<()>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let width = RwSignal::new(remembered_width());
    let heading = move || {
        one.get().map(|one| {
            view! {
                <h2>{one.name}</h2>
                <p class="muted">{format!("{} · {}", words::connection_kind(one.kind), one.address)}</p>
            }
        })
    };
    let facts = move || one.get().and_then(|one| one.facts).map(|facts| view! { <Facts facts /> });
    let runs = move || {
        let runs = one.get().map(|one| one.runs).unwrap_or_default();
        runs.into_iter().map(|run| view! { <Run run /> }).collect_view()
    };
    let is_first = Memo::new(move |_| one.with(Option::is_some));
    let saved = Callback::new(move |_| {});
    let form = move || is_first.get().then(|| view! { <ConnectionForm one=one.get_untracked() saved /> });
    let keys = move || one.get().map(|one| view! { <p class="muted">{format!("Its keys are {}.", one.keys_are)}</p> });
    let asked = RwSignal::new(false);
    let remove = write::<RemoveConnection>(move |_| {
        toasts.done("Removed. Its keys are forgotten.");
        close.run(());
    });
    view! {
        <SidePanel label="Connection" testid="connection-panel" width close heading>
            <Tasks id one />
            {facts}
            <h3>"What it did last"</h3>
            <ul class="connection-runs" data-testid="connection-runs">{runs}</ul>
            <h3>"Where it is and what opens it"</h3>
            {keys}
            {form}
            <h3>"Disconnect"</h3>
            <p class="muted">"The keys are forgotten; what was handed over stays listed, and in the shop."</p>
            <div class="actions">
                <button
                    type="button"
                    class="button"
                    data-testid="remove-connection"
                    aria-expanded=move || asked.get().to_string()
                    on:click=move |_| asked.update(|asked| *asked = !*asked)
                >
                    "Remove the connection…"
                </button>
                <Show when=move || asked.get()>
                    <button
                        type="button"
                        class="button primary"
                        data-testid="confirm-remove-connection"
                        disabled=remove.pending()
                        on:click=move |_| { remove.run(RemoveConnection { connection: id }); }
                    >
                        "Remove it and forget its keys"
                    </button>
                </Show>
            </div>
        </SidePanel>
    }
}

/// Test, pull, dry run.
#[component]
fn Tasks(
    /// Which connection.
    id: ConnectionId,
    /// The connection as it is.
    one: Memo<Option<ConnectionView>>,
) -> impl IntoView {
    let jobs = expect_context::<Jobs>();
    let toasts = expect_context::<Toasts>();
    let dry = RwSignal::new(None::<JobId>);
    let test = write::<TestConnection>(move |_| toasts.done("It answers."));
    let pull = write::<StartPull>(move |job| jobs.heard(job));
    let dry_run = write::<StartDryRun>(move |job| {
        dry.set(Some(job.id));
        jobs.heard(job);
    });
    let said = one.with_untracked(|one| one.as_ref().map(|one| one.stated_vat.clone())).unwrap_or_default();
    let (vat, classes) = (RwSignal::new(said.ordinary), RwSignal::new(class_words(&said.classes)));
    let stated = move || StatedVat { ordinary: vat.get_untracked(), classes: read_classes(&classes.get_untracked()) };
    let has_classes =
        Memo::new(move |_| one.with(|one| one.as_ref().is_some_and(|one| one.kind == ConnectionKind::WooCommerce)));
    let set_vat = Callback::new(move |rate: Option<i64>| {
        vat.set(rate.and_then(|rate| i32::try_from(rate).ok()).map(BasisPoints));
    });
    let has_catalogue = Memo::new(move |_| one.with(|one| one.as_ref().is_some_and(|one| one.kind.is_shop())));
    let publishing = move || jobs.running_of(JobKind::Publishing).is_some();
    let importing = move || jobs.running_of(JobKind::Import).is_some();
    let looked = move || {
        let job = dry.get().and_then(|id| jobs.find(id))?;
        match job.result {
            Some(JobResult::Delivery(report)) => Some(view! { <DeliveryReportView report /> }),
            _ => None,
        }
    };
    view! {
        <div class="actions">
            <button
                type="button"
                class="button primary"
                data-testid="test-connection"
                disabled=test.pending()
                on:click=move |_| { test.run(TestConnection { connection: id }); }
            >
                {move || if test.pending().get() { "Asking…" } else { "Test" }}
            </button>
            <Show when=move || has_catalogue.get()>
                <button
                    type="button"
                    class="button"
                    data-testid="pull-catalogue"
                    disabled=importing
                    on:click=move |_| { pull.run(StartPull { connection: id, stated_vat: stated() }); }
                >
                    "Read its catalogue"
                </button>
            </Show>
            <button
                type="button"
                class="button"
                data-testid="dry-run"
                disabled=publishing
                on:click=move |_| {
                    dry_run.run(StartDryRun { connection: id, other_prices: OtherPrices::Leave });
                }
            >
                "Dry run"
            </button>
        </div>
        <Show when=move || has_catalogue.get()>
            <NumberInput
                label="VAT of its products (margins need it; empty: as stated before, or as the shop says)"
                value=said.ordinary.map(|rate| i64::from(rate.0))
                digits=2
                unit="%"
                optional=true
                testid="pull-vat"
                set=set_vat
            />
        </Show>
        <Show when=move || has_classes.get()>
            <TextInput
                label="VAT of other tax classes, in percent"
                value=classes.get_untracked()
                placeholder="reduced-rate=7; books=5"
                testid="pull-vat-classes"
                set=Callback::new(move |text| classes.set(text))
            />
        </Show>
        {looked}
    }
}

/// Rates of classes as they are typed.
fn class_words(classes: &[(String, BasisPoints)]) -> String {
    let word = |(class, rate): &(String, BasisPoints)| format!("{class}={}", decimal_text(i64::from(rate.0), 2, 0));
    classes.iter().map(word).collect::<Vec<_>>().join("; ")
}

/// What can be read of them. A comma without a blank stands before decimals.
fn read_classes(text: &str) -> Vec<(String, BasisPoints)> {
    let pair = |text: &str| {
        let (class, rate) = text.rsplit_once('=')?;
        let rate = rate.trim().trim_end_matches('%').trim().replace(',', ".");
        let rate = i32::try_from(parse_scaled(&rate, 2)?).ok()?;
        Some((class.trim().to_owned(), BasisPoints(rate)))
    };
    let pieces = text.split(';').flat_map(|piece| piece.split(", "));
    pieces.filter_map(pair).filter(|(class, _)| !class.is_empty()).collect()
}

/// What it said of itself.
#[component]
fn Facts(
    /// The facts.
    facts: ConnectionFacts,
) -> impl IntoView {
    let vat = facts.prices_include_vat.map(|includes| if includes { "contain VAT" } else { "are without VAT" });
    let money = facts.currency.map(|currency| {
        let words = vat.map_or_else(|| currency.to_string(), |vat| format!("in {currency}, {vat}"));
        fact("Its prices", words)
    });
    let products = facts.products.map(|count| fact("Products", integer(count)));
    let rates = facts.vat_rates.iter().map(|(class, rate)| {
        let class = if class.is_empty() { "ordinary" } else { class };
        format!("{class} {} %", decimal_text(i64::from(rate.0), 2, 0))
    });
    let rates = rates.collect::<Vec<_>>().join(", ");
    let rates = (!rates.is_empty()).then(|| fact("VAT", rates));
    let remarks = items(facts.remarks);
    view! {
        <dl class="facts" data-testid="connection-facts">
            {fact("Says of itself", facts.name)}
            {fact("The key", words::rights(facts.may_read, facts.may_write))}
            {money}
            {products}
            {rates}
            {fact("Asked", age(facts.tested_at))}
        </dl>
        <ul class="muted">{remarks}</ul>
    }
}

/// What became of the newest of a task.
#[component]
fn Run(
    /// The run.
    run: ConnectionRun,
) -> impl IntoView {
    let sign = if run.failed { "⚠ failed" } else { "✓" };
    view! {
        <li>
            <strong>{words::connection_task(run.task)}</strong>
            " "
            <span class="muted">{date_time(run.at)}</span>
            " "
            <span class:caution=run.failed>{sign}</span>
            <p>{run.message}</p>
        </li>
    }
}
