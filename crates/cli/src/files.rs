//! Files in and out: import, preview, mapping, export.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use app_commands::Host;
use app_contract::{
    ExportGoogleFeed, ExportPrices, ExportPricesInto, ExportPricesReport, ExportTierPrices, FileRef, ImportOptions,
    InspectFile, JobResult, ListImportProfiles, PreviewImport, RemoveImportProfile, StartImport,
};
use pricing_domain::{FileId, FileKind, PriceListId};

use crate::import_words::ImportWords;
use crate::values::format_of;
use crate::{jobs, output, run};

/// Imports a file, or says what importing it would do.
pub async fn import(host: &Host, words: &ImportWords, json: bool) -> Result<ExitCode> {
    let (_, path) = words.kind_and_file()?;
    let options = words.options()?;
    let file = host.register_input(path)?.id;
    let job = if words.preview {
        host.call(PreviewImport { file, options }).await?
    } else {
        host.call(StartImport { file, options }).await?
    };
    let ended = jobs::follow(host, job).await?;
    let refused = match &ended.result {
        Some(JobResult::Import(report)) => report.refused_file.clone(),
        Some(JobResult::Preview(preview)) => preview.report.refused_file.clone(),
        _ => None,
    };
    let code = run::answer_of(ended, json)?;
    if let (Some(target), Some(refused)) = (&words.refused, refused) {
        fetch(host, &refused, target)?;
        if !json {
            println!("  refused rows → {}", target.display());
        }
    }
    Ok(code)
}

/// Shows the columns of a file.
pub async fn inspect(host: &Host, path: PathBuf, kind: FileKind, json: bool) -> Result<()> {
    let file = host.register_input(path)?.id;
    let shape = host.call(InspectFile { file, kind }).await?;
    output::answer(json, &shape, output::shape);
    Ok(())
}

/// Lists saved mappings, or forgets one.
pub async fn mappings(host: &Host, forget: Option<&str>, json: bool) -> Result<()> {
    let mut profiles = host.call(ListImportProfiles {}).await?;
    if let Some(name) = forget {
        let profile = profiles.iter().find(|profile| profile.name == name);
        let profile = profile.with_context(|| format!("no mapping is called “{name}”"))?;
        let (fingerprint, kind) = (profile.fingerprint.clone(), Some(profile.kind));
        profiles = host.call(RemoveImportProfile { fingerprint, kind }).await?;
    }
    output::answer(json, &profiles, |profiles| {
        for profile in profiles {
            let pairs: Vec<String> = profile.mapping.iter().map(|(own, theirs)| format!("{own}={theirs}")).collect();
            println!("{} ({}): {}", profile.name, profile.kind, pairs.join(", "));
        }
    });
    Ok(())
}

/// Writes the approved prices to a file of ours.
pub async fn export(host: &Host, file: &Path, price_list: Option<PriceListId>, json: bool) -> Result<()> {
    let format = format_of(file)?;
    let report = host.call(ExportPrices { format, price_list, name: name_of(file) }).await?;
    fetch(host, &report.file, file)?;
    output::answer(json, &report, |report| exported(report, file));
    Ok(())
}

/// Writes the approved prices of a list as a supplemental feed for Google Merchant.
pub async fn export_feed(host: &Host, file: &Path, price_list: Option<PriceListId>, json: bool) -> Result<()> {
    let name = name_of(file).context("name the file to write")?;
    let report = host.call(ExportGoogleFeed { price_list, name }).await?;
    fetch(host, &report.file, file)?;
    output::answer(json, &report, |report| exported(report, file));
    Ok(())
}

/// Writes the approved prices for larger quantities as tier prices of Magento.
pub async fn export_tier_prices(host: &Host, file: &Path, json: bool) -> Result<()> {
    let name = name_of(file).context("name the file to write")?;
    let report = host.call(ExportTierPrices { name }).await?;
    fetch(host, &report.file, file)?;
    output::answer(json, &report, |report| exported(report, file));
    Ok(())
}

fn exported(report: &ExportPricesReport, file: &Path) {
    println!("{} prices → {}", report.rows, file.display());
    tell_left(&report.left);
}

/// Approved prices that may not leave any more.
fn tell_left(left: &[String]) {
    if left.is_empty() {
        return;
    }
    println!("  {} approved may not leave any more and wait again (proposals --because left_behind):", left.len());
    left.iter().take(5).for_each(|words| println!("    {words}"));
}

/// What to write into, and how.
pub struct Into {
    pub original: Option<PathBuf>,
    pub price_list: Option<PriceListId>,
    pub whole: bool,
    pub sales: bool,
    pub options: ImportOptions,
}

/// Writes the approved prices into a copy of a shop's file.
pub async fn export_into(host: &Host, file: &Path, into: Into, json: bool) -> Result<()> {
    let Into { original, price_list, whole, sales, options } = into;
    let original: Option<FileId> = original.map(|path| host.register_input(path)).transpose()?.map(|file| file.id);
    let report =
        host.call(ExportPricesInto { original, price_list, whole, sales, options, name: name_of(file) }).await?;
    fetch(host, &report.file, file)?;
    output::answer(json, &report, |report| {
        println!("{} prices → {} ({})", report.prices, file.display(), report.format);
        if report.sales > 0 {
            println!("  {} sales with their dates", report.sales);
        }
        if report.not_in_file > 0 {
            println!(
                "  {} approved prices are of products that the file lacks: {}",
                report.not_in_file,
                report.not_in_file_skus.iter().take(5).cloned().collect::<Vec<_>>().join(", ")
            );
        }
        report.kept.iter().take(5).for_each(|reason| println!("  {reason}"));
        tell_left(&report.left);
    });
    Ok(())
}

/// What a file is called, without its folder.
fn name_of(path: &Path) -> Option<String> {
    path.file_name().map(|name| name.to_string_lossy().into_owned())
}

pub fn fetch(host: &Host, file: &FileRef, target: &Path) -> Result<()> {
    let written = host.file_path(file.id).context("the file that was written is gone")?;
    std::fs::copy(&written, target)
        .with_context(|| format!("{} cannot be written; the rows are in {}", target.display(), written.display()))?;
    Ok(())
}
