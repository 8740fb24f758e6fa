//! Free attributes in rules: for which products, under which condition, and what nothing in the catalogue has.

use std::sync::atomic::AtomicBool;

use pricing_domain::{ScopeTest, TaxMode};
use pricing_rules::{
    CompiledRules, Decision, Expects, LintKind, LintLimits, ListValues, ProductRecord, Snapshot, SnapshotBuilder,
    check, inputs_of, lint, parse_rule_set, price_all, price_from_inputs, rule_set_text,
};

use crate::catalogue::{NOW, euro_list, landed};

/// A kettle of steel, one of glass and red, and one of which nothing is said.
fn kettles() -> Snapshot {
    let mut builder = SnapshotBuilder::new(0);
    let list = builder.add_list(euro_list());
    let stated = [vec![("Material", "Steel")], vec![("material", "glass"), ("colour_family", "Red")], vec![]];
    for (key, stated) in (1..).zip(stated) {
        let attributes = stated.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        let row = builder.push_product(&ProductRecord {
            key,
            sku: format!("A-{key}"),
            cost: landed("10"),
            attributes,
            ..ProductRecord::default()
        });
        let values = ListValues { price_minor: 2_000, vat_bp: 1900, ..ListValues::default() };
        builder.set_list_values(list, row, &values);
    }
    builder.finish(NOW)
}

/// The new price of each kettle, or nothing where it stays.
fn prices(rules: &str) -> Vec<Option<i64>> {
    let set = parse_rule_set(&format!("rule set \"Test\"\n{rules}")).unwrap_or_else(|problems| panic!("{problems:?}"));
    let snapshot = kettles();
    let rules = CompiledRules::compile(&set, &snapshot).unwrap_or_else(|problems| panic!("{problems:?}"));
    let run = price_all(&rules, &snapshot, 0, NOW, &AtomicBool::new(false), &|_| ()).expect("not cancelled");
    let of = |row: u32| run.decisions.iter().find(|decision| decision.row == row);
    for row in 0..3 {
        let inputs = inputs_of(&rules, &snapshot, 0, row, NOW);
        let again = price_from_inputs(&set, &inputs).expect("compiles").0;
        assert_eq!(again, of(row as u32).map(|decision| Decision { row: 0, ..*decision }), "from stored inputs");
    }
    (0..3).map(|row| of(row).map(|decision| decision.new_minor)).collect()
}

#[test]
fn a_scope_a_condition_and_a_formula_see_the_same_attribute() {
    let steel = [Some(2_100), None, None];
    assert_eq!(prices("rule \"r\"\n for attribute.material = \"steel\"\n price formula 21"), steel);
    assert_eq!(prices("rule \"r\"\n when attribute(\"MATERIAL\") = \" STEEL \"\n price formula 21"), steel);
    let formula = "rule \"r\"\n price formula if(attribute.material starts with \"gl\", 22, 21)";
    assert_eq!(prices(formula), [Some(2_100), Some(2_200), Some(2_100)]);
}

#[test]
fn what_a_product_does_not_have_is_missing() {
    assert_eq!(
        prices("rule \"r\"\n when attribute.material <> \"steel\"\n price formula 21"),
        [None, Some(2_100), None],
        "a missing condition does not hold"
    );
    assert_eq!(
        prices("rule \"r\"\n when not has(attribute.colour_family)\n price formula 21"),
        [Some(2_100), None, Some(2_100)]
    );
    assert_eq!(prices("rule \"r\"\n for attribute.weather = \"wet\"\n price formula 21"), [None; 3]);
}

#[test]
fn a_scope_with_an_attribute_survives_its_text() {
    let text = "rule set \"Test\"\notherwise keep\n\nrule \"r\"\n  for attribute.colour_family in (\"red\", \"dark red\") \
                and attribute(\"ip-rating\") = \"x\"\n  price margin 25 %\n";
    let set = parse_rule_set(text).expect("a rule set");
    let test = ScopeTest::Attribute { name: "colour family".into(), texts: vec!["red".into(), "dark red".into()] };
    assert_eq!(set.rules[0].scope.0[0], test);
    assert_eq!(rule_set_text(&set), text);
}

#[test]
fn an_attribute_is_text_and_nothing_else() {
    let problem = |text: &str, expects| check(text, expects).expect_err("a problem")[0].to_string();
    assert!(problem("attribute.power > 5", Expects::Condition).contains("has no order"));
    assert!(problem("attribute.power = 5", Expects::Condition).ends_with("write \"5\""));
    assert!(problem("price * attribute.power", Expects::Formula).contains("is text; compare it"));
    assert!(problem("attribute(power) = \"5\"", Expects::Condition).contains("write \"power\""));
    assert!(problem("attributes.power = \"5\"", Expects::Condition).contains("did you mean attribute.power?"));
    assert!(problem("attribute.power within \"A\"", Expects::Condition).contains("about categories"));
}

#[test]
fn a_name_and_a_text_that_no_product_has_are_told_with_the_nearest() {
    let text = "rule set \"Test\"\nrule \"r\"\n for attribute.materal = \"steel\"\n \
                when attribute.colour_family = \"rd\" or attribute.material in (\"glass\", \"clay\")\n price margin 25 %";
    let set = parse_rule_set(text).expect("a rule set");
    let lints = lint(&set, &kettles(), 0, NOW, LintLimits::default(), &AtomicBool::new(false));
    let lints = lints.expect("compiles").expect("not cancelled");
    let told: Vec<&str> =
        lints.iter().filter(|one| one.kind == LintKind::UnknownName).map(|one| one.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "No product has an attribute “materal”. Did you mean “material”?",
            "No product has “rd” as its colour family. Did you mean “Red”?",
            "No product has “clay” as its material.",
        ]
    );
}

#[test]
fn the_way_names_the_attribute_that_passed_a_rule_over() {
    let set = parse_rule_set("rule set \"Test\"\nrule \"r\"\n for attribute.material = \"steel\"\n price margin 25 %")
        .expect("a rule set");
    let snapshot = kettles();
    let rules = CompiledRules::compile(&set, &snapshot).expect("compiles");
    let (_, way) = price_from_inputs(&set, &inputs_of(&rules, &snapshot, 0, 1, NOW)).expect("compiles");
    let told = way.lines.iter().any(|line| line.detail == "Passed over: its material is glass, not steel.");
    assert!(told, "{way:#?}");
}

#[test]
fn both_ways_of_pricing_agree_where_attributes_decide() {
    for tax_mode in [TaxMode::Gross, TaxMode::Net] {
        let products = crate::random::products(&mut rand::SeedableRng::seed_from_u64(5), 600);
        let snapshot = crate::random::snapshot(&products, tax_mode);
        let text = "rule set \"Test\"\nrule \"r\"\n for attribute.material in (\"steel\", \"glass\")\n \
                    when attribute.colour_family <> \"blue\"\n price lowest - 1 %\n else margin 20 %";
        let set = parse_rule_set(text).expect("a rule set");
        let rules = CompiledRules::compile(&set, &snapshot).expect("compiles");
        let check = pricing_rules::self_check(&rules, &snapshot, 0, NOW);
        assert_eq!((check.rows, check.difference), (600, None));
    }
}
