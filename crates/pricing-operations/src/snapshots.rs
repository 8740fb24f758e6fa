//! The snapshot: loaded from the workspace, kept in memory, refreshed when the change sequence moved on, and cached
//! beside the file so that the next start need not read every table.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use pricing_domain::{
    Availability, Condition, ContentUnit, CostType, Currency, Instant, Lifecycle, MatchType, MicroAmount, OfferKind,
    Role,
};
use pricing_rules::{
    Competitor, CostRecord, GridQuery, GridResult, ListFlags, ListRecord, ListValues, NONE, Offer, ProductRecord,
    Snapshot, SnapshotBuilder, run_grid,
};
use pricing_store::{PriceListRow, Store};

use crate::staged_rows::TAG_SEPARATOR;
use crate::{OperationError, Workspace};

/// Grid results kept, so that scrolling does not search again.
const KEPT_RESULTS: usize = 8;
/// Below this many products reading the tables is as fast as the cache.
const CACHE_FROM_PRODUCTS: u64 = 20_000;

/// A snapshot with the hour it was made for: offers expire and promotions begin as time passes.
struct Held {
    snapshot: Arc<Snapshot>,
    hour: i64,
}

/// What is kept in memory.
pub(crate) struct SnapshotCache {
    file: PathBuf,
    held: Mutex<Option<Held>>,
    loading: tokio::sync::Mutex<()>,
    results: Mutex<Vec<(i64, GridQuery, Arc<GridResult>)>>,
}

impl SnapshotCache {
    pub(crate) fn beside(workspace: &Path) -> Self {
        let mut name = workspace.as_os_str().to_owned();
        name.push("-snapshot");
        Self {
            file: PathBuf::from(name),
            held: Mutex::new(None),
            loading: tokio::sync::Mutex::new(()),
            results: Mutex::new(Vec::new()),
        }
    }

    fn held(&self, sequence: i64, hour: i64) -> Option<Arc<Snapshot>> {
        let held = self.held.lock().expect("no panic while it is held");
        held.as_ref()
            .filter(|held| held.snapshot.sequence == sequence && held.hour == hour)
            .map(|held| held.snapshot.clone())
    }
}

impl Workspace {
    /// The catalogue as it stands now.
    pub async fn snapshot(&self) -> Result<Arc<Snapshot>, OperationError> {
        let now = self.now();
        let hour = now.hours_since(Instant(0));
        let sequence = self.store.sequence().await?;
        if let Some(held) = self.snapshots.held(sequence, hour) {
            return Ok(held);
        }
        let _loading = self.snapshots.loading.lock().await;
        let sequence = self.store.sequence().await?;
        if let Some(held) = self.snapshots.held(sequence, hour) {
            return Ok(held);
        }
        let snapshot = match self.read_cached(sequence, hour).await {
            Some(snapshot) => snapshot,
            None => {
                let snapshot = load(&self.store, sequence, now).await?;
                self.write_cached(&snapshot, hour).await?;
                snapshot
            }
        };
        *self.snapshots.held.lock().expect("no panic while it is held") =
            Some(Held { snapshot: snapshot.clone(), hour });
        Ok(snapshot)
    }

    /// The rows that answer a grid query, from the kept results where the catalogue has not changed.
    pub(crate) async fn grid(&self, query: GridQuery) -> Result<(Arc<Snapshot>, Arc<GridResult>), OperationError> {
        let snapshot = self.snapshot().await?;
        let sequence = snapshot.sequence;
        {
            let results = self.snapshots.results.lock().expect("no panic while it is held");
            if let Some((_, _, result)) = results.iter().find(|(at, kept, _)| *at == sequence && *kept == query) {
                return Ok((snapshot, result.clone()));
            }
        }
        let (searched, asked) = (snapshot.clone(), query.clone());
        let result = tokio::task::spawn_blocking(move || {
            run_grid(&searched, &asked, &std::sync::atomic::AtomicBool::new(false))
        })
        .await
        .map_err(|error| OperationError::fault(error.to_string()))?;
        let mut results = self.snapshots.results.lock().expect("no panic while it is held");
        results.retain(|(at, _, _)| *at == sequence);
        if results.len() >= KEPT_RESULTS {
            results.remove(0);
        }
        results.push((sequence, query, result.clone()));
        Ok((snapshot, result))
    }

