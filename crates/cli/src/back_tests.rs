//! `omnipricex rules backtest` in words.

use app_contract::BackTestView;
use pricing_domain::{BasisPoints, Money, decimal_text};

/// A back-test.
pub fn in_words(view: &BackTestView) {
    let (Some(first), Some(last)) = (view.days.first(), view.days.last()) else { return };
    println!(
        "“{}” on {} from {} to {}: {} changes by the rules, {} were made, {} ms",
        view.rule_set,
        view.price_list,
        first.day,
        last.day,
        view.totals.rule_changes,
        view.totals.charged_changes,
        view.elapsed_ms
    );
    println!(
        "Against what was charged, at fixed volumes: net revenue {}, margin {}",
        signed(view.totals.revenue_difference),
        signed(view.totals.margin_difference)
    );
    println!(
        "{:<10} {:>8} {:>7} {:>7} {:>9} {:>7} {:>7} {:>14} {:>14}",
        "day", "products", "changes", "charged", "different", "index", "charged", "margin", "charged"
    );
    let index = |value: Option<i64>| value.map_or_else(|| "–".to_owned(), |value| decimal_text(value, 2, 1));
    for day in &view.days {
        println!(
            "{:<10} {:>8} {:>7} {:>7} {:>9} {:>7} {:>7} {:>14} {:>14}",
            day.day.to_string(),
            day.products,
            day.rule_changes,
            day.charged_changes,
            day.different,
            index(day.rule_index_hundredths),
            index(day.charged_index_hundredths),
            day.rule_margin.amount_text(),
            day.charged_margin.amount_text()
        );
    }
    if !view.differences.is_empty() {
        println!("What would differ most on the last day:");
    }
    for row in &view.differences {
        let money = |minor: i64| Money::new(minor, view.currency);
        println!(
            "  {:<14} {} instead of {} ({}), different on {} days",
            row.sku,
            money(row.rule_minor),
            money(row.charged_minor),
            BasisPoints(row.change_bp),
            row.days_different
        );
    }
    view.remarks.iter().for_each(|remark| println!("  {remark}"));
}

fn signed(amount: Money) -> String {
    let sign = if amount.amount_minor > 0 { "+" } else { "" };
    format!("{sign}{amount}")
}
