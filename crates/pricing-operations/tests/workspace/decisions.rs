//! Pricing runs and what people decide about them.

use app_contract::{DecisionReport, ProposalDecision, ProposalFilter, ProposalRow, ProposalSelection};
use pricing_domain::{FileKind, OutputFormat, ProposalId, ProposalStatus};
use pricing_operations::Progress;

use crate::support::Shop;

/// A shop whose kettle and toaster are to change their price by the rules.
pub async fn priced() -> Shop {
    let shop = Shop::with_products().await;
    shop.import_clean(
        FileKind::Observations,
        "sku,competitor,observed_at,price,currency,availability\nA1,Rival,2026-03-02T08:00:00Z,28.49,EUR,InStock\n\
         B2,Rival,2026-03-02T08:00:00Z,18.99,EUR,InStock\n",
    )
    .await;
    price(&shop).await;
    shop
}

pub async fn price(shop: &Shop) {
    shop.workspace.price(&Progress::silent()).await.unwrap();
}

pub async fn decide(shop: &Shop, id: ProposalId, decision: ProposalDecision, reason: &str) -> DecisionReport {
    shop.workspace.decide_proposals(&ProposalSelection::Ids(vec![id]), decision, reason).await.unwrap()
}

async fn proposal(shop: &Shop, sku: &str) -> ProposalRow {
    shop.proposals().await.into_iter().find(|row| row.sku == sku).expect("the product has a proposal")
}

#[tokio::test]
async fn a_run_writes_proposals_and_the_next_one_supersedes_what_waits() {
    let shop = priced().await;
    let first = proposal(&shop, "A1").await;
    assert_eq!((first.old_minor, first.status), (Some(2_999), ProposalStatus::Pending));
    assert!(first.new_minor.is_some_and(|new| new < 2_999), "{first:?}");
    assert!(shop.row("A1", "DEFAULT").await.pending);
    let rejected = proposal(&shop, "B2").await;
    decide(&shop, rejected.id, ProposalDecision::Reject, "").await;
    assert!(!shop.row("B2", "DEFAULT").await.pending);
    shop.later_hours(1);
    price(&shop).await;
    let second = proposal(&shop, "A1").await;
    assert_ne!(first.id, second.id);
    assert_eq!(first.new_minor, second.new_minor);
    let batch = shop.workspace.batch(None).await.unwrap().unwrap();
    assert_eq!(
        (batch.pending_changes + batch.pending_exceptions, batch.rejected),
        (shop.proposals().await.len() as u64, 0)
    );
}

#[tokio::test]
async fn proposals_of_an_older_run_cannot_be_decided_any_more() {
    let shop = priced().await;
    let (pending, rejected) = (proposal(&shop, "A1").await, proposal(&shop, "B2").await);
    decide(&shop, rejected.id, ProposalDecision::Reject, "").await;
    shop.later_hours(1);
    price(&shop).await;
    for id in [pending.id, rejected.id] {
        let report = decide(&shop, id, ProposalDecision::Approve, "").await;
        assert_eq!((report.decided, report.skipped, report.change_set), (0, 1, None));
        assert!(report.skipped_reason.contains("superseded"), "{}", report.skipped_reason);
    }
}

