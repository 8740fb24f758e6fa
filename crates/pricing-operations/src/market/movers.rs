//! Who moves first, and who follows.

use std::collections::HashMap;

use app_contract::{FollowerRow, LeaderRow, MoversView};
use pricing_analytics::{PriceChange, leadership};
use pricing_domain::{Instant, MICROSECONDS_PER_HOUR, MarketFilter};
use pricing_rules::MarketView;
use pricing_store::{MoveOwner, ProductFilter, SnapshotReader};

use super::segments::is_chosen;
use super::{Period, Scene};
use crate::exports::in_background;
use crate::{OperationError, Progress, Workspace};

/// We among the movers; the others are known by their place in the snapshot.
const OURSELVES: u32 = u32::MAX;
/// Most pairs of an answer.
const MOST_PAIRS: usize = 100;

/// The most spans that are gone through without a job: a quarter of a second.
const MOST_AT_ONCE: u64 = 100_000;
/// How often a job says how far it is, in spans.
const TOLD_EVERY: u64 = 20_000;

/// What was counted last, valid for one snapshot and hour.
pub(super) struct KeptMovers {
    of: (i64, i64),
    filter: MarketFilter,
    view: MoversView,
}

impl Workspace {
    /// Who moves first and who follows within `window_days`, over the price changes of a period: those of competitors and
    /// ours of the regular price.
    ///
    /// Who follows whom depends on single moves, so this reads the spans that began in the period: its cost grows with
    /// their number, not with history. Where there are too many the answer says so, unless [`Self::count_movers`] has
    /// counted the same.
    pub async fn movers(&self, filter: &MarketFilter, window_days: u32) -> Result<MoversView, OperationError> {
        let window_days = window_days.clamp(1, 60);
        let scene = self.scene(filter).await?;
        if let Some(kept) = self.kept_movers(&scene, window_days) {
            return Ok(kept);
        }
        let period = Period::of(filter, scene.now)?;
        let store = self.store.clone();
        in_background(move || {
            let reader = store.snapshot_reader()?;
            let begun = reader.spans_begun_since(since(period, window_days), MOST_AT_ONCE + 1)?;
            if begun > MOST_AT_ONCE {
                let days = u32::try_from(period.days()).unwrap_or(0);
                let uncounted = Some(begun);
                return Ok(MoversView { days, window_days, uncounted, leaders: Vec::new(), followers: Vec::new() });
            }
            count(&reader, &scene, period, window_days, &|_| true)
        })
        .await
    }

    /// Counts however many there are, and keeps the answer.
    pub async fn count_movers(
        &self,
        filter: &MarketFilter,
        window_days: u32,
        progress: &Progress,
    ) -> Result<MoversView, OperationError> {
        let window_days = window_days.clamp(1, 60);
        progress.at(0, None, "Loading the catalogue");
        let scene = self.scene(filter).await?;
        if let Some(kept) = self.kept_movers(&scene, window_days) {
            return Ok(kept);
        }
        let period = Period::of(filter, scene.now)?;
        let (sequence, now, filter) = (scene.snapshot.sequence, scene.now, scene.filter.clone());
        let store = self.store.clone();
        let (told, mut reports) = tokio::sync::mpsc::unbounded_channel();
        let stop = progress.cancel.clone();
        let counting = in_background(move || {
            let reader = store.snapshot_reader()?;
            let total = reader.spans_begun_since(since(period, window_days), u64::MAX)?;
            count(&reader, &scene, period, window_days, &|done| {
                // Whoever listened may be gone; the flag says so.
                let _ = told.send((done, total));
                !stop.is_cancelled()
            })
        });
        tokio::pin!(counting);
        let view = loop {
            tokio::select! {
                view = &mut counting => break view?,
                Some((done, total)) = reports.recv() => {
                    progress.at(done.min(total), Some(total), "Reading when prices began");
                }
            }
        };
        let kept = KeptMovers { of: (sequence, hour_of(now)), filter, view: view.clone() };
        *self.figures.movers.lock().expect("no panic while it is held") = Some(kept);
        Ok(view)
    }

    fn kept_movers(&self, scene: &Scene, window_days: u32) -> Option<MoversView> {
        let kept = self.figures.movers.lock().expect("no panic while it is held");
        let of = (scene.snapshot.sequence, hour_of(scene.now));
        let same =
            |kept: &&KeptMovers| kept.of == of && kept.filter == scene.filter && kept.view.window_days == window_days;
        kept.as_ref().filter(same).map(|kept| kept.view.clone())
    }
}

