//! What edited rules would do, before anything is written.

use app_contract::RulePreview;
use pricing_domain::{BasisPoints, Rule, RuleSet, RuleSetState, RuleTest, Strategy, TestGiven};

use crate::decisions::{price, priced};
use crate::support::Shop;

async fn preview(shop: &Shop, rules: RuleSet) -> RulePreview {
    shop.workspace.preview_rules(rules, shop.list("DEFAULT").await).await.unwrap()
}

async fn cost_plus(shop: &Shop, margin: i32) -> RuleSet {
    let mut rules = shop.workspace.rule_set().await.unwrap();
    for rule in &mut rules.rules {
        rule.strategy = Strategy::CostPlusMargin { margin: BasisPoints(margin) };
        rule.fallback = None;
    }
    rules
}

#[tokio::test]
async fn a_preview_counts_what_a_run_then_proposes_and_writes_nothing() {
    let shop = priced().await;
    let sequence = shop.workspace.sequence().await.unwrap();
    let rules = cost_plus(&shop, 4_000).await;
    let seen = preview(&shop, rules.clone()).await;
    assert_eq!(shop.workspace.sequence().await.unwrap(), sequence);
    assert_ne!(seen.edited, seen.in_force);
    assert_eq!(seen.rules.len(), rules.rules.len() + 1);

    shop.workspace.activate_rule_set(rules.clone()).await.unwrap();
    shop.later_hours(1);
    price(&shop).await;
    let batch = shop.workspace.batch(None).await.unwrap().unwrap();
    assert_eq!(batch.pending_changes, seen.edited.raised + seen.edited.lowered);
    assert_eq!(batch.pending_exceptions, seen.edited.exceptions);
    let proposed: Vec<_> = shop.proposals().await.into_iter().map(|row| (row.sku, row.old_minor)).collect();
    for row in &seen.moves {
        assert!(proposed.contains(&(row.sku.clone(), Some(row.old_minor))), "{row:?}");
    }
    let again = preview(&shop, rules).await;
    assert_eq!(again.edited, again.in_force, "the rules in force change nothing against themselves");
}

#[tokio::test]
async fn the_index_moves_with_the_prices() {
    let shop = priced().await;
    shop.import_clean(pricing_domain::FileKind::Sales, "sku,date,units\nA1,2026-03-01,10\nB2,2026-03-01,10\n").await;
    let mut rules = cost_plus(&shop, 3_000).await;
    rules.guardrails.step = Default::default();
    rules.approval_limit = None;
    let seen = preview(&shop, rules).await;
    let shift = &seen.indexes[0];
    let own = [("A1", 2_999), ("B2", 1_999)].map(|(sku, today)| {
        let change = seen.samples.iter().find(|row| row.sku == sku);
        (today, change.map_or(today, |row| row.new_minor))
    });
    let index = |own: i64| (own * 10_000 + (2_849 + 1_899) / 2) / (2_849 + 1_899);
    assert_eq!(shift.before_hundredths, index(own[0].0 + own[1].0));
    assert_eq!(shift.after_hundredths, index(own[0].1 + own[1].1), "{seen:?}");
    assert_ne!(shift.before_hundredths, shift.after_hundredths);
}

#[tokio::test]
async fn rules_that_contradict_themselves_say_why_instead_of_counting() {
    let shop = priced().await;
    let rules = cost_plus(&shop, 10_000).await;
    let seen = preview(&shop, rules).await;
    assert!(seen.problems[0].reason.contains("below 100 %"), "{:?}", seen.problems);
    assert_eq!(seen.products, 0);
}

#[tokio::test]
async fn every_version_of_the_rules_can_be_read_again() {
    let shop = priced().await;
    let first = shop.workspace.rule_set().await.unwrap();
    let second = cost_plus(&shop, 2_500).await;
    shop.workspace.activate_rule_set(second.clone()).await.unwrap();
    let versions = shop.workspace.rule_set_versions().await.unwrap();
    assert_eq!(
        versions.iter().map(|one| (one.version, one.state)).collect::<Vec<_>>(),
        [(2, RuleSetState::Active), (1, RuleSetState::Archived)]
    );
    assert_eq!(shop.workspace.rule_set_version(1).await.unwrap(), first);
    assert_eq!(shop.workspace.rule_set_version(2).await.unwrap(), second);
    assert!(shop.workspace.rule_set_version(3).await.is_err());
}

#[tokio::test]
async fn a_scheduled_version_comes_into_force_by_itself_and_a_draft_does_not() {
    let shop = priced().await;
    let (first, later) = (shop.workspace.rule_set().await.unwrap(), cost_plus(&shop, 2_500).await);
    let broken = cost_plus(&shop, 10_000).await;
    shop.workspace.save_rule_draft(&broken).await.unwrap();
    assert!(shop.workspace.schedule_rule_set(&broken, shop.now().plus_hours(5)).await.is_err());
    assert!(shop.workspace.schedule_rule_set(&later, shop.now()).await.is_err(), "now is not later");
    shop.workspace.schedule_rule_set(&later, shop.now().plus_hours(5)).await.unwrap();

    shop.later_hours(4);
    assert_eq!(shop.workspace.rule_set().await.unwrap(), first);
    shop.later_hours(1);
    assert_eq!(shop.workspace.rule_set().await.unwrap(), later);
    let versions = shop.workspace.rule_set_versions().await.unwrap();
    let states: Vec<RuleSetState> = versions.iter().map(|one| one.state).collect();
    assert_eq!(states, [RuleSetState::Active, RuleSetState::Draft, RuleSetState::Archived]);

    let left = shop.workspace.remove_rule_set(2).await.unwrap();
    assert_eq!(left.len(), 2);
    assert!(shop.workspace.remove_rule_set(1).await.is_err(), "a version that priced stays");
}

#[tokio::test]
async fn rules_whose_own_tests_fail_are_not_put_in_force() {
    let shop = priced().await;
    let given = TestGiven { price: Some("20.00".into()), cost: Some("12.00".into()), ..TestGiven::default() };
    let test = |gives: &str| RuleTest {
        name: "cost plus".into(),
        sku: Some("A1".into()),
        list: None,
        given: given.clone(),
        gives: gives.into(),
    };
    let mut rules = cost_plus(&shop, 3_000).await;
    rules.tests = vec![test("18.49")];
    let seen = preview(&shop, rules.clone()).await;
    assert!(!seen.tests[0].passed, "{:?}", seen.tests);
    let refused = shop.workspace.activate_rule_set(rules.clone()).await.unwrap_err();
    assert!(refused.message.contains("“cost plus” gives"), "{}", refused.message);
    rules.tests = vec![test("19.99")];
    shop.workspace.activate_rule_set(rules).await.unwrap();
}

#[tokio::test]
async fn a_rule_that_never_decides_is_told_of() {
    let shop = priced().await;
    let mut rules = cost_plus(&shop, 3_000).await;
    rules.rules.insert(1, Rule { name: "shadowed".into(), ..rules.rules[0].clone() });
    rules.rules[0].scope = Default::default();
    rules.rules[0].enabled = true;
    let remarks = shop.workspace.lint_rules(rules, shop.list("DEFAULT").await).await.unwrap();
    assert!(remarks.iter().any(|remark| remark.rule == Some(1)), "{remarks:?}");
}
