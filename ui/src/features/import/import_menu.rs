//! The button that imports a file, by what its rows are.

use leptos::prelude::*;
use pricing_domain::FileKind;

use super::desk::ImportDesk;
use crate::components::icon::Glyph;
use crate::components::menu::Menu;
use crate::words::file_kind;

/// “Import…” with the kinds of files.
#[component]
pub fn ImportMenu() -> impl IntoView {
    let desk = expect_context::<ImportDesk>();
    let open = RwSignal::new(false);
    let items = move || {
        FileKind::ALL
            .iter()
            .map(|kind| {
                let (title, columns) = file_kind(*kind);
                let pick = move |_| {
                    open.set(false);
                    desk.pick(Some(*kind));
                };
                view! {
                    <button type="button" class="menu-item" data-testid=format!("import-{kind}") on:click=pick>
                        <span>{title}</span>
                        <small>{columns}</small>
                    </button>
                }
            })
            .collect_view()
    };
    view! {
        <Menu label="Import…" glyph=Glyph::Import testid="import-menu" open>
            <p class="menu-heading">"CSV, TSV, XLSX, XML or JSON lines; also .gz and .zip"</p>
            <button
                type="button"
                class="menu-item"
                data-testid="import-any"
                on:click=move |_| {
                    open.set(false);
                    desk.pick(None);
                }
            >
                <span>"Any file: its first line tells"</span>
                <small>"Shopify, WooCommerce, Magento, PrestaShop, Google Merchant, …"</small>
            </button>
            {items()}
        </Menu>
    }
}
