//! One competitor: what is remembered of its sites, when and how it is collected, which readings count, its recipes.

use app_contract::{CollectCompetitors, CompetitorView, SiteView};
use leptos::prelude::*;

use super::policy_form::PolicyForm;
use super::recipe_editor::Recipes;
use super::schedule_form::ScheduleForm;
use super::settings_form::SettingsForm;
use crate::components::facts::{fact, fact_as};
use crate::components::icon::{Glyph, Icon};
use crate::components::side_panel::{SidePanel, remembered_width};
use crate::components::tabs::{TabPart, Tabs};
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
    let (settings, for_policy, schedule) = (one.settings.clone(), one.settings.clone(), one.schedule.clone());
    let part = RwSignal::new(0_usize);
    let show = Callback::new(move |place| part.set(place));
    view! {
        <SidePanel label="Competitor" testid="competitor-panel" width close heading>
            <div class="actions">
                <button
                    type="button"
                    class="button primary"
                    data-testid="collect-competitor"
                    disabled=collect.pending()
                    on:click=move |_| {
                        collect.run(CollectCompetitors { competitors: vec![id], all: true });
                    }
                >
                    <Icon glyph=Glyph::Play />
                    <span>"Collect now"</span>
                </button>
            </div>
            {sites}
            <Tabs label="What is set for this competitor" parts=PARTS shown=part show />
            <TabPart place=0 shown=part>
                <ScheduleForm competitor=id schedule=schedule.clone() />
            </TabPart>
            <TabPart place=1 shown=part>
                <SettingsForm competitor=id settings=settings.clone() />
            </TabPart>
            <TabPart place=2 shown=part>
                <PolicyForm competitor=id settings=for_policy.clone() />
            </TabPart>
            <TabPart place=3 shown=part>
                <Recipes competitor=id />
            </TabPart>
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
        fact_as("Left alone", format!("until {}{times}", date_time(until)), "caution")
    });
    view! {
        <dl class="facts">
            {fact_as("Site", site.origin, "code address")}
            {fact("robots.txt", robots)}
            {fact("Gap now kept", format!("{} ms", integer(site.gap_ms)))}
            {fact("Requests today", integer(site.sent_today))}
            {paused}
        </dl>
    }
}
