//! The figures over a product: price, margin, lowest competitor, gap.

use app_contract::ProductRow;
use leptos::prelude::*;
use pricing_domain::{Currency, Money};

use crate::formats::{MISSING, change, money, percent};

/// The figures.
#[component]
pub fn ProductFigures(
    /// The product.
    row: ProductRow,
    /// Of its prices.
    currency: Currency,
) -> impl IntoView {
    let shown = |minor: Option<i64>| minor.map_or(MISSING.into(), |minor| money(Money::new(minor, currency)));
    let tone = |bad: bool| if bad { "figure negative" } else { "figure" };
    let margin = row.margin_bp.map_or(MISSING.into(), percent);
    let gap = row.gap_bp.map_or(MISSING.into(), change);
    let marks = [(row.key_value, "KVI"), (row.on_promotion, "on promotion"), (row.locked, "price locked")];
    let marks = marks.into_iter().filter(|(holds, _)| *holds);
    view! {
        <dl class="figures">
            <div class="figure"><dt>"Our price"</dt><dd>{shown(row.price_minor)}</dd></div>
            <div class=tone(row.margin_bp.is_some_and(|margin| margin < 0))><dt>"Margin"</dt><dd>{margin}</dd></div>
            <div class="figure"><dt>"Lowest competitor"</dt><dd>{shown(row.lowest_minor)}</dd></div>
            <div class=tone(row.gap_bp.is_some_and(|gap| gap > 0))><dt>"Gap"</dt><dd>{gap}</dd></div>
        </dl>
        <p class="marks">{marks.map(|(_, mark)| view! { <span class="mark">{mark}</span> }).collect_view()}</p>
    }
}
