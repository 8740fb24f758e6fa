//! One look of an alert: every subject's reading now, in one parallel pass over the snapshot. Readings of prices that are
//! too old are left out, so that a failed fetch neither begins nor ends anything.

use std::io::{Read, Write};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use price_alerts::{Known, News, Side, Subject, Watch, Watched};
use pricing_analytics::{Figure, IndexSums, position};
use pricing_domain::{AlertCondition, AlertPrice, AlertRule, IndexForm, Instant, Ratio, Rounding};
use pricing_rules::{MarketRow, MarketView, Snapshot};
use pricing_store::CompetitorRow;

use crate::OperationError;
use crate::market::Advertising;

/// An index is not judged where more than one in so many of a competitor's offers is too old.
const STALE_PART: u64 = 10;

/// What is looked at.
#[derive(Clone)]
pub(super) struct LookTask {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) list: usize,
    pub(super) rule: AlertRule,
    pub(super) known: Arc<Watched>,
    pub(super) first: bool,
    pub(super) now: Instant,
    /// Empty where the alert is not about advertised prices.
    pub(super) advertising: Arc<Advertising>,
}

/// A subject that became something else.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) subject: Subject,
    /// The row in the snapshot.
    pub(super) row: Option<u32>,
    /// The place of the competitor in the snapshot.
    pub(super) competitor: Option<u16>,
    /// The place of the competitor whose offer was read, where the subject is not one of a competitor: the lowest one's.
    pub(super) lowest_of: Option<u16>,
    /// A competitor that is not named by a place.
    pub(super) name: String,
    pub(super) watch: Watch,
    pub(super) value: i64,
    pub(super) seen_s: Option<u32>,
    pub(super) known: Known,
    pub(super) news: Option<News>,
    /// Units of 28 days: the most sold are named first.
    weight: i64,
}

/// What a look found.
#[derive(Debug, Default)]
pub(super) struct Look {
    pub(super) changes: Vec<Seen>,
    pub(super) watched: u64,
    pub(super) unjudged: u64,
}

/// A reading of one subject.
struct Reading {
    competitor: Option<u16>,
    watch: Watch,
    value: i64,
}

/// Looks at prices, stocks, margins or indexes.
pub(super) fn at_market(task: &LookTask) -> Look {
    let view = MarketView::new(&task.snapshot, task.list, &task.rule.filter, task.now);
    let words: Vec<String> = task.rule.words.split_whitespace().map(str::to_lowercase).collect();
    if let AlertCondition::IndexOutside { from_centi, to_centi } = task.rule.condition {
        return at_indexes(task, &view, &words, (from_centi, to_centi));
    }
    let parts = view.fold(Look::default, |look: &mut Look, row| {
        if view.has_words(row.row, &words) {
            let mut readings = Vec::new();
            look.unjudged += readings_of(task, &view, row, &mut readings);
            readings.into_iter().for_each(|reading| look.take(task, &view, row, &reading));
        }
    });
    let mut all = Look::default();
    for part in parts {
        all.changes.extend(part.changes);
        all.watched += part.watched;
        all.unjudged += part.unjudged;
    }
    all.changes.sort_by_key(|seen| (std::cmp::Reverse(seen.weight), seen.subject));
    all
}

impl Look {
    fn take(&mut self, task: &LookTask, view: &MarketView<'_>, row: &MarketRow<'_>, reading: &Reading) {
        let Reading { competitor, watch, value } = *reading;
        let key = |place: u16| task.snapshot.competitors[usize::from(place)].key;
        let product = i64::from(task.snapshot.products.key.get(row.row));
        let subject = Subject { product, competitor: competitor.map_or(0, key) };
        self.watched += 1;
        let Some((known, news)) = task.known.judge(watch, subject, value, task.first) else { return };
        // Without a competitor what was read is the lowest offer: its own time counts, and not the newest of all.
        let lowest_of = if competitor.is_none() && is_theirs(task.rule.condition) {
            row.offers.first().map(|offer| offer.competitor)
        } else {
            None
        };
        let read_of = competitor.or(lowest_of);
        let seen_s = || view.seen_s(row.row, read_of);
        self.changes.push(Seen {
            subject,
            row: u32::try_from(row.row).ok(),
            competitor,
            lowest_of,
            name: String::new(),
            watch,
            value,
            seen_s: is_theirs(task.rule.condition).then(seen_s).flatten(),
            known,
            news,
            weight: row.units_milli,
        });
    }
}

/// Whether what is read comes from competitors' pages.
fn is_theirs(condition: AlertCondition) -> bool {
    use AlertCondition::{ChangesBy, MarginBelow, PriceCrosses};
    !matches!(
        condition,
        MarginBelow { .. } | PriceCrosses { whose: AlertPrice::Own, .. } | ChangesBy { whose: AlertPrice::Own, .. }
    )
}

