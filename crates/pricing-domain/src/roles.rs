//! Roles suggested from sales and competition.
//!
//! The method is an ABC analysis (H. F. Dickie, “ABC inventory analysis shoots for dollars, not pennies”, *Factory
//! Management and Maintenance*, 1951): within a group products are taken by falling value, and each is judged by the
//! share of the value that stands before it. Frequency is measured by units, earning by gross profit. A product is one by
//! which customers judge us only where it is also comparable and contested, since sales alone do not make it one.

use std::collections::BTreeMap;

use crate::money::BasisPoints;
use crate::products::Role;

/// Products that make up so much of the units of their group are bought most often.
pub const MOST_BOUGHT: BasisPoints = BasisPoints(5_000);
/// Products that make up so much of the units of their group are bought often.
pub const OFTEN_BOUGHT: BasisPoints = BasisPoints(8_000);
/// Products that make up so much of the gross profit of their group earn the money.
pub const EARNING: BasisPoints = BasisPoints(8_000);
/// Carried by so many competitors, a product can be compared.
pub const COMPARABLE_FROM: u32 = 3;
/// Groups with fewer products that were sold are judged together: shares of a handful say little.
pub const LEAST_GROUP: usize = 10;

/// What a role is suggested from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoleFacts {
    /// Products are compared within a group: the highest category.
    pub group: u32,
    /// Thousandths of pieces sold in 28 days.
    pub units_milli: i64,
    /// (Net price − cost) × units of 28 days, in any unit that all facts share; `None`: no price or no cost.
    pub profit: Option<i128>,
    /// Competitors with a usable offer.
    pub competitors: u32,
    /// Prices that competitors changed within 28 days.
    pub moves: u32,
    /// Newly listed: not judged by the few sales it can have.
    pub is_new: bool,
}

/// A suggested role with the shares that decided it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleSuggestion {
    /// The role.
    pub role: Role,
    /// How much of its group's units better-selling products make up; `None`: nothing was sold.
    pub units_before: Option<BasisPoints>,
    /// How much of its group's gross profit better-earning products make up; `None`: it earns nothing that is known.
    pub profit_before: Option<BasisPoints>,
}

impl RoleSuggestion {
    /// Why, as one sentence.
    pub fn reason(&self, facts: &RoleFacts) -> String {
        let sold = match self.units_before {
            None => "Nothing sold in 28 days".to_owned(),
            Some(before) => format!(
                "{} sold in 28 days, better sellers make up {before} of its group",
                crate::decimal::decimal_text(facts.units_milli, 3, 0)
            ),
        };
        let carried = match facts.competitors {
            0 => "no competitor carries it".to_owned(),
            1 => "1 competitor carries it".to_owned(),
            many => format!("{many} competitors carry it"),
        };
        let moved = match facts.moves {
            0 => "no price of theirs changed".to_owned(),
            1 => "1 price of theirs changed".to_owned(),
            many => format!("{many} prices of theirs changed"),
        };
        let earned = match self.profit_before {
            None => "its profit is not known or not above zero".to_owned(),
            Some(before) => format!("better earners make up {before} of the profit"),
        };
        format!("{sold}; {carried}, {moved}; {earned}.")
    }
}

/// Suggests a role for each product, in the order of `facts`. `None`: too new to be judged.
///
/// In this order: **kvi** is among the most bought of its group ([`MOST_BOUGHT`]), carried by at least
/// [`COMPARABLE_FROM`] competitors, and one of them changed its price within 28 days (not asked where no competitor's
/// price is known to have changed on any product); **traffic** is bought often ([`OFTEN_BOUGHT`]); **profit** earns
/// ([`EARNING`]); everything else is **tail**. Products of equal value are judged alike, so that the order of the facts
/// does not matter.
///
/// Cost: two sorts of the products.
pub fn suggest_roles(facts: &[RoleFacts]) -> Vec<Option<RoleSuggestion>> {
    let groups = groups(facts);
    let units = shares_before(facts, &groups, |one| (one.units_milli > 0).then_some(i128::from(one.units_milli)));
    let profits = shares_before(facts, &groups, |one| one.profit.filter(|profit| *profit > 0));
    let are_moves_known = facts.iter().any(|one| one.moves > 0);
    let suggest = |place: usize, one: &RoleFacts| {
        let (units_before, profit_before) = (units[place], profits[place]);
        let is_below = |before: Option<BasisPoints>, limit: BasisPoints| before.is_some_and(|before| before < limit);
        let is_contested = one.competitors >= COMPARABLE_FROM && (one.moves > 0 || !are_moves_known);
        let role = if is_below(units_before, MOST_BOUGHT) && is_contested {
            Role::KeyValue
        } else if is_below(units_before, OFTEN_BOUGHT) {
            Role::Traffic
        } else if is_below(profit_before, EARNING) {
            Role::Profit
        } else {
            Role::Tail
        };
        (!one.is_new).then_some(RoleSuggestion { role, units_before, profit_before })
    };
    facts.iter().enumerate().map(|(place, one)| suggest(place, one)).collect()
}

