//! Figures and reports.

mod figures;
mod pictures;

pub use figures::print_movers;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use app_commands::Host;
use app_contract::{
    CompetitorPosition, GetAnalyticsOverview, GetPivot, GroupStanding, ListCompetitorPositions, ListGroupStandings,
    ListPivots, ListPromotions, PivotView, PromotionStanding, PromotionsView, RemovePivot, SavePivot, Status,
    WriteReport,
};
use clap::{Args, Subcommand};
use pricing_domain::{
    CivilDate, Currency, FOLLOWS_WITHIN_DAYS, IndexForm, MarketFilter, MarketGroup, Pivot, PivotMeasure, ReportFormat,
    ReportKind, Role, format_scaled,
};

use crate::{files, output, run};

/// Groups that are shown.
const SHOWN_GROUPS: u32 = 50;

/// Which report, and about what.
#[derive(Args)]
pub struct ReportWords {
    /// weekly, category, map, prior-prices, audit.
    pub report: ReportKind,
    /// Where to: .pdf or .xlsx.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The weekly report also has the assistant's pinned answers, with their sources.
    #[arg(long)]
    pub pinned: bool,
    /// What it is about.
    #[command(flatten)]
    pub filter: MarketFilterWords,
}

/// Tables and lists beside the figures.
#[derive(Subcommand)]
pub enum MarketTask {
    /// Shows a table with rows and columns of your own, as CSV; without words the tables that are kept.
    Pivot(PivotWords),
    /// Shows the figures of a selection: index, standing, places, margin, floors, promotions, sales.
    Overview {
        /// basket, ratio_mean, geometric, equal_weights.
        #[arg(long, default_value = "basket")]
        form: IndexForm,
        /// What they are about.
        #[command(flatten)]
        filter: MarketFilterWords,
    },
    /// Shows the products behind a figure, the most at stake first.
    Rows(figures::RowsWords),
    /// Shows net revenue, margin and units day by day.
    Days {
        /// What they are about.
        #[command(flatten)]
        filter: MarketFilterWords,
    },
    /// Shows who moves first and who follows.
    Movers {
        /// Within so many days a move is followed; 1 to 60.
        #[arg(long, default_value_t = FOLLOWS_WITHIN_DAYS)]
        window: u32,
        /// What they are about.
        #[command(flatten)]
        filter: MarketFilterWords,
    },
    /// Draws a picture into a file, or writes its data.
    Picture(pictures::PictureWords),
    /// Shows our promotions of the period with depth, funding and uplift.
    Promotions {
        /// What they are about.
        #[command(flatten)]
        filter: MarketFilterWords,
    },
}

/// A table of figures in words.
#[derive(Args)]
pub struct PivotWords {
    /// One that is kept.
    name: Option<String>,
    /// A row for each: brand, category, role, competitor, product, price_list.
    #[arg(long)]
    rows: Option<MarketGroup>,
    /// Columns for each of another one.
    #[arg(long)]
    columns: Option<MarketGroup>,
    /// products, compared, coverage, index, cheaper, level, dearer, revenue, margin; several times.
    #[arg(long)]
    measure: Vec<PivotMeasure>,
    /// basket, ratio_mean, geometric, equal_weights.
    #[arg(long, default_value = "basket")]
    form: IndexForm,
    /// Keep it under this name.
    #[arg(long, value_name = "NAME")]
    save: Option<String>,
    /// Forget the one that is named.
    #[arg(long, requires = "name")]
    remove: bool,
    /// What it is about.
    #[command(flatten)]
    filter: MarketFilterWords,
}

/// Which figures.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct MarketWords {
    /// Something else than the figures by group.
    #[command(subcommand)]
    pub task: Option<MarketTask>,
    /// competitor, brand, category, role, price_list, product.
    #[arg(long, default_value = "competitor")]
    pub by: MarketGroup,
    /// basket, ratio_mean, geometric, equal_weights.
    #[arg(long, default_value = "basket")]
    pub form: IndexForm,
    /// What they are about.
    #[command(flatten)]
    pub filter: MarketFilterWords,
}

