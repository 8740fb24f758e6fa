//! The top bar: whose workspace, whose prices, search, jobs, network, stop switch.

use leptos::prelude::*;

use super::jobs_menu::JobsMenu;
use super::network_state::NetworkState;
use super::price_list_select::PriceListSelect;
use super::stop_switch::StopSwitch;
use crate::components::icon::{Glyph, Icon};
use crate::components::show::Show;
use crate::features::assistant::desk::AssistantDesk;
use crate::session::Session;

/// The top bar.
#[component]
pub fn TopBar(
    /// Whether the command palette is open.
    palette: RwSignal<bool>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let assistant = expect_context::<AssistantDesk>();
    let company = move || session.workspace().map(|workspace| workspace.company);
    let sample = move || session.workspace().is_some_and(|workspace| workspace.sample);
    view! {
        <header class="top-bar">
            <p class="company">
                <span class="company-name">{company}</span>
                <Show when=sample>
                    <span class="mark" title="Invented company, products and competitors">"sample"</span>
                </Show>
            </p>
            <PriceListSelect />
            <button
                type="button"
                class="top-search"
                data-testid="top-search"
                aria-haspopup="dialog"
                on:click=move |_| palette.set(true)
            >
                <Icon glyph=Glyph::Search />
                <span>"Search or do something"</span>
                <kbd>"Ctrl K"</kbd>
            </button>
            <button
                type="button"
                class="button quiet"
                data-testid="open-assistant"
                aria-expanded=move || assistant.open.get().to_string()
                on:click=move |_| assistant.toggle()
            >
                <Icon glyph=Glyph::Assistant />
                <span>"Ask"</span>
            </button>
            <JobsMenu />
            <NetworkState />
            <StopSwitch />
        </header>
    }
}
