//! Versions of the rules from the terminal: listed, compared, kept as drafts, scheduled, removed.

use std::process::ExitCode;

use anyhow::Result;
use app_commands::Host;
use app_contract::{GetRuleSet, ListRuleSets, RemoveRuleSet, RuleSetVersionView, SaveRuleDraft, ScheduleRuleSet};

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
        task => return scripts::diff_with_rules_in_force(&task, &host.call(GetRuleSet {}).await?, json),
    };
    output::answer(json, &versions, |versions| versions.iter().for_each(line));
    Ok(ExitCode::SUCCESS)
}

fn line(version: &RuleSetVersionView) {
    let from = version.in_force_from.map(|from| format!(" from {from}")).unwrap_or_default();
    println!(
        "{:>4}  {}{from}  {}  {} rules, {} by {}",
        version.version, version.state, version.name, version.rules, version.created_at, version.created_by
    );
}
