//! Screens that say nothing before there are products.

use leptos::prelude::*;

use super::import_menu::ImportMenu;
use crate::components::empty::Empty;
use crate::session::Session;

/// A screen once there is a catalogue; before, how to get there.
#[component]
pub fn WithCatalogue(
    /// The screen's name.
    title: &'static str,
    /// The screen.
    children: ChildrenFn,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let lacks = Memo::new(move |_| session.lacks_catalogue());
    move || {
        if !lacks.get() {
            return children().into_any();
        }
        view! {
            <div class="page scrolls" data-testid="without-catalogue">
                <h1 class="page-title">{title}</h1>
                <Empty text="There are no products yet. Import a catalogue: a file of your shop, or one with the columns sku, name, price and currency.">
                    <ImportMenu />
                </Empty>
            </div>
        }
        .into_any()
    }
}
