//! The past: how the market stood at the end of each day, from spans and our own prices; and sales by week.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use pricing_analytics::{BridgeSums, PeriodSales};
use pricing_domain::{
    Availability, Currency, Instant, Lifecycle, MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR, MarketFilter,
};
use pricing_rules::{MarketOffer, MarketView, Offer, Snapshot};
use pricing_store::{OfferHistoryRow, OwnPriceHistoryRow, ProductFilter, StandingCell, Store, WeekSales};

use super::refresh::contributions;
use super::segments::Segments;
use super::{Scene, day_of, sales_key};
use crate::snapshots::prices::offer_of;
use crate::trust::CountingOffers;
use crate::{OperationError, Workspace};

/// Sums by ((list, competitor, segment), day), as changes on that day.
pub(super) type Changes = HashMap<((i64, i64, i64), i32), StandingCell>;

/// How long an offer counts after it was last seen; the ordinary policy's.
const USABLE: i64 = 72 * MICROSECONDS_PER_HOUR;

/// Products named in one question to the store.
const NAMED_AT_ONCE: usize = 20_000;
/// Where more than one in so many products is wanted, all are read and the others passed over.
const NAMED_PART: usize = 4;

/// A stretch of one offer.
struct Span {
    first_seen: i64,
    last_seen: i64,
    /// Microseconds after the last time it was seen in which it still counts; `None`: its competitor's policy does not let
    /// it count.
    counts_for: Option<i64>,
    offer: Offer,
}

/// Sums up all of history before today: every product is looked at on the days on which something about it changed, with
/// today's units and today's segment. Cost grows with the number of spans.
pub(super) fn rebuild(
    store: &Store,
    snapshot: &Snapshot,
    segments: &Segments,
    (counting, now): (&CountingOffers, Instant),
) -> Result<Changes, OperationError> {
    sweep(store, snapshot, segments, counting, Stretch { after: None, now }, None)
}

/// How the market changed on each day after one, up to now, from the products about which anything changed. What is
/// left out of it stood at the end of that day as it stands now.
pub(super) fn changes_after(
    store: &Store,
    snapshot: &Snapshot,
    segments: &Segments,
    (counting, now): (&CountingOffers, Instant),
    (day, mut touched): (i32, HashSet<i64>),
) -> Result<Changes, OperationError> {
    let from = i64::from(day) * MICROSECONDS_PER_DAY;
    // Offers that counted then and do not any more, though nothing else has begun there.
    for row in 0..snapshot.row_count() {
        let has_ended = snapshot.offers.get(row).iter().any(|offer| {
            let end = i64::from(offer.last_seen_s) * 1_000_000 + USABLE;
            let buyable = Availability::from_index(offer.availability).is_none_or(Availability::buyable);
            end >= from && (end < now.0 || !buyable)
        });
        if has_ended {
            touched.insert(i64::from(snapshot.products.key.get(row)));
        }
    }
    if touched.is_empty() {
        return Ok(Changes::new());
    }
    sweep(store, snapshot, segments, counting, Stretch { after: Some(day), now }, Some(&touched))
}

/// Which days are summed up.
#[derive(Clone, Copy)]
struct Stretch {
    /// Those after it, and today's until now; `None`: all before today.
    after: Option<i32>,
    now: Instant,
}

