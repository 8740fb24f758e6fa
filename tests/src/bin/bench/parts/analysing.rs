//! Figures over a long history: Today, the analytics pages, drill-down, a product's chart, reports, and how fast figures
//! follow new facts.

use std::path::Path;
use std::time::Instant as Stopwatch;

use anyhow::{Context, Result, ensure};
use app_contract::{
    ChartPalette, ChartRequestLook, Command, CountMovers, FindProduct, GetAnalyticsOverview, GetChangeCalendar,
    GetDistanceDistribution, GetHeatMap, GetIndexHistory, GetMarginBridge, GetMarginScatter, GetPriceChart, GetToday,
    ListCompetitorPositions, ListGroupStandings, ListMarketProducts, ListMovers, SaveMapLists, WriteReport,
};
use pricing_domain::{
    Availability, Condition, Confidence, Currency, ExtractionMethod, IndexForm, Instant, MarketFilter, MarketGroup,
    MarketRows, OfferFlags, OfferKind, Outcome, PriceListId, ReadState, ReportFormat, ReportKind,
};
use pricing_store::{Durability, ReadOffer, Reading, Store};

use super::add_costs;
use super::looking::first_rows;
use crate::catalogue::{kind, sku};
use crate::figures::{Figures, Unit};
use crate::machine;
use crate::session::{Session, now};

/// Who competes.
pub(super) const COMPETITORS: [&str; 5] = ["Billigmarkt", "Frischeland", "Hofgut", "Kaufring", "Stadtmarkt"];
/// New prices that figures have to follow.
const NEW_FACTS: i64 = 100_000;
/// Readings of one transaction, as a collection writes them.
const READINGS_A_WRITE: usize = 200;
/// Charts and drill-downs asked for.
const ASKED: u32 = 60;
/// How often a page is asked for.
const ROUNDS: usize = 3;

/// Two years of prices of five competitors, straight into the file; then the first opening of the figures.
pub(super) async fn generate(folder: &Path, figures: &mut Figures) -> Result<()> {
    let file = Session::file(folder);
    let started = Stopwatch::now();
    let store = Store::open(&file, now()).await?;
    let made = store.generate_history(&COMPETITORS, now()).await?;
    store.close().await;
    drop(store);
    eprintln!("  generated in {:.0} s: {made:?}", started.elapsed().as_secs_f64());
    figures.add("Analytics: spans of competitors' prices, two years", made.spans as f64, Unit::Count);
    figures.add("Analytics: rows of sales", made.sales as f64, Unit::Count);
    megabytes(&file, "Analytics: the file, without sums by day", None, figures)?;
    let session = Session::open(folder).await?;
    first_rows(&session).await?;
    let list = session.price_list().await?;
    let filter = MarketFilter::of_list(list);
    let form = IndexForm::Basket;
    let (_, milliseconds) = session.timed(GetAnalyticsOverview { filter, form }).await?;
    figures.add("Analytics: all of history summed up once", milliseconds / 1e3, Unit::Seconds);
    add_costs(figures, "Analytics: summing up", None);
    session.close().await;
    megabytes(&file, "Analytics: the file", Some(6_000.0), figures)
}

fn megabytes(file: &Path, name: &str, target: Option<f64>, figures: &mut Figures) -> Result<()> {
    let size = std::fs::metadata(file).context("looking at the workspace file")?.len() as f64 / 1e6;
    match target {
        Some(target) => figures.aim(name, size, Unit::Megabytes, target),
        None => figures.add(name, size, Unit::Megabytes),
    }
    Ok(())
}

/// Questions in a fresh process, and again after many new prices.
pub(super) async fn questions(folder: &Path, products: u32, figures: &mut Figures) -> Result<()> {
    let session = Session::open(folder).await?;
    first_rows(&session).await?;
    let list = session.price_list().await?;
    today(&session, list, figures).await?;
    pages(&session, list, figures).await?;
    drill_down(&session, list, figures).await?;
    charts(&session, list, products, figures).await?;
    reports(&session, list, figures).await?;
    figures.add("Analytics, memory", machine::current_megabytes(), Unit::Megabytes);
    follow(&session, list, figures).await?;
    add_costs(figures, "Analytics", None);
    session.close().await;
    Ok(())
}

async fn today(session: &Session, price_list: PriceListId, figures: &mut Figures) -> Result<()> {
    let mut latencies = Vec::new();
    for _ in 0..ROUNDS {
        latencies.push(session.timed(GetToday { price_list }).await?.1);
    }
    figures.latencies("Analytics: Today", &latencies, Some(150.0));
    Ok(())
}

