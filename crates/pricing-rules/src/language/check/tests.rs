//! What is accepted, and what a problem says and proposes.

use super::{Expects, check};

#[test]
fn what_a_spreadsheet_user_writes_is_understood() {
    let conditions = [
        "role = KVI and stock > 20 and comp.count >= 2",
        "brand in (\"Sony\", \"Bose\") or brand = 'Acme'",
        "category within \"TV & Audio\" and not own_brand",
        "tag = \"clearance\" and days since price_changed >= 14",
        "margin(price) < 20 % and price / comp.lowest > 1.05",
        "has(cost) and lifecycle not in (new, ended)",
        "listed < today - 30 and price_changed >= 2026-11-01",
        "name contains \"Pro\" or sku starts with \"AB-\"",
        "kvi = yes and days_of_cover < 14",
        "cost in (1, 2) and price is not 5",
        "margin(price) > 0",
    ];
    for text in conditions.iter().map(|text| text.replace('\'', "\"")) {
        check(&text, Expects::Condition).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    }
    let formulas = [
        "min(comp.lowest - 0.01, cost * 1.35)",
        "if(stock > 100, price * 95 %, price)",
        "price_for_margin(cost, 20 %)",
        "first(comp(\"ElektroMax\", \"Volt & Co\"), comp.average, rrp)",
        "max(min_price, 95 % of comp.median)",
        "unit_price * content * 0.98",
        "cost * (1 + 20 %)",
        "comp.weighted(\"A\", 2, \"B\", 1)",
        "round_up(price_in(\"de\") * 1.1, 0.5)",
        "19.99",
        "if(kvi, 19.99, if(role = tail, 24.99, 22))",
    ];
    for text in formulas {
        check(text, Expects::Formula).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    }
}

#[test]
fn every_problem_points_at_the_word_and_most_propose_what_to_write() {
    use Expects::{Condition, Formula};
    let cases = [
        ("competitor.lowest - 0.01", Formula, "competitor.lowest", Some("comp.lowest")),
        ("cost - 5 %", Formula, "cost - 5 %", Some("cost * 95 %")),
        ("cost + vat", Formula, "cost + vat", Some("cost * (100 % + vat)")),
        ("price + stock", Formula, "stock", None),
        ("if(kvi, 0, 24.99)", Formula, "0", None),
        ("price = \"Sony\"", Condition, "\"Sony\"", None),
        ("price > \"12.50\"", Condition, "\"12.50\"", Some("12.50")),
        ("margin(price) < 20", Condition, "20", Some("20 %")),
        ("margin(price) < 0.2", Condition, "0.2", Some("20 %")),
        ("price_for_margin(cost, 20)", Formula, "20", Some("20 %")),
        ("role = VIP", Condition, "VIP", None),
        ("lifecycle = phaseout", Condition, "phaseout", Some("phase_out")),
        ("brand = Sony", Condition, "Sony", Some("\"Sony\"")),
        ("brand > \"Sony\"", Condition, "brand > \"Sony\"", None),
        ("price * cost", Formula, "price * cost", None),
        ("stock", Condition, "stock", None),
        ("stock and kvi", Condition, "stock", Some("has(stock)")),
        ("unit_price", Formula, "unit_price", Some("(unit_price) * content")),
        ("comp.count", Formula, "comp.count", None),
        ("price_changed > 14", Condition, "price_changed", Some("days since price_changed")),
        ("mim(cost, price)", Formula, "mim", Some("min")),
        ("price / 0", Formula, "0", None),
        ("price_for_margin(cost, 100 %)", Formula, "100 %", None),
        ("0 - 5", Formula, "0 - 5", None),
        ("brand", Condition, "brand", None),
    ];
    for (text, expects, word, replacement) in cases {
        let problems = check(text, expects).expect_err(text);
        let first = &problems[0];
        assert_eq!(first.range.of(text), word, "{text}: {first}");
        assert_eq!(first.fix.as_ref().map(|fix| fix.replacement.as_str()), replacement, "{text}: {first}");
    }
}

#[test]
fn a_proposed_text_is_accepted() {
    for text in ["cost - 5 %", "cost + vat", "margin(price) < 0.2", "competitor.lowest"] {
        let expects = if text.contains('<') { Expects::Condition } else { Expects::Formula };
        let fix = check(text, expects).expect_err(text)[0].fix.clone().expect("a fix");
        let mended = format!("{}{}{}", &text[..fix.range.start], fix.replacement, &text[fix.range.end..]);
        check(&mended, expects).unwrap_or_else(|problems| panic!("{mended}: {problems:?}"));
    }
}

#[test]
fn all_problems_of_a_text_are_found_at_once() {
    let problems = check("min(cots, prise)", Expects::Formula).expect_err("two wrong words");
    assert_eq!(problems.len(), 2);
}

#[test]
fn constants_are_computed_once() {
    assert!(check("2 * 3 + 4", Expects::Formula).expect("a price").is_constant());
    assert!(check("1 = 2 or 3 > 2", Expects::Condition).expect("a condition").is_constant());
    assert!(!check("with_vat(5)", Expects::Formula).expect("a price").is_constant());
}
