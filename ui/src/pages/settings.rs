//! Settings: the company, politeness, appearance, files, history.

use app_contract::{
    CircuitBreakerSettings, GetApprovalPolicy, GetCircuitBreaker, GetModelSettings, GetSettings, ListProxies,
    ModelSettingsView, SettingsView,
};
use leptos::prelude::*;
use pricing_domain::ApprovalPolicy;

use crate::components::panel::Panel;
use crate::components::reading::Reading;
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
use crate::features::settings::proxies_form::ProxiesForm;
use crate::reads::read;
use crate::session::Session;

/// The settings screen.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let settings = read(|| Some(GetSettings {}));
    let breaker = read(|| Some(GetCircuitBreaker {}));
    let policy = read(|| Some(GetApprovalPolicy {}));
    let model = read(|| Some(GetModelSettings {}));
    let proxies = read(|| Some(ListProxies {}));
    let show_proxies = |proxies: Vec<String>| view! { <ProxiesForm proxies /> };
    let version = move || session.known.get().map(|status| format!("OmniPriceX {}", status.version));
    view! {
        <div class="page scrolls" data-testid="page-settings">
            <h1 class="page-title">"Settings"</h1>
            <div class="columns">
                <Panel title="Company and collection">
                    <Reading from=settings lines=8 show=|settings: SettingsView| view! { <GeneralForm settings /> } />
                </Panel>
                <Panel title="Appearance">
                    <AppearanceChoice />
                </Panel>
                <Panel title="You">
                    <PersonForm />
                </Panel>
                <Panel title="Approval policy">
                    <Reading from=policy lines=8 show=|policy: ApprovalPolicy| view! { <PolicyForm policy /> } />
                </Panel>
                <Panel title="Circuit breaker">
                    <Reading
                        from=breaker
                        lines=8
                        show=|settings: CircuitBreakerSettings| view! { <BreakerForm settings /> }
                    />
                </Panel>
                <Panel title="Assistant">
                    <Reading from=model lines=8 show=|view: ModelSettingsView| view! { <ModelForm view /> } />
                </Panel>
                <Panel title="Proxies">
                    <Reading from=proxies lines=3 show=show_proxies />
                </Panel>
                <Panel title="Files">
                    <Reading from=settings lines=8 show=|settings: SettingsView| view! { <Files settings /> } />
                </Panel>
            </div>
            <Panel title="Mappings of files">
                <Mappings />
            </Panel>
            <Panel title="What changed">
                <History />
            </Panel>
            <Panel title="Audit">
                <Audit />
            </Panel>
            <p class="muted">{version}</p>
        </div>
    }
}
