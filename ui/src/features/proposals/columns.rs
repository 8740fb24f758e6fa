//! The columns of the proposal grid.

use app_contract::ProposalRow;
use pricing_domain::{DeliveryState, Money, ProposalKind};

use crate::components::data_grid::{Cell, Column, Tone};
use crate::formats::{change, money, percent};
use crate::words;

/// Every column, in their order.
pub fn all() -> Vec<Column<ProposalRow>> {
    vec![
        Column::new("sku", "SKU", 112, |row: &ProposalRow| Cell::toned(&row.sku, Tone::Code)),
        Column::new("name", "Product", 200, |row: &ProposalRow| Cell::text(&row.name)).growing().brief("title"),
        Column::new("old", "Today", 96, |row: &ProposalRow| price(row, row.old_minor, "No price on this list yet"))
            .numeric(),
        Column::new("new", "Proposed", 96, |row: &ProposalRow| price(row, row.new_minor, "No price can be proposed"))
            .brief("figure")
            .numeric(),
        Column::new("change", "Change", 92, |row: &ProposalRow| {
            row.change_bp
                .map_or_else(|| Cell::missing("Needs both prices"), |basis_points| Cell::text(change(basis_points)))
        })
        .brief("change")
        .numeric(),
        Column::new("why", "Why", 190, why).brief("detail"),
        Column::new("margin", "Margin", 80, |row: &ProposalRow| match row.margin_bp {
            None => Cell::missing("No cost is known"),
            Some(margin) if margin < 0 => Cell::toned(percent(margin), Tone::Negative),
            Some(margin) => Cell::text(percent(margin)),
        })
        .numeric()
        .hint("At the proposed price"),
        Column::new("lowest", "Lowest", 96, |row: &ProposalRow| {
            price(row, row.lowest_minor, "No usable competitor price")
        })
        .numeric()
        .hint("Lowest usable competitor price, like for like"),
        Column::new("list", "List", 64, |row: &ProposalRow| Cell::toned(&row.price_list, Tone::Muted)),
        Column::new("status", "State", 120, state),
    ]
}

/// The decision; after a hand-over what the shop shows or said.
fn state(row: &ProposalRow) -> Cell {
    let decision = row.decision.clone().unwrap_or_default();
    match &row.delivery {
        Some((state, words)) if !state.is_there() && *state != DeliveryState::Intended => {
            let cell = Cell::toned(format!("⚠ {}", words::delivery_state(*state)), Tone::Caution);
            Cell { hint: words.clone(), ..cell }
        }
        Some((state, words)) => {
            let hint = if words.is_empty() { decision } else { words.clone() };
            Cell { hint, ..Cell::toned(words::delivery_state(*state), Tone::Muted) }
        }
        None => Cell { hint: decision, ..Cell::toned(words::proposal_status(row.status), Tone::Muted) },
    }
}

/// The reason of an exception, the rule of a change.
fn why(row: &ProposalRow) -> Cell {
    let cell = match (row.kind, row.reason) {
        (ProposalKind::Exception, Some(reason)) => Cell::toned(format!("⚠ {}", reason.title()), Tone::Caution),
        _ if row.warnings > 0 => Cell::toned(format!("⚠ warned · {}", row.rule), Tone::Caution),
        _ => Cell::toned(&row.rule, Tone::Muted),
    };
    Cell { hint: row.summary.clone(), ..cell }
}

fn price(row: &ProposalRow, minor: Option<i64>, reason: &str) -> Cell {
    minor.map_or_else(|| Cell::missing(reason), |minor| Cell::text(money(Money::new(minor, row.currency))))
}
