//! The engine alone on generated snapshots, and other engines over the same rule beside it.

mod by_hand;
mod peers;
mod synthetic;

use std::hint::black_box;
use std::sync::atomic::AtomicBool;
use std::time::Instant as Stopwatch;

use anyhow::{Context, Result, anyhow, ensure};
use pricing_rules::{
    CompiledRules, ListValues, PreviewQuestion, RowChange, Snapshot, inputs_of, preview, price_all, price_from_inputs,
    self_check, ways_to_all,
};

use crate::figures::{Figures, Unit, grouped};

/// Sizes; small ones only show that it works.
struct Sizes {
    /// Of the one rule, as its peers are measured.
    one_rule: u32,
    catalogue: u32,
    large: u32,
    edited: u32,
    rounds: u32,
}

const WHOLE: Sizes = Sizes { one_rule: 200_000, catalogue: 1_000_000, large: 5_000_000, edited: 10_000, rounds: 5 };
const SMALL: Sizes = Sizes { one_rule: 20_000, catalogue: 20_000, large: 40_000, edited: 10_000, rounds: 1 };

const RULES: usize = 20;
const OFFERS: u32 = 5;

/// All of it.
pub(super) fn alone(is_small: bool, figures: &mut Figures) -> Result<()> {
    let sizes = if is_small { SMALL } else { WHOLE };
    one_rule(&sizes, figures)?;
    if !is_small {
        peers::measure(figures);
    }
    let snapshot = synthetic::catalogue(sizes.catalogue, OFFERS);
    figures.aim(
        format!(
            "Snapshot of {} products with {} offers",
            grouped(sizes.catalogue.into()),
            grouped(snapshot.offers.item_count() as f64)
        ),
        snapshot.memory_bytes() as f64 / 1e6,
        Unit::Megabytes,
        700.0,
    );
    let each = whole_catalogue(&snapshot, &sizes, figures)?;
    one_way(&snapshot, &sizes, figures)?;
    edited(&snapshot, &sizes, figures);
    refreshed(&snapshot, &sizes, figures);
    cached(&snapshot, figures)?;
    drop(snapshot);
    growth(&sizes, each, figures)
}

/// A condition on four fields, the lowest competitor or else cost plus a margin, a floor, own bounds, a ceiling, a step
/// and endings, on one thread; as fields of the rule and as an expression.
fn one_rule(sizes: &Sizes, figures: &mut Figures) -> Result<()> {
    let snapshot = synthetic::catalogue(sizes.one_rule, 1);
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    for (name, set) in [("by fields", synthetic::one_rule(false)), ("by an expression", synthetic::one_rule(true))] {
        let compiled = compile(&set, &snapshot)?;
        let price = || drop(black_box(price_all(&compiled, &snapshot, 0, synthetic::NOW, &never(), &|_| ())));
        let each = alone.install(|| each_on_processor(sizes, price));
        figures.aim(format!("One rule {name}, a product"), each, Unit::Nanoseconds, 10.0);
        let rate = alone.install(|| {
            let began = cpu_seconds();
            let ways = ways_to_all(&compiled, &snapshot, 0, synthetic::NOW, &never());
            ways.map(|ways| ways.len() as f64 / (cpu_seconds() - began))
        });
        let rate = rate.context("nobody cancels")?;
        figures.aim(format!("One rule {name}, full ways"), rate, Unit::RowsPerSecond, 2_000_000.0);
        let check = self_check(&compiled, &snapshot, 0, synthetic::NOW);
        ensure!(check.difference.is_none(), "columns and rows differ: {:?}", check.difference);
    }
    let (plain, mut out) = (by_hand::PlainColumns::of(&snapshot), Vec::with_capacity(sizes.one_rule as usize));
    let each = each_on_processor(sizes, || plain.price(black_box(&mut out)));
    figures.add("By hand, a loop on f64 without counts or reasons, a product", each, Unit::Nanoseconds);
    Ok(())
}

/// Twenty rules over all, on two threads; milliseconds.
fn whole_catalogue(snapshot: &Snapshot, sizes: &Sizes, figures: &mut Figures) -> Result<f64> {
    let set = synthetic::rule_set(RULES);
    let compiled = compile(&set, snapshot)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
    let milliseconds =
        pool.install(|| best(sizes.rounds, || price_all(&compiled, snapshot, 0, synthetic::NOW, &never(), &|_| ())));
    let name = format!("{} products × {RULES} rules × {OFFERS} offers, two threads", grouped(sizes.catalogue.into()));
    figures.aim(name, milliseconds, Unit::Milliseconds, 400.0);
    Ok(milliseconds)
}

fn one_way(snapshot: &Snapshot, sizes: &Sizes, figures: &mut Figures) -> Result<()> {
    let set = synthetic::rule_set(RULES);
    let compiled = compile(&set, snapshot)?;
    let milliseconds = best(sizes.rounds, || {
        let inputs = inputs_of(&compiled, snapshot, 0, snapshot.row_count() / 2, synthetic::NOW);
        price_from_inputs(&set, &inputs)
    });
    figures.aim("The way to one price, in words", milliseconds, Unit::Milliseconds, 5.0);
    Ok(())
}

