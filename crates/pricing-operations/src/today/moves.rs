//! What moved since a moment: competitors by the money at stake, and our places among the offers. Read from the moves of
//! 28 days that the snapshot keeps; older ones are not told.

use std::sync::Arc;

use app_contract::{CompetitorMove, PlaceChange, PlaceChanges};
use pricing_analytics::{ChangeSums, Figure, position};
use pricing_domain::{Instant, MarketFilter, Ratio, Rounding};
use pricing_rules::{MarketRow, MarketView, PriceMove, Snapshot};

use crate::OperationError;
use crate::exports::in_background;

/// Products that are named.
const MOST_NAMED: usize = 10;

/// What moved.
#[derive(Debug, Default)]
pub(super) struct Moved {
    pub(super) competitors: Vec<CompetitorMove>,
    pub(super) lost: PlaceChanges,
    pub(super) gained: PlaceChanges,
}

/// The moves of one competitor; the stake in thousandths of minor units.
#[derive(Clone, Default)]
struct Moves {
    changes: ChangeSums,
    stake: i128,
}

/// A product with another place: stake, row, before, now.
type Placed = (i128, usize, u32, u32);

#[derive(Default)]
struct Sums {
    competitors: Vec<Moves>,
    lost: Vec<Placed>,
    gained: Vec<Placed>,
}

/// Looks at everything that moved on a list since a moment.
pub(super) async fn moved_since(
    snapshot: &Arc<Snapshot>,
    list: usize,
    since: Instant,
    now: Instant,
) -> Result<Moved, OperationError> {
    let snapshot = snapshot.clone();
    in_background(move || Ok(look(&snapshot, list, since, now))).await
}

fn look(snapshot: &Snapshot, list: usize, since: Instant, now: Instant) -> Moved {
    let view = MarketView::new(snapshot, list, &MarketFilter::of_list(snapshot.lists[list].id), now);
    let since_s = u32::try_from(since.0.div_euclid(1_000_000)).unwrap_or(0);
    let new = || Sums { competitors: vec![Moves::default(); snapshot.competitors.len()], ..Sums::default() };
    let parts = view.fold(new, |sums, row| {
        let moves = snapshot.moves.get(row.row);
        if moves.last().is_some_and(|newest| newest.at_s >= since_s) {
            sums.add(&view, row, moves, since_s);
        }
    });
    let mut all = new();
    for part in parts {
        all.competitors.iter_mut().zip(part.competitors).for_each(|(sum, more)| {
            sum.changes.merge(&more.changes);
            sum.stake += more.stake;
        });
        all.lost.extend(part.lost);
        all.gained.extend(part.gained);
    }
    all.told(snapshot, since)
}

impl Sums {
    fn add(&mut self, view: &MarketView<'_>, row: &MarketRow<'_>, moves: &[PriceMove], since_s: u32) {
        let currency = u16::from(view.snapshot().lists[view.list()].currency_number);
        for (place, one) in moves.iter().enumerate().filter(|(_, one)| one.at_s >= since_s) {
            let Some(sum) = self.competitors.get_mut(usize::from(one.by)) else { continue };
            let before = moves[..place].iter().rev().find(|other| is_same(other, one) && other.at_s < one.at_s);
            if let Some(before) = before.filter(|_| one.list_or_currency == currency) {
                sum.changes.add(before.amount_minor, one.amount_minor);
                let change = i128::from(one.amount_minor.abs_diff(before.amount_minor));
                sum.stake += change * i128::from(row.units_milli);
            }
        }
        let Some(own) = row.price_minor else { return };
        let Some(Places { before, now, lowest_minor }) = places_since(view, row, moves, since_s) else { return };
        let placed = (i128::from(own.abs_diff(lowest_minor)) * i128::from(row.units_milli), row.row, before, now);
        match now.cmp(&before) {
            std::cmp::Ordering::Greater => self.lost.push(placed),
            std::cmp::Ordering::Less => self.gained.push(placed),
            std::cmp::Ordering::Equal => {}
        }
    }

