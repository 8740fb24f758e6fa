//! The least change that brings a family into an order: of all ways with allowed prices inside each member's own window
//! it takes one that moves the fewest members and, of those, one that moves them by the smallest sum.
//!
//! It is exact over the prices that can matter: today's and the ruled prices, their neighbours on the grid of endings, the
//! ends of the windows, and what the order asks beside any of these. What a higher rank may cost depends on the ranks
//! below it by their dearest member alone (and, where the price of a unit falls, by their cheapest one), so that ranks are
//! walked upwards and only the cheapest way to each of these states is kept (dynamic programming).

use std::collections::BTreeMap;

use super::Member;
use super::order::Order;
use crate::engine::endings::Endings;

/// Members moved, and by how much in total.
type Effort = (u32, i128);

/// Prices of one rank are looked at up to this number, those nearest to its members first: large families of many
/// different contents would take seconds otherwise.
const MOST_PRICES: usize = 160;

/// The most pairs of neighbouring states that are compared; a family beyond it is reported and not mended.
const MOST_WORK: usize = 20_000_000;

/// The prices after the repair, for members by ascending rank; `None` when no way leads through.
pub(super) fn repair(sorted: &[Member], order: Order, endings: &Endings) -> Option<Vec<i64>> {
    match order {
        Order::Rises { .. } => rising(sorted, order, endings),
        Order::RisesAndFallsPerUnit => rising_and_falling(sorted, endings),
        Order::Same => same(sorted, endings),
    }
}

/// Members of one rank keep the order of their prices while they are moved, so that the last of them is the dearest.
fn rising(sorted: &[Member], order: Order, endings: &Endings) -> Option<Vec<i64>> {
    let prices = closed(prices_of(sorted, endings), ranks(sorted).count(), order, endings);
    let on_grid: Vec<bool> = prices.iter().map(|price| endings.allows(*price)).collect();
    // For each price: what it took when no member so far exceeds it.
    let mut best: Vec<Option<Effort>> = vec![Some((0, 0)); prices.len()];
    let mut walked: Vec<Step> = Vec::with_capacity(sorted.len());
    for (place, member) in sorted.iter().enumerate() {
        let is_higher = place > 0 && member.rank != sorted[place - 1].rank;
        let entered = (is_higher && order != Order::RISES).then(|| highest_below(&prices, order));
        if let Some(entered) = &entered {
            best = entered.iter().map(|below| below.and_then(|below| best[below])).collect();
        }
        let mut lowest: Option<(Effort, usize)> = None;
        let mut chosen = Vec::with_capacity(prices.len());
        for (place, price) in prices.iter().enumerate() {
            let here = best[place]
                .zip(effort(member, *price, on_grid[place]))
                .map(|(so_far, more)| (sum(so_far, more), place));
            lowest = [lowest, here].into_iter().flatten().min();
            best[place] = lowest.map(|(effort, _)| effort);
            chosen.push(lowest.map_or(0, |(_, place)| place));
        }
        walked.push(Step { entered, chosen });
    }
    (*best.last()?)?;
    let mut place = prices.len() - 1;
    let mut result = Vec::with_capacity(sorted.len());
    for step in walked.iter().rev() {
        place = step.chosen[place];
        result.push(prices[place]);
        place = step.entered.as_ref().map_or(Some(place), |entered| entered[place])?;
    }
    result.reverse();
    Some(result)
}

/// How a member was reached.
struct Step {
    /// Where its rank began: for each price the highest that the rank below may have beside it.
    entered: Option<Vec<Option<usize>>>,
    /// For each price the one the member takes when it must not exceed it.
    chosen: Vec<usize>,
}

fn highest_below(prices: &[i64], order: Order) -> Vec<Option<usize>> {
    let most = |price: &i64| prices.partition_point(|lower| *lower <= order.most_below(*price)).checked_sub(1);
    prices.iter().map(most).collect()
}

