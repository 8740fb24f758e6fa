//! Products of several families.

use pricing_domain::ContentUnit;
use pricing_rules::{
    CompiledRules, ListValues, ProductRecord, RowChange, Snapshot, SnapshotBuilder, family_set, family_standing,
    inputs_of, parse_rule_set, price_from_inputs,
};

use crate::catalogue::{NOW, euro_list};
use crate::laws::price;

/// Products by name, families, content in grams and today's price.
fn catalogue(products: &[(&str, &[&str], i64, i64)]) -> Snapshot {
    let mut builder = SnapshotBuilder::new(0);
    builder.add_list(euro_list());
    for (key, (name, families, grams, price_minor)) in (1..).zip(products) {
        let row = builder.push_product(&ProductRecord {
            key,
            sku: (*name).into(),
            name: (*name).into(),
            family: family_set(families.iter().copied()),
            net_content_micro: Some(grams * 1_000),
            content_unit: Some(ContentUnit::Kilogram),
            ..ProductRecord::default()
        });
        builder.set_list_values(
            0,
            row,
            &ListValues { price_minor: *price_minor, vat_bp: 1_900, ..ListValues::default() },
        );
    }
    builder.finish(NOW)
}

const RULES: &str = "rule set \"Test\"\napproval limit 90 %\n\nrule \"Dearer\"\n  when sku = \"middle\"\n  \
                     price formula 12.99\n\nguardrails\n  families rise with content\n";

fn products() -> [(&'static str, &'static [&'static str], i64, i64); 4] {
    [
        ("small", &["sizes"], 100, 799),
        ("middle", &["sizes", "blue"], 200, 999),
        ("large", &["sizes"], 500, 1_199),
        ("blue large", &["blue"], 500, 1_099),
    ]
}

#[test]
fn a_product_keeps_the_order_of_each_of_its_families() {
    let snapshot = catalogue(&products());
    let set = parse_rule_set(RULES).expect("it parses");
    let run = price(&set, &snapshot, NOW);
    let after = |row: u32| {
        let decision = run.decisions.iter().find(|decision| decision.row == row && decision.reason.is_none());
        decision.map_or(snapshot.lists[0].price_minor.get(row as usize), |decision| decision.new_minor)
    };
    assert!(!run.decisions.is_empty());
    assert!(after(1) <= after(2) && after(1) <= after(3), "{:?}", run.decisions);
    let rules = CompiledRules::compile(&set, &snapshot).expect("it compiles");
    let settled = rules.settle_shared(&snapshot, 0, NOW).expect("families share a product");
    for row in 0..4 {
        let inputs = inputs_of(&rules, &snapshot, 0, row, NOW);
        assert_eq!(inputs_of(&rules, &settled, 0, row, NOW), inputs, "settled once and settled for the row alone");
        let (decision, _) = price_from_inputs(&set, &inputs).expect("it compiles");
        let expected = run.decisions.iter().find(|decision| decision.row as usize == row);
        assert_eq!(decision.map(|one| (one.new_minor, one.reason)), expected.map(|one| (one.new_minor, one.reason)));
    }
}

#[test]
fn every_family_of_a_product_is_looked_at_for_what_is_out_of_order() {
    let mut stated = products();
    stated[3].3 = 899;
    let snapshot = catalogue(&stated);
    let set = parse_rule_set(RULES).expect("it parses");
    let rules = CompiledRules::compile(&set, &snapshot).expect("it compiles");
    let breaking = |row| family_standing(&rules, &snapshot, 0, row, NOW).map(|standing| standing.breaking);
    assert_eq!(breaking(1), Some(vec![1, 3]));
    assert_eq!(breaking(0), Some(vec![]));
    assert_eq!(snapshot.relatives(1), [0, 2, 3]);
}

#[test]
fn a_rule_about_a_family_is_for_products_that_have_others_too() {
    let snapshot = catalogue(&products());
    let text = "rule set \"Test\"\n\nrule \"Blue\"\n  when family = \"blue\"\n  price formula 12.99\n";
    let run = price(&parse_rule_set(text).expect("it parses"), &snapshot, NOW);
    assert_eq!(run.decisions.iter().map(|decision| decision.row).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(snapshot.families_of(1).collect::<Vec<_>>(), ["blue", "sizes"]);
}

#[test]
fn a_product_that_leaves_a_family_stays_in_the_others() {
    let snapshot = catalogue(&products());
    let record = ProductRecord { family: "blue".into(), ..snapshot.product(1) };
    let later = snapshot.updated(1, NOW, vec![RowChange::Product(Box::new(record))]);
    assert_eq!((later.relatives(1), later.relatives(0)), (vec![3], vec![2]));
    let mut bytes = Vec::new();
    snapshot.write_cache(&mut bytes).expect("it is written");
    let read = Snapshot::read_cache(&mut bytes.as_slice()).expect("it is read");
    assert_eq!((read.product(1), read.relatives(1)), (snapshot.product(1), snapshot.relatives(1)));
}
