//! The whole: contexts, the router, and either the first-start page or the frame with its screens.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

use crate::appearance::Appearance;
use crate::components::notice::ErrorNotice;
use crate::components::toasts::{ToastList, Toasts};
use crate::features::assistant::desk::AssistantDesk;
use crate::features::frame::Frame;
use crate::features::import::desk::ImportDesk;
use crate::features::import::with_catalogue::WithCatalogue;
use crate::features::rules::desk::RuleDesk;
use crate::freshness::Freshness;
use crate::pages::analytics::AnalyticsPage;
use crate::pages::automation::AutomationPage;
use crate::pages::category_demand::CategoryDemandPage;
use crate::pages::collection::CollectionPage;
use crate::pages::competitors::CompetitorsPage;
use crate::pages::connections::ConnectionsPage;
use crate::pages::demand::DemandPage;
use crate::pages::experiments::ExperimentsPage;
use crate::pages::first_start::FirstStartPage;
use crate::pages::forecasts::ForecastsPage;
use crate::pages::matches::MatchesPage;
use crate::pages::plans::PlansPage;
use crate::pages::products::ProductsPage;
use crate::pages::proposals::ProposalsPage;
use crate::pages::quarantine::QuarantinePage;
use crate::pages::rules::RulesPage;
use crate::pages::scenarios::ScenariosPage;
use crate::pages::settings::SettingsPage;
use crate::pages::today::TodayPage;
use crate::pages::work::WorkPage;
use crate::session::{Answering, Jobs, Session};

/// The application.
#[component]
pub fn App() -> impl IntoView {
    provide_context(Freshness::new());
    provide_context(Toasts::new());
    provide_context(Appearance::start());
    provide_context(Jobs::new());
    provide_context(Answering::new());
    let session = Session::start();
    provide_context(session);
    provide_context(ImportDesk::new());
    provide_context(RuleDesk::new());
    provide_context(AssistantDesk::new());
    view! {
        <Router>
            <Opened session />
        </Router>
        <ToastList />
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Asking,
    Unreachable,
    NothingOpen,
    Open,
}

/// What the status calls for.
#[component]
fn Opened(
    /// The shared state.
    session: Session,
) -> impl IntoView {
    let stage = Memo::new(move |_| match session.known.get() {
        Some(status) if status.workspace.is_some() => Stage::Open,
        Some(_) => Stage::NothingOpen,
        None => match session.status.get() {
            Some(Err(_)) => Stage::Unreachable,
            _ => Stage::Asking,
        },
    });
    move || match stage.get() {
        Stage::Asking => view! { <p class="starting" role="status">"Opening…"</p> }.into_any(),
        Stage::Unreachable => {
            let message = session.status.get().and_then(Result::err).map(|error| error.message).unwrap_or_default();
            let again = Callback::new(move |()| session.status.again());
            view! { <main class="starting"><ErrorNotice message again /></main> }.into_any()
        }
        Stage::NothingOpen => view! { <FirstStartPage /> }.into_any(),
        Stage::Open => view! {
            <Frame>
                <FlatRoutes fallback=today>
                    <Route path=path!("/") view=anew(|| today().into_any()) />
                    <Route path=path!("/products") view=anew(|| ProductsPage().into_any()) />
                    <Route path=path!("/rules") view=anew(|| RulesPage().into_any()) />
                    <Route path=path!("/proposals") view=anew(|| ProposalsPage().into_any()) />
                    <Route path=path!("/work") view=anew(|| work().into_any()) />
                    <Route path=path!("/automation") view=anew(|| AutomationPage().into_any()) />
                    <Route path=path!("/competitors") view=anew(|| CompetitorsPage().into_any()) />
                    <Route path=path!("/competitors/quarantine") view=anew(|| QuarantinePage().into_any()) />
                    <Route path=path!("/matches") view=anew(|| MatchesPage().into_any()) />
                    <Route path=path!("/collection") view=anew(|| CollectionPage().into_any()) />
                    <Route path=path!("/connections") view=anew(|| ConnectionsPage().into_any()) />
                    <Route path=path!("/scenarios") view=anew(|| scenarios().into_any()) />
                    <Route path=path!("/scenarios/demand") view=anew(|| demand().into_any()) />
                    <Route path=path!("/scenarios/demand/category") view=anew(|| category_demand().into_any()) />
                    <Route path=path!("/scenarios/forecasts") view=anew(|| forecasts().into_any()) />
                    <Route path=path!("/scenarios/plans") view=anew(|| plans().into_any()) />
                    <Route path=path!("/scenarios/experiments") view=anew(|| experiments().into_any()) />
                    <Route path=path!("/analytics") view=anew(|| analytics().into_any()) />
                    <Route path=path!("/settings") view=anew(|| SettingsPage().into_any()) />
                </FlatRoutes>
            </Frame>
        }
        .into_any(),
    }
}

/// A page that takes the place of another one whole. The views of two pages have one type, so that the router would turn
/// one into the other element by element, with what the old ones were at: scrolled, focused, half drawn.
fn anew(page: fn() -> AnyView) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    move || (move || untrack(page)).into_any()
}

fn today() -> impl IntoView {
    view! { <WithCatalogue title="Today"><TodayPage /></WithCatalogue> }
}

fn scenarios() -> impl IntoView {
    view! { <WithCatalogue title="Scenarios"><ScenariosPage /></WithCatalogue> }
}

fn analytics() -> impl IntoView {
    view! { <WithCatalogue title="Analytics"><AnalyticsPage /></WithCatalogue> }
}

fn category_demand() -> impl IntoView {
    view! { <WithCatalogue title="Demand"><CategoryDemandPage /></WithCatalogue> }
}

fn demand() -> impl IntoView {
    view! { <WithCatalogue title="Demand"><DemandPage /></WithCatalogue> }
}

fn forecasts() -> impl IntoView {
    view! { <WithCatalogue title="Forecasts"><ForecastsPage /></WithCatalogue> }
}

fn plans() -> impl IntoView {
    view! { <WithCatalogue title="Plans"><PlansPage /></WithCatalogue> }
}

fn experiments() -> impl IntoView {
    view! { <WithCatalogue title="Price tests"><ExperimentsPage /></WithCatalogue> }
}

fn work() -> impl IntoView {
    view! { <WithCatalogue title="Work"><WorkPage /></WithCatalogue> }
}
