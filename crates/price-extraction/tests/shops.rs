//! Pages in the ways of the usual shop systems and of shops with their own, each with its answer in its first line.
//! Adding a case is adding a file to `cases/shops`.

use std::path::Path;

use price_extraction::{PageAnswer, PageInput, SiteHints, extract};
use pricing_domain::Confidence;
use serde_json::Value;

/// The page, the answer it expects, and the answer given.
struct Case {
    name: String,
    expected: Value,
    answer: PageAnswer,
}

fn cases() -> Vec<Case> {
    let folder = Path::new("tests/cases/shops");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the cases").map(|file| file.expect("a file").path()).collect();
    files.sort();
    files.iter().map(|file| case(file)).collect()
}

fn case(file: &Path) -> Case {
    let page = std::fs::read_to_string(file).expect("a page");
    let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
    let first = page.lines().next().unwrap_or("").trim_start_matches("<!--").trim_end_matches("-->");
    let given: Value = serde_json::from_str(first).unwrap_or_else(|error| panic!("{name}: {error}"));
    let url = given["url"].as_str().expect("an address");
    let body = page.as_bytes();
    let hints = SiteHints::default();
    let answer = extract(&PageInput { body, content_type: None, status: Some(200), url, hints }).into();
    Case { name, expected: given["expected"].clone(), answer }
}

/// Two spellings of one amount are the same.
fn same(expected: &Value, read: &Value) -> bool {
    let amount = |value: &Value| value.as_str().and_then(|text| text.parse::<price_extraction::Amount>().ok());
    expected == read || amount(expected).is_some() && amount(expected) == amount(read)
}

#[test]
fn pages_of_every_kind_of_shop_are_read() {
    let mut wrong = Vec::new();
    for case in cases() {
        let answer = serde_json::to_value(&case.answer).expect("serialises");
        for (field, expected) in case.expected.as_object().expect("fields") {
            if !same(expected, &answer[field]) {
                wrong.push(format!(
                    "{}: {field} is {}, not {expected} ({})",
                    case.name, answer[field], answer["warnings"]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_confident_price_of_these_shops_is_wrong() {
    let cases = cases();
    let confident =
        cases.iter().filter(|case| case.answer.price.is_some() && case.answer.confidence == Confidence::High);
    let mut count = 0;
    for case in confident {
        let answer = serde_json::to_value(&case.answer).expect("serialises");
        let stated = case.expected.get("price");
        assert!(stated.is_none_or(|price| same(price, &answer["price"])), "{}: {answer}", case.name);
        count += 1;
    }
    assert!(count * 2 > cases.len(), "only {count} of {} are confident", cases.len());
}
