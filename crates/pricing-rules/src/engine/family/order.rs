//! What holds among the members of a family that are under one law, and which of them break it.

use crate::columns::NONE;

/// What holds among members, by rank. What the rank is, the law says: content, tag, own brand or other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// A member of a higher rank costs at least `more` ÷ `than` of what one of a lower rank costs.
    Rises { more: i64, than: i64 },
    /// A higher rank never costs less, and not more for each unit of rank. Ranks are above zero.
    RisesAndFallsPerUnit,
    /// All cost the same.
    Same,
}

impl Order {
    /// A higher rank never costs less.
    pub(crate) const RISES: Self = Self::Rises { more: 1, than: 1 };

    /// Whether one may stand below another, as rank and price; the first has the lower rank.
    pub(super) fn allows(self, low: (i64, i64), high: (i64, i64)) -> bool {
        match self {
            Self::RISES => low.1 <= high.1,
            Self::Rises { more, than } => product(high.1, than) >= product(low.1, more),
            Self::RisesAndFallsPerUnit => low.1 <= high.1 && product(high.1, low.0) <= product(low.1, high.0),
            Self::Same => low.1 == high.1,
        }
    }

    /// The lowest whole price that a higher rank may have beside `price` of a lower one.
    pub(super) fn least_above(self, price: i64) -> i64 {
        match self {
            Self::Rises { more, than } => whole((product(price, more) + i128::from(than) - 1) / i128::from(than)),
            Self::RisesAndFallsPerUnit | Self::Same => price,
        }
    }

    /// The highest whole price that a lower rank may have beside `price` of a higher one.
    pub(super) fn most_below(self, price: i64) -> i64 {
        match self {
            Self::Rises { more, than } => whole(product(price, than) / i128::from(more)),
            Self::RisesAndFallsPerUnit | Self::Same => price,
        }
    }

    /// Whether members, as pairs of rank and price by ascending rank, break the order. [`NONE`] takes no part.
    pub(crate) fn is_broken(self, members: impl Iterator<Item = (i64, i64)>) -> bool {
        let mut members = members.filter(|(_, price)| *price != NONE);
        if self == Self::Same {
            let first = members.next();
            return first.is_some_and(|first| members.any(|member| member.1 != first.1));
        }
        if self == Self::RISES {
            return is_falling(members);
        }
        let mut seen = Seen::default();
        members.any(|member| {
            seen.add(member);
            !seen.beyond.is_none_or(|lower| self.allows(lower.dearest, member) && self.allows(lower.leanest, member))
        })
    }

    /// Which members, by ascending rank, break the order at these prices. One pass from either side.
    pub(super) fn breaking(self, members: &[(i64, i64)]) -> Vec<bool> {
        if self == Self::Same {
            return vec![members.iter().any(|member| member.1 != members[0].1); members.len()];
        }
        let mut breaks = vec![false; members.len()];
        let mut lower = Seen::default();
        for (member, breaks) in members.iter().zip(&mut breaks) {
            lower.add(*member);
            *breaks = !lower
                .beyond
                .is_none_or(|lower| self.allows(lower.dearest, *member) && self.allows(lower.leanest, *member));
        }
        let mut higher = Seen::default();
        for (member, breaks) in members.iter().zip(&mut breaks).rev() {
            higher.add(*member);
            *breaks |= !higher
                .beyond
                .is_none_or(|higher| self.allows(*member, higher.cheapest) && self.allows(*member, higher.richest));
        }
        breaks
    }
}

/// Whether a price falls as the rank grows: the most frequent question, asked of every family.
fn is_falling(mut members: impl Iterator<Item = (i64, i64)>) -> bool {
    let (mut rank, mut highest, mut highest_below) = (i64::MIN, i64::MIN, i64::MIN);
    members.any(|(of, price)| {
        if of > rank {
            (rank, highest_below) = (of, highest);
        }
        highest = highest.max(price);
        price < highest_below
    })
}

fn product(one: i64, other: i64) -> i128 {
    i128::from(one) * i128::from(other)
}

fn whole(amount: i128) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

/// Members seen so far, in the order of rank from either side.
#[derive(Default)]
struct Seen {
    /// Of the rank seen last.
    here: Option<Extremes>,
    /// Of the ranks before it.
    beyond: Option<Extremes>,
}

/// Those that decide for all, as rank and price.
#[derive(Clone, Copy)]
struct Extremes {
    cheapest: (i64, i64),
    dearest: (i64, i64),
    /// The cheapest for each unit of rank.
    leanest: (i64, i64),
    /// The dearest for each unit of rank.
    richest: (i64, i64),
}

impl Seen {
    fn add(&mut self, member: (i64, i64)) {
        let own = Extremes { cheapest: member, dearest: member, leanest: member, richest: member };
        match self.here {
            Some(here) if here.cheapest.0 == member.0 => self.here = Some(here.with(own)),
            Some(here) => {
                self.beyond = Some(self.beyond.map_or(here, |beyond| beyond.with(here)));
                self.here = Some(own);
            }
            None => self.here = Some(own),
        }
    }
}

impl Extremes {
    fn with(self, other: Self) -> Self {
        let is_leaner = |one: (i64, i64), other: (i64, i64)| product(one.1, other.0) < product(other.1, one.0);
        let pick = |takes_other: bool, one, other| if takes_other { other } else { one };
        Self {
            cheapest: pick(other.cheapest.1 < self.cheapest.1, self.cheapest, other.cheapest),
            dearest: pick(other.dearest.1 > self.dearest.1, self.dearest, other.dearest),
            leanest: pick(is_leaner(other.leanest, self.leanest), self.leanest, other.leanest),
            richest: pick(is_leaner(self.richest, other.richest), self.richest, other.richest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Order;

    #[test]
    fn who_breaks_an_order_is_told_like_by_every_pair() {
        let mut state = 7u64;
        let mut next = |most: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % most) as i64
        };
        let orders = [Order::RISES, Order::Rises { more: 11, than: 10 }, Order::RisesAndFallsPerUnit];
        for (order, _) in orders.iter().cycle().zip(0..1_200) {
            let mut family: Vec<(i64, i64)> = (0..9).map(|_| (1 + next(4), 900 + 150 * next(6))).collect();
            family.sort_by_key(|member| member.0);
            let pairs = |one: &(i64, i64)| {
                family.iter().any(|other| {
                    (one.0 < other.0 && !order.allows(*one, *other)) || (one.0 > other.0 && !order.allows(*other, *one))
                })
            };
            let expected: Vec<bool> = family.iter().map(pairs).collect();
            assert_eq!(order.breaking(&family), expected, "{order:?} {family:?}");
            assert_eq!(order.is_broken(family.iter().copied()), expected.contains(&true), "{order:?} {family:?}");
        }
    }

    #[test]
    fn a_distance_is_kept_by_the_last_cent() {
        let tenth_more = Order::Rises { more: 11_000, than: 10_000 };
        assert_eq!((tenth_more.least_above(999), tenth_more.most_below(1_099)), (1_099, 999));
        assert!(tenth_more.allows((0, 999), (1, 1_099)) && !tenth_more.allows((0, 1_000), (1, 1_099)));
    }
}