/// The group of each product; small ones are one group.
fn groups(facts: &[RoleFacts]) -> Vec<Option<u32>> {
    let mut sold: BTreeMap<u32, usize> = BTreeMap::new();
    for one in facts.iter().filter(|one| one.units_milli > 0) {
        *sold.entry(one.group).or_default() += 1;
    }
    let is_large = |group: &u32| sold.get(group).is_some_and(|count| *count >= LEAST_GROUP);
    facts.iter().map(|one| Some(one.group).filter(is_large)).collect()
}

/// How much of its group's value stands before each product, when they are taken by falling value. `None`: no value.
fn shares_before(
    facts: &[RoleFacts],
    groups: &[Option<u32>],
    value: impl Fn(&RoleFacts) -> Option<i128>,
) -> Vec<Option<BasisPoints>> {
    let mut ranked: Vec<(Option<u32>, i128, usize)> = Vec::new();
    let mut totals: BTreeMap<Option<u32>, i128> = BTreeMap::new();
    for (place, one) in facts.iter().enumerate() {
        if let Some(amount) = value(one) {
            ranked.push((groups[place], amount, place));
            let total = totals.entry(groups[place]).or_default();
            *total = total.saturating_add(amount);
        }
    }
    ranked.sort_unstable_by(|a, b| (a.0, b.1, a.2).cmp(&(b.0, a.1, b.2)));
    let mut shares = vec![None; facts.len()];
    let (mut before, mut alike) = (0i128, 0i128);
    let mut last: Option<(Option<u32>, i128)> = None;
    for (group, amount, place) in ranked {
        match last {
            Some((same, equal)) if same == group && equal == amount => {}
            Some((same, _)) if same == group => (before, alike) = (before.saturating_add(alike), 0),
            _ => (before, alike) = (0, 0),
        }
        alike = alike.saturating_add(amount);
        last = Some((group, amount));
        let share = before.saturating_mul(i128::from(BasisPoints::ONE)) / totals[&group].max(1);
        shares[place] = Some(BasisPoints(i32::try_from(share).unwrap_or(i32::MAX)));
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::{RoleFacts, RoleSuggestion, suggest_roles};
    use crate::products::Role;

    fn sold(units: i64) -> RoleFacts {
        RoleFacts {
            units_milli: units * 1000,
            profit: Some(i128::from(units)),
            competitors: 4,
            moves: 2,
            ..RoleFacts::default()
        }
    }

    fn roles(facts: &[RoleFacts]) -> Vec<Option<Role>> {
        suggest_roles(facts).into_iter().map(|one| one.map(|one| one.role)).collect()
    }

    /// 100 units in all: 40, 20, 15, 10, 5, five of 2.
    fn group() -> Vec<RoleFacts> {
        [40, 20, 15, 10, 5, 2, 2, 2, 2, 2].map(sold).to_vec()
    }

    #[test]
    fn products_are_judged_by_what_stands_before_them() {
        use Role::{KeyValue, Tail, Traffic};
        let expected = [KeyValue, KeyValue, Traffic, Traffic, Tail, Tail, Tail, Tail, Tail, Tail];
        assert_eq!(roles(&group()), expected.map(Some));
    }

    #[test]
    fn what_sells_most_is_no_key_value_item_without_competition() {
        let mut facts = group();
        facts[0].competitors = 2;
        facts[1].moves = 0;
        assert_eq!(&roles(&facts)[..2], [Some(Role::Traffic), Some(Role::Traffic)]);
        for one in &mut facts {
            one.moves = 0;
        }
        assert_eq!(roles(&facts)[1], Some(Role::KeyValue), "moves are not asked where none is known");
    }

    #[test]
    fn what_earns_without_selling_often_is_for_profit() {
        let mut facts = group();
        facts[9].profit = Some(1_000);
        assert_eq!(roles(&facts)[9], Some(Role::Profit));
        facts[9].profit = None;
        assert_eq!(roles(&facts)[9], Some(Role::Tail));
    }

    #[test]
    fn new_products_are_not_judged_and_equal_ones_alike_in_any_order() {
        let mut facts = vec![sold(10); 12];
        facts[3].is_new = true;
        let first = roles(&facts);
        assert_eq!((first[3], first[0], first[11]), (None, Some(Role::KeyValue), Some(Role::KeyValue)));
        let mut mixed = group();
        let forwards = roles(&mixed);
        mixed.reverse();
        let backwards = roles(&mixed);
        assert_eq!(forwards, backwards.into_iter().rev().collect::<Vec<_>>());
    }

    #[test]
    fn small_groups_are_judged_together() {
        let mut facts = group();
        for (place, one) in facts.iter_mut().enumerate() {
            one.group = place as u32;
        }
        assert_eq!(roles(&facts), roles(&group()));
    }

    #[test]
    fn a_reason_names_its_numbers() {
        let facts = RoleFacts { units_milli: 12_500, competitors: 1, ..RoleFacts::default() };
        let found: RoleSuggestion = suggest_roles(&[facts])[0].expect("it is not new");
        assert_eq!(
            found.reason(&facts),
            "12.5 sold in 28 days, better sellers make up 0 % of its group; 1 competitor carries it, no price of theirs \
             changed; its profit is not known or not above zero."
        );
    }
}