    async fn read_cached(&self, sequence: i64, hour: i64) -> Option<Arc<Snapshot>> {
        let file = self.snapshots.file.clone();
        let read = tokio::task::spawn_blocking(move || {
            let mut reader = BufReader::with_capacity(1 << 20, File::open(file).ok()?);
            let mut made_for = [0u8; 8];
            std::io::Read::read_exact(&mut reader, &mut made_for).ok()?;
            if i64::from_le_bytes(made_for) != hour {
                return None;
            }
            Snapshot::read_cache(&mut reader).ok()
        });
        let snapshot = read.await.ok()??;
        (snapshot.sequence == sequence).then(|| Arc::new(snapshot))
    }

    /// Written in the background; a half-written or stale cache is refused when it is read.
    async fn write_cached(&self, snapshot: &Arc<Snapshot>, hour: i64) -> Result<(), OperationError> {
        if self.store.product_count().await? < CACHE_FROM_PRODUCTS {
            return Ok(());
        }
        let (snapshot, file) = (snapshot.clone(), self.snapshots.file.clone());
        tokio::task::spawn_blocking(move || {
            let write = || -> Result<(), Box<dyn std::error::Error>> {
                let partial = file.with_extension("partial");
                let mut writer = BufWriter::with_capacity(1 << 20, File::create(&partial)?);
                writer.write_all(&hour.to_le_bytes())?;
                snapshot.write_cache(&mut writer)?;
                writer.into_inner()?.sync_data()?;
                std::fs::rename(partial, &file)?;
                Ok(())
            };
            if let Err(error) = write() {
                tracing::warn!(%error, "the snapshot could not be cached; the next start reads the tables");
            }
        });
        Ok(())
    }
}

/// Reads every table once, in the order of the product key, and puts the columns together.
async fn load(store: &Store, sequence: i64, now: Instant) -> Result<Arc<Snapshot>, OperationError> {
    let lists = store.price_lists().await?;
    let sides = Sides::read(store, now).await?;
    let mut builder = SnapshotBuilder::new(sequence);
    for list in &lists {
        builder.add_list(ListRecord {
            key: list.key,
            id: list.id,
            code: list.code.clone(),
            name: list.name.clone(),
            currency: list.currency,
            tax_mode: list.tax_mode,
        });
    }
    let mut places = std::collections::HashMap::new();
    for competitor in store.competitors().await? {
        let place =
            builder.add_competitor(Competitor { key: competitor.key, id: competitor.id, name: competitor.name });
        places.insert(competitor.key, place);
    }
    let vat = VatTable::read(store, &lists).await?;
    let mut keys: Vec<u32> = Vec::new();
    let mut vat_classes: Vec<u16> = Vec::new();
    let mut cursor = Cursor::default();
    store
        .stream_products(|row| {
            let key = u32::try_from(row.key).expect("product keys fit 32 bits");
            vat_classes.push(vat.class(row.vat_class));
            keys.push(key);
            let record = ProductRecord {
                key,
                sku: row.sku.to_owned(),
                name: row.name.to_owned(),
                gtins: cursor.gtins(&sides, row.key),
                brand: row.brand.to_owned(),
                category: row.category.to_owned(),
                supplier: row.supplier.to_owned(),
                family: cursor.family(&sides, row.key),
                role: Role::from_str(row.role).ok(),
                lifecycle: Lifecycle::from_str(row.lifecycle).ok(),
                key_value: row.key_value,
                own_brand: row.own_brand,
                stock: cursor.stock(&sides, row.key),
                cost: cursor.cost(&sides, row.key),
                net_content_micro: row.net_content_micro,
                content_unit: ContentUnit::from_str(row.content_unit).ok(),
                tags: row.tags.split(TAG_SEPARATOR).filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
            };
            builder.push_product(&record);
        })
        .await?;
    let row_of = |key: i64| u32::try_from(key).ok().and_then(|key| keys.binary_search(&key).ok());
    let values = list_values(store, &lists, &vat, &vat_classes, now, row_of).await?;
    for (list, values) in values.iter().enumerate() {
        for (row, values) in values.iter().enumerate() {
            builder.set_list_values(list, u32::try_from(row).expect("rows fit 32 bits"), values);
        }
    }
    push_offers(store, &mut builder, &places, row_of).await?;
    let snapshot = tokio::task::spawn_blocking(move || builder.finish(now)).await;
    Ok(Arc::new(snapshot.map_err(|error| OperationError::fault(error.to_string()))?))
}

/// Small facts by product key, read before the products so that each product is pushed whole.
#[derive(Default)]
struct Sides {
    gtins: Vec<(i64, i64)>,
    families: Vec<(i64, String)>,
    stock: Vec<(i64, i64)>,
    costs: Vec<(i64, CostRecord)>,
}

/// Which cost a margin is about where a product has several kinds: the one closest to what it really costs.
const COST_PREFERENCE: [CostType; 4] = [CostType::NetNet, CostType::Landed, CostType::Invoice, CostType::Replacement];