#[tokio::test]
async fn a_decision_tells_who_and_why_and_can_be_taken_back() {
    let shop = priced().await;
    let id = proposal(&shop, "A1").await.id;
    let approved = decide(&shop, id, ProposalDecision::Approve, "fits the season").await;
    let row = proposal(&shop, "A1").await;
    assert_eq!((row.status, row.decision.as_deref()), (ProposalStatus::Approved, Some("tester: fits the season")));
    shop.later_hours(1);
    let rejected = decide(&shop, id, ProposalDecision::Reject, "too low").await;
    assert_eq!(proposal(&shop, "A1").await.status, ProposalStatus::Rejected);
    shop.later_hours(1);
    let reopened = decide(&shop, id, ProposalDecision::Reopen, "").await;
    assert_eq!(proposal(&shop, "A1").await.status, ProposalStatus::Pending);
    let summaries: Vec<String> =
        shop.workspace.audit(None, 0, 3).await.unwrap().rows.into_iter().map(|entry| entry.summary).collect();
    assert_eq!(
        summaries,
        ["Reopened 1 proposal", "Rejected 1 proposal: too low", "Approved 1 proposal: fits the season"]
    );
    for (report, status, decision) in [
        (reopened, ProposalStatus::Rejected, Some("tester: too low")),
        (rejected, ProposalStatus::Approved, Some("tester: fits the season")),
    ] {
        shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
        let row = proposal(&shop, "A1").await;
        assert_eq!((row.status, row.decision.as_deref()), (status, decision));
    }
    decide(&shop, id, ProposalDecision::Reject, "").await;
    let undone = shop.workspace.undo_change_set(approved.change_set.unwrap()).await.unwrap();
    assert_eq!(undone.restored, 0, "it was decided again since");
    assert!(undone.conflicts[0].starts_with("1 proposals were decided again"), "{:?}", undone.conflicts);
}

#[tokio::test]
async fn undoing_an_approval_makes_it_wait_again() {
    let shop = priced().await;
    let all = ProposalSelection::Filter(ProposalFilter::default());
    let report = shop.workspace.decide_proposals(&all, ProposalDecision::Approve, "").await.unwrap();
    assert!(report.decided >= 2 && !shop.row("A1", "DEFAULT").await.pending);
    let undone = shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!((undone.restored, undone.conflicts.len()), (report.decided, 0));
    let row = proposal(&shop, "A1").await;
    assert_eq!((row.status, row.decision), (ProposalStatus::Pending, None));
    assert!(shop.row("A1", "DEFAULT").await.pending);
}

#[tokio::test]
async fn undoing_a_rejection_after_the_next_run_approves_nothing() {
    let shop = priced().await;
    let id = proposal(&shop, "A1").await.id;
    decide(&shop, id, ProposalDecision::Approve, "").await;
    let rejected = decide(&shop, id, ProposalDecision::Reject, "").await;
    shop.later_hours(1);
    price(&shop).await;
    let undone = shop.workspace.undo_change_set(rejected.change_set.unwrap()).await.unwrap();
    assert_eq!((undone.restored, undone.conflicts.len()), (0, 1));
    let batch = shop.workspace.batch(None).await.unwrap().unwrap();
    assert_eq!(batch.approved, 0);
}

#[tokio::test]
async fn a_stored_proposal_is_explained_to_the_same_cent_after_the_catalogue_changed() {
    let shop = priced().await;
    let before = proposal(&shop, "A1").await;
    let way = shop.workspace.price_way(before.id).await.unwrap();
    shop.later_hours(1);
    shop.import_clean(FileKind::Products, "sku,name,currency,price,cost\nA1,Kettle,EUR,45.00,30.00\n").await;
    read_rival(&shop).await;
    let mut rules = shop.workspace.rule_set().await.unwrap();
    rules.rules.clear();
    shop.workspace.activate_rule_set(rules).await.unwrap();
    assert_eq!(shop.workspace.price_way(before.id).await.unwrap(), way);
    let result = way.lines.iter().rev().find_map(|line| line.amount).unwrap();
    assert_eq!(Some(result.amount_minor), before.new_minor);
}

async fn read_rival(shop: &Shop) {
    let text = "sku,competitor,observed_at,price,currency\nA1,Rival,2026-03-02T12:30:00Z,9.99,EUR\n";
    shop.import_clean(FileKind::Observations, text).await;
}

#[tokio::test]
async fn a_cancelled_run_leaves_the_batch_before_in_place() {
    let shop = priced().await;
    let before = shop.proposals().await;
    let cancel = tokio_util::sync::CancellationToken::new();
    cancel.cancel();
    let error = shop.workspace.price(&Progress::new(cancel, |_, _, _| {})).await.unwrap_err();
    assert_eq!(error.message, "Stopped. Nothing was changed.");
    assert_eq!(shop.proposals().await, before);
}

