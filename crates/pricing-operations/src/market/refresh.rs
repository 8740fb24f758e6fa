//! Bringing the sums by day up to date: how the market stands now against how it stood, changes by the hour, sales.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use pricing_domain::{Instant, MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR, MarketFilter, Outcome, Ratio, Rounding};
use pricing_rules::{MarketRow, MarketView, Snapshot};
use pricing_store::{ChangeRow, StaleFigures, StandingCell, Store};

use super::history;
use super::segments::Segments;
use super::{TOLERANCE, day_of, sales_key};
use crate::exports::in_background;
use crate::snapshots::load::COST_PREFERENCE;
use crate::trust::CountingOffers;
use crate::{OperationError, Workspace};

/// Sums by (list, competitor, segment), by their keys.
type Standing = HashMap<(i64, i64, i64), StandingCell>;

impl Workspace {
    /// Brings the sums by day up to date. Cheap where nothing changed: one look at the change sequence.
    ///
    /// The market's standing is one pass over the snapshot, of which only cells that changed are written; where nobody
    /// has looked since another day, the days since then are told apart by what changed on each of them. Changes of
    /// competitors are read from the first hour that is not summed up; history and sales are summed up anew only after
    /// facts of the past were imported.
    pub async fn refresh_figures(&self) -> Result<(), OperationError> {
        let _refreshing = self.figures.refreshing.lock().await;
        let snapshot = self.snapshot().await?;
        if snapshot.row_count() == 0 {
            return Ok(());
        }
        let now = self.now();
        let hour = now.0.div_euclid(MICROSECONDS_PER_HOUR);
        let stale_history = self.store.stale_from(StaleFigures::History).await?.is_some();
        let changes = self.store.stale_from(StaleFigures::Changes).await?;
        let sales = self.store.stale_from(StaleFigures::Sales).await?;
        let newest = self.store.standing_at().await?;
        let stands = newest == Some((snapshot.sequence, hour));
        if stands && !stale_history && changes.is_none() && sales.is_none() {
            return Ok(());
        }
        let segments = Arc::new(self.segments_of(&snapshot).await?);
        if let Some(from) = changes {
            self.refresh_changes(&snapshot, &segments, from).await?;
        }
        if stale_history {
            let counting = CountingOffers::new(&self.store.competitor_settings().await?, now);
            let (store, from, by) = (self.store.clone(), snapshot.clone(), segments.clone());
            let changes = in_background(move || history::rebuild(&store, &from, &by, (&counting, now))).await?;
            self.store.replace_standing_history(hour, &changes).await?;
        }
        if !stands || stale_history {
            let (from, by) = (snapshot.clone(), segments.clone());
            let standing = in_background(move || Ok(standing(&from, &by, now))).await?;
            let (today, at) = (day_of(now), (snapshot.sequence, hour));
            let newest_day = newest.map(|(_, hour)| day_of(Instant(hour.saturating_mul(MICROSECONDS_PER_HOUR))));
            // A day after today is one of a clock that was wrong: what was kept of it is forgotten.
            match newest_day.filter(|day| *day != today && !stale_history).map(|day| day.min(today)) {
                Some(day) => {
                    let later = self.changes_after(&snapshot, &segments, day, now).await?;
                    self.store.write_standing_from(at, day, &standing, &later).await?;
                }
                None => {
                    self.store.write_standing(snapshot.sequence, hour, today, &standing).await?;
                }
            }
        }
        if let Some(from) = sales {
            self.refresh_sales(&snapshot, &segments, from).await?;
        }
        Ok(())
    }

    /// How the market changed on each day after one, up to now.
    async fn changes_after(
        &self,
        snapshot: &Arc<Snapshot>,
        segments: &Arc<Segments>,
        day: i32,
        now: Instant,
    ) -> Result<history::Changes, OperationError> {
        if day >= day_of(now) {
            return Ok(history::Changes::new());
        }
        let from = Instant(i64::from(day) * MICROSECONDS_PER_DAY);
        let counting = CountingOffers::new(&self.store.competitor_settings().await?, now);
        let mut touched: HashSet<i64> = self.store.offers_begun_since(from).await?.into_iter().collect();
        touched.extend(self.store.turning_between(Instant(from.0 - 1), now).await?);
        for competitor in &snapshot.competitors {
            // What a competitor's own limit ends is not in the snapshot any more.
            if let Some(hours) = counting.expires_after_hours(competitor.key).map(i64::from) {
                let (from, to) = (from.plus_hours(-hours - 1), now.plus_hours(-hours));
                touched.extend(self.store.last_seen_between(competitor.key, from, to).await?);
            }
        }
        let (store, from, by) = (self.store.clone(), snapshot.clone(), segments.clone());
        in_background(move || history::changes_after(&store, &from, &by, (&counting, now), (day, touched))).await
    }

    /// Begins to sum up changes of competitors that are not summed up yet, so that the next question need not read spans.
    pub(crate) async fn refresh_changes_ahead(&self) -> Result<(), OperationError> {
        if self.store.stale_from(StaleFigures::Changes).await?.is_none() {
            return Ok(());
        }
        let workspace = self.clone();
        tokio::spawn(async move {
            if let Err(error) = workspace.sum_up_changes().await {
                tracing::warn!(%error, "changes of competitors could not be summed up; the next page tries again");
            }
        });
        Ok(())
    }

