//! Reports: what they say, from the figures of the workspace.

mod parts;
mod pinned;

use std::path::Path;

use app_contract::{MarketChartView, MarketProductRow};
use pricing_analytics::{AppliedPrice, map_shortfall, prior_price};
use pricing_domain::{
    Currency, IndexForm, Instant, MarketFilter, MarketGroup, MarketRows, Outcome, PictureFormat, ReportFormat,
    ReportKind,
};
use pricing_rules::{MarketView, NONE};
use reports::{Block, Cell, Column, Report, Table, write_pdf, write_xlsx};

use self::parts::{competitor_table, group_table, overview_figures, print_look, product_table};
use super::{ChartQuestion, Period, Scene, date_of};
use crate::exports::{in_background, write_file};
use crate::prior_prices::{PRIOR_DAYS, reduction_bp};
use crate::{OperationError, Workspace};

/// Rows of a table that is read, not searched.
const SHOWN_ROWS: u32 = 25;
/// Rows of a table that proves something, at most.
const MOST_ROWS: usize = 2_000;
/// Weeks of each period of the bridge.
const BRIDGE_WEEKS: u32 = 4;
/// Pixels of a picture across the page.
const PICTURE_WIDTH: u32 = 720;

/// Which report is to be written.
#[derive(Clone, Copy, Debug)]
pub struct ReportQuestion<'a> {
    /// Which.
    pub kind: ReportKind,
    /// Which products, competitors and days.
    pub filter: &'a MarketFilter,
    /// Whether the weekly report has the assistant's pinned answers.
    pub pinned_answers: bool,
}

impl Workspace {
    /// Writes a report to a file, whole or not at all.
    pub async fn write_report(
        &self,
        path: &Path,
        question: ReportQuestion<'_>,
        format: ReportFormat,
    ) -> Result<(), OperationError> {
        let report = Box::pin(self.report(question)).await?;
        let path = path.to_owned();
        in_background(move || {
            write_file(&path, |out| {
                let written = match format {
                    ReportFormat::Pdf => write_pdf(&report, out),
                    ReportFormat::Xlsx => write_xlsx(&report, out),
                };
                written.map_err(|error| OperationError::fault(error.to_string()))
            })
        })
        .await
    }

    /// Writes a picture as it was drawn, or its data.
    pub async fn export_chart(
        &self,
        path: &Path,
        chart: MarketChartView,
        format: PictureFormat,
    ) -> Result<(), OperationError> {
        const SCALE: u8 = 2;
        let path = path.to_owned();
        in_background(move || {
            let bytes = match format {
                PictureFormat::Svg => chart.svg.into_bytes(),
                PictureFormat::Csv => chart.csv.into_bytes(),
                PictureFormat::Png => reports::picture_png(&chart.svg, SCALE)
                    .map_err(|error| OperationError::refused(error.to_string()))?,
            };
            write_file(&path, |out| out.write_all(&bytes).map_err(|error| OperationError::fault(error.to_string())))
        })
        .await
    }

    async fn report(&self, question: ReportQuestion<'_>) -> Result<Report, OperationError> {
        let ReportQuestion { kind, filter, pinned_answers } = question;
        let scene = self.scene(filter).await?;
        let period = Period::of(filter, scene.now)?;
        let (title, mut blocks) = match kind {
            ReportKind::Weekly => ("Weekly pricing report", Box::pin(self.weekly(filter)).await?),
            ReportKind::Category => ("Category review", Box::pin(self.category_review(filter)).await?),
            ReportKind::MapViolations => ("MAP violations", Box::pin(self.map_violations(&scene)).await?),
            ReportKind::PriorPrices => {
                ("Prior prices of running reductions", Box::pin(self.prior_prices(&scene)).await?)
            }
            ReportKind::Audit => ("Audit", Box::pin(self.audit_blocks(period)).await?),
        };
        if pinned_answers && kind == ReportKind::Weekly {
            blocks.extend(Box::pin(self.pinned_blocks()).await?);
        }
        Ok(Report {
            title: title.to_owned(),
            subtitle: subtitle(&scene, period),
            company: self.setting("company").await?.unwrap_or_default(),
            made: format!("Made on {}", scene.now.utc_date().strftime("%-d %B %Y")),
            blocks,
        })
    }

