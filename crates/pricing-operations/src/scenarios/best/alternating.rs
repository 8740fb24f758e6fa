//! Prices of families chosen again, with what they do to each other.
//!
//! The first choice takes each product as if its siblings kept their prices. From there on, one product of each family
//! that answers its prices may move at a time, and what its price does to its siblings counts with it. For that product
//! this is exact, all limits hold in the same problem, and no step lowers the objective (block coordinate ascent:
//! Bertsekas 1999, “Nonlinear Programming”, section 2.7). The steps begin with one in which all may move, by the same
//! sums; it is kept only where it gains. They end where no product of any family moves any more, or after
//! [`MOST_STEPS`], of large catalogues after fewer: work is counted, not time, so that the same prices come out everywhere. The end is best for every single product; how far that is from the best for all of them together, the
//! module `proof` tells.

use std::collections::BTreeMap;

use pricing_science::{FurtherLimit, Ladder, LadderEffort, LadderItem, LadderLimits, LadderOption, optimise_ladder};

use super::super::changes::Changed;
use super::limits::Limit;
use super::{Judged, Problem, ROUNDING, Worth};
use crate::OperationError;

/// Steps in all; each is a choice under all limits and a judgement by the engine.
const MOST_STEPS: usize = 24;
/// Prices that all steps together may choose among, and the steps that are taken even so.
const MOST_OPTIONS: usize = 24_000_000;
const LEAST_STEPS: usize = 2;

/// What choosing again came to.
#[derive(Clone, Copy, Default)]
pub(super) struct Rechosen {
    /// Steps that gained.
    pub steps: u64,
    /// What they added to the objective.
    pub gain: f64,
    /// Whether it ended because of the number of steps.
    pub is_cut: bool,
    /// Families whose prices were not searched to the end.
    pub open: u64,
}

/// Who may move in a step.
#[derive(Clone, Copy)]
enum Movers {
    All,
    /// Of each family the member of this number; smaller families begin anew.
    One(usize),
}

/// Families whose products answer each other.
pub(super) struct Families {
    pub members: Vec<Vec<usize>>,
    /// Each place's family and its number there.
    pub of: Vec<Option<(usize, usize)>>,
}

impl Families {
    pub fn of(problem: &Problem<'_>) -> Families {
        let effects = &problem.basis.products.families;
        let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (place, effect) in effects.iter().enumerate() {
            if effect.weight > 0.0 || effect.answers() {
                members.entry(effect.family).or_default().push(place);
            }
        }
        members.retain(|_, members| members.len() > 1 && members.iter().any(|place| effects[*place].answers()));
        let mut members: Vec<Vec<usize>> = members.into_values().collect();
        // Those whose prices matter most to others first, should the steps not reach all.
        for members in &mut members {
            members.sort_by(|one, other| effects[*other].weight.total_cmp(&effects[*one].weight).then(one.cmp(other)));
        }
        let mut of = vec![None; problem.basis.rows.len()];
        for (family, members) in members.iter().enumerate() {
            members.iter().enumerate().for_each(|(number, place)| of[*place] = Some((family, number)));
        }
        Families { members, of }
    }

    fn largest(&self) -> usize {
        self.members.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// Whether a place may move: products of other families too, where limits bind all of them together.
    fn moves(&self, place: usize, movers: Movers, are_limited: bool) -> bool {
        match (self.of[place], movers) {
            (None, _) => are_limited,
            (Some(_), Movers::All) => true,
            (Some((family, number)), Movers::One(step)) => step % self.members[family].len() == number,
        }
    }
}

/// How many steps a ladder of so many options is worth.
const fn steps_of(options: usize) -> usize {
    let steps = MOST_OPTIONS / if options == 0 { 1 } else { options };
    if steps > MOST_STEPS {
        MOST_STEPS
    } else if steps < LEAST_STEPS {
        LEAST_STEPS
    } else {
        steps
    }
}

impl Problem<'_> {
    /// Chooses prices of families again, from prices that hold the limits.
    pub(super) fn alternated(
        &self,
        changed: &Changed,
        limits: &[Limit],
        families: &Families,
        mut found: Judged,
    ) -> Result<(Judged, Rechosen), OperationError> {
        let mut rechosen = Rechosen::default();
        if families.members.is_empty() || self.breaks(limits, &found) {
            return Ok((found, rechosen));
        }
        let begun = self.objective_at(&found.prices);
        let (mut value, mut idle) = (begun, 0);
        let steps = steps_of(self.ladder.options.len());
        let singles = (0..families.largest()).cycle().map(Movers::One);
        for movers in std::iter::once(Movers::All).chain(singles).take(steps) {
            if idle == families.largest() {
                break;
            }
            let step = self.step(changed, limits, &found, families, movers)?;
            let gained = step.map(|step| (self.objective_at(&step.prices), step));
            match gained.filter(|(next, step)| *next > value + ROUNDING * value.abs() && !self.breaks(limits, step)) {
                Some((next, step)) => {
                    (value, found, idle) = (next, step, 0);
                    rechosen.steps += 1;
                }
                None if matches!(movers, Movers::One(_)) => idle += 1,
                None => {}
            }
        }
        rechosen.gain = value - begun;
        rechosen.is_cut = idle < families.largest();
        Ok((found, rechosen))
    }

