//! Laws over random catalogues and rule sets: 10,240 products, each with its own offers and one of 320 rule sets.
//! The floor is checked here by its definition, not by the engine's own arithmetic.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use pricing_domain::{BasisPoints, Ceiling, FloorAmount, Instant, ProposalKind, RuleSet, Scope, ScopeTest, TaxMode};
use pricing_rules::{
    CompiledRules, Decision, ListFlags, NONE, PriceInputs, PricingRun, Snapshot, inputs_of, price_all,
    price_from_inputs,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::catalogue::NOW;
use crate::random::{products, rule_set, shuffled, snapshot};

const RUNS: u64 = 320;
const PRODUCTS: u32 = 32;

/// One random rule set over one random catalogue.
struct Round {
    seed: u64,
    random: ChaCha8Rng,
    snapshot: Snapshot,
    set: RuleSet,
    run: PricingRun,
}

fn price(set: &RuleSet, snapshot: &Snapshot, now: Instant) -> PricingRun {
    let rules = CompiledRules::compile(set, snapshot).expect("a rule set that compiles");
    price_all(&rules, snapshot, 0, now, &AtomicBool::new(false), &|_| ()).expect("not cancelled")
}

fn rounds() -> impl Iterator<Item = Round> {
    rounds_from(0..RUNS)
}

fn rounds_from(seeds: std::ops::Range<u64>) -> impl Iterator<Item = Round> {
    seeds.map(|seed| {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let products = products(&mut random, PRODUCTS);
        let tax_mode = if random.random_bool(0.8) { TaxMode::Gross } else { TaxMode::Net };
        let snapshot = snapshot(&products, tax_mode);
        let set = rule_set(&mut random);
        let run = price(&set, &snapshot, NOW);
        Round { seed, random, snapshot, set, run }
    })
}

fn changes(run: &PricingRun) -> impl Iterator<Item = &Decision> {
    run.decisions.iter().filter(|decision| decision.kind == ProposalKind::Change)
}

#[test]
fn no_change_crosses_a_hard_bound() {
    let mut checked = 0;
    for Round { seed, snapshot, set, run, .. } in rounds() {
        for decision in changes(&run) {
            check_bounds(&snapshot, &set, decision).unwrap_or_else(|what| panic!("seed {seed}: {what}: {decision:?}"));
            checked += 1;
        }
    }
    assert!(checked > 1_000, "only {checked} changes were there to check");
}

fn check_bounds(snapshot: &Snapshot, set: &RuleSet, decision: &Decision) -> Result<(), &'static str> {
    let row = decision.row as usize;
    let values = snapshot.lists[0].values(row);
    let (old, new) = (decision.old_minor, decision.new_minor);
    let product = snapshot.product(row);
    let law = |holds: bool, what| if holds { Ok(()) } else { Err(what) };
    law(new > 0 && new != old && old == values.price_minor, "a change is from today's price to another above zero")?;
    law(values.flags & (ListFlags::LOCKED | ListFlags::PROMOTION) == 0, "locks and promotions are not touched")?;
    law(values.min_minor == NONE || new >= values.min_minor, "own lowest price")?;
    law(values.max_minor == NONE || new <= values.max_minor, "own highest price")?;
    if let (Some(Ceiling::OfRecommended(share)), true) = (set.guardrails.ceiling, values.rrp_minor > 0) {
        law(new * 10_000 <= values.rrp_minor * i64::from(share.0), "share of the recommended price")?;
    }
    let in_scope = |scope: &Scope, cost: bool| scope.0.iter().all(|test| holds(test, &product, snapshot, row, cost));
    let vat = if snapshot.lists[0].tax_mode == TaxMode::Net { 0 } else { values.vat_bp };
    let cost = product.cost.filter(|cost| cost.amount.0 > 0 && cost.currency.code() == "EUR" && vat >= 0);
    let decided_floor = set.guardrails.floors.iter().find(|floor| in_scope(&floor.scope, cost.is_some()));
    let fee = set.guardrails.channel_fees.iter().find(|fee| in_scope(&fee.scope, cost.is_some()));
    for floor in set.guardrails.price_floors.iter().filter(|floor| in_scope(&floor.scope, cost.is_some())) {
        let holds = match (floor.floor, cost) {
            (FloorAmount::AmountMinor(amount), _) => new >= amount,
            (FloorAmount::Markup(markup), Some(cost)) => markup_holds(new, vat, cost.amount.0, markup.0),
            (FloorAmount::Markup(_), None) => true,
        };
        law(holds, "further floor")?;
    }
    for ceiling in set.guardrails.ceilings.iter().filter(|ceiling| in_scope(&ceiling.scope, cost.is_some())) {
        let holds = match ceiling.ceiling {
            Ceiling::AmountMinor(amount) => new <= amount,
            Ceiling::OfRecommended(share) => {
                values.rrp_minor <= 0 || new * 10_000 <= values.rrp_minor * i64::from(share.0)
            }
            Ceiling::OfCompetitors(_) => decision.ceiling_minor == NONE || new <= decision.ceiling_minor,
        };
        law(holds, "further ceiling")?;
    }
    let since_s = NOW.0 / 1_000_000 - i64::from(values.price_since_s);
    let is_inside = decision.ceiling_minor == NONE || old <= decision.ceiling_minor;
    let soon = set.guardrails.hours_between_changes.is_some_and(|hours| since_s < i64::from(hours) * 3600);
    law(values.price_since_s == 0 || !soon || !is_inside, "hours between changes")?;
    match cost {
        Some(cost) => {
            let margin = decided_floor.map_or(0, |floor| floor.margin.0);
            let fees = fee.map_or((0, 0), |fee| (fee.percent.0, fee.fixed_minor));
            law(margin_holds(new, vat, cost.amount.0, margin, fees), "margin floor of the net price")?;
        }
        None => law(!set.guardrails.no_cut_without_cost || new > old, "no cut without a cost")?,
    }
    law(is_allowed_ending(set, new), "price ending")?;
    let change = (new - old).abs() * 10_000;
    law(change <= 5_000 * old, "more than half is never unattended")?;
    let limit = set.approval_limit.map_or(5_000, |limit| i64::from(limit.0));
    law(change <= limit * old, "approval limit")?;
    let step = if new > old { set.guardrails.step.up } else { set.guardrails.step.down };
    let above_ceiling = decision.ceiling_minor != NONE && old > decision.ceiling_minor;
    law(above_ceiling || step.is_none_or(|BasisPoints(step)| change <= i64::from(step) * old), "largest step")
}

