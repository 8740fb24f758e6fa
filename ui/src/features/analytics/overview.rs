//! The figures of a selection; each leads to the products behind it.

use app_contract::{MarketOverview, SalesFigures};
use leptos::prelude::*;
use pricing_domain::{CivilDate, Currency, MarketRows, Money, Outcome};

use crate::components::table::{Cell, Column, TableShape, row};
use crate::formats::{MISSING, counted, index, integer, money, percent, signed_money};

/// The figures.
#[component]
pub fn Overview(
    /// What they are.
    overview: MarketOverview,
    /// The products that are listed.
    #[prop(into)]
    rows: Signal<MarketRows>,
    /// Lists the products behind a figure.
    pick: Callback<MarketRows>,
) -> impl IntoView {
    let lead = move |words: String, wanted: MarketRows| {
        let chosen = wanted.clone();
        view! {
            <button
                type="button"
                class="link-button"
                aria-pressed=move || (rows.get() == chosen).to_string()
                on:click=move |_| pick.run(wanted.clone())
            >
                {words}
            </button>
        }
    };
    // The products behind a day that is over are not known any more.
    let lead_now = move |words: String, wanted: MarketRows| match overview.standing_day {
        Some(_) => view! { <span>{words}</span> }.into_any(),
        None => lead(words, wanted).into_any(),
    };
    let is_past = overview.is_past();
    let at = move |day: Option<CivilDate>| match day {
        Some(day) => format!(", on {day}"),
        None if is_past => ", as of now".to_owned(),
        None => String::new(),
    };
    let of_end = at(overview.standing_day);
    let of_now = at(None);
    let note = is_past.then(|| {
        let words = match overview.standing_day {
            Some(day) => format!("The period is over. Index and cheaper, level, dearer stood so at the end of {day}; floors, promotions, stock and the lists of products are of now."),
            None => "The period is over, and how we stood then is not kept for this selection: everything but sales and changes is of now.".to_owned(),
        };
        view! { <p class="muted" data-testid="market-past">{words}</p> }
    });
    let currency = overview.currency;
    let lead_sold = Callback::new(move |()| pick.run(MarketRows::Sold));
    let sales = overview.sales.map(|sales| view! { <Sales sales currency lead=lead_sold /> });
    let index_words = overview.index_centi.map_or(MISSING.to_owned(), index);
    let ages = ages_words(&overview.offer_ages);
    let depth = overview.promotion_depth_bp.map(|depth| format!(", {} off", percent(depth))).unwrap_or_default();
    view! {
        <dl class="figures wide" data-testid="market-figures">
            <div class="figure" title="Σ(units × our price) ÷ Σ(units × lowest offer) × 100">
                <dt>"Index against the lowest"</dt>
                <dd>{lead_now(index_words, MarketRows::Compared)}</dd>
                <dd class="muted">{format!("coverage {}{of_end}", percent(overview.coverage_bp))}</dd>
            </div>
            <div class="figure">
                <dt>{format!("Cheaper, level, dearer (within {})", percent(overview.tolerance_bp))}</dt>
                <dd>
                    {lead_now(integer(overview.win), MarketRows::Standing(Outcome::Win))} " · "
                    {lead_now(integer(overview.tie), MarketRows::Standing(Outcome::Tie))} " · "
                    {lead_now(integer(overview.loss), MarketRows::Standing(Outcome::Loss))}
                </dd>
                <dd class="muted">
                    {lead_now(format!("{} compared", integer(overview.compared)), MarketRows::Compared)} ", "
                    {lead_now(
                        format!("{} not", integer(overview.priced.saturating_sub(overview.compared))),
                        MarketRows::NotCompared,
                    )}
                </dd>
            </div>
            <div class="figure" title="Net price less cost, over the units of 28 days">
                <dt>"Margin at today's prices"</dt>
                <dd>{lead(overview.margin_bp.map_or(MISSING.to_owned(), percent), MarketRows::Costed)}</dd>
                <dd class:negative=overview.below_cost != 0>
                    {lead(format!("{} below cost", integer(overview.below_cost)), MarketRows::BelowCost)}
                    {of_now.clone()}
                </dd>
            </div>
            <div class="figure">
                <dt>"Floors"</dt>
                <dd>{lead(format!("{} below", integer(overview.below_floor)), MarketRows::BelowFloor)}</dd>
                <dd class="muted">
                    {lead(format!("{} at", integer(overview.at_floor)), MarketRows::AtFloor)}
                    {format!(" of {}{of_now}", integer(overview.with_floor))}
                </dd>
            </div>
            <div class="figure">
                <dt>"In promotion"</dt>
                <dd>{lead(integer(overview.promoted), MarketRows::Promoted)}</dd>
                <dd class="muted">{depth.trim_start_matches(", ").to_owned()}</dd>
            </div>
            <div class="figure">
                <dt>"Competitors' changes"</dt>
                <dd>
                    {lead(
                        format!("▼ {} ▲ {}", integer(overview.lowered), integer(overview.raised)),
                        MarketRows::Changed,
                    )}
                </dd>
                <dd class="muted">"in the period"</dd>
            </div>
            {overview
                .cover_days
                .map(|days| {
                    view! {
                        <div class="figure">
                            <dt>"Stock lasts"</dt>
                            <dd>{lead(format!("{} days", integer(days)), MarketRows::Stocked)}</dd>
                        </div>
                    }
                })}
            {(overview.map_violations > 0)
                .then(|| {
                    view! {
                        <div class="figure negative">
                            <dt>"Below advertised minimum"</dt>
                            <dd>{lead(counted(overview.map_products, "product", "products"), MarketRows::BelowMap)}</dd>
                            <dd class="muted">{counted(overview.map_violations, "price", "prices")}</dd>
                        </div>
                    }
                })}
            <div class="figure" title="Offers by when they were last read">
                <dt>"Competitor prices by age"</dt>
                <dd>{ages.0}</dd>
                <dd class="muted">{ages.1}</dd>
            </div>
            {sales}
        </dl>
        <Places positions=overview.positions lead=pick />
        {note}
    }
}

