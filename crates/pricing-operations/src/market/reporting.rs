//! Reports: what they say, from the figures of the workspace.

mod advertised;
mod parts;
mod pinned;
mod prior_prices;
mod typefaces;

use std::path::Path;

use app_contract::{MarketChartView, MarketProductRow};
use pricing_domain::{
    Currency, FOLLOWS_WITHIN_DAYS, IndexForm, Instant, MarketFilter, MarketGroup, MarketRows, Outcome, PictureFormat,
    ReportFormat, ReportKind,
};
use reports::{Block, Cell, Column, Report, Table, write_pdf, write_xlsx};

use self::parts::{competitor_table, group_table, overview_figures, print_look, product_table, promotion_table};
use super::{ChartQuestion, Period, Scene, date_of};
use crate::exports::{in_background, write_file};
use crate::{OperationError, Workspace};

/// What stands beside figures of now in a report about days that are over.
const AS_OF_NOW: &str = ", as of now";
/// Rows of a table that is read, not searched.
const SHOWN_ROWS: u32 = 25;
/// Rows of a table that proves something, at most.
const MOST_ROWS: usize = 2_000;
/// Rows of a proof on paper, at most: some two hundred pages.
const MOST_PRINTED: usize = 10_000;
/// Rows of a proof in a sheet, which holds 1,048,576.
const MOST_IN_A_SHEET: usize = 1_000_000;
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
        let mut report = Box::pin(self.report(question, format)).await?;
        let path = path.to_owned();
        in_background(move || {
            if format == ReportFormat::Pdf && reports::needs_typeface(&report) {
                report.typeface = typefaces::find();
            }
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

    async fn report(&self, question: ReportQuestion<'_>, format: ReportFormat) -> Result<Report, OperationError> {
        let ReportQuestion { kind, filter, pinned_answers } = question;
        let scene = self.scene(filter).await?;
        let period = Period::of(filter, scene.now)?;
        let (title, mut blocks) = match kind {
            ReportKind::Weekly => ("Weekly pricing report", Box::pin(self.weekly(filter)).await?),
            ReportKind::Category => ("Category review", Box::pin(self.category_review(filter)).await?),
            ReportKind::MapViolations => ("MAP violations", Box::pin(self.map_violations(filter)).await?),
            ReportKind::PriorPrices => {
                ("Prior prices of running reductions", Box::pin(self.prior_prices(&scene, format)).await?)
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
            logo: self.report_logo().await?,
            typeface: None,
            made: format!("Made on {}", scene.now.utc_date().strftime("%-d %B %Y")),
            blocks,
        })
    }

    async fn weekly(&self, filter: &MarketFilter) -> Result<Vec<Block>, OperationError> {
        let overview = self.market_overview(filter, IndexForm::Basket).await?;
        let competitors = self.competitor_positions(filter, IndexForm::Basket).await?;
        let now = if overview.is_past() { AS_OF_NOW } else { "" };
        let mut blocks = overview_figures(&overview, &competitors);
        blocks.push(Block::Heading("Where we stand".into()));
        self.push_picture(&mut blocks, filter, ChartQuestion::IndexHistory, 250).await?;
        blocks.push(Block::Table(competitor_table(&competitors, overview.is_past())));
        if overview.is_past() {
            blocks.push(Block::Heading(format!("Products{AS_OF_NOW}")));
        }
        self.push_picture(&mut blocks, filter, ChartQuestion::Distribution, 220).await?;
        let dear = self.market_products(filter, &MarketRows::Standing(Outcome::Loss), 0, SHOWN_ROWS).await?;
        let title = format!("Dearer than the lowest offer, the most at stake first{now}");
        blocks.push(Block::Table(product_table(&title, &dear)));
        let cheap = self.market_products(filter, &MarketRows::Standing(Outcome::Win), 0, SHOWN_ROWS).await?;
        let title = format!("Cheaper than the lowest offer, the most at stake first{now}");
        blocks.push(Block::Table(product_table(&title, &cheap)));
        blocks.push(Block::Heading("What came of it".into()));
        self.push_picture(&mut blocks, filter, ChartQuestion::Bridge(BRIDGE_WEEKS), 250).await?;
        let categories = self.group_standings(filter, MarketGroup::Category, IndexForm::Basket, SHOWN_ROWS).await?;
        blocks.push(Block::Table(group_table("Category", &categories, overview.currency, now)));
        blocks.push(Block::Table(promotion_table(&self.market_promotions(filter).await?)));
        blocks.push(Block::Heading("What competitors did".into()));
        self.push_picture(&mut blocks, filter, ChartQuestion::Calendar, 200).await?;
        blocks.push(Block::Table(self.movers_table(filter).await?));
        Ok(blocks)
    }

    async fn category_review(&self, filter: &MarketFilter) -> Result<Vec<Block>, OperationError> {
        let overview = self.market_overview(filter, IndexForm::Basket).await?;
        let competitors = self.competitor_positions(filter, IndexForm::Basket).await?;
        let now = if overview.is_past() { AS_OF_NOW } else { "" };
        let mut blocks = overview_figures(&overview, &competitors);
        for (by, heading, word) in
            [(MarketGroup::Category, "Categories", "Category"), (MarketGroup::Brand, "Brands", "Brand")]
        {
            blocks.push(Block::Heading(format!("{heading}{now}")));
            self.push_picture(&mut blocks, filter, ChartQuestion::HeatMap(by, IndexForm::Basket), 300).await?;
            self.push_picture(&mut blocks, filter, ChartQuestion::Scatter(by), 300).await?;
            let groups = self.group_standings(filter, by, IndexForm::Basket, 60).await?;
            blocks.push(Block::Table(group_table(word, &groups, overview.currency, now)));
        }
        blocks.push(Block::Heading(format!("Products{now}")));
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
        let movers = self.movers(filter, FOLLOWS_WITHIN_DAYS).await?;
        let (note, empty) = match movers.uncounted {
            None => (
                format!(
                    "A follow is a change in the same direction on the same product within {FOLLOWS_WITHIN_DAYS} days \
                     after somebody else's."
                ),
                "Nobody changed a price in this period.",
            ),
            Some(_) => {
                (String::new(), "Too many prices began to count them here: count them in Analytics, then write this.")
            }
        };
        let rows = movers.leaders.iter().map(|leader| {
            vec![
                Cell::text(if leader.name.is_empty() { "We" } else { &leader.name }),
                Cell::count(leader.moves),
                Cell::count(leader.first),
                Cell::count(leader.followed),
                Cell::count(leader.follows),
            ]
        });
        Ok(Table {
            title: "Who moves first".into(),
            columns: vec![
                Column::words("Who", 30),
                Column::numbers("Changes", 12),
                Column::numbers("First moves", 12),
                Column::numbers("Followed by others", 14),
                Column::numbers("Follows others", 14),
            ],
            rows: rows.collect(),
            note,
            empty: empty.into(),
        })
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
                    Cell::Minute(entry.at),
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
                Column::dates("When (UTC)", 20),
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

/// A proof with as many rows as its format carries, which says so where some are left out.
fn cut(mut table: Table, format: ReportFormat) -> Table {
    let most = if format == ReportFormat::Pdf { MOST_PRINTED } else { MOST_IN_A_SHEET };
    let all = table.rows.len();
    if all > most {
        table.rows.truncate(most);
        let elsewhere = if format == ReportFormat::Pdf { "; a workbook (.xlsx) has more" } else { "" };
        table.note = format!("The first {most} of {all} rows are shown{elsewhere}. {}", table.note);
    }
    table
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

#[cfg(test)]
mod tests {
    use pricing_domain::ReportFormat;
    use reports::{Cell, Table};

    use super::{MOST_PRINTED, cut};

    #[test]
    fn a_proof_that_is_cut_says_so_and_a_workbook_is_whole() {
        let table = |rows: usize| Table {
            title: "Reductions".into(),
            columns: Vec::new(),
            rows: (0..rows).map(|_| vec![Cell::text("A1")]).collect(),
            note: "The prior price.".into(),
            empty: String::new(),
        };
        let printed = cut(table(MOST_PRINTED + 1), ReportFormat::Pdf);
        assert_eq!(printed.rows.len(), MOST_PRINTED);
        assert_eq!(
            printed.note,
            "The first 10000 of 10001 rows are shown; a workbook (.xlsx) has more. The prior price."
        );
        let whole = cut(table(MOST_PRINTED + 1), ReportFormat::Xlsx);
        assert_eq!((whole.rows.len(), whole.note.as_str()), (MOST_PRINTED + 1, "The prior price."));
        assert_eq!(cut(table(MOST_PRINTED), ReportFormat::Pdf).note, "The prior price.");
    }
}