impl Sides {
    async fn read(store: &Store, now: Instant) -> Result<Self, OperationError> {
        let mut sides = Self::default();
        store.stream_gtins(|row| sides.gtins.push((row.product_key, row.gtin))).await?;
        store.stream_families(|product, family| sides.families.push((product, family.to_owned()))).await?;
        store
            .stream_stock(|product, quantity| match sides.stock.last_mut() {
                Some((last, sum)) if *last == product => *sum += quantity,
                _ => sides.stock.push((product, quantity)),
            })
            .await?;
        let mut newest = (usize::MAX, i64::MIN);
        store
            .stream_costs(now, |row| {
                let (Ok(cost_type), Ok(currency)) = (CostType::from_str(row.cost_type), Currency::new(row.currency))
                else {
                    return;
                };
                let preference = COST_PREFERENCE.iter().position(|kind| *kind == cost_type).unwrap_or(usize::MAX);
                let record = CostRecord { amount: MicroAmount(row.amount_micro), currency, cost_type };
                match sides.costs.last_mut() {
                    Some((last, held)) if *last == row.product_key => {
                        let better = preference < newest.0 || preference == newest.0 && row.valid_from > newest.1;
                        if better {
                            *held = record;
                            newest = (preference, row.valid_from);
                        }
                    }
                    _ => {
                        sides.costs.push((row.product_key, record));
                        newest = (preference, row.valid_from);
                    }
                }
            })
            .await?;
        Ok(sides)
    }
}

/// How far each side has been read; all are in the order of the product key.
#[derive(Default)]
struct Cursor {
    gtin: usize,
    family: usize,
    stock: usize,
    cost: usize,
}

impl Cursor {
    fn gtins(&mut self, sides: &Sides, product: i64) -> String {
        let mut text = String::new();
        while let Some((_, gtin)) = advance(&sides.gtins, &mut self.gtin, product) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&format!("{gtin:013}"));
        }
        text
    }

    fn family(&mut self, sides: &Sides, product: i64) -> String {
        let mut first = String::new();
        while let Some((_, family)) = advance(&sides.families, &mut self.family, product) {
            if first.is_empty() {
                first.clone_from(family);
            }
        }
        first
    }

    fn stock(&mut self, sides: &Sides, product: i64) -> Option<i64> {
        advance(&sides.stock, &mut self.stock, product).map(|(_, quantity)| *quantity)
    }

    fn cost(&mut self, sides: &Sides, product: i64) -> Option<CostRecord> {
        advance(&sides.costs, &mut self.cost, product).map(|(_, cost)| *cost)
    }
}

/// The next entry of `product`, if there is one; entries of earlier products are passed.
fn advance<'a, T>(side: &'a [(i64, T)], place: &mut usize, product: i64) -> Option<&'a (i64, T)> {
    while side.get(*place).is_some_and(|(key, _)| *key < product) {
        *place += 1;
    }
    let found = side.get(*place).filter(|(key, _)| *key == product)?;
    *place += 1;
    Some(found)
}

/// VAT by class and price list.
struct VatTable {
    classes: Vec<String>,
    /// By class, then by list.
    rates: Vec<Vec<i32>>,
}

impl VatTable {
    async fn read(store: &Store, lists: &[PriceListRow]) -> Result<Self, OperationError> {
        let rows = store.vat_rates().await?;
        // Class 0 is “not stated”: no VAT is assumed.
        let mut classes = vec![String::new()];
        for row in &rows {
            if !classes.contains(&row.class) {
                classes.push(row.class.clone());
            }
        }
        let rate = |class: &str, country: &str| {
            rows.iter().rfind(|row| row.class == class && row.country == country).map(|row| row.rate.0)
        };
        let rates = classes
            .iter()
            .map(|class| {
                lists.iter().map(|list| rate(class, &list.country).or_else(|| rate(class, "*")).unwrap_or(0)).collect()
            })
            .collect();
        Ok(Self { classes, rates })
    }

    fn class(&self, name: &str) -> u16 {
        let place = self.classes.iter().position(|class| class == name).unwrap_or(0);
        u16::try_from(place).unwrap_or(0)
    }
}

