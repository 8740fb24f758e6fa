//! The lists of work as tables: what changed, what the rules make of it, and what waiting costs.

use app_contract::{CostWork, PriceWork, PromotionWork, WorkKind, WorkRow, WorkTask, WorkView};
use leptos::prelude::*;
use pricing_domain::{Currency, Money};

use crate::components::table::{Cell, Column, Row, TableShape};
use crate::features::products::grid_query::GridQuery;
use crate::formats::{MISSING, change, cost, date, date_time, money, percent, signed_money};

/// One list.
#[component]
pub fn WorkTable(
    /// The list.
    view: WorkView,
) -> impl IntoView {
    let currency = view.currency;
    let rows = view.rows.into_iter().map(|row| line(row, currency)).collect();
    TableShape::framed(title(view.kind), columns(view.kind)).testid("work-table").empty(nothing(view.kind)).with(rows)
}

/// What a list is called.
pub const fn title(kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::CostChanges => "Cost changes",
        WorkKind::WithoutPrice => "Without a price",
        WorkKind::PromotionsStarting => "Promotions starting",
        WorkKind::PromotionsEnding => "Promotions ending",
    }
}

const fn nothing(kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::CostChanges => "No cost changed within seven days. Import costs with the day from which they hold.",
        WorkKind::WithoutPrice => "Every product on sale has a price on this list.",
        WorkKind::PromotionsStarting => "No promotion starts within seven days.",
        WorkKind::PromotionsEnding => "No promotion ends within seven days.",
    }
}

const fn columns(kind: WorkKind) -> &'static [Column<'static>] {
    match kind {
        WorkKind::CostChanges => {
            const {
                &[
                    Column::head("SKU"),
                    Column::text("Product").class("text"),
                    Column::text("Since"),
                    Column::number("Cost before"),
                    Column::number("Cost now"),
                    Column::number("Change"),
                    Column::number("Margin"),
                    Column::number("Price today"),
                    Column::number("The rules give"),
                    Column::number("Cost a day"),
                    Column::number("Waiting a day"),
                ]
            }
        }
        WorkKind::WithoutPrice => {
            const {
                &[
                    Column::head("SKU"),
                    Column::text("Product").class("text"),
                    Column::number("Cost"),
                    Column::number("Lowest offer"),
                    Column::number("Offers"),
                    Column::number("The rules give"),
                    Column::text("Why a person"),
                ]
            }
        }
        WorkKind::PromotionsStarting | WorkKind::PromotionsEnding => {
            const {
                &[
                    Column::head("SKU"),
                    Column::text("Product").class("text"),
                    Column::text("Promotion"),
                    Column::text("Starts"),
                    Column::text("Ends"),
                    Column::number("Price today"),
                    Column::number("Promotion price"),
                    Column::text("Prior price").class("text"),
                ]
            }
        }
    }
}

fn line(row: WorkRow, currency: Currency) -> Row {
    let link = GridQuery { search: row.sku.clone(), ..GridQuery::default() }.address();
    let amount =
        |minor: Option<i64>| minor.map_or_else(|| MISSING.to_owned(), |minor| money(Money::new(minor, currency)));
    let price = amount(row.price_minor);
    let gives = match (row.proposed_minor, row.change_bp) {
        (Some(proposed), Some(by)) => format!("{} ({})", amount(Some(proposed)), change(by)),
        (Some(proposed), None) => amount(Some(proposed)),
        (None, _) => "stays".to_owned(),
    };
    let reason = row.reason.map(|reason| reason.title()).unwrap_or_default();
    let mut cells = vec![Cell::link(link, row.sku), row.name.into()];
    cells.extend(match row.task {
        WorkTask::Cost(work) => cost_cells(&work, price, gives, reason),
        WorkTask::Price(work) => price_cells(&work, amount(work.lowest_minor), gives, reason),
        WorkTask::Promotion(work) => {
            let reduced = amount(work.price_minor);
            promotion_cells(work, price, reduced)
        }
    });
    Row::new(cells)
}

fn cost_cells(work: &CostWork, price: String, gives: String, reason: &'static str) -> Vec<Cell> {
    let margin = |share: Option<i32>| share.map_or_else(|| MISSING.to_owned(), percent);
    let day = |amount: Option<Money>| amount.map_or_else(|| MISSING.to_owned(), signed_money);
    let waits = work.waiting_day.is_some_and(|day| day.amount_minor > 0);
    vec![
        Cell::from(date(work.since)).hint(work.cost_type.to_string()),
        cost(work.before).into(),
        cost(work.now).into(),
        work.change_bp.map_or_else(|| MISSING.to_owned(), change).into(),
        format!("{} → {}", margin(work.margin_before_bp), margin(work.margin_bp)).into(),
        price.into(),
        Cell::from(gives).hint(reason),
        day(work.cost_day).into(),
        Cell::from(work.waiting_day.map_or_else(|| MISSING.to_owned(), money)).class_if(waits, "negative"),
    ]
}

fn price_cells(work: &PriceWork, lowest: String, gives: String, reason: &'static str) -> Vec<Cell> {
    let gives = if gives == "stays" { MISSING.to_owned() } else { gives };
    vec![
        work.cost.map_or_else(|| MISSING.to_owned(), cost).into(),
        lowest.into(),
        work.offers.to_string().into(),
        gives.into(),
        reason.into(),
    ]
}

fn promotion_cells(work: PromotionWork, price: String, reduced: String) -> Vec<Cell> {
    let ends = work.ends.map_or_else(|| MISSING.to_owned(), date_time);
    let prior = format!("{}{}", if work.wrong { "⚠ " } else { "" }, work.prior_words);
    vec![
        work.name.into(),
        date_time(work.starts).into(),
        ends.into(),
        price.into(),
        reduced.into(),
        Cell::from(prior).class_if(work.wrong, "negative"),
    ]
}
