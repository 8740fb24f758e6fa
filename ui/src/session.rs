//! What every screen needs to know: what is open, whose prices are shown, which jobs run.

mod answering;
mod endings;
mod jobs;

use app_contract::{Event, GetStatus, ListJobs, PriceListView, Status, WorkspaceView};
use leptos::prelude::*;
use pricing_domain::PriceListId;

pub use answering::{Answering, LookUp};
pub use jobs::Jobs;

use crate::backend::backend;
use crate::components::toasts::Toasts;
use crate::freshness::Freshness;
use crate::reads::{Read, read};
use crate::storage::{recall, remember};

const PRICE_LIST: &str = "price-list";

/// The state shared by all screens.
#[derive(Clone, Copy)]
pub struct Session {
    /// How things stand, with its error when the host does not answer.
    pub status: Read<Status>,
    /// The last known status.
    pub known: Memo<Option<Status>>,
    chosen: RwSignal<Option<PriceListId>>,
}

impl Session {
    /// Reads the status and listens to events. Needs [`Freshness`], [`Jobs`], [`Answering`] and [`Toasts`] in the context.
    pub fn start() -> Self {
        let (freshness, jobs) = (expect_context::<Freshness>(), expect_context::<Jobs>());
        let (toasts, answering) = (expect_context::<Toasts>(), expect_context::<Answering>());
        let heard = move |envelope: app_contract::EventEnvelope| match envelope.event {
            Event::Job { job } => {
                if jobs.is_news_of_an_end(&job) {
                    endings::tell(&job, toasts);
                }
                jobs.heard(*job);
            }
            Event::Stale { tags } => freshness.stale(&tags),
            Event::Alert { notice } => toasts.done(format!("{}: {}", notice.title, notice.text)),
            Event::Assistant { ticket, news } => answering.heard(&ticket, news),
        };
        backend().listen(heard, move || freshness.all_stale());
        let status = read(|| Some(GetStatus {}));
        let listed = read(|| Some(ListJobs {}));
        Effect::new(move || listed.value().into_iter().flatten().for_each(|job| jobs.heard(job)));
        let known =
            Memo::new(move |before: Option<&Option<Status>>| status.value().or_else(|| before.and_then(Clone::clone)));
        let chosen = recall(PRICE_LIST).and_then(|text| text.parse().ok());
        Self { status, known, chosen: RwSignal::new(chosen) }
    }

    /// What is open.
    pub fn workspace(&self) -> Option<WorkspaceView> {
        self.known.with(|status| status.as_ref().and_then(|status| status.workspace.clone()))
    }

    /// The price list whose prices are shown: the chosen one, else the default.
    pub fn price_list(&self) -> Option<PriceListView> {
        let chosen = self.chosen.get();
        self.known.with(|status| {
            let lists = &status.as_ref()?.workspace.as_ref()?.price_lists;
            lists.iter().find(|list| Some(list.id) == chosen).or(lists.first()).cloned()
        })
    }

    /// Its id.
    pub fn price_list_id(&self) -> Option<PriceListId> {
        self.price_list().map(|list| list.id)
    }

    /// The price list with a code, as it is known now: whoever asks is not told of later changes.
    pub fn list_of_code(&self, code: &str) -> Option<PriceListId> {
        let known = |status: &Option<Status>| {
            let lists = &status.as_ref()?.workspace.as_ref()?.price_lists;
            lists.iter().find(|list| list.code == code).map(|list| list.id)
        };
        self.known.with_untracked(known)
    }

    /// A workspace is open, and no product was ever imported into it.
    pub fn lacks_catalogue(&self) -> bool {
        self.known.with(|status| {
            let workspace = status.as_ref().and_then(|status| status.workspace.as_ref());
            workspace.is_some_and(|workspace| workspace.price_lists.is_empty())
        })
    }

    /// Shows the prices of another list.
    pub fn choose_price_list(&self, id: PriceListId) {
        remember(PRICE_LIST, &id.to_string());
        self.chosen.set(Some(id));
    }

    /// Whether publishing is blocked.
    pub fn stopped(&self) -> bool {
        self.known.with(|status| status.as_ref().is_some_and(|status| status.publishing_stopped))
    }
}
