//! An open workspace: its file, its snapshot, its clock.

use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

use app_contract::{PriceListView, WorkspaceView};
use price_collection::Origins;
use pricing_domain::{BasisPoints, Currency, Instant, PriceListId, TaxMode};
use pricing_store::{Durability, PriceListRow, Store};
use secret_store::SecretStore;
use shop_connectors::Patience;

use crate::OperationError;
use crate::batch_notes::NotesCache;
use crate::collecting::Collecting;
use crate::demand::KeptDemand;
use crate::forecast_backtests::KeptBacktest;
use crate::forecasts::KeptForecasts;
use crate::market::FigureCache;
use crate::matching::PictureTurns;
use crate::proposals::KeptCount;
use crate::publishing::Publishing;
use crate::rule_previews::Previews;
use crate::scenarios::KeptUnchanged;
use crate::snapshots::SnapshotCache;

/// Tells the time; the only place operations know it from.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// An open workspace. Cheap to clone.
#[derive(Clone)]
pub struct Workspace {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) actor: Arc<RwLock<Arc<str>>>,
    pub(crate) snapshots: Arc<SnapshotCache>,
    pub(crate) origins: Origins,
    pub(crate) collecting: Arc<Collecting>,
    pub(crate) pictures: Arc<PictureTurns>,
    pub(crate) previews: Arc<Previews>,
    pub(crate) scenarios: Arc<Previews>,
    pub(crate) unchanged: Arc<KeptUnchanged>,
    pub(crate) demand: Arc<KeptDemand>,
    pub(crate) backtest: Arc<KeptBacktest>,
    pub(crate) forecasts: Arc<KeptForecasts>,
    pub(crate) figures: Arc<FigureCache>,
    pub(crate) batch_counts: Arc<Mutex<Vec<KeptCount>>>,
    pub(crate) notes: Arc<NotesCache>,
    pub(crate) secrets: SecretStore,
    pub(crate) looking: Arc<tokio::sync::Mutex<()>>,
    pub(crate) publishing: Arc<Publishing>,
    pub(crate) patience: Patience,
    pub(crate) ssh_config: Option<Arc<Path>>,
}

impl Workspace {
    /// Opens a workspace file; migrates it after a backup where it is older.
    pub async fn open(path: &Path, actor: &str, clock: Clock) -> Result<Self, OperationError> {
        let store = Store::open(path, clock()).await?;
        Ok(Self::of(store, actor, clock))
    }

    /// Creates a workspace in a new file, with the rules a first user starts from.
    pub async fn create(path: &Path, company: &str, actor: &str, clock: Clock) -> Result<Self, OperationError> {
        let company = company.trim();
        if company.is_empty() {
            return Err(OperationError::refused("Give the company a name."));
        }
        let store = Store::create(path).await?;
        let workspace = Self::of(store, actor, clock);
        let mut op = workspace.begin("create_workspace", Durability::Full).await?;
        op.write_setting("company", company).await?;
        op.activate_rule_set(&crate::rule_sets::starter(), actor).await?;
        op.commit(&format!("Created the workspace of {company}"), false).await?;
        Ok(workspace)
    }

    /// Keeps keys and passwords elsewhere than in a sealed file beside the workspace.
    #[must_use]
    pub fn with_secrets(mut self, secrets: SecretStore) -> Self {
        self.secrets = secrets;
        self
    }

    /// Waits less or longer for shops than usual.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// Has SSH read this configuration in place of the user's own.
    #[must_use]
    pub fn with_ssh_config(mut self, config: &Path) -> Self {
        self.ssh_config = Some(config.into());
        self
    }

    fn of(store: Store, actor: &str, clock: Clock) -> Self {
        let beside = store.path().parent().map(Path::to_owned).unwrap_or_default();
        let snapshots = Arc::new(SnapshotCache::beside(store.path()));
        Self {
            secrets: SecretStore::in_file(&beside),
            looking: Arc::default(),
            publishing: Arc::new(Publishing::beside(store.path())),
            patience: Patience::default(),
            ssh_config: None,
            collecting: Arc::new(Collecting::beside(store.path())),
            store,
            clock,
            actor: Arc::new(RwLock::new(actor.into())),
            snapshots,
            origins: Origins::default(),
            pictures: Arc::default(),
            previews: Arc::default(),
            scenarios: Arc::default(),
            unchanged: Arc::default(),
            demand: Arc::default(),
            backtest: Arc::default(),
            forecasts: Arc::default(),
            figures: Arc::default(),
            batch_counts: Arc::default(),
            notes: Arc::default(),
        }
    }

    pub(crate) fn now(&self) -> Instant {
        (self.clock)()
    }

    /// Who acts.
    pub(crate) fn actor(&self) -> Arc<str> {
        self.actor.read().expect("no panic while it is held").clone()
    }

