//! Groups of rules as one list, in the order in which they are asked.

use super::{Rule, RuleSet, Strategy};

/// Between the names of a group and its rule.
const PATH_SEPARATOR: &str = " › ";

/// A line of the flat list: a rule that finds a price, or the “else” of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct FlatRule<'a> {
    /// From the outermost group to the rule itself; every scope, condition and validity on the way must hold.
    pub path: Vec<&'a Rule>,
    /// Whether it is the “else” of the last one in the path.
    pub is_else: bool,
}

impl FlatRule<'_> {
    /// “Group › rule”.
    pub fn name(&self) -> String {
        let mut names: Vec<&str> = self.path.iter().map(|rule| rule.name.as_str()).collect();
        if self.is_else {
            names.push("else");
        }
        names.join(PATH_SEPARATOR)
    }

    /// Whether nothing on the way is switched off.
    pub fn is_enabled(&self) -> bool {
        self.path.iter().all(|rule| rule.enabled)
    }

    /// The rule itself, or the group whose “else” it is.
    pub fn rule(&self) -> &Rule {
        self.path.last().expect("a path ends in a rule")
    }

    /// How the price is found.
    pub fn strategy(&self) -> &Strategy {
        match (self.is_else, &self.rule().fallback) {
            (true, Some(otherwise)) => otherwise,
            _ => &self.rule().strategy,
        }
    }

    /// What happens when an input of the strategy is missing.
    pub fn fallback(&self) -> Option<&Strategy> {
        if self.is_else { None } else { self.rule().fallback.as_ref() }
    }
}

impl RuleSet {
    /// Every rule in the order in which they are asked. Places in decisions count in this list; without groups it is
    /// the list of rules itself.
    pub fn flat_rules(&self) -> Vec<FlatRule<'_>> {
        let mut flat = Vec::new();
        self.rules.iter().for_each(|rule| flatten(rule, &mut Vec::new(), &mut flat));
        flat
    }

    /// The name of the rule at a place of the flat list, with its groups before it.
    pub fn rule_name(&self, place: u16) -> Option<String> {
        self.flat_rules().get(usize::from(place)).map(FlatRule::name)
    }
}

fn flatten<'a>(rule: &'a Rule, path: &mut Vec<&'a Rule>, flat: &mut Vec<FlatRule<'a>>) {
    path.push(rule);
    if rule.rules.is_empty() {
        flat.push(FlatRule { path: path.clone(), is_else: false });
    } else {
        rule.rules.iter().for_each(|inner| flatten(inner, path, flat));
        if rule.fallback.is_some() {
            flat.push(FlatRule { path: path.clone(), is_else: true });
        }
    }
    path.pop();
}

#[cfg(test)]
mod tests {
    use crate::{Guardrails, Rule, RuleSet, Strategy};

    #[test]
    fn a_group_is_asked_rule_by_rule_and_its_else_last() {
        let rule = |name: &str| Rule { name: name.into(), ..Rule::default() };
        let group = Rule { rules: vec![rule("a"), rule("b")], fallback: Some(Strategy::Keep), ..rule("group") };
        let set = RuleSet {
            name: String::new(),
            rules: vec![rule("first"), group, rule("last")],
            otherwise: Strategy::Keep,
            guardrails: Guardrails::default(),
            endings: Vec::new(),
            approval_limit: None,
            tests: Vec::new(),
        };
        let names: Vec<String> = set.flat_rules().iter().map(super::FlatRule::name).collect();
        assert_eq!(names, ["first", "group › a", "group › b", "group › else", "last"]);
        assert_eq!(set.rule_name(3).as_deref(), Some("group › else"));
    }
}
