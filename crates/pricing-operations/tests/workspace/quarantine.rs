//! Trust: what is unusual is kept and flagged, what may be no price waits, and a person's answer teaches the listing.

use app_contract::{CompetitorSettings, FlagUse, QuarantineFilter, QuarantinePage, ReadingPolicy};
use pricing_domain::{OfferFlag, QuarantineCause, QuarantineDecision};

use crate::collecting::{collect, rival_id, with_rival};
use crate::server::Rival;
use crate::support::Shop;

async fn quarantine(shop: &Shop, decision: QuarantineDecision) -> QuarantinePage {
    shop.workspace.quarantine(&QuarantineFilter { decision, competitor: None }, 0, 100).await.unwrap()
}

/// A rival whose kettle cost about 25 for four days.
async fn settled() -> (Shop, Rival) {
    let (shop, rival) = with_rival().await;
    for price in ["25.00", "24.50", "25.00", "25.50"] {
        rival.price("/a", price);
        collect(&shop, &rival).await;
        shop.later_hours(24);
    }
    (shop, rival)
}

async fn read(shop: &Shop, rival: &Rival, price: &str) {
    rival.price("/a", price);
    collect(shop, rival).await;
    shop.later_hours(24);
}

async fn offer(shop: &Shop) -> app_contract::OfferView {
    shop.detail("A1").await.offers.remove(0)
}

async fn way(shop: &Shop) -> app_contract::PriceWayView {
    let (product, list) = (shop.row("A1", "DEFAULT").await.id, shop.list("DEFAULT").await);
    shop.workspace.explain_product(product, list).await.unwrap()
}

#[tokio::test]
async fn a_slipped_decimal_point_waits_and_is_not_used() {
    let (shop, rival) = settled().await;
    read(&shop, &rival, "2550.00").await;
    let page = quarantine(&shop, QuarantineDecision::Waiting).await;
    assert_eq!((page.matching, page.rows[0].cause), (1, QuarantineCause::DecimalSlip));
    let row = &page.rows[0];
    assert_eq!((row.sku.as_str(), row.competitor.as_str(), row.price.amount_minor), ("A1", "Rival", 255_000));
    assert_eq!(row.last_price.unwrap().amount_minor, 2_550);
    assert!(row.reason.contains("decimal point") && row.fragment.contains("2550") && row.has_page);
    let offer = offer(&shop).await;
    assert_eq!(offer.price.unwrap().amount_minor, 2_550, "the last price that was one");
    assert!(offer.reason.contains("quarantine"), "{}", offer.reason);
    read(&shop, &rival, "2550.00").await;
    assert_eq!(quarantine(&shop, QuarantineDecision::Waiting).await.rows[0].times_seen, 2, "one stretch");
}

#[tokio::test]
async fn an_accepted_reading_becomes_a_price_and_can_be_taken_back() {
    let (shop, rival) = settled().await;
    read(&shop, &rival, "2.20").await;
    let waiting = quarantine(&shop, QuarantineDecision::Waiting).await.rows.remove(0);
    assert_eq!(waiting.cause, QuarantineCause::UnitPrice);
    let before = shop.picture().await;
    let report =
        shop.workspace.decide_quarantined(&[waiting.id], QuarantineDecision::Accepted, "sold off").await.unwrap();
    assert_eq!((report.decided, report.skipped), (1, 0));
    let accepted = offer(&shop).await;
    assert_eq!((accepted.price.unwrap().amount_minor, accepted.usable), (220, true), "{}", accepted.usage);
    let decided = quarantine(&shop, QuarantineDecision::Accepted).await.rows.remove(0);
    assert!(decided.decided.contains("tester") && decided.decided.contains("sold off"));
    let again = shop.workspace.decide_quarantined(&[waiting.id], QuarantineDecision::Rejected, "").await.unwrap();
    assert_eq!((again.decided, again.change_set), (0, None));

    let undone = shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!((undone.restored, undone.conflicts), (1, Vec::<String>::new()));
    assert_eq!(quarantine(&shop, QuarantineDecision::Waiting).await.matching, 1);
    assert!(shop.picture().await == before, "as before the decision");
}