    /// Changes who acts from now on.
    pub fn act_as(&self, person: &str) {
        *self.actor.write().expect("no panic while it is held") = person.into();
    }

    pub(crate) async fn begin(
        &self,
        operation: &str,
        durability: Durability,
    ) -> Result<pricing_store::Operation, OperationError> {
        Ok(self.store.begin(&self.actor(), operation, self.now(), durability).await?)
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        self.store.path()
    }

    /// The newest change, to notice those of other processes.
    pub async fn sequence(&self) -> Result<i64, OperationError> {
        Ok(self.store.sequence().await?)
    }

    /// What is open.
    pub async fn describe(&self) -> Result<WorkspaceView, OperationError> {
        let lists = self.store.price_lists().await?;
        Ok(WorkspaceView {
            company: self.store.setting("company").await?.unwrap_or_default(),
            location: self.path().display().to_string(),
            sample: self.store.setting("sample").await?.is_some(),
            products: self.store.product_count().await?,
            price_lists: lists.iter().map(list_view).collect(),
        })
    }

    /// Adds a price list and what VAT its country charges on a class of products.
    pub async fn add_price_list(
        &self,
        code: &str,
        name: &str,
        currency: Currency,
        tax_mode: TaxMode,
        vat: &[(&str, &str, BasisPoints)],
    ) -> Result<(), OperationError> {
        let mut op = self.begin("add_price_list", Durability::Full).await?;
        op.add_price_list(code, name, currency, tax_mode, &country_of(code)).await?;
        for (class, country, rate) in vat {
            op.set_vat_rate(class, country, *rate).await?;
        }
        op.commit(&format!("Added the price list {name}"), false).await?;
        Ok(())
    }

    /// Writes one setting. `words` say in the history what was done.
    pub async fn write_setting(&self, name: &str, value: &str, words: &str) -> Result<(), OperationError> {
        let mut op = self.begin("save_settings", Durability::Full).await?;
        op.write_setting(name, value).await?;
        op.commit(words, false).await?;
        Ok(())
    }

    /// Writes a setting where it still stands as it was read. `false`: another program changed it.
    pub(crate) async fn keep_setting(
        &self,
        operation: &str,
        name: &str,
        before: Option<&str>,
        value: &str,
        words: &str,
    ) -> Result<bool, OperationError> {
        let mut op = self.begin(operation, Durability::Full).await?;
        if op.setting(name).await?.as_deref() != before {
            op.abandon().await?;
            return Ok(false);
        }
        op.write_setting(name, value).await?;
        op.commit(words, false).await?;
        Ok(true)
    }

    /// Reads one setting.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, OperationError> {
        Ok(self.store.setting(name).await?)
    }

    /// Moves everything dated by whole days, so that the sample is as fresh as on the day it was made.
    pub async fn shift_days(&self, days: i64) -> Result<(), OperationError> {
        let mut op = self.begin("shift_days", Durability::Full).await?;
        op.shift_days(days).await?;
        op.commit("Moved the sample to today", false).await?;
        Ok(())
    }

    /// What is wrong with the file; empty when it is whole.
    pub async fn check(&self) -> Result<Vec<String>, OperationError> {
        Ok(self.store.check_integrity().await?)
    }

    /// Writes a compact copy of the file to a path that does not exist yet.
    pub async fn copy_to(&self, path: &Path) -> Result<(), OperationError> {
        Ok(self.store.copy_to(path).await?)
    }

    /// Begins to read the catalogue, so that the first screen need not wait for it.
    pub fn read_ahead(&self) {
        let workspace = self.clone();
        tokio::spawn(async move {
            // Whoever asks first is told what is wrong.
            let _ = workspace.snapshot().await;
        });
    }

    /// Writes everything back and closes the file.
    pub async fn close(&self) {
        self.keep_snapshot().await;
        self.store.close().await;
    }

    /// The price list with an id, with its place in the snapshot.
    pub(crate) async fn price_list(&self, id: PriceListId) -> Result<PriceListRow, OperationError> {
        let lists = self.store.price_lists().await?;
        lists
            .into_iter()
            .find(|list| list.id == id)
            .ok_or_else(|| OperationError::not_found("This price list is not in the workspace any more."))
    }
}

/// Two capital letters are taken for a country.
pub(crate) fn country_of(code: &str) -> String {
    let country = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if country { code.to_owned() } else { String::new() }
}

pub(crate) fn list_view(list: &PriceListRow) -> PriceListView {
    PriceListView {
        id: list.id,
        code: list.code.clone(),
        name: list.settings.name.clone(),
        currency: list.currency,
        tax_mode: list.tax_mode,
        is_default: list.is_default,
        part: list.part.clone(),
        settings: list.settings.clone(),
        vat: Vec::new(),
        is_abroad: false,
    }
}
