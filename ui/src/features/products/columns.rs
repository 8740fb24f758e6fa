//! The columns of the product grid.

use std::str::FromStr;

use app_contract::ProductRow;
use pricing_domain::{Currency, GridColumn};

use crate::components::data_grid::{Cell, Column, Tone};
use crate::formats::{amount, change, cost, integer, percent, thousandths};
use crate::words;

/// The column that always stays.
pub const FIRST: &str = "sku";

/// Marks after a name at most, so that the name stays readable.
const MARKS: usize = 2;

/// The column by which the grid sorts when its heading is clicked.
pub fn sort_column(key: &str) -> Option<GridColumn> {
    GridColumn::from_str(key).ok()
}

/// Every column, in their order, for prices in a currency.
pub fn all(currency: Option<Currency>) -> Vec<Column<ProductRow>> {
    let code = currency.map(|currency| currency.to_string()).unwrap_or_default();
    let money = move |minor: Option<i64>, reason: &str| match (minor, currency) {
        (Some(minor), Some(currency)) => Cell::text(amount(minor, currency)),
        _ => Cell::missing(reason),
    };
    vec![
        Column::new("sku", "SKU", 116, |row: &ProductRow| Cell::toned(&row.sku, Tone::Code)).sortable().brief("detail"),
        Column::new("name", "Product", 260, name).sortable().growing().brief("title"),
        Column::new("price", format!("Price {code}"), 92, move |row: &ProductRow| {
            money(row.price_minor, "No price on this list yet")
        })
        .brief("figure")
        .numeric()
        .sortable(),
        Column::new("margin", "Margin", 80, margin).numeric().sortable().hint("(net price − cost) ÷ net price"),
        Column::new("lowest", format!("Lowest {code}"), 96, move |row: &ProductRow| {
            money(row.lowest_minor, "No usable competitor price")
        })
        .numeric()
        .sortable()
        .hint("Lowest usable competitor price, like for like"),
        Column::new("gap", "Gap", 84, gap)
            .brief("change")
            .numeric()
            .sortable()
            .hint("Our price ÷ lowest competitor price − 1"),
        Column::new("offers", "Offers", 64, |row: &ProductRow| match row.offers {
            0 => Cell::missing("No usable competitor price"),
            count => Cell::text(integer(count)),
        })
        .numeric()
        .sortable()
        .hint("Usable competitor prices"),
        Column::new("stock", "Stock", 68, stock).numeric().sortable(),
        Column::new("units", "Sold 28 d", 84, |row: &ProductRow| Cell::text(thousandths(row.units_28d_milli)))
            .numeric()
            .sortable()
            .hint("Units sold in 28 days"),
        Column::new("brand", "Brand", 96, |row: &ProductRow| text_or(&row.brand, "No brand is known")).sortable(),
        Column::new("category", "Category", 150, |row: &ProductRow| text_or(&row.category, "No category is known"))
            .sortable(),
        Column::new("cost", format!("Cost {code}"), 96, |row: &ProductRow| {
            row.cost.map_or_else(|| Cell::missing("No cost is known"), |micro| Cell::text(cost(micro)))
        })
        .numeric()
        .sortable(),
        Column::new("role", "Role", 92, |row: &ProductRow| {
            row.role.map_or_else(|| Cell::missing("No role is given"), |role| Cell::text(words::role(role)))
        })
        .sortable(),
        Column::new("demand", "Demand", 230, |row: &ProductRow| {
            row.demand.map_or_else(|| Cell::missing("Not fitted yet"), |fact| Cell::text(fact.words()))
        })
        .sortable()
        .hint("How units answer the price, and what that rests on; the order is that of the elasticity"),
    ]
}

fn name(row: &ProductRow) -> Cell {
    let marks = [
        (row.needs_decision, "needs you"),
        (row.pending && !row.needs_decision, "proposal"),
        (row.key_value, "KVI"),
        (row.locked, "locked"),
        (row.on_promotion, "promotion"),
    ];
    let marks = marks.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark).take(MARKS).collect();
    Cell { marks, ..Cell::text(&row.name) }
}

fn text_or(text: &str, reason: &str) -> Cell {
    if text.is_empty() { Cell::missing(reason) } else { Cell::text(text) }
}

fn margin(row: &ProductRow) -> Cell {
    match row.margin_bp {
        None => Cell::missing("Needs a price and a cost"),
        Some(margin) if margin < 0 => {
            Cell { hint: "Below cost".into(), ..Cell::toned(percent(margin), Tone::Negative) }
        }
        Some(margin) => Cell::text(percent(margin)),
    }
}

fn gap(row: &ProductRow) -> Cell {
    match row.gap_bp {
        None => Cell::missing("Needs a price and a usable competitor price"),
        Some(gap) if gap > 0 => Cell::toned(change(gap), Tone::Negative),
        Some(gap) if gap < 0 => Cell::toned(change(gap), Tone::Positive),
        Some(gap) => Cell::text(change(gap)),
    }
}

fn stock(row: &ProductRow) -> Cell {
    match row.stock {
        None => Cell::missing("Stock is not known"),
        Some(stock) if stock <= 0 => Cell { hint: "Out of stock".into(), ..Cell::toned(integer(stock), Tone::Caution) },
        Some(stock) => Cell::text(integer(stock)),
    }
}
