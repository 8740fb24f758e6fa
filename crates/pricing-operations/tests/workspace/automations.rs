//! What runs by itself.

use app_contract::AutomationTurnView;
use pricing_domain::{
    ApprovalLine, ApprovalPolicy, AutomationOutcome, AutomationPlan, AutomationTarget, BasisPoints, FileKind, FourEyes,
    Scope, ScopeTest,
};
use pricing_operations::{ErrorKind, Progress};

use crate::support::Shop;

fn night(scope: Vec<ScopeTest>) -> AutomationPlan {
    AutomationPlan {
        name: "Night".into(),
        pattern: "0 5 * * *".into(),
        time_zone: "UTC".into(),
        scope: Scope(scope),
        collect: false,
        competitors: Vec::new(),
        approve: true,
        target: AutomationTarget::File,
        connection: None,
    }
}

/// A shop whose competitor undercuts two products, with a policy that allows such cuts but is off for ordinary runs.
async fn shop() -> Shop {
    let shop = Shop::with_products().await;
    let line = ApprovalLine {
        name: "Small cuts".into(),
        largest_cut: Some(BasisPoints(1_000)),
        largest_raise: Some(BasisPoints(1_000)),
        ..ApprovalLine::default()
    };
    let policy = ApprovalPolicy { enabled: false, lines: vec![line], four_eyes: FourEyes::Off, all_or_nothing: false };
    shop.workspace.save_approval_policy(&policy).await.unwrap();
    shop
}

async fn undercut(shop: &Shop) {
    let at = shop.now();
    let text = format!(
        "sku,competitor,observed_at,price,currency,availability\nA1,Rival,{at},28.49,EUR,InStock\n\
         B2,Rival,{at},18.99,EUR,InStock\n"
    );
    shop.import_clean(FileKind::Observations, &text).await;
}

async fn turn(shop: &Shop) -> (AutomationTurnView, Option<String>) {
    let due = shop.workspace.take_due_automation().await.unwrap().expect("its time has come");
    let file = shop.path("handed.csv");
    let turn = shop.workspace.run_automation(due, &[], &file, &Progress::silent()).await.unwrap();
    (turn.view, turn.file.map(|path| std::fs::read_to_string(path).unwrap()))
}

#[tokio::test]
async fn a_turn_prices_approves_what_the_policy_allows_and_hands_it_over() {
    let shop = shop().await;
    let kettles = night(vec![ScopeTest::Category("Kitchen".into()), ScopeTest::HasCost(true)]);
    shop.workspace.save_automation(None, kettles).await.unwrap();
    assert_eq!(shop.workspace.take_due_automation().await.unwrap(), None, "not before its time");
    shop.later_hours(18);
    undercut(&shop).await;
    let (view, file) = turn(&shop).await;
    assert_eq!(view.outcome, Some(AutomationOutcome::Done), "{view:?}");
    assert_eq!((view.figures.approved, view.figures.handed_over), (2, 2), "{view:?}");
    let file = file.expect("written");
    assert!(file.lines().count() == 3 && file.contains("A1") && file.contains("B2"), "{file}");
    assert!(file.contains("Approval policy"), "who approved stands in the file: {file}");
    assert!(shop.price("A1", "DEFAULT").await.unwrap() < 2_999, "the price is in force");
    assert_eq!(shop.workspace.take_due_automation().await.unwrap(), None, "the next turn is tomorrow");

    let (view, _) = shop.workspace.automations().await.unwrap();
    assert_eq!(view.turns.len(), 1);
    assert_eq!(view.automations[0].next_at.map(|at| at.to_string()), Some("2026-03-04T05:00:00Z".into()));
    let audit = shop.workspace.audit(None, 0, 50).await.unwrap();
    let by: Vec<&str> = audit.rows.iter().map(|entry| entry.actor.as_str()).collect();
    assert!(by.contains(&"Automation “Night”"), "{by:?}");
    let (digest, _) = shop.workspace.automation_digest(None, "UTC").await.unwrap();
    assert!(digest.turns.len() == 1 && digest.words[0].contains("2 handed over"), "{:?}", digest.words);
}

#[tokio::test]
async fn what_is_outside_the_scope_waits_for_a_person() {
    let shop = shop().await;
    shop.workspace.save_automation(None, night(vec![ScopeTest::Brand(vec!["Shine".into()])])).await.unwrap();
    shop.later_hours(18);
    undercut(&shop).await;
    let (view, file) = turn(&shop).await;
    assert_eq!((view.outcome, view.figures.approved), (Some(AutomationOutcome::Done), 0), "{view:?}");
    assert!(file.is_none(), "nothing to hand over, no file");
    let batch = shop.workspace.batch(None).await.unwrap().unwrap();
    assert_eq!((batch.pending_changes, batch.approved), (2, 0));
}

#[tokio::test]
async fn the_stop_switch_and_a_pause_block_it_and_plans_that_cannot_work_are_refused() {
    let shop = shop().await;
    let id = shop.workspace.save_automation(None, night(Vec::new())).await.unwrap();
    shop.workspace.set_publishing_stop(true, "prices look odd").await.unwrap();
    shop.later_hours(18);
    undercut(&shop).await;
    let (view, file) = turn(&shop).await;
    assert_eq!((view.outcome, file), (Some(AutomationOutcome::Stopped), None), "{view:?}");
    assert_eq!(shop.workspace.batch(None).await.unwrap(), None, "not even priced");
    shop.workspace.set_publishing_stop(false, "").await.unwrap();
    shop.workspace.pause_automation(id, true).await.unwrap();
    shop.later_hours(48);
    assert_eq!(shop.workspace.take_due_automation().await.unwrap(), None, "it rests");
    shop.workspace.pause_automation(id, false).await.unwrap();
    shop.later_hours(24 * 3);
    assert!(shop.workspace.take_due_automation().await.unwrap().is_some(), "missed turns are taken once");
    assert_eq!(shop.workspace.take_due_automation().await.unwrap(), None);

    for wrong in [
        AutomationPlan { pattern: "now and then".into(), name: "A".into(), ..night(Vec::new()) },
        AutomationPlan { name: String::new(), ..night(Vec::new()) },
        AutomationPlan { approve: false, name: "B".into(), ..night(Vec::new()) },
        night(Vec::new()),
    ] {
        let refused = shop.workspace.save_automation(None, wrong).await.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Refused, "{}", refused.message);
    }
}

#[tokio::test]
async fn the_circuit_breaker_holds_a_turn() {
    let shop = shop().await;
    let rows: String = (0..30).map(|n| format!("P{n},Thing {n},Maker,Bulk,EUR,20.00,5.00,19\n")).collect();
    shop.import_clean(FileKind::Products, &format!("sku,name,brand,category,currency,price,cost,vat_rate\n{rows}"))
        .await;
    shop.workspace.save_automation(None, night(Vec::new())).await.unwrap();
    shop.later_hours(18);
    let at = shop.now();
    let offers: String = (0..30).map(|n| format!("P{n},Rival,{at},18.20,EUR,InStock\n")).collect();
    let text = format!("sku,competitor,observed_at,price,currency,availability\n{offers}");
    shop.import_clean(FileKind::Observations, &text).await;
    let (view, file) = turn(&shop).await;
    assert_eq!((view.outcome, file), (Some(AutomationOutcome::Held), None), "{view:?}");
    assert!(view.figures.approved == 0 && view.words.iter().any(|line| line.contains("circuit breaker")), "{view:?}");
}