fn same(sorted: &[Member], endings: &Endings) -> Option<Vec<i64>> {
    let total = |price: i64| {
        let on_grid = endings.allows(price);
        sorted.iter().try_fold((0, 0), |so_far, member| Some(sum(so_far, effort(member, price, on_grid)?)))
    };
    let prices = prices_of(sorted, endings).into_iter();
    let (_, price) = prices.filter_map(|price| Some((total(price)?, price))).min()?;
    Some(vec![price; sorted.len()])
}

/// For each pair of a lowest and a highest price what it took to come there, and from which pair of the rank below.
type States = BTreeMap<(i64, i64), (Effort, Option<(i64, i64)>)>;

/// For each rank its members lie between two prices, the lowest and the highest; the cheapest way to each pair is kept.
fn rising_and_falling(sorted: &[Member], endings: &Endings) -> Option<Vec<i64>> {
    let groups: Vec<&[Member]> = ranks(sorted).collect();
    let prices = prices_by_rank(&groups, endings);
    let mut states: Vec<States> = Vec::with_capacity(groups.len());
    for (place, group) in groups.iter().enumerate() {
        let mut reached = States::new();
        let spans = spans(group, &prices[place], endings);
        if states.last().is_some_and(|below| below.len().saturating_mul(spans.len()) > MOST_WORK) {
            return None;
        }
        for (span, own) in spans {
            let Some((below, from)) = states.last().zip(place.checked_sub(1)) else {
                reached.insert(span, (own, None));
                continue;
            };
            let (low, high) = (groups[from][0].rank, group[0].rank);
            let fits = |under: &(i64, i64)| {
                under.1 <= span.0 && i128::from(span.1) * i128::from(low) <= i128::from(under.0) * i128::from(high)
            };
            let cheapest =
                below.iter().filter(|(under, _)| fits(under)).map(|(under, (effort, _))| (*effort, *under)).min();
            if let Some((effort, under)) = cheapest {
                reached.insert(span, (sum(effort, own), Some(under)));
            }
        }
        states.push(reached);
    }
    let (_, mut span) = states.last()?.iter().map(|(span, (effort, _))| (*effort, *span)).min()?;
    let mut result = Vec::with_capacity(sorted.len());
    for (place, group) in groups.iter().enumerate().rev() {
        let to = |member: &Member| moved_into(member, span, &prices[place], endings).map(|(price, _)| price);
        result.extend(group.iter().rev().map(to).collect::<Option<Vec<i64>>>()?);
        span = states[place][&span].1.unwrap_or(span);
    }
    result.reverse();
    Some(result)
}

/// Every pair of a lowest and a highest price for the members of one rank, with what it takes.
fn spans(group: &[Member], prices: &[i64], endings: &Endings) -> Vec<((i64, i64), Effort)> {
    let highest = |low: usize| if group.len() == 1 { low + 1 } else { prices.len() };
    let pairs = (0..prices.len()).flat_map(|low| (low..highest(low)).map(move |high| (prices[low], prices[high])));
    let total = |span: (i64, i64)| {
        let each = group.iter().map(|member| moved_into(member, span, prices, endings).map(|(_, effort)| effort));
        each.into_iter().try_fold((0, 0), |so_far, effort| Some(sum(so_far, effort?)))
    };
    pairs.filter_map(|span| Some((span, total(span)?))).collect()
}

/// The nearest price of a member between two, with what it takes.
fn moved_into(member: &Member, span: (i64, i64), prices: &[i64], endings: &Endings) -> Option<(i64, Effort)> {
    if (span.0..=span.1).contains(&member.price) {
        return Some((member.price, (0, 0)));
    }
    let inside = prices.iter().filter(|price| (span.0..=span.1).contains(*price));
    let each = inside.filter_map(|price| Some((effort(member, *price, endings.allows(*price))?, *price)));
    each.min().map(|(effort, price)| (price, effort))
}

