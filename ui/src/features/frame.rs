//! What surrounds every screen: rail, top bar, stop banner, and the panel of an import.

mod jobs_menu;
mod network_state;
mod palette;
mod price_list_select;
mod rail;
mod stop_banner;
mod stop_switch;
mod top_bar;

use leptos::ev;
use leptos::prelude::*;

use crate::features::assistant::panel::AssistantPanel;
use crate::features::import::report_panel::ImportReportPanel;
use palette::Palette;
use rail::Rail;
use stop_banner::StopBanner;
use top_bar::TopBar;

/// The frame around a screen.
#[component]
pub fn Frame(
    /// The screen.
    children: Children,
) -> impl IntoView {
    let palette = RwSignal::new(false);
    let listener = window_event_listener(ev::keydown, move |event| {
        if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            palette.update(|open| *open = !*open);
        }
    });
    on_cleanup(move || listener.remove());
    view! {
        <a class="skip-link" href="#screen">"Skip to the content"</a>
        <div class="frame">
            <TopBar palette />
            <Rail />
            <div class="stage">
                <StopBanner />
                <div class="stage-columns">
                    <main id="screen" class="screen" tabindex="-1">{children()}</main>
                    <ImportReportPanel />
                    <AssistantPanel />
                </div>
            </div>
        </div>
        <Palette open=palette />
    }
}
