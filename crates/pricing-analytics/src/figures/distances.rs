//! The distribution of the distance to the lowest offer.

use super::Figure;

/// Where the groups of a distribution begin and end, in basis points of the lowest offer: the middle group, from −0.5 %
/// up to 0.5 %, is level with it.
pub const DISTANCE_EDGES_BP: [i32; 10] = [-2_000, -1_000, -500, -200, -50, 50, 200, 500, 1_000, 2_000];

/// How many products lie how far from the lowest usable offer: own ÷ lowest − 1.
///
/// A group holds distances from its lower edge up to, but not including, its upper one, compared exactly.
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
        let difference = (i128::from(own_minor) - i128::from(lowest_minor)) * 10_000;
        let reached = |edge: &&i32| difference >= i128::from(**edge) * i128::from(lowest_minor);
        DISTANCE_EDGES_BP.iter().take_while(reached).count()
    }

    /// From and to of a group in basis points; `None` is without an end.
    pub fn edges(group: usize) -> (Option<i32>, Option<i32>) {
        let edge = |place: Option<usize>| place.and_then(|place| DISTANCE_EDGES_BP.get(place).copied());
        (edge(group.checked_sub(1)), edge(Some(group)))
    }
}

impl Figure for DistanceSums {
    fn merge(&mut self, other: &Self) {
        self.products.iter_mut().zip(other.products).for_each(|(sum, more)| *sum += more);
        self.units_milli.iter_mut().zip(other.units_milli).for_each(|(sum, more)| *sum += more);
    }
}

#[cfg(test)]
mod tests {
    use super::DistanceSums;

    #[test]
    fn a_distance_on_an_edge_belongs_to_the_group_above() {
        for (own, group) in [(7_999, 0), (8_000, 1), (9_950, 5), (10_000, 5), (10_050, 6), (12_000, 10)] {
            assert_eq!(DistanceSums::group(own, 10_000), group, "{own}");
        }
        assert_eq!(DistanceSums::edges(0), (None, Some(-2_000)));
        assert_eq!(DistanceSums::edges(5), (Some(-50), Some(50)));
        assert_eq!(DistanceSums::edges(10), (Some(2_000), None));
    }
}