async fn list_values(
    store: &Store,
    lists: &[PriceListRow],
    vat: &VatTable,
    vat_classes: &[u16],
    now: Instant,
    row_of: impl Fn(i64) -> Option<usize>,
) -> Result<Vec<Vec<ListValues>>, OperationError> {
    let empty = |class: &u16, list: usize| ListValues {
        price_minor: NONE,
        min_minor: NONE,
        max_minor: NONE,
        rrp_minor: NONE,
        map_minor: NONE,
        vat_bp: vat.rates[usize::from(*class)].get(list).copied().unwrap_or(0),
        flags: 0,
        units_28d_milli: 0,
    };
    let mut values: Vec<Vec<ListValues>> =
        (0..lists.len()).map(|list| vat_classes.iter().map(|class| empty(class, list)).collect()).collect();
    let place = |key: i64| lists.iter().position(|list| list.key == key);
    let mut begun: Vec<Vec<i64>> = vec![vec![i64::MIN; vat_classes.len()]; lists.len()];
    store
        .stream_prices(now, |price| {
            if let (Some(list), Some(row)) = (place(price.list_key), row_of(price.product_key))
                && price.valid_from > begun[list][row]
            {
                begun[list][row] = price.valid_from;
                values[list][row].price_minor = price.amount_minor;
            }
        })
        .await?;
    store
        .stream_bounds(|bound| {
            if let (Some(list), Some(row)) = (place(bound.list_key), row_of(bound.product_key)) {
                let value = &mut values[list][row];
                value.min_minor = bound.min_minor.unwrap_or(NONE);
                value.max_minor = bound.max_minor.unwrap_or(NONE);
                value.rrp_minor = bound.rrp_minor.unwrap_or(NONE);
                value.map_minor = bound.map_minor.unwrap_or(NONE);
            }
        })
        .await?;
    let mut flag = |list: i64, product: i64, flags: u8| {
        if let (Some(list), Some(row)) = (place(list), row_of(product)) {
            values[list][row].flags |= flags;
        }
    };
    store.stream_locks(now, |product, list| flag(list, product, ListFlags::LOCKED)).await?;
    store.stream_promotions(now, |product, list| flag(list, product, ListFlags::PROMOTION)).await?;
    store
        .stream_waiting(|product, list, exception| {
            let needs = if exception { ListFlags::EXCEPTION } else { 0 };
            flag(list, product, ListFlags::PENDING_PROPOSAL | needs);
        })
        .await?;
    store
        .stream_volumes(|product, units| {
            if let Some(row) = row_of(product) {
                for list in &mut values {
                    list[row].units_28d_milli = units;
                }
            }
        })
        .await?;
    Ok(values)
}

async fn push_offers(
    store: &Store,
    builder: &mut SnapshotBuilder,
    places: &std::collections::HashMap<i64, u16>,
    row_of: impl Fn(i64) -> Option<usize>,
) -> Result<(), OperationError> {
    let mut current: Option<u32> = None;
    let mut offers: Vec<Offer> = Vec::new();
    let mut currencies: Vec<(String, u8)> = Vec::new();
    store
        .stream_offers(|row| {
            let product = row_of(row.product_key).and_then(|row| u32::try_from(row).ok());
            if product != current {
                if let Some(done) = current {
                    builder.push_offers(done, &offers);
                }
                offers.clear();
                current = product;
            }
            let known = currencies.iter().find(|(code, _)| code == row.currency).map(|(_, number)| *number);
            let currency = known.unwrap_or_else(|| {
                let number = Currency::new(row.currency).map_or(0, |currency| builder.currency_number(currency));
                currencies.push((row.currency.to_owned(), number));
                number
            });
            let availability = match row.state {
                // The newest page said so, while the span keeps the last price.
                "sold_out" => Availability::OutOfStock,
                _ => Availability::from_str(row.availability).unwrap_or(Availability::Unknown),
            };
            offers.push(Offer {
                amount_minor: row.pack.like_for_like(row.amount_minor),
                listing: u32::try_from(row.listing_key).unwrap_or(0),
                shipping_minor: row
                    .shipping_minor
                    .and_then(|amount| i32::try_from(amount).ok())
                    .unwrap_or(Offer::NO_SHIPPING),
                last_seen_s: u32::try_from(row.last_seen / 1_000_000).unwrap_or(0),
                competitor: places.get(&row.competitor_key).copied().unwrap_or(0),
                currency,
                availability: availability as u8,
                kind: OfferKind::from_str(row.kind).unwrap_or(OfferKind::Regular) as u8,
                condition: Condition::from_str(row.condition).unwrap_or(Condition::New) as u8,
                match_type: MatchType::from_str(row.match_type).unwrap_or(MatchType::Equivalent) as u8,
                key: u32::try_from(row.listing_key).unwrap_or(0),
                reserved: 0,
            });
        })
        .await?;
    if let Some(done) = current {
        builder.push_offers(done, &offers);
    }
    Ok(())
}
