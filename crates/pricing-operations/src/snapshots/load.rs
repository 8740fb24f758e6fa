//! Loading the snapshot: every table read once, in the order of the product key, and the columns put together.

use std::str::FromStr;
use std::sync::Arc;

use pricing_domain::{
    Availability, Condition, ContentUnit, CostType, Currency, Instant, Lifecycle, MatchType, MicroAmount, OfferKind,
    Role,
};
use pricing_rules::{
    Competitor, CostRecord, ListFlags, ListRecord, ListValues, NONE, Offer, ProductRecord, Snapshot, SnapshotBuilder,
};
use pricing_store::{CompetitorRecord, OfferRecord, PriceListRow, ProductFilter, SnapshotReader, Store, VatRecord};

use crate::OperationError;
use crate::snapshots::moves::{Numbers, moves};
use crate::staged_rows::TAG_SEPARATOR;
use crate::trust::CountingOffers;

/// Reads every table once, in the order of the product key, and puts the columns together.
pub(super) async fn load(store: &Store, sequence: i64, now: Instant) -> Result<Arc<Snapshot>, OperationError> {
    let small = SmallTables {
        lists: store.price_lists().await?,
        competitors: store.competitors().await?,
        vat_rates: store.vat_rates().await?,
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
    counting: CountingOffers,
}

fn read_all(store: &Store, small: SmallTables, sequence: i64, now: Instant) -> Result<Snapshot, OperationError> {
    let SmallTables { lists, competitors, vat_rates, counting } = small;
    let reader = store.snapshot_reader()?;
    let sides = Sides::read(&reader, now)?;
    let mut builder = SnapshotBuilder::new(sequence);
    for list in &lists {
        builder.add_list(ListRecord {
            key: list.key,
            id: list.id,
            code: list.code.clone(),
            name: list.name.clone(),
            currency: list.currency,
            tax_mode: list.tax_mode,
            utc_offset_s: utc_offset_s(&list.time_zone, now),
        });
    }
    let mut places = std::collections::HashMap::new();
    for competitor in competitors {
        let place =
            builder.add_competitor(Competitor { key: competitor.key, id: competitor.id, name: competitor.name });
        places.insert(competitor.key, place);
    }
    let vat = VatTable::new(&vat_rates, &lists);
    let mut keys: Vec<u32> = Vec::new();
    let mut vat_classes: Vec<u16> = Vec::new();
    let mut cursor = Cursor::default();
    reader.stream_products(|row| {
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
            listed_s: cursor.listed(&sides, row.key),
        };
        builder.push_product(&record);
    })?;
    let row_of = |key: i64| u32::try_from(key).ok().and_then(|key| keys.binary_search(&key).ok());
    let values = list_values(&reader, &lists, &vat, &vat_classes, now, row_of)?;
    for (list, values) in values.iter().enumerate() {
        for (row, values) in values.iter().enumerate() {
            builder.set_list_values(list, u32::try_from(row).expect("rows fit 32 bits"), values);
        }
    }
    push_offers(&reader, &mut builder, &counting, &places, row_of)?;
    push_moves(&reader, &mut builder, &lists, &places, now, row_of)?;
    Ok(builder.finish(now))
}

