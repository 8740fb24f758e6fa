//! `omnipricex roles`: the roles of products.

use std::process::ExitCode;

use anyhow::{Result, ensure};
use app_commands::Host;
use app_contract::{ApplyRoleSuggestions, RoleReport, RoleSelection, RoleSuggestions, SetRoles, Status, SuggestRoles};
use clap::Subcommand;
use pricing_domain::Role;

use crate::output;
use crate::run::{PARTLY, named_list};

/// What to do with roles.
#[derive(Subcommand)]
pub enum RolesTask {
    /// Gives products a role, in one step that can be undone.
    Set {
        /// kvi, traffic, profit or tail; none takes it away.
        #[arg(long, value_parser = role)]
        role: RoleWord,
        /// Article numbers.
        #[arg(required = true)]
        skus: Vec<String>,
    },
    /// Shows which roles the sales of 28 days and the competition suggest; writes nothing without --apply.
    Suggest {
        /// Gives every product its suggested role, in one step that can be undone.
        #[arg(long)]
        apply: bool,
        /// Only products without a role.
        #[arg(long)]
        only_without: bool,
        /// Code of the price list whose sales and prices count; without it the default one.
        #[arg(long)]
        list: Option<String>,
        /// How many products to show.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
}

/// A role, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleWord(Option<Role>);

fn role(text: &str) -> Result<RoleWord, String> {
    if text.eq_ignore_ascii_case("none") {
        return Ok(RoleWord(None));
    }
    text.parse().map(|role| RoleWord(Some(role))).map_err(|error: String| format!("{error}, none"))
}

/// Does it.
pub async fn run(host: &Host, status: &Status, task: RolesTask, json: bool) -> Result<ExitCode> {
    match task {
        RolesTask::Set { role, skus } => {
            let report = host.call(SetRoles { selection: RoleSelection::Skus(skus), role: role.0 }).await?;
            ensure!(
                json || report.unknown.is_empty() || report.changed + report.unchanged > 0,
                "no product has the SKU {}",
                report.unknown.join(", ")
            );
            output::answer(json, &report, told);
            Ok(if report.unknown.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(PARTLY) })
        }
        RolesTask::Suggest { apply, only_without, list, limit } => {
            let price_list = named_list(status, list.as_deref())?.id;
            if apply {
                let report = host.call(ApplyRoleSuggestions { price_list, only_without }).await?;
                output::answer(json, &report, told);
            } else {
                let suggestions = host.call(SuggestRoles { price_list, only_without, limit }).await?;
                output::answer(json, &suggestions, in_words);
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn told(report: &RoleReport) {
    println!("{} products have another role now, {} had theirs already", report.changed, report.unchanged);
    if !report.unknown.is_empty() {
        println!("No product has the SKU {}", report.unknown.join(", "));
    }
    if report.change_set.is_some() {
        println!("`omnipricex undo` takes it back");
    }
}

fn name(role: Option<Role>) -> String {
    role.map_or_else(|| "none".to_owned(), |role| role.to_string())
}

fn in_words(suggestions: &RoleSuggestions) {
    println!(
        "{} products judged, {} too new; {} would get another role",
        suggestions.judged, suggestions.too_new, suggestions.changes
    );
    println!("{:<10} {:>10} {:>10}", "role", "now", "suggested");
    for count in &suggestions.counts {
        println!("{:<10} {:>10} {:>10}", name(count.role), count.now, count.suggested);
    }
    for row in &suggestions.rows {
        println!("{:<14} {} → {}  {}", row.sku, name(row.now), row.suggested, row.reason);
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::Role;

    use super::{RoleWord, role};

    #[test]
    fn a_role_or_none_is_read_and_anything_else_named() {
        assert_eq!(role("KVI"), Ok(RoleWord(Some(Role::KeyValue))));
        assert_eq!(role("none"), Ok(RoleWord(None)));
        assert!(role("hero").expect_err("there is no such role").ends_with("tail, none"));
    }
}
