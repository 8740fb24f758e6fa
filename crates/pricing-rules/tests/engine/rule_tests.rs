//! Tests of a rule set as its file writes them: each fact that a rule can ask for can be stated.

use pricing_rules::{RuleTestResult, parse_rule_set, rule_set_text, run_rule_tests};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::catalogue::NOW;
use crate::random::{products, snapshot};

fn results(text: &str) -> Vec<RuleTestResult> {
    let set = parse_rule_set(text).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(parse_rule_set(&rule_set_text(&set)).expect("its own text"), set);
    let products = products(&mut ChaCha8Rng::seed_from_u64(1), 20);
    run_rule_tests(&set, &snapshot(&products, pricing_domain::TaxMode::Gross), NOW).expect("compiles")
}

fn passed(text: &str) {
    let failed: Vec<_> = results(text).into_iter().filter(|one| !one.passed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

const FACTS: &str = "rule set \"Facts\"

rule \"Own brand\"
  for own_brand
  price formula 81

rule \"Supplier\"
  for supplier = \"Acme GmbH\"
  price formula 82

rule \"By content\"
  when content >= 0.7 and content_unit = l
  price formula round(unit_price * content, 1) + 3

rule \"Tagged\"
  for tag = \"sale\"
  price formula 84

rule \"Steel\"
  for attribute.material = \"steel\"
  price formula if(attribute(\"ip-rating\") = \"IP67\", 86, 85)

guardrails
  cuts without cost
";

#[test]
fn own_brand_supplier_content_tags_and_attributes_are_stated() {
    passed(&format!(
        "{FACTS}
test \"an own brand\"
  given price 80
  given own_brand yes
  gives 81

test \"none of them\"
  given price 80
  given own_brand no
  gives keep

test \"a supplier\"
  given price 80
  given supplier \"ACME GmbH\"
  gives 82

test \"a bottle\"
  given price 80
  given content 0.75 l
  gives 83

test \"a small bottle\"
  given price 80
  given content 0.33 l
  gives keep

test \"a tag\"
  given price 80
  given tags \"new\", \"Sale\"
  gives 84

test \"an attribute\"
  given price 80
  given attribute \"Material\" \"Steel\"
  gives 85

test \"two attributes\"
  given price 80
  given attribute \"material\" \"steel\"
  given attribute \"IP-rating\" \"ip67\"
  gives 86
"
    ));
}

#[test]
fn what_is_stated_stands_in_place_of_what_the_product_has() {
    let products = products(&mut ChaCha8Rng::seed_from_u64(1), 20);
    // Its attributes follow its key: steel, and not red.
    let steel = products.iter().find(|one| one.record.key == 3).expect("a product of steel");
    let sku = &steel.record.sku;
    let text = format!(
        "rule set \"Facts\"\nrule \"r\"\n for attribute.material = \"steel\"\n price formula 85\nguardrails\n cuts without cost\n\
         test \"its own\"\n sku \"{sku}\"\n given price 80\n given lifecycle regular\n gives 85\n\
         test \"another\"\n sku \"{sku}\"\n given price 80\n given lifecycle regular\n given attribute \"material\" \"wood\"\n \
         gives keep\n\
         test \"none\"\n sku \"{sku}\"\n given price 80\n given lifecycle regular\n given attribute \"material\" \"\"\n \
         gives keep\n"
    );
    passed(&text);
}

#[test]
fn a_fact_that_cannot_be_read_says_so() {
    let one = |line: &str| {
        results(&format!("{FACTS}\ntest \"t\"\n  given price 80\n  {line}\n  gives keep\n")).remove(0).words
    };
    assert!(one("given content three").contains("units are kg, l, piece"));
    assert!(one("given content 0 l").contains("no net content"));
    let twice =
        format!("{FACTS}\ntest \"t\"\n  given attribute \"a\" \"1\"\n  given attribute \"A\" \"2\"\n  gives keep\n");
    assert!(parse_rule_set(&twice).expect_err("twice")[0].message.contains("a second time"));
}