/// The readings of a row; gives how many could not be judged.
fn readings_of(task: &LookTask, view: &MarketView<'_>, row: &MarketRow<'_>, readings: &mut Vec<Reading>) -> u64 {
    let tolerance_bp = task.rule.tolerance_bp;
    let level = |limit: i64| Watch::Level { limit, tolerance: share_of(limit, tolerance_bp) };
    match task.rule.condition {
        AlertCondition::PriceCrosses { whose, amount_minor, .. } => {
            prices(view, row, whose, |_| level(amount_minor), readings)
        }
        AlertCondition::ChangesBy { whose, change_bp, direction } => {
            prices(view, row, whose, |_| Watch::Move { change_bp, direction }, readings)
        }
        AlertCondition::PositionLost { place } => place_reading(view, row, place, tolerance_bp, readings),
        AlertCondition::OutOfStock => {
            let watch = Watch::Band { from: 0, to: 0, tolerance: 0 };
            let stocks = view.stocks(row.row);
            readings.extend(stocks.map(|(competitor, buyable)| Reading {
                competitor: Some(competitor),
                watch,
                value: i64::from(!buyable),
            }));
            0
        }
        AlertCondition::MapViolated => {
            let mut unjudged = 0;
            for price in task.advertising.lowest_of_each(view, row.row) {
                if price.competitor.is_some_and(|competitor| view.has_expired(row.row, Some(competitor))) {
                    unjudged += 1;
                    continue;
                }
                let (limit, competitor, value) = (price.map_minor, price.competitor, price.amount_minor);
                let watch = Watch::Least { limit, tolerance: share_of(limit, tolerance_bp) };
                readings.push(Reading { competitor, watch, value });
            }
            unjudged
        }
        AlertCondition::MarginBelow { margin_bp } => {
            let Some((net, cost)) = view.net_and_cost_micro(row.row).filter(|(net, _)| *net > 0) else { return 0 };
            let ratio = Ratio { numerator: i128::from(net - cost) * 10_000, denominator: i128::from(net) };
            let watch = Watch::Least { limit: i64::from(margin_bp), tolerance: i64::from(tolerance_bp) };
            readings.push(Reading { competitor: None, watch, value: ratio.round(Rounding::Nearest) });
            0
        }
        AlertCondition::IndexOutside { .. } | AlertCondition::CollectionFailing { .. } => 0,
    }
}

fn prices(
    view: &MarketView<'_>,
    row: &MarketRow<'_>,
    whose: AlertPrice,
    watch: impl Fn(i64) -> Watch,
    readings: &mut Vec<Reading>,
) -> u64 {
    let mut push = |competitor: Option<u16>, value: i64| {
        readings.push(Reading { competitor, watch: watch(value), value });
    };
    match whose {
        AlertPrice::Own => row.price_minor.into_iter().for_each(|own| push(None, own)),
        AlertPrice::Lowest if view.has_expired(row.row, None) => return 1,
        AlertPrice::Lowest => row.lowest_minor().into_iter().for_each(|lowest| push(None, lowest)),
        AlertPrice::Competitor => {
            let mut unjudged = 0;
            for offer in row.lowest_of_each() {
                if view.has_expired(row.row, Some(offer.competitor)) {
                    unjudged += 1;
                } else {
                    push(Some(offer.competitor), offer.amount_minor);
                }
            }
            return unjudged;
        }
    }
    0
}

/// Our place: lost once enough others are cheaper by more than the tolerance, regained once few enough are cheaper at
/// all. In between it is not judged.
fn place_reading(
    view: &MarketView<'_>,
    row: &MarketRow<'_>,
    place: u32,
    tolerance_bp: i32,
    readings: &mut Vec<Reading>,
) -> u64 {
    let Some(own) = row.price_minor else { return 0 };
    if view.has_expired(row.row, None) {
        return 1;
    }
    let amounts = || row.offers.iter().map(|offer| offer.amount_minor);
    let rank = position(own, amounts());
    let beyond_tolerance = position(own - share_of(own, tolerance_bp), amounts());
    if rank <= place || beyond_tolerance > place {
        let watch = Watch::Band { from: 1, to: i64::from(place), tolerance: 0 };
        readings.push(Reading { competitor: None, watch, value: i64::from(rank) });
    }
    0
}

/// The sums of one competitor.
#[derive(Clone)]
struct Against {
    index: IndexSums,
    compared: u64,
    stale: u64,
}

fn at_indexes(task: &LookTask, view: &MarketView<'_>, words: &[String], (from, to): (i64, i64)) -> Look {
    let count = task.snapshot.competitors.len();
    let new = || vec![Against { index: IndexSums::new(IndexForm::Basket), compared: 0, stale: 0 }; count];
    let parts = view.fold(new, |sums: &mut Vec<Against>, row| {
        let Some(own) = row.price_minor.filter(|_| view.has_words(row.row, words)) else { return };
        for offer in row.lowest_of_each() {
            let against = &mut sums[usize::from(offer.competitor)];
            against.index.add(own, offer.amount_minor, row.units_milli);
            against.compared += 1;
        }
        for (competitor, _) in view.stocks(row.row) {
            sums[usize::from(competitor)].stale += u64::from(view.has_expired(row.row, Some(competitor)));
        }
    });
    let mut all = new();
    for part in &parts {
        for (sum, more) in all.iter_mut().zip(part) {
            sum.index.merge(&more.index);
            sum.compared += more.compared;
            sum.stale += more.stale;
        }
    }
    let mut look = Look::default();
    for (place, against) in all.iter().enumerate() {
        let Some(value) = against.index.hundredths() else { continue };
        if against.stale * STALE_PART > against.compared {
            look.unjudged += 1;
            continue;
        }
        let watch = Watch::Band { from, to, tolerance: i64::from(task.rule.tolerance_bp) };
        let competitor = &task.snapshot.competitors[place];
        look.take_whole(task, (competitor.key, competitor.name.as_str()), watch, value);
    }
    look
}

