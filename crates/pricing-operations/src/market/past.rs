//! How the market stood on days that are over, from the sums that are kept by day.

use pricing_analytics::{IndexSums, StandingSums, share_bp};
use pricing_domain::IndexForm;
use pricing_store::{StandingCell, StandingDay};

use super::{Period, Scene, day_of};
use crate::{OperationError, Workspace};

/// In place of a competitor's key: the lowest offer of all of them.
pub(super) const LOWEST_OF_ALL: i64 = 0;

/// How we stand against somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// At the end of which day; `None`: now.
    pub(super) day: Option<i32>,
    /// Products with a price.
    pub(super) products: u64,
    pub(super) compared: u64,
    pub(super) coverage_bp: i32,
    pub(super) index_centi: Option<i64>,
    pub(super) win: u64,
    pub(super) tie: u64,
    pub(super) loss: u64,
}

impl Standing {
    /// As it is now.
    pub(super) fn of(sums: &StandingSums) -> Self {
        Self {
            day: None,
            products: sums.products,
            compared: sums.compared(),
            coverage_bp: sums.coverage_bp(),
            index_centi: sums.index.hundredths(),
            win: sums.win,
            tie: sums.tie,
            loss: sums.loss,
        }
    }
}

type Cells = Vec<(i64, StandingCell)>;

/// The sums at the end of one day, by the competitors' keys.
pub(super) struct KeptDay {
    day: i32,
    cells: Cells,
}

/// The sums at the end of each day of a period, the oldest first.
pub(super) struct KeptDays(Vec<KeptDay>);

impl KeptDay {
    fn cell(&self, competitor_key: i64) -> Option<StandingCell> {
        self.cells.iter().find(|(known, _)| *known == competitor_key).map(|(_, cell)| *cell)
    }

    fn priced(&self) -> u64 {
        self.cell(LOWEST_OF_ALL).map_or(0, |cell| u64::try_from(cell.products).unwrap_or(0))
    }

    /// How we stood against a competitor, or against the lowest of all; `None` where nothing had a price.
    pub(super) fn against(&self, competitor_key: i64) -> Option<Standing> {
        let products = Some(self.priced()).filter(|products| *products > 0)?;
        let cell = self.cell(competitor_key).unwrap_or_default();
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        let compared = compared(&cell);
        Some(Standing {
            day: Some(self.day),
            products,
            compared,
            coverage_bp: share_bp(compared, products).unwrap_or(0),
            index_centi: index(&cell),
            win: count(cell.win),
            tie: count(cell.tie),
            loss: count(cell.loss),
        })
    }
}

impl KeptDay {
    /// How we stood against the lowest offer of some competitors. Sums are kept of each competitor and of the lowest of all:
    /// they tell it where nobody else was compared on that day, or at most one of these was.
    pub(super) fn against_lowest_of(&self, chosen: &[i64]) -> Option<Standing> {
        let known = self.cells.iter().filter(|(key, cell)| *key != LOWEST_OF_ALL && compared(cell) > 0);
        let (inside, outside): (Vec<i64>, Vec<i64>) = known.map(|(key, _)| *key).partition(|key| chosen.contains(key));
        match (inside.as_slice(), outside.as_slice()) {
            (_, []) => self.against(LOWEST_OF_ALL),
            ([], _) => self.against(*chosen.first()?),
            ([one], _) => self.against(*one),
            _ => None,
        }
    }
}

impl KeptDays {
    /// (day, index, coverage) against a competitor, on days on which something with sales was compared.
    pub(super) fn indexes(&self, competitor_key: i64) -> Vec<(i32, i64, i32)> {
        let of = |day: &KeptDay| {
            let cell = day.cell(competitor_key)?;
            Some((day.day, index(&cell)?, share_bp(compared(&cell), day.priced()).unwrap_or(0)))
        };
        self.0.iter().filter_map(of).collect()
    }

    /// On how many days how many products were compared with a competitor, summed up.
    pub(super) fn compared(&self, competitor_key: i64) -> u64 {
        self.0.iter().filter_map(|day| day.cell(competitor_key)).map(|cell| compared(&cell)).sum()
    }

    /// The last day of a period that is over, where it is kept: sums are kept for the basket form only.
    pub(super) fn at_end(&self, scene: &Scene, (form, period): (IndexForm, Period)) -> Option<&KeptDay> {
        let is_over = form == IndexForm::Basket && period.to < day_of(scene.now);
        self.0.last().filter(|last| is_over && last.day == period.to)
    }
}

