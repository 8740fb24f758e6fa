//! Bringing a snapshot up to date where some products' prices, limits in time, costs, proposals or offers have changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use pricing_domain::{Currency, Instant, Role};
use pricing_rules::{ListFlags, ListValues, NONE, Offer, RowChange, Snapshot};
use pricing_store::{OfferRecord, ProductFilter, SnapshotReader, Store};

use crate::OperationError;
use crate::snapshots::load::{costs, seconds};
use crate::snapshots::moves::{Moves, Numbers, kept_since};
use crate::snapshots::prices::{lock, offer_of};
use crate::trust::CountingOffers;

/// When the price began that `values` shows, and the values: by (place of the list, product).
type Values = BTreeMap<(usize, i64), (i64, ListValues)>;

/// Reads prices, locks, promotions, costs, roles, waiting proposals and offers of some products anew. `None`: a product, a
/// currency or a competitor is new, and everything is to be read.
pub(super) async fn refresh(
    store: &Store,
    held: &Arc<Snapshot>,
    sequence: i64,
    keys: BTreeSet<i64>,
    now: Instant,
) -> Result<Option<Arc<Snapshot>>, OperationError> {
    let counting = CountingOffers::new(&store.competitor_settings().await?, now);
    let (store, held) = (store.clone(), held.clone());
    let refreshed = tokio::task::spawn_blocking(move || {
        let changes = changes(&store.snapshot_reader()?, &held, &keys, &counting, now)?;
        let Some(changes) = changes else { return Ok(None) };
        Ok(Some(Arc::new(held.updated(sequence, now, changes))))
    });
    refreshed.await.map_err(|error| OperationError::fault(error.to_string()))?
}

fn changes(
    reader: &SnapshotReader,
    held: &Snapshot,
    keys: &BTreeSet<i64>,
    counting: &CountingOffers,
    now: Instant,
) -> Result<Option<Vec<RowChange>>, OperationError> {
    let row_of = |key: &i64| u32::try_from(*key).ok().and_then(|key| held.row_of_key(key));
    let Some(rows) = keys.iter().map(|key| Some((*key, row_of(key)?))).collect::<Option<BTreeMap<_, _>>>() else {
        return Ok(None);
    };
    let filter = ProductFilter::only(rows.keys().copied());
    let values = list_values(reader, held, &rows, &filter, now)?;
    let key = |key: i64| u32::try_from(key).expect("a key of the snapshot");
    let numbers = Numbers {
        list: &|key| held.list_of_key(key),
        competitor: &|key| {
            let place = held.competitors.iter().position(|competitor| competitor.key == key);
            place.and_then(|place| u16::try_from(place).ok())
        },
        currency: &|currency| held.currency_number(currency),
    };
    let mut moves = Moves::of_ours(reader, &filter, now, numbers)?;
    let Some(offers) = offers(reader, held, &rows, (&filter, now), counting, &mut moves)? else { return Ok(None) };
    let mut moved = moves.all();
    let moves = rows.keys().map(|product| {
        let moves = moved.remove(product).unwrap_or_default();
        RowChange::Moves { key: key(*product), moves }
    });
    let moves: Vec<RowChange> = moves.collect();
    let values = values.into_iter().map(|((list, product), (_, values))| RowChange::ListValues {
        key: key(product),
        list,
        values,
    });
    let offers = offers.into_iter().map(|(product, offers)| RowChange::Offers { key: key(product), offers });
    let mut cost_of: BTreeMap<i64, _> = costs(reader, &filter, now)?.into_iter().collect();
    if cost_of.values().any(|cost| held.currency_number(cost.currency) == 0) {
        return Ok(None);
    }
    let costs = rows.keys().map(|product| RowChange::Cost { key: key(*product), cost: cost_of.remove(product) });
    let mut roles: BTreeMap<i64, Role> = BTreeMap::new();
    reader.stream_roles(&filter, |product, role| {
        roles.extend(role.parse().ok().map(|role| (product, role)));
    })?;
    let roles = rows.keys().map(|product| RowChange::Role { key: key(*product), role: roles.get(product).copied() });
    Ok(Some(values.chain(offers).chain(costs).chain(roles).chain(moves).collect()))
}

fn list_values(
    reader: &SnapshotReader,
    held: &Snapshot,
    rows: &BTreeMap<i64, u32>,
    filter: &ProductFilter,
    now: Instant,
) -> Result<Values, OperationError> {
    let mut values = Values::new();
    for (list, columns) in held.lists.iter().enumerate() {
        for (key, row) in rows {
            let mut shown = columns.values(*row as usize);
            shown.flags = ListFlags::of_tax_mode(columns.tax_mode);
            shown.price_minor = NONE;
            shown.price_since_s = 0;
            shown.fixed_minor = NONE;
            values.insert((list, *key), (i64::MIN, shown));
        }
    }
    let place = |key: i64| held.lists.iter().position(|list| list.key == key);
    reader.stream_prices(filter, now, |price| {
        let shown = place(price.list_key).and_then(|list| values.get_mut(&(list, price.product_key)));
        if let Some((begun, shown)) = shown.filter(|(begun, _)| price.valid_from > *begun) {
            *begun = price.valid_from;
            shown.price_minor = price.amount_minor;
            shown.price_since_s = seconds(price.valid_from);
        }
    })?;
    reader.stream_locks(filter, now, |product, list, fixed| {
        if let Some((_, shown)) = place(list).and_then(|list| values.get_mut(&(list, product))) {
            lock(shown, fixed);
        }
    })?;
    let mut flag = |list: i64, product: i64, flags: u8| {
        if let Some((_, shown)) = place(list).and_then(|list| values.get_mut(&(list, product))) {
            shown.flags |= flags;
        }
    };
    reader.stream_promotions(filter, now, |product, list| flag(list, product, ListFlags::PROMOTION))?;
    reader.stream_waiting(filter, |product, list, exception| {
        flag(list, product, ListFlags::PENDING_PROPOSAL | if exception { ListFlags::EXCEPTION } else { 0 });
    })?;
    Ok(values)
}

fn offers(
    reader: &SnapshotReader,
    held: &Snapshot,
    rows: &BTreeMap<i64, u32>,
    (filter, now): (&ProductFilter, Instant),
    counting: &CountingOffers,
    moves: &mut Moves<'_>,
) -> Result<Option<BTreeMap<i64, Vec<Offer>>>, OperationError> {
    let mut offers: BTreeMap<i64, Vec<Offer>> = rows.keys().map(|key| (*key, Vec::new())).collect();
    let mut known = true;
    let keep = |row: OfferRecord<'_>| {
        if !counting.counts(&row) {
            return;
        }
        let currency = Currency::new(row.currency).map_or(0, |currency| held.currency_number(currency));
        let competitor = held.competitors.iter().position(|competitor| competitor.key == row.competitor_key);
        match (competitor.and_then(|place| u16::try_from(place).ok()), offers.get_mut(&row.product_key)) {
            (Some(competitor), Some(offers)) if currency != 0 => offers.push(offer_of(&row, competitor, currency)),
            _ => known = false,
        }
    };
    reader.stream_offers_and_moves(filter, (kept_since(now), now), keep, |record| moves.add(&record))?;
    Ok(known.then_some(offers))
}
