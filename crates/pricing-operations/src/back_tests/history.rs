//! What was known on each day: offers from spans, own prices from their history.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pricing_domain::{Currency, Instant, MICROSECONDS_PER_DAY};
use pricing_rules::{Offer, PriceMove, Snapshot};
use pricing_store::{OwnPriceHistoryRow, ProductFilter, Store};

use crate::OperationError;
use crate::snapshots::prices::offer_of;

/// A stretch of one offer.
pub(super) struct Span {
    first_seen: i64,
    last_seen: i64,
    offer: Offer,
}

/// The past of a price list.
pub(super) struct History {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) list: usize,
    /// First and last day, since 1970.
    pub(super) days: (i64, i64),
    /// By row; the spans of a product by listing and time.
    spans: BTreeMap<u32, Vec<Span>>,
    /// By row and list.
    prices: HashMap<(u32, usize), Vec<OwnPriceHistoryRow>>,
}

impl History {
    /// Reads what the days need: spans that end after their beginning less the moves that guardrails look back at.
    pub(super) fn read(
        store: &Store,
        snapshot: &Arc<Snapshot>,
        list: usize,
        days: (i64, i64),
        stop: &AtomicBool,
    ) -> Result<Self, OperationError> {
        let reader = store.snapshot_reader()?;
        let row_of = |key: i64| u32::try_from(key).ok().and_then(|key| snapshot.row_of_key(key));
        let since = (days.0 - i64::from(PriceMove::KEPT_DAYS)) * MICROSECONDS_PER_DAY;
        let until = (days.1 + 1) * MICROSECONDS_PER_DAY;
        let places: HashMap<i64, u16> = (0..).zip(&snapshot.competitors).map(|(place, one)| (one.key, place)).collect();
        let mut spans: BTreeMap<u32, Vec<Span>> = BTreeMap::new();
        reader.stream_offer_history(&ProductFilter::default(), None, |row| {
            let record = &row.offer;
            if record.last_seen < since || row.first_seen > until {
                return;
            }
            let currency = Currency::new(record.currency).map_or(0, |currency| snapshot.currency_number(currency));
            let known = row_of(record.product_key).zip(places.get(&record.competitor_key)).filter(|_| currency != 0);
            if let Some((product, place)) = known {
                let offer = offer_of(record, *place, currency);
                let span = Span { first_seen: row.first_seen, last_seen: record.last_seen, offer };
                spans.entry(product).or_default().push(span);
            }
        })?;
        if stop.load(Ordering::Relaxed) {
            return Err(OperationError::cancelled());
        }
        let mut prices: HashMap<(u32, usize), Vec<OwnPriceHistoryRow>> = HashMap::new();
        reader.stream_price_history(&ProductFilter::default(), |row| {
            if let Some(place) = row_of(row.product_key).zip(snapshot.list_of_key(row.list_key)) {
                prices.entry(place).or_default().push(row);
            }
        })?;
        Ok(Self { snapshot: snapshot.clone(), list, days, spans, prices })
    }

    /// Noon of a day.
    pub(super) fn at(day: i64) -> Instant {
        Instant(day * MICROSECONDS_PER_DAY + MICROSECONDS_PER_DAY / 2)
    }

    /// What was charged for a row on a list at a moment: the newest price that had begun and not ended.
    pub(super) fn charged(&self, row: u32, list: usize, at: Instant) -> Option<i64> {
        let begun = self.prices.get(&(row, list))?.iter().rev().find(|price| price.valid_from <= at.0)?;
        (begun.valid_to.is_none_or(|end| end > at.0) && begun.amount_minor > 0).then_some(begun.amount_minor)
    }

    /// The rows with offers in the past, each with its offers as they were known at a moment.
    pub(super) fn offers_at(&self, at: Instant) -> impl Iterator<Item = (u32, Vec<Offer>)> + '_ {
        self.spans.iter().map(move |(row, spans)| {
            let newest = spans.chunk_by(|one, other| one.offer.listing == other.offer.listing).filter_map(|listing| {
                let span = listing.iter().rev().find(|span| span.first_seen <= at.0)?;
                let seen = span.last_seen.min(at.0).div_euclid(1_000_000);
                Some(Offer { last_seen_s: u32::try_from(seen).unwrap_or(0), ..span.offer })
            });
            (*row, newest.collect())
        })
    }

    /// The competitors' moves that guardrails may look back at from a moment: of listings that had another price before.
    pub(super) fn moves_at(&self, row: u32, at: Instant) -> Vec<PriceMove> {
        let since = at.plus_days(-i64::from(PriceMove::KEPT_DAYS)).0;
        let Some(spans) = self.spans.get(&row) else { return Vec::new() };
        let mut moves = Vec::new();
        for listing in spans.chunk_by(|one, other| one.offer.listing == other.offer.listing) {
            let known = listing.partition_point(|span| span.first_seen <= at.0);
            let first = listing[..known].partition_point(|span| span.first_seen <= since).saturating_sub(1);
            if known - first < 2 {
                continue;
            }
            moves.extend(listing[first..known].iter().map(|span| PriceMove {
                amount_minor: span.offer.amount_minor,
                at_s: u32::try_from(span.first_seen.max(since).div_euclid(1_000_000)).unwrap_or(0),
                listing: span.offer.listing,
                by: span.offer.competitor,
                list_or_currency: span.offer.currency.into(),
                reserved: 0,
            }));
        }
        moves
    }

    /// The rows that have offers in the past.
    pub(super) fn has_spans(&self, row: u32) -> bool {
        self.spans.contains_key(&row)
    }

    /// Whether anything is known of the past.
    pub(super) fn is_empty(&self) -> bool {
        self.prices.is_empty()
    }
}
