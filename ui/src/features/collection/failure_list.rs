//! The pages that fail for one reason.

use app_contract::{FailurePage, ListFailures};
use leptos::prelude::*;
use leptos_router::components::A;
use pricing_domain::ReadState;

use crate::components::reading::Reading;
use crate::components::table::{Column, TableShape, row};
use crate::features::products::grid_query::GridQuery;
use crate::formats::{MISSING, age, integer, money};
use crate::reads::read;

/// Pages of one view of the list.
const AT_ONCE: u32 = 50;

/// The list, a page at a time.
#[component]
pub fn FailureList(
    /// The reason.
    state: ReadState,
) -> impl IntoView {
    let offset = RwSignal::new(0u64);
    let page = read(move || Some(ListFailures { state, offset: offset.get(), limit: AT_ONCE }));
    view! { <Reading from=page lines=4 show=move |page| view! { <FailureTable page offset /> } /> }
}

const FAILURES: TableShape = TableShape::framed(
    "Pages without a price",
    &[
        Column::head("Product"),
        Column::text("Competitor"),
        Column::text("What happened"),
        Column::number("Last good price"),
        Column::text("Read"),
    ],
);

/// One page of the list.
#[component]
fn FailureTable(
    /// The rows.
    page: FailurePage,
    /// Where the page begins.
    offset: RwSignal<u64>,
) -> impl IntoView {
    let (first, end, matching) = (page.offset + 1, page.offset + page.rows.len() as u64, page.matching);
    let rows = page
        .rows
        .into_iter()
        .map(|row| {
            let address = GridQuery { product: Some(row.sku.clone()), search: row.sku.clone(), ..GridQuery::default() };
            let last = row.last_price.map_or(MISSING.to_owned(), money);
            let seen = row.last_seen.map_or_else(String::new, |seen| format!(", {}", age(seen)));
            let product = view! { <A href=address.address()>{row.name}</A><small class="code muted">{row.sku}</small> };
            let what = view! { {row.reason}<small class="code muted address">{row.url}</small> };
            row![product.into_any(), row.competitor, what.into_any(), format!("{last}{seen}"), age(row.at)]
        })
        .collect();
    view! {
        {FAILURES.with(rows)}
        <div class="actions">
            <span class="count">{format!("{}–{} of {}", integer(first.min(end)), integer(end), integer(matching))}</span>
            <button
                type="button"
                class="button small"
                disabled=first <= 1
                on:click=move |_| offset.update(|offset| *offset = offset.saturating_sub(u64::from(AT_ONCE)))
            >
                "Previous"
            </button>
            <button
                type="button"
                class="button small"
                disabled=end >= matching
                on:click=move |_| offset.update(|offset| *offset += u64::from(AT_ONCE))
            >
                "Next"
            </button>
        </div>
    }
}
