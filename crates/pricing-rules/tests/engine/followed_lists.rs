//! Price lists that follow others: the way says what the run does, and lint looks at every list.

use std::sync::atomic::AtomicBool;

use pricing_domain::{RuleSet, TaxMode};
use pricing_rules::{
    CompiledRules, Lint, LintKind, LintLimits, ListRecord, ListValues, PriceWay, ProductRecord, Snapshot,
    SnapshotBuilder, inputs_of, lint, list_order, parse_rule_set, price_from_inputs, with_followed_lists,
};

use crate::catalogue::{NOW, euro_list, landed};

/// One product that costs 40.00, at 100.00 in DE and at 110.00 in AT, and in a list without VAT.
fn snapshot() -> Snapshot {
    let mut builder = SnapshotBuilder::new(0);
    let lists = [("DE", TaxMode::Gross, 10_000), ("AT", TaxMode::Gross, 11_000), ("NET", TaxMode::Net, 8_403)];
    let record = ProductRecord { key: 1, sku: "B".into(), cost: landed("40"), ..ProductRecord::default() };
    let row = builder.push_product(&record);
    for (key, (code, tax_mode, price_minor)) in (1..).zip(lists) {
        let list = builder.add_list(ListRecord { key, code: code.into(), tax_mode, ..euro_list() });
        builder.set_list_values(list, row, &ListValues { price_minor, vat_bp: 1900, ..ListValues::default() });
    }
    builder.finish(NOW)
}

fn set(rules: &str) -> RuleSet {
    let text = format!("rule set \"Test\"\napproval limit 50 %\n{rules}");
    parse_rule_set(&text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

const FOLLOWING: &str =
    "rule \"at\"\n  when price_list = \"AT\"\n  price follow list \"DE\" + 5 %\nrule \"cost\"\n  price margin 40 %\n";

fn lints(set: &RuleSet, list: usize) -> Vec<Lint> {
    let found = lint(set, &snapshot(), list, NOW, LintLimits::default(), &AtomicBool::new(false));
    found.expect("compiles").expect("not cancelled")
}

fn way_in(set: &RuleSet, list: usize) -> PriceWay {
    let snapshot = snapshot();
    let rules = CompiledRules::compile(set, &snapshot).expect("compiles");
    let followed = with_followed_lists(&rules, &snapshot, list, 0, NOW);
    let inputs = inputs_of(&rules, followed.as_ref().unwrap_or(&snapshot), list, 0, NOW);
    price_from_inputs(set, &inputs).expect("compiles").1
}

fn details(way: &PriceWay) -> Vec<&str> {
    way.lines.iter().map(|line| line.detail.as_str()).collect()
}

#[test]
fn a_list_is_explained_by_the_new_price_of_the_one_that_it_follows() {
    // 40 ÷ 0.6 × 1.19 is 79.33, and 5 % more 83.30.
    let way = way_in(&set(FOLLOWING), 1);
    let told = details(&way);
    assert!(told.contains(&"price_in(\"DE\") = 79.33."), "{told:#?}");
    assert!(told.contains(&"5 % above: 83.30."), "{told:#?}");
    let snapshot = snapshot();
    let rules = CompiledRules::compile(&set(FOLLOWING), &snapshot).expect("compiles");
    assert!(with_followed_lists(&rules, &snapshot, 0, 0, NOW).is_none(), "DE follows none");
}

#[test]
fn a_condition_on_the_list_is_no_circle() {
    let order = list_order(&set(FOLLOWING), &snapshot()).expect("no circle");
    assert_eq!(order.places, [0, 1, 2]);
    let other = FOLLOWING.replace("price_list = \"AT\"", "not (price_list in (\"DE\", \"NET\"))");
    assert!(list_order(&set(&other), &snapshot()).is_ok());
    let circle = "rule \"all\"\n  when price_list != \"NET\" and price > 0\n  price formula price_in(\"DE\") + price_in(\"AT\")\n";
    let codes = list_order(&set(circle), &snapshot()).expect_err("DE and AT follow each other");
    assert_eq!(codes, ["DE", "AT"]);
}

#[test]
fn a_rule_of_another_list_is_judged_by_it() {
    let found = lints(&set(FOLLOWING), 0);
    assert!(found.iter().all(|one| one.kind != LintKind::MatchesNothing), "{found:#?}");
    let missing = FOLLOWING.replace("follow list \"DE\" + 5 %", "formula rrp - 1.00");
    let told: Vec<String> = lints(&set(&missing), 0).into_iter().map(|one| one.message).collect();
    assert!(told.contains(&"In AT: An input is missing for 1 of its 1 product.".to_owned()), "{told:#?}");
    let nobody = FOLLOWING.replace("\"AT\"", "\"CH\"");
    assert!(lints(&set(&nobody), 0).iter().any(|one| one.kind == LintKind::MatchesNothing));
}

#[test]
fn a_list_without_vat_says_why_it_cannot_follow_one_with_it() {
    let set = set("rule \"net\"\n  for price_list in (\"NET\")\n  price follow list \"DE\"\n");
    let way = way_in(&set, 2);
    let told = details(&way);
    let why = "Passed over: “price_in(\"DE\")” is missing: DE is no price list without VAT as NET is.";
    assert!(told.contains(&why), "{told:#?}");
    let found = lints(&set, 0);
    let found: Vec<_> = found.iter().filter(|one| one.kind == LintKind::OtherTaxes).collect();
    let message = "In NET: Prices of DE are with VAT and those of NET without it: the one cannot follow the other.";
    assert_eq!(found.iter().map(|one| one.message.as_str()).collect::<Vec<_>>(), [message]);
}

#[test]
fn what_is_said_of_offers_and_read_by_nothing_is_named() {
    let unread = |rule: &str| lints(&set(rule), 0).iter().any(|one| one.kind == LintKind::UnreadOffers);
    assert!(unread("rule \"r\"\n  offers shipping, 100 hours\n  price lowest\n"));
    assert!(!unread("rule \"r\"\n  when comp.count > 1\n  offers shipping, 100 hours\n  price lowest\n"));
    assert!(!unread("rule \"r\"\n  offers shipping\n  price formula comp.lowest\n"));
    assert!(!unread("rule \"r\"\n  price lowest with shipping\n"));
}
