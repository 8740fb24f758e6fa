//! The engine against random products, offers and rule sets for as long as is wanted:
//! `cargo xtask soak engine -- [--cases N] [--seed N]` (1,000,000 cases and a seed from the clock unless told otherwise).
//!
//! A case is a product with its offers under a rule set. A rule set that divides by a constant zero is refused, as it should
//! be, and another one is taken. For each: no change crosses a hard bound and every new price
//! has an allowed ending, by definitions that are not the engine's; pricing by columns and row by row agree; the order
//! of the rows and the number of threads do not matter.

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/engine/catalogue.rs"]
mod catalogue;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/engine/expressions.rs"]
mod expressions;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/engine/hard_bounds.rs"]
mod hard_bounds;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/engine/random.rs"]
mod random;

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Instant as Clock, SystemTime, UNIX_EPOCH};

use pricing_domain::{ProposalKind, RuleSet, TaxMode};
use pricing_rules::{CompiledRules, Decision, PricingRun, Snapshot, digest, price_all, self_check};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::ThreadPool;

use catalogue::NOW;

/// Products under one rule set.
const PRODUCTS: u32 = 40;

fn main() -> Result<(), Box<dyn Error>> {
    let (cases, seed) = arguments()?;
    println!("seed {seed}: {cases} cases");
    let rounds = cases.div_ceil(u64::from(PRODUCTS));
    let pools = [pool(1)?, pool(5)?];
    let began = Clock::now();
    let done = all_rounds(rounds, seed, &pools)?;
    println!(
        "{} cases, {} changes checked, {} rows by columns, {} seen to keep their price, digest {:016x}, {:.1} s",
        done.cases,
        done.changes,
        done.by_columns,
        done.kept,
        done.digest,
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Checks the rounds on a plain thread a processor. They are no threads of a pool: those would take up other rounds
/// while they wait for the small pools, each on top of the one before, until their stack is full.
fn all_rounds(rounds: u64, seed: u64, pools: &[ThreadPool; 2]) -> Result<Done, String> {
    let next = AtomicU64::new(0);
    let work = || {
        let mut done = Done::default();
        loop {
            let round = next.fetch_add(1, Ordering::Relaxed);
            if round >= rounds {
                return Ok(done);
            }
            match check(seed.wrapping_add(round), pools) {
                Ok(one) => done = done.and(&one),
                Err(wrong) => {
                    next.store(rounds, Ordering::Relaxed);
                    return Err(wrong);
                }
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let ended = running.into_iter().map(|thread| thread.join().map_err(|_| "a round panicked".to_owned())?);
        ended.collect::<Vec<_>>().into_iter().try_fold(Done::default(), |sum, one| Ok(sum.and(&one?)))
    })
}

fn arguments() -> Result<(u64, u64), Box<dyn Error>> {
    let clock = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros() as u64;
    let (mut cases, mut seed) = (1_000_000, clock);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let number = words.next().ok_or("a number stands behind --cases and --seed")?.parse()?;
        match word.as_str() {
            "--cases" => cases = number,
            "--seed" => seed = number,
            other => return Err(format!("{other} is unknown; use --cases N and --seed N").into()),
        }
    }
    Ok((cases, seed))
}

fn pool(threads: usize) -> Result<ThreadPool, rayon::ThreadPoolBuildError> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build()
}

/// What was checked.
#[derive(Default)]
struct Done {
    cases: u64,
    changes: u64,
    by_columns: u64,
    kept: u64,
    /// The digests of all rounds, added up.
    digest: u64,
}

impl Done {
    const fn and(self, other: &Self) -> Self {
        Self {
            cases: self.cases + other.cases,
            changes: self.changes + other.changes,
            by_columns: self.by_columns + other.by_columns,
            kept: self.kept + other.kept,
            digest: self.digest.wrapping_add(other.digest),
        }
    }
}

fn price(set: &RuleSet, snapshot: &Snapshot) -> Result<PricingRun, String> {
    let rules = CompiledRules::compile(set, snapshot).map_err(|problems| format!("{problems:?}"))?;
    price_all(&rules, snapshot, 0, NOW, &AtomicBool::new(false), &|_| ()).ok_or_else(|| "cancelled".into())
}

fn usable_set(random: &mut ChaCha8Rng, snapshot: &Snapshot) -> Result<RuleSet, String> {
    loop {
        let set = random::rule_set(random);
        match CompiledRules::compile(&set, snapshot) {
            Ok(_) => return Ok(set),
            Err(problems) if problems.iter().all(|problem| problem.reason.contains("divided by zero")) => {}
            Err(problems) => return Err(format!("{problems:?}\n{set:#?}")),
        }
    }
}

fn check(seed: u64, pools: &[ThreadPool; 2]) -> Result<Done, String> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let products = random::products(&mut random, PRODUCTS);
    let tax_mode = if random.random_bool(0.8) { TaxMode::Gross } else { TaxMode::Net };
    let snapshot = random::snapshot(&products, tax_mode);
    let set = usable_set(&mut random, &snapshot)?;
    let wrong = |what: &str| format!("seed {seed}, 1 round of {PRODUCTS} cases: {what}\n{set:#?}");

    let run = price(&set, &snapshot)?;
    let mut changes = 0;
    for decision in run.decisions.iter().filter(|decision| decision.kind == ProposalKind::Change) {
        hard_bounds::check_bounds(&snapshot, &set, decision).map_err(|what| wrong(&format!("{what}: {decision:?}")))?;
        changes += 1;
    }
    let rules = CompiledRules::compile(&set, &snapshot).map_err(|problems| format!("{problems:?}"))?;
    let both = self_check(&rules, &snapshot, 0, NOW);
    both.difference.map_or(Ok(()), |difference| Err(wrong(&difference)))?;
    if pools[0].install(|| price(&set, &snapshot))? != run {
        return Err(wrong("one thread gives another result"));
    }
    let other = random::snapshot(&random::shuffled(&mut random, &products), tax_mode);
    let shuffled = pools[1].install(|| price(&set, &other))?;
    if by_key(&snapshot, &run) != by_key(&other, &shuffled) || run.counts != shuffled.counts {
        return Err(wrong("another order of the rows gives another result"));
    }
    Ok(Done { cases: PRODUCTS.into(), changes, by_columns: both.by_columns, kept: both.kept, digest: digest(&run) })
}

fn by_key(snapshot: &Snapshot, run: &PricingRun) -> BTreeMap<u32, Decision> {
    let key = |decision: &Decision| snapshot.products.key.get(decision.row as usize);
    run.decisions.iter().map(|decision| (key(decision), Decision { row: 0, ..*decision })).collect()
}
