//! Measures demand and optimisation on generated data: `cargo run --release -p pricing-science --example speed`.

mod ladders;

use std::time::Instant as Clock;

use pricing_science::{LadderEffort, LadderLimits, optimise_ladder};

fn main() {
    measure_ladders();
}

/// The best of some rounds in milliseconds.
fn best<R>(rounds: u32, mut work: impl FnMut() -> R) -> f64 {
    let once = |work: &mut dyn FnMut() -> R| {
        let began = Clock::now();
        std::hint::black_box(work());
        began.elapsed().as_secs_f64() * 1e3
    };
    (0..rounds).map(|_| once(&mut work)).fold(f64::INFINITY, f64::min)
}

fn measure_ladders() {
    for items in [1_001, 10_010, 100_001] {
        let ladder = ladders::generated(items);
        for variant in ["A", "B", "C"] {
            let limits = LadderLimits::variant(variant).expect("a variant");
            let effort = LadderEffort::usual(items);
            let mut found = None;
            let milliseconds = best(3, || found = Some(optimise_ladder(&ladder, &limits, effort)));
            match found {
                Some(Ok(found)) => println!(
                    "ladder {items} {variant}: {milliseconds:.0} ms, gap {:.1e}, {}",
                    found.gap,
                    if found.is_optimal { "proven" } else { "within the gap" }
                ),
                Some(Err(error)) => println!("ladder {items} {variant}: {error}"),
                None => {}
            }
        }
    }
}
