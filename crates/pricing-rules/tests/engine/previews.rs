//! The preview agrees with the run it is about; lint and rule tests say what they should.

use std::sync::atomic::AtomicBool;

use pricing_domain::{
    Adjustment, BasisPoints, CompetitorReference, Guardrails, MarginFloor, OfferPolicy, Rule, RuleSet, RuleTest, Scope,
    ScopeTest, Strategy, TaxMode, TestGiven, TestOffer,
};
use pricing_rules::{
    Effect, LintKind, LintLimits, NONE, PreviewQuestion, PreviewRow, Snapshot, lint, list_figures, preview, price_with,
    run_rule_tests,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::catalogue::NOW;
use crate::random::{products, rule_set, snapshot};

fn random_case(seed: u64) -> (Snapshot, RuleSet) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let snapshot = snapshot(&products(&mut random, 200), TaxMode::Gross);
    (snapshot, rule_set(&mut random))
}

#[test]
fn a_preview_agrees_with_the_run_it_is_about() {
    let running = AtomicBool::new(false);
    for seed in 0..40 {
        let (snapshot, edited) = random_case(seed);
        let run = price_with(&edited, &snapshot, 0, NOW, &running).expect("compiles").expect("not cancelled");
        let question = PreviewQuestion {
            snapshot: &snapshot,
            list: 0,
            edited: &edited,
            in_force: Some(&run),
            focus: Some(0),
            now: NOW,
        };
        let shown = preview(&question, &running).expect("compiles").expect("not cancelled");
        assert_eq!((&shown.counts, shown.effect), (&run.counts, run.effect), "seed {seed}");
        assert_eq!(shown.against_in_force.map(|one| (one.products, one.margin_micro)), Some((0, 0)));
        assert_eq!(shown.rules.len(), edited.flat_rules().len());
        let of_rules: i128 = shown.rules.iter().map(|rule| gained(&rule.effect)).sum();
        let otherwise = gained(&shown.effect) - of_rules;
        assert!(otherwise == 0 || run.counts.otherwise.raised + run.counts.otherwise.lowered > 0, "seed {seed}");
        for rule in &shown.rules {
            let taken: u64 = rule.reach.taken_by.values().sum();
            assert_eq!(
                rule.reach.in_scope,
                rule.counts.products + rule.reach.missing + taken,
                "seed {seed}: {}",
                rule.name
            );
        }
        let figures = list_figures(&snapshot, 0, &OfferPolicy::default(), BasisPoints(0), NOW);
        for (index, figure) in shown.indexes.iter().zip(&figures.competitors) {
            assert_eq!((index.before_hundredths, index.matched), (figure.index_hundredths, figure.matched));
        }
        assert!(shown.samples.iter().all(|row| row.rule == 0) && shown.samples.len() <= 10);
        let size = |row: &PreviewRow| (row.new_minor - row.old_minor).abs() * 1_000_000 / row.old_minor;
        assert!(shown.biggest_moves.windows(2).all(|pair| size(&pair[0]) >= size(&pair[1])), "seed {seed}");
        assert!(shown.biggest_moves.iter().all(|row| row.new_minor != NONE));
    }
}

fn gained(effect: &Effect) -> i128 {
    effect.revenue_after_micro - effect.revenue_before_micro
}

#[test]
fn a_cancelled_preview_gives_nothing() {
    let (snapshot, edited) = random_case(1);
    let question =
        PreviewQuestion { snapshot: &snapshot, list: 0, edited: &edited, in_force: None, focus: None, now: NOW };
    assert_eq!(preview(&question, &AtomicBool::new(true)), Ok(None));
}

fn set(rules: Vec<Rule>, tests: Vec<RuleTest>) -> RuleSet {
    RuleSet {
        name: "Set".into(),
        rules,
        otherwise: Strategy::Keep,
        guardrails: Guardrails {
            floors: vec![MarginFloor { scope: Scope::default(), margin: BasisPoints(1_000) }],
            ..Guardrails::default()
        },
        endings: Vec::new(),
        approval_limit: None,
        tests,
    }
}

fn rule(name: &str, condition: &str, formula: &str) -> Rule {
    Rule {
        name: name.into(),
        condition: Some(condition.into()),
        strategy: Strategy::Formula(formula.into()),
        ..Rule::default()
    }
}

#[test]
fn lint_names_what_is_doubtful_and_the_products_concerned() {
    let (snapshot, _) = random_case(1);
    let rules = vec![
        rule("Audio", "category within \"Audio\"", "first(comp.lowest, price)"),
        rule("Headphones", "category within \"Audio > Headphones\"", "price * 2"),
        rule("Half audio", "category within \"Audio\" or brand = \"Acme\"", "price"),
        rule("Nobody", "brand = \"Sonny\"", "comp(\"ElektroMarx\")"),
        rule("Net", "yes", "cost * 1.35"),
        Rule {
            scope: Scope(vec![ScopeTest::Supplier("Nobody & Sons".into())]),
            ..rule("Cheap", "price > 0", "rrp * 10 %")
        },
    ];
    let set = set(rules, Vec::new());
    let found = lint(&set, &snapshot, 0, NOW, LintLimits::default(), &AtomicBool::new(false));
    let found = found.expect("compiles").expect("not cancelled");
    let of = |kind: LintKind| found.iter().filter(move |one| one.kind == kind).collect::<Vec<_>>();
    let unreachable = of(LintKind::Unreachable);
    assert_eq!((unreachable.len(), unreachable[0].name.as_str()), (1, "Headphones"));
    assert!(unreachable[0].products > 0 && unreachable[0].message.contains("“Audio”"), "{:?}", unreachable[0]);
    assert!(of(LintKind::Overlap).iter().any(|one| one.name == "Half audio"));
    assert!(of(LintKind::MatchesNothing).iter().any(|one| one.name == "Nobody"));
    let unknown: Vec<&str> = of(LintKind::UnknownName).iter().map(|one| one.message.as_str()).collect();
    assert_eq!(
        unknown,
        [
            "No competitor is called “ElektroMarx”.",
            "No brand is called “Sonny”.",
            "No supplier is called “Nobody & Sons”."
        ]
    );
    assert_eq!(of(LintKind::CostWithoutVat)[0].name, "Net");
    let missing = of(LintKind::MissingInput);
    assert!(missing.iter().any(|one| one.name == "Net" && one.products > 0 && !one.skus.is_empty()));
}

