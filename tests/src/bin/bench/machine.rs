//! What the figures were measured on, and the memory of this process.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Processor, cores, memory and system in one line.
pub(crate) fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory = kilobytes("/proc/meminfo", "MemTotal").map_or(0.0, |kilobytes| kilobytes / (1024.0 * 1024.0));
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    format!(
        "{processor}, {cores} cores, {memory:.0} GiB of memory, {} {}, load {load} at the start",
        std::env::consts::OS,
        kernel.trim(),
    )
}

/// The largest memory this process has held so far, in megabytes; 0 where the system does not tell.
pub(crate) fn peak_megabytes() -> f64 {
    megabytes("VmHWM")
}

/// The memory this process holds now, in megabytes; 0 where the system does not tell.
pub(crate) fn current_megabytes() -> f64 {
    megabytes("VmRSS")
}

/// The processor time this process has used so far on all cores, in seconds; 0 where the system does not tell.
pub(crate) fn processor_seconds() -> f64 {
    // Clock ticks as Linux shows them to programs, on every architecture.
    const TICKS_PER_SECOND: f64 = 100.0;
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name before it may hold blanks; user and system time are the 12th and 13th fields after it.
    let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks: f64 = fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / TICKS_PER_SECOND
}

fn megabytes(name: &str) -> f64 {
    kilobytes("/proc/self/status", name).map_or(0.0, |kilobytes| kilobytes * 1024.0 / 1e6)
}

fn kilobytes(file: &str, name: &str) -> Option<f64> {
    field(file, name)?.split_whitespace().next()?.parse().ok()
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.split(':').next().is_some_and(|key| key.trim() == name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}

/// Asks the system to forget what it keeps of a file in memory, so that the next reading comes from the disk. Whether
/// it did.
pub(crate) fn cool(file: &Path) -> bool {
    let mut argument = std::ffi::OsString::from("of=");
    argument.push(file);
    let status = Command::new("dd")
        .arg(argument)
        .args(["oflag=nocache", "conv=notrunc,fdatasync", "count=0"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}
