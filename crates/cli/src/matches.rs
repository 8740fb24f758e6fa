//! Matches from the terminal: finding, listing, deciding.

use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use app_commands::Host;
use app_contract::{
    DecideMatches, DecisionReport, ListMatches, MatchDecision, MatchFilter, MatchPage, MatchRow, MatchSearch,
    MatchSelection, MatchingReport, StartMatching,
};
use clap::{Args, Subcommand};
use pricing_domain::{MatchState, MatchVerdict, PackCoefficient};

use crate::output;
use crate::run::end;

/// What can be done about matches.
#[derive(Subcommand)]
pub enum MatchTask {
    /// Lists a shop's pages by its sitemap, or asks its search, reads new ones politely and compares them with the
    /// catalogue.
    Find {
        /// The competitor's name; a new name makes a new competitor.
        #[arg(long)]
        competitor: String,
        /// The shop's address, that of a sitemap, or that of its search (https://shop.example/search?q={query}), which is
        /// asked for each product without a page there; without it pages found before are compared once more.
        #[arg(long, default_value = "")]
        site: String,
        /// Only pages whose address has this in it.
        #[arg(long, default_value = "")]
        containing: String,
        /// At most so many pages are read, and as many searches made.
        #[arg(long, default_value_t = 2_000)]
        most: u32,
        /// Also visit this origin on your own machine or network (http://127.0.0.1:8080).
        #[arg(long, value_name = "ORIGIN")]
        allow_origin: Vec<String>,
    },
    /// Lists pairs of a page and a product, the surest first.
    List(MatchWords),
    /// Accepts open pairs: the same product.
    Accept(MatchWords),
    /// Accepts open pairs as equivalent: not the same, but customers choose between them.
    Equivalent(MatchWords),
    /// Rejects open pairs; they never return.
    Reject(MatchWords),
    /// Never asks about the pages of open pairs again.
    Never(MatchWords),
}

/// Which pairs.
#[derive(Args)]
pub struct MatchWords {
    /// certain, review or contradicted.
    #[arg(long)]
    pub verdict: Option<MatchVerdict>,
    /// open, accepted, equivalent or rejected; decisions are about open ones.
    #[arg(long, default_value = "open")]
    pub state: MatchState,
    /// From this score on, of 1,000.
    #[arg(long, value_name = "SCORE")]
    pub above: Option<u16>,
    /// Words that must all occur in title, address, SKU or name.
    #[arg(long, default_value = "")]
    pub search: String,
    /// Only this product.
    #[arg(long)]
    pub sku: Option<String>,
    /// Only this page.
    #[arg(long)]
    pub url: Option<String>,
    /// How many of ours one of theirs is, where the texts say it wrongly: 6, 1/2 or 0.5. Only for one product or page.
    #[arg(long, value_name = "NUMBER")]
    pub pack: Option<String>,
    /// How many are listed.
    #[arg(long, default_value_t = 100)]
    pub limit: u32,
}

/// Does what the words ask for.
pub async fn run(host: &Host, task: MatchTask, json: bool) -> Result<ExitCode> {
    let (words, decision) = match task {
        MatchTask::Find { competitor, site, containing, most, allow_origin } => {
            for origin in allow_origin {
                host.allow_private_origin(&origin).await?;
            }
            let search = MatchSearch { competitor, site, containing, most_pages: most };
            let job = host.call(StartMatching { search }).await?;
            return end(host, job, json).await;
        }
        MatchTask::List(words) => {
            let page = host.call(ListMatches { filter: filter(&words), offset: 0, limit: words.limit }).await?;
            output::answer(json, &page, list);
            return Ok(ExitCode::SUCCESS);
        }
        MatchTask::Accept(words) => (words, MatchDecision::Accept),
        MatchTask::Equivalent(words) => (words, MatchDecision::Equivalent),
        MatchTask::Reject(words) => (words, MatchDecision::Reject),
        MatchTask::Never(words) => (words, MatchDecision::Never),
    };
    let accepts = matches!(decision, MatchDecision::Accept | MatchDecision::Equivalent);
    ensure!(accepts || words.pack.is_none(), "--pack belongs to accept and equivalent");
    let narrowed = words.verdict.is_some() || words.above.is_some() || !words.search.is_empty();
    ensure!(
        narrowed || words.sku.is_some() || words.url.is_some(),
        "say which matches: --verdict certain, --above 950, --search WORDS, --sku SKU or --url URL"
    );
    let report = decide(host, &words, decision).await?;
    output::answer(json, &report, |report| {
        println!("{} decided", report.decided);
        if report.skipped > 0 {
            println!("{} left as they were: {}", report.skipped, report.skipped_reason);
        }
    });
    Ok(ExitCode::SUCCESS)
}

