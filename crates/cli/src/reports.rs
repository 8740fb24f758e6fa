//! Planned and kept reports from the terminal.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use app_commands::Host;
use app_contract::{
    GetKeptReport, GetReportSettings, ListKeptReports, ListReportPlans, RemoveReportPlan, ReportPlan, ReportPlanView,
    RunReportPlan, SaveMapLists, SaveReportLogo, SaveReportPlan, Status,
};
use clap::{Args, Subcommand};
use pricing_domain::{ReportFormat, ReportKind, ReportPeriod};

use crate::market::{MarketFilterWords, filter_of};
use crate::run::named_list;
use crate::{files, output};

/// What to do with planned reports.
#[derive(Subcommand)]
pub enum ReportsTask {
    /// Shows planned reports, and those that were kept.
    List,
    /// Plans a report; the window or `serve` writes it when its time has come.
    Plan(Box<PlanWords>),
    /// Writes a planned report now.
    Run {
        /// The plan's name.
        name: String,
    },
    /// Removes a plan; its reports stay.
    Remove {
        /// The plan's name.
        name: String,
    },
    /// Shows or changes the logo of reports, and the price lists with limits on advertised prices (MAP).
    Settings(SettingsWords),
    /// Copies a kept report.
    Get {
        /// Its file's name, as `list` shows it.
        file: String,
        /// Where to.
        #[arg(long)]
        out: PathBuf,
    },
}

/// What changes; nothing: only shown.
#[derive(Args)]
pub struct SettingsWords {
    /// A PNG or SVG picture of at most 256 KiB for the first page of a PDF.
    #[arg(long, value_name = "FILE", conflicts_with = "no_logo")]
    logo: Option<PathBuf>,
    /// No logo any more.
    #[arg(long)]
    no_logo: bool,
    /// Code of a price list whose market limits advertised prices; several times: these, and no others.
    #[arg(long, value_name = "LIST", conflicts_with = "no_map")]
    map_list: Vec<String>,
    /// No list has such limits.
    #[arg(long)]
    no_map: bool,
}

/// A planned report in words.
#[derive(Args)]
pub struct PlanWords {
    /// Its name.
    name: String,
    /// weekly, category, map, prior-prices, audit.
    report: ReportKind,
    /// Minute, hour, day, month, weekday: “0 7 * * MON”.
    pattern: String,
    /// Of the pattern (Europe/Berlin).
    #[arg(long, default_value = "UTC")]
    zone: String,
    /// 28-days, 7-days (up to the day on which it is written), last-week, last-month; of a weekly report 7-days.
    #[arg(long, conflicts_with_all = ["from", "to"])]
    period: Option<ReportPeriod>,
    /// pdf, xlsx.
    #[arg(long, default_value = "pdf")]
    format: ReportFormat,
    /// Mail it to this address.
    #[arg(long)]
    email: Vec<String>,
    /// So many are kept.
    #[arg(long, default_value_t = 52)]
    keep: u32,
    /// The weekly report also has the assistant's pinned answers, with their sources.
    #[arg(long)]
    pinned: bool,
    /// What it is about.
    #[command(flatten)]
    filter: MarketFilterWords,
}

/// Does what the words ask for.
pub async fn run(host: &Host, status: &Status, task: ReportsTask, json: bool) -> Result<()> {
    let plans = match task {
        ReportsTask::List => host.call(ListReportPlans {}).await?,
        ReportsTask::Plan(words) => {
            let words = *words;
            let plan = ReportPlan {
                name: words.name,
                report: words.report,
                filter: filter_of(status, words.filter)?,
                period: words.period.unwrap_or(match words.report {
                    ReportKind::Weekly => ReportPeriod::Days7,
                    _ => ReportPeriod::Days28,
                }),
                format: words.format,
                pattern: words.pattern,
                time_zone: words.zone,
                email: words.email,
                keep: words.keep,
                pinned_answers: words.pinned,
                paused: false,
            };
            host.call(SaveReportPlan { id: None, plan }).await?
        }
        ReportsTask::Settings(words) => return settings(host, status, words, json).await,
        ReportsTask::Run { name } => host.call(RunReportPlan { id: named(host, &name).await?.id }).await?,
        ReportsTask::Remove { name } => host.call(RemoveReportPlan { id: named(host, &name).await?.id }).await?,
        ReportsTask::Get { file, out } => {
            let kept = host.call(GetKeptReport { name: file }).await?;
            files::fetch(host, &kept, &out)?;
            output::answer(json, &kept, |kept| println!("{} → {}", kept.name, out.display()));
            return Ok(());
        }
    };
    let kept = host.call(ListKeptReports {}).await?;
    output::answer(json, &(&plans, &kept), |(plans, kept)| {
        plans.iter().for_each(line);
        kept.iter().take(30).for_each(|report| println!("    {}  {} bytes", report.name, report.bytes));
    });
    Ok(())
}

async fn settings(host: &Host, status: &Status, words: SettingsWords, json: bool) -> Result<()> {
    let mut settings = host.call(GetReportSettings {}).await?;
    if let Some(path) = words.logo {
        let file = host.register_input(path)?.id;
        settings = host.call(SaveReportLogo { file: Some(file) }).await?;
    } else if words.no_logo {
        settings = host.call(SaveReportLogo { file: None }).await?;
    }
    if !words.map_list.is_empty() || words.no_map {
        let lists = words.map_list.iter().map(|code| -> Result<_> { Ok(named_list(status, Some(code.as_str()))?.id) });
        settings = host.call(SaveMapLists { lists: lists.collect::<Result<_>>()? }).await?;
    }
    let lists = status.workspace.iter().flat_map(|workspace| &workspace.price_lists);
    let codes: Vec<&str> =
        lists.filter(|list| settings.map_lists.contains(&list.id)).map(|list| list.code.as_str()).collect();
    output::answer(json, &settings, |settings| {
        println!("Logo: {}", if settings.logo.is_empty() { "none" } else { "kept" });
        println!(
            "Advertised prices are limited on: {}",
            if codes.is_empty() { "no list".into() } else { codes.join(", ") }
        );
    });
    Ok(())
}

async fn named(host: &Host, name: &str) -> Result<ReportPlanView> {
    let plans = host.call(ListReportPlans {}).await?;
    let mut found = plans.into_iter().filter(|plan| plan.plan.name.eq_ignore_ascii_case(name.trim()));
    let first = found.next().with_context(|| format!("no planned report is called “{name}”"))?;
    if found.next().is_some() {
        bail!("more than one planned report is called “{name}”; rename one in the window");
    }
    Ok(first)
}

fn line(view: &ReportPlanView) {
    let next = view.next_at.map(|at| format!(", next {at}")).unwrap_or_default();
    let error = if view.last_error.is_empty() { String::new() } else { format!("\n    {}", view.last_error) };
    let days = match (view.plan.filter.from, view.plan.filter.to) {
        (None, None) => view.plan.period.to_string(),
        (from, to) => format!(
            "{} to {}",
            from.map_or_else(|| "28 days".to_owned(), |day| day.to_string()),
            to.map_or_else(|| "today".to_owned(), |day| day.to_string())
        ),
    };
    println!("{}: {} as {}, {days}, {}{next}{error}", view.plan.name, view.plan.report, view.plan.format, view.words);
}