/// (net − fee × gross − fixed − cost) ÷ net ≥ margin, with net = gross ÷ (1 + VAT), multiplied out.
fn margin_holds(gross_minor: i64, vat_bp: i32, cost_micro: i64, margin_bp: i32, fees: (i32, i64)) -> bool {
    let (percent, fixed) = (i128::from(fees.0), i128::from(fees.1) * 10_000);
    let with_vat = i128::from(10_000 + vat_bp);
    let net = i128::from(gross_minor) * 10_000 * 10_000 * 10_000;
    let fee = i128::from(gross_minor) * 10_000 * percent * with_vat;
    let cost = (i128::from(cost_micro) + fixed) * with_vat * 10_000;
    (net - fee - cost) * 10_000 >= net * i128::from(margin_bp)
}

/// (net − cost) ÷ cost ≥ markup, multiplied out.
fn markup_holds(gross_minor: i64, vat_bp: i32, cost_micro: i64, markup_bp: i32) -> bool {
    let net = i128::from(gross_minor) * 10_000 * 10_000;
    let cost = i128::from(cost_micro) * i128::from(10_000 + vat_bp);
    (net - cost) * 10_000 >= cost * i128::from(markup_bp)
}

fn is_allowed_ending(set: &RuleSet, price: i64) -> bool {
    let band = set.endings.iter().rfind(|band| band.from_minor <= price);
    band.is_none_or(|band| price % band.ending.step_minor == band.ending.ending_minor)
}