fn sweep(
    store: &Store,
    snapshot: &Snapshot,
    segments: &Segments,
    counting: &CountingOffers,
    stretch: Stretch,
    only: Option<&HashSet<i64>>,
) -> Result<Changes, OperationError> {
    let reader = store.snapshot_reader()?;
    let named = only.filter(|only| only.len() * NAMED_PART <= snapshot.row_count());
    let filters = named.map_or_else(|| vec![ProductFilter::default()], filters);
    let is_wanted = |product: i64| only.is_none_or(|only| only.contains(&product));
    let mut prices: Vec<OwnPriceHistoryRow> = Vec::new();
    for filter in &filters {
        reader.stream_price_history(filter, |row| {
            if is_wanted(row.product_key) {
                prices.push(row);
            }
        })?;
    }
    let lists = snapshot.lists.iter().enumerate();
    let views =
        lists.map(|(list, columns)| MarketView::new(snapshot, list, &MarketFilter::of_list(columns.id), stretch.now));
    let places: HashMap<i64, u16> = (0..).zip(&snapshot.competitors).map(|(place, one)| (one.key, place)).collect();
    let mut sweep =
        Sweep { snapshot, segments, views: views.collect(), prices: &prices, stretch, changes: Changes::new() };
    let (mut current, mut spans): (Option<i64>, Vec<Span>) = (None, Vec::new());
    let since = stretch.after.map(|day| Instant((i64::from(day) + 1) * MICROSECONDS_PER_DAY));
    let mut take = |row: OfferHistoryRow<'_>| {
        let record = &row.offer;
        if !is_wanted(record.product_key) {
            return;
        }
        if current.is_some_and(|product| product != record.product_key) {
            sweep.pass(current, &spans);
            spans.clear();
        }
        current = Some(record.product_key);
        let currency = Currency::new(record.currency).map_or(0, |currency| snapshot.currency_number(currency));
        if let Some(place) = places.get(&record.competitor_key).filter(|_| currency != 0) {
            let hours = counting.expires_after_hours(record.competitor_key);
            let usable = hours.map_or(USABLE, |hours| USABLE.min(i64::from(hours) * MICROSECONDS_PER_HOUR));
            spans.push(Span {
                first_seen: row.first_seen,
                last_seen: record.last_seen,
                counts_for: counting.counts_at_all(record).then_some(usable),
                offer: offer_of(record, *place, currency),
            });
        }
    };
    for filter in &filters {
        reader.stream_offer_history(filter, since, &mut take)?;
    }
    sweep.pass(current, &spans);
    sweep.pass(None, &[]);
    Ok(sweep.changes)
}

/// The products in the order of their keys, in parts.
fn filters(only: &HashSet<i64>) -> Vec<ProductFilter> {
    let mut keys: Vec<i64> = only.iter().copied().collect();
    keys.sort_unstable();
    keys.chunks(NAMED_AT_ONCE).map(|keys| ProductFilter::only(keys.iter().copied())).collect()
}

/// Goes through the products in the order of their keys.
struct Sweep<'a> {
    snapshot: &'a Snapshot,
    segments: &'a Segments,
    views: Vec<MarketView<'a>>,
    /// Own prices of the products that are still to come, by product.
    prices: &'a [OwnPriceHistoryRow],
    stretch: Stretch,
    changes: Changes,
}

/// What a product adds, by competitor.
type Cells = HashMap<i64, StandingCell>;

