//! A rule set survives its text; a wrong line is named.

use pricing_domain::{RuleTest, Strategy, TestGiven, TestMove, TestOffer};
use pricing_rules::{LintKind, lint_alone, parse_rule_set, problems_of, rule_set_text};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::random::rule_set;

#[test]
fn every_rule_set_survives_its_text_and_its_json() {
    for seed in 0..600 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut set = rule_set(&mut random);
        set.name = "Ruleset \"odd\" | name: # 1".into();
        set.rules[0].owner = "Ana \"A\" B".into();
        set.rules[0].note = "because".into();
        set.tests = (0..random.random_range(0..3)).map(|_| test(&mut random)).collect();
        let text = rule_set_text(&set);
        let read = parse_rule_set(&text).unwrap_or_else(|problems| panic!("seed {seed}: {problems:?}\n{text}"));
        assert_eq!(read, set, "seed {seed}:\n{text}");
        let json = serde_json::to_string_pretty(&set).expect("serialises");
        assert_eq!(parse_rule_set(&json).expect("JSON is read"), set);
    }
}

fn test(random: &mut ChaCha8Rng) -> RuleTest {
    let some = |random: &mut ChaCha8Rng, text: &str| random.random_bool(0.5).then(|| text.to_owned());
    let offer = TestOffer { competitor: "A \"quoted\" shop".into(), price: "80".into() };
    let moved = TestMove { competitor: some(random, "A shop"), price: "92.00".into(), hours_ago: 30 };
    RuleTest {
        name: "a test".into(),
        sku: some(random, "SKU 1"),
        list: some(random, "de"),
        given: TestGiven {
            price: some(random, "80.00"),
            vat: some(random, "19 %"),
            stock: random.random_bool(0.5).then_some(-3),
            kvi: random.random_bool(0.5).then(|| random.random_bool(0.5)),
            own_brand: random.random_bool(0.5).then(|| random.random_bool(0.5)),
            supplier: some(random, "A \"quoted\" firm"),
            content: some(random, "0.75 l"),
            attributes: some(random, "Dark red").into_iter().map(|text| ("colour family".into(), text)).collect(),
            tags: random.random_bool(0.5).then(|| vec!["a, b".into(), "c".into()]),
            offers: random.random_bool(0.5).then(|| if random.random_bool(0.5) { vec![offer] } else { Vec::new() }),
            moves: random.random_bool(0.5).then(|| if random.random_bool(0.5) { vec![moved] } else { Vec::new() }),
            ..TestGiven::default()
        },
        gives: "78.40".into(),
    }
}

#[test]
fn a_person_can_write_it() {
    let text = "\
# reviewed on Friday
rule set \"Audio\"
approval limit 10 %

group \"Headphones\"
    for category within \"Audio > Headphones\"
    when stock > 0

    rule \"Weekend\"
        valid from 2026-11-27 on friday, saturday between 8 and 20
        price lowest - 1 minor with exact, shipping, 48 hours
    rule \"Else at the average\"
        price formula min(comp.average, cost * 1.8)
        else markup 40 %
    else keep

guardrails
    floor margin 5 %
    ending 99 of 100
";
    let set = parse_rule_set(text).expect("a rule set");
    assert_eq!((set.rules.len(), set.rules[0].rules.len()), (1, 2));
    assert!(set.guardrails.no_cut_without_cost && set.rules[0].fallback.is_some());
    assert_eq!(parse_rule_set(&rule_set_text(&set)).expect("its own text"), set);
}

fn lines_of(text: &str) -> Vec<usize> {
    parse_rule_set(text).expect_err("wrong lines").iter().map(|problem| problem.line).collect()
}

#[test]
fn a_line_below_one_without_lines_of_its_own_is_named_and_not_left_out() {
    let text = "\
rule set \"x\"
  approval limit 10 %
guardrails
  floor margin 5 %
    floor markup 20 %
rule \"a\"
  price lowest
    for kvi
test \"t\"
  given cost 50
    given price 70
  gives 50
";
    assert_eq!(lines_of(text), [2, 5, 8, 11]);
    let mixed = "rule set \"x\"\nrule \"a\"\n  price lowest\n\twhen stock > 0\n";
    assert_eq!(lines_of(mixed), [4]);
    let tabs = "rule set \"x\"\ngroup \"g\"\n\trule \"a\"\n\t\tprice lowest\n";
    assert!(parse_rule_set(tabs).is_ok(), "tabs alone are a way to indent");
}

