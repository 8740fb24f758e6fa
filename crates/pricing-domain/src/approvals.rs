//! Which proposed prices need no person, and which need two.

use serde::{Deserialize, Serialize};

use crate::money::BasisPoints;
use crate::rules::Scope;
use crate::text_enum::text_enum;

text_enum! {
    /// Which approvals by a person need a second person.
    FourEyes {
        /// None.
        Off = "off",
        /// Those of exceptions and of prices set by hand.
        Exceptions = "exceptions",
        /// All.
        All = "all",
    }
}

/// What is approved without a person, and what needs two of them. Exceptions always need a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApprovalPolicy {
    /// Whether runs are approved by it at all.
    pub enabled: bool,
    /// The first line whose products and limits fit approves a change; what none approves waits for a person.
    pub lines: Vec<ApprovalLine>,
    /// Which approvals by a person need a second one.
    #[serde(default = "off")]
    pub four_eyes: FourEyes,
    /// Whether one approved price that may not leave any more holds up all others that would leave with it. Without
    /// it the others leave, and it waits for a person.
    #[serde(default)]
    pub all_or_nothing: bool,
}

const fn off() -> FourEyes {
    FourEyes::Off
}

/// One line of a policy: every limit that is stated must hold. Amounts are in minor units of the list's currency.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ApprovalLine {
    /// Shown to people and in the audit.
    pub name: String,
    /// Which products and price lists it is for: role, category, brand …
    #[serde(default)]
    pub scope: Scope,
    /// Raises of at most so much. A line that states only how far prices may fall approves no raise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub largest_raise: Option<BasisPoints>,
    /// Cuts of at most so much, as a positive number. A line that states only how far prices may rise approves no cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub largest_cut: Option<BasisPoints>,
    /// Changes of at most this amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub largest_change_minor: Option<i64>,
    /// Margin of the net price at the new price; without a known cost it does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_margin: Option<BasisPoints>,
    /// Change × units of 28 days: what is at stake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub largest_stake_minor: Option<i64>,
}

/// A change that a policy looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceChangeCase {
    /// Today's price in minor units.
    pub old_minor: i64,
    /// The proposed one.
    pub new_minor: i64,
    /// Margin of the net price at the proposed one, where a cost is known.
    pub margin: Option<BasisPoints>,
    /// Units of 28 days, in thousandths.
    pub units_milli: i64,
}

impl ApprovalLine {
    /// Whether a change stays within all limits of the line. Its products are another question.
    pub fn allows(&self, case: &PriceChangeCase) -> bool {
        let (old, new) = (i128::from(case.old_minor), i128::from(case.new_minor));
        let change = (new - old).abs();
        let within =
            |limit: Option<BasisPoints>| limit.is_none_or(|limit| change * 10_000 <= i128::from(limit.0) * old);
        let (side, other) = match new > old {
            true => (self.largest_raise, self.largest_cut),
            false => (self.largest_cut, self.largest_raise),
        };
        let is_this_way = side.is_some() || other.is_none();
        let stake = change * i128::from(case.units_milli.max(0));
        old > 0
            && new > 0
            && is_this_way
            && within(side)
            && self.largest_change_minor.is_none_or(|most| change <= i128::from(most))
            && self.least_margin.is_none_or(|least| case.margin.is_some_and(|margin| margin.0 >= least.0))
            && self.largest_stake_minor.is_none_or(|most| stake <= i128::from(most) * 1_000)
    }

    /// Whether the line states no limit at all: it would approve every change of its products.
    pub const fn is_unlimited(&self) -> bool {
        self.largest_raise.is_none()
            && self.largest_cut.is_none()
            && self.largest_change_minor.is_none()
            && self.least_margin.is_none()
            && self.largest_stake_minor.is_none()
    }
}

impl ApprovalPolicy {
    /// What makes the policy unusable, a sentence each.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (number, line) in (1..).zip(&self.lines) {
            let name =
                if line.name.trim().is_empty() { format!("Line {number}") } else { format!("“{}”", line.name) };
            let amounts = [line.largest_change_minor, line.largest_stake_minor];
            if line.name.trim().is_empty() {
                problems.push(format!("{name} has no name."));
            }
            if [line.largest_raise, line.largest_cut].iter().flatten().any(|limit| limit.0 < 0)
                || amounts.iter().flatten().any(|amount| *amount < 0)
            {
                problems.push(format!("{name}: limits are not negative."));
            }
            if line.least_margin.is_some_and(|margin| margin.0 >= 10_000) {
                problems.push(format!("{name}: a margin of the net price is below 100 %."));
            }
            if line.is_unlimited() && line.scope.0.is_empty() {
                problems.push(format!("{name} would approve every change. Name a limit, or products."));
            }
        }
        if self.enabled && self.lines.is_empty() {
            problems.push("A policy that approves needs at least one line.".to_owned());
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::{ApprovalLine, ApprovalPolicy, FourEyes, PriceChangeCase};
    use crate::money::BasisPoints;

    const CASE: PriceChangeCase =
        PriceChangeCase { old_minor: 10_000, new_minor: 9_500, margin: Some(BasisPoints(1_200)), units_milli: 4_000 };

    #[test]
    fn every_stated_limit_must_hold() {
        let line = ApprovalLine {
            largest_cut: Some(BasisPoints(500)),
            largest_change_minor: Some(500),
            least_margin: Some(BasisPoints(1_200)),
            largest_stake_minor: Some(2_000),
            ..ApprovalLine::default()
        };
        assert!(line.allows(&CASE));
        assert!(!line.allows(&PriceChangeCase { new_minor: 9_499, ..CASE }), "one cent further");
        assert!(!line.allows(&PriceChangeCase { margin: Some(BasisPoints(1_199)), ..CASE }));
        assert!(!line.allows(&PriceChangeCase { margin: None, ..CASE }), "an unknown margin is not enough");
        assert!(!line.allows(&PriceChangeCase { units_milli: 4_001, ..CASE }), "more at stake");
        let (raise, cut) =
            (PriceChangeCase { new_minor: 10_100, ..CASE }, PriceChangeCase { new_minor: 9_900, ..CASE });
        let only_raises = ApprovalLine { largest_raise: Some(BasisPoints(500)), ..ApprovalLine::default() };
        assert!(only_raises.allows(&raise) && !only_raises.allows(&cut), "a line about raises approves no cut");
        let only_cuts = ApprovalLine { largest_cut: Some(BasisPoints(500)), ..ApprovalLine::default() };
        assert!(only_cuts.allows(&cut) && !only_cuts.allows(&raise), "a line about cuts approves no raise");
        let both_ways = ApprovalLine { largest_change_minor: Some(500), ..ApprovalLine::default() };
        assert!(both_ways.allows(&cut) && both_ways.allows(&raise));
        assert!(!line.allows(&PriceChangeCase { old_minor: 0, ..CASE }), "a first price is no ordinary change");
    }

    #[test]
    fn a_line_that_would_approve_everything_is_refused() {
        let line = ApprovalLine { name: "All".into(), ..ApprovalLine::default() };
        let policy =
            ApprovalPolicy { enabled: true, lines: vec![line], four_eyes: FourEyes::Off, all_or_nothing: false };
        assert!(policy.problems()[0].contains("every change"));
        assert_eq!(ApprovalPolicy { lines: Vec::new(), ..policy }.problems().len(), 1);
    }
}
