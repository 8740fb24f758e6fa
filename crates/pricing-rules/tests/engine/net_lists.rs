//! A list without VAT beside competitors' prices with it: VAT is taken out before anything is compared.

use std::sync::atomic::AtomicBool;

use pricing_domain::{Availability, Condition, MatchType, OfferKind, OfferUse, ProposalKind, TaxMode};
use pricing_rules::{
    CompiledRules, ListFlags, ListRecord, ListValues, Offer, PriceInputs, ProductRecord, RowChange, Snapshot,
    SnapshotBuilder, inputs_of, parse_rule_set, price_all, price_from_inputs, self_check,
};

use crate::catalogue::{NOW, competitor, euro_list, landed};

const UNKNOWN: i32 = -1;

fn values(vat_bp: i32, flags: u8) -> ListValues {
    ListValues { price_minor: 990, vat_bp, flags, ..ListValues::default() }
}

/// One product at 9.90 on a net list and on one with VAT, and a competitor's 11.00.
fn snapshot(vat_bp: i32) -> Snapshot {
    let mut builder = SnapshotBuilder::new(1);
    builder.add_list(ListRecord { key: 8, code: "net".into(), tax_mode: TaxMode::Net, ..euro_list() });
    builder.add_list(euro_list());
    let number = builder.add_competitor(competitor(0));
    let record = ProductRecord { key: 1, sku: "A-1".into(), cost: landed("5"), ..ProductRecord::default() };
    let row = builder.push_product(&record);
    builder.set_list_values(0, row, &values(vat_bp, ListFlags::OFFERS_WITH_VAT));
    builder.set_list_values(1, row, &values(vat_bp, 0));
    let offer = Offer {
        amount_minor: 1_100,
        key: 1,
        listing: 1,
        shipping_minor: 119,
        last_seen_s: (NOW.0 / 1_000_000 - 3_600) as u32,
        competitor: number,
        currency: builder.currency_number(euro_list().currency),
        availability: Availability::InStock as u8,
        kind: OfferKind::Regular as u8,
        condition: Condition::New as u8,
        match_type: MatchType::Exact as u8,
        reserved: 0,
    };
    builder.push_offers(row, &[offer]);
    builder.finish(NOW)
}

/// The price by a run and by stored inputs, which must be the same; `None`: today's stays.
fn price(snapshot: &Snapshot, list: usize, strategy: &str) -> (Option<i64>, Vec<OfferUse>) {
    let set = parse_rule_set(&format!("rule set \"Test\"\nrule \"only\"\n  price {strategy}\n")).expect("rules");
    let rules = CompiledRules::compile(&set, snapshot).expect("rules that compile");
    assert_eq!(self_check(&rules, snapshot, list, NOW).difference, None);
    let run = price_all(&rules, snapshot, list, NOW, &AtomicBool::new(false), &|_| ()).expect("not cancelled");
    let stored = postcard::to_allocvec(&inputs_of(&rules, snapshot, list, 0, NOW)).expect("stored");
    let inputs = PriceInputs::decode(&stored).expect("read");
    let (replayed, way) = price_from_inputs(&set, &inputs).expect("rules that compile");
    assert_eq!(replayed.map(|one| one.new_minor), run.decisions.first().map(|one| one.new_minor), "{way:#?}");
    let changed = replayed.filter(|one| one.kind == ProposalKind::Change).map(|one| one.new_minor);
    (changed, way.offers.iter().map(|offer| offer.usage).collect())
}

#[test]
fn vat_is_taken_out_of_offers_for_a_list_without() {
    let known = snapshot(1_900);
    assert_eq!(known.lists[0].lowest_offer_minor.get(0), 924, "11.00 with 19 % VAT");
    assert_eq!(known.lists[1].lowest_offer_minor.get(0), 1_100);
    assert_eq!(price(&known, 0, "lowest"), (Some(924), vec![OfferUse::Used]));
    assert_eq!(price(&known, 0, "formula comp.lowest - 0.01").0, Some(923));
    assert_eq!(price(&known, 0, "lowest with shipping").0, Some(1_024), "(11.00 + 1.19) ÷ 1.19");
    assert_eq!(price(&known, 1, "lowest").0, Some(1_100));
}

#[test]
fn without_a_rate_offers_with_vat_are_left_out_with_the_reason() {
    let unknown = snapshot(UNKNOWN);
    assert_eq!((unknown.lists[0].offer_count.get(0), unknown.lists[1].offer_count.get(0)), (0, 1));
    assert_eq!(price(&unknown, 0, "lowest").1, vec![OfferUse::VatUnknown]);
    assert_eq!(price(&unknown, 1, "lowest").1, vec![OfferUse::Used]);
}

#[test]
fn another_rate_is_another_comparison() {
    let values = values(700, ListFlags::OFFERS_WITH_VAT);
    let after = snapshot(1_900).updated(2, NOW, vec![RowChange::ListValues { key: 1, list: 0, values }]);
    assert_eq!(after.lists[0].lowest_offer_minor.get(0), 1_028);
    assert_eq!(after.offer_amount_in(0, 0, 1_100), Some(1_028));
}