#[tokio::test]
async fn an_accepted_price_is_ordinary_from_then_on_and_stays_when_it_was_seen_again() {
    let (shop, rival) = settled().await;
    read(&shop, &rival, "2.50").await;
    let waiting = quarantine(&shop, QuarantineDecision::Waiting).await.rows[0].id;
    let accepted = QuarantineDecision::Accepted;
    let report = shop.workspace.decide_quarantined(&[waiting], accepted, "").await.unwrap();
    read(&shop, &rival, "2.50").await;
    assert_eq!(quarantine(&shop, QuarantineDecision::Waiting).await.matching, 0);
    let offer = offer(&shop).await;
    assert_eq!((offer.times_seen, offer.flags, offer.usable), (2, Vec::new(), true));
    let undone = shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(undone.restored, 0);
    assert!(undone.conflicts[0].contains("seen again"), "{:?}", undone.conflicts);
}

#[tokio::test]
async fn a_rejected_amount_is_remembered_and_nobody_is_asked_again() {
    let (shop, rival) = settled().await;
    read(&shop, &rival, "2.50").await;
    let waiting = quarantine(&shop, QuarantineDecision::Waiting).await.rows[0].id;
    shop.workspace.decide_quarantined(&[waiting], QuarantineDecision::Rejected, "per litre").await.unwrap();
    read(&shop, &rival, "25.00").await;
    read(&shop, &rival, "2.50").await;
    assert_eq!(quarantine(&shop, QuarantineDecision::Waiting).await.matching, 0);
    let rejected = quarantine(&shop, QuarantineDecision::Rejected).await;
    assert_eq!((rejected.matching, rejected.rows[0].cause), (2, QuarantineCause::RejectedBefore));
    assert_eq!(offer(&shop).await.price.unwrap().amount_minor, 2_500);
}

#[tokio::test]
async fn black_friday_is_flagged_and_counts_once_it_is_confirmed() {
    let (shop, rival) = settled().await;
    read(&shop, &rival, "13.90").await;
    let first = offer(&shop).await;
    assert_eq!((first.price.unwrap().amount_minor, first.flags.clone()), (1_390, vec![OfferFlag::UnusualForListing]));
    assert_eq!((first.usable, first.usage.as_str()), (false, "left out: far from what this page usually shows"));
    assert_eq!(shop.row("A1", "DEFAULT").await.lowest_minor, None, "it decides nothing yet");
    let doubtful = way(&shop).await;
    assert_eq!((doubtful.offers.len(), doubtful.withheld[0].price.amount_minor), (0, 1_390));
    assert_eq!(doubtful.withheld[0].why, "left out: far from what this page usually shows");
    read(&shop, &rival, "13.90").await;
    assert!(way(&shop).await.withheld.is_empty());
    assert_eq!(shop.row("A1", "DEFAULT").await.lowest_minor, Some(1_390));
    assert_eq!(quarantine(&shop, QuarantineDecision::Waiting).await.matching, 0);
}

#[tokio::test]
async fn one_doubtful_reading_does_not_make_the_next_one_usual() {
    let (shop, rival) = settled().await;
    read(&shop, &rival, "13.90").await;
    read(&shop, &rival, "14.20").await;
    let second = offer(&shop).await;
    assert_eq!((second.flags, second.usable), (vec![OfferFlag::UnusualForListing], false));
}

#[tokio::test]
async fn a_competitors_policy_decides_what_counts() {
    let (shop, rival) = with_rival().await;
    // Our kettle costs 14.88 with tax; half a euro less than 40 % of that is far from it.
    read(&shop, &rival, "5.40").await;
    assert_eq!(shop.row("A1", "DEFAULT").await.lowest_minor, None);
    assert_eq!(offer(&shop).await.flags, [OfferFlag::FarFromCost]);
    let id = rival_id(&shop).await;
    let set = async |policy: ReadingPolicy| {
        let settings = CompetitorSettings { policy, ..CompetitorSettings::default() };
        shop.workspace.update_competitor(id, &settings).await.unwrap();
        shop.row("A1", "DEFAULT").await.lowest_minor
    };
    let loss_leader = ReadingPolicy { far_from_cost: FlagUse::Counts, ..ReadingPolicy::default() };
    assert_eq!(set(loss_leader.clone()).await, Some(540), "loss leaders are real");
    let short = ReadingPolicy { expires_after_hours: Some(23), ..loss_leader.clone() };
    assert_eq!(set(short.clone()).await, None, "read 24 hours ago");
    let longer = ReadingPolicy { expires_after_hours: Some(30), ..loss_leader };
    assert_eq!(set(longer).await, Some(540));
    shop.later_hours(7);
    assert_eq!(shop.row("A1", "DEFAULT").await.lowest_minor, None, "expired as time passed");
}
