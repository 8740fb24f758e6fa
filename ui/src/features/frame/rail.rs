//! The rail: the way to every screen. Collapses to icons.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::icon::{Glyph, Icon};
use crate::formats::integer;
use crate::routes::Screen;
use crate::session::Session;
use crate::storage::{recall, remember};

const COLLAPSED: &str = "rail-collapsed";

/// The rail.
#[component]
pub fn Rail() -> impl IntoView {
    let session = expect_context::<Session>();
    let collapsed = RwSignal::new(recall(COLLAPSED).as_deref() == Some("yes"));
    let waiting = move || session.known.with(|status| status.as_ref().map_or(0, |status| status.pending_exceptions));
    let toggle = move |_| {
        collapsed.update(|collapsed| *collapsed = !*collapsed);
        remember(COLLAPSED, if collapsed.get_untracked() { "yes" } else { "no" });
    };
    let links = Screen::ALL.into_iter().map(move |screen| {
        let badge = move || {
            let count = if screen == Screen::Proposals { waiting() } else { 0 };
            (count > 0).then(|| {
                view! {
                    <span class="badge" title="Exceptions that wait for a person">{integer(count)}</span>
                    <span class="visually-hidden">"exceptions wait"</span>
                }
            })
        };
        view! {
            <li>
                <A href=screen.path() exact=screen == Screen::Today attr:class="rail-link" attr:title=screen.title() attr:data-testid=screen.rail_testid()>
                    <Icon glyph=screen.glyph() />
                    <span class="rail-word">{screen.title()}</span>
                    {badge}
                </A>
            </li>
        }
    });
    view! {
        <nav class="rail" class:collapsed=collapsed aria-label="Screens">
            <ul>{links.collect_view()}</ul>
            <button
                type="button"
                class="rail-link rail-toggle"
                aria-expanded=move || (!collapsed.get()).to_string()
                on:click=toggle
            >
                <Icon glyph=Glyph::Collapse />
                <span class="rail-word">{move || if collapsed.get() { "Expand" } else { "Collapse" }}</span>
            </button>
        </nav>
    }
}