/// The filter of all figures; words that may be given several times are alternatives.
#[derive(Args)]
pub struct MarketFilterWords {
    /// Code of the price list; without it the default one.
    #[arg(long)]
    pub list: Option<String>,
    /// Only this category and those below it.
    #[arg(long)]
    pub category: Vec<String>,
    /// Only this brand.
    #[arg(long)]
    pub brand: Vec<String>,
    /// Only against this competitor.
    #[arg(long)]
    pub competitor: Vec<String>,
    /// Only this role: kvi, traffic, profit, tail.
    #[arg(long)]
    pub role: Vec<Role>,
    /// First day (2026-11-01); without it 28 days up to the last.
    #[arg(long)]
    pub from: Option<CivilDate>,
    /// Last day; without it today.
    #[arg(long)]
    pub to: Option<CivilDate>,
}

/// Writes a report.
pub async fn report(host: &Host, status: &Status, words: ReportWords, json: bool) -> Result<()> {
    let format = format_of(&words.out)?;
    let filter = filter_of(status, words.filter)?;
    if words.report == ReportKind::Weekly {
        // Kept for the report, which does not count as many itself.
        figures::counted_movers(host, filter.clone(), FOLLOWS_WITHIN_DAYS).await?;
    }
    let file = host.call(WriteReport { report: words.report, filter, format, pinned_answers: words.pinned }).await?;
    files::fetch(host, &file, &words.out)?;
    output::answer(json, &file, |_| println!("{} report → {}", words.report, words.out.display()));
    Ok(())
}

/// Shows how we stand.
pub async fn market(host: &Host, status: &Status, words: MarketWords, json: bool) -> Result<()> {
    match words.task {
        Some(MarketTask::Pivot(words)) => pivot(host, status, words, json).await,
        Some(MarketTask::Promotions { filter }) => promotions(host, filter_of(status, filter)?, json).await,
        Some(MarketTask::Overview { form, filter }) => figures::overview(host, status, (filter, form), json).await,
        Some(MarketTask::Rows(words)) => figures::rows(host, status, words, json).await,
        Some(MarketTask::Days { filter }) => figures::days(host, status, filter, json).await,
        Some(MarketTask::Movers { window, filter }) => figures::movers(host, status, (filter, window), json).await,
        Some(MarketTask::Picture(words)) => pictures::picture(host, status, words, json).await,
        None => standings(host, filter_of(status, words.filter)?, (words.by, words.form), json).await,
    }
}

/// How we stand by group, and of which day that is.
async fn standings(host: &Host, filter: MarketFilter, (by, form): (MarketGroup, IndexForm), json: bool) -> Result<()> {
    if by == MarketGroup::Competitor {
        let rows = host.call(ListCompetitorPositions { filter: filter.clone(), form }).await?;
        refuse_unknown(host, filter, rows.iter().all(|row| row.compared == 0)).await?;
        let day = rows.iter().find_map(|row| row.standing_day);
        output::answer(json, &rows, |rows| {
            rows.iter().for_each(print_competitor);
            println!("{}", day.map_or_else(|| "As of now.".to_owned(), |day| format!("At the end of {day}.")));
        });
        return Ok(());
    }
    let request = ListGroupStandings { filter: filter.clone(), by, form, limit: SHOWN_GROUPS };
    let rows = host.call(request).await?;
    refuse_unknown(host, filter, rows.is_empty()).await?;
    output::answer(json, &rows, |rows| {
        rows.iter().for_each(print_group);
        if rows.len() == SHOWN_GROUPS as usize {
            println!("The {SHOWN_GROUPS} with the most revenue; there may be more.");
        }
        // Of groups only their standing now is shown, whatever the days are.
        println!("As of now.");
    });
    Ok(())
}

