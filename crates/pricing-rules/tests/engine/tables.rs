//! Tables in two dimensions: as text, in the price, on the way to it, and what is wrong with one.

use pricing_domain::{Lifecycle, Role, RuleSet};
use pricing_rules::{
    PriceInputs, PriceWay, ProductRecord, parse_rule_set, price_from_inputs, problems_of, rule_set_text,
};

use crate::catalogue::{inputs, landed, offer};

const TABLE: &str = "rule set \"Test\"
otherwise keep

rule \"By offers and role\"
  price table comp.count by role
          | \"kvi\"             | \"traffic\", \"profit\" | other
    below | price             | price               | price
    2     | comp.lowest       | comp.average        | cost * 2
    4     | comp.lowest - 0.5 | comp.median         | cost * 3
  else recommended
";

fn set(text: &str) -> RuleSet {
    parse_rule_set(text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// A kettle with so many offers from 20.00 on, each a euro more.
fn kettle(offers: i64, role: Option<Role>) -> PriceInputs {
    let kettle = inputs(2_400, landed("11"));
    let product = ProductRecord { role, lifecycle: Some(Lifecycle::Regular), ..kettle.product };
    let offers = (0..offers).map(|n| offer(&format!("Shop {n}"), 2_000 + n * 100)).collect();
    PriceInputs { product, offers, ..kettle }
}

fn price(text: &str, inputs: &PriceInputs) -> (Option<i64>, PriceWay) {
    let (decision, way) = price_from_inputs(&set(text), inputs).expect("compiles");
    (decision.map(|decision| decision.new_minor), way)
}

fn details(way: &PriceWay) -> Vec<&str> {
    way.lines.iter().map(|line| line.detail.as_str()).collect()
}

#[test]
fn a_table_survives_its_text_with_its_columns_aligned() {
    let set = set(TABLE);
    assert_eq!(problems_of(&set), []);
    assert_eq!(rule_set_text(&set), TABLE);
    let json = serde_json::to_string(&set).expect("serialises");
    assert_eq!(parse_rule_set(&json).expect("JSON is read"), set);
}

#[test]
fn the_row_and_the_column_that_are_reached_give_the_price() {
    let of = |offers, role| price(TABLE, &kettle(offers, Some(role))).0;
    assert_eq!(of(2, Role::KeyValue), Some(2_000));
    assert_eq!(of(3, Role::Profit), Some(2_100));
    assert_eq!(of(4, Role::KeyValue), Some(1_950));
    assert_eq!(of(4, Role::Traffic), Some(2_150));
    assert_eq!(of(3, Role::Tail), Some(2_200));
    assert_eq!(of(1, Role::Tail), None, "today's price stays");
}

#[test]
fn the_way_names_the_row_and_the_column_and_nothing_of_the_others() {
    let (_, way) = price(TABLE, &kettle(3, Some(Role::Profit)));
    let told = details(&way);
    assert!(told.contains(&"Row 2 of comp.count (comp.count = 3)."), "{told:?}");
    assert!(told.contains(&"Column \"traffic\", \"profit\" of role."), "{told:?}");
    assert!(told.contains(&"comp.average = 21.00."), "{told:?}");
    assert!(!told.iter().any(|line| line.contains("comp.lowest")), "{told:?}");
}

#[test]
fn without_a_value_the_else_decides_and_the_way_says_which_is_missing() {
    let kettle = kettle(3, None);
    let values = pricing_rules::ListValues { rrp_minor: 2_600, ..kettle.list.values };
    let inputs = PriceInputs { list: pricing_rules::ListInputs { values, ..kettle.list.clone() }, ..kettle };
    let (new, way) = price(TABLE, &inputs);
    assert_eq!(new, Some(2_600));
    let told = details(&way);
    let why = "Its strategy has nothing to work with: “role” is missing, which the columns of its table are by.";
    assert!(told.contains(&why), "{told:?}");
}

#[test]
fn yes_and_no_and_categories_divide_a_table_too() {
    let text = "rule set \"Test\"\nrule \"r\"\n price table category by kvi\n  | yes | no\n  \"Audio\" | 22 | 23\n  other | 25 | 26\n";
    let of = |category: &str, key_value| {
        let kettle = kettle(0, None);
        let product = ProductRecord { category: category.into(), key_value, ..kettle.product };
        price(text, &PriceInputs { product, ..kettle }).0
    };
    assert_eq!((of("Audio > Radios", true), of("Audio", false)), (Some(2_200), Some(2_300)));
    assert_eq!((of("Garden", true), of("Garden", false)), (Some(2_500), Some(2_600)));
    assert_eq!(of("", true), None, "no category, no row");
}

#[test]
fn what_no_row_is_for_has_no_price() {
    let text = "rule set \"Test\"\nrule \"r\"\n price table role by kvi\n  | yes | no\n  kvi, traffic | 22 | 23\n else formula 25\n";
    let (new, way) = price(text, &kettle(0, Some(Role::Tail)));
    assert_eq!(new, Some(2_500));
    assert!(details(&way).iter().any(|line| line.contains("no row of its table is for this “role”")), "{way:#?}");
}

#[test]
fn rows_that_stand_where_the_price_stands_are_told_to_go_further_in() {
    let text = TABLE.replace("    2     |", "  2     |");
    let problems = parse_rule_set(&text).expect_err("a line of the rule is no row");
    assert!(problems.iter().any(|problem| problem.line == 8 && problem.message.contains("further in")), "{problems:?}");
}

#[test]
fn a_problem_names_the_cell_and_the_word() {
    let wrong = |from: &str, to: &str| {
        let problems = problems_of(&set(&TABLE.replacen(from, to, 1)));
        problems.into_iter().map(|problem| problem.reason).collect::<Vec<_>>()
    };
    let found = wrong("comp.average", "comp.averag");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("row 2, column \"traffic\", \"profit\" “comp.averag”:"), "{found:?}");
    assert!(found[0].ends_with("did you mean comp.average?"), "{found:?}");
    let found = wrong("cost * 2", "stock * 2");
    assert!(found[0].contains("row 2, column other") && found[0].contains("a price in money"), "{found:?}");
    let found = wrong("\"kvi\"", "\"kiv\"");
    assert!(found[0].starts_with("column \"kiv\" “\"kiv\"”:") && found[0].ends_with("did you mean kvi?"), "{found:?}");
    let found = wrong("by role", "by rolle");
    assert!(found[0].starts_with("columns “rolle”:") && found[0].ends_with("did you mean role?"), "{found:?}");
    assert_eq!(wrong("    4     |", "    1     |"), ["the rows of a table are in ascending order"]);
}

#[test]
fn a_line_of_a_table_that_is_not_understood_is_named() {
    let wrong = |from: &str, to: &str| {
        let problems = parse_rule_set(&TABLE.replacen(from, to, 1)).expect_err("a wrong line");
        problems.into_iter().map(|problem| (problem.line, problem.message)).collect::<Vec<_>>()
    };
    let found = wrong("| cost * 2", "");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].0 == 8 && found[0].1.contains("This row has 2 prices, and the table has 3 columns"), "{found:?}");
    assert_eq!(wrong("          | \"kvi\"", "      x | \"kvi\"")[0].0, 6);
    assert_eq!(wrong("comp.count by role", "comp.count")[0].0, 5);
    assert!(wrong("  else recommended", "  price keep")[0].1.contains("stated a second time"));
}

#[test]
fn bands_out_of_order_are_refused() {
    let table = |from: &str| {
        format!(
            "rule set \"Test\"\nrule \"r\"\n  price table comp.count | price | {from}: comp.lowest | 2: comp.average\n"
        )
    };
    let problems = |from: &str| {
        let set = parse_rule_set(&table(from)).unwrap_or_else(|problems| panic!("{problems:?}"));
        problems_of(&set).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(problems("1"), Vec::<String>::new());
    assert_eq!(problems("4"), ["r: the bands of a table are in ascending order"]);
}