    fn told(self, snapshot: &Snapshot, since: Instant) -> Moved {
        let named = snapshot.competitors.iter().zip(&self.competitors);
        let mut competitors: Vec<CompetitorMove> = named
            .filter(|(_, moves)| moves.changes.changes() > 0)
            .map(|(competitor, moves)| CompetitorMove {
                competitor: competitor.name.clone(),
                lowered: moves.changes.lowered,
                raised: moves.changes.raised,
                average_bp: moves.changes.mean_bp().unwrap_or(0),
                stake_minor: whole(moves.stake),
                since,
            })
            .collect();
        competitors.sort_by(|one, other| {
            let size = |row: &CompetitorMove| (row.stake_minor, row.lowered + row.raised);
            size(other).cmp(&size(one)).then_with(|| one.competitor.cmp(&other.competitor))
        });
        Moved { competitors, lost: places(snapshot, self.lost), gained: places(snapshot, self.gained) }
    }
}

fn places(snapshot: &Snapshot, mut placed: Vec<Placed>) -> PlaceChanges {
    placed.sort_unstable_by_key(|(stake, row, ..)| (std::cmp::Reverse(*stake), *row));
    let rows = placed.iter().take(MOST_NAMED).map(|(stake, row, before, now)| PlaceChange {
        sku: snapshot.products.sku.get(*row).to_owned(),
        name: snapshot.products.name.get(*row).to_owned(),
        before: *before,
        now: *now,
        stake_minor: whole(*stake),
    });
    PlaceChanges { count: placed.len() as u64, rows: rows.collect() }
}

fn whole(thousandths: i128) -> i64 {
    Ratio { numerator: thousandths, denominator: 1_000 }.round(Rounding::Nearest)
}

/// Our place among the offers that can be bought now, at the prices that they had at a moment and at those of now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Places {
    pub(crate) before: u32,
    pub(crate) now: u32,
    lowest_minor: i64,
}

/// Compares our places; `None` where nothing can be compared. Offers first seen since are left out.
pub(crate) fn places_since(
    view: &MarketView<'_>,
    row: &MarketRow<'_>,
    moves: &[PriceMove],
    since_s: u32,
) -> Option<Places> {
    let own = row.price_minor?;
    let own_before = own_then(moves, view.list(), own, since_s)?;
    let offers: Vec<(i64, i64)> = view
        .advertised(row.row)
        .filter_map(|offer| {
            let before = then(moves, offer.listing, offer.shown_minor, since_s)?;
            Some((view.snapshot().offer_amount_in(view.list(), row.row, before)?, offer.amount_minor))
        })
        .collect();
    Some(Places {
        before: position(own_before, offers.iter().map(|offer| offer.0)),
        now: position(own, offers.iter().map(|offer| offer.1)),
        lowest_minor: offers.iter().map(|offer| offer.1).min()?,
    })
}

const fn is_same(one: &PriceMove, other: &PriceMove) -> bool {
    one.by == other.by && one.listing == other.listing && one.list_or_currency == other.list_or_currency
}

/// What a listing asked at a moment: what it asks, unless it moved since; `None`: it was first seen since.
fn then(moves: &[PriceMove], listing: u32, amount_minor: i64, since_s: u32) -> Option<i64> {
    at(moves.iter().filter(|one| one.by != PriceMove::OWN && one.listing == listing), amount_minor, since_s)
}

fn own_then(moves: &[PriceMove], list: usize, amount_minor: i64, since_s: u32) -> Option<i64> {
    let ours = moves.iter().filter(|one| one.by == PriceMove::OWN && usize::from(one.list_or_currency) == list);
    at(ours, amount_minor, since_s)
}

fn at<'a>(moves: impl Iterator<Item = &'a PriceMove>, amount_minor: i64, since_s: u32) -> Option<i64> {
    let (mut before, mut moved) = (None, false);
    for one in moves {
        match one.at_s >= since_s {
            true => moved = true,
            false => before = Some(one.amount_minor),
        }
    }
    if moved { before } else { Some(amount_minor) }
}