/// The prices that can matter for each rank: its own, and what those of the ranks beside it ask.
fn prices_by_rank(groups: &[&[Member]], endings: &Endings) -> Vec<Vec<i64>> {
    let mut prices: Vec<Vec<i64>> = groups.iter().map(|group| prices_of(group, endings)).collect();
    for upper in 1..groups.len() {
        let (low, high) = (groups[upper - 1][0].rank, groups[upper][0].rank);
        let asked = |price: &i64| [endings.up(*price), endings.down(scaled(*price, high, low))];
        let more: Vec<i64> = prices[upper - 1].iter().flat_map(asked).flatten().collect();
        add(&mut prices[upper], more, groups[upper]);
    }
    for lower in (0..groups.len().saturating_sub(1)).rev() {
        let (low, high) = (groups[lower][0].rank, groups[lower + 1][0].rank);
        let asked = |price: &i64| [endings.down(*price), endings.up(scaled_up(*price, low, high))];
        let more: Vec<i64> = prices[lower + 1].iter().flat_map(asked).flatten().collect();
        add(&mut prices[lower], more, groups[lower]);
    }
    prices
}

fn add(prices: &mut Vec<i64>, more: Vec<i64>, group: &[Member]) {
    prices.extend(more);
    prices.sort_unstable();
    prices.dedup();
    if prices.len() > MOST_PRICES {
        let distance = |price: &i64| group.iter().map(|member| price.abs_diff(member.price)).min();
        prices.sort_by_key(distance);
        prices.truncate(MOST_PRICES);
        prices.sort_unstable();
    }
}

fn scaled(price: i64, times: i64, by: i64) -> i64 {
    i64::try_from(i128::from(price) * i128::from(times) / i128::from(by.max(1))).unwrap_or(i64::MAX)
}

fn scaled_up(price: i64, times: i64, by: i64) -> i64 {
    let by = i128::from(by.max(1));
    i64::try_from((i128::from(price) * i128::from(times) + by - 1) / by).unwrap_or(i64::MAX)
}

/// The members of each rank.
fn ranks(sorted: &[Member]) -> impl Iterator<Item = &[Member]> {
    sorted.chunk_by(|one, other| one.rank == other.rank)
}

fn prices_of(members: &[Member], endings: &Endings) -> Vec<i64> {
    let of_member = |member: &Member| {
        let ends = member.movable.then(|| [endings.up(member.low), endings.down(member.high)]);
        let around = [endings.up(member.price), endings.down(member.price), Some(member.price), Some(member.today)];
        around.into_iter().chain(ends.into_iter().flatten()).flatten().collect::<Vec<i64>>()
    };
    let mut prices: Vec<i64> = members.iter().flat_map(of_member).filter(|price| *price > 0).collect();
    prices.sort_unstable();
    prices.dedup();
    prices
}

/// Prices with all that a distance between ranks asks beside them, over as many ranks as there are.
fn closed(mut prices: Vec<i64>, ranks: usize, order: Order, endings: &Endings) -> Vec<i64> {
    if order == Order::RISES {
        return prices;
    }
    let mut newest = prices.clone();
    for _ in 1..ranks {
        let asked = |price: &i64| [endings.up(order.least_above(*price)), endings.down(order.most_below(*price))];
        newest = newest.iter().flat_map(asked).flatten().filter(|price| !prices.contains(price)).collect();
        newest.sort_unstable();
        newest.dedup();
        if newest.is_empty() || prices.len() > MOST_PRICES * ranks {
            break;
        }
        prices.extend(&newest);
        prices.sort_unstable();
    }
    prices
}

fn sum(one: Effort, other: Effort) -> Effort {
    (one.0 + other.0, one.1 + other.1)
}

/// What it takes to bring a member to a price; `None` where it must not go.
fn effort(member: &Member, price: i64, is_on_grid: bool) -> Option<Effort> {
    if price == member.price {
        return Some((0, 0));
    }
    let allowed =
        member.movable && (member.low..=member.high).contains(&price) && (price == member.today || is_on_grid);
    allowed.then(|| (1, i128::from((price - member.price).abs())))
}
