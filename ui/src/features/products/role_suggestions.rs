//! Roles that sales and competition suggest: how many would change, which and why, and one step that applies them.

use app_contract::{ApplyRoleSuggestions, RoleSuggestionRow, RoleSuggestions, SuggestRoles};
use leptos::prelude::*;
use pricing_domain::Role;

use super::role_menu::role_told;
use crate::components::reading::Reading;
use crate::components::side_panel::{SidePanel, remembered_width};
use crate::components::table::{Column, TableShape, row};
use crate::formats::{counted, integer};
use crate::reads::read;
use crate::session::Session;
use crate::words;
use crate::writes::write;

/// So many products are named.
const SHOWN: u32 = 100;

const COUNTS: TableShape =
    TableShape::bare(&[Column::head("Role"), Column::number("Now"), Column::number("Suggested")]);

/// The panel.
#[component]
pub fn RoleSuggestionPanel(
    /// Closes it.
    close: Callback<()>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let only_without = RwSignal::new(false);
    let asked = read(move || {
        Some(SuggestRoles { price_list: session.price_list_id()?, only_without: only_without.get(), limit: SHOWN })
    });
    let width = RwSignal::new(remembered_width());
    view! {
        <SidePanel
            label="Suggested roles"
            testid="role-suggestions"
            width
            close
            heading=|| view! { <h2>"Suggested roles"</h2> }
        >
            <p>
                "From the sales of 28 days, what competitors carry and how often they change prices. Products are compared within their highest category: those that make up the first 50 % of its units and are contested by at least three competitors become key value, the first 80 % of units traffic, the first 80 % of profit profit, the rest tail."
            </p>
            <label class="choice">
                <input type="checkbox" data-testid="roles-only-without" bind:checked=only_without />
                <span>"Only products without a role"</span>
            </label>
            <Reading from=asked lines=8 show=move |found| view! { <Found found only_without close /> } />
        </SidePanel>
    }
}

/// What was found.
#[component]
fn Found(
    /// The suggestions.
    found: RoleSuggestions,
    /// Whether products with a role stay as they are.
    only_without: RwSignal<bool>,
    /// Closes the panel.
    close: Callback<()>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let told = role_told();
    let apply = write::<ApplyRoleSuggestions>(move |report| {
        told(report);
        close.run(());
    });
    let busy = apply.pending();
    let on_apply = move |_| {
        if let Some(price_list) = session.price_list_id() {
            apply.run(ApplyRoleSuggestions { price_list, only_without: only_without.get_untracked() });
        }
    };
    let (changes, shown) = (found.changes, found.rows.len() as u64);
    let summary = format!(
        "{} judged, {} too new to be; {} would change.",
        counted(found.judged, "product", "products"),
        integer(found.too_new),
        integer(changes)
    );
    let counts = found.counts.iter();
    let counts = counts.map(|count| row![name(count.role), integer(count.now), integer(count.suggested)]).collect();
    let more =
        (changes > shown).then(|| view! { <p class="muted">{format!("And {} more.", integer(changes - shown))}</p> });
    view! {
        <p role="status" data-testid="roles-summary">{summary}</p>
        {COUNTS.with(counts)}
        <div class="actions">
            <button
                type="button"
                class="button primary"
                data-testid="roles-apply"
                disabled=move || changes == 0 || busy.get()
                on:click=on_apply
            >
                {format!("Change {}", counted(changes, "role", "roles"))}
            </button>
        </div>
        <ul class="plain" data-testid="roles-changes">{found.rows.into_iter().map(line).collect_view()}</ul>
        {more}
    }
}

fn line(row: RoleSuggestionRow) -> impl IntoView {
    view! {
        <li>
            <p>
                <span class="code">{row.sku}</span>
                " "
                {row.name}
                ": "
                {format!("{} → {}", name(row.now), words::role(row.suggested))}
            </p>
            <p class="muted">{row.reason}</p>
        </li>
    }
}

fn name(role: Option<Role>) -> &'static str {
    role.map_or("No role", words::role)
}
