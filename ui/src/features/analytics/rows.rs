//! The products behind a figure, the most at stake first.

use app_contract::{ListMarketProducts, MarketProductPage};
use leptos::prelude::*;
use pricing_domain::{MarketFilter, MarketRows, Money, Outcome};

use crate::components::empty::Empty;
use crate::components::reading::Reading;
use crate::components::table::{Cell, Column, TableShape, row};
use crate::features::products::grid_query::GridQuery;
use crate::formats::{MISSING, change, counted, integer, money};
use crate::reads::read;

/// Products that are shown.
const SHOWN: u32 = 50;

/// The table.
#[component]
pub fn BehindFigure(
    /// Which products and competitors.
    #[prop(into)]
    filter: Signal<Option<MarketFilter>>,
    /// Which of them.
    #[prop(into)]
    rows: Signal<MarketRows>,
) -> impl IntoView {
    let offset = RwSignal::new(0u64);
    // Another selection is read from its beginning.
    Effect::new(move |_| {
        filter.track();
        rows.track();
        offset.set(0);
    });
    let page = read(move || {
        filter.get().map(|filter| ListMarketProducts { filter, rows: rows.get(), offset: offset.get(), limit: SHOWN })
    });
    view! {
        <p class="muted">{move || rows_words(&rows.get())}</p>
        <Reading from=page lines=8 show=move |page: MarketProductPage| view! { <Table page offset /> } />
    }
}

const PRODUCTS: TableShape = TableShape::framed(
    "Products",
    &[
        Column::head("SKU"),
        Column::text("Product"),
        Column::number("Ours"),
        Column::number("Lowest"),
        Column::number("We are"),
        Column::number("Place"),
        Column::number("Floor"),
        Column::number("At stake").hint("|ours − lowest| × units of 28 days"),
    ],
)
.tall();

/// The products.
#[component]
fn Table(
    /// A stretch of them.
    page: MarketProductPage,
    /// Where it begins.
    offset: RwSignal<u64>,
) -> impl IntoView {
    if page.rows.is_empty() {
        return view! { <Empty text="No product is like that." /> }.into_any();
    }
    let amount = |minor: Option<i64>| minor.map_or(MISSING.to_owned(), |minor| money(Money::new(minor, page.currency)));
    let rows = page.rows.iter().map(|one| {
        let sku = one.product.sku.clone();
        let address = GridQuery { product: Some(sku.clone()), search: sku.clone(), ..GridQuery::default() }.address();
        row![
            Cell::link(address, sku).code(),
            one.product.name.clone(),
            amount(one.product.price_minor),
            amount(one.lowest_minor),
            one.distance_bp.map_or(MISSING.to_owned(), change),
            one.position.map_or(MISSING.to_owned(), |place| place.to_string()),
            amount(one.floor_minor),
            amount(Some(one.stake_minor))
        ]
    });
    let rows = rows.collect();
    let shown = page.rows.len() as u64;
    let (from, to) = (page.offset, page.offset + shown);
    let words = match shown < page.matching {
        true => {
            format!("{}, {} to {} shown", counted(page.matching, "product", "products"), integer(from + 1), integer(to))
        }
        false => counted(page.matching, "product", "products"),
    };
    let turn = |words: &'static str, is_there: bool, to: u64| {
        is_there.then(
            || view! { <button type="button" class="button small" on:click=move |_| offset.set(to)>{words}</button> },
        )
    };
    view! {
        <p class="count" role="status">
            {words} " "
            {turn("Before", from > 0, from.saturating_sub(u64::from(SHOWN)))}
            {turn("Next", to < page.matching, to)}
        </p>
        {PRODUCTS.with(rows)}
    }
    .into_any()
}

fn rows_words(rows: &MarketRows) -> String {
    match rows {
        MarketRows::Priced => "All products with a price.".to_owned(),
        MarketRows::Compared => "Products with a usable competitor price.".to_owned(),
        MarketRows::NotCompared => "Products without a usable competitor price.".to_owned(),
        MarketRows::Standing(Outcome::Win) => "Products on which we are cheaper than the lowest.".to_owned(),
        MarketRows::Standing(Outcome::Tie) => "Products on which we are level with the lowest.".to_owned(),
        MarketRows::Standing(Outcome::Loss) => "Products on which we are dearer than the lowest.".to_owned(),
        MarketRows::Position(place) => format!("Products on which we are at place {place}."),
        MarketRows::PositionFrom(place) => format!("Products on which we are at place {place} or later."),
        MarketRows::Distance(_, _) => "Products at this distance from the lowest.".to_owned(),
        MarketRows::BelowFloor => "Products below their floor.".to_owned(),
        MarketRows::AtFloor => "Products at their floor.".to_owned(),
        MarketRows::BelowMap => "Products advertised below the lowest advertised price.".to_owned(),
        MarketRows::BelowCost => "Products with a net price below their cost.".to_owned(),
        MarketRows::Costed => "Products with a price and a cost.".to_owned(),
        MarketRows::Promoted => "Products in a promotion that runs.".to_owned(),
        MarketRows::Sold => "Products sold within the newest 28 days of sales.".to_owned(),
        MarketRows::Stocked => "Products sold within 28 days whose stock is known.".to_owned(),
        MarketRows::Changed => "Products whose price a competitor changed in the period.".to_owned(),
    }
}
