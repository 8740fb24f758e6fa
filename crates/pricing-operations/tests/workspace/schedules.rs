//! Schedules: turns are taken once, missed ones too, and what was broken off is gone on with.

use app_contract::CompetitorSettings;
use pricing_operations::Progress;

use crate::collecting::{rival_id, with_rival};

#[tokio::test]
async fn a_turn_is_taken_once_also_when_several_were_missed() {
    let (shop, _rival) = with_rival().await;
    let id = rival_id(&shop).await;
    let saved = shop.workspace.save_schedule(id, "0 */2 * * *", "UTC").await.unwrap();
    let schedule = saved.schedule.unwrap();
    assert_eq!(schedule.next_at, Some(shop.now().plus_hours(2)), "at noon the next even hour is 14:00");
    assert!(shop.workspace.take_due_turns().await.unwrap().is_empty());
    shop.later_hours(9);
    let other = shop.open_again().await;
    let turns = shop.workspace.take_due_turns().await.unwrap();
    assert_eq!((turns.len(), turns[0].name.as_str()), (1, "Rival"), "four were missed, one is taken");
    assert!(other.take_due_turns().await.unwrap().is_empty(), "no other program takes it too");
    let view = shop.workspace.competitor(id).await.unwrap().schedule.unwrap();
    assert_eq!((view.last_at, view.next_at), (Some(shop.now()), Some(shop.now().plus_hours(1))));
}

#[tokio::test]
async fn a_paused_schedule_has_no_turn_until_it_goes_on() {
    let (shop, _rival) = with_rival().await;
    let id = rival_id(&shop).await;
    shop.workspace.save_schedule(id, "0 13 * * *", "UTC").await.unwrap();
    assert!(shop.workspace.pause_schedule(id, true).await.unwrap().schedule.unwrap().next_at.is_none());
    shop.later_hours(2);
    assert!(shop.workspace.take_due_turns().await.unwrap().is_empty());
    let resumed = shop.workspace.pause_schedule(id, false).await.unwrap().schedule.unwrap();
    assert_eq!(resumed.next_at, Some(shop.now().plus_hours(23)), "what passed while it paused is not made up for");
    assert!(shop.workspace.remove_schedule(id).await.unwrap().schedule.is_none());
    assert!(shop.workspace.pause_schedule(id, true).await.is_err());
}

#[tokio::test]
async fn a_scheduled_collection_reads_what_was_not_read_since_its_turn_began() {
    let (shop, rival) = with_rival().await;
    for path in ["/a", "/b", "/c"] {
        rival.price(path, "25.00");
    }
    let id = rival_id(&shop).await;
    let origins = std::slice::from_ref(&rival.origin);
    shop.workspace.collect(true, origins, &Progress::silent()).await.unwrap();
    shop.workspace.save_schedule(id, "0 13 * * *", "UTC").await.unwrap();
    shop.later_hours(2);
    let turn = shop.workspace.take_due_turns().await.unwrap().remove(0);
    let first = shop.workspace.collect_scope(&turn.scope, origins, &Progress::silent()).await.unwrap();
    assert_eq!(first.pages, 3, "although none is due by its interval");
    let again = shop.workspace.collect_scope(&turn.scope, origins, &Progress::silent()).await.unwrap();
    assert_eq!(again.pages, 0, "all were read since");
    assert!(shop.workspace.unfinished_turns().await.unwrap().is_empty(), "nothing was broken off");
}

#[tokio::test]
async fn pages_left_by_a_budget_are_read_on_its_next_day_and_not_at_the_next_turn() {
    let (shop, rival) = with_rival().await;
    for path in ["/a", "/b", "/c"] {
        rival.price(path, "25.00");
    }
    let id = rival_id(&shop).await;
    let origins = std::slice::from_ref(&rival.origin);
    // One request is for robots.txt.
    let limited = CompetitorSettings { daily_requests: Some(3), ..CompetitorSettings::default() };
    shop.workspace.update_competitor(id, &limited).await.unwrap();
    let regular = shop.workspace.save_schedule(id, "0 13 * * *", "UTC").await.unwrap().schedule.unwrap().next_at;
    shop.later_hours(2);
    let turn = shop.workspace.take_due_turns().await.unwrap().remove(0);
    let first = shop.workspace.collect_scope(&turn.scope, origins, &Progress::silent()).await.unwrap();
    assert_eq!((first.pages, first.postponed), (2, 1), "{first:?}");
    let next = shop.workspace.competitor(id).await.unwrap().schedule.unwrap().next_at;
    assert_eq!(next, regular.map(|at| at.plus_hours(11)), "at midnight, not at 13:00 tomorrow");
    assert!(shop.workspace.take_due_turns().await.unwrap().is_empty(), "not before");
    shop.later_hours(11);
    let rest = shop.workspace.take_due_turns().await.unwrap().remove(0);
    assert_eq!(rest, turn, "the same turn goes on");
    let second = shop.workspace.collect_scope(&rest.scope, origins, &Progress::silent()).await.unwrap();
    assert_eq!(second.pages, first.postponed, "nothing is read twice");
    let view = shop.workspace.competitor(id).await.unwrap().schedule.unwrap();
    assert!(view.next_at.is_some_and(|at| Some(at) <= regular.map(|at| at.plus_hours(24))), "{view:?}");
}

#[tokio::test]
async fn a_preview_says_how_long_it_takes_and_what_to_know() {
    let (shop, _rival) = with_rival().await;
    let id = rival_id(&shop).await;
    let preview = shop.workspace.preview_schedule(id, "0 6 * * MON", "Europe/Berlin").await.unwrap();
    assert_eq!(preview.next.len(), 5);
    assert!(preview.estimate.words.contains("3 pages of one shop"), "{}", preview.estimate.words);
    assert!(preview.remarks.iter().any(|remark| remark.contains("sleeps")));
    assert!(shop.workspace.preview_schedule(id, "at six", "UTC").await.is_err());
    let is_too_long =
        |remarks: &[String]| remarks.iter().any(|remark| remark.contains("longer than the time to the next"));
    assert!(!is_too_long(&preview.remarks));
    let limited = CompetitorSettings { daily_requests: Some(1), ..CompetitorSettings::default() };
    shop.workspace.update_competitor(id, &limited).await.unwrap();
    let daily = shop.workspace.preview_schedule(id, "0 6 * * *", "UTC").await.unwrap();
    assert!(is_too_long(&daily.remarks), "three days of budget, one to the next: {:?}", daily.remarks);
    let weekly = shop.workspace.preview_schedule(id, "0 6 * * MON", "UTC").await.unwrap();
    assert!(!is_too_long(&weekly.remarks));
}
