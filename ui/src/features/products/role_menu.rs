//! Gives marked products a role, and opens the suggestions.

use app_contract::{ProductRow, RoleReport, RoleSelection, SetRoles, UndoChangeSet};
use leptos::prelude::*;
use pricing_domain::Role;

use super::grid_query::GridQuery;
use crate::components::data_grid::{Grid, Selection};
use crate::components::menu::Menu;
use crate::components::toasts::Toasts;
use crate::features::files::undo_words;
use crate::formats::counted;
use crate::session::Session;
use crate::words;
use crate::writes::write;

/// Tells what became of roles, and offers to take it back.
pub fn role_told() -> impl Fn(RoleReport) + Copy + 'static {
    let toasts = expect_context::<Toasts>();
    let undo = write::<UndoChangeSet>(move |report| toasts.done(undo_words(&report)));
    move |report: RoleReport| {
        let words = format!("{} changed their role.", counted(report.changed, "product", "products"));
        match report.change_set {
            Some(change_set) => {
                let undo = Callback::new(move |()| {
                    undo.run(UndoChangeSet { change_set });
                });
                toasts.done_with_undo(words, undo);
            }
            None => toasts.done("Every one of them has this role already.".to_owned()),
        }
    }
}

/// The menu.
#[component]
pub fn RoleMenu(
    /// The grid with its marks.
    grid: Grid<ProductRow>,
    /// What is shown.
    query: Memo<GridQuery>,
    /// Opens the suggestions.
    suggest: Callback<()>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let told = role_told();
    let set = write::<SetRoles>(told);
    let busy = set.pending();
    let open = RwSignal::new(false);
    let marked = move || grid.selection.with(|selection| selection.len(grid.source.matching()));
    let chosen = move || {
        if grid.selection.with_untracked(Selection::is_all) {
            let GridQuery { search, filters, .. } = query.get_untracked();
            session.price_list_id().map(|price_list| RoleSelection::Grid { price_list, search, filters })
        } else {
            let products: Vec<_> = grid.marked_rows().into_iter().map(|row| row.id).collect();
            (!products.is_empty()).then_some(RoleSelection::Products(products))
        }
    };
    let choose = move |role: Option<Role>| {
        open.set(false);
        if let Some(selection) = chosen() {
            set.run(SetRoles { selection, role });
            grid.selection.update(Selection::clear);
        }
    };
    let item = move |role: Option<Role>| {
        let (name, words) = match role {
            Some(role) => (role.as_str(), words::role(role)),
            None => ("none", "No role"),
        };
        view! {
            <button
                type="button"
                class="menu-item"
                data-testid=format!("role-{name}")
                disabled=move || marked() == 0 || busy.get()
                on:click=move |_| choose(role)
            >
                <span>{words}</span>
            </button>
        }
    };
    let hint = move || match marked() {
        0 => "Mark products to set their role".to_owned(),
        count => format!("Role of {}", counted(count, "marked product", "marked products")),
    };
    view! {
        <Menu label="Roles" testid="role-menu" open>
            <p class="menu-heading">{hint}</p>
            {Role::ALL.iter().copied().map(Some).chain([None]).map(item).collect_view()}
            <button
                type="button"
                class="menu-item"
                data-testid="roles-suggest"
                on:click=move |_| {
                    open.set(false);
                    suggest.run(());
                }
            >
                <span>"Suggest roles…"</span>
            </button>
        </Menu>
    }
}