#[tokio::test]
async fn a_price_by_hand_stays_inside_hard_guardrails_and_is_taken_back_whole() {
    let shop = priced().await;
    let before = proposal(&shop, "A1").await;
    let set = async |price: i64, reason: &str| shop.workspace.price_by_hand(before.id, price, reason, None).await;
    let floor = before.floor_minor.expect("a cost gives a floor");

    assert!(set(2_777, " ").await.is_err(), "a reason is needed");
    let below = set(floor - 1, "Match a flyer").await.unwrap_err().to_string();
    assert!(below.contains("refused"), "{below}");
    assert!(set(2_999, "Keep it").await.unwrap_err().to_string().contains("today's price"));
    let seen = shop.workspace.preview_price_by_hand(before.id, 2_777).await.unwrap();
    assert!(shop.workspace.preview_price_by_hand(before.id, floor - 1).await.is_err(), "seen is what may be set");
    assert_eq!(proposal(&shop, "A1").await, before, "looking changes nothing");
    let report = set(2_777, "Match a flyer").await.unwrap();

    let after = proposal(&shop, "A1").await;
    assert_eq!((after.new_minor, after.status), (Some(2_777), ProposalStatus::Approved), "an ending is for rules");
    assert_eq!(after.change_bp, Some(-740));
    assert!(after.decision.as_ref().is_some_and(|words| words.contains("Match a flyer")), "{after:?}");
    assert_ne!(after.margin_bp, before.margin_bp);
    assert_eq!((seen.change_bp, seen.margin_bp), (after.change_bp, after.margin_bp), "what was seen is what it is");
    assert!(seen.margin_before_bp > seen.margin_bp, "{seen:?}");
    assert_eq!(seen.margin_effect_minor, None, "nothing was sold, so nothing is told of a sum");

    let undone = shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(undone.conflicts, Vec::<String>::new());
    assert_eq!(proposal(&shop, "A1").await, before);

    shop.import_clean(FileKind::Sales, "sku,date,units\nA1,2026-02-25,10\n").await;
    let seen = shop.workspace.preview_price_by_hand(before.id, 2_777).await.unwrap();
    assert_eq!(seen.margin_effect_minor, Some(-1_866), "10 × (27.77 − 29.99) ÷ 1.19");
}

#[tokio::test]
async fn a_held_price_outlasts_the_next_run_until_it_is_given_back() {
    let shop = priced().await;
    let before = proposal(&shop, "A1").await;
    let hold = async |day: &str| {
        let day = day.parse().expect("a day");
        shop.workspace.price_by_hand(before.id, 2_777, "Match a flyer", Some(day)).await
    };
    assert!(hold("2026-03-01").await.unwrap_err().to_string().contains("from today on"));
    hold("2026-03-31").await.unwrap();
    let locks = shop.workspace.price_locks(None).await.unwrap();
    assert_eq!(locks.len(), 1);
    assert_eq!(locks[0].price.map(|price| price.amount_minor), Some(2_777));
    assert_eq!(locks[0].valid_to.map(|end| end.to_string()), Some("2026-04-01T00:00:00Z".into()));

    shop.later_hours(1);
    price(&shop).await;
    let again = proposal(&shop, "A1").await;
    assert_eq!(again.new_minor, Some(2_777), "rules are not asked");
    let way = shop.workspace.price_way(again.id).await.unwrap();
    assert!(way.summary.contains("the price is fixed"), "{}", way.summary);
    decide(&shop, again.id, ProposalDecision::Approve, "").await;
    let written = shop.workspace.export_prices(&shop.path("new.csv"), OutputFormat::Csv, None).await.unwrap().prices;
    assert_eq!(written, 1, "its own lock does not hold it up");

    let lock = &locks[0];
    let left = shop.workspace.end_price_lock(lock.product, lock.price_list, lock.valid_from).await.unwrap();
    assert_eq!(left, []);
    shop.later_hours(1);
    price(&shop).await;
    let way = shop.workspace.price_way(proposal(&shop, "A1").await.id).await.unwrap();
    assert!(!way.summary.contains("fixed"), "rules decide again: {}", way.summary);
}