impl Sweep<'_> {
    /// Handles the products before `product`, which have no offers, and then it. `None`: all that are left.
    fn pass(&mut self, product: Option<i64>, spans: &[Span]) {
        while let Some(next) = self.prices.first().map(|price| price.product_key) {
            if product.is_some_and(|product| next >= product) {
                break;
            }
            self.product(next, &[]);
        }
        if let Some(product) = product {
            self.product(product, spans);
        }
    }

    fn product(&mut self, product: i64, spans: &[Span]) {
        let count = self.prices.partition_point(|price| price.product_key <= product);
        let (own, rest) = self.prices.split_at(count);
        self.prices = rest;
        let row = u32::try_from(product).ok().and_then(|key| self.snapshot.row_of_key(key)).map(|row| row as usize);
        let sold = |row: &usize| self.snapshot.products.lifecycle.get(*row) != Lifecycle::Ended as u8;
        let Some(row) = row.filter(sold) else { return };
        for list in 0..self.views.len() {
            let key = self.snapshot.lists[list].key;
            let own: Vec<OwnPriceHistoryRow> = own.iter().filter(|price| price.list_key == key).copied().collect();
            if !own.is_empty() {
                self.list(list, row, &own, spans);
            }
        }
    }

    fn list(&mut self, list: usize, row: usize, own: &[OwnPriceHistoryRow], spans: &[Span]) {
        let columns = &self.snapshot.lists[list];
        let (list_key, segment) = (columns.key, self.segments.key(row));
        let units = columns.units_28d_milli.get(row).max(0);
        let today = day_of(self.stretch.now);
        let mut days = days_of_change(own, spans);
        days.retain(|day| *day < today && self.stretch.after.is_none_or(|after| *day > after));
        let (mut found, mut usable) = (Vec::new(), Vec::new());
        let mut at_end = |day: i32| {
            let end = (i64::from(day) + 1) * MICROSECONDS_PER_DAY - 1;
            offers_at(spans, end, &mut found);
            self.views[list].usable_at(row, &found, Instant(end), &mut usable);
            self.cells(own_price_at(own, end), units, &usable)
        };
        let mut before = self.stretch.after.map_or_else(Cells::new, &mut at_end);
        let mut steps: Vec<(i32, Cells)> = days.into_iter().map(|day| (day, at_end(day))).collect();
        if self.stretch.after.is_some() {
            let now = self.views[list].with_row(row, |row| self.cells(row.price_minor, row.units_milli, row.offers));
            steps.push((today, now));
        }
        for (day, after) in steps {
            let mut competitors: Vec<i64> = before.keys().chain(after.keys()).copied().collect();
            competitors.sort_unstable();
            competitors.dedup();
            for competitor in competitors {
                let cell = |cells: &Cells| cells.get(&competitor).copied().unwrap_or_default();
                let change = cell(&after).minus(cell(&before));
                if !change.is_empty() {
                    for segment in [0, segment] {
                        self.changes.entry(((list_key, competitor, segment), day)).or_default().add(change);
                    }
                }
            }
            before = after;
        }
    }

    fn cells(&self, own: Option<i64>, units: i64, usable: &[MarketOffer]) -> Cells {
        let mut cells = Cells::new();
        let first = |place: usize, offer: &MarketOffer| {
            !usable[..place].iter().any(|earlier| earlier.competitor == offer.competitor)
        };
        let each = usable.iter().enumerate().filter(|(place, offer)| first(*place, offer));
        let each =
            each.map(|(_, offer)| (self.snapshot.competitors[usize::from(offer.competitor)].key, offer.amount_minor));
        let lowest = usable.first().map(|offer| offer.amount_minor);
        contributions(own, units, each, lowest, |competitor, cell| cells.entry(competitor).or_default().add(cell));
        cells
    }
}

/// The days at whose end something may be different from the day before.
fn days_of_change(own: &[OwnPriceHistoryRow], spans: &[Span]) -> BTreeSet<i32> {
    let day = |micros: i64| day_of(Instant(micros));
    let prices = own.iter().flat_map(|price| [Some(price.valid_from), price.valid_to]).flatten().map(day);
    let begun = spans.iter().map(|span| day(span.first_seen));
    // Where the next span of a listing has begun before this one counts no more, nothing happens at its end.
    let listings = spans.chunk_by(|one, other| one.offer.listing == other.offer.listing);
    let ended = listings.flat_map(|listing| {
        listing.iter().enumerate().filter_map(|(place, span)| {
            let end = span.last_seen.saturating_add(span.counts_for?);
            let replaced = listing.get(place + 1).is_some_and(|next| next.first_seen <= end);
            (!replaced).then(|| day(end))
        })
    });
    prices.chain(begun).chain(ended).collect()
}

/// Our price at a moment: the newest that has begun, unless it has ended.
fn own_price_at(own: &[OwnPriceHistoryRow], at: i64) -> Option<i64> {
    let begun = own.iter().rev().find(|price| price.valid_from <= at)?;
    (begun.valid_to.is_none_or(|end| end > at) && begun.amount_minor > 0).then_some(begun.amount_minor)
}

