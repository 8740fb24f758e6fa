//! Approval policies, approvals by two persons, snoozing and comments.

use app_contract::{ProposalDecision, ProposalFilter, ProposalRow, ProposalSelection, SnoozeChoice};
use pricing_domain::{
    ApprovalLine, ApprovalPolicy, BasisPoints, FourEyes, ProposalKind, ProposalStatus, Role, Scope, ScopeTest,
};
use pricing_operations::ErrorKind;

use crate::decisions::{decide, price, priced};
use crate::support::Shop;

fn policy(lines: Vec<ApprovalLine>, four_eyes: FourEyes) -> ApprovalPolicy {
    ApprovalPolicy { enabled: !lines.is_empty(), lines, four_eyes, all_or_nothing: false }
}

fn cuts(scope: Vec<ScopeTest>, limit: i32) -> ApprovalLine {
    let name = "Cuts".to_owned();
    ApprovalLine { name, scope: Scope(scope), largest_cut: Some(BasisPoints(limit)), ..ApprovalLine::default() }
}

async fn row(shop: &Shop, sku: &str) -> ProposalRow {
    let filter = ProposalFilter { snoozed: SnoozeChoice::Shown, ..ProposalFilter::default() };
    let rows = shop.workspace.proposals(&filter, 0, 500).await.unwrap().rows;
    rows.into_iter().find(|row| row.sku == sku).expect("the product has a proposal")
}

#[tokio::test]
async fn the_policy_approves_the_ordinary_of_a_run_and_leaves_the_rest() {
    let shop = priced().await;
    let (kettle, toaster) = (row(&shop, "A1").await, row(&shop, "B2").await);
    assert!(kettle.kind == ProposalKind::Change && toaster.kind == ProposalKind::Change, "{kettle:?} {toaster:?}");
    // Percentages are shown rounded; the limit is compared exactly.
    let size = |row: &ProposalRow| i32::abs(row.change_bp.unwrap()) + 1;
    let wide = size(&kettle).max(size(&toaster));
    let brand = |name: &str| vec![ScopeTest::Brand(vec![name.into()]), ScopeTest::HasCost(true)];
    let nobody = cuts(vec![ScopeTest::Role(vec![Role::Tail])], wide);
    let mine = policy(vec![nobody, cuts(brand("Boilo"), size(&kettle))], FourEyes::Off);
    let preview = shop.workspace.preview_approval_policy(&mine).await.unwrap();
    assert!(preview.lines[0] == 0 && preview.lines[1] >= 1 && preview.problems.is_empty(), "{preview:?}");
    assert_eq!(row(&shop, "A1").await.status, ProposalStatus::Pending, "a preview writes nothing");

    shop.workspace.save_approval_policy(&mine).await.unwrap();
    shop.later_hours(1);
    let report = shop.workspace.price(&pricing_operations::Progress::silent()).await.unwrap();
    assert_eq!(report.approved, preview.lines[1]);
    let approved = row(&shop, "A1").await;
    assert_eq!(
        (approved.status, approved.decision.as_deref()),
        (ProposalStatus::Approved, Some("Approval policy: Policy “Cuts”"))
    );
    let batch = shop.workspace.batch(None).await.unwrap().unwrap();
    assert_eq!((batch.approved, batch.pending_changes), (preview.lines[1], preview.left));

    // A tighter limit approves nothing; margin and stake limits hold as well.
    let tight = ApprovalLine { least_margin: Some(BasisPoints(9_000)), ..cuts(brand("Boilo"), wide) };
    shop.workspace.save_approval_policy(&policy(vec![tight], FourEyes::Off)).await.unwrap();
    shop.later_hours(1);
    price(&shop).await;
    assert_eq!(shop.workspace.batch(None).await.unwrap().unwrap().approved, 0);
    let refused = shop.workspace.save_approval_policy(&policy(vec![ApprovalLine::default()], FourEyes::Off)).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::Refused);
}

