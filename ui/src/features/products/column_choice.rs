//! Which columns are shown; remembered in this window.

use leptos::prelude::*;

use super::columns;
use crate::components::icon::Glyph;
use crate::components::menu::Menu;
use crate::storage::{recall, remember};

const HIDDEN: &str = "product-columns-hidden";
/// Hidden until a person asks for them.
const HIDDEN_AT_FIRST: [&str; 3] = ["role", "cost", LATER];
/// The column that came after others were chosen, and what is remembered beside the names since it is there.
const LATER: &str = "demand";
const SINCE: &str = "2";

/// The names of hidden columns, as remembered.
pub fn remembered_hidden() -> Vec<String> {
    match recall(HIDDEN) {
        Some(text) => {
            let is_older = !text.split(' ').any(|key| key == SINCE);
            let names = text.split(' ').filter(|key| !key.is_empty() && *key != SINCE);
            names.chain(is_older.then_some(LATER)).map(str::to_owned).collect()
        }
        None => HIDDEN_AT_FIRST.map(str::to_owned).to_vec(),
    }
}

/// “Columns” with a box for each.
#[component]
pub fn ColumnChoice(
    /// The names of hidden columns.
    hidden: RwSignal<Vec<String>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let toggle = move |key: &str| {
        hidden.update(|hidden| match hidden.iter().position(|known| known == key) {
            Some(place) => {
                hidden.remove(place);
            }
            None => hidden.push(key.to_owned()),
        });
        remember(HIDDEN, &format!("{SINCE} {}", hidden.get_untracked().join(" ")));
    };
    let boxes = move || {
        columns::all(None)
            .into_iter()
            .filter(|column| column.key != columns::FIRST)
            .map(|column| {
                let key = column.key;
                let shown = move || !hidden.get().iter().any(|known| known == key);
                view! {
                    <label class="menu-check">
                        <input type="checkbox" prop:checked=shown on:change=move |_| toggle(key) />
                        <span>{column.title}</span>
                    </label>
                }
            })
            .collect_view()
    };
    view! {
        <Menu label="Columns" glyph=Glyph::Columns testid="column-choice" open>{boxes()}</Menu>
    }
}
