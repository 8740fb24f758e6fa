//! The sample workspace: a copy of the one that ships with the application, its days moved to today, and the sample's
//! shops on this machine while it is open.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app_contract::{CommandError, CompetitorSettings, ProposalDecision, ProposalFilter, ProposalSelection};
use pricing_domain::{
    BasisPoints, ExceptionReason, FileKind, Instant, MICROSECONDS_PER_DAY, OutputFormat, ProposalKind, ProposalStatus,
    TaxMode,
};
use pricing_operations::{OperationError, Progress, Workspace};
use sample_shops::{DemoSales, RunningShops, Shop, ShopAddresses, ShopClock, day_number, generate, serve};
use tokio::sync::Mutex;

use crate::errors::crossing;
use crate::host::Host;

/// The workspace that `cargo xtask sample` made.
static SHIPPED: &[u8] = include_bytes!("../../../assets/sample/nordlicht.omnipricex.zst");

/// The simulated day up to which the sample was collected.
const NEWEST_DAY: &str = "sample_newest_day";
/// By how many days the sample was moved.
const SHIFT: &str = "sample_shift_days";
/// How long competitors are collected before the sample is ready: three weeks.
const COLLECTED_DAYS: i64 = 21;
/// From this day on the sample's retailer follows its own rules.
const FIRST_PRICED_DAY: i64 = 8;
/// Until this day it settles its old prices.
const ORDINARY_FROM_DAY: i64 = 15;

/// The first screen is drawn before the shops open.
const AFTER_THE_FIRST_SCREEN: std::time::Duration = std::time::Duration::from_secs(2);

/// The shops while the sample is open.
#[derive(Default)]
pub(crate) struct SampleShops {
    day: Arc<AtomicI64>,
    running: Mutex<Option<RunningShops>>,
}

impl SampleShops {
    /// Opens the shops on a day; opened already, they only turn to it. Ports taken by another window's shops are fine:
    /// those serve the same pages.
    async fn open(&self, day: i64) {
        self.day.store(day, Ordering::Relaxed);
        let mut running = self.running.lock().await;
        if running.is_none() {
            match serve(&ShopAddresses::default(), ShopClock::fixed_day(self.day.clone())).await {
                Ok(shops) => *running = Some(shops),
                Err(error) => tracing::warn!(%error, "the sample's shops are not served by this window"),
            }
        }
    }

    pub(crate) async fn stop(&self) {
        self.running.lock().await.take();
    }
}

const fn day_of(now: Instant) -> i64 {
    now.0.div_euclid(MICROSECONDS_PER_DAY)
}

impl Host {
    /// The sample's file in the data folder; made anew when it is not there.
    pub(crate) async fn sample_file(&self) -> Result<PathBuf, CommandError> {
        let path = self.options().data_folder.join("Nordlicht sample.omnipricex");
        if path.is_file() {
            return Ok(path);
        }
        if SHIPPED.is_empty() {
            return Err(CommandError::fault("This build carries no sample. Make it with `cargo xtask sample`."));
        }
        let failed = |error: std::io::Error| CommandError::fault(format!("The sample cannot be unpacked: {error}"));
        let partial = path.with_extension("partial");
        let file = std::fs::File::create(&partial).map_err(failed)?;
        zstd::stream::copy_decode(SHIPPED, file).map_err(failed)?;
        self.freshen(&partial).await.map_err(crossing)?;
        std::fs::rename(&partial, &path).map_err(failed)?;
        let mut lock = partial.into_os_string();
        lock.push("-lock");
        // Only litter, if it stays.
        let _ = std::fs::remove_file(lock);
        Ok(path)
    }

    /// Moves the sample's days so that its newest collection was yesterday morning: the next one shows what competitors
    /// did since.
    async fn freshen(&self, path: &Path) -> Result<(), OperationError> {
        let sample = Workspace::open(path, "sample", self.clock()).await?;
        let newest = number(&sample, NEWEST_DAY).await?;
        let shift = day_of(self.now()) - 1 - newest;
        sample.shift_days(shift).await?;
        sample.write_setting(SHIFT, &shift.to_string(), "Kept by how many days the sample was moved").await?;
        sample.close().await;
        Ok(())
    }

    /// For hosts that stay open: a person may look at a page of the sample's shops before anything is collected.
    pub(crate) fn open_shops_soon(&self) {
        if !self.schedules_followed().load(Ordering::Relaxed) {
            return;
        }
        let host = self.downgrade();
        tokio::spawn(async move {
            tokio::time::sleep(AFTER_THE_FIRST_SCREEN).await;
            if let Some(host) = host.upgrade()
                && let Some(workspace) = host.open_workspace_if_any().await
                && let Err(problem) = host.private_origins(&workspace).await
            {
                tracing::warn!(problem = problem.message, "the sample's shops do not open");
            }
        });
    }