#[tokio::test]
async fn two_different_persons_approve_where_four_eyes_are_asked_for() {
    let shop = priced().await;
    shop.workspace.save_approval_policy(&policy(Vec::new(), FourEyes::All)).await.unwrap();
    let id = row(&shop, "A1").await.id;
    shop.workspace.act_as("Ana");
    let first = decide(&shop, id, ProposalDecision::Approve, "fits").await;
    assert_eq!((first.decided, first.first), (0, 1));
    let waiting = row(&shop, "A1").await;
    assert_eq!((waiting.status, waiting.first_by.as_deref()), (ProposalStatus::Pending, Some("Ana")));
    assert_eq!(shop.workspace.batch(None).await.unwrap().unwrap().first_approved, 1);

    let again = decide(&shop, id, ProposalDecision::Approve, "really").await;
    assert_eq!((again.decided, again.first, again.skipped), (0, 0, 1));
    assert!(again.skipped_reason.contains("another person"), "{}", again.skipped_reason);
    shop.workspace.act_as("ANA");
    assert_eq!(decide(&shop, id, ProposalDecision::Approve, "").await.decided, 0, "the same name in other letters");

    shop.workspace.act_as("Ben");
    shop.later_hours(1);
    let second = decide(&shop, id, ProposalDecision::Approve, "agreed").await;
    assert_eq!(second.decided, 1);
    let approved = row(&shop, "A1").await;
    assert_eq!(
        (approved.status, approved.decision.as_deref()),
        (ProposalStatus::Approved, Some("Ana and Ben: agreed"))
    );

    shop.workspace.undo_change_set(second.change_set.unwrap()).await.unwrap();
    let undone = row(&shop, "A1").await;
    assert_eq!((undone.status, undone.first_by.as_deref()), (ProposalStatus::Pending, Some("Ana")));
    shop.workspace.undo_change_set(first.change_set.unwrap()).await.unwrap();
    assert_eq!(row(&shop, "A1").await.first_by, None);
}

#[tokio::test]
async fn a_price_set_by_hand_waits_for_a_second_person_and_the_second_one_takes_that_price() {
    let shop = priced().await;
    shop.workspace.save_approval_policy(&policy(Vec::new(), FourEyes::Exceptions)).await.unwrap();
    let id = row(&shop, "A1").await.id;
    shop.workspace.act_as("Ana");
    let set = shop.workspace.price_by_hand(id, 2_777, "a round seven", None).await.unwrap();
    assert_eq!((set.decided, set.first), (0, 1));
    assert_eq!(row(&shop, "A1").await.status, ProposalStatus::Pending);
    shop.workspace.act_as("Ben");
    assert_eq!(decide(&shop, id, ProposalDecision::Approve, "").await.decided, 1);
    let approved = row(&shop, "A1").await;
    assert_eq!((approved.status, approved.new_minor), (ProposalStatus::Approved, Some(2_777)));
    // Ordinary changes need only one.
    let other = row(&shop, "B2").await;
    assert_eq!(other.kind, ProposalKind::Change);
    assert_eq!(decide(&shop, other.id, ProposalDecision::Approve, "").await.decided, 1);
}

#[tokio::test]
async fn what_is_snoozed_waits_through_later_runs_and_comes_back_by_itself() {
    let shop = priced().await;
    let id = row(&shop, "A1").await.id;
    let before = shop.workspace.batch(None).await.unwrap().unwrap();
    let one = ProposalSelection::Ids(vec![id]);
    let report = shop.workspace.snooze_proposals(&one, Some(shop.now().plus_days(2)), "stocktaking").await.unwrap();
    assert_eq!(report.decided, 1);
    let all_approved = ProposalSelection::Filter(ProposalFilter::default());
    shop.workspace.decide_proposals(&all_approved, ProposalDecision::Approve, "").await.unwrap();
    assert_eq!(row(&shop, "A1").await.status, ProposalStatus::Pending, "all that is shown is without it");

    shop.later_hours(1);
    price(&shop).await;
    assert!(shop.proposals().await.iter().all(|row| row.sku != "A1"));
    let batch = shop.workspace.batch(None).await.unwrap().unwrap();
    assert_eq!(batch.snoozed, 1);
    assert_eq!(batch.pending_changes + batch.snoozed + batch.approved, before.pending_changes, "approvals hold");
    let only = ProposalFilter { snoozed: SnoozeChoice::Only, ..ProposalFilter::default() };
    assert_eq!(shop.workspace.proposals(&only, 0, 10).await.unwrap().matching, 1);

    shop.later_hours(48);
    assert_eq!(shop.workspace.batch(None).await.unwrap().unwrap().snoozed, 0);
    assert!(shop.proposals().await.iter().any(|row| row.sku == "A1"));
    let past = shop.workspace.snooze_proposals(&one, Some(shop.now()), "").await;
    assert_eq!(past.unwrap_err().kind, ErrorKind::Refused);
}

#[tokio::test]
async fn comments_stay_with_product_and_list() {
    let shop = priced().await;
    shop.workspace.act_as("Ana");
    let comments = shop.workspace.comment_proposal(row(&shop, "A1").await.id, " ask the supplier ").await.unwrap();
    assert_eq!((comments[0].actor.as_str(), comments[0].text.as_str()), ("Ana", "ask the supplier"));
    shop.later_hours(1);
    price(&shop).await;
    let next = row(&shop, "A1").await;
    assert_eq!(next.comments, 1);
    assert_eq!(shop.workspace.comments(next.id).await.unwrap(), comments);
    assert_eq!(shop.workspace.comment_proposal(next.id, " ").await.unwrap_err().kind, ErrorKind::Refused);
}
