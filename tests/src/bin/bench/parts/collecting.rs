//! Pages of the sample's six shops, collected over HTTP with everything recorded.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use app_contract::{CollectionSettings, ImportOptions, JobResult, SaveSettings, StartCollection, StartImport};
use pricing_domain::{CivilDate, FileKind};
use sample_shops::{Shop, ShopAddresses, ShopClock, generate_for, serve_from_afar};

use crate::figures::{Figures, Unit};
use crate::session::{Session, TODAY};

/// How long every answer of a shop takes.
const LATENCY: Duration = Duration::from_millis(10);
/// Seconds for a thousand pages at 400 pages a second.
const TARGET: f64 = 2.5;

/// As many pages of each of the six shops, one connection a shop, no delay.
pub(super) async fn six_shops(folder: &Path, figures: &mut Figures) -> Result<()> {
    let today: CivilDate = TODAY.parse().context("a date")?;
    let addresses = ShopAddresses::ephemeral().await?;
    let sample = generate_for(&addresses, today);
    let day = Arc::new(AtomicI64::new(sample_shops::day_number(today)));
    let _shops = serve_from_afar(&addresses, ShopClock::fixed_day(day), LATENCY).await?;
    let session = Session::create(folder).await?;
    let collection =
        CollectionSettings { delay_ms: 0, interval_hours: 24, timeout_seconds: 20, retries: 2, fetch_pictures: false };
    session.host.call(SaveSettings { company: "Benchmark".to_owned(), collection }).await?;
    for shop in Shop::ALL {
        session.host.allow_private_origin(&addresses.origin(shop)).await?;
    }
    let matches = as_many_of_each(&sample.matches_csv);
    for (kind, text) in [(FileKind::Products, &sample.products_csv), (FileKind::Matches, &matches)] {
        let path = session.path(&format!("{kind}.csv"));
        std::fs::write(&path, text).context("writing the file to import")?;
        let file = session.host.register_input(path)?.id;
        let options = ImportOptions::of_kind(kind);
        session.job(StartImport { file, options }).await?;
    }
    let name = "Collection of six shops, 10 ms latency";
    let ended = session.job(StartCollection { all: true }).await?;
    let Some(JobResult::Collection(report)) = ended.view.result else { bail!("a collection ends with its report") };
    ensure!(report.prices * 2 > report.pages, "most pages give a price: {report:?}");
    let seconds = report.elapsed_ms as f64 / 1_000.0;
    figures.add(format!("{name}, pages"), report.pages as f64, Unit::Count);
    figures.add(name, report.pages as f64 / seconds, Unit::RowsPerSecond);
    figures.aim(format!("{name}, 1,000 pages"), seconds * 1_000.0 / report.pages as f64, Unit::Seconds, TARGET);
    session.close().await;
    Ok(())
}

/// As many pages of each shop: one shop's pages come one after another, and the longest would end alone.
fn as_many_of_each(matches_csv: &str) -> String {
    let (head, rows) = matches_csv.split_once('\n').unwrap_or((matches_csv, ""));
    let shop = |row: &str| row.split(',').nth(1).unwrap_or_default().to_owned();
    let mut counts: HashMap<String, usize> = HashMap::new();
    rows.lines().for_each(|row| *counts.entry(shop(row)).or_default() += 1);
    let least = counts.values().copied().min().unwrap_or(0);
    let mut taken: HashMap<String, usize> = HashMap::new();
    let kept = rows.lines().filter(|row| {
        let taken = taken.entry(shop(row)).or_default();
        *taken += 1;
        *taken <= least
    });
    std::iter::once(head).chain(kept).flat_map(|row| [row, "\n"]).collect()
}
