//! Files into the workspace.

use std::path::Path;

use anyhow::{Result, bail, ensure};
use app_contract::{ImportOptions, ImportReport, JobResult, StartImport};
use pricing_domain::FileKind;

use super::add_costs;
use crate::catalogue::{OBSERVATIONS_FILE, PRODUCTS_FILE};
use crate::figures::{Figures, Unit};
use crate::session::Session;

/// The catalogue into an empty workspace.
pub(super) async fn first(folder: &Path, figures: &mut Figures) -> Result<()> {
    let session = Session::create(folder).await?;
    let (report, seconds) = import(&session, FileKind::Products, PRODUCTS_FILE).await?;
    ensure!(report.refused == 0, "{} generated rows are refused: {:?}", report.refused, report.problems.first());
    ensure!(report.added == report.rows, "every row is new, not only {} of {}", report.added, report.rows);
    figures.aim("Import of products", seconds, Unit::Seconds, 30.0);
    figures.add("Import of products, rows", report.rows as f64 / seconds, Unit::RowsPerSecond);
    add_costs(figures, "Import of products", Some(600.0));
    session.close().await;
    Ok(())
}

/// The same file again.
pub(super) async fn again(folder: &Path, figures: &mut Figures) -> Result<()> {
    let session = Session::open(folder).await?;
    let (report, seconds) = import(&session, FileKind::Products, PRODUCTS_FILE).await?;
    ensure!(report.unchanged == report.rows, "the same file again changes nothing, but {report:?}");
    figures.aim("The same file again", seconds, Unit::Seconds, 30.0);
    add_costs(figures, "The same file again", Some(600.0));
    session.close().await;
    Ok(())
}

/// What competitors charge.
pub(super) async fn observations(folder: &Path, figures: &mut Figures) -> Result<()> {
    let session = Session::open(folder).await?;
    let (report, seconds) = import(&session, FileKind::Observations, OBSERVATIONS_FILE).await?;
    ensure!(report.refused == 0, "{} generated rows are refused: {:?}", report.refused, report.problems.first());
    figures.add("Import of competitor prices", seconds, Unit::Seconds);
    figures.add("Import of competitor prices, rows", report.rows as f64 / seconds, Unit::RowsPerSecond);
    add_costs(figures, "Import of competitor prices", None);
    session.close().await;
    Ok(())
}

async fn import(session: &Session, kind: FileKind, name: &str) -> Result<(ImportReport, f64)> {
    let file = session.host.register_input(session.path(name))?.id;
    let job = session.job(StartImport { file, options: ImportOptions::of_kind(kind) }).await?;
    eprintln!("  {name}: {:.1} s reading, {:.1} s writing", job.stage_seconds("Reading"), job.stage_seconds("Writing"));
    match job.view.result {
        Some(JobResult::Import(report)) => Ok((report, job.seconds)),
        other => bail!("an import ends with its report, not with {other:?}"),
    }
}
