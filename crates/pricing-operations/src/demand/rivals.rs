//! Competitors' prices week by week, for what they do to our units; and what was learnt of that, in words.

use std::collections::BTreeMap;

use pricing_domain::{Availability, Condition, Currency, MICROSECONDS_PER_DAY, OfferKind, OfferPolicy};
use pricing_rules::{Offer, Snapshot};
use pricing_science::{Grade, ProductDemand, ProductSales, RivalEffect, RivalWeeks, Source, week_of};
use pricing_store::{OfferHistoryRow, ProductFilter, Store};

use super::Demand;
use crate::OperationError;
use crate::snapshots::prices::offer_of;

/// Days with sales below which nothing is asked about competitors either.
const FEWEST_DAYS: usize = 26;
/// Ends of a 95 % interval in standard errors.
const WIDTH: f64 = 1.96;
const MICROSECONDS_PER_HOUR: i64 = MICROSECONDS_PER_DAY / 24;

/// The lowest usable competitor of each product in each week: the mean over the days on which a price was known. Nothing of
/// products that sold too little to be asked.
pub(super) fn read(
    store: &Store,
    snapshot: &Snapshot,
    products: &[ProductSales],
) -> Result<Vec<RivalWeeks>, OperationError> {
    let mut rivals: Vec<RivalWeeks> = vec![RivalWeeks::new(); products.len()];
    let Some(currency) = snapshot.lists.first().map(|list| list.currency) else { return Ok(rivals) };
    let mut spans = Spans { product: -1, days: (0, -1), listing: None, lowest: BTreeMap::new() };
    let mut take = |spans: &mut Spans| {
        if let Some(row) = u32::try_from(spans.product).ok().and_then(|key| snapshot.row_of_key(key)) {
            rivals[row as usize] = spans.weeks();
        }
    };
    store.snapshot_reader()?.stream_offer_history(&ProductFilter::default(), None, |row| {
        if row.offer.product_key != spans.product {
            spans.end_listing(i64::MAX);
            take(&mut spans);
            let place = u32::try_from(row.offer.product_key).ok().and_then(|key| snapshot.row_of_key(key));
            let days = place.map_or((0, -1), |place| sold_days(&products[place as usize]));
            spans = Spans { product: row.offer.product_key, days, listing: None, lowest: BTreeMap::new() };
        }
        spans.add(&row, currency);
    })?;
    spans.end_listing(i64::MAX);
    take(&mut spans);
    Ok(rivals)
}

/// The first and last day of sales; no day at all where they are too few.
fn sold_days(product: &ProductSales) -> (i64, i64) {
    match (product.days.first(), product.days.last()) {
        (Some((first, _)), Some((last, _))) if product.days.len() >= FEWEST_DAYS => (*first, *last),
        _ => (0, -1),
    }
}

/// The spans of a product's offers, one listing after the other.
struct Spans {
    product: i64,
    /// The days that count.
    days: (i64, i64),
    /// The listing under way: its key, the amount of its span, from when, and until when it was seen.
    listing: Option<(i64, Option<i64>, i64, i64)>,
    /// By day.
    lowest: BTreeMap<i64, i64>,
}

impl Spans {
    fn add(&mut self, row: &OfferHistoryRow<'_>, currency: Currency) {
        if self.days.1 < self.days.0 {
            return;
        }
        // A span ends where the next of its listing begins.
        let is_same = self.listing.is_some_and(|(key, ..)| key == row.offer.listing_key);
        self.end_listing(if is_same { row.first_seen } else { i64::MAX });
        let is_ours = Currency::new(row.offer.currency).is_ok_and(|found| found == currency);
        let offer = offer_of(&row.offer, 0, 0);
        let amount = (is_ours && counts(&offer)).then_some(offer.amount_minor);
        self.listing = Some((row.offer.listing_key, amount, row.first_seen, row.offer.last_seen));
    }

    /// Counts the span under way, which another price follows at a moment.
    fn end_listing(&mut self, next: i64) {
        let Some((_, Some(amount), from, seen)) = self.listing.take() else { return };
        let usable = i64::from(OfferPolicy::default().max_age_hours) * MICROSECONDS_PER_HOUR;
        let until = seen.saturating_add(usable).min(next.saturating_sub(1));
        let (first, last) = (from.div_euclid(MICROSECONDS_PER_DAY), until.div_euclid(MICROSECONDS_PER_DAY));
        for day in first.max(self.days.0)..=last.min(self.days.1) {
            self.lowest.entry(day).and_modify(|lowest| *lowest = amount.min(*lowest)).or_insert(amount);
        }
    }

    fn weeks(&self) -> RivalWeeks {
        let days: Vec<(i64, f64)> =
            self.lowest.iter().map(|(day, amount)| (week_of(*day), (*amount as f64).ln())).collect();
        let week = |days: &[(i64, f64)]| {
            let mean = days.iter().map(|(_, log)| log).sum::<f64>() / days.len() as f64;
            (days[0].0, mean.exp())
        };
        days.chunk_by(|one, other| one.0 == other.0).map(week).collect()
    }
}

/// Whether anybody could buy it new.
fn counts(offer: &Offer) -> bool {
    let is_for_all = offer.kind == OfferKind::Regular as u8 || offer.kind == OfferKind::Promotion as u8;
    let buyable = Availability::from_index(offer.availability).is_none_or(Availability::buyable);
    is_for_all && buyable && offer.condition == Condition::New as u8 && offer.amount_minor > 0
}

impl Demand {
    /// What a product's answer to competitors rests on, or why an assumption stands in.
    pub(super) fn rival_words(&self, found: &ProductDemand) -> String {
        let answer = &found.rival;
        let assumed = "Scenarios assume the effect.";
        match answer.found {
            RivalEffect::NoOffers => format!("No competitor's price is known in the weeks of its sales. {assumed}"),
            RivalEffect::FewWeeks => {
                format!("{} weeks with sales and a competitor's price are too few. {assumed}", answer.weeks)
            }
            RivalEffect::Together => format!(
                "The lowest competitor hardly moved by itself: it stood still, or moved with our price, promotions or the \
                 season. {assumed}"
            ),
            RivalEffect::NotFitted => format!("The fit with competitors' prices did not converge. {assumed}"),
            RivalEffect::Unsure => format!("What its sales and its category say is too unsure. {assumed}"),
            RivalEffect::Implausible => format!("Less would be sold where competitors are dearer. {assumed}"),
            RivalEffect::Used { value, own_error, common_error, source, grade } => {
                let error = WIDTH * own_error.hypot(common_error);
                let towards = match source {
                    Source::Catalogue => "the whole catalogue".to_owned(),
                    source => self.path(source).unwrap_or_default(),
                };
                let rests = match grade {
                    Grade::OwnData => format!("its own {} weeks", answer.weeks),
                    Grade::Category => format!("the estimate of {towards}"),
                    _ => format!("its own {} weeks, drawn towards {towards}", answer.weeks),
                };
                format!(
                    "Where the lowest competitor gets one percent dearer, it sells {value:.2} % more (95 %: {:.2} to {:.2}): \
                     {rests}.",
                    value - error,
                    value + error
                )
            }
        }
    }
}