/// A move at the beginning of a period may follow one from before it.
fn since(period: Period, window_days: u32) -> Instant {
    period.instants().0.plus_days(-i64::from(window_days))
}

fn hour_of(at: Instant) -> i64 {
    at.0.div_euclid(MICROSECONDS_PER_HOUR)
}

/// Goes through the changes of a period; `goes_on` hears now and then how many were read.
fn count(
    reader: &SnapshotReader,
    scene: &Scene,
    period: Period,
    window_days: u32,
    goes_on: &dyn Fn(u64) -> bool,
) -> Result<MoversView, OperationError> {
    let (from, end) = period.instants();
    let since = since(period, window_days);
    let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
    let places: HashMap<i64, u32> =
        (0..).zip(&scene.snapshot.competitors).map(|(place, competitor)| (competitor.key, place)).collect();
    let mut changes: Vec<PriceChange> = Vec::new();
    let (mut read, mut stopped) = (0, false);
    reader.stream_changes(since, |product, competitor, at, old_minor, new_minor| {
        read += 1;
        stopped = read % TOLD_EVERY == 0 && !goes_on(read);
        if let (Some(mover), Ok(product)) = (places.get(&competitor), u32::try_from(product))
            && scene.snapshot.row_of_key(product).is_some_and(|row| view.keeps(row as usize))
            && at < end.0
        {
            changes.push(PriceChange { product, at: Instant(at), mover: *mover, old_minor, new_minor });
        }
        !stopped
    })?;
    if stopped {
        return Err(OperationError::cancelled());
    }
    let list_key = scene.snapshot.lists[scene.list].key;
    // The reader leaves out what began at the moment itself.
    let (after, until) = (Instant(since.0 - 1), Instant(end.0 - 1));
    reader.stream_own_moves(&ProductFilter::default(), after, until, |own| {
        let is_ours = own.owner == MoveOwner::List(list_key);
        let Some(old_minor) = own.before_minor.filter(|before| is_ours && *before > 0) else { return };
        let Ok(product) = u32::try_from(own.product_key) else { return };
        if scene.snapshot.row_of_key(product).is_some_and(|row| view.keeps(row as usize)) {
            let (at, new_minor) = (Instant(own.began), own.amount_minor);
            changes.push(PriceChange { product, at, mover: OURSELVES, old_minor, new_minor });
        }
    })?;
    Ok(view_of(scene, &changes, period, (window_days, from)))
}

fn view_of(scene: &Scene, changes: &[PriceChange], period: Period, (window_days, from): (u32, Instant)) -> MoversView {
    let (leaders, pairs) = leadership(changes, window_days, from);
    let competitor = |mover: u32| scene.snapshot.competitors.get(mover as usize);
    let name = |mover: u32| competitor(mover).map_or_else(String::new, |one| one.name.clone());
    let shown = |mover: u32| competitor(mover).is_some_and(|one| is_chosen(&scene.filter, &one.name));
    let mut leaders: Vec<LeaderRow> = leaders
        .into_iter()
        .filter(|(mover, _)| *mover == OURSELVES || shown(*mover))
        .map(|(mover, leader)| LeaderRow {
            name: name(mover),
            moves: leader.moves,
            first: leader.first,
            followed: leader.followed,
            follows: leader.follows,
        })
        .collect();
    leaders.sort_by(|one, other| other.moves.cmp(&one.moves).then_with(|| one.name.cmp(&other.name)));
    let mut followers: Vec<FollowerRow> = pairs
        .into_iter()
        .filter(|((leader, follower), _)| shown(*leader) || shown(*follower))
        .map(|((leader, follower), pair)| FollowerRow {
            leader: name(leader),
            follower: name(follower),
            times: pair.times,
            mean_hours: pair.mean_hours(),
        })
        .collect();
    followers.sort_by(|one, other| other.times.cmp(&one.times).then_with(|| one.leader.cmp(&other.leader)));
    followers.truncate(MOST_PAIRS);
    MoversView { days: u32::try_from(period.days()).unwrap_or(0), window_days, uncounted: None, leaders, followers }
}
