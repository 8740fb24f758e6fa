//! How far each rule reaches: products in its scope, what took them away, and which guardrails bound.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::compile::OTHERWISE;
use super::decide::{Evaluation, Outcome};
use super::marks::Marks;
use crate::columns::NONE;

/// How far one rule reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleReach {
    /// Products for which its scope and condition hold while it is in force; ended products, promotions, locks and
    /// products that no rule gives a first price are left out.
    pub in_scope: u64,
    /// Of those, where it gave no price because an input was missing.
    pub missing: u64,
    /// Of those it decided, where the wanted price was below the floor.
    pub floor_binds: u64,
    /// Where it was above the ceiling.
    pub ceiling_binds: u64,
    /// Where it was further away than the largest step, or too soon.
    pub step_binds: u64,
    /// Products in its scope that an earlier rule decided, by the place of that rule.
    pub taken_by: BTreeMap<u16, u64>,
    /// The first rows of its scope where an input was missing.
    pub missing_rows: Vec<u32>,
}

/// Rows that are named for a rule.
const NAMED_ROWS: usize = 5;

/// The reach of every rule, in the order of the flat list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach(pub(crate) Vec<RuleReach>);

impl Reach {
    pub(crate) fn new(rules: usize) -> Self {
        Self(vec![RuleReach::default(); rules])
    }

    /// Counts one row.
    pub(crate) fn count(&mut self, row: u32, marks: &Marks, place: usize, evaluation: &Evaluation) {
        if matches!(evaluation.outcome, Outcome::Ended | Outcome::OnPromotion | Outcome::Locked | Outcome::NoPrice) {
            return;
        }
        for rule in marks.rules(place) {
            let reach = &mut self.0[usize::from(rule)];
            reach.in_scope += 1;
            if rule < evaluation.rule {
                reach.missing += 1;
                if reach.missing_rows.len() < NAMED_ROWS {
                    reach.missing_rows.push(row);
                }
            } else if rule > evaluation.rule {
                *reach.taken_by.entry(evaluation.rule).or_default() += 1;
            }
        }
        if evaluation.rule != OTHERWISE && evaluation.wanted != NONE {
            self.0[usize::from(evaluation.rule)].count_guardrails(evaluation);
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        for (reach, more) in self.0.iter_mut().zip(other.0) {
            reach.in_scope += more.in_scope;
            reach.missing += more.missing;
            reach.floor_binds += more.floor_binds;
            reach.ceiling_binds += more.ceiling_binds;
            reach.step_binds += more.step_binds;
            for (rule, count) in more.taken_by {
                *reach.taken_by.entry(rule).or_default() += count;
            }
            let room = NAMED_ROWS - reach.missing_rows.len();
            reach.missing_rows.extend(more.missing_rows.into_iter().take(room));
        }
    }
}

impl RuleReach {
    fn count_guardrails(&mut self, evaluation: &Evaluation) {
        let (wanted, bounds) = (evaluation.wanted, &evaluation.bounds);
        if wanted < bounds.floor {
            self.floor_binds += 1;
        } else if wanted > bounds.ceiling {
            self.ceiling_binds += 1;
        } else if wanted < evaluation.low || wanted > evaluation.high {
            self.step_binds += 1;
        }
    }
}