async fn decide(host: &Host, words: &MatchWords, decision: MatchDecision) -> Result<DecisionReport> {
    let open = MatchFilter { state: Some(MatchState::Open), ..filter(words) };
    let pack = words.pack.as_deref().map(|text| {
        ensure!(words.sku.is_some() || words.url.is_some(), "--pack is about one match: name it by --sku or --url");
        PackCoefficient::parse(text)
            .with_context(|| format!("“{text}” is no number of packs; write 6, 1/2, 0.5 or 6 * 0.5"))
    });
    let pack = pack.transpose()?;
    let selection = if words.sku.is_some() || words.url.is_some() {
        let page = host.call(ListMatches { filter: open, offset: 0, limit: 500 }).await?;
        // A page that is named is looked at by who names it; a product may have contradicted pages beside the right one.
        let accepts = matches!(decision, MatchDecision::Accept | MatchDecision::Equivalent);
        let is_safe = |row: &MatchRow| {
            !accepts
                || words.url.is_some()
                || words.verdict == Some(MatchVerdict::Contradicted)
                || row.verdict != MatchVerdict::Contradicted
        };
        let named = page.rows.iter().filter(|row| is_named(row, words) && is_safe(row));
        MatchSelection::Pairs(named.map(|row| (row.page, row.product)).collect())
    } else {
        MatchSelection::Filter(open)
    };
    Ok(host.call(DecideMatches { selection, decision, pack }).await?)
}

fn is_named(row: &MatchRow, words: &MatchWords) -> bool {
    words.sku.as_ref().is_none_or(|sku| row.ours.sku.as_ref() == Some(sku))
        && words.url.as_ref().is_none_or(|url| row.url == *url)
}

/// A SKU or an address narrows like words do, so that a long list need not be read whole.
fn filter(words: &MatchWords) -> MatchFilter {
    let search = [Some(&words.search), words.sku.as_ref(), words.url.as_ref()];
    let search = search.into_iter().flatten().filter(|words| !words.is_empty()).cloned().collect::<Vec<_>>();
    MatchFilter {
        state: Some(words.state),
        verdict: words.verdict,
        competitor: None,
        least_score: words.above,
        search: search.join(" "),
    }
}

fn list(page: &MatchPage) {
    for row in &page.rows {
        let sku = row.ours.sku.as_deref().unwrap_or_default();
        println!("{:>4} {:<12} {sku:<16} {}", row.score, row.verdict, row.ours.title);
        println!("{:18}{} · {}", "", row.theirs.title, row.url);
        let words = if row.conflicts.is_empty() { &row.reasons } else { &row.conflicts };
        println!("{:18}{}", "", words.join("; "));
    }
    let counts = page.counts;
    println!(
        "{} shown of {}; open: {} certain, {} to review, {} contradicted, {} pages without a candidate; decided: {} \
         accepted, {} rejected",
        page.rows.len(),
        page.matching,
        counts.certain,
        counts.review,
        counts.contradicted,
        counts.pages_without,
        counts.accepted,
        counts.rejected
    );
}

/// What a search brought.
pub fn report(report: &MatchingReport) {
    if report.searched > 0 {
        println!("{} products searched for", report.searched);
    }
    println!("{} pages listed, {} of them known, {} read now", report.listed, report.known, report.read);
    if report.collected > 0 {
        println!("{} pages that were collected looked through for further products", report.collected);
    }
    println!(
        "{} product pages; {} compared: {} certain, {} to review, {} contradicted, {} without a candidate",
        report.products, report.compared, report.certain, report.review, report.contradicted, report.without
    );
}
