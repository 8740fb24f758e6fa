//! Pricing runs.

use std::path::Path;
use std::time::Instant as Stopwatch;

use anyhow::{Context, Result, bail, ensure};
use app_contract::{JobResult, PricingReport, StartPricing};

use super::add_costs;
use crate::figures::{Figures, Unit};
use crate::machine;
use crate::session::{EndedJob, Session};

/// Everything in a process that begins with pricing: nothing is loaded, no cached snapshot, the file out of memory.
pub(super) async fn cold(folder: &Path, figures: &mut Figures) -> Result<()> {
    forget_snapshot(folder)?;
    if !machine::cool(&Session::file(folder)) {
        eprintln!("  the file may still be in the system's memory");
    }
    let started = Stopwatch::now();
    let session = Session::open(folder).await?;
    let job = session.job(StartPricing {}).await?;
    let seconds = started.elapsed().as_secs_f64();
    let report = report(&job)?;
    ensure!(report.raised > 0 && report.lowered > 0, "the rules have work: {report:?}");
    figures.add("Pricing: snapshot from the tables", job.stage_seconds("Loading the catalogue"), Unit::Seconds);
    figures.aim("Pricing: evaluation", report.evaluate_ms as f64, Unit::Milliseconds, 1_000.0);
    let writing = job.stage_seconds("Writing proposals");
    figures.aim("Pricing: writing the proposals", writing, Unit::Seconds, 5.0);
    let exceptions: u64 = report.exceptions.iter().map(|(_, count)| count).sum();
    figures.add("Pricing: proposals", (report.raised + report.lowered + exceptions) as f64, Unit::Count);
    figures.aim("Pricing: in all, from a cold file", seconds, Unit::Seconds, 12.0);
    let again = session.job(StartPricing {}).await?;
    figures.add("Pricing: in all, again in the same process", again.seconds, Unit::Seconds);
    add_costs(figures, "Pricing", None);
    session.close().await;
    Ok(())
}

fn report(job: &EndedJob) -> Result<&PricingReport> {
    match &job.view.result {
        Some(JobResult::Pricing(report)) => Ok(report),
        other => bail!("a pricing run ends with its report, not with {other:?}"),
    }
}

/// Removes the cached snapshot beside the workspace, if there is one.
pub(super) fn forget_snapshot(folder: &Path) -> Result<()> {
    let mut file = Session::file(folder).into_os_string();
    file.push("-snapshot");
    match std::fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).context("removing the snapshot"),
        _ => Ok(()),
    }
}
