//! Figures and reports.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use app_commands::Host;
use app_contract::{
    CompetitorPosition, GroupStanding, ListCompetitorPositions, ListGroupStandings, Status, WriteReport,
};
use clap::Args;
use pricing_domain::{CivilDate, IndexForm, MarketFilter, MarketGroup, ReportFormat, ReportKind, Role, format_scaled};

use crate::{files, output, run};

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

/// Which figures.
#[derive(Args)]
pub struct MarketWords {
    /// competitor, brand, category, role, price_list.
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
    let file = host.call(WriteReport { report: words.report, filter, format, pinned_answers: words.pinned }).await?;
    files::fetch(host, &file, &words.out)?;
    output::answer(json, &file, |_| println!("{} report → {}", words.report, words.out.display()));
    Ok(())
}

/// Shows how we stand.
pub async fn market(host: &Host, status: &Status, words: MarketWords, json: bool) -> Result<()> {
    let filter = filter_of(status, words.filter)?;
    if words.by == MarketGroup::Competitor {
        let rows = host.call(ListCompetitorPositions { filter, form: words.form }).await?;
        output::answer(json, &rows, |rows| rows.iter().for_each(print_competitor));
    } else {
        let request = ListGroupStandings { filter, by: words.by, form: words.form, limit: 50 };
        let rows = host.call(request).await?;
        output::answer(json, &rows, |rows| rows.iter().for_each(print_group));
    }
    Ok(())
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
