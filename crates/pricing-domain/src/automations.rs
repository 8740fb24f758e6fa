//! What runs by itself: for which products, when, and how far.

use serde::{Deserialize, Serialize};

use crate::ids::{CompetitorId, ConnectionId};
use crate::rules::Scope;
use crate::text_enum::text_enum;

text_enum! {
    /// Where approved prices go by themselves.
    AutomationTarget {
        /// Nowhere: a person hands them over.
        Nothing = "nothing",
        /// Into a file for the shop.
        File = "file",
        /// To a connected shop, where they are verified.
        Connection = "connection",
    }
}

text_enum! {
    /// How a turn of an automation ended.
    AutomationOutcome {
        /// All steps were done.
        Done = "done",
        /// The stop switch blocked it.
        Stopped = "stopped",
        /// The circuit breaker holds the batch; nothing was approved or handed over.
        Held = "held",
        /// A step was refused or failed; the steps before it are done.
        Failed = "failed",
        /// A person stopped it.
        Cancelled = "cancelled",
    }
}

/// Collect → price → approve by policy → hand over, on a schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AutomationPlan {
    /// Shown to people and in the audit.
    pub name: String,
    /// Minute, hour, day, month, weekday.
    pub pattern: String,
    /// The zone of these times.
    pub time_zone: String,
    /// Which products and price lists are approved and handed over; what is outside waits for a person.
    #[serde(default)]
    pub scope: Scope,
    /// Whether competitor pages that are due are collected first.
    pub collect: bool,
    /// Of these competitors; empty: of all.
    #[serde(default)]
    pub competitors: Vec<CompetitorId>,
    /// Whether the lines of the approval policy approve what is in the scope.
    pub approve: bool,
    /// Where approved prices of the scope go.
    pub target: AutomationTarget,
    /// The connected shop, where they go to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<ConnectionId>,
}

/// A name beyond this fits no table.
const LONGEST_NAME: usize = 60;

impl AutomationPlan {
    /// What makes the plan unusable, a sentence each. Its times are read where a calendar is at hand.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let length = self.name.trim().chars().count();
        if length == 0 || length > LONGEST_NAME {
            problems.push(format!("Give it a name of 1 to {LONGEST_NAME} letters."));
        }
        if !self.collect && !self.competitors.is_empty() {
            problems.push("Competitors are named, but nothing is collected.".to_owned());
        }
        if self.target != AutomationTarget::Nothing && !self.approve {
            problems.push(
                "What no policy approves is handed over by a person: approve by the policy, or hand nothing over."
                    .to_owned(),
            );
        }
        if (self.target == AutomationTarget::Connection) != self.connection.is_some() {
            problems.push(match self.connection {
                None => "Choose the connected shop that the prices go to.".to_owned(),
                Some(_) => "A shop is chosen, but the prices go elsewhere.".to_owned(),
            });
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::{AutomationPlan, AutomationTarget};
    use crate::rules::Scope;

    #[test]
    fn prices_that_no_policy_approves_are_not_handed_over_by_themselves() {
        let plan = AutomationPlan {
            name: "Night".into(),
            pattern: "0 5 * * *".into(),
            time_zone: "UTC".into(),
            scope: Scope::default(),
            collect: true,
            competitors: Vec::new(),
            approve: true,
            target: AutomationTarget::File,
            connection: None,
        };
        assert!(plan.problems().is_empty());
        let unapproved = AutomationPlan { approve: false, ..plan.clone() };
        assert!(unapproved.problems()[0].contains("policy"));
        let to_a_shop = AutomationPlan { target: AutomationTarget::Connection, ..plan.clone() };
        assert!(to_a_shop.problems()[0].contains("connected shop"));
        assert_eq!(AutomationPlan { name: " ".into(), ..plan }.problems().len(), 1);
    }
}
