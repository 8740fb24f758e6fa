//! Two rule sets compared line by line in their text form.

use pricing_domain::RuleSet;
use pricing_rules::rule_set_text;
use serde::{Deserialize, Serialize};

/// A line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleLine {
    /// In both.
    Same(String),
    /// Only in the first.
    Removed(String),
    /// Only in the second.
    Added(String),
}

/// The lines of both, with the longest common part kept together.
pub fn compare_rule_sets(before: &RuleSet, after: &RuleSet) -> Vec<RuleLine> {
    let (before, after) = (rule_set_text(before), rule_set_text(after));
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let common = common_lengths(&before, &after);
    let (mut one, mut other) = (0, 0);
    let mut lines = Vec::with_capacity(before.len().max(after.len()));
    while one < before.len() || other < after.len() {
        if one < before.len() && other < after.len() && before[one] == after[other] {
            lines.push(RuleLine::Same(before[one].to_owned()));
            (one, other) = (one + 1, other + 1);
        } else if other == after.len() || one < before.len() && common[one + 1][other] >= common[one][other + 1] {
            lines.push(RuleLine::Removed(before[one].to_owned()));
            one += 1;
        } else {
            lines.push(RuleLine::Added(after[other].to_owned()));
            other += 1;
        }
    }
    lines
}

/// For every pair of places the length of the longest common subsequence behind them.
fn common_lengths(before: &[&str], after: &[&str]) -> Vec<Vec<u32>> {
    let mut lengths = vec![vec![0u32; after.len() + 1]; before.len() + 1];
    for one in (0..before.len()).rev() {
        for other in (0..after.len()).rev() {
            lengths[one][other] = if before[one] == after[other] {
                lengths[one + 1][other + 1] + 1
            } else {
                lengths[one + 1][other].max(lengths[one][other + 1])
            };
        }
    }
    lengths
}

#[cfg(test)]
mod tests {
    use pricing_domain::{BasisPoints, Strategy};

    use super::{RuleLine, compare_rule_sets};
    use crate::rule_sets::starter;

    #[test]
    fn only_what_differs_is_marked() {
        let before = starter();
        let mut after = before.clone();
        after.rules[0].strategy = Strategy::CostPlusMargin { margin: BasisPoints(2_000) };
        let lines = compare_rule_sets(&before, &after);
        let changed: Vec<&RuleLine> = lines.iter().filter(|line| !matches!(line, RuleLine::Same(_))).collect();
        assert_eq!(
            changed,
            [&RuleLine::Removed("  price keep".into()), &RuleLine::Added("  price margin 20 %".into())]
        );
    }
}
