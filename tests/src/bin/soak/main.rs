//! Feeds the readers damaged and random inputs for a given time. No input may panic, and none may take long or much memory.
//!
//! Every input follows from the printed seed and its number, so that a finding can be made again.

mod files;
mod hostile;
#[path = "../bench/machine.rs"]
#[allow(dead_code, reason = "the benchmark uses the rest")]
mod machine;
mod mutations;
mod targets;
mod words;

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Parser;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use targets::Target;

/// Longest processor time that one input may take.
const LONGEST: Duration = Duration::from_secs(10);

/// What allocates without end is stopped at so many times the memory that an input may take.
const STOPPED_AT: f64 = 4.0;

/// Feeds the readers damaged and random inputs.
#[derive(Parser)]
#[command(name = "soak")]
struct Arguments {
    /// Which readers; `files` are all importers. All when none is named.
    #[arg(value_parser = Target::named)]
    targets: Vec<Vec<Target>>,
    /// Processor time for each reader.
    #[arg(long, default_value_t = 60, value_name = "N")]
    seconds: u64,
    /// The seed; without it a new one.
    #[arg(long)]
    seed: Option<u64>,
    /// Only the input with this number of the seed.
    #[arg(long, requires = "seed")]
    only: Option<u64>,
}

/// What a run found.
struct Run {
    inputs: u64,
    bytes: u64,
    processor_seconds: f64,
    longest: Duration,
    /// The most memory that an input took beside what was held before the first.
    peak_megabytes: f64,
    findings: Vec<String>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let seed = arguments.seed.unwrap_or_else(rand::random);
    let chosen = if arguments.targets.is_empty() { Target::all() } else { arguments.targets.concat() };
    let folder = std::env::temp_dir().join(format!("omnipricex-soak-{seed}"));
    println!("seed {seed}");
    println!(
        "{:<12} {:>10} {:>10} {:>12} {:>12} {:>10} {:>9}",
        "reader", "inputs", "MB", "CPU seconds", "longest ms", "memory MB", "findings"
    );
    let mut findings = 0;
    for target in chosen {
        let run = soak(target, seed, &arguments, &folder)?;
        println!(
            "{:<12} {:>10} {:>10.1} {:>12.1} {:>12} {:>10.0} {:>9}",
            target.name(),
            run.inputs,
            run.bytes as f64 / 1e6,
            run.processor_seconds,
            run.longest.as_millis(),
            run.peak_megabytes,
            run.findings.len()
        );
        run.findings.iter().for_each(|finding| println!("  {finding}"));
        findings += run.findings.len();
    }
    if findings > 0 {
        bail!("{findings} findings; the inputs are in {}", folder.display());
    }
    Ok(())
}

fn soak(target: Target, seed: u64, arguments: &Arguments, folder: &Path) -> Result<Run> {
    let corpus = target.corpus()?;
    // The inputs that were made to hurt have the first numbers.
    let hostile = target.hostile()?;
    let held = machine::current_megabytes();
    forget_peak();
    let reading = Arc::new(AtomicU64::new(0));
    watch_memory(target, seed, held, &reading);
    let start = processor_time();
    let mut run = Run {
        inputs: 0,
        bytes: 0,
        processor_seconds: 0.0,
        longest: Duration::ZERO,
        peak_megabytes: 0.0,
        findings: Vec::new(),
    };
    let mut number = arguments.only.unwrap_or(0);
    loop {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(number);
        let input = match usize::try_from(number).ok().and_then(|number| hostile.get(number)) {
            Some(hostile) => hostile.clone(),
            None if target.is_packed() => mutations::packed_input(&mut random, &corpus, target.words()),
            None => mutations::input(&mut random, &corpus, target.words()),
        };
        reading.store(number, Ordering::Relaxed);
        let began = processor_time();
        let outcome = catch_unwind(|| target.read(&input));
        let took = processor_time().saturating_sub(began);
        let peak = machine::peak_megabytes() - held;
        run.inputs += 1;
        run.bytes += input.len() as u64;
        run.longest = run.longest.max(took);
        run.peak_megabytes = run.peak_megabytes.max(peak);
        let faults = [
            (outcome.is_err(), "panics".to_owned()),
            (took > LONGEST, format!("takes {} s", took.as_secs())),
            (peak > target.most_megabytes(), format!("takes {peak:.0} MB of memory")),
        ];
        let what: Vec<String> = faults.into_iter().filter_map(|(found, what)| found.then_some(what)).collect();
        if !what.is_empty() {
            let kept = keep(folder, target, number, &input)?;
            run.findings.push(format!("input {number} {}: {}", what.join(" and "), kept.display()));
            forget_peak();
        }
        number += 1;
        run.processor_seconds = processor_time().saturating_sub(start).as_secs_f64();
        let is_enough = run.processor_seconds >= arguments.seconds as f64 && number > hostile.len() as u64;
        if arguments.only.is_some() || is_enough || run.findings.len() >= 20 {
            return Ok(run);
        }
    }
}

/// The processor time of this program so far, so that a busy or stopped machine makes no input slow; the clock's where
/// the system does not tell it.
fn processor_time() -> Duration {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    let clock = BEGAN.get_or_init(Instant::now).elapsed();
    match machine::processor_seconds() {
        used if used > 0.0 => Duration::from_secs_f64(used),
        _ => clock,
    }
}

/// Begins to measure the largest memory anew, where the system can; elsewhere it stays that of the whole run.
fn forget_peak() {
    // 5 is the peak (proc(5)).
    drop(std::fs::write("/proc/self/clear_refs", "5"));
}

/// Ends the program with the number of the input that takes far too much memory: what allocates without end cannot be
/// stopped otherwise.
fn watch_memory(target: Target, seed: u64, held: f64, reading: &Arc<AtomicU64>) {
    let reading = Arc::downgrade(reading);
    std::thread::spawn(move || {
        while let Some(reading) = reading.upgrade() {
            if machine::current_megabytes() - held > STOPPED_AT * target.most_megabytes() {
                let number = reading.load(Ordering::Relaxed);
                let name = target.name();
                println!(
                    "{name}: input {number} takes too much memory; again: soak {name} --seed {seed} --only {number}"
                );
                std::process::exit(1);
            }
            drop(reading);
            std::thread::sleep(Duration::from_millis(50));
        }
    });
}

fn keep(folder: &Path, target: Target, number: u64, input: &[u8]) -> Result<PathBuf> {
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let file = folder.join(format!("{}-{number}", target.name()));
    std::fs::write(&file, input).with_context(|| format!("writing {}", file.display()))?;
    Ok(file)
}
