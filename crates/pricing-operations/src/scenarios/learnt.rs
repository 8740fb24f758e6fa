//! How competitors answered our changes of price in the past, and the same in a scenario's weeks.

use app_contract::LearntReaction;
use pricing_domain::{Instant, MICROSECONDS_PER_DAY};
use pricing_rules::Snapshot;
use pricing_science::{AnsweredMoves, PastMove, answers_to_us};
use pricing_store::{MoveOwner, ProductFilter, Store};
use serde::{Deserialize, Serialize};

use crate::OperationError;

/// An answer comes within so many days.
const WINDOW_DAYS: f64 = 14.0;
/// Own changes that are needed before a competitor's answers are played.
const FEWEST_MOVES: usize = 8;
const DAYS_A_WEEK: f64 = 7.0;

/// What a competitor does, by its place in the snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Learnt {
    competitor: u16,
    cuts: AnsweredMoves,
    rises: AnsweredMoves,
}

impl Learnt {
    /// The part of a change of ours that the competitor makes.
    pub fn share(&self, change: f64) -> f64 {
        let answers = self.of(change < 0.0);
        if answers.moves >= FEWEST_MOVES { answers.share } else { 0.0 }
    }

    /// After how many weeks: at least one, since answers come when a price stands on the shelf.
    pub fn weeks(&self, cuts: bool) -> usize {
        let days = self.of(cuts).days;
        if days.is_finite() { (days / DAYS_A_WEEK).ceil().max(1.0) as usize } else { 1 }
    }

    pub fn competitor(&self) -> u16 {
        self.competitor
    }

    const fn of(&self, cuts: bool) -> &AnsweredMoves {
        if cuts { &self.cuts } else { &self.rises }
    }

    /// For people: the answers to cuts and to rises.
    pub fn views(&self, snapshot: &Snapshot) -> [LearntReaction; 2] {
        let name = snapshot.competitors.get(usize::from(self.competitor)).map(|one| one.name.clone());
        [true, false].map(|cuts| {
            let answers = self.of(cuts);
            LearntReaction {
                competitor: name.clone().unwrap_or_default(),
                cuts,
                moves: answers.moves as u64,
                followed: answers.followed as u64,
                by_chance: 100.0 * answers.by_chance,
                share: 100.0 * answers.share,
                days: answers.days.is_finite().then_some(answers.days),
                enough: answers.moves >= FEWEST_MOVES,
            }
        })
    }
}

/// Reads the changes of so many days and learns from them.
pub(super) fn learn(
    store: &Store,
    snapshot: &Snapshot,
    list: usize,
    now: Instant,
    days: u32,
) -> Result<Vec<Learnt>, OperationError> {
    let since = now.plus_days(-i64::from(days));
    let reader = store.snapshot_reader()?;
    let mut moves: Vec<PastMove> = Vec::new();
    let mut add = |product: i64, by: Option<u32>, at: i64, before: i64, after: i64| {
        let (Ok(product), true) = (u32::try_from(product), before > 0) else { return };
        let day = (at - since.0) as f64 / MICROSECONDS_PER_DAY as f64;
        moves.push(PastMove { product, by, day, change: after as f64 / before as f64 - 1.0 });
    };
    let list_key = snapshot.lists[list].key;
    reader.stream_own_moves(&ProductFilter::default(), since, now, |found| {
        if let (MoveOwner::List(key), Some(before)) = (found.owner, found.before_minor)
            && key == list_key
        {
            add(found.product_key, None, found.began, before, found.amount_minor);
        }
    })?;
    reader.stream_changes(since, |product, competitor, at, before, after| {
        let place = snapshot.competitors.iter().position(|one| one.key == competitor);
        if let Some(place) = place.and_then(|place| u32::try_from(place).ok()) {
            add(product, Some(place), at, before, after);
        }
        true
    })?;
    moves.sort_by(|one, other| one.product.cmp(&other.product).then(one.day.total_cmp(&other.day)));
    let learn = |place: usize| {
        let who = u16::try_from(place).ok()?;
        let has = |product: u32| {
            let row = snapshot.row_of_key(product);
            row.is_some_and(|row| snapshot.offers.get(row as usize).iter().any(|offer| offer.competitor == who))
        };
        let (cuts, rises) = answers_to_us(&moves, u32::from(who), &has, f64::from(days), WINDOW_DAYS);
        Some(Learnt { competitor: who, cuts, rises })
    };
    Ok((0..snapshot.competitors.len()).filter_map(learn).collect())
}
