//! Measures the engine on a synthetic catalogue: `cargo run --release -p pricing-rules --example speed -- [products]
//! [offers] [rules]` (1,000,000 products, 5 offers each and 20 rules unless told otherwise), or `-- rule` for the
//! representative rule alone.

mod peer;
mod synthetic;

use std::error::Error;
use std::sync::atomic::AtomicBool;
use std::time::Instant as Clock;

use pricing_domain::BasisPoints;
use pricing_rules::{
    CompiledRules, GridColumn, GridFilter, GridQuery, GridSort, ListValues, PreviewQuestion, RowChange, Snapshot,
    inputs_of, list_figures, preview, price_all, price_from_inputs, run_grid, self_check, ways_to_all,
};

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().any(|argument| argument == "rule") {
        return measure_representative();
    }
    let arguments: Vec<usize> = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    let argument = |place: usize, otherwise| arguments.get(place).copied().unwrap_or(otherwise);
    let (products, offers, rules) = (argument(0, 1_000_000), argument(1, 5), argument(2, 20));
    let began = Clock::now();
    let snapshot = synthetic::catalogue(products as u32, offers as u32);
    println!("{products} products, {} offers, {rules} rules", snapshot.offers.item_count());
    println!("built in {:.2} s, {} MB", began.elapsed().as_secs_f64(), snapshot.memory_bytes() / 1_000_000);
    measure_pricing(&snapshot, rules)?;
    measure_representative()?;
    measure_preview(&snapshot, rules)?;
    measure_grids(&snapshot);
    measure_update(&snapshot);
    measure_cache(&snapshot)?;
    Ok(())
}

const ROUNDS: u8 = 5;

/// Seconds that this thread has been on a processor, where the system tells: fair on a busy machine.
fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds / 1e9)
}

/// The best of five in seconds.
fn best<R>(mut work: impl FnMut() -> R) -> f64 {
    let once = |work: &mut dyn FnMut() -> R| {
        let began = Clock::now();
        std::hint::black_box(work());
        began.elapsed().as_secs_f64()
    };
    (0..ROUNDS).map(|_| once(&mut work)).fold(f64::INFINITY, f64::min)
}

fn measure_pricing(snapshot: &Snapshot, rules: usize) -> Result<(), Box<dyn Error>> {
    let set = synthetic::rule_set(rules);
    let compiled = CompiledRules::compile(&set, snapshot).map_err(|problems| format!("{problems:?}"))?;
    let price = || price_all(&compiled, snapshot, 0, synthetic::NOW, &AtomicBool::new(false), &|_| ());
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        let (seconds, cpu) = pool.install(|| {
            let before = cpu_seconds();
            let seconds = best(price);
            (seconds, cpu_seconds().zip(before).map(|(after, before)| (after - before) / f64::from(ROUNDS)))
        });
        let each = |seconds: f64| seconds * 1e9 / snapshot.row_count() as f64;
        println!("priced on {threads} threads in {:.1} ms, {:.0} ns a product", seconds * 1e3, each(seconds));
        if let (1, Some(cpu)) = (threads, cpu) {
            println!("  of which on the processor {:.0} ns a product", each(cpu));
        }
    }
    let run = price().ok_or("not cancelled")?;
    println!("{:?}", run.counts);
    let way = best(|| {
        let inputs = inputs_of(&compiled, snapshot, 0, snapshot.row_count() / 2, synthetic::NOW);
        price_from_inputs(&set, &inputs)
    });
    println!("one way to a price in {:.2} ms", way * 1e3);
    if let Some(change) = run.decisions.iter().find(|decision| decision.reason.is_none()) {
        let inputs = inputs_of(&compiled, snapshot, 0, change.row as usize, synthetic::NOW);
        let (_, way) = price_from_inputs(&set, &inputs).map_err(|problems| format!("{problems:?}"))?;
        println!("{}\n{}", way.summary, way.what_would_change.unwrap_or_default());
    }
    Ok(())
}

/// One rule as peers are measured with over 200,000 products on one thread; as fields of the rule and as an expression.
/// Products of the representative rule.
const PRODUCTS: u32 = 200_000;

/// Nanoseconds a product that the work takes on the processor: the best of five rounds. The system counts in steps of
/// some milliseconds, so that a round is as long as many of them.
fn each_on_processor(mut work: impl FnMut()) -> f64 {
    const REPEATS: u32 = 60;
    let round = |work: &mut dyn FnMut()| {
        let before = cpu_seconds();
        (0..REPEATS).for_each(|_| work());
        cpu_seconds().zip(before).map(|(after, before)| (after - before) / f64::from(REPEATS))
    };
    let seconds = (0..ROUNDS).filter_map(|_| round(&mut work)).fold(f64::INFINITY, f64::min);
    seconds * 1e9 / f64::from(PRODUCTS)
}

