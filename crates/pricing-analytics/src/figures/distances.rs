//! The distribution of the distance to the lowest offer.

use super::Figure;

/// Where the groups of a distribution begin and end, in basis points of the lowest offer: the middle group, from −0.5 %
/// to 0.5 %, both included, is level with it, as a tie is.
pub const DISTANCE_EDGES_BP: [i32; 10] = [-2_000, -1_000, -500, -200, -50, 50, 200, 500, 1_000, 2_000];

/// Where the middle group ends.
const LEVEL_END_BP: i32 = 50;

/// How many products lie how far from the lowest usable offer: own ÷ lowest − 1.
///
/// A group holds distances from its lower edge up to, but not including, its upper one, compared exactly. Only the end of
/// the middle group belongs to it, so that what is level is what a tie is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DistanceSums {
    /// Products by group, the first below every edge, the last at or above the highest.
    pub products: [u64; DISTANCE_EDGES_BP.len() + 1],
    /// Units of the reference period in thousandths, likewise.
    pub units_milli: [i128; DISTANCE_EDGES_BP.len() + 1],
}

impl DistanceSums {
    /// Adds a product; both prices are above zero.
    pub fn add(&mut self, own_minor: i64, lowest_minor: i64, units_milli: i64) {
        let group = Self::group(own_minor, lowest_minor);
        self.products[group] += 1;
        self.units_milli[group] += i128::from(units_milli.max(0));
    }

    /// The group of a product.
    pub fn group(own_minor: i64, lowest_minor: i64) -> usize {
        DISTANCE_EDGES_BP.iter().take_while(|edge| has_reached(own_minor, lowest_minor, **edge)).count()
    }

    /// Whether a product's distance lies between two edges; `None` is without an end.
    pub fn lies_between(own_minor: i64, lowest_minor: i64, from: Option<i32>, to: Option<i32>) -> bool {
        let reached = |edge: i32| has_reached(own_minor, lowest_minor, edge);
        from.is_none_or(reached) && !to.is_some_and(reached)
    }

    /// From and to of a group in basis points; `None` is without an end.
    pub fn edges(group: usize) -> (Option<i32>, Option<i32>) {
        let edge = |place: Option<usize>| place.and_then(|place| DISTANCE_EDGES_BP.get(place).copied());
        (edge(group.checked_sub(1)), edge(Some(group)))
    }
}

/// Whether a distance belongs to what lies above an edge: from the edge on, or beyond the end of what is level.
fn has_reached(own_minor: i64, lowest_minor: i64, edge: i32) -> bool {
    let difference = (i128::from(own_minor) - i128::from(lowest_minor)) * 10_000;
    let edge_at = i128::from(edge) * i128::from(lowest_minor);
    if edge == LEVEL_END_BP { difference > edge_at } else { difference >= edge_at }
}

impl Figure for DistanceSums {
    fn merge(&mut self, other: &Self) {
        self.products.iter_mut().zip(other.products).for_each(|(sum, more)| *sum += more);
        self.units_milli.iter_mut().zip(other.units_milli).for_each(|(sum, more)| *sum += more);
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{BasisPoints, Outcome};

    use super::DistanceSums;
    use crate::figures::standing::outcome;

    #[test]
    fn a_distance_on_an_edge_belongs_to_the_group_above_and_what_is_level_to_the_middle() {
        let cases =
            [(7_999, 0), (8_000, 1), (9_949, 4), (9_950, 5), (10_000, 5), (10_050, 5), (10_051, 6), (12_000, 10)];
        for (own, group) in cases {
            assert_eq!(DistanceSums::group(own, 10_000), group, "{own}");
            let (from, to) = DistanceSums::edges(group);
            assert!(DistanceSums::lies_between(own, 10_000, from, to), "{own}");
            assert_eq!(group == 5, outcome(own, 10_000, BasisPoints(50)) == Outcome::Tie, "{own}");
        }
        assert!(!DistanceSums::lies_between(10_050, 10_000, Some(50), Some(200)));
        assert_eq!(DistanceSums::edges(0), (None, Some(-2_000)));
        assert_eq!(DistanceSums::edges(5), (Some(-50), Some(50)));
        assert_eq!(DistanceSums::edges(10), (Some(2_000), None));
    }
}
