//! Which proposals are meant, policies, snoozing and comments from the terminal.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use app_commands::Host;
use app_contract::{
    ApplyApprovalPolicy, CommentProposal, CommentView, GetApprovalPolicy, ListComments, PolicyPreview,
    PreviewApprovalPolicy, PriceListView, SaveApprovalPolicy, SnoozeProposals, Status,
};
use clap::{Args, Subcommand};
use pricing_domain::{ApprovalPolicy, CivilDate, ExceptionReason, Instant};

use crate::output;
use crate::run::{proposal_of, selection};

/// Which proposals to list.
#[derive(Args)]
pub struct ProposalWords {
    /// Only those that need a person.
    #[arg(long)]
    pub exceptions: bool,
    /// Only prices that cross a limit that only warns.
    #[arg(long)]
    pub warned: bool,
    /// Only those of this price list, by its code.
    #[arg(long)]
    pub list: Option<String>,
    /// Only exceptions for this reason: no_cost, large_change, bounds_conflict, left_behind, …
    #[arg(long, value_name = "REASON")]
    pub because: Option<ExceptionReason>,
    /// Words that must all occur in SKU or name.
    #[arg(long, default_value = "")]
    pub search: String,
    /// How many.
    #[arg(long, default_value_t = 20)]
    pub limit: u32,
}

/// Which proposals to decide.
#[derive(Args)]
pub struct DecisionWords {
    /// Article numbers.
    #[arg(required_unless_present_any = ["all", "changes", "because"])]
    pub skus: Vec<String>,
    /// All that wait, exceptions too.
    #[arg(long, conflicts_with_all = ["skus", "changes"])]
    pub all: bool,
    /// All ordinary changes that wait; exceptions stay.
    #[arg(long, conflicts_with = "skus")]
    pub changes: bool,
    /// All exceptions for this reason that wait: no_cost, large_change, bounds_conflict, left_behind, …
    #[arg(long, value_name = "REASON", conflicts_with_all = ["skus", "all", "changes"])]
    pub because: Option<ExceptionReason>,
    /// Only those of this price list, by its code; without it those of all lists.
    #[arg(long)]
    pub list: Option<String>,
    /// Why, for the audit.
    #[arg(long, default_value = "")]
    pub reason: String,
}

/// What can be done with an approval policy.
#[derive(Subcommand)]
pub enum PolicyTask {
    /// Says what it would approve of what waits.
    Try {
        /// As JSON; without it the policy in force.
        file: Option<PathBuf>,
    },
    /// Puts it in force.
    Set {
        /// As JSON.
        file: PathBuf,
    },
    /// Approves what waits and the policy in force approves.
    Apply,
}

/// Lets proposals wait until a day, or wakes them.
pub async fn snooze(
    host: &Host,
    status: &Status,
    words: DecisionWords,
    until: Option<CivilDate>,
    json: bool,
) -> Result<()> {
    let reason = words.reason.clone();
    let selection = selection(host, status, words, None).await?;
    let report = host.call(SnoozeProposals { selection, until: until.map(Instant::at_utc_midnight), reason }).await?;
    output::answer(json, &report, |report| match until {
        Some(until) => println!("{} wait until {until}", report.decided),
        None => println!("{} woken", report.decided),
    });
    Ok(())
}

/// Shows comments, or adds one.
pub async fn comment(host: &Host, list: &PriceListView, sku: &str, text: Option<String>, json: bool) -> Result<()> {
    let proposal = proposal_of(host, list, sku).await?;
    let comments = match text {
        Some(text) => host.call(CommentProposal { proposal, text }).await?,
        None => host.call(ListComments { proposal }).await?,
    };
    let line = |one: &CommentView| println!("  {} {}: {}", one.at, one.actor, one.text);
    output::answer(json, &comments, |comments| comments.iter().for_each(line));
    Ok(())
}

/// Shows, tries, changes or applies the approval policy.
pub async fn policy(host: &Host, task: Option<PolicyTask>, json: bool) -> Result<()> {
    match task {
        None => println!("{}", serde_json::to_string_pretty(&host.call(GetApprovalPolicy {}).await?)?),
        Some(PolicyTask::Try { file }) => {
            let policy = match file {
                Some(file) => read(&file)?,
                None => host.call(GetApprovalPolicy {}).await?,
            };
            let preview = host.call(PreviewApprovalPolicy { policy: policy.clone() }).await?;
            output::answer(json, &preview, |preview| words(&policy, preview));
        }
        Some(PolicyTask::Set { file }) => {
            let policy = host.call(SaveApprovalPolicy { policy: read(&file)? }).await?;
            output::answer(json, &policy, |policy| {
                println!(
                    "The policy of {} lines is {}.",
                    policy.lines.len(),
                    if policy.enabled { "on" } else { "off" }
                );
            });
        }
        Some(PolicyTask::Apply) => {
            let report = host.call(ApplyApprovalPolicy {}).await?;
            output::answer(json, &report, |report| println!("{} approved, {} wait", report.decided, report.skipped));
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<ApprovalPolicy> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let policy = serde_json::from_str(&text).with_context(|| format!("{} is no approval policy", file.display()))?;
    refuse_unknown_keys(file, &text, &policy)?;
    Ok(policy)
}

/// Refuses a file with keys that nothing reads: a limit behind a mistyped key would not hold.
pub fn refuse_unknown_keys<T: serde::Serialize>(file: &Path, text: &str, read: &T) -> Result<()> {
    let unknown = pricing_domain::unknown_keys(text, read);
    let words: Vec<String> =
        unknown.iter().map(|(line, key)| format!("line {line}: nothing is called “{key}” here")).collect();
    anyhow::ensure!(words.is_empty(), "{}: {}", file.display(), words.join("; "));
    Ok(())
}

fn words(policy: &ApprovalPolicy, preview: &PolicyPreview) {
    preview.problems.iter().for_each(|problem| println!("{problem}"));
    for (line, count) in policy.lines.iter().zip(&preview.lines) {
        println!("{count:>8}  {}", line.name);
    }
    if preview.problems.is_empty() {
        println!("{:>8}  changes wait for a person, and {} exceptions", preview.left, preview.exceptions);
    }
}
