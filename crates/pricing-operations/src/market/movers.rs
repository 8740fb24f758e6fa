//! Who moves first, and who follows.

use app_contract::{FollowerRow, LeaderRow, MoversView};
use pricing_analytics::{PriceChange, leadership};
use pricing_domain::{Instant, MICROSECONDS_PER_DAY, MarketFilter};
use pricing_rules::MarketView;

use super::segments::is_chosen;
use super::{Period, Scene};
use crate::exports::in_background;
use crate::{OperationError, Workspace};

/// Most pairs of an answer.
const MOST_PAIRS: usize = 100;

impl Workspace {
    /// Who moves first and who follows within `window_days`, over the price changes of a period.
    ///
    /// Who follows whom depends on single moves, so this reads the spans that began in the period: its cost grows with
    /// their number, not with history.
    pub async fn movers(&self, filter: &MarketFilter, window_days: u32) -> Result<MoversView, OperationError> {
        let window_days = window_days.clamp(1, 60);
        let scene = self.scene(filter).await?;
        let period = Period::of(filter, scene.now)?;
        let store = self.store.clone();
        in_background(move || {
            let from = Instant(i64::from(period.from) * MICROSECONDS_PER_DAY);
            let end = (i64::from(period.to) + 1) * MICROSECONDS_PER_DAY;
            let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
            let mut changes: Vec<PriceChange> = Vec::new();
            store.snapshot_reader()?.stream_changes(from, |product, competitor, at, old_minor, new_minor| {
                let place = scene.snapshot.competitors.iter().position(|one| one.key == competitor);
                let (Some(mover), Ok(product)) = (place, u32::try_from(product)) else { return };
                let row = scene.snapshot.row_of_key(product).filter(|row| view.keeps(*row as usize));
                if row.is_some() && at < end {
                    let mover = u32::try_from(mover).unwrap_or(u32::MAX);
                    changes.push(PriceChange { product, at: Instant(at), mover, old_minor, new_minor });
                }
            })?;
            Ok(view_of(&scene, &changes, period, window_days))
        })
        .await
    }
}

fn view_of(scene: &Scene, changes: &[PriceChange], period: Period, window_days: u32) -> MoversView {
    let (leaders, pairs) = leadership(changes, window_days);
    let name = |mover: u32| scene.snapshot.competitors[mover as usize].name.clone();
    let shown = |mover: u32| is_chosen(&scene.filter, &scene.snapshot.competitors[mover as usize].name);
    let mut leaders: Vec<LeaderRow> = leaders
        .into_iter()
        .filter(|(mover, _)| shown(*mover))
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
