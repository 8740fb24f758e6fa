//! The notes of a batch against its proposals, counted one by one.

use std::collections::BTreeMap;
use std::fmt::Write;

use app_contract::{ProposalDecision, ProposalRow};
use pricing_domain::{ExceptionReason, FileKind, ProposalKind};
use pricing_operations::NoteCounts;

use crate::decisions::{decide, price};
use crate::support::Shop;

/// Two dozen products with a competitor below or above us, one sold below its cost.
async fn priced() -> Shop {
    let shop = Shop::new().await;
    let mut products = "sku,name,category,currency,price,cost,vat_rate\n".to_owned();
    let mut offers = "sku,competitor,observed_at,price,currency,availability\n".to_owned();
    for product in 0..24 {
        let cost = if product == 7 { 40 } else { 9 };
        writeln!(products, "P{product:02},Product {product},Audio,EUR,20.00,{cost},19").unwrap();
        writeln!(offers, "P{product:02},Rival,2026-03-02T08:00:00Z,{}.49,EUR,InStock", 17 + product % 8).unwrap();
    }
    shop.import_clean(FileKind::Products, &products).await;
    shop.import_clean(FileKind::Observations, &offers).await;
    price(&shop).await;
    shop
}

fn counted(rows: &[ProposalRow]) -> NoteCounts {
    let of = |wanted: &dyn Fn(&ProposalRow) -> bool| rows.iter().filter(|row| wanted(row)).count() as u64;
    let is_change = |row: &ProposalRow| row.kind == ProposalKind::Change;
    NoteCounts {
        raised: of(&|row| is_change(row) && row.old_minor.is_some() && row.new_minor > row.old_minor),
        lowered: of(&|row| is_change(row) && row.old_minor.is_some() && row.new_minor < row.old_minor),
        first: of(&|row| is_change(row) && row.old_minor.is_none()),
        exceptions: of(&|row| row.kind == ProposalKind::Exception),
    }
}

async fn agree(shop: &Shop) {
    const LARGEST: usize = 3;
    let rows = shop.proposals().await;
    let notes = shop.workspace.batch_notes(shop.list("DEFAULT").await, LARGEST as u32).await.unwrap().unwrap();
    assert_eq!(notes.counts, counted(&rows));
    let mut by_rule: BTreeMap<&str, Vec<ProposalRow>> = BTreeMap::new();
    rows.iter().for_each(|row| by_rule.entry(&row.rule).or_default().push(row.clone()));
    let told: BTreeMap<&str, NoteCounts> = notes.rules.iter().map(|(name, counts)| (name.as_str(), *counts)).collect();
    assert_eq!(told, by_rule.iter().map(|(name, rows)| (*name, counted(rows))).collect());
    let mut reasons: BTreeMap<ExceptionReason, u64> = BTreeMap::new();
    let exceptions = rows.iter().filter(|row| row.kind == ProposalKind::Exception);
    exceptions.filter_map(|row| row.reason).for_each(|reason| *reasons.entry(reason).or_default() += 1);
    assert_eq!(notes.reasons.iter().copied().collect::<BTreeMap<_, _>>(), reasons);
    for (found, is_way) in
        [(&notes.raised, (|bp| bp > 0) as fn(i32) -> bool), (&notes.lowered, (|bp| bp < 0) as fn(i32) -> bool)]
    {
        let moved = |row: &ProposalRow| row.change_bp.filter(|bp| is_way(*bp) && row.kind == ProposalKind::Change);
        let mut sizes: Vec<i32> = rows.iter().filter_map(moved).map(i32::abs).collect();
        sizes.sort_unstable_by_key(|size| std::cmp::Reverse(*size));
        sizes.truncate(LARGEST);
        assert_eq!(found.iter().filter_map(moved).map(i32::abs).collect::<Vec<i32>>(), sizes);
    }
}

#[tokio::test]
async fn notes_are_what_the_proposals_are_also_beside_an_older_batch_and_after_decisions() {
    let shop = priced().await;
    shop.later_hours(1);
    price(&shop).await;
    let counts = counted(&shop.proposals().await);
    assert!(counts.lowered > 3 && counts.all() > counts.lowered, "there is something to tell apart: {counts:?}");
    agree(&shop).await;
    let rows = shop.proposals().await;
    let change = rows.iter().find(|row| row.kind == ProposalKind::Change).expect("there is one");
    decide(&shop, change.id, ProposalDecision::Reject, "no").await;
    agree(&shop).await;
    let state = |notes: &pricing_operations::BatchNotes| (notes.batch.rejected, notes.counts);
    let list = shop.list("DEFAULT").await;
    let (first, again) = (
        shop.workspace.batch_notes(list, 3).await.unwrap().unwrap(),
        shop.workspace.batch_notes(list, 3).await.unwrap().unwrap(),
    );
    assert_eq!((state(&first), state(&first).0), (state(&again), 1), "what is kept is the same");
}
