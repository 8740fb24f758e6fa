//! Laws over random catalogues and rule sets: 10,240 products, each with its own offers and one of 320 rule sets.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use pricing_domain::{FamilyOrder, Instant, OfferUse, ProposalKind, RuleSet, TaxMode};
use pricing_rules::{
    CompiledRules, Decision, LaterInputs, ListFlags, PriceInputs, PricingRun, Snapshot, WayKind, inputs_of, price_all,
    price_from_inputs, ways_to_all,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::catalogue::NOW;
use crate::hard_bounds::{check_bounds, scope_holds};
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

pub fn price(set: &RuleSet, snapshot: &Snapshot, now: Instant) -> PricingRun {
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

#[test]
fn no_change_leaves_its_family_out_of_order() {
    let mut pairs = [0; 5];
    for Round { seed, snapshot, set, run, .. } in
        rounds_from(0..3 * RUNS).filter(|round| !round.set.guardrails.families.is_empty())
    {
        let after: BTreeMap<u32, i64> = changes(&run).map(|decision| (decision.row, decision.new_minor)).collect();
        let price = |row: u32| after.get(&row).copied().unwrap_or(snapshot.lists[0].price_minor.get(row as usize));
        for one in after.keys() {
            for other in 0..snapshot.row_count() as u32 {
                let Some((kind, order)) = related(&snapshot, &set, &run, *one, other) else { continue };
                pairs[kind] += 1;
                let (low, high) = if order[0].0 <= order[1].0 { (*one, other) } else { (other, *one) };
                let ranks = [order[0].0.min(order[1].0), order[0].0.max(order[1].0)];
                let holds = holds(&order[0].1, ranks, [price(low), price(high)]);
                assert!(
                    holds,
                    "seed {seed}: rows {one} and {other} at {} and {}: {:?}",
                    price(*one),
                    price(other),
                    order[0].1
                );
            }
        }
    }
    assert!(pairs.iter().all(|count| *count > 20), "so many pairs of each kind were there to check: {pairs:?}");
}

/// Whether two prices may stand beside each other, the rank of the first not above the second's.
fn holds(order: &FamilyOrder, ranks: [i64; 2], prices: [i64; 2]) -> bool {
    let [low, high] = prices.map(i128::from);
    let is_higher = ranks[0] < ranks[1];
    match order {
        FamilyOrder::PriceRisesWithContent => !is_higher || low <= high,
        FamilyOrder::UnitPriceFallsWithContent => {
            !is_higher || (low <= high && high * i128::from(ranks[0]) <= low * i128::from(ranks[1]))
        }
        FamilyOrder::SamePrice => low == high,
        FamilyOrder::OwnBrandBelow(distance) => !is_higher || low * 10_000 <= high * i128::from(10_000 - distance.0),
        FamilyOrder::RisesThroughTags { by, .. } => !is_higher || high * 10_000 >= low * i128::from(10_000 + by.0),
    }
}

/// Two rows that are held against each other: a common family, one law, both sold at a price that stays. The number of the
/// order among its kinds, and for each row its rank with the order.
fn related(
    snapshot: &Snapshot,
    set: &RuleSet,
    run: &PricingRun,
    one: u32,
    other: u32,
) -> Option<(usize, [(i64, FamilyOrder); 2])> {
    use pricing_domain::ExceptionReason::{BelowCostToday, BelowFloorToday};
    let shares_a_family =
        || snapshot.families_of(one as usize).any(|name| snapshot.families_of(other as usize).any(|own| own == name));
    let leaves = run
        .decisions
        .iter()
        .any(|decision| decision.row == other && matches!(decision.reason, Some(BelowCostToday | BelowFloorToday)));
    let values = snapshot.lists[0].values(other as usize);
    let stays = values.price_minor > 0
        && values.flags & ListFlags::PROMOTION == 0
        && snapshot.product(other as usize).lifecycle != Some(pricing_domain::Lifecycle::Ended)
        && !leaves;
    if one == other || !shares_a_family() || !stays {
        return None;
    }
    let law = |row: u32| set.guardrails.families.iter().position(|law| scope_holds(snapshot, &law.scope, row));
    let number = law(one).filter(|number| law(other) == Some(*number))?;
    let order = &set.guardrails.families[number].order;
    let kind = match order {
        FamilyOrder::PriceRisesWithContent => 0,
        FamilyOrder::UnitPriceFallsWithContent => 1,
        FamilyOrder::SamePrice => 2,
        FamilyOrder::OwnBrandBelow(_) => 3,
        FamilyOrder::RisesThroughTags { .. } => 4,
    };
    let unit = |row: u32| snapshot.products.content_unit.get(row as usize);
    if kind < 2 && unit(one) != unit(other) {
        return None;
    }
    let rank = |row: u32| {
        let product = snapshot.product(row as usize);
        match order {
            FamilyOrder::PriceRisesWithContent | FamilyOrder::UnitPriceFallsWithContent => product.net_content_micro,
            FamilyOrder::SamePrice => Some(0),
            FamilyOrder::OwnBrandBelow(_) => Some(i64::from(!product.own_brand)),
            FamilyOrder::RisesThroughTags { tags, .. } => {
                let is_carried = |tag: &String| product.tags.iter().any(|own| own.eq_ignore_ascii_case(tag));
                tags.iter().rposition(is_carried).map(|place| place as i64)
            }
        }
    };
    Some((kind, [(rank(one)?, order.clone()), (rank(other)?, order.clone())]))
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
fn the_compact_way_and_the_one_in_words_tell_the_same() {
    let mut passed_over = 0;
    for Round { seed, snapshot, set, run, .. } in rounds_from(0..40) {
        let rules = CompiledRules::compile(&set, &snapshot).expect("a rule set that compiles");
        let ways = ways_to_all(&rules, &snapshot, 0, NOW, &AtomicBool::new(false)).expect("not cancelled");
        assert_eq!(ways.len(), snapshot.row_count());
        for row in 0..snapshot.row_count() {
            let way = ways.get(row).expect("a way for every row");
            let decided = run.decisions.iter().find(|decision| decision.row as usize == row);
            let compact = decided.map(|one| (one.new_minor, one.lawful_minor, one.floor_minor, one.ceiling_minor));
            let amounts = (way.row.new_minor, way.row.lawful_minor, way.row.floor_minor, way.row.ceiling_minor);
            assert!(compact.is_none_or(|compact| compact == amounts), "seed {seed}, row {row}: {way:?}");
            let inputs = inputs_of(&rules, &snapshot, 0, row, NOW);
            let (_, words) = price_from_inputs(&set, &inputs).expect("a rule set that compiles");
            let lines = words.lines.iter().filter(|line| line.kind == WayKind::PassedOver).count();
            assert_eq!(way.passed_over.len(), lines, "seed {seed}, row {row}: {way:?} {words:#?}");
            let uses = |uses: &mut dyn Iterator<Item = OfferUse>| {
                let mut uses: Vec<_> = uses.map(|one| one as u8).collect();
                uses.sort_unstable();
                uses
            };
            let in_words = uses(&mut words.offers.iter().map(|offer| offer.usage));
            assert_eq!(uses(&mut way.offers.iter().copied()), in_words, "seed {seed}, row {row}");
            passed_over += lines;
        }
    }
    assert!(passed_over > 500, "only {passed_over} rules were passed over");
}

#[test]
fn limits_that_only_warn_never_change_a_price_and_are_told() {
    let (mut warned, mut silent) = (0, 0);
    for Round { seed, snapshot, set, run, .. } in rounds().filter(|round| !round.set.guardrails.warnings.is_empty()) {
        let mut without = set.clone();
        without.guardrails.warnings.clear();
        let other = price(&without, &snapshot, NOW);
        assert_eq!((&run.decisions, &run.counts), (&other.decisions, &other.counts), "seed {seed}");
        assert_eq!((run.warnings.len(), other.warnings.len()), (run.decisions.len(), 0), "seed {seed}");
        let rules = CompiledRules::compile(&set, &snapshot).expect("a rule set that compiles");
        for (decision, count) in run.decisions.iter().zip(&run.warnings) {
            let inputs = inputs_of(&rules, &snapshot, 0, decision.row as usize, NOW);
            let (_, way) = price_from_inputs(&set, &inputs).expect("a rule set that compiles");
            let told = way.lines.iter().filter(|line| line.kind == WayKind::Warning).count();
            assert_eq!(usize::from(*count), told, "seed {seed}: {decision:?} {way:#?}");
            if told > 0 { warned += 1 } else { silent += 1 }
        }
    }
    assert!(warned > 100 && silent > 100, "{warned} decisions were warned of, {silent} were not");
}

#[test]
fn inputs_that_earlier_versions_stored_are_read() {
    let now = PriceInputs {
        later: LaterInputs { listed_s: 7, fixed_minor: Some(999), ..LaterInputs::default() },
        ..crate::catalogue::inputs(999, crate::catalogue::landed("5"))
    };
    let first = (now.now, &now.product, &now.list, &now.offers, &now.family);
    let second = (0i32, 0u32, 7u32, Vec::<(String, i64)>::new(), Vec::<(String, i64)>::new());
    let fourth = ((&second, Vec::<u8>::new()), Some(999i64));
    let stored = postcard::to_allocvec(&(&first, &fourth)).expect("inputs can be stored");
    assert_eq!(PriceInputs::decode(&stored).as_ref(), Some(&now));
    let stored = postcard::to_allocvec(&(&first, &second)).expect("inputs can be stored");
    let later = LaterInputs { listed_s: 7, ..LaterInputs::default() };
    assert_eq!(PriceInputs::decode(&stored), Some(PriceInputs { later, ..now }));
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
