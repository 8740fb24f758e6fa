//! The engine prices rows by columns where it can; here every row is priced by itself too, and all must agree.

use pricing_domain::{Availability, TaxMode};
use pricing_rules::{CompiledRules, SelfCheck, Snapshot, parse_rule_set, self_check};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::catalogue::NOW;
use crate::random::{RandomProduct, products, rule_set, snapshot};

fn check(seed: u64, random: &mut ChaCha8Rng, snapshot: &Snapshot, hours_later: i64) -> SelfCheck {
    let set = rule_set(random);
    let rules = CompiledRules::compile(&set, snapshot).expect("a rule set that compiles");
    let now = pricing_domain::Instant(NOW.0 + hours_later * 3_600_000_000);
    let check = self_check(&rules, snapshot, 0, now);
    assert_eq!(check.difference, None, "seed {seed}, {hours_later} hours later\n{set:#?}");
    assert_eq!(check.rows, snapshot.row_count() as u64);
    check
}

#[test]
fn pricing_by_columns_and_row_by_row_gives_the_same() {
    let (mut rows, mut by_columns, mut kept) = (0, 0, 0);
    for seed in 10_000..10_320 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let products = products(&mut random, 32);
        let tax_mode = if random.random_bool(0.8) { TaxMode::Gross } else { TaxMode::Net };
        let snapshot = snapshot(&products, tax_mode);
        // Offers expire while a snapshot lives, and a run may look back.
        let hours_later = [0, 0, 0, 7, 40, -5][random.random_range(0..6)];
        let more = check(seed, &mut random, &snapshot, hours_later);
        (rows, by_columns, kept) = (rows + more.rows, by_columns + more.by_columns, kept + more.kept);
    }
    // Rules that look back at moves are asked row by row.
    assert!(by_columns * 10 > rows * 6, "only {by_columns} of {rows} rows were priced by columns");
    assert!(kept > 200, "only {kept} of {rows} rows were seen to keep their price");
}

#[test]
fn the_few_rows_that_a_rule_is_for_are_priced_apart_over_many_blocks() {
    let mut random = ChaCha8Rng::seed_from_u64(6);
    let products = products(&mut random, 10_000);
    let snapshot = snapshot(&products, TaxMode::Gross);
    for condition in ["stock = 3", "stock >= 3", "stock > 90"] {
        let text = format!("rule set \"Test\"\nrule \"few\"\n  when {condition}\n  price lowest - 1 %\n  else keep\n");
        let set = parse_rule_set(&text).expect("a rule set");
        let rules = CompiledRules::compile(&set, &snapshot).expect("a rule set that compiles");
        let check = self_check(&rules, &snapshot, 0, NOW);
        assert_eq!(check.difference, None, "{condition}");
        assert!(check.kept > 1_000, "{condition}: {}", check.kept);
    }
}

#[test]
fn a_distance_of_a_few_minor_units_is_the_same_also_where_nothing_is_there() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let products = products(&mut random, 64);
    let snapshot = snapshot(&products, TaxMode::Gross);
    for from in ["lowest", "nth 2", "median", "recommended"] {
        for distance in ["- 2 minor", "- 1 minor", "+ 1 minor", "- 100 %", "- 0.01 %", "+ 150 %"] {
            let text = format!("rule set \"Test\"\nrule \"a\"\n  price {from} {distance}\n  else keep\n");
            let set = parse_rule_set(&text).expect("a rule set");
            let rules = CompiledRules::compile(&set, &snapshot).expect("a rule set that compiles");
            assert_eq!(self_check(&rules, &snapshot, 0, NOW).difference, None, "{from} {distance}");
        }
    }
}

#[test]
fn amounts_beyond_the_ordinary_come_out_the_same() {
    for seed in 20_000..20_120 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut products = products(&mut random, 32);
        products.iter_mut().for_each(|product| enlarge(&mut random, product));
        check(seed, &mut random, &snapshot(&products, TaxMode::Gross), 0);
    }
}

/// Amounts at and around every limit, up to the largest that there are.
fn enlarge(random: &mut ChaCha8Rng, product: &mut RandomProduct) {
    let any = |random: &mut ChaCha8Rng| {
        let near = 1i64 << random.random_range(0..63);
        near.saturating_add(random.random_range(-2..3))
    };
    let values = &mut product.values;
    for amount in [&mut values.price_minor, &mut values.min_minor, &mut values.max_minor, &mut values.rrp_minor] {
        *amount = if random.random_bool(0.3) { any(random) } else { *amount };
    }
    if random.random_bool(0.3) {
        values.units_28d_milli = any(random);
    }
    if random.random_bool(0.2) {
        values.vat_bp = random.random_range(0..i32::MAX);
    }
    if let Some(stock) = &mut product.record.stock {
        *stock = if random.random_bool(0.3) { any(random) } else { *stock };
    }
    if let Some(cost) = &mut product.record.cost {
        cost.amount.0 = if random.random_bool(0.3) { any(random) } else { cost.amount.0 };
    }
    for offer in &mut product.offers {
        offer.amount_minor = if random.random_bool(0.3) { any(random) } else { offer.amount_minor };
        offer.availability = Availability::InStock as u8;
    }
}
