//! One competitor: what is remembered of its sites, when and how it is collected, which readings count, its recipes.

use app_contract::{CollectCompetitors, CompetitorView, SiteView};
use leptos::prelude::*;

use super::policy_form::PolicyForm;
use super::recipe_editor::Recipes;
use super::schedule_form::ScheduleForm;
use super::settings_form::SettingsForm;
use crate::components::icon::{Glyph, Icon};
use crate::components::side_panel::{SidePanel, remembered_width};
use crate::components::tabs::Tabs;
use crate::formats::{age, date_time, integer};
use crate::session::Jobs;
use crate::writes::write;

/// What the panel shows, one at a time.
const PARTS: &[(&str, &str)] = &[
    ("When", "competitor-when"),
    ("How", "competitor-how"),
    ("Which readings count", "competitor-counts"),
    ("Recipes", "competitor-recipes"),
];

/// The panel.
#[component]
pub fn CompetitorPanel(
    /// The competitor.
    one: CompetitorView,
    /// Closes the panel.
    close: Callback<()>,
) -> impl IntoView {
    let jobs = expect_context::<Jobs>();
    let width = RwSignal::new(remembered_width());
    let collect = write::<CollectCompetitors>(move |job| jobs.heard(job));
    let (id, name, estimate) = (one.id, one.name.clone(), one.estimate.words.clone());
    let heading = move || {
        view! {
            <h2>{name.clone()}</h2>
            <p class="muted">{estimate.clone()}</p>
        }
    };
    let sites = one.sites.clone().into_iter().map(|site| view! { <Site site /> }).collect_view();
    let (settings, for_policy) = (one.settings.clone(), one.settings.clone());
    let part = RwSignal::new(0_usize);
    let show = Callback::new(move |place| part.set(place));
    let hidden = move |place: usize| move || part.get() != place;
    view! {
        <SidePanel label="Competitor" testid="competitor-panel" width close heading>
            <div class="actions">
                <button
                    type="button"
                    class="button primary"
                    data-testid="collect-competitor"
                    disabled=collect.pending()
                    on:click=move |_| {
                        collect.dispatch_local(CollectCompetitors { competitors: vec![id], all: true });
                    }
                >
                    <Icon glyph=Glyph::Play />
                    <span>"Collect now"</span>
                </button>
            </div>
            {sites}
            <Tabs label="What is set for this competitor" parts=PARTS shown=part show />
            <section hidden=hidden(0) aria-label="When it is collected">
                <ScheduleForm competitor=id schedule=one.schedule.clone() />
            </section>
            <section hidden=hidden(1) aria-label="How it is collected">
                <SettingsForm competitor=id settings />
            </section>
            <section hidden=hidden(2) aria-label="Which readings count">
                <PolicyForm competitor=id settings=for_policy />
            </section>
            <section hidden=hidden(3) aria-label="Recipes: where prices stand on its pages">
                <Recipes competitor=id />
            </section>
        </SidePanel>
    }
}

/// What is remembered of one site.
#[component]
fn Site(
    /// The site.
    site: SiteView,
) -> impl IntoView {
    let robots = match (site.robots, site.robots_read_at) {
        (Some(words), Some(at)) => format!("{words} (read {})", age(at)),
        (Some(words), None) => words,
        (None, _) => "not asked yet".to_owned(),
    };
    let paused = site.paused_until.map(|until| {
        let times = if site.breaks > 1 { format!(", for the {}. time in a row", site.breaks) } else { String::new() };
        view! { <div><dt>"Left alone"</dt><dd class="caution">{format!("until {}{times}", date_time(until))}</dd></div> }
    });
    view! {
        <dl class="facts">
            <div><dt>"Site"</dt><dd class="code address">{site.origin}</dd></div>
            <div><dt>"robots.txt"</dt><dd>{robots}</dd></div>
            <div><dt>"Gap now kept"</dt><dd>{format!("{} ms", integer(site.gap_ms))}</dd></div>
            <div><dt>"Requests today"</dt><dd>{integer(site.sent_today)}</dd></div>
            {paused}
        </dl>
    }
}