/// The scope tests again, one product at a time; offers are taken from the column of usable offers.
fn holds(
    test: &ScopeTest,
    product: &pricing_rules::ProductRecord,
    snapshot: &Snapshot,
    row: usize,
    cost: bool,
) -> bool {
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    match test {
        ScopeTest::Brand(brands) => brands.iter().any(|brand| same(brand, &product.brand)),
        ScopeTest::Category(path) => product.category == *path || product.category.starts_with(&format!("{path} > ")),
        ScopeTest::Role(roles) => product.role.is_some_and(|role| roles.contains(&role)),
        ScopeTest::KeyValue(wanted) => product.key_value == *wanted,
        ScopeTest::OwnBrand(wanted) => product.own_brand == *wanted,
        ScopeTest::Tag(tag) => product.tags.iter().any(|one| same(one, tag)),
        ScopeTest::Lifecycle(stages) => product.lifecycle.is_some_and(|stage| stages.contains(&stage)),
        ScopeTest::PriceList(codes) => codes.iter().any(|code| same(code, &snapshot.lists[0].code)),
        ScopeTest::Supplier(name) => same(name, &product.supplier),
        ScopeTest::StockAtLeast(pieces) => product.stock.is_some_and(|stock| stock >= *pieces),
        ScopeTest::StockAtMost(pieces) => product.stock.is_some_and(|stock| stock <= *pieces),
        ScopeTest::OffersAtLeast(count) => u32::from(snapshot.lists[0].offer_count.get(row)) >= *count,
        ScopeTest::HasCost(wanted) => cost == *wanted,
    }
}

#[test]
fn no_change_leaves_its_family_out_of_order() {
    let mut families = 0;
    for Round { seed, snapshot, run, .. } in
        rounds_from(0..2 * RUNS).filter(|round| round.set.guardrails.family_order.is_some())
    {
        let after: BTreeMap<u32, i64> = changes(&run).map(|decision| (decision.row, decision.new_minor)).collect();
        for one in after.keys() {
            for other in 0..snapshot.row_count() as u32 {
                families += u64::from(related(&snapshot, &run, *one, other));
                let price =
                    |row: &u32| after.get(row).copied().unwrap_or(snapshot.lists[0].price_minor.get(*row as usize));
                let content = |row: u32| snapshot.products.net_content_micro.get(row as usize);
                let ordered = match content(*one).cmp(&content(other)) {
                    std::cmp::Ordering::Less => price(one) <= price(&other),
                    std::cmp::Ordering::Equal => true,
                    std::cmp::Ordering::Greater => price(one) >= price(&other),
                };
                assert!(!related(&snapshot, &run, *one, other) || ordered, "seed {seed}: rows {one} and {other}");
            }
        }
    }
    assert!(families > 500, "only {families} pairs of family members were there to check");
}

/// Whether two rows are ordered with each other: one family and unit, both sold at a price that stays.
fn related(snapshot: &Snapshot, run: &PricingRun, one: u32, other: u32) -> bool {
    use pricing_domain::ExceptionReason::{BelowCostToday, BelowFloorToday};
    let products = &snapshot.products;
    let place = |row: u32| (products.family.get(row as usize), products.content_unit.get(row as usize));
    let leaves = run
        .decisions
        .iter()
        .any(|decision| decision.row == other && matches!(decision.reason, Some(BelowCostToday | BelowFloorToday)));
    let row = other as usize;
    let values = snapshot.lists[0].values(row);
    one != other
        && place(one) == place(other)
        && place(one).0 != 0
        && products.net_content_micro.get(one as usize) > 0
        && products.net_content_micro.get(row) > 0
        && values.price_minor > 0
        && values.flags & ListFlags::PROMOTION == 0
        && snapshot.product(row).lifecycle != Some(pricing_domain::Lifecycle::Ended)
        && !leaves
}

