//! The ids of a large catalogue's products, kept in memory: a page of the grid in another order would otherwise read as
//! many scattered places of the file as it has rows.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use pricing_domain::ProductId;

use crate::{OperationError, Workspace};

/// By key, ascending.
type Ids = Arc<Vec<(u32, ProductId)>>;

/// What is kept: 20 bytes a product.
#[derive(Default)]
pub(crate) struct KeptIds {
    known: Mutex<Option<Ids>>,
    /// Rises when products may have come or gone.
    generation: AtomicU64,
    is_reading: AtomicBool,
}

impl KeptIds {
    /// Products may have come or gone: what is kept counts no more.
    pub(super) fn forget(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        *self.known.lock().expect("no panic while it is held") = None;
    }

    fn find(&self, keys: &[u32]) -> Option<Vec<ProductId>> {
        let known = self.known.lock().expect("no panic while it is held").clone()?;
        let id = |key: &u32| known.binary_search_by_key(key, |(known, _)| *known).ok().map(|place| known[place].1);
        keys.iter().map(id).collect()
    }
}

impl Workspace {
    /// The ids of products, in the order of their keys; from memory once all have been read, which begins here.
    pub(crate) async fn ids_of_rows(&self, keys: &[u32], products: usize) -> Result<Vec<ProductId>, OperationError> {
        if let Some(ids) = self.snapshots.ids.find(keys) {
            return Ok(ids);
        }
        if products >= super::CACHE_FROM_PRODUCTS && !self.snapshots.ids.is_reading.swap(true, Ordering::SeqCst) {
            let workspace = self.clone();
            tokio::task::spawn_blocking(move || workspace.read_ids());
        }
        Ok(self.store.product_ids(keys).await?)
    }

    fn read_ids(&self) {
        let kept = &self.snapshots.ids;
        let generation = kept.generation.load(Ordering::SeqCst);
        let mut ids = Vec::new();
        let read = self.store.snapshot_reader().and_then(|reader| {
            reader.stream_product_ids(|key, id| ids.extend(u32::try_from(key).ok().map(|key| (key, id))))
        });
        ids.sort_unstable_by_key(|(key, _)| *key);
        let mut known = kept.known.lock().expect("no panic while it is held");
        match read {
            Ok(()) if kept.generation.load(Ordering::SeqCst) == generation => *known = Some(Arc::new(ids)),
            Ok(()) => {}
            Err(error) => tracing::warn!(%error, "ids are read from the file, page by page"),
        }
        kept.is_reading.store(false, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use app_contract::ImportOptions;
    use pricing_domain::{FileKind, Instant};

    use crate::snapshots::CACHE_FROM_PRODUCTS;
    use crate::{Progress, Workspace};

    #[tokio::test(flavor = "multi_thread")]
    async fn ids_in_memory_are_those_of_the_file_until_products_come_or_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let clock: crate::Clock = Arc::new(|| Instant(1_800_000_000_000_000));
        let workspace =
            Workspace::create(&folder.path().join("w.omnipricex"), "Test", "test", clock).await.expect("new");
        let file = folder.path().join("products.csv");
        std::fs::write(&file, "sku,name,currency,price\nB,Lamp,EUR,2\nA,Chair,EUR,1\n").expect("written");
        let options = ImportOptions::of_kind(FileKind::Products);
        workspace.import(&file, "products.csv", &options, &Progress::silent()).await.expect("imported");
        let mut keys: Vec<u32> = workspace.snapshot().await.expect("loaded").products.key.iter().collect();
        keys.reverse();
        let of_file = workspace.ids_of_rows(&keys, CACHE_FROM_PRODUCTS).await.expect("found");
        let kept = &workspace.snapshots.ids;
        for _ in 0..200 {
            if kept.find(&keys).is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(kept.find(&keys), Some(of_file));
        assert_eq!(kept.find(&[keys[0], u32::MAX]), None, "one is not known: all are read from the file");
        kept.forget();
        assert_eq!(kept.find(&keys), None);
    }
}
