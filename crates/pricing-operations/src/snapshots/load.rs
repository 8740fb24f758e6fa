//! Loading the snapshot: every table read once, in the order of the product key, and the columns put together.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

use pricing_domain::{ContentUnit, CostType, Currency, ExchangeRate, Instant, Lifecycle, MicroAmount, Role};
use pricing_rules::{Competitor, CostRecord, ListRecord, ProductRecord, Snapshot, SnapshotBuilder, family_set};
use pricing_store::{CompetitorRecord, EVERY_CLASS, PriceListRow, ProductFilter, SnapshotReader, Store, VatRecord};

use crate::OperationError;
use crate::list_parts::above;
use crate::price_lists::is_home;
use crate::snapshots::prices::{Known, Prices};
use crate::staged_rows::{TAG_SEPARATOR, attributes};
use crate::trust::CountingOffers;

/// Reads every table once, in the order of the product key, and puts the columns together.
pub(super) async fn load(store: &Store, sequence: i64, now: Instant) -> Result<Arc<Snapshot>, OperationError> {
    let small = SmallTables {
        lists: store.price_lists().await?,
        competitors: store.competitors().await?,
        vat_rates: store.vat_rates().await?,
        exchange_rates: store.exchange_rates().await?,
        counting: CountingOffers::new(&store.competitor_settings().await?, now),
    };
    let store = store.clone();
    let loaded = tokio::task::spawn_blocking(move || read_all(&store, small, sequence, now)).await;
    Ok(Arc::new(loaded.map_err(|error| OperationError::fault(error.to_string()))??))
}

/// Tables of a few rows.
struct SmallTables {
    lists: Vec<PriceListRow>,
    competitors: Vec<CompetitorRecord>,
    vat_rates: Vec<VatRecord>,
    exchange_rates: Vec<ExchangeRate>,
    counting: CountingOffers,
}

/// Half of the tables is read on a thread of its own: reading SQLite's rows is work for the processor.
fn read_all(store: &Store, small: SmallTables, sequence: i64, now: Instant) -> Result<Snapshot, OperationError> {
    let SmallTables { lists, competitors, vat_rates, exchange_rates, counting } = small;
    let mut builder = SnapshotBuilder::new(sequence);
    builder.set_rates(exchange_rates);
    for list in &lists {
        builder.add_list(ListRecord {
            key: list.key,
            id: list.id,
            code: list.code.clone(),
            name: list.settings.name.clone(),
            currency: list.currency,
            tax_mode: list.tax_mode,
            utc_offset_s: utc_offset_s(&crate::price_lists::clock_of(list), now),
            cash_step_minor: list.settings.cash_step_minor,
            never_above: above(&lists, list),
        });
    }
    let mut numbers = HashMap::new();
    for competitor in competitors {
        let number =
            builder.add_competitor(Competitor { key: competitor.key, id: competitor.id, name: competitor.name });
        numbers.insert(competitor.key, number);
    }
    let vat = VatTable::new(&vat_rates, &lists);
    let [reader, beside] = store.snapshot_readers()?;
    let products = reader.product_keys()?;
    let known = Known { products: &products, lists: &lists, competitors: &numbers, counting: &counting };
    let (vat_classes, prices) = std::thread::scope(|scope| {
        let prices = scope.spawn(move || Prices::read(&beside, known, now));
        let vat_classes = push_products(&reader, &mut builder, &vat, now)?;
        let prices = prices.join().map_err(|_| OperationError::fault("Reading the prices was broken off."))??;
        Ok::<_, OperationError>((vat_classes, prices))
    })?;
    prices.put_into(&mut builder, |row, list| vat.rate(vat_classes[row], list));
    Ok(builder.finish(now))
}

