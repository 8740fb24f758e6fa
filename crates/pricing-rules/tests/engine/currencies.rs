//! Costs and followed lists in another currency, cash rounding and label capacity, each to the cent.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use pricing_domain::{Currency, ExceptionReason, ExchangeRate, Instant, ProposalKind, RuleSet};
use pricing_rules::{
    CompiledRules, CostRecord, LabelCapacity, ListRecord, ListValues, PriceInputs, PriceWay, PricingRun, ProductRecord,
    Snapshot, SnapshotBuilder, WayKind, inputs_of, parse_rule_set, price_all, price_from_inputs, self_check,
};

use crate::catalogue::{NOW, euro_list, landed};

const DAY_US: i64 = 86_400_000_000;

fn today() -> i32 {
    (NOW.0 / DAY_US) as i32
}

fn chf() -> Currency {
    Currency::new("CHF").expect("a code")
}

/// One euro in francs, so many days ago.
fn rate(days_ago: i32, mantissa: i64) -> ExchangeRate {
    ExchangeRate { base: Currency::EUR, quote: chf(), day: today() - days_ago, mantissa, scale: 4 }
}

fn swiss_list(cash_step_minor: i64) -> ListRecord {
    ListRecord {
        key: 8,
        code: "ch".into(),
        name: "Switzerland".into(),
        currency: chf(),
        cash_step_minor,
        never_above: Vec::new(),
        ..euro_list()
    }
}

/// A list in euro at 20.00 and one in francs at 30.00, a cost of 10.00 euro.
fn snapshot(rates: Vec<ExchangeRate>, cash_step_minor: i64) -> Snapshot {
    let mut builder = SnapshotBuilder::new(1);
    builder.add_list(euro_list());
    builder.add_list(swiss_list(cash_step_minor));
    builder.set_rates(rates);
    let record = ProductRecord { key: 1, sku: "A-1".into(), cost: landed("10"), ..ProductRecord::default() };
    let row = builder.push_product(&record);
    builder.set_list_values(0, row, &ListValues { price_minor: 2_000, vat_bp: 1_900, ..ListValues::default() });
    builder.set_list_values(1, row, &ListValues { price_minor: 3_000, vat_bp: 0, ..ListValues::default() });
    builder.finish(NOW)
}

fn rules(text: &str) -> RuleSet {
    parse_rule_set(&format!("rule set \"Test\"\nrule \"only\"\n{text}")).expect("rules")
}

fn run(set: &RuleSet, snapshot: &Snapshot, list: usize) -> PricingRun {
    let rules = CompiledRules::compile(set, snapshot).expect("rules that compile");
    assert_eq!(self_check(&rules, snapshot, list, NOW).difference, None);
    price_all(&rules, snapshot, list, NOW, &AtomicBool::new(false), &|_| ()).expect("not cancelled")
}

/// The price on a list, proven to come out of its stored inputs too.
fn priced(set: &RuleSet, snapshot: &Snapshot, list: usize) -> (Option<i64>, PriceWay) {
    let rules = CompiledRules::compile(set, snapshot).expect("rules that compile");
    let stored = postcard::to_allocvec(&inputs_of(&rules, snapshot, list, 0, NOW)).expect("stored");
    let inputs = PriceInputs::decode(&stored).expect("read");
    let (replayed, way) = price_from_inputs(set, &inputs).expect("rules that compile");
    let run = run(set, snapshot, list);
    assert_eq!(replayed.map(|one| one.new_minor), run.decisions.first().map(|one| one.new_minor), "{way:#?}");
    (replayed.filter(|one| one.kind == ProposalKind::Change).map(|one| one.new_minor), way)
}

fn says(way: &PriceWay, words: &str) -> bool {
    way.lines.iter().any(|line| line.detail.contains(words))
}

#[test]
fn a_cost_is_converted_by_the_newest_rate_on_or_before_the_day() {
    let set = rules("  price markup 150 %\n");
    let known = snapshot(vec![rate(-1, 50_000), rate(3, 9_412), rate(9, 20_000)], 1);
    let (price, way) = priced(&set, &known, 1);
    assert_eq!(price, Some(2_353), "10.00 × 0.9412 × 2.5");
    assert!(says(&way, "The landed cost 10.00 EUR is 9.412 CHF: 1 EUR = 0.9412 CHF on"), "{way:#?}");
    let line = way.lines.iter().find(|line| line.kind == WayKind::ExchangeRate).expect("the rate has a line");
    assert!(line.detail.ends_with(&format!("on {}.", rate(3, 1).date())));
    assert_eq!(known.list_cost(1, 0), Some(9_412_000));
    assert_eq!(known.at(Instant(NOW.0 + DAY_US)).list_cost(1, 0), Some(50_000_000), "from its day on the next one");
}

#[test]
fn without_a_rate_the_cost_is_missing_and_the_way_says_what_to_import() {
    let set = rules("  price markup 150 %\n");
    let (price, way) = priced(&set, &snapshot(vec![rate(-1, 9_412)], 1), 1);
    assert_eq!(price, None, "a rate of tomorrow is none today");
    assert!(says(&way, "no exchange rate of EUR and CHF is known on or before"), "{way:#?}");
    assert!(says(&way, "import exchange rates"), "{way:#?}");
}