#[tokio::test]
async fn approvals_that_were_not_handed_over_hold_for_the_next_run() {
    let shop = priced().await;
    let (kettle, toaster) = (proposal(&shop, "A1").await, proposal(&shop, "B2").await);
    shop.workspace.price_by_hand(kettle.id, 2_777, "Match a flyer", None).await.unwrap();
    decide(&shop, toaster.id, ProposalDecision::Approve, "looks right").await;
    shop.later_hours(1);
    let report = shop.workspace.price(&Progress::silent()).await.unwrap();
    assert_eq!((report.carried, report.fallen), (2, 0), "{report:?}");
    let again = proposal(&shop, "A1").await;
    assert_eq!((again.new_minor, again.status), (Some(2_777), ProposalStatus::Approved), "set by hand, and kept");
    assert!(again.decision.as_ref().is_some_and(|words| words.contains("Match a flyer")), "{again:?}");
    let again = proposal(&shop, "B2").await;
    assert_eq!((again.new_minor, again.status), (toaster.new_minor, ProposalStatus::Approved));
    assert!(again.decision.is_some_and(|words| words.contains("looks right")));

    // Without any proposal of the run, too.
    let mut rules = shop.workspace.rule_set().await.unwrap();
    rules.rules.clear();
    shop.workspace.activate_rule_set(rules).await.unwrap();
    shop.later_hours(1);
    assert_eq!(shop.workspace.price(&Progress::silent()).await.unwrap().carried, 2);
    assert_eq!(proposal(&shop, "A1").await.new_minor, Some(2_777));
    assert_eq!(shop.workspace.export_prices(&shop.path("new.csv"), OutputFormat::Csv, None).await.unwrap().prices, 2);
}

#[tokio::test]
async fn an_approval_that_cannot_stay_is_named_by_the_next_run() {
    let shop = priced().await;
    let kettle = proposal(&shop, "A1").await;
    shop.workspace.price_by_hand(kettle.id, 2_000, "Sell off", None).await.unwrap();
    shop.import_clean(FileKind::Products, "sku,name,currency,price,cost\nA1,Kettle,EUR,29.99,20.00\n").await;
    shop.later_hours(1);
    let report = shop.workspace.price(&Progress::silent()).await.unwrap();
    assert_eq!((report.carried, report.fallen), (0, 1), "{report:?}");
    assert!(report.fallen_words[0].starts_with("A1 on DEFAULT: 20.00 EUR, approved by tester"), "{report:?}");
    assert!(report.fallen_words[0].contains("below its floor"), "{report:?}");
    assert_ne!(proposal(&shop, "A1").await.status, ProposalStatus::Approved);
}

#[tokio::test]
async fn a_list_that_follows_another_follows_its_new_prices() {
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::Prices, "sku,price_list,price,currency\nA1,B2B,26.99,EUR\n").await;
    let text = "rule set \"Two lists\"\n\
        rule \"B2B follows\"\n  for price_list = \"B2B\"\n  price follow list \"DEFAULT\" - 10 %\n\
        rule \"Market\"\n  price margin 40 %\n";
    shop.workspace.activate_rule_set(pricing_rules::parse_rule_set(text).unwrap()).await.unwrap();
    price(&shop).await;
    let rows = shop.proposals().await;
    let of =
        |list: &str| rows.iter().find(|row| row.sku == "A1" && row.price_list == list).and_then(|row| row.new_minor);
    let (shop_price, derived) = (of("DEFAULT").expect("a new price"), of("B2B").expect("a new price"));
    assert_ne!(shop_price, 2_999);
    assert_eq!(derived, (shop_price * 9 + 5) / 10, "10 % below the new price, not below today's");
    let row = rows.iter().find(|row| row.sku == "A1" && row.price_list == "B2B").unwrap();
    let way = shop.workspace.price_way(row.id).await.unwrap();
    assert_eq!(way.lines.iter().rev().find_map(|line| line.amount).map(|one| one.amount_minor), Some(derived));

    let circle = text.replace("price margin 40 %", "price follow list \"B2B\"");
    let refused = shop.workspace.activate_rule_set(pricing_rules::parse_rule_set(&circle).unwrap()).await.unwrap_err();
    assert!(refused.message.contains("“DEFAULT”, “B2B”") && refused.message.contains("circle"), "{}", refused.message);
}
