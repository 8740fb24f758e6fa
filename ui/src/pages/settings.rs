//! Settings, part by part: the company and this window, what is approved, alerts, the assistant, files, history.

use app_contract::{
    CircuitBreakerSettings, GetApprovalPolicy, GetCircuitBreaker, GetModelSettings, GetReportSettings, GetSettings,
    ListPriceLists, ListPrivateSites, ListProxies, ModelSettingsView, PriceListView, ReportSettings, SettingsView,
};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use pricing_domain::ApprovalPolicy;

use crate::components::panel::Panel;
use crate::components::reading::Reading;
use crate::components::tabs::{TabPart, Tabs};
use crate::features::alerts::alert_list::Alerts;
use crate::features::alerts::history::AlertHistory;
use crate::features::alerts::ways_out::WaysOut;
use crate::features::settings::addresses_form::{PrivateSitesForm, ProxiesForm};
use crate::features::settings::appearance_panel::AppearanceChoice;
use crate::features::settings::audit_panel::Audit;
use crate::features::settings::breaker_form::BreakerForm;
use crate::features::settings::files_panel::Files;
use crate::features::settings::general_form::GeneralForm;
use crate::features::settings::history_panel::History;
use crate::features::settings::mappings_panel::Mappings;
use crate::features::settings::model_form::ModelForm;
use crate::features::settings::person_form::PersonForm;
use crate::features::settings::policy_form::PolicyForm;
use crate::features::settings::price_lists_form::PriceListsForm;
use crate::features::settings::report_form::ReportForm;
use crate::features::settings::sources_panel::Sources;
use crate::reads::read;
use crate::session::Session;

/// The parts; the address names the one that is shown (`?part=alerts`).
const PARTS: &[(&str, &str)] = &[
    ("General", "settings-general"),
    ("Approval", "settings-approval"),
    ("Alerts", "settings-alerts"),
    ("Assistant", "settings-assistant"),
    ("Files", "settings-files"),
    ("History", "settings-history"),
];

/// The settings screen.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let (query, navigate) = (use_query_map(), use_navigate());
    let shown = Memo::new(move |_| {
        let named = query.with(|query| query.get("part"));
        PARTS
            .iter()
            .position(|(title, _)| named.as_ref().is_some_and(|part| title.eq_ignore_ascii_case(part)))
            .unwrap_or(0)
    });
    let show = Callback::new(move |place: usize| {
        let part = PARTS.get(place).map_or_else(String::new, |(title, _)| title.to_lowercase());
        navigate(&format!("/settings?part={part}"), NavigateOptions::default());
    });
    let version = move || session.known.get().map(|status| format!("OmniPriceX {}", status.version));
    view! {
        <div class="page scrolls" data-testid="page-settings">
            <h1 class="page-title">"Settings"</h1>
            <Tabs label="Which settings" parts=PARTS shown show />
            <TabPart place=0 shown><General /></TabPart>
            <TabPart place=1 shown><Approval /></TabPart>
            <TabPart place=2 shown>
                <div class="columns">
                    <Panel title="Alerts"><Alerts /></Panel>
                    <Panel title="Ways out"><WaysOut /></Panel>
                </div>
                <Panel title="What was told"><AlertHistory /></Panel>
            </TabPart>
            <TabPart place=3 shown><Assistant /></TabPart>
            <TabPart place=4 shown>
                <FilesPart />
            </TabPart>
            <TabPart place=5 shown>
                <Panel title="What changed"><History /></Panel>
                <Panel title="Audit"><Audit /></Panel>
            </TabPart>
            <p class="muted">{version}</p>
        </div>
    }
}

#[component]
fn General() -> impl IntoView {
    let settings = read(|| Some(GetSettings {}));
    let reports = read(|| Some(GetReportSettings {}));
    let proxies = read(|| Some(ListProxies {}));
    let sites = read(|| Some(ListPrivateSites {}));
    let lists = read(|| Some(ListPriceLists {}));
    let show_lists = |lists: Vec<PriceListView>| view! { <PriceListsForm lists /> };
    let show_sites = |sites: Vec<String>| view! { <PrivateSitesForm sites /> };
    let show_proxies = |proxies: Vec<String>| view! { <ProxiesForm proxies /> };
    view! {
        <div class="columns flowing">
            <Panel title="Company and collection">
                <Reading from=settings lines=8 show=|settings: SettingsView| view! { <GeneralForm settings /> } />
            </Panel>
            <Panel title="Price lists"><Reading from=lists lines=3 show=show_lists /></Panel>
            <Panel title="Reports">
                <Reading from=reports lines=4 show=|settings: ReportSettings| view! { <ReportForm settings /> } />
            </Panel>
            <Panel title="Appearance"><AppearanceChoice /></Panel>
            <Panel title="You"><PersonForm /></Panel>
            <Panel title="Sites in your own network"><Reading from=sites lines=3 show=show_sites /></Panel>
            <Panel title="Proxies"><Reading from=proxies lines=3 show=show_proxies /></Panel>
        </div>
    }
}

#[component]
fn Approval() -> impl IntoView {
    let breaker = read(|| Some(GetCircuitBreaker {}));
    let policy = read(|| Some(GetApprovalPolicy {}));
    view! {
        <div class="columns">
            <Panel title="Approval policy">
                <Reading from=policy lines=8 show=|policy: ApprovalPolicy| view! { <PolicyForm policy /> } />
            </Panel>
            <Panel title="Circuit breaker">
                <Reading from=breaker lines=8 show=|settings: CircuitBreakerSettings| view! { <BreakerForm settings /> } />
            </Panel>
        </div>
    }
}

#[component]
fn Assistant() -> impl IntoView {
    let model = read(|| Some(GetModelSettings {}));
    view! {
        <div class="columns">
            <Panel title="Assistant">
                <Reading from=model lines=8 show=|view: ModelSettingsView| view! { <ModelForm view /> } />
            </Panel>
        </div>
    }
}

#[component]
fn FilesPart() -> impl IntoView {
    let settings = read(|| Some(GetSettings {}));
    view! {
        <div class="columns">
            <Panel title="Files">
                <Reading from=settings lines=8 show=|settings: SettingsView| view! { <Files settings /> } />
            </Panel>
        </div>
        <Panel title="Files from addresses"><Sources /></Panel>
        <Panel title="Mappings of files"><Mappings /></Panel>
    }
}
