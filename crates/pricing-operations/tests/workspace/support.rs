//! A shop to test with: a workspace in a folder of its own, its clock, and short ways to import and look.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app_contract::{ImportOptions, ImportReport, ProductDetail, ProductRow, ProposalFilter, ProposalRow};
use pricing_domain::{FileKind, GridSort, Instant, PriceListId};
use pricing_operations::{Progress, Workspace};
use pricing_store::Store;
use tempfile::TempDir;

/// Noon of a Monday.
pub const START: &str = "2026-03-02T12:00:00Z";

pub struct Shop {
    folder: TempDir,
    time: Arc<AtomicI64>,
    pub workspace: Workspace,
}

impl Shop {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let time = Arc::new(AtomicI64::new(START.parse::<Instant>().unwrap().0));
        let path = folder.path().join("shop.omnipricex");
        let clock = clock(&time);
        let workspace = Workspace::create(&path, "Test shop", "tester", clock).await.unwrap();
        Self { folder, time, workspace }
    }

    /// A shop with the three products that most tests are about.
    pub async fn with_products() -> Self {
        let shop = Self::new().await;
        shop.import(FileKind::Products, PRODUCTS).await;
        shop
    }

    /// The same file, opened once more.
    pub async fn open_again(&self) -> Workspace {
        Workspace::open(self.workspace.path(), "somebody else", clock(&self.time)).await.unwrap()
    }

    /// The store below, opened once more.
    pub async fn store(&self) -> Store {
        Store::open(self.workspace.path(), self.now()).await.unwrap()
    }

    pub fn now(&self) -> Instant {
        Instant(self.time.load(Ordering::Relaxed))
    }

    pub fn later_hours(&self, hours: i64) {
        self.time.store(self.now().plus_hours(hours).0, Ordering::Relaxed);
    }

    pub fn later_minutes(&self, minutes: i64) {
        self.time.store(self.now().0 + minutes * 60_000_000, Ordering::Relaxed);
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub async fn import(&self, kind: FileKind, text: &str) -> ImportReport {
        self.import_as("import.csv", text, &ImportOptions::of_kind(kind)).await
    }

    /// Imports a file of this name with what is stated about it.
    pub async fn import_as(&self, name: &str, text: &str, options: &ImportOptions) -> ImportReport {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        self.workspace.import(&path, name, options, &Progress::silent()).await.unwrap().0
    }

    /// Imports a file of which nothing is refused.
    pub async fn import_clean(&self, kind: FileKind, text: &str) -> ImportReport {
        let report = self.import(kind, text).await;
        assert_eq!(report.problems, [], "nothing is refused");
        report
    }

    /// Imports a file once more, some time later, and proves that nothing changes.
    pub async fn import_changes_nothing(&self, kind: FileKind, text: &str) {
        let (sequence, counts) = (self.workspace.sequence().await.unwrap(), self.store().await.counts().await.unwrap());
        let report = self.import_clean(kind, text).await;
        assert_eq!(report.change_set, None, "no change set: {report:?}");
        assert_eq!((report.added, report.changed, report.unchanged), (0, 0, report.rows));
        assert_eq!(self.workspace.sequence().await.unwrap(), sequence);
        assert_eq!(self.store().await.counts().await.unwrap(), counts);
    }

    pub async fn list(&self, code: &str) -> PriceListId {
        let lists = self.workspace.describe().await.unwrap().price_lists;
        lists.into_iter().find(|list| list.code == code).expect("the list is there").id
    }

    pub async fn grid(&self, code: &str) -> Vec<ProductRow> {
        grid(&self.workspace, self.list(code).await).await
    }

    /// The price in force of a product on a list.
    pub async fn price(&self, sku: &str, code: &str) -> Option<i64> {
        self.row(sku, code).await.price_minor
    }

    pub async fn row(&self, sku: &str, code: &str) -> ProductRow {
        self.grid(code).await.into_iter().find(|row| row.sku == sku).expect("the product is there")
    }

    pub async fn detail(&self, sku: &str) -> ProductDetail {
        let product = self.workspace.find_sku(sku).await.unwrap();
        self.workspace.product(product, self.list("DEFAULT").await).await.unwrap()
    }

    pub async fn proposals(&self) -> Vec<ProposalRow> {
        self.workspace.proposals(&ProposalFilter::default(), 0, 500).await.unwrap().rows
    }

    /// Everything a person sees of the catalogue, on every list, as text.
    pub async fn picture(&self) -> String {
        let mut picture = String::new();
        for list in self.workspace.describe().await.unwrap().price_lists {
            picture.push_str(&format!("{}\n", list.code));
            for row in grid(&self.workspace, list.id).await {
                let detail = self.workspace.product(row.id, list.id).await.unwrap();
                picture.push_str(&format!("{row:?}\n{detail:?}\n"));
            }
        }
        picture
    }
}

fn clock(time: &Arc<AtomicI64>) -> pricing_operations::Clock {
    let time = time.clone();
    Arc::new(move || Instant(time.load(Ordering::Relaxed)))
}

pub async fn grid(workspace: &Workspace, list: PriceListId) -> Vec<ProductRow> {
    workspace.products(list, "", &[], GridSort::default(), 0, 500).await.unwrap().rows
}

pub const PRODUCTS: &str = "\
sku,name,brand,category,currency,price,cost,vat_rate,stock,family,gtin,rrp
A1,Kettle,Boilo,Kitchen,EUR,29.99,12.50,19,7,kettles,4006381333931,39.99
B2,Toaster,Boilo,Kitchen,EUR,19.99,9.00,19,3,,,
C3,Lamp,Shine,Living,EUR,49.00,,19,,,,
";