/// Where there is nothing to show: refuses names that nobody has.
async fn refuse_unknown(host: &Host, filter: MarketFilter, is_empty: bool) -> Result<()> {
    let is_filtered = !(filter.brands.is_empty()
        && filter.categories.is_empty()
        && filter.competitors.is_empty()
        && filter.roles.is_empty());
    if !is_empty || !is_filtered {
        return Ok(());
    }
    let overview = host.call(GetAnalyticsOverview { filter: filter.clone(), form: IndexForm::Basket }).await?;
    if overview.products == 0 {
        anyhow::bail!("no product that is sold has these brands, categories and roles; check how they are written");
    }
    let known = host
        .call(ListCompetitorPositions { filter: MarketFilter::of_list(filter.price_list), form: IndexForm::Basket });
    let known = known.await?;
    let same = |name: &str, other: &str| name.trim().to_lowercase() == other.trim().to_lowercase();
    match filter.competitors.iter().find(|name| !known.iter().any(|one| same(name, &one.competitor))) {
        Some(unknown) => anyhow::bail!("no competitor is called “{unknown}”; `omnipricex competitors` shows them"),
        None => Ok(()),
    }
}

async fn promotions(host: &Host, filter: MarketFilter, json: bool) -> Result<()> {
    let promotions = host.call(ListPromotions { filter }).await?;
    output::answer(json, &promotions, |promotions: &PromotionsView| {
        promotions.rows.iter().for_each(|one| print_promotion(one, promotions.currency));
        output::stretch(0, promotions.rows.len(), promotions.matching, "promotions, the newest first");
    });
    Ok(())
}

async fn pivot(host: &Host, status: &Status, words: PivotWords, json: bool) -> Result<()> {
    if let Some(name) = words.name.clone().filter(|_| words.remove) {
        let left = host.call(RemovePivot { name }).await?;
        output::answer(json, &left, |left| println!("{} tables are kept", left.len()));
        return Ok(());
    }
    let kept = host.call(ListPivots {}).await?;
    let pivot = match (words.name, words.rows) {
        (Some(name), _) => {
            let found = kept.into_iter().find(|pivot| pivot.name.eq_ignore_ascii_case(name.trim()));
            found.with_context(|| format!("no table is called “{name}”"))?
        }
        (None, Some(rows)) => Pivot {
            name: words.save.clone().unwrap_or_default(),
            rows,
            columns: words.columns,
            measures: if words.measure.is_empty() { vec![PivotMeasure::Index] } else { words.measure },
            filter: filter_of(status, words.filter)?,
            form: words.form,
        },
        (None, None) => {
            output::answer(json, &kept, |kept| kept.iter().for_each(print_kept));
            return Ok(());
        }
    };
    if words.save.is_some() {
        host.call(SavePivot { pivot: pivot.clone() }).await?;
    }
    let table = host.call(GetPivot { pivot }).await?;
    output::answer(json, &table, print_table);
    Ok(())
}

fn print_kept(pivot: &Pivot) {
    let columns = pivot.columns.map(|columns| format!(" by {columns}")).unwrap_or_default();
    let measures: Vec<&str> = pivot.measures.iter().map(|measure| measure.as_str()).collect();
    println!("{}: {}{columns}, {}", pivot.name, pivot.rows, measures.join(", "));
}

fn print_table(table: &PivotView) {
    let heads = table.columns.iter().map(|(group, measure)| match group {
        Some(group) => cell_text(&format!("{group}, {measure}")),
        None => measure.to_string(),
    });
    println!("group,{}", heads.collect::<Vec<_>>().join(","));
    for row in &table.rows {
        let cells = row.cells.iter().zip(&table.columns);
        let cells = cells
            .map(|(cell, (_, measure))| cell.map_or_else(String::new, |cell| scaled(cell, *measure, table.currency)));
        println!("{},{}", cell_text(&row.name), cells.collect::<Vec<_>>().join(","));
    }
    if table.rows_left + table.columns_left > 0 {
        eprintln!("{} rows and {} groups of columns are left out", table.rows_left, table.columns_left);
    }
}