fn compared(cell: &StandingCell) -> u64 {
    u64::try_from(cell.win + cell.tie + cell.loss).unwrap_or(0)
}

fn index(cell: &StandingCell) -> Option<i64> {
    let compared = Some(compared(cell)).filter(|compared| *compared > 0)?;
    IndexSums::of_basket(i128::from(cell.own), i128::from(cell.theirs), compared).hundredths()
}

impl Workspace {
    /// The sums at the end of each day of a period of which they are known. Bring the figures up to date first.
    pub(super) async fn kept_days(
        &self,
        scene: &Scene,
        segments: Option<&[i64]>,
        period: Period,
    ) -> Result<KeptDays, OperationError> {
        let list_key = scene.snapshot.lists[scene.list].key;
        let first = self.store.first_standing_day(list_key).await?.unwrap_or(period.to + 1);
        let from = period.from.max(first);
        if from > period.to {
            return Ok(KeptDays(Vec::new()));
        }
        let (now, changes) = self.store.standing_history(list_key, segments, from).await?;
        let mut days = standings_by_day(&now, &changes, from, day_of(scene.now));
        days.retain(|day| day.day <= period.to);
        Ok(KeptDays(days))
    }

    /// How we stood at the end of a period that is over, where that was kept.
    pub(super) async fn standing_at_end(
        &self,
        scene: &Scene,
        segments: Option<&[i64]>,
        (form, period): (IndexForm, Period),
    ) -> Result<Option<KeptDay>, OperationError> {
        let end = Period { from: period.to, to: period.to };
        let mut days = self.kept_days(scene, segments, end).await?;
        let is_kept = days.at_end(scene, (form, period)).is_some();
        Ok(if is_kept { days.0.pop() } else { None })
    }
}

/// The standing at the end of each day: today's, less what changed after it.
fn standings_by_day(now: &[StandingDay], changes: &[StandingDay], from: i32, today: i32) -> Vec<KeptDay> {
    let mut cells: Cells = now.iter().map(|row| (row.competitor_key, row.cell)).collect();
    let mut days = Vec::new();
    for day in (from..=today).rev() {
        days.push(KeptDay { day, cells: cells.clone() });
        for change in changes.iter().filter(|change| change.day == day) {
            match cells.iter_mut().find(|(key, _)| *key == change.competitor_key) {
                Some((_, cell)) => *cell = cell.minus(change.cell),
                None => cells.push((change.competitor_key, StandingCell::default().minus(change.cell))),
            }
        }
    }
    days.reverse();
    days
}

#[cfg(test)]
mod tests {
    use pricing_store::StandingCell;

    use super::{KeptDay, LOWEST_OF_ALL};

    /// Three products; the competitor with key 3 was compared with none of them.
    fn day(of_second: i64) -> KeptDay {
        let cell = |loss: i64, own: i64, theirs: i64| StandingCell {
            products: 3,
            loss,
            own,
            theirs,
            ..StandingCell::default()
        };
        let second = if of_second > 0 { cell(of_second, 300, 200) } else { StandingCell::default() };
        let cells =
            vec![(LOWEST_OF_ALL, cell(3, 600, 400)), (1, cell(2, 400, 320)), (2, second), (3, StandingCell::default())];
        KeptDay { day: 20_000, cells }
    }

    #[test]
    fn the_lowest_of_some_competitors_is_told_where_the_sums_hold_it_and_not_otherwise() {
        let both = day(1);
        let index = |found: Option<super::Standing>| found.map(|found| (found.index_centi, found.compared));
        // 600 ÷ 400 of all, 400 ÷ 320 of the first, 300 ÷ 200 of the second.
        assert_eq!(index(both.against_lowest_of(&[1, 2])), Some((Some(15_000), 3)), "nobody else was compared");
        assert_eq!(index(both.against_lowest_of(&[1, 2, 3])), Some((Some(15_000), 3)));
        assert_eq!(index(both.against_lowest_of(&[1, 3])), Some((Some(12_500), 2)), "only one of them was compared");
        assert_eq!(index(both.against_lowest_of(&[2, 3])), Some((Some(15_000), 1)));
        assert_eq!(index(both.against_lowest_of(&[3])), Some((None, 0)));
        assert_eq!(index(day(0).against_lowest_of(&[1, 3])), Some((Some(15_000), 3)), "the first is all there was");
        let three = KeptDay { cells: both.cells.iter().copied().chain([(4, both.cells[1].1)]).collect(), ..both };
        assert_eq!(index(three.against_lowest_of(&[1, 2])), None, "the fourth may have been lower");
    }
}
