//! Competitors that answer as they did in the past: us, and each other.
//!
//! What was learnt of a follower leaves out the changes that stand behind one of ours, or behind one of a leader that
//! explains more. The same is played: who answers us does not answer another one for the same.

use pricing_rules::Snapshot;
use pricing_science::ScenarioState;

use super::super::Basis;
use super::super::changes::with_offers;
use super::{Shelf, UNCHANGED, lowest};

/// Weeks in which a change is answered.
const WINDOW_WEEKS: usize = 2;
/// A leader's change is passed on no further than all of it, so that two who follow each other come to rest.
const MOST_PASSED_ON: f64 = 1.0;

/// Prices that moved, ours and theirs.
pub(super) struct Learning {
    /// Own prices of each week so far; the first are today's.
    pub stood: Vec<Vec<f64>>,
    /// For each week what competitors changed at its beginning, by place and competitor.
    theirs: Vec<Vec<(usize, u16, f64)>>,
}

impl Learning {
    /// At the beginning; what the scenario changes are competitors' changes of the first week.
    pub fn new(basis: &Basis, changed: &Snapshot) -> Learning {
        let stood = vec![basis.products.price.clone()];
        // Only those who follow another need to see what others do.
        let is_needed = basis.learnt.to_each_other.iter().any(|one| one.part() > 0.0);
        let first = if is_needed { changes(basis, &basis.snapshot, changed, 0..basis.rows.len()) } else { Vec::new() };
        Learning { stood, theirs: vec![first] }
    }

    /// The relative change of our price at a place in a week.
    fn ours(&self, week: usize, place: usize) -> f64 {
        self.stood[week + 1][place] / self.stood[week][place] - 1.0
    }

    /// That of a competitor.
    fn of(&self, week: usize, place: usize, who: u32) -> f64 {
        let Some(theirs) = self.theirs.get(week) else { return 0.0 };
        let found = theirs.binary_search_by_key(&(place, who), |(place, who, _)| (*place, u32::from(*who)));
        found.map_or(0.0, |found| theirs[found].2)
    }
}

/// What competitors' lowest offers became, by place and competitor.
fn changes(
    basis: &Basis,
    before: &Snapshot,
    after: &Snapshot,
    places: impl IntoIterator<Item = usize>,
) -> Vec<(usize, u16, f64)> {
    let mut found = Vec::new();
    for place in places {
        let row = basis.rows[place] as usize;
        let (before, after) = (before.offers.get(row), after.offers.get(row));
        let least = |offers: &[pricing_rules::Offer], who: u16| {
            let of_one = offers.iter().filter(|one| one.competitor == who && one.amount_minor > 0);
            of_one.map(|one| one.amount_minor).min()
        };
        let mut whose: Vec<u16> = after.iter().map(|one| one.competitor).collect();
        whose.sort_unstable();
        whose.dedup();
        for who in whose {
            if let (Some(before), Some(after)) = (least(before, who), least(after, who))
                && before != after
            {
                found.push((place, who, after as f64 / before as f64 - 1.0));
            }
        }
    }
    found
}

impl Shelf<'_> {
    /// Every competitor makes its usual part of what we, or whom it follows, did as many weeks ago as it usually takes.
    pub(super) fn answer_as_learnt(&mut self, state: &mut ScenarioState) {
        let offers = |place: &usize| self.snapshot.offers.get(self.basis.rows[*place] as usize);
        let is_answered = |place: &usize| offers(place).iter().any(|one| self.answer(*place, one.competitor) != 1.0);
        let places: Vec<usize> = (0..self.basis.rows.len()).filter(is_answered).collect();
        let mut moved = Vec::new();
        if !places.is_empty() {
            let rows: Vec<u32> = places.iter().map(|place| self.basis.rows[*place]).collect();
            let answered = with_offers(&self.snapshot, self.basis, &rows, |row, offer| {
                self.basis.rows.binary_search(&row).map_or(1.0, |place| self.answer(place, offer.competitor))
            });
            moved = changes(self.basis, &self.snapshot, &answered, places.iter().copied());
            self.take_offers(answered);
            for place in places {
                let row = self.basis.rows[place] as usize;
                state.competitor[place] = lowest(&self.snapshot, self.basis.list, row);
            }
        }
        if let Some(learnt) = self.learnt.as_mut().filter(|_| self.week > 0) {
            learnt.theirs.push(moved);
        }
    }

    /// What a competitor multiplies its price at a place with in this week.
    fn answer(&self, place: usize, competitor: u16) -> f64 {
        [true, false].into_iter().fold(1.0, |all, cuts| all + self.answer_to(place, competitor, cuts))
    }

    /// The relative change by which it answers cuts, or rises.
    fn answer_to(&self, place: usize, competitor: u16, cuts: bool) -> f64 {
        let Some(learning) = &self.learnt else { return 0.0 };
        let is_way = |change: f64| change.abs() > UNCHANGED && (change < 0.0) == cuts;
        let recent = || self.week.saturating_sub(WINDOW_WEEKS)..self.week;
        if let Some(to_us) = self.basis.learnt.to_us.iter().find(|one| one.competitor() == competitor) {
            let seen = self.week.checked_sub(to_us.weeks(cuts));
            let change = seen.map_or(0.0, |week| learning.ours(week, place));
            if is_way(change) {
                let answer = to_us.share(change) * change;
                if answer != 0.0 {
                    return answer;
                }
            }
            let sign = if cuts { -1.0 } else { 1.0 };
            if to_us.share(sign) > 0.0 && recent().any(|week| is_way(learning.ours(week, place))) {
                return 0.0;
            }
        }
        for one in self.basis.learnt.leaders(competitor, cuts) {
            let seen = self.week.checked_sub(one.weeks());
            let change = seen.map_or(0.0, |week| learning.of(week, place, one.leader));
            if is_way(change) {
                return one.part().min(MOST_PASSED_ON) * change;
            }
            if recent().any(|week| is_way(learning.of(week, place, one.leader))) {
                return 0.0;
            }
        }
        0.0
    }
}
