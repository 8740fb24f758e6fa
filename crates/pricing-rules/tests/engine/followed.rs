//! Products that follow others: within one run they follow the prices that it gives.

use std::sync::atomic::AtomicBool;

use pricing_domain::{ExceptionReason, RuleSet};
use pricing_rules::{
    CompiledRules, Decision, LintKind, LintLimits, ListValues, PriceWay, ProductRecord, Snapshot, SnapshotBuilder,
    digest, inputs_of, lint, parse_rule_set, price_all, price_from_inputs, self_check, ways_to_all,
};

use crate::catalogue::{NOW, euro_list, landed};

/// Products, … at 20.00.
fn products(count: u32) -> Snapshot {
    let mut builder = SnapshotBuilder::new(0);
    let list = builder.add_list(euro_list());
    for key in 1..=count {
        let sku = format!("A-{key}");
        let row = builder.push_product(&ProductRecord { key, sku, cost: landed("10"), ..ProductRecord::default() });
        builder.set_list_values(list, row, &ListValues { price_minor: 2_000, vat_bp: 1900, ..ListValues::default() });
    }
    builder.finish(NOW)
}

fn set(rules: &str) -> RuleSet {
    parse_rule_set(&format!("rule set \"Test\"\n{rules}")).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// A rule for one product.
fn rule(sku: &str, price: &str) -> String {
    format!("rule \"{sku}\"\n  when sku = \"{sku}\"\n  price {price}\n")
}

fn decisions(set: &RuleSet, snapshot: &Snapshot) -> Vec<Decision> {
    let rules = CompiledRules::compile(set, snapshot).unwrap_or_else(|problems| panic!("{problems:?}"));
    let run = price_all(&rules, snapshot, 0, NOW, &AtomicBool::new(false), &|_| ()).expect("not cancelled");
    assert_eq!(self_check(&rules, snapshot, 0, NOW).difference, None);
    let ways = ways_to_all(&rules, snapshot, 0, NOW, &AtomicBool::new(false)).expect("not cancelled");
    for row in 0..snapshot.row_count() {
        let decided = run.decisions.iter().find(|decision| decision.row as usize == row);
        let (again, _) = price_from_inputs(set, &inputs_of(&rules, snapshot, 0, row, NOW)).expect("compiles");
        assert_eq!(again, decided.map(|decision| Decision { row: 0, ..*decision }), "row {row} from stored inputs");
        let compact = ways.get(row).expect("a way").row.new_minor;
        assert!(decided.is_none_or(|decision| decision.new_minor == compact), "row {row} by its compact way");
    }
    run.decisions
}

/// The new price of each product, or why a person is asked.
fn outcomes(set: &RuleSet, snapshot: &Snapshot) -> Vec<Result<Option<i64>, ExceptionReason>> {
    let decisions = decisions(set, snapshot);
    let of = |row| decisions.iter().find(|decision| decision.row as usize == row);
    let outcome = |row| match of(row) {
        None => Ok(None),
        Some(Decision { reason: Some(reason), .. }) => Err(*reason),
        Some(decision) => Ok(Some(decision.new_minor)),
    };
    (0..snapshot.row_count()).map(outcome).collect()
}

fn way(set: &RuleSet, snapshot: &Snapshot, row: usize) -> PriceWay {
    let rules = CompiledRules::compile(set, snapshot).expect("compiles");
    price_from_inputs(set, &inputs_of(&rules, snapshot, 0, row, NOW)).expect("compiles").1
}

#[test]
fn a_follower_takes_the_price_that_the_run_gives_its_parent() {
    // The follower stands before its parent, in the rules and in the catalogue.
    let set = set(&[rule("A-1", "follow product \"A-2\" - 1.00 %"), rule("A-2", "formula 22")].concat());
    let snapshot = products(3);
    assert_eq!(outcomes(&set, &snapshot), [Ok(Some(2_178)), Ok(Some(2_200)), Ok(None)]);
    let way = way(&set, &snapshot, 0);
    let told = way
        .lines
        .iter()
        .any(|line| line.detail == "The price that this run gives “A-2”, not the one that it has today.");
    assert!(told, "{way:#?}");
}

#[test]
fn a_parent_that_follows_another_is_decided_after_it() {
    let set = set(&[
        rule("A-1", "formula price_of(\"A-2\") + 1"),
        rule("A-2", "formula price_of(\"A-3\") + 1"),
        rule("A-3", "formula price_of(\"A-4\") - 2"),
    ]
    .concat());
    // 20.00 less 2.00 is 18.00, and 1.00 more each: the first one stays where it is.
    assert_eq!(outcomes(&set, &products(4)), [Ok(None), Ok(Some(1_900)), Ok(Some(1_800)), Ok(None)]);
}

#[test]
fn a_condition_sees_the_new_price_too() {
    let text = [rule("A-2", "formula 22"), "rule \"r\"\n  when price_of(\"A-2\") > 21\n  price formula 19\n".into()];
    assert_eq!(outcomes(&set(&text.concat()), &products(2)), [Ok(Some(1_900)), Ok(Some(2_200))]);
}

#[test]
fn where_a_person_is_needed_first_the_parent_is_followed_at_todays_price() {
    let set = set(&[rule("A-1", "follow product \"A-2\" + 100 minor"), rule("A-2", "formula 90")].concat());
    assert_eq!(outcomes(&set, &products(2)), [Ok(Some(2_100)), Err(ExceptionReason::LargeChange)]);
}

#[test]
fn a_circle_waits_for_a_person_and_is_named() {
    let set = set(&[
        rule("A-1", "follow product \"A-2\" - 1 %"),
        rule("A-2", "follow product \"A-3\" - 1 %"),
        rule("A-3", "follow product \"A-1\" - 1 %"),
        rule("A-4", "follow product \"A-3\" + 100 minor"),
    ]
    .concat());
    let snapshot = products(5);
    let circle = Err(ExceptionReason::FollowCircle);
    assert_eq!(outcomes(&set, &snapshot), [circle, circle, circle, Ok(Some(2_100)), Ok(None)]);
    let words = way(&set, &snapshot, 1).summary;
    let named = "“A-1” follows “A-2”, “A-2” follows “A-3”, “A-3” follows “A-1”";
    assert!(words.starts_with(named), "{words}");
    let lints = lint(&set, &snapshot, 0, NOW, LintLimits::default(), &AtomicBool::new(false));
    let lints = lints.expect("compiles").expect("not cancelled");
    let told: Vec<_> = lints.iter().filter(|one| one.kind == LintKind::FollowCycle).collect();
    assert!(told.len() == 1 && told[0].message.starts_with(named), "{told:#?}");
}

#[test]
fn a_rule_that_does_not_decide_makes_no_circle() {
    let everybody = "rule \"all\"\n  price follow product \"A-2\"\n";
    let set =
        set(&[rule("A-2", "formula price_of(\"A-1\") + 1"), rule("A-1", "formula 21"), everybody.into()].concat());
    assert_eq!(outcomes(&set, &products(3)), [Ok(Some(2_100)), Ok(Some(2_200)), Ok(Some(2_200))]);
}

#[test]
fn a_product_that_follows_itself_follows_todays_price_and_lint_says_so() {
    let set = set("rule \"all\"\n  price follow product \"A-1\" - 1 %\n");
    let snapshot = products(2);
    assert_eq!(outcomes(&set, &snapshot), [Ok(Some(1_980)), Ok(Some(1_960))]);
    let lints = lint(&set, &snapshot, 0, NOW, LintLimits::default(), &AtomicBool::new(false));
    let lints = lints.expect("compiles").expect("not cancelled");
    assert!(lints.iter().any(|one| one.kind == LintKind::FollowCycle && one.rule == Some(0)), "{lints:#?}");
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let mut rules = String::from("rule \"chain\"\n  when sku = \"A-1\"\n  price formula 21\n");
    for key in 2..60 {
        rules.push_str(&rule(&format!("A-{key}"), &format!("formula price_of(\"A-{}\") + 0.05", key - 1)));
    }
    rules.push_str("rule \"all\"\n  price follow product \"A-59\" - 5 %\n");
    let (set, snapshot) = (set(&rules), products(9_000));
    let rules = CompiledRules::compile(&set, &snapshot).expect("compiles");
    let price = || price_all(&rules, &snapshot, 0, NOW, &AtomicBool::new(false), &|_| ()).expect("not cancelled");
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    let (one, many) = (pool(1).install(price), pool(5).install(price));
    assert_eq!(one, many);
    assert_eq!(digest(&one), digest(&many));
    assert_eq!(one.decisions[58].new_minor, 2_390, "21.00 and 58 times 0.05");
    assert_eq!(one.decisions[8_999].new_minor, 2_271, "5 % below 23.90");
}