/// Small facts by product key, read before the products so that each product is pushed whole.
#[derive(Default)]
struct Sides {
    gtins: Vec<(i64, i64)>,
    families: Vec<(i64, String)>,
    stock: Vec<(i64, i64)>,
    costs: Vec<(i64, CostRecord)>,
    /// When the first price of a product began, in seconds since 1970.
    listed: Vec<(i64, u32)>,
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
        reader.stream_first_prices(|product, valid_from| sides.listed.push((product, seconds(valid_from))))?;
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
    let mut newest = (usize::MAX, i64::MIN);
    reader.stream_costs(filter, now, |row| {
        let (Ok(cost_type), Ok(currency)) = (CostType::from_str(row.cost_type), Currency::new(row.currency)) else {
            return;
        };
        let preference = COST_PREFERENCE.iter().position(|kind| *kind == cost_type).unwrap_or(usize::MAX);
        let record = CostRecord { amount: MicroAmount(row.amount_micro), currency, cost_type };
        match costs.last_mut() {
            Some((last, held)) if *last == row.product_key => {
                let better = preference < newest.0 || preference == newest.0 && row.valid_from > newest.1;
                if better {
                    *held = record;
                    newest = (preference, row.valid_from);
                }
            }
            _ => {
                costs.push((row.product_key, record));
                newest = (preference, row.valid_from);
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
    listed: usize,
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

    fn listed(&mut self, sides: &Sides, product: i64) -> u32 {
        advance(&sides.listed, &mut self.listed, product).map_or(0, |(_, seconds)| *seconds)
    }

    fn cost(&mut self, sides: &Sides, product: i64) -> Option<CostRecord> {
        advance(&sides.costs, &mut self.cost, product).map(|(_, cost)| *cost)
    }
}

/// How far local time is ahead of UTC. A time zone that is not known counts as UTC.
fn utc_offset_s(time_zone: &str, now: Instant) -> i32 {
    let zone = jiff::tz::TimeZone::get(time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
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

/// VAT by class and price list.
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
        let rates = classes
            .iter()
            .map(|class| {
                lists
                    .iter()
                    .map(|list| rate(class, &list.country).or_else(|| rate(class, "*")).unwrap_or(UNKNOWN_VAT))
                    .collect()
            })
            .collect();
        Self { classes, rates }
    }

    fn class(&self, name: &str) -> u16 {
        let place = self.classes.iter().position(|class| class == name).unwrap_or(0);
        u16::try_from(place).unwrap_or(0)
    }
}

fn list_values(
    reader: &SnapshotReader,
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
        vat_bp: vat.rates[usize::from(*class)].get(list).copied().unwrap_or(UNKNOWN_VAT),
        flags: 0,
        units_28d_milli: 0,
        price_since_s: 0,
    };
    let mut values: Vec<Vec<ListValues>> =
        (0..lists.len()).map(|list| vat_classes.iter().map(|class| empty(class, list)).collect()).collect();
    let place = |key: i64| lists.iter().position(|list| list.key == key);
    let mut begun: Vec<Vec<i64>> = vec![vec![i64::MIN; vat_classes.len()]; lists.len()];
    reader.stream_prices(&ProductFilter::default(), now, |price| {
        if let (Some(list), Some(row)) = (place(price.list_key), row_of(price.product_key))
            && price.valid_from > begun[list][row]
        {
            begun[list][row] = price.valid_from;
            values[list][row].price_minor = price.amount_minor;
            values[list][row].price_since_s = seconds(price.valid_from);
        }
    })?;
    reader.stream_bounds(|bound| {
        if let (Some(list), Some(row)) = (place(bound.list_key), row_of(bound.product_key)) {
            let value = &mut values[list][row];
            value.min_minor = bound.min_minor.unwrap_or(NONE);
            value.max_minor = bound.max_minor.unwrap_or(NONE);
            value.rrp_minor = bound.rrp_minor.unwrap_or(NONE);
            value.map_minor = bound.map_minor.unwrap_or(NONE);
        }
    })?;
    let every = ProductFilter::default();
    let mut flag = |list: i64, product: i64, flags: u8| {
        if let (Some(list), Some(row)) = (place(list), row_of(product)) {
            values[list][row].flags |= flags;
        }
    };
    reader.stream_locks(&every, now, |product, list| flag(list, product, ListFlags::LOCKED))?;
    reader.stream_promotions(&every, now, |product, list| flag(list, product, ListFlags::PROMOTION))?;
    reader.stream_waiting(&ProductFilter::default(), |product, list, exception| {
        let needs = if exception { ListFlags::EXCEPTION } else { 0 };
        flag(list, product, ListFlags::PENDING_PROPOSAL | needs);
    })?;
    reader.stream_volumes(|product, units| {
        if let Some(row) = row_of(product) {
            for list in &mut values {
                list[row].units_28d_milli = units;
            }
        }
    })?;
    Ok(values)
}

fn push_offers(
    reader: &SnapshotReader,
    builder: &mut SnapshotBuilder,
    counting: &CountingOffers,
    places: &std::collections::HashMap<i64, u16>,
    row_of: impl Fn(i64) -> Option<usize>,
) -> Result<(), OperationError> {
    let mut current: Option<u32> = None;
    let mut offers: Vec<Offer> = Vec::new();
    let mut currencies: Vec<(String, u8)> = Vec::new();
    reader.stream_offers(&ProductFilter::default(), |row| {
        if !counting.counts(&row) {
            return;
        }
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
        offers.push(offer_of(&row, places.get(&row.competitor_key).copied().unwrap_or(0), currency));
    })?;
    if let Some(done) = current {
        builder.push_offers(done, &offers);
    }
    Ok(())
}

fn push_moves(
    reader: &SnapshotReader,
    builder: &mut SnapshotBuilder,
    lists: &[PriceListRow],
    places: &std::collections::HashMap<i64, u16>,
    now: Instant,
    row_of: impl Fn(i64) -> Option<usize>,
) -> Result<(), OperationError> {
    let builder_of_numbers = std::cell::RefCell::new(&mut *builder);
    let numbers = Numbers {
        list: &|key| lists.iter().position(|list| list.key == key),
        competitor: &|key| places.get(&key).copied(),
        currency: &|currency| builder_of_numbers.borrow_mut().currency_number(currency),
    };
    let moves = moves(reader, &ProductFilter::default(), now, &numbers)?;
    for (product, moves) in moves {
        if let Some(row) = row_of(product).and_then(|row| u32::try_from(row).ok()) {
            builder.push_moves(row, &moves);
        }
    }
    Ok(())
}

pub(crate) fn offer_of(row: &OfferRecord<'_>, competitor: u16, currency: u8) -> Offer {
    let availability = match row.state {
        // The newest page said so, while the span keeps the last price.
        "sold_out" => Availability::OutOfStock,
        _ => Availability::from_str(row.availability).unwrap_or(Availability::Unknown),
    };
    let shipping = row.shipping_minor.and_then(|amount| i32::try_from(amount).ok());
    let listing = u32::try_from(row.listing_key).unwrap_or(0);
    Offer {
        amount_minor: row.pack.like_for_like(row.amount_minor),
        key: listing,
        listing,
        shipping_minor: shipping.unwrap_or(Offer::NO_SHIPPING),
        last_seen_s: u32::try_from(row.last_seen / 1_000_000).unwrap_or(0),
        competitor,
        currency,
        availability: availability as u8,
        kind: OfferKind::from_str(row.kind).unwrap_or(OfferKind::Regular) as u8,
        condition: Condition::from_str(row.condition).unwrap_or(Condition::New) as u8,
        match_type: MatchType::from_str(row.match_type).unwrap_or(MatchType::Equivalent) as u8,
        reserved: 0,
    }
}
