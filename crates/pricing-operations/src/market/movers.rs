//! Who moves first, and who follows.

use app_contract::{FollowerRow, LeaderRow, MoversView};
use pricing_analytics::{PriceChange, leadership};
use pricing_domain::{Instant, MarketFilter};
use pricing_rules::MarketView;
use pricing_store::{MoveOwner, ProductFilter};

use super::segments::is_chosen;
use super::{Period, Scene};
use crate::exports::in_background;
use crate::{OperationError, Workspace};

/// We among the movers; the others are known by their place in the snapshot.
const OURSELVES: u32 = u32::MAX;
/// Most pairs of an answer.
const MOST_PAIRS: usize = 100;

impl Workspace {
    /// Who moves first and who follows within `window_days`, over the price changes of a period: those of competitors and
    /// ours of the regular price.
    ///
    /// Who follows whom depends on single moves, so this reads the spans that began in the period: its cost grows with
    /// their number, not with history.
    pub async fn movers(&self, filter: &MarketFilter, window_days: u32) -> Result<MoversView, OperationError> {
        let window_days = window_days.clamp(1, 60);
        let scene = self.scene(filter).await?;
        let period = Period::of(filter, scene.now)?;
        let store = self.store.clone();
        in_background(move || {
            let (from, end) = period.instants();
            // A move at the beginning may follow one from before it.
            let since = from.plus_days(-i64::from(window_days));
            let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
            let mut changes: Vec<PriceChange> = Vec::new();
            let reader = store.snapshot_reader()?;
            reader.stream_changes(since, |product, competitor, at, old_minor, new_minor| {
                let place = scene.snapshot.competitors.iter().position(|one| one.key == competitor);
                let (Some(mover), Ok(product)) = (place, u32::try_from(product)) else { return };
                let row = scene.snapshot.row_of_key(product).filter(|row| view.keeps(*row as usize));
                if row.is_some() && at < end.0 {
                    let mover = u32::try_from(mover).unwrap_or(u32::MAX);
                    changes.push(PriceChange { product, at: Instant(at), mover, old_minor, new_minor });
                }
            })?;
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
            Ok(view_of(&scene, &changes, period, (window_days, from)))
        })
        .await
    }
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
    MoversView { days: u32::try_from(period.days()).unwrap_or(0), window_days, leaders, followers }
}