    /// Origins that collection may visit although they are not public. For the sample, its shops are opened on the day
    /// that continues its history.
    pub(crate) async fn private_origins(&self, workspace: &Workspace) -> Result<Vec<String>, CommandError> {
        let mut origins = workspace.private_sites().await.map_err(crossing)?;
        if workspace.setting("sample").await.map_err(crossing)?.is_some() {
            let shift = number(workspace, SHIFT).await.map_err(crossing)?;
            self.shops().open(day_of(self.now()) - shift).await;
            origins.extend(shop_origins(&ShopAddresses::default()));
        }
        Ok(origins)
    }

    /// Lets collection visit an origin on this machine or network.
    pub async fn allow_private_origin(&self, origin: &str) -> Result<(), CommandError> {
        let workspace = self.workspace().await?;
        let mut sites = workspace.private_sites().await.map_err(crossing)?;
        sites.push(origin.to_owned());
        workspace.save_private_sites(&sites).await.map_err(crossing)?;
        Ok(())
    }
}

/// What the retailer did each morning: priced, approved, handed over. While it settles its old prices, large changes
/// and first prices are approved too; later only ordinary changes. The other exceptions, and what competitors did in the
/// last night, are left for the person who opens the sample.
async fn take_changes(workspace: &Workspace, file: &Path, settling: bool) -> Result<u64, OperationError> {
    let priced = workspace.price(&Progress::silent()).await?;
    if settling && !priced.held_for.is_empty() {
        // The first prices that follow the rules move many products at once.
        workspace.release_batch("settles the old prices").await?;
    }
    let waiting = ProposalFilter { status: Some(ProposalStatus::Pending), ..ProposalFilter::default() };
    let mut approved = vec![ProposalFilter { kind: Some(ProposalKind::Change), ..waiting.clone() }];
    if settling {
        approved.extend(
            [ExceptionReason::LargeChange, ExceptionReason::NoPriceYet]
                .map(|reason| ProposalFilter { reason: Some(reason), ..waiting.clone() }),
        );
    }
    let mut decided = 0;
    for filter in approved {
        let selection = ProposalSelection::Filter(filter);
        let report = workspace.decide_proposals(&selection, ProposalDecision::Approve, "follows the rules").await?;
        decided += report.decided;
    }
    if decided == 0 {
        return Ok(0);
    }
    Ok(workspace.export_prices(file, OutputFormat::Csv, None).await?.prices)
}

/// Imports generated rows, of which none may be refused.
async fn import(
    workspace: &Workspace,
    folder: &Path,
    kind: FileKind,
    text: &str,
    told: &impl Fn(&str),
) -> Result<(), OperationError> {
    let name = format!("{kind}.csv");
    let path = folder.join(&name);
    std::fs::write(&path, text).map_err(|error| OperationError::fault(error.to_string()))?;
    let options = app_contract::ImportOptions { is_passing: true, ..app_contract::ImportOptions::of_kind(kind) };
    let (report, _) = workspace.import(&path, &name, &options, &Progress::silent()).await?;
    told(&format!("{kind}: {} rows, {} new, {} refused", report.rows, report.added, report.refused));
    match report.problems.first() {
        Some(problem) => Err(OperationError::fault(format!("the generated {kind} are refused: {problem}"))),
        None => Ok(()),
    }
}

/// Sets for how many days pages of every competitor are kept.
async fn keep_pages(workspace: &Workspace, days: u32) -> Result<(), OperationError> {
    for competitor in workspace.competitors().await? {
        let settings = CompetitorSettings { keep_pages_days: days, ..competitor.settings };
        workspace.update_competitor(competitor.id, &settings).await?;
    }
    Ok(())
}

async fn number(workspace: &Workspace, setting: &str) -> Result<i64, OperationError> {
    let text = workspace.setting(setting).await?;
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
}

fn shop_origins(addresses: &ShopAddresses) -> Vec<String> {
    Shop::ALL.iter().map(|shop| addresses.origin(*shop)).collect()
}

