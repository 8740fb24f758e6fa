//! What came out, as a file with the columns of price changes.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use catalog_files::{PRICE_CHANGE_COLUMNS, TableCell, write_table};
use pricing_domain::{Instant, Money, OutputFormat};
use pricing_rules::{CompiledRules, Decision, NONE, PricingRun, inputs_of, price_from_inputs};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use super::catalogue::Catalogue;
use crate::OperationError;

/// One product of the result.
pub(super) struct ResultRow {
    /// Where the product stood in its file.
    pub(super) line: u64,
    sku: String,
    list: String,
    old: Option<Money>,
    /// Only where nobody has to be asked.
    new: Option<Money>,
    currency: String,
    rule: String,
    reason: String,
}

/// The rows of a run.
pub(super) fn rows(
    rules: &CompiledRules,
    catalogue: &Catalogue,
    run: &PricingRun,
    at: Instant,
    all: bool,
) -> Result<Vec<ResultRow>, OperationError> {
    let snapshot = &catalogue.snapshot;
    let names: Vec<String> = rules.rule_set().flat_rules().iter().map(pricing_domain::FlatRule::name).collect();
    // A sentence takes a compiled rule set of its own, so that many exceptions are explained side by side.
    let reasons: Vec<String> = run
        .decisions
        .par_iter()
        .map(|decision| reason(rules, catalogue, decision, at))
        .collect::<Result<_, OperationError>>()?;
    let mut decisions = run.decisions.iter().zip(reasons).peekable();
    let mut rows = Vec::with_capacity(if all { snapshot.row_count() } else { run.decisions.len() });
    for row in 0..snapshot.row_count() {
        let decision = decisions.next_if(|(decision, _)| decision.row as usize == row);
        if decision.is_none() && !all {
            continue;
        }
        let list = &snapshot.lists[0];
        let money = |minor: i64| (minor != NONE).then(|| Money::new(minor, list.currency));
        let old = money(list.price_minor.get(row));
        let (new, rule, reason) = match decision {
            None => (old, String::new(), "unchanged".into()),
            Some((decision, reason)) => {
                let rule = names.get(usize::from(decision.rule)).cloned().unwrap_or_default();
                let new = money(decision.new_minor).filter(|_| decision.reason.is_none());
                (new, rule, reason)
            }
        };
        rows.push(ResultRow {
            line: catalogue.lines[row],
            sku: snapshot.products.sku.get(row).to_owned(),
            list: list.code.clone(),
            old,
            new,
            currency: list.currency.code().to_owned(),
            rule,
            reason,
        });
    }
    Ok(rows)
}

/// A change names its direction; what needs a person says why in a sentence.
fn reason(
    rules: &CompiledRules,
    catalogue: &Catalogue,
    decision: &Decision,
    at: Instant,
) -> Result<String, OperationError> {
    let Some(reason) = decision.reason else {
        return Ok(if decision.new_minor > decision.old_minor { "raised" } else { "lowered" }.into());
    };
    let inputs = inputs_of(rules, &catalogue.snapshot, 0, decision.row as usize, at);
    let (_, way) = price_from_inputs(rules.rule_set(), &inputs)
        .map_err(|problems| OperationError::refused(problems[0].to_string()))?;
    Ok(format!("{reason}: {}", way.summary))
}

/// Writes the file whole: beside its place first, then moved there.
pub(super) fn write(rows: &[ResultRow], at: Instant, out: &Path) -> Result<(), OperationError> {
    let failed = |error: &dyn std::fmt::Display| {
        OperationError::refused(format!("{} cannot be written: {error}", out.display()))
    };
    let extension = out.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let format: OutputFormat = extension
        .parse()
        .map_err(|_| OperationError::refused(format!("{}: end the name in .csv, .xlsx or .json", out.display())))?;
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    let mut writer = BufWriter::new(file.as_file().try_clone().map_err(|error| failed(&error))?);
    write_table(&PRICE_CHANGE_COLUMNS, rows.iter().map(|row| cells(row, at)), format, &mut writer)
        .map_err(|error| failed(&error))?;
    writer.flush().map_err(|error| failed(&error))?;
    drop::<BufWriter<File>>(writer);
    file.persist(out).map_err(|error| failed(&error.error))?;
    Ok(())
}

fn cells(row: &ResultRow, at: Instant) -> Vec<TableCell> {
    let text = |words: &str| TableCell::text(Some(words));
    vec![
        text(&row.sku),
        text(&row.list),
        text("regular"),
        TableCell::number(row.old.map(|old| old.amount_text())),
        TableCell::number(row.new.map(|new| new.amount_text())),
        text(&row.currency),
        TableCell::Text(at.to_string()),
        TableCell::Empty,
        text(&row.rule),
        text(&row.reason),
        TableCell::Empty,
        TableCell::Empty,
        TableCell::Empty,
    ]
}