#[test]
fn what_is_stated_twice_overwrites_nothing() {
    let text = "\
rule set \"x\"
approval limit 10 %
approval limit 20 %
guardrails
  step up 10 %
  step down 15 %
  step up 5 %
  ceiling 100 % of recommended
  ceiling amount 500 minor
  step
  step per day
rule \"a\"
  when stock > 0
  when comp.count > 0
  price lowest with shipping, 24 hours, 48 hours
  price average
test \"t\"
  given price 5
  given price 6
  gives 50
";
    assert_eq!(lines_of(text), [3, 7, 9, 10, 11, 14, 15, 16, 19]);
    let sides = "rule set \"x\"\nguardrails\n  step up 10 %\n  step down 15 %\n";
    let step = parse_rule_set(sides).expect("each side once").guardrails.step;
    assert_eq!(
        (step.up, step.down),
        (Some(pricing_domain::BasisPoints(1000)), Some(pricing_domain::BasisPoints(1500)))
    );
}

#[test]
fn a_key_of_json_that_nothing_reads_is_named() {
    let text = "{\n \"name\": \"x\", \"rules\": [],\n \"guardrails\": {\"celing\": {\"amount_minor\": 5}}}";
    assert_eq!(lines_of(text), [3]);
    assert!(parse_rule_set(&text.replace("celing", "ceiling")).is_ok());
}

#[test]
fn a_decimal_comma_in_a_formula_is_asked_about() {
    let text = "rule set \"x\"\nrule \"a\"\n  price formula min(5,99, cost * 1.35)\n";
    let lints = lint_alone(&parse_rule_set(text).expect("a rule set"));
    assert!(lints.iter().any(|lint| lint.kind == LintKind::DecimalComma && lint.message.contains("5.99")), "{lints:?}");
}

#[test]
fn targets_of_an_index_are_written_by_category() {
    let text = "rule set \"x\"\notherwise keep\n\nrule \"a\"\n  price index 98.5 of first of \"A\", \"B\" by category \"Audio\" 97, \
                \"Audio > Headphones\" 102.25 with shipping\n";
    let set = parse_rule_set(text).expect("a rule set");
    let Strategy::IndexTarget { by_category, offers, .. } = &set.rules[0].strategy else { panic!("{set:?}") };
    let targets: Vec<(&str, i32)> = by_category.iter().map(|one| (one.category.as_str(), one.index.0)).collect();
    assert_eq!((targets, offers.with_shipping), (vec![("Audio", 9_700), ("Audio > Headphones", 10_225)], true));
    assert_eq!(rule_set_text(&set), text);
    assert_eq!(problems_of(&set), []);
    let line =
        |targets: &str| format!("rule set \"x\"\nrule \"a\"\n  price index 98.5 of average by category {targets}\n");
    assert_eq!(lines_of(&line("\"Audio\" ten")), [3]);
    assert_eq!(lines_of(&line("Audio 97")), [3]);
    for (targets, problem) in [
        ("\"Audio\" 97, \"audio\" 98", "a category has one target"),
        ("\"Audio > TV\" 97, \"audio>tv\" 98", "a category has one target"),
        ("\"Audio\" 0", "a price index is above zero"),
        ("\"\" 97", "each target names a category"),
    ] {
        let problems = problems_of(&parse_rule_set(&line(targets)).expect("its lines are right"));
        assert!(problems.iter().any(|one| one.to_string().contains(problem)), "{targets}: {problems:?}");
    }
}

#[test]
fn every_wrong_line_is_named() {
    let text = "\
rule set \"x\"
rule \"a\"
  price lowset
  colour blue
rule \"b\"
  for price > 5
  price lowest - 1
guardrails
  floor margin ten
nonsense
";
    let problems = parse_rule_set(text).expect_err("wrong lines");
    let lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [3, 4, 6, 7, 9, 10]);
    assert!(problems[0].message.contains("lowest"), "{}", problems[0]);
    assert!(parse_rule_set("{\"name\": 1}").is_err() && parse_rule_set("").is_err());
}