    async fn sum_up_changes(&self) -> Result<(), OperationError> {
        let _refreshing = self.figures.refreshing.lock().await;
        let Some(from) = self.store.stale_from(StaleFigures::Changes).await? else { return Ok(()) };
        let snapshot = self.snapshot().await?;
        let segments = Arc::new(self.segments_of(&snapshot).await?);
        self.refresh_changes(&snapshot, &segments, from).await
    }

    async fn refresh_changes(
        &self,
        snapshot: &Arc<Snapshot>,
        segments: &Arc<Segments>,
        from_hour: i64,
    ) -> Result<(), OperationError> {
        let (store, from, by) = (self.store.clone(), snapshot.clone(), segments.clone());
        let changes = in_background(move || changes(&store, &from, &by, from_hour)).await?;
        Ok(self.store.replace_changes(from_hour, &changes).await?)
    }

    async fn refresh_sales(&self, snapshot: &Snapshot, segments: &Segments, from: i64) -> Result<(), OperationError> {
        let keys = &snapshot.products.key;
        let segment_of = (0..snapshot.row_count()).map(|row| (i64::from(keys.get(row)), segments.key(row))).collect();
        let currencies =
            snapshot.lists.iter().enumerate().map(|(list, columns)| (sales_key(snapshot, list), columns.currency));
        // Costs in the currency of the list, of the kind that is closest to what a product really costs.
        let rank = |kind: &str| {
            let place = COST_PREFERENCE.iter().position(|known| known.as_str() == kind)?;
            u8::try_from(place).ok()
        };
        let from = i32::try_from(from).unwrap_or(i32::MIN / 2);
        Ok(self.store.rebuild_sales(from, &segment_of, &currencies.collect(), rank).await?)
    }
}

/// What one product adds to the cells: competitor 0 is the lowest offer of all.
pub(super) fn contributions(
    price_minor: Option<i64>,
    units_milli: i64,
    lowest_of_each: impl Iterator<Item = (i64, i64)>,
    lowest: Option<i64>,
    mut add: impl FnMut(i64, StandingCell),
) {
    let Some(own) = price_minor else { return };
    let against = |theirs: Option<i64>| {
        let Some(theirs) = theirs else { return StandingCell::default() };
        let outcome = pricing_analytics::outcome(own, theirs, TOLERANCE);
        StandingCell {
            products: 0,
            win: i64::from(outcome == Outcome::Win),
            tie: i64::from(outcome == Outcome::Tie),
            loss: i64::from(outcome == Outcome::Loss),
            own: units_milli.saturating_mul(own),
            theirs: units_milli.saturating_mul(theirs),
        }
    };
    add(0, StandingCell { products: 1, ..against(lowest) });
    for (competitor, theirs) in lowest_of_each {
        add(competitor, against(Some(theirs)));
    }
}

/// How the market stands now on every list.
fn standing(snapshot: &Snapshot, segments: &Segments, now: Instant) -> Standing {
    let mut all = Standing::new();
    for (list, columns) in snapshot.lists.iter().enumerate() {
        let view = MarketView::new(snapshot, list, &MarketFilter::of_list(columns.id), now);
        let add = |sums: &mut HashMap<(i64, i64), StandingCell>, row: &MarketRow<'_>| {
            let segment = segments.key(row.row);
            let each = row
                .lowest_of_each()
                .map(|offer| (snapshot.competitors[usize::from(offer.competitor)].key, offer.amount_minor));
            contributions(row.price_minor, row.units_milli, each, row.lowest_minor(), |competitor, cell| {
                sums.entry((competitor, segment)).or_default().add(cell);
            });
        };
        for part in view.fold(HashMap::new, add) {
            for ((competitor, segment), cell) in part {
                for segment in [0, segment] {
                    all.entry((columns.key, competitor, segment)).or_default().add(cell);
                }
            }
        }
    }
    all
}

/// Changes of competitors from an hour on, by (hour, competitor, segment).
fn changes(
    store: &Store,
    snapshot: &Snapshot,
    segments: &Segments,
    from_hour: i64,
) -> Result<HashMap<(i64, i64, i64), ChangeRow>, OperationError> {
    /// Relative changes are held at a thousand-millionth.
    const UNIT: i128 = 1_000_000_000;
    let mut sums: HashMap<(i64, i64, i64), ChangeRow> = HashMap::new();
    let from = Instant(from_hour.saturating_mul(MICROSECONDS_PER_HOUR));
    store.snapshot_reader()?.stream_changes(from, |product, competitor, at, before, after| {
        let row = u32::try_from(product).ok().and_then(|key| snapshot.row_of_key(key));
        let Some(row) = row.filter(|_| before > 0 && before != after) else { return true };
        let relation = Ratio { numerator: i128::from(after - before) * UNIT, denominator: i128::from(before) };
        let relation = relation.round(Rounding::Nearest);
        let hour = at.div_euclid(MICROSECONDS_PER_HOUR);
        for segment in [0, segments.key(row as usize)] {
            let sum = sums.entry((hour, competitor, segment)).or_default();
            sum.lowered += u64::from(after < before);
            sum.raised += u64::from(after > before);
            sum.signed = sum.signed.saturating_add(relation);
            sum.absolute = sum.absolute.saturating_add(relation.abs());
        }
        true
    })?;
    Ok(sums)
}