    async fn weekly(&self, filter: &MarketFilter) -> Result<Vec<Block>, OperationError> {
        let overview = self.market_overview(filter, IndexForm::Basket).await?;
        let competitors = self.competitor_positions(filter, IndexForm::Basket).await?;
        let mut blocks = overview_figures(&overview, &competitors);
        blocks.push(Block::Heading("Where we stand".into()));
        self.push_picture(&mut blocks, filter, ChartQuestion::IndexHistory, 250).await?;
        blocks.push(Block::Table(competitor_table(&competitors)));
        self.push_picture(&mut blocks, filter, ChartQuestion::Distribution, 220).await?;
        let dear = self.market_products(filter, &MarketRows::Standing(Outcome::Loss), 0, SHOWN_ROWS).await?;
        let title = "Dearer than the lowest offer, the most at stake first";
        blocks.push(Block::Table(product_table(title, &dear)));
        let cheap = self.market_products(filter, &MarketRows::Standing(Outcome::Win), 0, SHOWN_ROWS).await?;
        let title = "Cheaper than the lowest offer, the most at stake first";
        blocks.push(Block::Table(product_table(title, &cheap)));
        blocks.push(Block::Heading("What came of it".into()));
        self.push_picture(&mut blocks, filter, ChartQuestion::Bridge(BRIDGE_WEEKS), 250).await?;
        let categories = self.group_standings(filter, MarketGroup::Category, IndexForm::Basket, SHOWN_ROWS).await?;
        blocks.push(Block::Table(group_table("Category", &categories, overview.currency)));
        blocks.push(Block::Heading("What competitors did".into()));
        self.push_picture(&mut blocks, filter, ChartQuestion::Calendar, 200).await?;
        blocks.push(Block::Table(self.movers_table(filter).await?));
        Ok(blocks)
    }

    async fn category_review(&self, filter: &MarketFilter) -> Result<Vec<Block>, OperationError> {
        let overview = self.market_overview(filter, IndexForm::Basket).await?;
        let competitors = self.competitor_positions(filter, IndexForm::Basket).await?;
        let mut blocks = overview_figures(&overview, &competitors);
        for (by, heading, word) in
            [(MarketGroup::Category, "Categories", "Category"), (MarketGroup::Brand, "Brands", "Brand")]
        {
            blocks.push(Block::Heading(heading.into()));
            self.push_picture(&mut blocks, filter, ChartQuestion::HeatMap(by, IndexForm::Basket), 300).await?;
            self.push_picture(&mut blocks, filter, ChartQuestion::Scatter(by), 300).await?;
            let groups = self.group_standings(filter, by, IndexForm::Basket, 60).await?;
            blocks.push(Block::Table(group_table(word, &groups, overview.currency)));
        }
        blocks.push(Block::Heading("Products".into()));
        let rows = self.market_products(filter, &MarketRows::Compared, 0, 60).await?;
        blocks.push(Block::Table(product_table("Compared products, the most at stake first", &rows)));
        Ok(blocks)
    }

