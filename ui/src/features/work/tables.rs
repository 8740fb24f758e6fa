//! The lists of work as tables: what changed, what the rules make of it, and what waiting costs.

use app_contract::{CostWork, PriceWork, PromotionWork, WorkKind, WorkRow, WorkTask, WorkView};
use leptos::prelude::*;
use pricing_domain::{Currency, Money};

use crate::components::empty::Empty;
use crate::features::products::grid_query::GridQuery;
use crate::formats::{MISSING, change, cost, date, date_time, money, percent, signed_money};

/// One list.
#[component]
pub fn WorkTable(
    /// The list.
    view: WorkView,
) -> impl IntoView {
    if view.rows.is_empty() {
        return view! { <Empty text=nothing(view.kind) /> }.into_any();
    }
    let currency = view.currency;
    let heads = heads(view.kind).iter().map(|(words, numeric)| {
        view! { <th scope="col" class:numeric=*numeric>{*words}</th> }
    });
    let heads = heads.collect_view();
    let rows = view.rows.into_iter().map(|row| line(row, currency)).collect_view();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label=title(view.kind)>
            <table data-testid="work-table">
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
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

const fn heads(kind: WorkKind) -> &'static [(&'static str, bool)] {
    match kind {
        WorkKind::CostChanges => &[
            ("SKU", false),
            ("Product", false),
            ("Since", false),
            ("Cost before", true),
            ("Cost now", true),
            ("Change", true),
            ("Margin", true),
            ("Price today", true),
            ("The rules give", true),
            ("Cost a day", true),
            ("Waiting a day", true),
        ],
        WorkKind::WithoutPrice => &[
            ("SKU", false),
            ("Product", false),
            ("Cost", true),
            ("Lowest offer", true),
            ("Offers", true),
            ("The rules give", true),
            ("Why a person", false),
        ],
        WorkKind::PromotionsStarting | WorkKind::PromotionsEnding => &[
            ("SKU", false),
            ("Product", false),
            ("Promotion", false),
            ("Starts", false),
            ("Ends", false),
            ("Price today", true),
            ("Promotion price", true),
            ("Prior price", false),
        ],
    }
}

fn line(row: WorkRow, currency: Currency) -> AnyView {
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
    let cells = match row.task {
        WorkTask::Cost(work) => cost_cells(&work, price, gives, reason).into_any(),
        WorkTask::Price(work) => price_cells(&work, amount(work.lowest_minor), gives, reason).into_any(),
        WorkTask::Promotion(work) => {
            let reduced = amount(work.price_minor);
            promotion_cells(work, price, reduced).into_any()
        }
    };
    view! {
        <tr>
            <th scope="row"><a href=link>{row.sku}</a></th>
            <td class="text">{row.name}</td>
            {cells}
        </tr>
    }
    .into_any()
}

fn cost_cells(work: &CostWork, price: String, gives: String, reason: &'static str) -> impl IntoView + use<> {
    let margin = |share: Option<i32>| share.map_or_else(|| MISSING.to_owned(), percent);
    let day = |amount: Option<Money>| amount.map_or_else(|| MISSING.to_owned(), signed_money);
    view! {
        <td title=work.cost_type.to_string()>{date(work.since)}</td>
        <td class="numeric">{cost(work.before)}</td>
        <td class="numeric">{cost(work.now)}</td>
        <td class="numeric">{work.change_bp.map_or_else(|| MISSING.to_owned(), change)}</td>
        <td class="numeric">{format!("{} → {}", margin(work.margin_before_bp), margin(work.margin_bp))}</td>
        <td class="numeric">{price}</td>
        <td class="numeric" title=reason>{gives}</td>
        <td class="numeric">{day(work.cost_day)}</td>
        <td class="numeric" class:negative=work.waiting_day.is_some_and(|day| day.amount_minor > 0)>
            {work.waiting_day.map_or_else(|| MISSING.to_owned(), money)}
        </td>
    }
}

fn price_cells(work: &PriceWork, lowest: String, gives: String, reason: &'static str) -> impl IntoView + use<> {
    let gives = if gives == "stays" { MISSING.to_owned() } else { gives };
    view! {
        <td class="numeric">{work.cost.map_or_else(|| MISSING.to_owned(), cost)}</td>
        <td class="numeric">{lowest}</td>
        <td class="numeric">{work.offers}</td>
        <td class="numeric">{gives}</td>
        <td>{reason}</td>
    }
}

fn promotion_cells(work: PromotionWork, price: String, reduced: String) -> impl IntoView + use<> {
    let ends = work.ends.map_or_else(|| MISSING.to_owned(), date_time);
    view! {
        <td>{work.name}</td>
        <td>{date_time(work.starts)}</td>
        <td>{ends}</td>
        <td class="numeric">{price}</td>
        <td class="numeric">{reduced}</td>
        <td class="text" class:negative=work.wrong>{if work.wrong { "⚠ " } else { "" }}{work.prior_words}</td>
    }
}
