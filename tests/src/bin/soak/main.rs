//! Feeds the readers damaged and random inputs for a given time. No input may panic, and none may take long or much memory.
//!
//! Every input follows from the printed seed and its number, so that a finding can be made again.

#[path = "../bench/machine.rs"]
#[allow(dead_code, reason = "the benchmark uses the rest")]
mod machine;
mod mutations;
mod targets;

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Parser;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use targets::Target;

/// Longest time that one input may take.
const LONGEST: Duration = Duration::from_secs(10);

/// More memory than that is too much, in megabytes: the inputs to begin from take some hundred.
const MOST_MEMORY: f64 = 3_000.0;

/// Feeds the readers damaged and random inputs.
#[derive(Parser)]
#[command(name = "soak")]
struct Arguments {
    /// Which readers; all when none is named.
    targets: Vec<Target>,
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
    findings: Vec<String>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let seed = arguments.seed.unwrap_or_else(rand::random);
    let chosen: &[Target] = if arguments.targets.is_empty() { &Target::ALL } else { &arguments.targets };
    let folder = std::env::temp_dir().join(format!("omnipricex-soak-{seed}"));
    println!("seed {seed}");
    println!(
        "{:<12} {:>10} {:>10} {:>12} {:>12} {:>9}",
        "reader", "inputs", "MB", "CPU seconds", "longest ms", "findings"
    );
    let mut findings = 0;
    for target in chosen {
        let run = soak(*target, seed, &arguments, &folder)?;
        println!(
            "{:<12} {:>10} {:>10.1} {:>12.1} {:>12} {:>9}",
            target.name(),
            run.inputs,
            run.bytes as f64 / 1e6,
            run.processor_seconds,
            run.longest.as_millis(),
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
    let reading = Arc::new(AtomicU64::new(0));
    watch_memory(target, seed, &reading);
    let start = machine::processor_seconds();
    let wall = Instant::now();
    let mut run = Run { inputs: 0, bytes: 0, processor_seconds: 0.0, longest: Duration::ZERO, findings: Vec::new() };
    let mut number = arguments.only.unwrap_or(0);
    loop {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(number);
        let input = mutations::input(&mut random, &corpus, target.words());
        reading.store(number, Ordering::Relaxed);
        let began = Instant::now();
        let outcome = catch_unwind(|| target.read(&input));
        let took = began.elapsed();
        run.inputs += 1;
        run.bytes += input.len() as u64;
        run.longest = run.longest.max(took);
        if outcome.is_err() || took > LONGEST {
            let what = if outcome.is_err() { "panics" } else { "takes too long" };
            let kept = keep(folder, target, number, &input)?;
            run.findings.push(format!("input {number} {what}: {}", kept.display()));
        }
        number += 1;
        // Where the system does not tell the processor's time, the clock's counts.
        let used = machine::processor_seconds() - start;
        run.processor_seconds = if used > 0.0 { used } else { wall.elapsed().as_secs_f64() };
        if arguments.only.is_some() || run.processor_seconds >= arguments.seconds as f64 || run.findings.len() >= 20 {
            return Ok(run);
        }
    }
}

/// Ends the program with the number of the input that takes too much memory: what allocates without end cannot be stopped
/// otherwise.
fn watch_memory(target: Target, seed: u64, reading: &Arc<AtomicU64>) {
    let reading = Arc::downgrade(reading);
    std::thread::spawn(move || {
        while let Some(reading) = reading.upgrade() {
            if machine::current_megabytes() > MOST_MEMORY {
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
