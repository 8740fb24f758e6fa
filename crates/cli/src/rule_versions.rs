//! Versions of the rules from the terminal: listed, compared, kept as drafts, scheduled, removed.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use app_commands::Host;
use app_contract::{
    GetRuleSet, GetRuleSetVersion, ListRuleSets, RemoveRuleSet, RuleSetVersionView, SaveRuleDraft, ScheduleRuleSet,
};
use pricing_domain::RuleSet;

use crate::arguments::RulesTask;
use crate::{output, scripts};

/// Does what the words ask for.
pub async fn run(host: &Host, task: RulesTask, json: bool) -> Result<ExitCode> {
    let versions = match task {
        RulesTask::Versions => host.call(ListRuleSets {}).await?,
        RulesTask::Draft { file } => host.call(SaveRuleDraft { rule_set: app_commands::read_rules(&file)? }).await?,
        RulesTask::Schedule { file, from } => {
            host.call(ScheduleRuleSet { rule_set: app_commands::read_rules(&file)?, from }).await?
        }
        RulesTask::Remove { version } => host.call(RemoveRuleSet { version }).await?,
        RulesTask::Show { version } => {
            let rules = host.call(GetRuleSetVersion { version }).await?;
            output::answer(json, &rules, |rules| print!("{}", app_commands::rule_set_text(rules)));
            return Ok(ExitCode::SUCCESS);
        }
        RulesTask::Diff { file, other } => {
            let (before, after) = match other {
                Some(other) => (named(host, &file).await?, named(host, &other).await?),
                None => (host.call(GetRuleSet {}).await?, named(host, &file).await?),
            };
            scripts::print_difference(&before, &after, json);
            return Ok(ExitCode::SUCCESS);
        }
        _ => unreachable!("done without a workspace"),
    };
    output::answer(json, &versions, |versions| versions.iter().for_each(line));
    Ok(ExitCode::SUCCESS)
}

/// The rules of a file or, by its number, of a version.
async fn named(host: &Host, word: &Path) -> Result<RuleSet> {
    match version_of(word) {
        Some(version) => Ok(host.call(GetRuleSetVersion { version }).await?),
        None => Ok(app_commands::read_rules(word)?),
    }
}

/// The version that a word names; a file of that name goes before.
pub fn version_of(word: &Path) -> Option<i64> {
    if word.exists() { None } else { word.to_str()?.parse().ok() }
}

fn line(version: &RuleSetVersionView) {
    let from = version.in_force_from.map(|from| format!(" from {from}")).unwrap_or_default();
    println!(
        "{:>4}  {}{from}  {}  {} rules, {} by {}",
        version.version, version.state, version.name, version.rules, version.created_at, version.created_by
    );
}