/// How many prices are of the newest day, and the older ones.
fn ages_words(ages: &[u64]) -> (String, String) {
    let all: u64 = ages.iter().sum();
    let of = |place: usize| integer(ages.get(place).copied().unwrap_or(0));
    let first = match all {
        0 => MISSING.to_owned(),
        _ => format!("{} of {} within a day", of(0), integer(all)),
    };
    (first, format!("3 days {} · week {} · older {}", of(1), of(2), of(3)))
}

const PLACES: TableShape = TableShape::framed(
    "Products by our place",
    &[Column::head("Place"), Column::number("Products"), Column::text("Share").class("place-bar")],
);

/// Products by our place among the usable offers, a bar each.
#[component]
fn Places(
    /// First, second, … and, at the end, sixth or later.
    positions: Vec<u64>,
    /// Lists the products at a place.
    lead: Callback<MarketRows>,
) -> impl IntoView {
    let most = positions.iter().copied().max().unwrap_or(0);
    if most == 0 {
        return ().into_any();
    }
    let last = positions.len();
    let bars = positions.into_iter().enumerate().map(|(place, products)| {
        let number = u32::try_from(place + 1).unwrap_or(1);
        let words = if place + 1 == last { format!("{number} or later") } else { number.to_string() };
        // The last bar stands for several places.
        let at = if place + 1 == last { MarketRows::PositionFrom(number) } else { MarketRows::Position(number) };
        let count = match products {
            0 => integer(products).into(),
            _ => Cell::button(integer(products), None, move || lead.run(at.clone())),
        };
        let bar = view! { <progress max=most.to_string() value=products.to_string() aria-hidden="true"></progress> };
        row![words, count, bar.into_any()]
    });
    let bars = bars.collect();
    view! {
        <details class="places">
            <summary>"Products by our place among the offers"</summary>
            {PLACES.with(bars)}
        </details>
    }
    .into_any()
}

/// Net sales of the period.
#[component]
fn Sales(
    /// The figures.
    sales: SalesFigures,
    /// Of all amounts.
    currency: Currency,
    /// Lists the products that were sold.
    lead: Callback<()>,
) -> impl IntoView {
    let costed = sales.costed_bp.filter(|share| *share < 10_000);
    let costed = costed.map(|share| format!(", over the {} of the revenue with a cost", percent(share)));
    let promoted = sales.promotion_bp.map(|share| {
        view! {
            <div class="figure" title="Net revenue that fell in promotions ÷ net revenue">
                <dt>"Revenue in promotions"</dt>
                <dd>{percent(share)}</dd>
            </div>
        }
    });
    let amount = move |minor: i64| money(Money::new(minor, currency));
    let until = format!(" to {}", sales.period.1);
    let change = move |now: i64, before: i64| signed_money(Money::new(now - before, currency));
    view! {
        <div class="figure">
            <dt>{format!("Net revenue{until}")}</dt>
            <dd>
                <button type="button" class="link-button" on:click=move |_| lead.run(())>{amount(sales.revenue_minor)}</button>
            </dd>
            <dd class="muted">{format!("{} to the period before", change(sales.revenue_minor, sales.revenue_before_minor))}</dd>
        </div>
        <div class="figure" title="Over sales with a known cost">
            <dt>"Margin earned"</dt>
            <dd>{amount(sales.margin_minor)}</dd>
            <dd class="muted">
                {format!("{}{}", sales.margin_bp.map_or(MISSING.to_owned(), percent), costed.unwrap_or_default())}
            </dd>
        </div>
        {promoted}
    }
}
