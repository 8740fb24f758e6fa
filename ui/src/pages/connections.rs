//! Connections: shops and other receivers of prices, what each may do, and what became of the newest tasks.

use app_contract::{ConnectionView, ListConnections};
use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::components::panel::Panel;
use crate::components::reading::Reading;
use crate::components::side_panel::{SidePanel, remembered_width};
use crate::features::connections::Shown;
use crate::features::connections::connection_form::ConnectionForm;
use crate::features::connections::connection_panel::ConnectionPanel;
use crate::features::connections::connection_table::ConnectionTable;
use crate::reads::read;

/// The screen of connections.
#[component]
pub fn ConnectionsPage() -> impl IntoView {
    let connections = read(|| Some(ListConnections {}));
    let shown = RwSignal::new(Shown::Nothing);
    let known = Memo::new(move |before: Option<&Vec<ConnectionView>>| {
        connections.value().or_else(|| before.cloned()).unwrap_or_default()
    });
    let close = Callback::new(move |()| shown.set(Shown::Nothing));
    let panel = Memo::new(move |_| shown.get());
    let side = move || match panel.get() {
        Shown::Nothing => ().into_any(),
        Shown::New => view! { <NewConnection shown close /> }.into_any(),
        Shown::One(id) => {
            let one = Memo::new(move |_| known.with(|known| known.iter().find(|one| one.id == id).cloned()));
            view! { <ConnectionPanel id one close /> }.into_any()
        }
    };
    let show = move |connections: Vec<ConnectionView>| view! { <ConnectionTable connections shown /> };
    view! {
        <div class="page with-panel" data-testid="page-connections">
            <div class="page-main scrolls">
                <div class="page-head">
                    <h1 class="page-title">"Connections"</h1>
                    <div class="actions">
                        <button
                            type="button"
                            class="button primary"
                            data-testid="add-connection"
                            on:click=move |_| shown.set(Shown::New)
                        >
                            <Icon glyph=Glyph::Add />
                            <span>"Add a connection"</span>
                        </button>
                    </div>
                </div>
                <Panel title="Shops and receivers">
                    <Reading from=connections lines=4 show />
                </Panel>
            </div>
            {side}
        </div>
    }
}

/// The form of a new connection, in the side panel.
#[component]
fn NewConnection(
    /// What the side panel shows.
    shown: RwSignal<Shown>,
    /// Closes the panel.
    close: Callback<()>,
) -> impl IntoView {
    let width = RwSignal::new(remembered_width());
    let saved = Callback::new(move |one: ConnectionView| shown.set(Shown::One(one.id)));
    let heading = || view! { <h2>"New connection"</h2> };
    view! {
        <SidePanel label="New connection" testid="connection-panel" width close heading>
            <ConnectionForm one=None saved />
        </SidePanel>
    }
}