#[test]
fn a_list_in_another_currency_is_followed_at_the_rate() {
    let set = rules("  price follow list \"de\" + 10 %\n");
    let (price, way) = priced(&set, &snapshot(vec![rate(0, 9_412)], 1), 1);
    assert_eq!(price, Some(2_071), "20.00 × 0.9412 = 18.824, and 10 % more, rounded once");
    assert!(says(&way, "The list de is in EUR: 1 EUR = 0.9412 CHF on"), "{way:#?}");
    let (price, way) = priced(&set, &snapshot(Vec::new(), 1), 1);
    assert_eq!(price, None);
    assert!(says(&way, "no exchange rate of EUR and CHF is known on or before"), "{way:#?}");
}

#[test]
fn a_changed_cost_is_converted_at_once_and_own_currencies_share_their_column() {
    let known = snapshot(vec![rate(0, 9_412)], 1);
    let cost = |text| landed(text).map(|cost| CostRecord { currency: Currency::EUR, ..cost });
    let change = pricing_rules::RowChange::Cost { key: 1, cost: cost("20") };
    let later = known.updated(2, NOW, vec![change]);
    assert_eq!((later.list_cost(0, 0), later.list_cost(1, 0)), (Some(20_000_000), Some(18_824_000)));
    assert!(
        std::ptr::eq(later.products.cost_micro.chunk(0), later.lists[0].cost_micro.chunk(0)),
        "the list is in euro"
    );
    let mut bytes = Vec::new();
    later.write_cache(&mut bytes).expect("written");
    let read = Snapshot::read_cache(&mut bytes.as_slice()).expect("read");
    assert_eq!(read.list_cost(1, 0), Some(18_824_000));
}

#[test]
fn prices_of_a_list_in_cash_are_multiples_of_its_step() {
    let set = rules("  price markup 150 %\n");
    let (price, way) = priced(&set, &snapshot(vec![rate(0, 9_412)], 5), 1);
    assert_eq!(price, Some(2_355), "of 23.53");
    assert!(says(&way, "Prices of this list are multiples of 0.05 (cash)."), "{way:#?}");
    assert_eq!(priced(&set, &snapshot(vec![rate(0, 9_412)], 5), 0).0, Some(2_975), "the other list knows no coins");
    let floored = rules("  price markup 150 %\nguardrails\n  floor amount 2354 minor\n  ceiling amount 2354 minor\n");
    let (price, way) = priced(&floored, &snapshot(vec![rate(0, 9_412)], 5), 1);
    assert_eq!(price, None, "no coin lies between floor and ceiling: {way:#?}");
}

/// `count` products at 10.00 whose rule gives 11.00, selling their number in 28 days.
fn many(count: u32) -> Snapshot {
    let mut builder = SnapshotBuilder::new(1);
    builder.add_list(euro_list());
    for key in 1..=count {
        let sku = format!("A-{key:03}");
        let row = builder.push_product(&ProductRecord { key, sku, ..ProductRecord::default() });
        let units_28d_milli = i64::from(key) * 1_000;
        let values = ListValues { price_minor: 1_000, vat_bp: 0, units_28d_milli, ..ListValues::default() };
        builder.set_list_values(0, row, &values);
    }
    builder.finish(NOW)
}

#[test]
fn the_most_valuable_changes_get_the_labels_and_the_others_wait() {
    let (set, snapshot) = (rules("  price formula 11.00\n"), many(10));
    let compiled = CompiledRules::compile(&set, &snapshot).expect("rules that compile");
    let mut run = run(&set, &snapshot, 0);
    assert_eq!(run.counts.raised, 10);
    let waiting = run.wait_for_labels(
        &compiled,
        &snapshot,
        0,
        NOW,
        &LabelCapacity { per_day: 5, used: 2, approved: BTreeSet::new() },
    );
    assert_eq!(waiting.len(), 7, "five labels a day, of which two are used");
    assert_eq!((run.counts.raised, run.counts.exceptions_of(ExceptionReason::LabelCapacity)), (3, 7));
    let changed: Vec<u32> = run.decisions.iter().filter(|one| one.reason.is_none()).map(|one| one.row).collect();
    assert_eq!(changed, [7, 8, 9], "those that sell most");
    assert_eq!(
        run.effect.revenue_after_micro - run.effect.revenue_before_micro,
        27 * 1_000_000,
        "27 pieces, 1.00 each"
    );
    let mut inputs = inputs_of(&compiled, &snapshot, 0, 0, NOW);
    inputs.later.labels = waiting.get(&0).copied();
    let (decision, way) = price_from_inputs(&set, &inputs).expect("rules that compile");
    assert_eq!(decision, Some(run.decisions[0]));
    assert!(
        way.summary.contains("at most 5 prices of this list may change a day, 2 had changed before"),
        "{}",
        way.summary
    );
    assert!(way.summary.contains("it was number 10 of the run"), "{}", way.summary);
}