/// Makes the sample workspace: generated files are imported, and the sample's shops are collected over HTTP on every
/// day of three simulated weeks. `told` hears what is done. Gives the size of the packed file.
///
/// The days are simulated; everything else is the product's own path.
pub async fn build_sample(out: &Path, told: impl Fn(&str)) -> Result<u64, CommandError> {
    let folder = out.with_extension("building");
    let failed = |error: std::io::Error| CommandError::fault(format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let file = folder.join("sample.omnipricex");
    fill_sample(&file, &folder, &told).await.map_err(crossing)?;
    let packed = folder.join("packed.omnipricex");
    Workspace::open(&file, "sample", Arc::new(|| Instant(0)))
        .await
        .map_err(crossing)?
        .copy_to(&packed)
        .await
        .map_err(crossing)?;
    let source = std::fs::File::open(&packed).map_err(failed)?;
    let target = std::fs::File::create(out).map_err(failed)?;
    zstd::stream::copy_encode(source, target, 19).map_err(failed)?;
    std::fs::remove_dir_all(&folder).map_err(failed)?;
    std::fs::metadata(out).map(|data| data.len()).map_err(failed)
}

async fn fill_sample(file: &Path, folder: &Path, told: &impl Fn(&str)) -> Result<(), OperationError> {
    const SIX_IN_THE_MORNING: i64 = 6 * 3_600_000_000;
    let addresses = ShopAddresses::default();
    let sample = generate(&addresses);
    let first_day = day_number(sample.first_day);
    let day = Arc::new(AtomicI64::new(first_day));
    let clock_day = day.clone();
    let clock: pricing_operations::Clock =
        Arc::new(move || Instant(clock_day.load(Ordering::Relaxed) * MICROSECONDS_PER_DAY + SIX_IN_THE_MORNING));
    let workspace = Workspace::create(file, sample.retailer, "sample", clock).await?;
    for list in &sample.price_lists {
        let country = if list.default { "*" } else { list.name };
        let class = "1900";
        let vat: [(&str, &str, BasisPoints); 1] = [(class, country, list.vat)];
        let title = if list.name == "DE" { "Germany" } else { "Austria" };
        workspace.add_price_list(list.name, title, list.currency, TaxMode::Gross, &vat).await?;
    }
    let files = [
        (FileKind::Products, &sample.products_csv),
        (FileKind::PriceHistory, &sample.price_history_csv),
        (FileKind::Prices, &sample.prices_csv),
        (FileKind::Promotions, &sample.promotions_csv),
        (FileKind::Locks, &sample.locks_csv),
        (FileKind::Matches, &sample.matches_csv),
        (FileKind::Sales, &sample.sales_csv),
    ];
    for (kind, text) in files {
        import(&workspace, folder, kind, text, told).await?;
    }
    // The sample ships without the pages themselves: they would be most of its size.
    keep_pages(&workspace, 0).await?;
    let politeness = |delay_ms| app_contract::CollectionSettings {
        delay_ms,
        interval_hours: 24,
        timeout_seconds: 20,
        retries: 2,
        fetch_pictures: false,
    };
    workspace.save_settings(sample.retailer, &politeness(0)).await?;
    let shops = serve(&addresses, ShopClock::fixed_day(day.clone()))
        .await
        .map_err(|error| OperationError::fault(error.to_string()))?;
    let mut sales = DemoSales::new(sample.first_day);
    for step in 0..COLLECTED_DAYS {
        day.store(first_day + step, Ordering::Relaxed);
        let report = workspace.collect(true, &shop_origins(&addresses), &Progress::silent()).await?;
        told(&format!("day {}: {} pages, {} prices, {} moved", step + 1, report.pages, report.prices, report.moved));
        if (FIRST_PRICED_DAY..COLLECTED_DAYS - 1).contains(&step) {
            let file = folder.join("new-prices.csv");
            let handed_over = take_changes(&workspace, &file, step < ORDINARY_FROM_DAY).await?;
            if handed_over > 0 {
                sales
                    .charge(&std::fs::read_to_string(&file).map_err(|error| OperationError::fault(error.to_string()))?);
            }
            told(&format!("  {handed_over} prices handed over"));
        }
        if step < COLLECTED_DAYS - 1 {
            sales.sell(step);
        }
    }
    drop(shops);
    import(&workspace, folder, FileKind::Sales, &sales.csv(), told).await?;
    let priced = workspace.price(&Progress::silent()).await?;
    told(&format!("priced: {} raised, {} lowered", priced.raised, priced.lowered));
    workspace.save_settings(sample.retailer, &politeness(50)).await?;
    keep_pages(&workspace, CompetitorSettings::default().keep_pages_days).await?;
    let newest = first_day + COLLECTED_DAYS - 1;
    workspace.write_setting("sample", "yes", "Made the sample").await?;
    workspace.write_setting(NEWEST_DAY, &newest.to_string(), "Kept the newest day of the sample").await?;
    workspace.close().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::SHIPPED;

    #[test]
    fn the_shipped_sample_names_no_place_of_its_making() {
        let file = zstd::stream::decode_all(SHIPPED).expect("the sample is packed whole");
        let found = file.windows(9).position(|bytes| bytes == b".building");
        assert_eq!(found, None, "a path of the machine that made the sample");
    }
}
