//! Looks for our products on a competitor's site, and shows the search that runs.

use app_contract::{CancelJob, JobKind, JobState, JobView, MatchSearch, StartMatching};
use leptos::prelude::*;

use crate::components::icon::Glyph;
use crate::components::menu::Menu;
use crate::components::progress::JobProgress;
use crate::session::Jobs;
use crate::writes::write;

/// Pages read at most, unless a person says otherwise.
const MOST_PAGES: u32 = 2_000;

/// The button with its form, or the progress.
#[component]
pub fn SearchForm() -> impl IntoView {
    let jobs = expect_context::<Jobs>();
    let running = Memo::new(move |_| jobs.running_of(JobKind::Matching));
    move || match running.get() {
        Some(job) => view! { <RunningSearch job /> }.into_any(),
        None => view! { <SearchMenu /> }.into_any(),
    }
}

/// The form.
#[component]
fn SearchMenu() -> impl IntoView {
    let open = RwSignal::new(false);
    let competitor = RwSignal::new(String::new());
    let site = RwSignal::new(String::new());
    let containing = RwSignal::new(String::new());
    let most = RwSignal::new(MOST_PAGES.to_string());
    let jobs = expect_context::<Jobs>();
    let start = write::<StartMatching>(move |job| {
        open.set(false);
        jobs.heard(job);
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        start.run(StartMatching {
            search: MatchSearch {
                competitor: competitor.get_untracked(),
                site: site.get_untracked(),
                containing: containing.get_untracked(),
                most_pages: most.get_untracked().trim().parse().unwrap_or(MOST_PAGES),
            },
        });
    };
    view! {
        <Menu label="Find products at a competitor…" glyph=Glyph::Search testid="find-matches" class="primary" open>
            <form class="form menu-form" on:submit=submit>
                <label class="field">
                    <span>"Competitor"</span>
                    <input type="text" required placeholder="ElektroMax" data-testid="match-competitor" bind:value=competitor />
                </label>
                <label class="field">
                    <span>"Address of the shop, its sitemap, or its search with {query}"</span>
                    <input type="url" placeholder="https://shop.example" data-testid="match-site" bind:value=site />
                </label>
                <label class="field">
                    <span>"Only addresses with"</span>
                    <input type="text" placeholder="/product/" bind:value=containing />
                </label>
                <label class="field">
                    <span>"Read at most so many pages"</span>
                    <input type="text" inputmode="numeric" class="numeric" bind:value=most />
                </label>
                <p class="muted">
                    "Its sitemap is read, or its search is asked for each product without a page there; then new pages one \
                    after the other at the pace set for collection. Without an \
                    address, pages found before are compared with the catalogue once more. Pages that were collected for \
                    one product are proposed for another that has none at this competitor, where article code or model \
                    say so."
                </p>
                <button type="submit" class="button primary" data-testid="start-matching" disabled=start.pending()>
                    "Find"
                </button>
            </form>
        </Menu>
    }
}

/// The search that runs.
#[component]
fn RunningSearch(
    /// Its job.
    job: JobView,
) -> impl IntoView {
    let cancel = write::<CancelJob>(|_| {});
    let id = job.id;
    let cancelling = job.state == JobState::Cancelling;
    let message = job.message.clone();
    view! {
        <div class="running" data-testid="matching-progress" aria-live="polite">
            <JobProgress job=Signal::stored(job) />
            <span class="muted">{message}</span>
            <button
                type="button"
                class="button"
                disabled=cancelling
                on:click=move |_| { cancel.run(CancelJob { job: id }); }
            >
                {if cancelling { "Stopping…" } else { "Cancel" }}
            </button>
        </div>
    }
}
