//! What was read and whether it is believed: the quarantine, and where a price was read.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use app_commands::Host;
use app_contract::{
    DecideQuarantined, FindProduct, GetEvidence, GetEvidencePage, GetProduct, ListQuarantine, QuarantineFilter,
    QuarantinePage, QuarantinedView, Status,
};
use clap::{Args, Subcommand};
use pricing_domain::{QuarantineDecision, QuarantinedId};

use crate::run::named_list;
use crate::{files, output};

/// What can be done with the quarantine.
#[derive(Subcommand)]
pub enum QuarantineTask {
    /// Lists readings that may be no price, with their reason.
    List {
        /// Shows those that were accepted or rejected instead of those that wait.
        #[arg(long, default_value = "waiting")]
        decision: QuarantineDecision,
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Takes readings for prices; the next ones near them count.
    Accept(VerdictWords),
    /// Takes readings for no prices; their amounts are remembered.
    Reject(VerdictWords),
}

/// Which readings, and why.
#[derive(Args)]
pub struct VerdictWords {
    /// Ids as `quarantine list` shows them.
    #[arg(required_unless_present = "all")]
    pub ids: Vec<QuarantinedId>,
    /// All that wait.
    #[arg(long, conflicts_with = "ids")]
    pub all: bool,
    /// Why, for the audit.
    #[arg(long, default_value = "")]
    pub reason: String,
}

/// `omnipricex quarantine`
pub async fn quarantine(host: &Host, task: QuarantineTask, json: bool) -> Result<ExitCode> {
    let (words, decision) = match task {
        QuarantineTask::List { decision, limit } => {
            let page = list(host, decision, limit).await?;
            output::answer(json, &page, |page| {
                println!("{} readings", page.matching);
                page.rows.iter().for_each(reading_in_words);
            });
            return Ok(ExitCode::SUCCESS);
        }
        QuarantineTask::Accept(words) => (words, QuarantineDecision::Accepted),
        QuarantineTask::Reject(words) => (words, QuarantineDecision::Rejected),
    };
    let mut readings = words.ids;
    if words.all {
        readings = list(host, QuarantineDecision::Waiting, 500).await?.rows.iter().map(|row| row.id).collect();
        ensure!(!readings.is_empty(), "nothing waits in quarantine");
    }
    let report = host.call(DecideQuarantined { readings, decision, reason: words.reason }).await?;
    output::answer(json, &report, |report| println!("{} {decision}; {}", report.decided, report.skipped_reason));
    Ok(ExitCode::SUCCESS)
}

async fn list(host: &Host, decision: QuarantineDecision, limit: u32) -> Result<QuarantinePage> {
    let filter = QuarantineFilter { decision, competitor: None };
    Ok(host.call(ListQuarantine { filter, offset: 0, limit }).await?)
}

fn reading_in_words(row: &QuarantinedView) {
    let last = row.last_price.map_or_else(|| "never a price before".to_owned(), |price| format!("{price} before"));
    println!("  {} {} {}: {} ({last})", row.id, row.sku, row.competitor, row.price);
    println!("    {}; {}", row.reason, row.url);
    if !row.decided.is_empty() {
        println!("    {}: {}", row.decision, row.decided);
    }
}

/// `omnipricex evidence`
pub async fn evidence(
    host: &Host,
    status: &Status,
    (sku, competitor): (String, String),
    page: Option<PathBuf>,
    json: bool,
) -> Result<ExitCode> {
    let price_list = named_list(status, None)?.id;
    let product = host.call(FindProduct { sku }).await?;
    let detail = host.call(GetProduct { product, price_list }).await?;
    let offer = detail.offers.iter().find(|offer| offer.competitor.eq_ignore_ascii_case(competitor.trim()));
    let listing = offer.with_context(|| format!("“{competitor}” has no page of this product"))?.listing;
    let evidence = host.call(GetEvidence { listing, at: None }).await?;
    output::answer(json, &evidence, |evidence| {
        println!("{} ({}, {} confidence)", evidence.price, evidence.method, evidence.confidence);
        println!("  seen {} times from {} to {}", evidence.times_seen, evidence.first_seen, evidence.last_seen);
        evidence.flags.iter().for_each(|flag| println!("  {}", flag.words()));
        println!("  {}", evidence.url.as_deref().unwrap_or("from a file"));
        println!("  {}", evidence.fragment);
        if let Some(digest) = &evidence.sha256 {
            println!("  sha256 {digest}");
        }
    });
    if let Some(target) = page {
        let file = host.call(GetEvidencePage { listing, at: None }).await?;
        files::fetch(host, &file, &target)?;
    }
    Ok(ExitCode::SUCCESS)
}
