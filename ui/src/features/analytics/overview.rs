//! The figures of a selection; each leads to the products behind it.

use app_contract::{MarketOverview, SalesFigures};
use leptos::prelude::*;
use pricing_domain::{Currency, MarketRows, Money, Outcome};

use crate::formats::{MISSING, index, integer, money, percent, signed_money};

/// The figures.
#[component]
pub fn Overview(
    /// What they are.
    overview: MarketOverview,
    /// Shows the products behind a figure.
    rows: RwSignal<MarketRows>,
) -> impl IntoView {
    let lead = move |words: String, wanted: MarketRows| {
        let chosen = wanted.clone();
        view! {
            <button
                type="button"
                class="link-button"
                aria-pressed=move || (rows.get() == chosen).to_string()
                on:click=move |_| rows.set(wanted.clone())
            >
                {words}
            </button>
        }
    };
    let currency = overview.currency;
    let sales = overview.sales.map(|sales| view! { <Sales sales currency /> });
    let index_words = overview.index_centi.map_or(MISSING.to_owned(), index);
    let depth = overview.promotion_depth_bp.map(|depth| format!(", {} off", percent(depth))).unwrap_or_default();
    view! {
        <dl class="figures wide" data-testid="market-figures">
            <div class="figure" title="Σ(units × our price) ÷ Σ(units × lowest offer) × 100">
                <dt>"Index against the lowest"</dt>
                <dd>{index_words}</dd>
                <dd class="muted">{format!("coverage {}", percent(overview.coverage_bp))}</dd>
            </div>
            <div class="figure">
                <dt>{format!("Cheaper, level, dearer (within {})", percent(overview.tolerance_bp))}</dt>
                <dd>
                    {lead(integer(overview.win), MarketRows::Standing(Outcome::Win))} " · "
                    {lead(integer(overview.tie), MarketRows::Standing(Outcome::Tie))} " · "
                    {lead(integer(overview.loss), MarketRows::Standing(Outcome::Loss))}
                </dd>
                <dd class="muted">
                    {lead(format!("{} compared", integer(overview.compared)), MarketRows::Compared)} ", "
                    {lead(format!("{} not", integer(overview.priced - overview.compared)), MarketRows::NotCompared)}
                </dd>
            </div>
            <div class="figure" title="Net price less cost, over the units of 28 days">
                <dt>"Margin at today's prices"</dt>
                <dd>{overview.margin_bp.map_or(MISSING.to_owned(), percent)}</dd>
                <dd class:negative=overview.below_cost != 0>{format!("{} below cost", integer(overview.below_cost))}</dd>
            </div>
            <div class="figure">
                <dt>"Floors"</dt>
                <dd>{lead(format!("{} below", integer(overview.below_floor)), MarketRows::BelowFloor)}</dd>
                <dd class="muted">
                    {lead(format!("{} at", integer(overview.at_floor)), MarketRows::AtFloor)}
                    {format!(" of {}", integer(overview.with_floor))}
                </dd>
            </div>
            <div class="figure">
                <dt>"In promotion"</dt>
                <dd>{integer(overview.promoted)}</dd>
                <dd class="muted">{depth.trim_start_matches(", ").to_owned()}</dd>
            </div>
            <div class="figure">
                <dt>"Competitors' changes"</dt>
                <dd>{format!("▼ {} ▲ {}", integer(overview.lowered), integer(overview.raised))}</dd>
                <dd class="muted">"in the period"</dd>
            </div>
            {overview
                .cover_days
                .map(|days| {
                    view! {
                        <div class="figure">
                            <dt>"Stock lasts"</dt>
                            <dd>{format!("{} days", integer(days))}</dd>
                        </div>
                    }
                })}
            {(overview.map_violations > 0)
                .then(|| {
                    view! {
                        <div class="figure negative">
                            <dt>"Below advertised minimum"</dt>
                            <dd>{lead(integer(overview.map_violations), MarketRows::BelowMap)}</dd>
                        </div>
                    }
                })}
            {sales}
        </dl>
    }
}

/// Net sales of the period.
#[component]
fn Sales(
    /// The figures.
    sales: SalesFigures,
    /// Of all amounts.
    currency: Currency,
) -> impl IntoView {
    let amount = move |minor: i64| money(Money::new(minor, currency));
    let until = format!(" to {}", sales.period.1);
    let change = move |now: i64, before: i64| signed_money(Money::new(now - before, currency));
    view! {
        <div class="figure">
            <dt>{format!("Net revenue{until}")}</dt>
            <dd>{amount(sales.revenue_minor)}</dd>
            <dd class="muted">{format!("{} to the period before", change(sales.revenue_minor, sales.revenue_before_minor))}</dd>
        </div>
        <div class="figure" title="Over sales with a known cost">
            <dt>"Margin earned"</dt>
            <dd>{amount(sales.margin_minor)}</dd>
            <dd class="muted">{sales.margin_bp.map_or(MISSING.to_owned(), percent)}</dd>
        </div>
    }
}
