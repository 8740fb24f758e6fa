//! Price ladders from a real panel against optima proven by another solver.

#[path = "support/reference.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod reference;

use pricing_science::{FurtherLimit, Ladder, LadderEffort, LadderLimits, Order, PairOrder, Table, optimise_ladder};

#[test]
fn real_ladders_are_feasible_and_as_good_as_proven() {
    let Some(data) = reference::shared_data("real_ladders_are_feasible_and_as_good_as_proven") else { return };
    let folder = data.join("science/optimisation");
    let proven = std::fs::read_to_string(folder.join("proven.jsonl")).expect("proven.jsonl");
    for line in proven.lines() {
        let known: serde_json::Value = serde_json::from_str(line).expect("a row");
        let (size, variant) = (known["size"].as_str().expect("a size"), known["variant"].as_str().expect("a variant"));
        let ladder =
            Ladder::from_table(&reference::read_table(&folder.join(format!("mckp_{size}.csv.gz")))).expect("a ladder");
        let limits = LadderLimits::variant(variant).expect("a variant");
        let found = optimise_ladder(&ladder, &limits, LadderEffort::usual(ladder.items.len())).expect("a solution");
        let (best, bound) =
            (known["mip_obj"].as_f64().expect("a value"), known["mip_bound"].as_f64().expect("a bound"));
        assert!(found.is_feasible && found.objective <= found.bound, "{size} {variant}: {found:?}");
        let rounding = 1e-9 * bound;
        assert!(found.bound >= best - rounding, "{size} {variant}: the bound {} is below {best}", found.bound);
        assert!(found.objective <= bound + rounding, "{size} {variant}: {} is above {bound}", found.objective);
        if size == "1k" {
            assert!(found.is_optimal && (found.objective - best).abs() < 1e-5, "{variant}: {}", found.objective);
            let chosen = |item| ladder.chosen(item, &found.choice).price;
            let prices: f64 = (0..ladder.items.len()).map(chosen).sum();
            eprintln!(
                "{size} {variant}: sum of prices {prices}, {} changes; {} {}",
                found.changes, known["sum_price"], known["changes"]
            );
        } else {
            assert!(found.gap <= 1e-6, "{size} {variant}: {}", found.gap);
        }
    }
}

#[test]
fn a_small_ladder_is_solved_as_by_trying_everything() {
    for seed in 0..60 {
        let ladder = small_ladder(seed);
        let limits = LadderLimits {
            basket_at_most: Some(0.99),
            revenue_at_least: Some(0.97),
            changes_at_most: Some(0.5),
            orders: vec![Order::parse("a<=1.1*b").expect("an order"), Order::parse("b<=1.3*c").expect("an order")],
            ..LadderLimits::default()
        };
        let found = optimise_ladder(&ladder, &limits, LadderEffort::usual(ladder.items.len()));
        match (found, best_of_all(&ladder)) {
            (Ok(found), Some(best)) => {
                assert!(found.is_optimal, "{seed}");
                assert!((found.objective - best).abs() < 1e-9, "{seed}: {} instead of {best}", found.objective);
            }
            (Err(_), None) => {}
            (found, best) => panic!("{seed}: {found:?} and {best:?}"),
        }
    }
}

#[test]
fn limits_and_orders_of_the_caller_hold_and_cost_what_they_cost() {
    for seed in 0..40 {
        let ladder = small_ladder(seed);
        let of = |value: &dyn Fn(usize) -> f64| (0..ladder.options.len()).map(value).collect::<Vec<f64>>();
        let today: f64 = (0..6).map(|item| ladder.options_of(item)[0].revenue).sum();
        let revenue = FurtherLimit {
            name: "revenue".to_owned(),
            bound: 1.01 * today,
            at_least: true,
            uses: of(&|option| ladder.options[option].revenue),
        };
        let pairs = vec![PairOrder { lower: 0, upper: 1 }, PairOrder { lower: 1, upper: 2 }];
        let limits = LadderLimits { pairs, further: vec![revenue], ..LadderLimits::default() };
        let free = optimise_ladder(&ladder, &LadderLimits::default(), LadderEffort::usual(6)).expect("a solution");
        let Ok(found) = optimise_ladder(&ladder, &limits, LadderEffort::usual(6)) else { continue };
        let price = |item: usize| ladder.chosen(item, &found.choice).price;
        let first = |item: usize| ladder.options_of(item)[0].price;
        let widest = |lower: usize, upper: usize| f64::max(1.0, first(lower) / first(upper));
        assert!(price(0) <= widest(0, 1) * price(1) + 1e-9 && price(1) <= widest(1, 2) * price(2) + 1e-9, "{seed}");
        assert!(found.limits[0].used >= found.limits[0].bound - 1e-6, "{seed}: {:?}", found.limits);
        assert!(found.is_optimal && found.objective <= free.objective + 1e-9, "{seed}");
        assert_eq!(found.limits[0].binds, found.limits[0].shadow_price > 0.0);
    }
}

/// Two families of three products with three prices each, from a linear congruence.
fn small_ladder(seed: u64) -> Ladder {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    };
    let mut text = "item,group,brand,opt,price,profit,revenue,basket,changed\n".to_owned();
    for item in 0..6 {
        let (price, units, cost) = (2.0 + next(), 10.0 + 50.0 * next(), 1.0 + 0.5 * next());
        let elasticity = -1.2 - 2.0 * next();
        for (option, ratio) in [1.0, 0.9, 1.1].into_iter().enumerate() {
            let (now, sold) = (price * ratio, units * f64::powf(ratio, elasticity));
            let brand = ["a", "b", "c"][item % 3];
            let line = [(now - cost) * sold, now * sold, now * units];
            let changed = usize::from(option > 0);
            text +=
                &format!("{item},{},{brand},{option},{now},{},{},{},{changed}\n", item / 3, line[0], line[1], line[2]);
        }
    }
    Ladder::from_table(&Table::from_csv(text.as_bytes()).expect("a table")).expect("a ladder")
}

/// The best margin over all 729 choices, checked without the solver's own code.
fn best_of_all(ladder: &Ladder) -> Option<f64> {
    let today: Vec<_> = (0..6).map(|item| ladder.options_of(item)[0]).collect();
    let sum = |of: &dyn Fn(usize) -> f64| (0..6).map(of).sum::<f64>();
    let mut best: Option<f64> = None;
    for code in 0..729_usize {
        let choice: Vec<usize> = (0..6).map(|item| code / 3_usize.pow(item) % 3).collect();
        let option = |item: usize| ladder.options_of(item)[choice[item]];
        let is_ordered = [(0, 1, 1.1), (1, 2, 1.3), (3, 4, 1.1), (4, 5, 1.3)].iter().all(|&(lower, upper, factor)| {
            let widest = f64::max(factor, today[lower].price / today[upper].price);
            option(lower).price <= widest * option(upper).price + 1e-9
        });
        let is_within = sum(&|item| option(item).basket) <= 0.99 * sum(&|item| today[item].basket)
            && sum(&|item| option(item).revenue) >= 0.97 * sum(&|item| today[item].revenue)
            && choice.iter().filter(|option| **option > 0).count() <= 3;
        if is_ordered && is_within {
            let profit = sum(&|item| option(item).profit);
            best = Some(best.map_or(profit, |best: f64| best.max(profit)));
        }
    }
    best
}
