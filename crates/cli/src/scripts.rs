//! Plain files and files of rules: what needs no workspace.

use std::path::Path;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use app_commands::{
    Host, PlainFiles, PlainReport, RuleLine, compare_rule_sets, lint_rules, price_files, read_rules, test_rules,
};
use app_contract::LintRules;
use pricing_domain::{Instant, PriceListId, RuleSet};

use crate::arguments::{CatalogueWords, PriceWords, RulesTask};
use crate::output;
use crate::rule_versions::version_of;

/// Done, but rows were refused.
const PARTLY: u8 = 3;
/// Refused rows that are shown in words.
const SHOWN: usize = 20;

/// Whether a task looks at the rules in force, or at the catalogue of a workspace that is named.
pub fn needs_workspace(task: &RulesTask, is_named: bool) -> bool {
    match task {
        RulesTask::Diff { file, other: Some(other) } => [file, other].iter().any(|word| version_of(word).is_some()),
        RulesTask::Diff { other: None, .. }
        | RulesTask::Versions
        | RulesTask::Show { .. }
        | RulesTask::Backtest { .. }
        | RulesTask::Draft { .. }
        | RulesTask::Schedule { .. }
        | RulesTask::Remove { .. } => true,
        RulesTask::Lint { catalogue, .. } => is_named && catalogue.products.is_none(),
        _ => false,
    }
}

fn clock() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

fn files(words: &CatalogueWords) -> Option<PlainFiles<'_>> {
    Some(PlainFiles {
        products: words.products.as_deref()?,
        offers: words.offers.as_deref(),
        decimal_separator: words.decimal,
        at: words.at,
        clock: clock(),
    })
}

/// Prices plain files.
pub fn price(words: &PriceWords, json: bool) -> Result<ExitCode> {
    let rules = words.rules.as_deref().context("name the rules with --rules FILE")?;
    let files = files(&words.catalogue).context("name the products with --products FILE")?;
    let out = words.out.as_deref().context("name the result with --out FILE")?;
    let report = price_files(&read_rules(rules)?, &files, out, words.all)?;
    output::answer(json, &report, |report| print_report(report, out));
    Ok(if report.refused > 0 { ExitCode::from(PARTLY) } else { ExitCode::SUCCESS })
}

fn print_report(report: &PlainReport, out: &Path) {
    println!(
        "{} products and {} offers as of {}: {} raised, {} lowered, {} unchanged; {}",
        report.products,
        report.offers,
        report.at,
        report.raised,
        report.lowered,
        report.unchanged,
        out.display()
    );
    for (reason, count) in &report.exceptions {
        println!("  {count:>7} need you: {reason}");
    }
    report.problems.iter().take(SHOWN).for_each(|problem| println!("  {problem}"));
    if report.refused > SHOWN as u64 {
        println!("  … {} rows refused in all (the first thousand with --json)", report.refused);
    }
}

/// Checks, tests, compares or lints a file of rules.
pub fn rules(task: &RulesTask, json: bool) -> Result<ExitCode> {
    match task {
        RulesTask::Check { file } => {
            let rules = read_rules(file)?;
            output::answer(json, &rules, |rules| {
                println!(
                    "“{}” can be used: {} rules, {} tests.",
                    rules.name,
                    rules.flat_rules().len(),
                    rules.tests.len()
                );
            });
            Ok(ExitCode::SUCCESS)
        }
        RulesTask::Test { file, catalogue } => {
            let results = test_rules(&read_rules(file)?, files(catalogue).as_ref(), clock())?;
            let failed = results.iter().filter(|result| !result.passed).count();
            output::answer(json, &results, |results| {
                for result in results {
                    let mark = if result.passed { "ok    " } else { "FAILED" };
                    println!(
                        "{mark} {}: gives {}, expected {}",
                        result.name,
                        or_nothing(&result.gave),
                        result.expected
                    );
                    if !result.passed {
                        println!("       {}", result.words);
                    }
                }
                println!("{} tests, {failed} failed", results.len());
            });
            Ok(if failed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
        }
        RulesTask::Diff { file, other: Some(other) } => {
            print_difference(&read_rules(file)?, &read_rules(other)?, json);
            Ok(ExitCode::SUCCESS)
        }
        RulesTask::Diff { other: None, .. }
        | RulesTask::Versions
        | RulesTask::Show { .. }
        | RulesTask::Backtest { .. }
        | RulesTask::Draft { .. }
        | RulesTask::Schedule { .. }
        | RulesTask::Remove { .. } => unreachable!("done with a workspace"),
        RulesTask::Lint { file, catalogue } => {
            let lints = lint_rules(&read_rules(file)?, files(catalogue).as_ref())?;
            output::answer(json, &lints, |lints| {
                for one in lints {
                    println!("{}: {}", one.name, one.message);
                    if !one.skus.is_empty() {
                        println!("  such as {}", one.skus.join(", "));
                    }
                }
                let over = if catalogue.products.is_some() {
                    ""
                } else {
                    ", without a catalogue: name one with --products or --workspace"
                };
                println!("{} doubts{over}", lints.len());
            });
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Says what is doubtful about a file of rules over the catalogue of a workspace.
pub async fn lint_over_workspace(host: &Host, file: &Path, price_list: PriceListId, json: bool) -> Result<()> {
    let rule_set = read_rules(file)?;
    let remarks = host.call(LintRules { rule_set: rule_set.clone(), price_list }).await?;
    output::answer(json, &remarks, |remarks| {
        for remark in remarks {
            let name = remark.rule.and_then(|rule| rule_set.rule_name(u16::try_from(rule).ok()?));
            let name = name.unwrap_or_else(|| "All rules".to_owned());
            println!("{name}: {}", remark.text);
        }
        println!("{} doubts, over the catalogue of the workspace", remarks.len());
    });
    Ok(())
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "nothing" } else { text }
}

/// Says what becomes of one rule set in another.
pub fn print_difference(before: &RuleSet, after: &RuleSet, json: bool) {
    let lines = compare_rule_sets(before, after);
    output::answer(json, &lines, |lines| {
        if lines.iter().all(|line| matches!(line, RuleLine::Same(_))) {
            return println!("They say the same.");
        }
        for line in lines {
            match line {
                RuleLine::Same(text) => println!("  {text}"),
                RuleLine::Removed(text) => println!("- {text}"),
                RuleLine::Added(text) => println!("+ {text}"),
            }
        }
    });
}
