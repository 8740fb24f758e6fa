//! Every file in `tests/cases` is read and compared with the answer beside it, so that adding a case is adding a file.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use catalog_files::{Problems, ReadOptions, open_detected};
use pricing_domain::{BasisPoints, Currency, FileKind};
use serde_json::{Value, json};

/// Reads a file in small batches: its facts, its rows, and what was refused. What the answer does not state as `kind`
/// is found by the file itself.
fn read(path: &Path, expected: &Value) -> Value {
    let text = |name: &str| expected[name].as_str();
    let kind: Option<FileKind> = text("kind").map(|kind| kind.parse().expect("a known kind"));
    let options = ReadOptions {
        decimal_separator: text("decimal_separator").and_then(|sign| sign.chars().next()),
        currency: text("currency").map(|code| Currency::new(code).expect("a currency")),
        vat_rate: expected["vat_rate"]
            .as_i64()
            .map(|percent| BasisPoints(i32::try_from(percent).expect("a rate") * 100)),
        vat_classes: expected["vat_classes"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(class, percent)| {
                let percent = i32::try_from(percent.as_i64().expect("a rate")).expect("a rate");
                (class.clone(), BasisPoints(percent * 100))
            })
            .collect(),
        observed_at: text("observed_at").map(|moment| moment.parse().expect("a moment")),
        date_order: text("date_order").map(|order| order.parse().expect("an order")),
        mapping: pairs(&expected["mapping"]),
        partial: text("partial").map(|code| Currency::new(code).expect("a currency")),
        ..ReadOptions::default()
    };
    let source = Box::new(Cursor::new(fs::read(path).expect("the case")));
    let mut reader = match open_detected(kind, &path.to_string_lossy(), source, options) {
        Ok(reader) => reader,
        Err(problem) => return json!({ "refused": problem }),
    };
    let kind = reader.facts().kind;
    let mut problems = Problems::default();
    let mut rows = Vec::new();
    while let Some(batch) = reader.next_batch(3, &mut problems) {
        let batch = serde_json::to_value(batch).expect("rows are plain values");
        rows.extend(batch[kind.as_str()].as_array().expect("a list").clone());
    }
    let facts = reader.facts();
    assert_eq!(facts.rows_read, rows.len() as u64 + facts.rows_refused, "{path:?}: every row is read or refused");
    assert_eq!(problems.total, facts.rows_refused, "{path:?}: one report for each refused row");
    json!({
        "facts": {
            "kind": facts.kind,
            "format": facts.format,
            "left_out": facts.rows_left_out,
            "encoding": facts.encoding,
            "delimiter": facts.delimiter,
            "decimal_separator": facts.decimal_separator,
            "columns": facts.columns,
            "ignored_columns": facts.ignored_columns,
        },
        "rows": rows,
        "problems": problems.kept,
        "notes": problems.notes,
    })
}

/// In the order of their names: whether an object keeps that of its text depends on how `serde_json` was built.
fn pairs(mapping: &Value) -> Vec<(String, String)> {
    let pairs = mapping.as_object().into_iter().flatten();
    let pairs = pairs.map(|(own, theirs)| (own.clone(), theirs.as_str().expect("a column").to_owned()));
    pairs.collect::<BTreeMap<String, String>>().into_iter().collect()
}

/// Says where `found` differs from what is expected; values that are not named do not matter.
fn differences(expected: &Value, found: &Value, place: &str) -> Vec<String> {
    match (expected, found) {
        (Value::Object(wanted), Value::Object(have)) => wanted
            .iter()
            .flat_map(|(name, wanted)| {
                let inner = format!("{place}.{name}");
                match (name.as_str(), wanted, have.get(name)) {
                    ("reason", Value::String(part), Some(Value::String(whole))) if whole.contains(part) => Vec::new(),
                    (_, wanted, have) => differences(wanted, have.unwrap_or(&Value::Null), &inner),
                }
            })
            .collect(),
        (Value::Array(wanted), Value::Array(have)) if wanted.len() == have.len() => {
            (wanted.iter().zip(have).enumerate())
                .flat_map(|(index, (wanted, have))| differences(wanted, have, &format!("{place}[{index}]")))
                .collect()
        }
        _ if expected == found => Vec::new(),
        _ => vec![format!("{place}: expected {expected}, found {found}")],
    }
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new("tests/cases");
    let entries = fs::read_dir(folder).expect("the cases").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|name| name != "json")).collect();
    files.sort();
    files
}

#[test]
fn every_case_reads_as_expected() {
    let files = cases();
    assert!(files.len() > 20, "only {} cases were found", files.len());
    let mut wrong = Vec::new();
    for path in files {
        let answer = fs::read_to_string(path.with_extension("json")).expect("the answer beside the case");
        let mut expected: Value = serde_json::from_str(&answer).expect("JSON");
        let found = read(&path, &expected);
        const SETTINGS: [&str; 9] = [
            "kind",
            "decimal_separator",
            "date_order",
            "currency",
            "vat_rate",
            "vat_classes",
            "observed_at",
            "mapping",
            "partial",
        ];
        for setting in SETTINGS {
            expected.as_object_mut().expect("an object").remove(setting);
        }
        wrong.extend(differences(&expected, &found, &path.file_name().expect("a name").to_string_lossy()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fifty_faults_give_fifty_reports_with_their_remedies() {
    let path = Path::new("tests/cases/fifty-faults.csv");
    let found = read(path, &json!({ "kind": "products" }));
    let listed = |name: &str| found[name].as_array().expect("a list").clone();
    // An article code that cannot be read, or half an item, costs its cell; anything else its row.
    let (problems, notes) = (listed("problems"), listed("notes"));
    assert_eq!((problems.len(), notes.len()), (44, 6));
    for problem in problems.iter().chain(&notes) {
        assert!(problem["reason"].as_str().is_some_and(|reason| reason.len() > 20), "{problem}");
        assert!(problem["column"].as_str().is_some_and(|column| !column.is_empty()), "{problem}");
    }
}