    /// Adds a picture where there is something to show, and says why where there is not.
    async fn push_picture(
        &self,
        blocks: &mut Vec<Block>,
        filter: &MarketFilter,
        question: ChartQuestion,
        height: u32,
    ) -> Result<(), OperationError> {
        match Box::pin(self.drawn_chart(filter, question, print_look(PICTURE_WIDTH, height))).await {
            Ok(chart) => blocks.push(Block::Picture(reports::Picture {
                title: chart.title,
                svg: chart.svg,
                description: chart.description,
            })),
            Err(error) if error.kind == crate::ErrorKind::NotFound => blocks.push(Block::Paragraph(error.message)),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    async fn movers_table(&self, filter: &MarketFilter) -> Result<Table, OperationError> {
        const WINDOW_DAYS: u32 = 7;
        let movers = self.movers(filter, WINDOW_DAYS).await?;
        let rows = movers.leaders.iter().map(|leader| {
            vec![
                Cell::text(&leader.name),
                Cell::count(leader.moves),
                Cell::count(leader.first),
                Cell::count(leader.followed),
                Cell::count(leader.follows),
            ]
        });
        Ok(Table {
            title: "Who moves first".into(),
            columns: vec![
                Column::words("Competitor", 30),
                Column::numbers("Changes", 12),
                Column::numbers("First moves", 12),
                Column::numbers("Followed by others", 14),
                Column::numbers("Follows others", 14),
            ],
            rows: rows.collect(),
            note: format!(
                "A follow is a change in the same direction on the same product within {WINDOW_DAYS} days after somebody \
                 else's."
            ),
            empty: "No competitor changed a price in this period.".into(),
        })
    }

    /// Every advertised price below the lowest advertised price, with where and when it was seen.
    async fn map_violations(&self, scene: &Scene) -> Result<Vec<Block>, OperationError> {
        let found = self.market_products(&scene.filter, &MarketRows::BelowMap, 0, 500).await?;
        let columns = &scene.snapshot.lists[scene.list];
        let digits = columns.currency.minor_digits();
        let mut rows = Vec::new();
        for product in &found.rows {
            let Some(row) = scene.snapshot.row_of_sku(&product.product.sku).map(|row| row as usize) else { continue };
            let map = columns.map_minor.get(row);
            let named = |who: &str, amount: i64, seen: String, url: &str| {
                let shortfall = map_shortfall(amount, map)?;
                Some(vec![
                    Cell::text(&product.product.sku),
                    Cell::text(&product.product.name),
                    Cell::text(who),
                    Cell::number(Some(map), digits),
                    Cell::number(Some(amount), digits),
                    Cell::percent(Some(shortfall)),
                    Cell::text(seen),
                    Cell::text(url),
                ])
            };
            rows.extend(product.product.price_minor.and_then(|own| named("us", own, String::new(), "")));
            let key = i64::from(scene.snapshot.products.key.get(row));
            for listing in self.store.listings_of(key).await? {
                let Some(span) =
                    listing.span.filter(|_| super::segments::is_chosen(&scene.filter, &listing.competitor))
                else {
                    continue;
                };
                let amount = listing.pack.like_for_like(span.price.amount_minor);
                let seen = span.last_seen.utc_date().to_string();
                if span.price.currency == columns.currency {
                    rows.extend(named(&listing.competitor, amount, seen, &listing.url));
                }
            }
        }
        rows.truncate(MOST_ROWS);
        let table = Table {
            title: "Advertised prices below MAP".into(),
            columns: vec![
                Column::words("SKU", 14),
                Column::words("Product", 30),
                Column::words("Advertised by", 16),
                Column::numbers(&format!("MAP, {}", columns.currency), 11),
                Column::numbers("Advertised", 11),
                Column::numbers("Below by", 10),
                Column::words("Last seen", 12),
                Column::words("Page", 34),
            ],
            rows,
            note: "MAP limits advertised prices in markets that have it (mainly the United States); it is no floor of \
                   ours."
                .into(),
            empty: "No advertised price lies below a lowest advertised price.".into(),
        };
        Ok(vec![Block::Table(table)])
    }

    /// Every reduction that runs, with the price it may be announced against.
    async fn prior_prices(&self, scene: &Scene) -> Result<Vec<Block>, OperationError> {
        let columns = &scene.snapshot.lists[scene.list];
        let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
        let digits = columns.currency.minor_digits();
        let mut rows = Vec::new();
        let (mut proven, mut unproven) = (0u64, 0u64);
        for promotion in self.store.running_promotions(columns.key, scene.now).await? {
            let row = u32::try_from(promotion.product_key).ok().and_then(|key| scene.snapshot.row_of_key(key));
            let Some(row) = row.map(|row| row as usize).filter(|row| view.keeps(*row)) else { continue };
            let Some(price) = promotion.price_minor else { continue };
            let since = promotion.valid_from.plus_days(-i64::from(PRIOR_DAYS));
            let applied = self.store.applied_prices(promotion.product_key, columns.key, since).await?;
            let applied: Vec<AppliedPrice> =
                applied.into_iter().map(|(from, to, amount_minor)| AppliedPrice { from, to, amount_minor }).collect();
            let prior = prior_price(&applied, promotion.valid_from, PRIOR_DAYS);
            if prior.proven {
                proven += 1;
            } else {
                unproven += 1;
            }
            let regular = columns.price_minor.get(row);
            rows.push(vec![
                Cell::text(scene.snapshot.products.sku.get(row)),
                Cell::text(scene.snapshot.products.name.get(row)),
                Cell::text(promotion.valid_from.utc_date().to_string()),
                Cell::text(promotion.valid_to.map_or_else(String::new, |to| to.utc_date().to_string())),
                Cell::number((regular != NONE).then_some(regular), digits),
                Cell::number(prior.amount_minor, digits),
                Cell::number(Some(price), digits),
                Cell::percent(prior.amount_minor.and_then(|prior| reduction_bp(price, prior))),
                Cell::text(if prior.proven { "proven" } else { "unproven" }),
            ]);
        }
        rows.truncate(MOST_ROWS);
        let table = Table {
            title: "Reductions that run".into(),
            columns: vec![
                Column::words("SKU", 14),
                Column::words("Product", 32),
                Column::words("From", 12),
                Column::words("To", 12),
                Column::numbers(&format!("Regular, {}", columns.currency), 11),
                Column::numbers("Prior price", 11),
                Column::numbers("Reduced", 11),
                Column::numbers("Reduction", 11),
                Column::words("History", 10),
            ],
            rows,
            note: format!(
                "The prior price is the lowest price applied in the {PRIOR_DAYS} days before the reduction started, \
                 promotions and errors included (Directive 98/6/EC, article 6a). Unproven: our prices are not known over \
                 all of those days. A negative reduction must not be announced."
            ),
            empty: "No reduction with a price runs.".into(),
        };
        let text = format!("{proven} reductions are proven by our own price history, {unproven} are not.");
        Ok(vec![Block::Paragraph(text), Block::Table(table)])
    }

    async fn audit_blocks(&self, period: Period) -> Result<Vec<Block>, OperationError> {
        const PAGE: u32 = 500;
        // Collecting leaves an entry for every few pages, and one for the whole run.
        const PARTS: &str = "record_readings";
        let end = Instant::at_utc_midnight(date_of(period.to + 1));
        let (mut rows, mut parts, mut offset) = (Vec::new(), 0u64, 0);
        loop {
            let page = self.audit(Some(date_of(period.from)), offset, PAGE).await?;
            for entry in page.rows.iter().filter(|entry| entry.at < end) {
                if entry.operation == PARTS {
                    parts += 1;
                    continue;
                }
                rows.push(vec![
                    Cell::text(minute(entry.at)),
                    Cell::text(&entry.actor),
                    Cell::text(entry.operation.replace('_', " ")),
                    Cell::text(&entry.summary),
                ]);
            }
            offset += u64::from(PAGE);
            if offset >= page.matching || rows.len() >= MOST_ROWS {
                break;
            }
        }
        let left_out = if rows.len() >= MOST_ROWS { "Only the newest are shown. " } else { "" };
        rows.truncate(MOST_ROWS);
        let count = rows.len();
        let table = Table {
            title: "Who did what".into(),
            columns: vec![
                Column::words("When (UTC)", 20),
                Column::words("Who", 14),
                Column::words("What", 20),
                Column::words("In words", 60),
            ],
            rows,
            note: format!("{left_out}{parts} further entries record readings as part of a collection listed above."),
            empty: "Nobody changed anything in this period.".into(),
        };
        Ok(vec![Block::Paragraph(format!("{count} operations, newest first.")), Block::Table(table)])
    }
}

/// “2026-11-25 22:51”.
fn minute(at: Instant) -> String {
    let text = at.to_string().replace('T', " ");
    text.chars().take("2026-11-25 22:51".len()).collect()
}

/// “Germany, 25 Oct to 21 Nov 2026, TV & Audio, against ElektroMax”.
fn subtitle(scene: &Scene, period: Period) -> String {
    let columns = &scene.snapshot.lists[scene.list];
    let words = |day: i32| date_of(day).strftime("%-d %b %Y").to_string();
    let mut parts = vec![columns.name.clone(), format!("{} to {}", words(period.from), words(period.to))];
    let filter = &scene.filter;
    parts.extend(
        [&filter.categories, &filter.brands].into_iter().filter(|names| !names.is_empty()).map(|n| n.join(", ")),
    );
    parts.extend((!filter.roles.is_empty()).then(|| {
        let roles: Vec<&str> = filter.roles.iter().map(|role| role.as_str()).collect();
        format!("roles {}", roles.join(", "))
    }));
    parts.extend((!filter.competitors.is_empty()).then(|| format!("against {}", filter.competitors.join(", "))));
    parts.join(" · ")
}

/// What one product is about, for a table.
fn product_cells(row: &MarketProductRow, currency: Currency) -> Vec<Cell> {
    let digits = currency.minor_digits();
    vec![
        Cell::text(&row.product.sku),
        Cell::text(&row.product.name),
        Cell::number(row.product.price_minor, digits),
        Cell::number(row.lowest_minor, digits),
        Cell::change(row.distance_bp),
        Cell::number(row.position.map(i64::from), 0),
        Cell::percent(row.product.margin_bp),
        Cell::number(Some(row.product.units_28d_milli / 1_000), 0),
        Cell::number(Some(row.stake_minor), digits),
    ]
}