/// What an editor asks on every keystroke, over few products and over all.
fn edited(snapshot: &Snapshot, sizes: &Sizes, figures: &mut Figures) {
    let set = synthetic::rule_set(RULES);
    let few = synthetic::catalogue(sizes.edited, OFFERS);
    for (snapshot, target) in [(&few, Some(8.0)), (snapshot, None)] {
        let question =
            PreviewQuestion { snapshot, list: 0, edited: &set, in_force: None, focus: Some(0), now: synthetic::NOW };
        let milliseconds = best(sizes.rounds, || preview(&question, &never()));
        let name = format!("Effect of an edited rule set over {} products", grouped(snapshot.row_count() as f64));
        match target {
            Some(target) => figures.aim(name, milliseconds, Unit::Milliseconds, target),
            None => figures.add(name, milliseconds, Unit::Milliseconds),
        }
    }
}

fn refreshed(snapshot: &Snapshot, sizes: &Sizes, figures: &mut Figures) {
    let rows = (0..1000).map(|number| number * snapshot.row_count() / 1000);
    let changes: Vec<RowChange> = rows
        .flat_map(|row| {
            let key = snapshot.products.key.get(row);
            let values = ListValues { price_minor: 12_399, ..snapshot.lists[0].values(row) };
            let mut offers = snapshot.offers.get(row).to_vec();
            offers.iter_mut().for_each(|offer| offer.amount_minor += 10);
            [RowChange::ListValues { key, list: 0, values }, RowChange::Offers { key, offers }]
        })
        .collect();
    let milliseconds = best(sizes.rounds, || snapshot.updated(snapshot.sequence + 1, synthetic::NOW, changes.clone()));
    figures.aim("1,000 scattered products with new prices and offers", milliseconds, Unit::Milliseconds, 20.0);
}

fn cached(snapshot: &Snapshot, figures: &mut Figures) -> Result<()> {
    let mut bytes = Vec::new();
    snapshot.write_cache(&mut bytes)?;
    let began = Stopwatch::now();
    let read = Snapshot::read_cache(&mut bytes.as_slice())?;
    figures.aim("The snapshot read from its cache", began.elapsed().as_secs_f64(), Unit::Seconds, 2.0);
    ensure!(read.row_count() == snapshot.row_count(), "the cache holds every product");
    Ok(())
}

/// Whether a larger catalogue takes proportionally long: its time against that of the ordinary one.
fn growth(sizes: &Sizes, ordinary_milliseconds: f64, figures: &mut Figures) -> Result<()> {
    let snapshot = synthetic::catalogue(sizes.large, OFFERS);
    let compiled = compile(&synthetic::rule_set(RULES), &snapshot)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
    let milliseconds =
        pool.install(|| best(sizes.rounds, || price_all(&compiled, &snapshot, 0, synthetic::NOW, &never(), &|_| ())));
    let proportional = ordinary_milliseconds * f64::from(sizes.large) / f64::from(sizes.catalogue);
    let name = format!("{} products × {RULES} rules × {OFFERS} offers, two threads", grouped(sizes.large.into()));
    figures.aim(name, milliseconds, Unit::Milliseconds, (proportional * 1.25).round());
    Ok(())
}

fn compile(set: &pricing_domain::RuleSet, snapshot: &Snapshot) -> Result<CompiledRules> {
    CompiledRules::compile(set, snapshot).map_err(|problems| anyhow!("{problems:?}"))
}

fn never() -> AtomicBool {
    AtomicBool::new(false)
}

/// Nanoseconds a product that the work takes on the processor: the best round. The system counts in steps of some
/// milliseconds, so that a round is as long as many of them.
fn each_on_processor(sizes: &Sizes, mut work: impl FnMut()) -> f64 {
    const REPEATS: u32 = 60;
    let mut round = || {
        let before = cpu_seconds();
        (0..REPEATS).for_each(|_| work());
        (cpu_seconds() - before) / f64::from(REPEATS)
    };
    let seconds = (0..sizes.rounds).map(|_| round()).fold(f64::INFINITY, f64::min);
    seconds * 1e9 / f64::from(sizes.one_rule)
}

/// Seconds that this thread has been on a processor, where the system tells: fair on a busy machine.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds: Option<f64> = text.split_whitespace().next().and_then(|text| text.parse().ok());
    nanoseconds.map_or(f64::NAN, |nanoseconds| nanoseconds / 1e9)
}

/// The milliseconds of the best round.
fn best<R>(rounds: u32, mut work: impl FnMut() -> R) -> f64 {
    let mut once = || {
        let began = Stopwatch::now();
        black_box(work());
        began.elapsed().as_secs_f64() * 1e3
    };
    (0..rounds).map(|_| once()).fold(f64::INFINITY, f64::min)
}
