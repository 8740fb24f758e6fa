//! The grid, products and charts.

use std::path::Path;
use std::time::Instant as Stopwatch;

use anyhow::{Result, ensure};
use app_contract::{
    AskAssistant, AssistantContext, ChartPalette, FindProduct, GetPriceChart, GetProduct, GetToday, ListProducts,
};
use pricing_domain::{PriceListId, ProductId};

use super::add_costs;
use super::pricing::forget_snapshot;
use crate::catalogue::{PRODUCTS_WITH_HISTORY, sku};
use crate::figures::{Figures, Unit};
use crate::machine;
use crate::questions::{self, Question};
use crate::session::Session;

/// Rows that a window asks for at once.
const ROWS: u32 = 100;
/// Places in the grid that scrolling jumps to.
const JUMPS: u64 = 100;

/// From a fresh start to the first rows, without a cached snapshot.
pub(super) async fn from_tables(folder: &Path, figures: &mut Figures) -> Result<()> {
    forget_snapshot(folder)?;
    let started = Stopwatch::now();
    let session = Session::open(folder).await?;
    first_rows(&session).await?;
    figures.add("Start to first rows, from the tables", started.elapsed().as_secs_f64(), Unit::Seconds);
    session.close().await;
    Ok(())
}

/// From a fresh start to the first rows with a cached snapshot; then questions, none of them asked before.
pub(super) async fn questions(folder: &Path, figures: &mut Figures) -> Result<()> {
    let started = Stopwatch::now();
    let session = Session::open(folder).await?;
    first_rows(&session).await?;
    figures.aim("Start to first rows, from the cached snapshot", started.elapsed().as_secs_f64(), Unit::Seconds, 2.5);
    let list = session.price_list().await?;
    let today = session.timed(GetToday { price_list: list }).await?.1;
    figures.add("Today", today, Unit::Milliseconds);
    let loaded = ask(&session, list, &[questions::whole_grid()]).await?;
    figures.aim("Grid: first rows", loaded[0], Unit::Milliseconds, 150.0);
    for (name, asked) in
        [("search", questions::searches()), ("order", questions::orders()), ("filter", questions::filters())]
    {
        let latencies = ask(&session, list, &asked).await?;
        figures.latencies(&format!("Grid: {name}"), &latencies, Some(100.0));
    }
    let latencies = scroll(&session, list).await?;
    figures.latencies("Grid: scrolling", &latencies, Some(100.0));
    figures.latencies("Assistant: answer without a model", &ask_in_words(&session).await?, Some(150.0));
    figures.add("Grid, memory", machine::current_megabytes(), Unit::Megabytes);
    add_costs(figures, "Grid", None);
    session.close().await;
    Ok(())
}

/// Milliseconds of each question in words. The first of each kind has no kept result to use.
async fn ask_in_words(session: &Session) -> Result<Vec<f64>> {
    let product = sku(7);
    let asked = [
        "which products are below cost?",
        "products without competitor price",
        "where are we dearer than the lowest?",
        "products with a margin below 10 %",
        "what are our best sellers?",
        "what is our margin?",
        "which competitor undercuts us most?",
        "what if our prices go down 5 %?",
        "what if costs rise 4 %?",
        "what needs me?",
        "what are the biggest price changes?",
        "which rules never fire?",
        "write the summary for Monday",
        "how much more volume do we need for the same profit if we cut all prices by 5 %?",
        "how many products per brand",
    ];
    let of_product = [
        format!("how many more {product} must we sell if we drop it 5 %?"),
        format!("what is the break-even price of {product}?"),
    ];
    let asked = asked.iter().map(|one| (*one).to_owned()).chain(of_product);
    let mut latencies = Vec::new();
    for question in asked {
        let context = AssistantContext::default();
        let request = AskAssistant { question: question.clone(), price_list: None, context };
        let (turn, milliseconds) = session.timed(request).await?;
        ensure!(turn.answer.withheld == 0, "“{question}” has a number without a source");
        eprintln!("  {milliseconds:7.1} ms: {question}");
        latencies.push(milliseconds);
    }
    Ok(latencies)
}

pub(super) async fn first_rows(session: &Session) -> Result<()> {
    let list = session.price_list().await?;
    ask(session, list, &[Question::default()]).await?;
    Ok(())
}

/// Milliseconds of each question.
async fn ask(session: &Session, price_list: PriceListId, asked: &[Question]) -> Result<Vec<f64>> {
    let mut latencies = Vec::with_capacity(asked.len());
    let mut matching = 0;
    for Question { search, filters, sort } in asked.iter().cloned() {
        let (page, milliseconds) =
            session.timed(ListProducts { price_list, search, filters, sort, offset: 0, limit: ROWS }).await?;
        latencies.push(milliseconds);
        matching += page.matching;
    }
    ensure!(matching > 0, "some question has an answer");
    Ok(latencies)
}

/// Jumps through the whole grid.
async fn scroll(session: &Session, price_list: PriceListId) -> Result<Vec<f64>> {
    let Question { search, filters, sort } = questions::whole_grid();
    let ask = |offset: u64| ListProducts {
        price_list,
        search: search.clone(),
        filters: filters.clone(),
        sort,
        offset,
        limit: ROWS,
    };
    let total = session.host.call(ask(0)).await?.total;
    let mut latencies = Vec::new();
    for jump in 0..JUMPS {
        let offset = jump * 7_919 % JUMPS * total / JUMPS;
        let (page, milliseconds) = session.timed(ask(offset)).await?;
        ensure!(page.rows.len() == ROWS as usize || offset + u64::from(ROWS) > total, "a full page at {offset}");
        latencies.push(milliseconds);
    }
    Ok(latencies)
}

/// Products across the catalogue, and charts of three competitors over 90 days.
pub(super) async fn products(folder: &Path, products: u32, figures: &mut Figures) -> Result<()> {
    let session = Session::open(folder).await?;
    let list = session.price_list().await?;
    first_rows(&session).await?;
    let mut latencies = Vec::new();
    for place in 0..PRODUCTS_WITH_HISTORY {
        let product = find(&session, place * (products / PRODUCTS_WITH_HISTORY)).await?;
        latencies.push(session.timed(GetProduct { product, price_list: list }).await?.1);
    }
    figures.latencies("Product", &latencies, None);
    let mut latencies = Vec::new();
    for place in 0..PRODUCTS_WITH_HISTORY {
        let product = find(&session, place).await?;
        let (chart, milliseconds) = session
            .timed(GetPriceChart {
                product,
                price_list: list,
                width: 720,
                height: 320,
                days: 90,
                until: None,
                palette: palette(),
            })
            .await?;
        ensure!(chart.series.len() >= 3, "the chart shows three competitors, not {:?}", chart.series);
        latencies.push(milliseconds);
    }
    figures.latencies("Chart", &latencies, None);
    session.close().await;
    Ok(())
}

async fn find(session: &Session, product: u32) -> Result<ProductId> {
    Ok(session.host.call(FindProduct { sku: sku(product) }).await?)
}

pub(super) fn palette() -> ChartPalette {
    ChartPalette {
        surface: "#ffffff".to_owned(),
        text: "#1a1a1a".to_owned(),
        text_muted: "#666666".to_owned(),
        border: "#dddddd".to_owned(),
        own_price: "#000000".to_owned(),
        competitors: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"].map(str::to_owned).to_vec(),
    }
}