/// Adds all products; gives the VAT class of each.
fn push_products(
    reader: &SnapshotReader,
    builder: &mut SnapshotBuilder,
    vat: &VatTable,
    now: Instant,
) -> Result<Vec<u16>, OperationError> {
    let sides = Sides::read(reader, now)?;
    let mut cursor = Cursor::default();
    let mut vat_classes = Vec::new();
    reader.stream_products(|row| {
        vat_classes.push(vat.class(row.vat_class));
        builder.push_product(&ProductRecord {
            key: u32::try_from(row.key).expect("product keys fit 32 bits"),
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
            attributes: attributes(row.attributes),
            listed_s: 0,
        });
    })?;
    Ok(vat_classes)
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
pub(crate) const COST_PREFERENCE: [CostType; 4] =
    [CostType::NetNet, CostType::Landed, CostType::Invoice, CostType::Replacement];

impl Sides {
    fn read(reader: &SnapshotReader, now: Instant) -> Result<Self, OperationError> {
        let mut sides = Self::default();
        reader.stream_gtins(|row| sides.gtins.push((row.product_key, row.gtin)))?;
        reader.stream_families(|product, family| sides.families.push((product, family.to_owned())))?;
        reader.stream_stock(|product, quantity| match sides.stock.last_mut() {
            Some((last, sum)) if *last == product => *sum += quantity,
            _ => sides.stock.push((product, quantity)),
        })?;
        sides.costs = costs(reader, &ProductFilter::default(), now)?;
        Ok(sides)
    }
}

/// The cost that margins are about, by product.
pub(crate) fn costs(
    reader: &SnapshotReader,
    filter: &ProductFilter,
    now: Instant,
) -> Result<Vec<(i64, CostRecord)>, OperationError> {
    let mut costs: Vec<(i64, CostRecord)> = Vec::new();
    let mut newest = (usize::MAX, (i64::MIN, i64::MIN));
    reader.stream_costs(filter, now, |row| {
        let (Ok(cost_type), Ok(currency)) = (CostType::from_str(row.cost_type), Currency::new(row.currency)) else {
            return;
        };
        let preference = COST_PREFERENCE.iter().position(|kind| *kind == cost_type).unwrap_or(COST_PREFERENCE.len());
        let since = (row.valid_from, row.changed_seq);
        let record = CostRecord { amount: MicroAmount(row.amount_micro), currency, cost_type };
        match costs.last_mut() {
            Some((last, held)) if *last == row.product_key => {
                let better = preference < newest.0 || preference == newest.0 && since > newest.1;
                if better {
                    *held = record;
                    newest = (preference, since);
                }
            }
            _ => {
                costs.push((row.product_key, record));
                newest = (preference, since);
            }
        }
    })?;
    Ok(costs)
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
        let mut families = Vec::new();
        while let Some((_, family)) = advance(&sides.families, &mut self.family, product) {
            families.push(family.as_str());
        }
        match families.as_slice() {
            [one] => (*one).to_owned(),
            _ => family_set(families),
        }
    }

    fn stock(&mut self, sides: &Sides, product: i64) -> Option<i64> {
        advance(&sides.stock, &mut self.stock, product).map(|(_, quantity)| *quantity)
    }

    fn cost(&mut self, sides: &Sides, product: i64) -> Option<CostRecord> {
        advance(&sides.costs, &mut self.cost, product).map(|(_, cost)| *cost)
    }
}

/// How far local time is ahead of UTC.
fn utc_offset_s(zone: &jiff::tz::TimeZone, now: Instant) -> i32 {
    jiff::Timestamp::from_microsecond(now.0).map_or(0, |stamp| zone.to_offset(stamp).seconds())
}

/// Microseconds since 1970 as whole seconds; 0 where that does not fit.
pub(super) fn seconds(microseconds: i64) -> u32 {
    u32::try_from(microseconds.div_euclid(1_000_000)).unwrap_or(0)
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

/// A rate that nobody stated.
const UNKNOWN_VAT: i32 = -1;

/// VAT by class and price list. A rate of everywhere is that of the home country: of lists without a country, and of the
/// country of the default list. For another country only what was stated for it counts.
struct VatTable {
    classes: Vec<String>,
    /// By class, then by list.
    rates: Vec<Vec<i32>>,
}

impl VatTable {
    fn new(rows: &[VatRecord], lists: &[PriceListRow]) -> Self {
        // Class 0 is “not stated”: no margin can be computed from a price with VAT.
        let mut classes = vec![String::new()];
        for row in rows {
            if !classes.contains(&row.class) {
                classes.push(row.class.clone());
            }
        }
        let rate = |class: &str, country: &str| {
            rows.iter().rfind(|row| row.class == class && row.country == country).map(|row| row.rate.0)
        };
        let of_list = |class: &str, list: &PriceListRow| {
            let country = &list.settings.country;
            let home = is_home(list, lists).then(|| rate(class, "*")).flatten();
            rate(class, country).or_else(|| rate(EVERY_CLASS, country)).or(home).unwrap_or(UNKNOWN_VAT)
        };
        let rates = classes.iter().map(|class| lists.iter().map(|list| of_list(class, list)).collect()).collect();
        Self { classes, rates }
    }

    fn rate(&self, class: u16, list: usize) -> i32 {
        self.rates[usize::from(class)].get(list).copied().unwrap_or(UNKNOWN_VAT)
    }

    fn class(&self, name: &str) -> u16 {
        let place = self.classes.iter().position(|class| class == name).unwrap_or(0);
        u16::try_from(place).unwrap_or(0)
    }
}
