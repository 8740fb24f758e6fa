//! Price lists that follow each other, and the order in which they are priced, so that a list follows the new prices of
//! another one within the same run.

use std::collections::BTreeSet;

use pricing_domain::{FlatRule, RuleSet, ScopeTest, Strategy};

use crate::engine::condition_of;
use crate::engine::scope::folded;
use crate::language::{Expects, check};
use crate::snapshot::Snapshot;

/// Pairs of places of lists: the first one's prices are found by those of the second.
pub(crate) fn follows(set: &RuleSet, snapshot: &Snapshot) -> BTreeSet<(usize, usize)> {
    // A list that is never above another one is priced after it too.
    let place = |key: &i64| snapshot.list_of_key(*key);
    let under = snapshot.lists.iter().enumerate().flat_map(|(list, columns)| {
        columns.never_above.iter().filter_map(place).filter(move |above| *above != list).map(move |above| (list, above))
    });
    let mut follows: BTreeSet<(usize, usize)> = under.collect();
    for rule in set.flat_rules().iter().filter(|rule| rule.is_enabled()) {
        let targets = targets_of(rule, snapshot);
        for list in (0..snapshot.lists.len()).filter(|list| is_for(rule, &snapshot.lists[*list].code)) {
            follows.extend(targets.iter().filter(|target| **target != list).map(|target| (list, *target)));
        }
    }
    let otherwise = set.otherwise.formula();
    for target in named_lists(&mut otherwise.iter().map(|text| (text.as_str(), Expects::Formula)), snapshot) {
        follows.extend((0..snapshot.lists.len()).filter(|list| *list != target).map(|list| (list, target)));
    }
    follows
}

/// The lists whose prices a rule looks at.
pub(crate) fn targets_of(rule: &FlatRule<'_>, snapshot: &Snapshot) -> Vec<usize> {
    let strategies = [Some(rule.strategy()), rule.fallback()].into_iter().flatten();
    let formulas: Vec<String> = strategies.filter_map(Strategy::formula).collect();
    let conditions = rule.path.iter().filter_map(|part| condition_of(part)).map(|text| (text, Expects::Condition));
    let mut texts = formulas.iter().map(|text| (text.as_str(), Expects::Formula)).chain(conditions);
    named_lists(&mut texts, snapshot)
}

fn named_lists(texts: &mut dyn Iterator<Item = (&str, Expects)>, snapshot: &Snapshot) -> Vec<usize> {
    let place = |name: &str| snapshot.lists.iter().position(|list| folded(&list.code) == folded(name));
    texts
        .filter_map(|(text, expects)| check(text, expects).ok())
        .flat_map(|typed| typed.followed_lists())
        .filter_map(|name| place(&name))
        .collect()
}

/// Whether a rule may be for products of a price list: neither its scope nor a condition asks for another one.
pub(crate) fn is_for(rule: &FlatRule<'_>, code: &str) -> bool {
    let in_scope = rule.path.iter().flat_map(|part| &part.scope.0).all(|test| match test {
        ScopeTest::PriceList(codes) => codes.iter().any(|one| folded(one) == folded(code)),
        _ => true,
    });
    let mut conditions = rule.path.iter().filter_map(|part| condition_of(part));
    in_scope && conditions.all(|text| check(text, Expects::Condition).map_or(true, |typed| typed.can_hold_in(code)))
}

/// Whether one list follows another, directly or through others.
pub(crate) fn reaches(follows: &BTreeSet<(usize, usize)>, from: usize, to: usize) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(list) = open.pop() {
        if list == to {
            return true;
        }
        if seen.insert(list) {
            open.extend(follows.iter().filter(|(one, _)| *one == list).map(|(_, other)| *other));
        }
    }
    false
}

/// The order in which lists are priced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListOrder {
    /// The places of all lists; each after those that it follows.
    pub places: Vec<usize>,
    /// By place: whether another list follows it.
    pub is_followed: Vec<bool>,
}

/// Orders the lists of a snapshot: each after those that its rules follow, otherwise as they stand.
///
/// Errors: the codes of lists that follow each other in a circle.
pub fn list_order(set: &RuleSet, snapshot: &Snapshot) -> Result<ListOrder, Vec<String>> {
    let count = snapshot.lists.len();
    let follows = follows(set, snapshot);
    let mut places: Vec<usize> = Vec::with_capacity(count);
    while places.len() < count {
        let is_ready = |list: &usize| {
            !places.contains(list) && follows.iter().all(|(one, other)| one != list || places.contains(other))
        };
        match (0..count).find(is_ready) {
            Some(next) => places.push(next),
            None => {
                let in_circle =
                    |list: &usize| follows.iter().any(|(one, other)| one == list && reaches(&follows, *other, *list));
                let codes = (0..count).filter(in_circle).map(|list| snapshot.lists[list].code.clone());
                return Err(codes.collect());
            }
        }
    }
    let is_followed = (0..count).map(|list| follows.iter().any(|(_, other)| *other == list)).collect();
    Ok(ListOrder { places, is_followed })
}