fn measure_representative() -> Result<(), Box<dyn Error>> {
    let snapshot = synthetic::catalogue(PRODUCTS, 1);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let plain = peer::PlainColumns::of(&snapshot);
    let mut out = Vec::with_capacity(PRODUCTS as usize);
    let by_hand = each_on_processor(|| plain.price(std::hint::black_box(&mut out)));
    println!("the same rule by hand, a loop on f64: {by_hand:.1} ns a product on the processor");
    for (name, set) in [("scope", synthetic::one_rule(false)), ("expression", synthetic::one_rule(true))] {
        let compiled = CompiledRules::compile(&set, &snapshot).map_err(|problems| format!("{problems:?}"))?;
        let price = || price_all(&compiled, &snapshot, 0, synthetic::NOW, &AtomicBool::new(false), &|_| ());
        let each = pool.install(|| each_on_processor(|| drop(std::hint::black_box(price()))));
        println!("one representative rule ({name}) on one thread: {each:.1} ns a product on the processor");
        let cpu = pool.install(|| {
            let before = cpu_seconds();
            let ways = ways_to_all(&compiled, &snapshot, 0, synthetic::NOW, &AtomicBool::new(false));
            let used = cpu_seconds().zip(before).map_or(f64::NAN, |(after, before)| after - before);
            (used, ways.map_or(0, |ways| ways.memory_bytes() / ways.len().max(1)))
        });
        let each = cpu.0 * 1e9 / f64::from(PRODUCTS);
        println!(
            "  every way in full: {each:.0} ns a product, {:.1} million a second, {} bytes each",
            1e3 / each,
            cpu.1
        );
        let check = self_check(&compiled, &snapshot, 0, synthetic::NOW);
        let counts = price().ok_or("not cancelled")?.counts;
        let exceptions: u64 = counts.exceptions.iter().sum();
        println!(
            "  {} of {} rows by columns, {} decided by the rule, {} changed, {exceptions} exceptions",
            check.by_columns,
            check.rows,
            counts.rules[0].products,
            counts.raised + counts.lowered
        );
        if let Some(difference) = check.difference {
            return Err(difference.into());
        }
    }
    Ok(())
}

/// What an editor asks on every keystroke, over 10,000 products and over all.
fn measure_preview(all: &Snapshot, rules: usize) -> Result<(), Box<dyn Error>> {
    let few = synthetic::catalogue(10_000, 5);
    let set = synthetic::rule_set(rules);
    for snapshot in [&few, all] {
        let question =
            PreviewQuestion { snapshot, list: 0, edited: &set, in_force: None, focus: Some(0), now: synthetic::NOW };
        let seconds = best(|| preview(&question, &AtomicBool::new(false)));
        println!("preview of {} products in {:.1} ms", snapshot.row_count(), seconds * 1e3);
    }
    Ok(())
}

fn measure_grids(snapshot: &Snapshot) {
    let sorted = |column, descending| GridQuery { sort: GridSort { column, descending }, ..GridQuery::default() };
    let queries = [
        ("every row by article number", GridQuery::default()),
        ("every row by price", sorted(GridColumn::Price, true)),
        ("every row by margin", sorted(GridColumn::Margin, false)),
        ("every row by gap", sorted(GridColumn::Gap, true)),
        ("every row by brand", sorted(GridColumn::Brand, false)),
        ("two words", GridQuery { search: "kettle 77".into(), ..sorted(GridColumn::Price, false) }),
        ("a rare word", GridQuery { search: "sku0077777".into(), ..GridQuery::default() }),
        ("below cost", GridQuery { filters: vec![GridFilter::BelowCost], ..sorted(GridColumn::Margin, false) }),
        (
            "dearer than lowest in a brand",
            GridQuery {
                filters: vec![GridFilter::DearerThanLowest, GridFilter::Brand("Brand 7".into())],
                ..sorted(GridColumn::Gap, true)
            },
        ),
    ];
    for (name, query) in queries {
        let seconds = best(|| run_grid(snapshot, &query, &AtomicBool::new(false)));
        let count = run_grid(snapshot, &query, &AtomicBool::new(false)).rows.len();
        println!("grid {name}: {count} rows in {:.1} ms", seconds * 1e3);
    }
    let policy = pricing_domain::OfferPolicy::default();
    let seconds = best(|| list_figures(snapshot, 0, &policy, BasisPoints(50), synthetic::NOW));
    println!("figures in {:.1} ms", seconds * 1e3);
}

fn measure_update(snapshot: &Snapshot) {
    let rows = (0..1000).map(|n| n * snapshot.row_count() / 1000);
    let changes: Vec<RowChange> = rows
        .flat_map(|row| {
            let key = snapshot.products.key.get(row);
            let values = ListValues { price_minor: 12_399, ..snapshot.lists[0].values(row) };
            let mut offers = snapshot.offers.get(row).to_vec();
            offers.iter_mut().for_each(|offer| offer.amount_minor += 10);
            [RowChange::ListValues { key, list: 0, values }, RowChange::Offers { key, offers }]
        })
        .collect();
    let seconds = best(|| snapshot.updated(snapshot.sequence + 1, synthetic::NOW, changes.clone()));
    println!("1,000 scattered products with new prices and offers in {:.1} ms", seconds * 1e3);
}

fn measure_cache(snapshot: &Snapshot) -> Result<(), Box<dyn Error>> {
    let mut bytes = Vec::new();
    let began = Clock::now();
    snapshot.write_cache(&mut bytes)?;
    println!("cache of {} MB written in {:.0} ms", bytes.len() / 1_000_000, began.elapsed().as_secs_f64() * 1e3);
    let began = Clock::now();
    let read = Snapshot::read_cache(&mut bytes.as_slice())?;
    println!("read in {:.0} ms, {} rows", began.elapsed().as_secs_f64() * 1e3, read.row_count());
    Ok(())
}