#[test]
fn the_order_of_rows_and_the_number_of_threads_do_not_matter() {
    let by_key = |snapshot: &Snapshot, run: &PricingRun| {
        let keyed = run
            .decisions
            .iter()
            .map(|decision| (snapshot.products.key.get(decision.row as usize), Decision { row: 0, ..*decision }));
        (keyed.collect::<BTreeMap<_, _>>(), run.counts.clone(), run.effect)
    };
    let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    let many = rayon::ThreadPoolBuilder::new().num_threads(5).build().expect("a pool");
    for Round { seed, mut random, snapshot: before, set, run } in rounds() {
        let tax_mode = before.lists[0].tax_mode;
        let rebuilt = products(&mut ChaCha8Rng::seed_from_u64(seed), PRODUCTS);
        let after = snapshot(&shuffled(&mut random, &rebuilt), tax_mode);
        let other = many.install(|| price(&set, &after, NOW));
        assert_eq!(by_key(&before, &run), by_key(&after, &other), "seed {seed}");
        assert_eq!(run, single.install(|| price(&set, &before, NOW)), "seed {seed}");
    }
}

#[test]
fn stored_inputs_give_the_same_cents_and_survive_storage() {
    let mut decided = 0;
    for Round { seed, snapshot, set, run, .. } in rounds() {
        let rules = CompiledRules::compile(&set, &snapshot).expect("a rule set that compiles");
        for row in 0..snapshot.row_count() {
            let inputs = inputs_of(&rules, &snapshot, 0, row, NOW);
            let stored = postcard::to_allocvec(&inputs).expect("inputs can be stored");
            let inputs = PriceInputs::decode(&stored).expect("stored inputs can be read");
            let (decision, way) = price_from_inputs(&set, &inputs).expect("a rule set that compiles");
            let expected = run.decisions.iter().find(|decision| decision.row as usize == row);
            let expected = expected.map(|decision| Decision { row: 0, ..*decision });
            assert_eq!(decision, expected, "seed {seed}, row {row}: {way:#?}");
            assert!(!way.summary.is_empty() && !way.lines.is_empty());
            decided += u64::from(expected.is_some());
        }
    }
    assert!(decided > 3_000, "only {decided} decisions were there to compare");
}

#[test]
fn inputs_that_the_first_version_stored_are_read() {
    let now = crate::catalogue::inputs(999, crate::catalogue::landed("5"));
    let first = (now.now, &now.product, &now.list, &now.offers, &now.family);
    let stored = postcard::to_allocvec(&first).expect("inputs can be stored");
    assert_eq!(PriceInputs::decode(&stored), Some(now));
    assert_eq!(PriceInputs::decode(&stored[..stored.len() - 2]), None);
}

#[test]
fn counts_and_decisions_agree() {
    for Round { seed, run, .. } in rounds() {
        let counts = &run.counts;
        let changed = counts.raised + counts.lowered;
        assert_eq!(changed, changes(&run).count() as u64, "seed {seed}");
        let exceptions: u64 = counts.exceptions.iter().sum();
        assert_eq!(changed + exceptions, run.decisions.len() as u64, "seed {seed}");
        let left_alone = counts.ended + counts.on_promotion + counts.locked + counts.without_price;
        assert_eq!(changed + exceptions + counts.unchanged + left_alone, u64::from(PRODUCTS), "seed {seed}");
        let by_rule: u64 = counts.rules.iter().chain([&counts.otherwise]).map(|rule| rule.products).sum();
        assert_eq!(by_rule + left_alone, u64::from(PRODUCTS), "seed {seed}");
    }
}

#[test]
fn a_cancelled_run_gives_nothing() {
    let Some(Round { snapshot, set, .. }) = rounds().next() else { panic!("there are rounds") };
    let rules = CompiledRules::compile(&set, &snapshot).expect("a rule set that compiles");
    assert_eq!(price_all(&rules, &snapshot, 0, NOW, &AtomicBool::new(true), &|_| ()), None);
}