#[test]
fn a_test_states_the_moves_before_it() {
    let text = r#"
rule set "Chased"
rule "Follow"
  price lowest - 1 %
guardrails
  cuts without cost
  step per week down 10 %
  changes every 12 hours
  changes at most 3 a week
  no spiral from 2 rounds within 7 days

test "two rounds are enough"
  given offer "ElektroMax" 88.00
  given moved 100.00 400 hours ago
  given moved "ElektroMax" 99.00 400 hours ago
  given moved "ElektroMax" 95.00 150 hours ago
  given moved 94.00 140 hours ago
  given moved "ElektroMax" 92.00 100 hours ago
  given moved 91.00 90 hours ago
  gives keep
test "one round is none"
  given offer "ElektroMax" 88.00
  given moved 100.00 400 hours ago
  given moved "ElektroMax" 99.00 400 hours ago
  given moved "ElektroMax" 92.00 100 hours ago
  given moved 91.00 90 hours ago
  gives 90.00
test "moved a moment ago"
  given offer "ElektroMax" 88.00
  given moved 90.00 20 days ago
  given moved 89.00 11 hours ago
  gives keep
test "moved yesterday"
  given offer "ElektroMax" 88.00
  given moved 90.00 20 days ago
  given moved 89.00 13 hours ago
  gives 87.12
test "often enough"
  given offer "ElektroMax" 88.00
  given moved 92.00 20 days ago
  given moved 91.00 5 days ago
  given moved 92.00 4 days ago
  given moved 91.00 3 days ago
  gives keep
"#;
    let set = pricing_rules::parse_rule_set(text).expect("a rule set");
    let (mut snapshot, _) = random_case(3);
    snapshot.lists[0].cash_step_minor = 1;
    let results = run_rule_tests(&set, &snapshot, NOW).expect("compiles");
    let failed: Vec<String> = results
        .iter()
        .filter(|one| !one.passed)
        .map(|one| format!("{}: {} {}", one.name, one.gave, one.words))
        .collect();
    assert!(results.len() == 5 && failed.is_empty(), "{failed:#?}");
    let mut wrong = set.clone();
    wrong.guardrails.spiral = None;
    let results = run_rule_tests(&wrong, &snapshot, NOW).expect("compiles");
    assert!(!results[0].passed, "without the guardrail the price follows");
}

#[test]
fn a_test_of_a_rule_set_gives_the_price_it_says() {
    let (mut snapshot, _) = random_case(3);
    snapshot.lists[0].cash_step_minor = 1;
    let follow = Strategy::Competitor {
        reference: CompetitorReference::Lowest,
        adjust: Adjustment::Percent(BasisPoints(-200)),
        offers: OfferPolicy::default(),
    };
    let given = TestGiven {
        price: Some("80.00".into()),
        cost: Some("50".into()),
        vat: Some("19 %".into()),
        offers: Some(vec![TestOffer { competitor: "ElektroMax".into(), price: "80".into() }]),
        ..TestGiven::default()
    };
    let test = |name: &str, given: &TestGiven, gives: &str| RuleTest {
        name: name.into(),
        given: given.clone(),
        gives: gives.into(),
        ..RuleTest::default()
    };
    let penny =
        TestGiven { offers: Some(vec![TestOffer { competitor: "A".into(), price: "0.01".into() }]), ..given.clone() };
    let no_offer = TestGiven { offers: None, ..given.clone() };
    let unknown = RuleTest { sku: Some("nobody".into()), ..test("unknown", &given, "1") };
    let tests = vec![
        test("follows", &given, "78.40"),
        test("wrong", &given, "78.39"),
        test("penny", &penny, "66.12"),
        test("asks", &penny, "large_change"),
        test("keeps", &no_offer, "keep"),
        unknown,
    ];
    let set = set(vec![Rule { name: "Follow".into(), strategy: follow, ..Rule::default() }], tests);
    let results = run_rule_tests(&set, &snapshot, NOW).expect("compiles");
    let found: Vec<(bool, &str)> = results.iter().map(|one| (one.passed, one.gave.as_str())).collect();
    assert_eq!(
        found,
        [(true, "78.40"), (false, "78.40"), (true, "66.12"), (true, "large_change"), (true, "keep"), (false, "")]
    );
    assert!(results[5].words.contains("nobody"));
}