/// The newest span of each listing at a moment, as it was known then, where it counted.
fn offers_at(spans: &[Span], at: i64, found: &mut Vec<Offer>) {
    found.clear();
    for listing in spans.chunk_by(|one, other| one.offer.listing == other.offer.listing) {
        let newest = listing.iter().rev().find(|span| span.first_seen <= at);
        if let Some(span) = newest.filter(|span| span.counts_for.is_some_and(|time| span.last_seen + time >= at)) {
            let seen = span.last_seen.min(at).div_euclid(1_000_000);
            found.push(Offer { last_seen_s: u32::try_from(seen).unwrap_or(0), ..span.offer });
        }
    }
}

/// Sales by product of two periods, kept for the next question.
#[derive(Clone)]
pub(crate) struct KeptSales {
    sequence: i64,
    list_key: i64,
    weeks: (i32, i32),
    sales: Arc<HashMap<i64, WeekSales>>,
}

/// Periods kept.
const KEPT_PERIODS: usize = 8;

impl Workspace {
    /// Sales by product over the weeks from one Monday up to another one.
    async fn week_sales(
        &self,
        scene: &Scene,
        weeks: (i32, i32),
    ) -> Result<Arc<HashMap<i64, WeekSales>>, OperationError> {
        let (sequence, list_key) = (scene.snapshot.sequence, sales_key(&scene.snapshot, scene.list));
        let fits = |kept: &&KeptSales| (kept.sequence, kept.list_key, kept.weeks) == (sequence, list_key, weeks);
        let lock = || self.figures.bridges.lock().expect("no panic while it is held");
        if let Some(kept) = lock().iter().find(fits) {
            return Ok(kept.sales.clone());
        }
        let sales = Arc::new(self.store.sales_of_weeks(list_key, weeks.0, weeks.1).await?);
        let mut kept = lock();
        kept.retain(|kept| kept.sequence == sequence);
        if kept.len() >= KEPT_PERIODS {
            kept.remove(0);
        }
        kept.push(KeptSales { sequence, list_key, weeks, sales: sales.clone() });
        Ok(sales)
    }

    /// The bridge between the newest `weeks` whole weeks up to a day and as many before, over the products that a filter
    /// keeps. Gives the bridge and the Mondays: where it begins, where the second period begins, where it ends.
    pub(super) async fn bridge_of_weeks(
        &self,
        scene: &Scene,
        to: i32,
        weeks: u32,
    ) -> Result<(pricing_analytics::Bridge, [i32; 3]), OperationError> {
        let nothing = || OperationError::not_found("There are no sales with a known cost. Import sales and costs.");
        let list_key = sales_key(&scene.snapshot, scene.list);
        let newest = self.store.newest_sales_day(list_key).await?.ok_or_else(nothing)?.min(to);
        // Up to the Sunday that has passed.
        let end = newest + 1 - (newest + 4).rem_euclid(7);
        let days = i32::try_from(weeks.clamp(1, 52)).unwrap_or(1) * 7;
        let [begin, middle] = [end - 2 * days, end - days];
        let before = self.week_sales(scene, (begin, middle)).await?;
        let after = self.week_sales(scene, (middle, end)).await?;
        let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
        let mut sums = BridgeSums::default();
        let products: BTreeSet<i64> = before.keys().chain(after.keys()).copied().collect();
        for product in products {
            let row = u32::try_from(product).ok().and_then(|key| scene.snapshot.row_of_key(key));
            let is_kept = row.is_some_and(|row| view.keeps_any(row as usize));
            if is_kept {
                sums.add(period(before.get(&product)), period(after.get(&product)));
            }
        }
        Ok((sums.bridge(), [begin, middle, end]))
    }
}

fn period(sales: Option<&WeekSales>) -> PeriodSales {
    sales.map_or_else(PeriodSales::default, |sales| PeriodSales {
        units_milli: sales.units_milli,
        revenue_micro: sales.revenue_micro,
        cost_micro: sales.cost_micro,
    })
}