/// Every page, of everything and of a part. The worst of all is what the target is about.
async fn pages(session: &Session, list: PriceListId, figures: &mut Figures) -> Result<()> {
    let form = IndexForm::Basket;
    let mut all = Vec::new();
    let whole = MarketFilter::of_list(list);
    let mut part = whole.clone();
    part.categories = vec![kind(3).1.to_owned()];
    let mut year = whole.clone();
    year.from = Some("2025-06-01".parse().map_err(|_| anyhow::anyhow!("a date"))?);
    for (of, filter) in [("all", &whole), ("a category", &part), ("a year", &year)] {
        let filter = || filter.clone();
        let by = MarketGroup::Brand;
        let overview = GetAnalyticsOverview { filter: filter(), form };
        page(session, &format!("overview, {of}"), overview, &mut all, figures).await?;
        let positions = ListCompetitorPositions { filter: filter(), form };
        page(session, &format!("competitors, {of}"), positions, &mut all, figures).await?;
        let groups = ListGroupStandings { filter: filter(), by, form, limit: 100 };
        page(session, &format!("by brand, {of}"), groups, &mut all, figures).await?;
        let history = GetIndexHistory { filter: filter(), look: look() };
        page(session, &format!("index over time, {of}"), history, &mut all, figures).await?;
        let heat = GetHeatMap { filter: filter(), by, form, look: look() };
        page(session, &format!("heat map, {of}"), heat, &mut all, figures).await?;
        let distribution = GetDistanceDistribution { filter: filter(), look: look() };
        page(session, &format!("distances, {of}"), distribution, &mut all, figures).await?;
        let bridge = GetMarginBridge { filter: filter(), weeks: 4, look: look() };
        page(session, &format!("bridge, {of}"), bridge, &mut all, figures).await?;
        let calendar = GetChangeCalendar { filter: filter(), look: look() };
        page(session, &format!("calendar, {of}"), calendar, &mut all, figures).await?;
        let scatter = GetMarginScatter { filter: filter(), by, look: look() };
        page(session, &format!("scatter, {of}"), scatter, &mut all, figures).await?;
        let movers = ListMovers { filter: filter(), window_days: 7 };
        page(session, &format!("movers, {of}"), movers, &mut all, figures).await?;
        if of == "all" {
            let counted = session.job(CountMovers { filter: filter(), window_days: 7 }).await?;
            figures.add("Analytics: movers, counted by a job", counted.seconds, Unit::Seconds);
        }
    }
    figures.latencies("Analytics: any page", &all, Some(300.0));
    Ok(())
}

/// The first time, then the median of the next ones.
async fn page<C: Command + Clone>(
    session: &Session,
    name: &str,
    command: C,
    all: &mut Vec<f64>,
    figures: &mut Figures,
) -> Result<()> {
    let first = session.timed(command.clone()).await?.1;
    let mut next = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        next.push(session.timed(command.clone()).await?.1);
    }
    next.sort_by(f64::total_cmp);
    let median = next[ROUNDS / 2];
    figures.add(format!("Analytics: {name}, first time"), first, Unit::Milliseconds);
    figures.add(format!("Analytics: {name}, again"), median, Unit::Milliseconds);
    all.push(median);
    Ok(())
}

async fn drill_down(session: &Session, list: PriceListId, figures: &mut Figures) -> Result<()> {
    let mut latencies = Vec::new();
    for place in 0..ASKED {
        let mut filter = MarketFilter::of_list(list);
        filter.categories = vec![kind(place as usize).1.to_owned()];
        filter.competitors = vec![COMPETITORS[place as usize % COMPETITORS.len()].to_owned()];
        let rows = match place / 16 {
            0 => MarketRows::Standing(Outcome::Loss),
            1 => MarketRows::Standing(Outcome::Win),
            2 => MarketRows::Distance(Some(500), Some(1_000)),
            _ => MarketRows::Position(2),
        };
        let (page, milliseconds) = session.timed(ListMarketProducts { filter, rows, offset: 0, limit: 100 }).await?;
        ensure!(page.matching > 0, "a drill-down finds products");
        latencies.push(milliseconds);
    }
    figures.latencies("Analytics: filtered drill-down", &latencies, Some(150.0));
    Ok(())
}

