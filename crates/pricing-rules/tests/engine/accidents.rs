//! The penny accident, replayed over a whole catalogue: an input is wrong for every product at once. Nothing may leave,
//! and every refusal says why.

use std::sync::atomic::AtomicBool;

use pricing_domain::{
    Adjustment, BasisPoints, CompetitorReference, CostType, Currency, ExceptionReason, Guardrails, MarginFloor,
    MicroAmount, OfferPolicy, Rule, RuleSet, Scope, Strategy,
};
use pricing_rules::{
    CompiledRules, CostRecord, ListValues, Offer, PricingRun, ProductRecord, Snapshot, SnapshotBuilder, inputs_of,
    price_all, price_from_inputs, self_check,
};

use crate::catalogue::{NOW, competitor, euro_list};

const PRODUCTS: i64 = 300;

/// What every product is given. Amounts are in percent of the price.
struct Inputs {
    /// By competitor.
    offers_minor: fn(i64) -> Vec<i64>,
    offer_currency: Currency,
    cost_minor: fn(i64) -> i64,
    cost_currency: Currency,
}

const ORDINARY: Inputs = Inputs {
    offers_minor: |price| vec![price * 98 / 100, price * 101 / 100, price * 104 / 100],
    offer_currency: Currency::EUR,
    cost_minor: |price| price * 50 / 100,
    cost_currency: Currency::EUR,
};

fn catalogue(inputs: &Inputs) -> Snapshot {
    let mut builder = SnapshotBuilder::new(1);
    builder.add_list(euro_list());
    (0..3).for_each(|number| {
        builder.add_competitor(competitor(number));
    });
    let currency = builder.currency_number(inputs.offer_currency);
    for number in 1..=PRODUCTS {
        let price = 1_000 + number * 37;
        let amount = MicroAmount((inputs.cost_minor)(price) * 10_000);
        let cost = CostRecord { amount, currency: inputs.cost_currency, cost_type: CostType::Landed };
        let record = ProductRecord {
            key: number as u32,
            sku: format!("A-{number}"),
            name: "Kettle".into(),
            cost: Some(cost),
            ..ProductRecord::default()
        };
        let row = builder.push_product(&record);
        builder.set_list_values(0, row, &ListValues { price_minor: price, vat_bp: 1900, ..ListValues::default() });
        let offer = |(place, amount_minor): (usize, i64)| Offer {
            amount_minor,
            key: place as u32,
            listing: place as u32,
            shipping_minor: Offer::NO_SHIPPING,
            last_seen_s: (NOW.0 / 1_000_000 - 60) as u32,
            competitor: place as u16,
            currency,
            availability: 0,
            kind: 0,
            condition: 0,
            match_type: 0,
            reserved: 0,
        };
        let offers: Vec<Offer> = (inputs.offers_minor)(price).into_iter().enumerate().map(offer).collect();
        builder.push_offers(row, &offers);
    }
    builder.finish(NOW)
}

/// Follows the lowest competitor, with a margin floor and no largest step: as little protection as a shop may have.
fn following() -> RuleSet {
    rule_set(Strategy::Competitor {
        reference: CompetitorReference::Lowest,
        adjust: Adjustment::Percent(BasisPoints(-100)),
        offers: OfferPolicy::default(),
    })
}

fn rule_set(strategy: Strategy) -> RuleSet {
    let floor = MarginFloor { scope: Scope::default(), margin: BasisPoints(500) };
    RuleSet {
        name: "Accident".into(),
        rules: vec![Rule { name: "Only".into(), strategy, ..Rule::default() }],
        otherwise: Strategy::Keep,
        guardrails: Guardrails { floors: vec![floor], no_cut_without_cost: true, ..Guardrails::default() },
        endings: Vec::new(),
        approval_limit: None,
        tests: Vec::new(),
    }
}

fn run(set: &RuleSet, snapshot: &Snapshot) -> PricingRun {
    let rules = CompiledRules::compile(set, snapshot).expect("a rule set that compiles");
    assert_eq!(self_check(&rules, snapshot, 0, NOW).difference, None);
    price_all(&rules, snapshot, 0, NOW, &AtomicBool::new(false), &|_| ()).expect("not cancelled")
}

/// Nothing leaves; `refused` products wait for a person for `reason`, and each says `why`.
fn nothing_leaves(set: &RuleSet, inputs: &Inputs, refused: i64, reason: ExceptionReason, why: &str) {
    let snapshot = catalogue(inputs);
    let run = run(set, &snapshot);
    assert_eq!((run.counts.raised, run.counts.lowered), (0, 0), "nothing leaves");
    assert_eq!(run.counts.exceptions_of(reason), refused as u64, "{:?}", run.counts);
    let rules = CompiledRules::compile(set, &snapshot).expect("a rule set that compiles");
    for row in 0..snapshot.row_count() {
        let inputs = inputs_of(&rules, &snapshot, 0, row, NOW);
        let (_, way) = price_from_inputs(set, &inputs).expect("a rule set that compiles");
        let words: Vec<&str> = way.lines.iter().map(|line| line.detail.as_str()).collect();
        assert!(words.iter().any(|words| words.contains(why)), "row {row} does not say “{why}”: {way:#?}");
    }
}

#[test]
fn an_ordinary_day_changes_every_price() {
    let counts = run(&following(), &catalogue(&ORDINARY)).counts;
    assert_eq!(counts.lowered, PRODUCTS as u64, "{counts:?}");
}

#[test]
fn a_competitor_at_a_penny_moves_nothing_when_it_is_the_only_one() {
    let penny = Inputs { offers_minor: |_| vec![1], ..ORDINARY };
    nothing_leaves(&following(), &penny, PRODUCTS, ExceptionReason::LargeChange, "is more than goes without a person");
}

#[test]
fn a_competitor_at_a_penny_among_others_is_not_followed() {
    let penny = Inputs { offers_minor: |price| vec![1, price * 101 / 100, price * 101 / 100], ..ORDINARY };
    let run = run(&following(), &catalogue(&penny));
    let moved = run.decisions.iter().all(|one| one.reason.is_none() && one.new_minor * 100 >= one.old_minor * 98);
    assert!(moved, "the others are followed, and the penny is an outlier: {:?}", run.counts);
}

#[test]
fn a_formula_with_a_unit_error_moves_nothing() {
    let cents = rule_set(Strategy::Formula("cost * 1.35 / 100".into()));
    nothing_leaves(&cents, &ORDINARY, PRODUCTS, ExceptionReason::LargeChange, "is more than goes without a person");
    let hundredfold = rule_set(Strategy::Formula("cost * 135".into()));
    let reason = ExceptionReason::LargeChange;
    nothing_leaves(&hundredfold, &ORDINARY, PRODUCTS, reason, "is more than goes without a person");
}

#[test]
fn a_cost_of_zero_lowers_nothing() {
    let zero = Inputs { cost_minor: |_| 0, ..ORDINARY };
    nothing_leaves(&following(), &zero, PRODUCTS, ExceptionReason::NoCost, "a cost of 0.00 is not believed");
}

#[test]
fn a_swapped_currency_moves_nothing() {
    let costs = Inputs { cost_currency: Currency::USD, ..ORDINARY };
    let why = "the cost is in USD and the price list in EUR";
    nothing_leaves(&following(), &costs, PRODUCTS, ExceptionReason::NoCost, why);
    let offers = Inputs { offer_currency: Currency::USD, ..ORDINARY };
    nothing_leaves(&following(), &offers, 0, ExceptionReason::NoCost, "no offer is usable");
}