/// A cell of CSV. Words that a spreadsheet would run as a formula begin with an apostrophe.
fn cell_text(text: &str) -> String {
    let is_risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if is_risky { format!("'{text}") } else { text.to_owned() };
    match safe.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", safe.replace('"', "\"\"")),
        false => safe,
    }
}

fn scaled(value: i64, measure: PivotMeasure, currency: Currency) -> String {
    match measure {
        PivotMeasure::Index | PivotMeasure::Coverage | PivotMeasure::Margin => format_scaled(value, 2),
        PivotMeasure::Revenue => format_scaled(value, currency.minor_digits()),
        PivotMeasure::Products
        | PivotMeasure::Compared
        | PivotMeasure::Cheaper
        | PivotMeasure::Level
        | PivotMeasure::Dearer => value.to_string(),
    }
}

fn print_promotion(one: &PromotionStanding, currency: Currency) {
    let money = |minor: Option<i64>| {
        minor.map_or_else(|| "–".to_owned(), |minor| format_scaled(minor, currency.minor_digits()))
    };
    let share = |bp: Option<i32>| bp.map_or_else(|| "–".to_owned(), percent);
    println!(
        "{:<14} {:<20} {} to {}  price {:>9}  depth {:>9}  units {:>8}  uplift {:>9}  funded {:>9}",
        one.sku,
        one.promotion,
        one.first_day,
        one.last_day.map_or_else(|| "open".to_owned(), |day| day.to_string()),
        money(one.price_minor),
        share(one.depth_bp),
        one.units_milli.map_or_else(|| "–".to_owned(), |units| format_scaled(units, 3)),
        share(one.uplift_bp),
        money(one.funded_minor)
    );
}

/// The filter that the words say.
pub fn filter_of(status: &Status, words: MarketFilterWords) -> Result<MarketFilter> {
    Ok(MarketFilter {
        categories: words.category,
        brands: words.brand,
        competitors: words.competitor,
        roles: words.role,
        from: words.from,
        to: words.to,
        ..MarketFilter::of_list(run::named_list(status, words.list.as_deref())?.id)
    })
}

fn format_of(path: &Path) -> Result<ReportFormat> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ending.parse().ok().context("name the report with the ending .pdf or .xlsx")
}

fn points(index_centi: Option<i64>) -> String {
    index_centi.map_or_else(|| "–".to_owned(), |index| format_scaled(index, 2))
}

fn percent(basis_points: i32) -> String {
    format!("{} %", format_scaled(i64::from(basis_points), 2))
}

fn print_competitor(row: &CompetitorPosition) {
    println!(
        "{:<28} index {:>7}  coverage {:>8}  cheaper {:>6}  level {:>6}  dearer {:>6}  lowered {:>5}  raised {:>5}",
        row.competitor,
        points(row.index_centi),
        percent(row.coverage_bp),
        row.win,
        row.tie,
        row.loss,
        row.lowered,
        row.raised
    );
}

fn print_group(row: &GroupStanding) {
    let name = if row.name.is_empty() { "–" } else { &row.name };
    println!(
        "{name:<36} index {:>7}  coverage {:>8}  cheaper {:>6}  level {:>6}  dearer {:>6}  margin {:>8}",
        points(row.index_centi),
        percent(row.coverage_bp),
        row.win,
        row.tie,
        row.loss,
        row.margin_bp.map_or_else(|| "–".to_owned(), percent)
    );
}

#[cfg(test)]
mod tests {
    use super::cell_text;

    #[test]
    fn a_cell_of_a_table_is_no_formula() {
        assert_eq!(cell_text("=1+1"), "'=1+1");
        assert_eq!(cell_text("-A, \"B\""), "\"'-A, \"\"B\"\"\"");
        assert_eq!(cell_text("Boilo"), "Boilo");
    }
}
