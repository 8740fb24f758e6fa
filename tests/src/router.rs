//! A host without a window: commands called directly, on a real workspace file.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use app_commands::{Host, HostOptions, Keychain};
use app_contract::{
    CollectionReport, CollectionSettings, CreateWorkspace, FindProduct, GetJob, GetProduct, GetStatus, ImportOptions,
    ImportReport, JobResult, JobState, JobView, OpenWorkspace, PricingReport, ProductDetail, SaveSettings,
    StartCollection, StartImport, StartPricing, UndoChangeSet, UndoReport, WorkspaceView,
};
use pricing_domain::{ChangeSetId, FileKind, PriceListId};
use tempfile::TempDir;

const JOB_LIMIT: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(10);

/// A host with its own folder.
pub struct Router {
    /// The host.
    pub host: Host,
    folder: TempDir,
}

impl Router {
    /// Starts a host in an empty folder.
    pub fn start() -> Result<Self> {
        let folder = tempfile::tempdir().context("making a folder for the journey")?;
        Ok(Self { host: host_in(folder.path())?, folder })
    }

    /// Ends the host, starts another one on the same folder, and opens the workspace that was open last.
    pub async fn restart(self) -> Result<Self> {
        self.host.shutdown().await;
        let host = host_in(self.folder.path())?;
        let recent = host.call(GetStatus {}).await?.recent;
        let (_, file) = recent.into_iter().next().context("a workspace was open before")?;
        host.call(OpenWorkspace { file }).await?;
        Ok(Self { host, folder: self.folder })
    }

    /// A path in the journey's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Creates a workspace in a file of the journey's folder.
    pub async fn create_workspace(&self, company: &str) -> Result<()> {
        let file = self.host.register_output(self.path("journey.omnipricex"));
        self.host.call(CreateWorkspace { file: Some(file.id), name: company.to_owned() }).await?;
        Ok(())
    }

    /// Sets the pause between two requests to one shop; shops of this machine bear none.
    pub async fn collect_with_delay(&self, delay_ms: u64) -> Result<()> {
        let company = self.workspace().await?.company;
        let collection =
            CollectionSettings { delay_ms, interval_hours: 24, timeout_seconds: 10, retries: 1, fetch_pictures: false };
        self.host.call(SaveSettings { company, collection }).await?;
        Ok(())
    }

    /// Imports a file and gives the report.
    pub async fn import(&self, kind: FileKind, content: &str) -> Result<ImportReport> {
        let path = self.path(&format!("{kind}.csv"));
        std::fs::write(&path, content).context("writing the file to import")?;
        let file = self.host.register_input(path)?.id;
        let job = self.host.call(StartImport { file, options: ImportOptions::of_kind(kind) }).await?;
        match self.finished(job).await?.result {
            Some(JobResult::Import(report)) => Ok(report),
            other => bail!("an import ends with its report, not with {other:?}"),
        }
    }

    /// Collects every page and gives the report.
    pub async fn collect(&self) -> Result<CollectionReport> {
        let job = self.host.call(StartCollection { all: true }).await?;
        match self.finished(job).await?.result {
            Some(JobResult::Collection(report)) => Ok(report),
            other => bail!("a collection ends with its report, not with {other:?}"),
        }
    }

    /// Prices the catalogue and gives the report.
    pub async fn price(&self) -> Result<PricingReport> {
        let job = self.host.call(StartPricing {}).await?;
        match self.finished(job).await?.result {
            Some(JobResult::Pricing(report)) => Ok(report),
            other => bail!("a pricing run ends with its report, not with {other:?}"),
        }
    }

    /// Takes a change set back.
    pub async fn undo(&self, change_set: Option<ChangeSetId>) -> Result<UndoReport> {
        let change_set = change_set.context("the operation changed something")?;
        Ok(self.host.call(UndoChangeSet { change_set }).await?)
    }

    /// Waits for a job that is expected to succeed.
    pub async fn finished(&self, job: JobView) -> Result<JobView> {
        let job = self.ended(job).await?;
        if job.state != JobState::Done {
            bail!("“{}” ended as {:?}: {:?}", job.title, job.state, job.error);
        }
        Ok(job)
    }

    /// Waits until a job has ended in whatever way.
    pub async fn ended(&self, job: JobView) -> Result<JobView> {
        self.job_that(job, |job| job.state.ended()).await
    }

    /// Waits until a job is as a condition wants it.
    pub async fn job_that(&self, mut job: JobView, condition: impl Fn(&JobView) -> bool) -> Result<JobView> {
        let started = Instant::now();
        while !condition(&job) {
            if started.elapsed() > JOB_LIMIT {
                bail!("“{}” stands at {} of {:?} after {JOB_LIMIT:?}", job.title, job.done, job.total);
            }
            tokio::time::sleep(PAUSE).await;
            job = self.host.call(GetJob { job: job.id }).await?;
        }
        Ok(job)
    }

    /// The open workspace.
    pub async fn workspace(&self) -> Result<WorkspaceView> {
        self.host.call(GetStatus {}).await?.workspace.context("a workspace is open")
    }

    /// The default price list.
    pub async fn default_list(&self) -> Result<PriceListId> {
        Ok(self.workspace().await?.price_lists.first().context("a workspace has a price list")?.id)
    }

    /// All about a product on the default list.
    pub async fn product(&self, sku: &str) -> Result<ProductDetail> {
        let price_list = self.default_list().await?;
        let product = self.host.call(FindProduct { sku: sku.to_owned() }).await?;
        Ok(self.host.call(GetProduct { product, price_list }).await?)
    }
}

fn host_in(folder: &Path) -> Result<Host> {
    Ok(Host::start(HostOptions {
        data_folder: folder.join("data"),
        log_folder: folder.join("logs"),
        actor: "journey".to_owned(),
        keychain: Keychain::File,
    })?)
}
