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
    // User and system time.
    [11, 12].into_iter().filter_map(|place| stat_field("/proc/self", place)).sum::<f64>() / TICKS_PER_SECOND
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

/// Clock ticks as Linux shows them to programs, on every architecture.
const TICKS_PER_SECOND: f64 = 100.0;

/// How programs are named in the table of processes, where a name has at most 15 letters.
const WINDOW: &str = "omnipricex-desk";
const WEB_VIEW: &str = "WebKit";

/// Seconds since the newest process of the window was made.
pub(crate) fn age_of_window() -> Option<f64> {
    let uptime: f64 = fs::read_to_string("/proc/uptime").ok()?.split(' ').next()?.parse().ok()?;
    Some(uptime - newest_start()? / TICKS_PER_SECOND)
}

/// When the newest process of the window was made, in clock ticks since the machine's start.
fn newest_start() -> Option<f64> {
    processes(WINDOW).iter().filter_map(|process| started(process)).max_by(f64::total_cmp)
}

fn started(process: &str) -> Option<f64> {
    stat_field(process, 19)
}

/// The memory that the newest window's own process holds now and that of its web view's processes, in megabytes. A window
/// before it may still be on its way out.
pub(crate) fn window_megabytes() -> (f64, f64) {
    let since = newest_start().unwrap_or(0.0);
    let sum = |name: &str| {
        let own = processes(name).into_iter().filter(|process| started(process).is_some_and(|ticks| ticks >= since));
        let held = own.filter_map(|process| kilobytes(&format!("{process}/status"), "VmRSS"));
        held.sum::<f64>() * 1024.0 / 1e6
    };
    (sum(WINDOW), sum(WEB_VIEW))
}

/// The folders of the running processes whose name begins so.
fn processes(name: &str) -> Vec<String> {
    let folders = fs::read_dir("/proc").into_iter().flatten().flatten().map(|entry| entry.path().display().to_string());
    folders
        .filter(|folder| fs::read_to_string(format!("{folder}/comm")).is_ok_and(|comm| comm.starts_with(name)))
        .collect()
}

/// A field of a process's `stat`, counted from the one after its name.
fn stat_field(process: &str, place: usize) -> Option<f64> {
    let text = fs::read_to_string(format!("{process}/stat")).ok()?;
    // The name may hold blanks and brackets.
    text.rsplit_once(')')?.1.split_whitespace().nth(place)?.parse().ok()
}