async fn charts(session: &Session, list: PriceListId, products: u32, figures: &mut Figures) -> Result<()> {
    let mut latencies = Vec::new();
    for place in 0..ASKED {
        let sku = sku(place * (products / ASKED));
        let product = session.host.call(FindProduct { sku }).await?;
        let request = GetPriceChart {
            product,
            price_list: list,
            width: 720,
            height: 320,
            days: 730,
            until: None,
            palette: palette(),
        };
        let (chart, milliseconds) = session.timed(request).await?;
        ensure!(chart.series.len() >= COMPETITORS.len(), "the five others, not {:?}", chart.series);
        latencies.push(milliseconds);
    }
    figures.latencies("Analytics: a product's chart, two years", &latencies, Some(60.0));
    Ok(())
}

async fn reports(session: &Session, list: PriceListId, figures: &mut Figures) -> Result<()> {
    session.timed(SaveMapLists { lists: vec![list] }).await?;
    for report in [ReportKind::Weekly, ReportKind::Category, ReportKind::MapViolations] {
        let filter = MarketFilter::of_list(list);
        let request = WriteReport { report, filter, format: ReportFormat::Pdf, pinned_answers: false };
        let (file, milliseconds) = session.timed(request).await?;
        let path = session.host.file_path(file.id).context("the report is there")?;
        let pages = pages_of(&std::fs::read(path)?);
        figures.add(format!("Analytics: pages of the report {report}"), pages as f64, Unit::Count);
        figures.aim(format!("Analytics: PDF of the report {report}"), milliseconds / 1e3, Unit::Seconds, 2.0);
    }
    Ok(())
}

/// The number of pages, as the tree of pages says.
fn pages_of(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    let counts = text.match_indices("/Count ").filter_map(|(place, name)| {
        let digits: String = text[place + name.len()..].chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    });
    counts.max().unwrap_or(0)
}

/// New prices as a collection records them; then the snapshot and the figures of them.
async fn follow(session: &Session, list: PriceListId, figures: &mut Figures) -> Result<()> {
    let store = Store::open(&Session::file(session.folder()), now()).await?;
    let listings = store.spread_listings(NEW_FACTS).await?;
    let started = Stopwatch::now();
    for part in listings.chunks(READINGS_A_WRITE) {
        let readings: Vec<Reading> = part.iter().map(|(key, amount)| reading(*key, *amount)).collect();
        let mut op = store.begin("benchmark", "record_readings", now(), Durability::Facts).await?;
        op.record_readings(&readings).await?;
        op.commit("Recorded readings", false).await?;
    }
    figures.add("Analytics: new prices", listings.len() as f64, Unit::Count);
    figures.add("Analytics: recording new prices", started.elapsed().as_secs_f64(), Unit::Seconds);
    store.close().await;
    let started = Stopwatch::now();
    first_rows(session).await?;
    figures.add("Analytics: the snapshot after new prices", started.elapsed().as_secs_f64(), Unit::Seconds);
    let overview = GetAnalyticsOverview { filter: MarketFilter::of_list(list), form: IndexForm::Basket };
    let milliseconds = session.timed(overview).await?.1;
    figures.aim("Analytics: figures after new prices", milliseconds / 1e3, Unit::Seconds, 2.0);
    Ok(())
}

fn reading(listing_key: i64, amount_minor: i64) -> Reading {
    let at: Instant = now().plus_hours(-1);
    Reading {
        listing_key,
        at,
        due_at: at.plus_hours(24),
        state: ReadState::Product,
        reason: String::new(),
        title: None,
        offer: Some(ReadOffer {
            amount_minor: amount_minor * 97 / 100 + 1,
            currency: Currency::new("EUR").expect("a currency"),
            kind: OfferKind::Regular,
            availability: Availability::InStock,
            condition: Condition::New,
            was_minor: None,
            shipping_minor: None,
            promotion_text: None,
            seller: None,
            pack: None,
            confidence: Confidence::High,
            method: ExtractionMethod::JsonLd,
            fragment: "\"price\": 1".to_owned(),
            flags: OfferFlags(0),
        }),
        url: "https://billigmarkt.example/p/1".to_owned(),
        sha256: None,
        page_zstd: None,
        quarantine: None,
        unchanged: false,
        cache_policy: None,
        listed_change: None,
    }
}

fn look() -> ChartRequestLook {
    ChartRequestLook { width: 720, height: 320, palette: palette() }
}

fn palette() -> ChartPalette {
    super::looking::palette()
}

#[cfg(test)]
mod tests {
    use super::pages_of;

    #[test]
    fn the_root_of_the_tree_of_pages_counts_them_all() {
        assert_eq!(pages_of(b"<< /Count 4 >> << /Type /Pages /Count 12 /Kids [] >>"), 12);
    }
}
