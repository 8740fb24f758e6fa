//! Where a rule stands: in the list, or in a group of the list. Groups within groups are edited as text.

use std::ops::Range;

use pricing_domain::{Rule, RuleSet};

/// The place of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RulePlace {
    /// In the list.
    pub outer: usize,
    /// In the group that stands there.
    pub inner: Option<usize>,
}

impl RulePlace {
    /// A place in the list itself.
    pub const fn outer(outer: usize) -> Self {
        Self { outer, inner: None }
    }

    /// A place in a group.
    pub const fn inner(outer: usize, inner: usize) -> Self {
        Self { outer, inner: Some(inner) }
    }

    /// The place `index` beside this one.
    pub const fn beside(self, index: usize) -> Self {
        match self.inner {
            Some(_) => Self::inner(self.outer, index),
            None => Self::outer(index),
        }
    }

    /// Its number among those beside it, from 0.
    pub const fn index(self) -> usize {
        match self.inner {
            Some(inner) => inner,
            None => self.outer,
        }
    }

    /// As people count: `3`, or `3.2` within a group.
    pub fn words(self) -> String {
        match self.inner {
            Some(inner) => format!("{}.{}", self.outer + 1, inner + 1),
            None => (self.outer + 1).to_string(),
        }
    }

    /// The rule that stands there.
    pub fn rule(self, rules: &RuleSet) -> Option<&Rule> {
        let outer = rules.rules.get(self.outer)?;
        match self.inner {
            Some(inner) => outer.rules.get(inner),
            None => Some(outer),
        }
    }

    /// The rules that it stands among.
    pub fn siblings(self, rules: &mut RuleSet) -> Option<&mut Vec<Rule>> {
        match self.inner {
            Some(_) => rules.rules.get_mut(self.outer).map(|group| &mut group.rules),
            None => Some(&mut rules.rules),
        }
    }

    /// The figures of a preview that belong to it: they come rule by rule, groups by their rules and their “else”.
    pub fn figures(self, rules: &RuleSet) -> Range<usize> {
        let sum = |rules: &[Rule]| rules.iter().map(flat_count).sum::<usize>();
        let outer = sum(&rules.rules[..self.outer.min(rules.rules.len())]);
        let within = match (self.inner, rules.rules.get(self.outer)) {
            (Some(inner), Some(group)) => sum(&group.rules[..inner.min(group.rules.len())]),
            _ => 0,
        };
        let first = outer + within;
        first..first + self.rule(rules).map_or(0, flat_count)
    }
}

/// Every place, in the order in which rules are asked.
pub fn places(rules: &RuleSet) -> Vec<RulePlace> {
    let with_group = |(outer, rule): (usize, &Rule)| {
        let inner = (0..rule.rules.len()).map(move |inner| RulePlace::inner(outer, inner));
        std::iter::once(RulePlace::outer(outer)).chain(inner).collect::<Vec<_>>()
    };
    rules.rules.iter().enumerate().flat_map(with_group).collect()
}

/// How many rules a rule stands for: itself, or those of the group and its “else”.
fn flat_count(rule: &Rule) -> usize {
    match rule.rules.is_empty() {
        true => 1,
        false => rule.rules.iter().map(flat_count).sum::<usize>() + usize::from(rule.fallback.is_some()),
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{Guardrails, Rule, RuleSet, Strategy};

    use super::{RulePlace, places};

    fn rules() -> RuleSet {
        let rule = |name: &str| Rule { name: name.to_owned(), ..Rule::default() };
        let group = Rule { rules: vec![rule("b1"), rule("b2")], fallback: Some(Strategy::Keep), ..rule("b") };
        RuleSet {
            name: String::new(),
            rules: vec![rule("a"), group, rule("c")],
            otherwise: Strategy::Keep,
            guardrails: Guardrails::default(),
            endings: Vec::new(),
            approval_limit: None,
            tests: Vec::new(),
        }
    }

    #[test]
    fn places_go_through_groups_in_the_order_of_asking() {
        let rules = rules();
        let names: Vec<String> = places(&rules).iter().map(|place| place.words()).collect();
        assert_eq!(names, ["1", "2", "2.1", "2.2", "3"]);
        let named = RulePlace::inner(1, 1).rule(&rules).map(|rule| rule.name.as_str());
        assert_eq!(named, Some("b2"));
        assert_eq!(RulePlace::inner(0, 0).rule(&rules), None);
    }

    #[test]
    fn a_group_has_the_figures_of_its_rules_and_its_else() {
        let rules = rules();
        assert_eq!(RulePlace::outer(0).figures(&rules), 0..1);
        assert_eq!(RulePlace::outer(1).figures(&rules), 1..4);
        assert_eq!(RulePlace::inner(1, 1).figures(&rules), 2..3);
        assert_eq!(RulePlace::outer(2).figures(&rules), 4..5);
    }
}
