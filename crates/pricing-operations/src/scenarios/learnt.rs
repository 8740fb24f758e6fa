//! How competitors answered our changes of price in the past, and each other's, and the same in a scenario's weeks.

use app_contract::{LearntFollowing, LearntReaction};
use pricing_domain::{Instant, MICROSECONDS_PER_DAY};
use pricing_rules::Snapshot;
use pricing_science::{AnsweredMoves, FollowVerdict, FollowerRules, Following, PastMove, answers_to_us, followers};
use pricing_store::{MoveOwner, ProductFilter, Store};
use serde::{Deserialize, Serialize};

use crate::OperationError;

/// An answer comes within so many days.
const WINDOW_DAYS: f64 = 14.0;
/// Own changes that are needed before a competitor's answers are played.
const FEWEST_MOVES: usize = 8;
const DAYS_A_WEEK: f64 = 7.0;
const HUNDREDTHS: f64 = 100.0;
const TENTHS: f64 = 10.0;

/// Competitors beyond which it is not asked who follows whom: those with most offers are.
const MOST_COMPETITORS: usize = 40;

/// What is known of competitors' answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Answers {
    /// To our changes.
    pub to_us: Vec<Learnt>,
    /// To each other's, by places in the snapshot; of each follower what explains most first.
    pub to_each_other: Vec<Following>,
}

impl Answers {
    /// The leaders whom a competitor follows that way, what explains most first.
    pub fn leaders(&self, follower: u16, cuts: bool) -> impl Iterator<Item = &Following> {
        let fits = move |one: &&Following| {
            one.verdict == FollowVerdict::Follows && one.follower == u32::from(follower) && one.falls == cuts
        };
        self.to_each_other.iter().filter(fits)
    }

    /// For people: who follows whom.
    pub fn followings(&self, snapshot: &Snapshot) -> Vec<LearntFollowing> {
        let name =
            |place: u32| snapshot.competitors.get(place as usize).map(|one| one.name.clone()).unwrap_or_default();
        let view = |one: &Following| LearntFollowing {
            leader: name(one.leader),
            follower: name(one.follower),
            cuts: one.falls,
            moves: u64::from(one.moves),
            followed: u64::from(one.followed),
            by_chance: f64::from(one.by_chance) / HUNDREDTHS,
            share: f64::from(one.share) / HUNDREDTHS,
            days: f64::from(one.delay) / TENTHS,
        };
        self.to_each_other.iter().filter(|one| one.verdict == FollowVerdict::Follows).map(view).collect()
    }

    /// How many of the answers to each other were found to be so.
    pub fn count(&self, verdict: FollowVerdict) -> usize {
        self.to_each_other.iter().filter(|one| one.verdict == verdict).count()
    }
}

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
) -> Result<Answers, OperationError> {
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
    Ok(Answers {
        to_us: (0..snapshot.competitors.len()).filter_map(learn).collect(),
        to_each_other: among_themselves(snapshot, &moves, f64::from(days)),
    })
}

/// Who follows whom, by places in the snapshot.
fn among_themselves(snapshot: &Snapshot, moves: &[PastMove], days: f64) -> Vec<Following> {
    let mut products: Vec<Vec<u32>> = vec![Vec::new(); snapshot.competitors.len()];
    for row in 0..snapshot.row_count() {
        let key = snapshot.products.key.get(row);
        for offer in snapshot.offers.get(row) {
            if let Some(of_one) = products.get_mut(usize::from(offer.competitor))
                && of_one.last() != Some(&key)
            {
                of_one.push(key);
            }
        }
    }
    products.iter_mut().for_each(|of_one| {
        of_one.sort_unstable();
        of_one.dedup();
    });
    let mut asked: Vec<usize> = (0..products.len()).filter(|place| !products[*place].is_empty()).collect();
    asked.sort_by_key(|place| (std::cmp::Reverse(products[*place].len()), *place));
    asked.truncate(MOST_COMPETITORS);
    asked.sort_unstable();
    let number = |place: u32| asked.binary_search(&(place as usize)).ok().and_then(|place| u32::try_from(place).ok());
    let moves: Vec<PastMove> = (moves.iter())
        .filter_map(|one| match one.by {
            None => Some(*one),
            Some(place) => number(place).map(|number| PastMove { by: Some(number), ..*one }),
        })
        .collect();
    let products: Vec<Vec<u32>> = asked.iter().map(|place| std::mem::take(&mut products[*place])).collect();
    let kind = |product: u32| {
        snapshot.row_of_key(product).map_or(u32::MAX, |row| snapshot.products.category.get(row as usize))
    };
    let rules = FollowerRules { days, window: WINDOW_DAYS, fewest_moves: FEWEST_MOVES };
    let place = |number: u32| asked[number as usize] as u32;
    let in_snapshot = |one: Following| Following { leader: place(one.leader), follower: place(one.follower), ..one };
    followers(&moves, &products, &kind, rules).into_iter().map(in_snapshot).collect()
}
