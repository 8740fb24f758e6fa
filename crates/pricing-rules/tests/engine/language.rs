//! Laws of the language: a scope and its text mean the same; a text survives tidying; a program gives the same for a
//! row alone as for the row among others; no text, however broken, ends the program.

use std::sync::atomic::AtomicBool;

use pricing_domain::{Guardrails, Rule, RuleSet, Strategy, TaxMode};
use pricing_rules::{
    CompiledRules, Expects, Snapshot, check, complete, format_expression, function_list, name_list, price_all,
    scope_text, value_wish,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::catalogue::NOW;
use crate::expressions::{condition, money};
use crate::random::{products, scope, snapshot};

/// A rule set of one rule that gives every product it is for a price of its own.
fn marking(rule: Rule) -> RuleSet {
    RuleSet {
        name: "Marks".into(),
        rules: vec![Rule { name: "mark".into(), strategy: Strategy::Formula("123456.78".into()), ..rule }],
        otherwise: Strategy::Keep,
        guardrails: Guardrails { no_cut_without_cost: false, ..Guardrails::default() },
        endings: Vec::new(),
        approval_limit: None,
        tests: Vec::new(),
    }
}

fn marked(rule: Rule, snapshot: &Snapshot) -> Vec<u32> {
    let set = marking(rule);
    let rules = CompiledRules::compile(&set, snapshot).unwrap_or_else(|problems| panic!("{problems:?}"));
    let run = price_all(&rules, snapshot, 0, NOW, &AtomicBool::new(false), &|_| ()).expect("not cancelled");
    run.decisions.iter().filter(|decision| decision.rule == 0).map(|decision| decision.row).collect()
}

#[test]
fn the_reference_names_everything_there_is() {
    let reference = include_str!("../../../../docs/rules.md");
    for (name, help) in name_list() {
        assert!(reference.contains(&format!("| `{name}` | {help} |")), "{name} is not in docs/rules.md as it is");
    }
    for (function, help) in function_list() {
        assert!(
            reference.contains(&format!("| `{function}` | {help} |")),
            "{function} is not in docs/rules.md as it is"
        );
    }
}

#[test]
fn a_scope_and_its_text_are_for_the_same_products() {
    let mut compared = 0;
    for seed in 0..400 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let snapshot = snapshot(&products(&mut random, 64), TaxMode::Gross);
        let scope = scope(&mut random);
        let text = scope_text(&scope);
        let by_scope = marked(Rule { scope, ..Rule::default() }, &snapshot);
        let by_text = marked(Rule { condition: Some(text.clone()), ..Rule::default() }, &snapshot);
        assert_eq!(by_scope, by_text, "seed {seed}: {text}");
        compared += by_scope.len();
    }
    assert!(compared > 2_000, "only {compared} products were there to compare");
}

#[test]
fn tidying_keeps_the_meaning_and_is_done_once() {
    for seed in 0..2_000 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let depth = random.random_range(0..4);
        let (text, expects) = if random.random_bool(0.5) {
            (money(&mut random, depth), Expects::Formula)
        } else {
            (condition(&mut random, depth), Expects::Condition)
        };
        check(&text, expects).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
        let tidy = format_expression(&text).expect("a text that was read");
        assert_eq!(format_expression(&tidy).expect("a tidy text"), tidy);
        check(&tidy, expects).unwrap_or_else(|problems| panic!("{tidy}: {problems:?}"));
    }
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let snapshot = snapshot(&products(&mut random, 512), TaxMode::Gross);
    for _ in 0..200 {
        let text = condition(&mut random, 3);
        let tidy = format_expression(&text).expect("a text that was read");
        let mark =
            |condition: &String| marked(Rule { condition: Some(condition.clone()), ..Rule::default() }, &snapshot);
        assert_eq!(mark(&text), mark(&tidy), "{text} became {tidy}");
    }
}

#[test]
fn no_text_ends_the_program_and_every_range_lies_inside() {
    const PIECES: [&str; 24] = [
        "comp.",
        "(",
        ")",
        "%",
        "5",
        "\"",
        "é",
        " in ",
        "not",
        ",",
        "-",
        "cost",
        "days since",
        "2026-13-40",
        "1e9",
        "*",
        "“",
        "and",
        "if(",
        "99999999999999999999",
        ".",
        "\u{1f}",
        "role =",
        "min(",
    ];
    for seed in 0..4_000 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let count = random.random_range(0..12);
        let text: String = (0..count).map(|_| PIECES[random.random_range(0..PIECES.len())]).collect();
        for expects in [Expects::Condition, Expects::Formula] {
            for problem in check(&text, expects).err().unwrap_or_default() {
                let ranges = [Some(problem.range), problem.fix.as_ref().map(|fix| fix.range)];
                for range in ranges.into_iter().flatten() {
                    assert!(text.get(range.start..range.end).is_some(), "{text:?}: {range:?}");
                }
            }
        }
        let cursor = random.random_range(0..text.len() + 2);
        for completion in complete(&text, cursor) {
            assert!(text.get(completion.range.start..completion.range.end).is_some(), "{text:?}: {completion:?}");
        }
        let _ = value_wish(&text, cursor);
    }
}
