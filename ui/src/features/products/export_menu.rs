//! Exports: choosing the format of a file that is then handed to the person.

use leptos::prelude::*;
use pricing_domain::OutputFormat;

use crate::components::icon::Glyph;
use crate::components::menu::Menu;

/// A button with the formats.
#[component]
pub fn ExportMenu(
    /// The button's words.
    label: &'static str,
    /// Its name in tests.
    testid: &'static str,
    /// Called with the format.
    export: Callback<OutputFormat>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let export = Callback::new(move |format| {
        open.set(false);
        export.run(format);
    });
    view! {
        <Menu label glyph=Glyph::Export testid open>
            <FormatItems testid export />
        </Menu>
    }
}

/// A line of a menu for each format.
#[component]
pub fn FormatItems(
    /// The beginning of their names in tests.
    testid: &'static str,
    /// Called with the format.
    export: Callback<OutputFormat>,
) -> impl IntoView {
    [(OutputFormat::Csv, "CSV"), (OutputFormat::Xlsx, "Excel workbook (XLSX)"), (OutputFormat::Json, "JSON lines")].map(
        |(format, words)| {
            view! {
                <button
                    type="button"
                    class="menu-item"
                    data-testid=format!("{testid}-{format}")
                    on:click=move |_| export.run(format)
                >
                    {words}
                </button>
            }
        },
    )
}