    /// What prices bring.
    pub(super) fn objective_at(&self, prices: &[i64]) -> f64 {
        self.worth_at(prices).iter().map(|worth| self.profit(worth)).sum()
    }

    /// The best prices of those that may move, judged; `None` where none does.
    fn step(
        &self,
        changed: &Changed,
        limits: &[Limit],
        found: &Judged,
        families: &Families,
        movers: Movers,
    ) -> Result<Option<Judged>, OperationError> {
        let moves = |place: usize| families.moves(place, movers, !limits.is_empty());
        let (ladder, worth) = self.around(&found.prices, families, &moves);
        let at_now = self.worth_at(&found.prices);
        let further = limits.iter().zip(&found.solution.limits).map(|(limit, stated)| {
            let uses = (0..ladder.items.len()).flat_map(|place| {
                let item = &ladder.items[place];
                (item.first as usize..item.end as usize).map(move |option| (place, option))
            });
            let uses = uses.map(|(place, option)| limit.of(self, place, ladder.options[option].price, &worth[option]));
            // Where prices now pass a bound by a rounding, they stay allowed.
            let used = limit.used(self, &found.prices, &at_now);
            let bound = if limit.at_least() { stated.bound.min(used) } else { stated.bound.max(used) };
            FurtherLimit { name: limit.name.clone(), bound, at_least: limit.at_least(), uses: uses.collect() }
        });
        let limits = LadderLimits { further: further.collect(), pairs: self.pairs.clone(), ..LadderLimits::default() };
        let Ok(solution) = optimise_ladder(&ladder, &limits, LadderEffort::usual(ladder.items.len())) else {
            return Ok(None);
        };
        let chosen: Vec<i64> =
            (0..ladder.items.len()).map(|place| ladder.chosen(place, &solution.choice).price.round() as i64).collect();
        if chosen == found.prices {
            return Ok(None);
        }
        self.rejudged(changed, found, &chosen).map(Some)
    }

    /// Other prices, judged.
    pub(super) fn rejudged(&self, changed: &Changed, found: &Judged, chosen: &[i64]) -> Result<Judged, OperationError> {
        let prices = self.engine_makes_of(changed, chosen)?;
        // What the engine had moved before and nobody chose again stays counted as moved.
        let chosen = (0..chosen.len())
            .map(|place| if chosen[place] == found.prices[place] { found.chosen[place] } else { chosen[place] });
        let chosen = chosen.collect();
        Ok(Judged { solution: found.solution.clone(), chosen, prices, is_again: true })
    }

    /// The ladder around these prices: of those that may not move the price now, of others every price, with what it
    /// does to the product and to its siblings.
    fn around(&self, prices: &[i64], families: &Families, moves: &dyn Fn(usize) -> bool) -> (Ladder, Vec<Worth>) {
        let siblings = self.siblings_at(|place| prices[place] as f64);
        let (mut ladder, mut worth) = (Ladder::default(), Vec::new());
        for (place, now) in prices.iter().enumerate() {
            let first = ladder.options.len() as u32;
            let item = &self.ladder.items[place];
            let others = self.ladder.options[item.first as usize..item.end as usize].iter();
            let others = others.map(|option| option.price.round() as i64).filter(|price| price != now && moves(place));
            for price in std::iter::once(*now).chain(others) {
                let mut all = self.worth_of(place, price as f64, &siblings);
                if let Some((family, _)) = families.of[place].filter(|_| price != *now) {
                    let log_ratio = (price as f64 / *now as f64).ln();
                    for sibling in families.members[family].iter().filter(|sibling| **sibling != place) {
                        all = all.and(&self.moved(*sibling, place, log_ratio, prices[*sibling], &siblings));
                    }
                }
                ladder.options.push(LadderOption {
                    price: price as f64,
                    profit: self.profit(&all),
                    revenue: all.revenue,
                    basket: price as f64 * self.basket_units(place),
                    is_change: self.is_change(place, price as f64),
                });
                worth.push(all);
            }
            let end = ladder.options.len() as u32;
            ladder.items.push(LadderItem { name: String::new(), family: 0, role: String::new(), first, end });
        }
        (ladder, worth)
    }

    /// What a sibling's week gains where another's price moves by so much in logarithms.
    fn moved(
        &self,
        sibling: usize,
        mover: usize,
        log_ratio: f64,
        price: i64,
        siblings: &pricing_science::SiblingPrices,
    ) -> Worth {
        let effects = &self.basis.products.families;
        let (now, by) = (siblings.of(sibling), effects[sibling].moved_by(&effects[mover], log_ratio));
        if by == 0.0 {
            return Worth::default();
        }
        let [before, after] = [now, now + by].map(|siblings| self.worth_beside(sibling, price as f64, siblings));
        after.less(&before)
    }
}

#[cfg(test)]
mod tests {
    use super::steps_of;

    #[test]
    fn large_catalogues_get_fewer_steps_and_none_gets_none() {
        assert_eq!([0, 250_000, 1_000_000].map(steps_of), [24; 3], "up to some 40,000 products every step");
        assert_eq!([2_400_000, 25_000_000, usize::MAX].map(steps_of), [10, 2, 2]);
    }
}
