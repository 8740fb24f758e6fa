//! The engine as a tool for scripts: plain files in, plain files out, no workspace.

mod catalogue;
mod differences;
mod results;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use pricing_domain::{Instant, Problem, RuleSet};
use pricing_rules::{
    CompiledRules, Lint, LintLimits, RuleTestResult, lint, lint_alone, parse_rule_set, price_all, problems_of,
    run_rule_tests,
};
use serde::{Deserialize, Serialize};

use crate::OperationError;
use catalogue::{Catalogue, read_catalogues};
use results::ResultRow;

pub use differences::{RuleLine, compare_rule_sets};

/// Problems a report lists; all are counted.
const LISTED_PROBLEMS: usize = 1_000;

/// The files of a catalogue.
#[derive(Clone, Copy, Debug)]
pub struct PlainFiles<'a> {
    /// Products with prices.
    pub products: &'a Path,
    /// What competitors charge.
    pub offers: Option<&'a Path>,
    /// `.` or `,` where a file leaves both readings open.
    pub decimal_separator: Option<char>,
    /// When; `None`: when the newest offer was observed, without offers the second value.
    pub at: Option<Instant>,
    /// The time of the clock.
    pub clock: Instant,
}

/// What pricing plain files gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlainReport {
    /// Products priced.
    pub products: u64,
    /// Offers read for them.
    pub offers: u64,
    /// New prices above today's.
    pub raised: u64,
    /// New prices below today's.
    pub lowered: u64,
    /// Prices that stay.
    pub unchanged: u64,
    /// Products that need a person, by reason.
    pub exceptions: Vec<(String, u64)>,
    /// Rows of the files that were refused.
    pub refused: u64,
    /// The first of them, with line, column and reason.
    pub problems: Vec<Problem>,
    /// When it was priced.
    pub at: Instant,
}

/// Reads a file of rules, text or JSON, and checks it.
///
/// Errors: every line that is not understood, or everything that makes the rule set unusable.
pub fn read_rules(path: &Path) -> Result<RuleSet, OperationError> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| OperationError::refused(format!("{name} cannot be read: {error}")))?;
    let refuse = |problems: Vec<String>| OperationError::refused(format!("{name}:\n  {}", problems.join("\n  ")));
    let set = parse_rule_set(&text).map_err(|problems| refuse(problems.iter().map(ToString::to_string).collect()))?;
    let problems = problems_of(&set);
    if problems.is_empty() { Ok(set) } else { Err(refuse(problems.iter().map(ToString::to_string).collect())) }
}

/// Prices plain files and writes what changes or needs a person to `out`: the columns of price changes, a new price
/// only where nobody has to be asked. With `all` also what stays.
///
/// Errors: rules or a whole file refused. Single refused rows are in the report.
pub fn price_files(
    rules: &RuleSet,
    files: &PlainFiles<'_>,
    out: &Path,
    all: bool,
) -> Result<PlainReport, OperationError> {
    let is_out = |path: &Path| path.canonicalize().is_ok_and(|path| out.canonicalize().is_ok_and(|out| out == path));
    if let Some(input) = [Some(files.products), files.offers].into_iter().flatten().find(|path| is_out(path)) {
        let input = input.display();
        return Err(OperationError::refused(format!(
            "{input} is read and would be overwritten; write to another file."
        )));
    }
    let read = read_catalogues(files)?;
    let mut report = PlainReport {
        products: 0,
        offers: read.offers,
        raised: 0,
        lowered: 0,
        unchanged: 0,
        exceptions: Vec::new(),
        refused: read.refused,
        problems: read.problems,
        at: read.at,
    };
    report.problems.truncate(LISTED_PROBLEMS);
    let mut rows: Vec<ResultRow> = Vec::new();
    for catalogue in &read.catalogues {
        price_catalogue(rules, catalogue, all, &mut report, &mut rows)?;
    }
    rows.sort_by_key(|row| row.line);
    results::write(&rows, report.at, out)?;
    Ok(report)
}

fn price_catalogue(
    rules: &RuleSet,
    catalogue: &Catalogue,
    all: bool,
    report: &mut PlainReport,
    rows: &mut Vec<ResultRow>,
) -> Result<(), OperationError> {
    let compiled = CompiledRules::compile(rules, &catalogue.snapshot)
        .map_err(|problems| OperationError::refused(problems[0].to_string()))?;
    let run = price_all(&compiled, &catalogue.snapshot, 0, report.at, &AtomicBool::new(false), &|_| ())
        .ok_or_else(OperationError::cancelled)?;
    report.products += run.counts.products;
    report.raised += run.counts.raised;
    report.lowered += run.counts.lowered;
    report.unchanged += run.counts.unchanged;
    for reason in pricing_domain::ExceptionReason::ALL {
        let count = run.counts.exceptions_of(*reason);
        match report.exceptions.iter_mut().find(|(name, _)| name == reason.as_str()) {
            Some((_, sum)) => *sum += count,
            None if count > 0 => report.exceptions.push((reason.as_str().to_owned(), count)),
            None => {}
        }
    }
    rows.extend(results::rows(&compiled, catalogue, &run, report.at, all)?);
    Ok(())
}

/// Runs the tests of a rule set, over the products of plain files where there are some.
///
/// Errors: rules or a whole file refused.
pub fn test_rules(
    rules: &RuleSet,
    files: Option<&PlainFiles<'_>>,
    clock: Instant,
) -> Result<Vec<RuleTestResult>, OperationError> {
    let (catalogue, now) = match files {
        Some(files) => {
            let mut read = read_catalogues(files)?;
            let first = if read.catalogues.is_empty() { None } else { Some(read.catalogues.swap_remove(0)) };
            (first.unwrap_or_else(|| Catalogue::empty(clock)), read.at)
        }
        None => (Catalogue::empty(clock), clock),
    };
    run_rule_tests(rules, &catalogue.snapshot, now).map_err(|problems| OperationError::refused(problems[0].to_string()))
}

/// Everything doubtful about a rule set: by itself, or over the products of plain files.
///
/// Errors: rules or a whole file refused.
pub fn lint_rules(rules: &RuleSet, files: Option<&PlainFiles<'_>>) -> Result<Vec<Lint>, OperationError> {
    let Some(files) = files else { return Ok(lint_alone(rules)) };
    let read = read_catalogues(files)?;
    let mut lints = Vec::new();
    for catalogue in &read.catalogues {
        let found = lint(rules, &catalogue.snapshot, 0, read.at, LintLimits::default(), &AtomicBool::new(false));
        let found = found.map_err(|problems| OperationError::refused(problems[0].to_string()))?;
        lints.extend(found.unwrap_or_default());
    }
    Ok(lints)
}