/// Looks at which share of each competitor's pages gives no price.
pub(super) fn at_collection(task: &LookTask, rows: &[CompetitorRow]) -> Look {
    let AlertCondition::CollectionFailing { share_bp } = task.rule.condition else { return Look::default() };
    let mut look = Look::default();
    for row in rows {
        let read = row.fresh + row.failed;
        if read == 0 || !crate::market::is_chosen(&task.rule.filter, &row.name) {
            continue;
        }
        let value = i64::try_from(row.failed * 10_000 / read).unwrap_or(10_000);
        let (to, tolerance) = (i64::from(share_bp), i64::from(task.rule.tolerance_bp));
        look.take_whole(task, (row.key, row.name.as_str()), Watch::Band { from: 0, to, tolerance }, value);
    }
    look
}

impl Look {
    /// Takes a reading about a competitor as a whole.
    fn take_whole(&mut self, task: &LookTask, (key, name): (i64, &str), watch: Watch, value: i64) {
        let subject = Subject { product: 0, competitor: key };
        self.watched += 1;
        let Some((known, news)) = task.known.judge(watch, subject, value, task.first) else { return };
        self.changes.push(Seen {
            subject,
            row: None,
            competitor: None,
            lowest_of: None,
            name: name.to_owned(),
            watch,
            value,
            seen_s: None,
            known,
            news,
            weight: 0,
        });
    }
}

/// A share of an amount, to the nearest.
fn share_of(amount: i64, share_bp: i32) -> i64 {
    Ratio { numerator: i128::from(amount) * i128::from(share_bp), denominator: 10_000 }.round(Rounding::Nearest)
}

/// What is known, small enough to be kept for a million subjects.
pub(super) fn pack(watched: &Watched) -> Result<Vec<u8>, OperationError> {
    let fault = |error: &dyn std::fmt::Display| OperationError::fault(error.to_string());
    let kept: Vec<(i64, i64, u8, i64)> = watched
        .kept()
        .map(|(subject, known)| (subject.product, subject.competitor, side_number(known.side), known.reference))
        .collect();
    let bytes = postcard::to_allocvec(&kept).map_err(|error| fault(&error))?;
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&bytes).map_err(|error| fault(&error))?;
    encoder.finish().map_err(|error| fault(&error))
}

/// The inverse of [`pack`].
pub(super) fn unpack(bytes: &[u8]) -> Result<Watched, OperationError> {
    let fault = |error: &dyn std::fmt::Display| OperationError::fault(error.to_string());
    let mut plain = Vec::new();
    ZlibDecoder::new(bytes).read_to_end(&mut plain).map_err(|error| fault(&error))?;
    let kept: Vec<(i64, i64, u8, i64)> = postcard::from_bytes(&plain).map_err(|error| fault(&error))?;
    Ok(Watched::from_kept(kept.into_iter().map(|(product, competitor, side, reference)| {
        (Subject { product, competitor }, Known { side: side_of(side), reference })
    })))
}

const fn side_number(side: Side) -> u8 {
    match side {
        Side::Calm => 0,
        Side::Low => 1,
        Side::High => 2,
    }
}

const fn side_of(number: u8) -> Side {
    match number {
        1 => Side::Low,
        2 => Side::High,
        _ => Side::Calm,
    }
}

#[cfg(test)]
mod tests {
    use price_alerts::{Known, Side, Subject, Watched};

    use super::{pack, share_of, unpack};

    #[test]
    fn what_is_known_comes_back_as_it_was_kept() {
        let known = (1..=500).map(|key| {
            let side = [Side::Calm, Side::Low, Side::High][key as usize % 3];
            (Subject { product: key, competitor: key % 7 }, Known { side, reference: key * 37 })
        });
        let watched = Watched::from_kept(known);
        let packed = pack(&watched).expect("packed");
        assert!(packed.len() < 500 * 8, "{} bytes", packed.len());
        assert_eq!(unpack(&packed).expect("unpacked"), watched);
        assert_eq!(unpack(&pack(&Watched::default()).expect("packed")).expect("unpacked"), Watched::default());
    }

    #[test]
    fn a_tolerance_is_a_share_of_the_limit() {
        assert_eq!((share_of(9_500, 50), share_of(9_500, 0), share_of(0, 50)), (48, 0, 0));
    }
}
