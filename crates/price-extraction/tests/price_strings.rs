//! Price texts with known answers: the crate's own cases, and a collection of other people's.

#[path = "support/scoring.rs"]
#[allow(dead_code)]
mod scoring;

use price_extraction::{Amount, PriceHints, parse_price};
use pricing_domain::Confidence;
use proptest::prelude::{ProptestConfig, proptest};
use serde_json::Value;

#[test]
fn every_case_of_the_file_is_read_or_refused_as_it_says() {
    let mut wrong = Vec::new();
    for line in include_str!("cases/price_texts.jsonl").lines() {
        let case: Value = serde_json::from_str(line).expect("a JSON row");
        let hints = PriceHints {
            language: case["language"].as_str().map(str::to_owned),
            decimal_separator: case["decimal_separator"].as_str().and_then(|text| text.chars().next()),
            ..PriceHints::default()
        };
        let read = parse_price(case["text"].as_str().expect("a text"), &hints);
        let expected = case["amount"].as_str().map(|text| text.parse::<Amount>().expect("a plain decimal"));
        if read.amount != expected {
            wrong.push(format!("{line}: {read:?}"));
        }
        let currency = read.currency.map(|read| read.to_string());
        if case["currency"].is_string() && case["currency"].as_str() != currency.as_deref() {
            wrong.push(format!("{line}: {currency:?}"));
        }
        if let Some(most) = case["at_most"].as_str() {
            let allowed: &[Confidence] = match most {
                "low" => &[Confidence::Low],
                _ => &[Confidence::Low, Confidence::Medium],
            };
            if !allowed.contains(&read.confidence) {
                wrong.push(format!("{line}: {read:?}"));
            }
        }
        if let Some(readings) = case["readings"].as_array() {
            let expected: Vec<&str> = readings.iter().filter_map(Value::as_str).collect();
            let mut found: Vec<&str> = read.readings.iter().map(String::as_str).collect();
            found.sort_unstable();
            assert_eq!(found, expected, "{line}");
            assert_eq!(read.confidence, Confidence::Low, "{line}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn collected_price_strings_are_read_or_refused() {
    let Some(data) = scoring::shared_data("collected_price_strings_are_read_or_refused") else { return };
    let score = scoring::score_price_strings(&data, &scoring::read_price);
    println!("{}{}", score.table(), score.misses.join("\n"));
    assert_eq!(score.get("library right"), score.get("library"));
    assert!(score.get("hard right") / score.get("hard") > 0.8, "{}", score.table());
    assert_eq!(score.get("wrong with high confidence"), 0.0);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,80}") {
        let _ = parse_price(&text, &PriceHints::default());
    }

    #[test]
    fn a_plain_amount_beside_a_sign_is_read_exactly(whole in 0u32..1_000_000, cents in 0u32..100) {
        let read = parse_price(&format!("{whole}.{cents:02} EUR"), &PriceHints::default());
        assert_eq!(read.amount, Some(Amount::new(i64::from(whole) * 100 + i64::from(cents), 2)));
    }
}
