//! A rule set as a text file that people review: one line a statement, indented by what it belongs to. JSON is read too.
//!
//! ```text
//! rule set "Starter rules"
//! approval limit 10 %
//! otherwise keep
//!
//! rule "Key-value products: match the lowest"
//!   for kvi
//!   when comp.count >= 2
//!   price lowest - 1 % with exact, shipping
//!   else margin 25 %
//!
//! group "Audio"
//!   for category within "Audio"
//!   rule "Clear stock"
//!     price formula if(stock > 100, price * 95 %, price)
//!   else keep
//!
//! guardrails
//!   floor margin 5 %
//!   step up 10 % down 15 %
//!   ending 99 of 100 from 2000
//!
//! test "follows"
//!   given cost 50
//!   given offer "ElektroMax" 80
//!   gives 78.40
//! ```
//!
//! Amounts of guardrails and distances are in minor units (`199 minor`), because a rule set is for lists of several
//! currencies. `#` begins a comment line. What is printed is read back as the same rule set; line breaks inside
//! expressions and notes become blanks.

mod guardrails;
mod print;
mod read;
mod scopes;
mod strategies;
mod tests_of_files;
mod two_way_tables;
mod words;

use pricing_domain::{RuleSet, unknown_keys};
use serde::{Deserialize, Serialize};

pub use print::rule_set_text;

/// What is wrong with a file of rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("line {line}: {message}")]
pub struct RuleFileProblem {
    /// From 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Reads a file of rules: the text form, or JSON where it begins with a brace.
///
/// Errors: every line that is not understood. Whether the rule set can be used is another question:
/// [`crate::problems_of`].
pub fn parse_rule_set(text: &str) -> Result<RuleSet, Vec<RuleFileProblem>> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') {
        return read_json(text);
    }
    read::read(text)
}

/// A key that nothing reads would be a guardrail that does not hold: it is named instead.
fn read_json(text: &str) -> Result<RuleSet, Vec<RuleFileProblem>> {
    let set: RuleSet = serde_json::from_str(text).map_err(|error| {
        vec![RuleFileProblem { line: error.line(), message: format!("This is no rule set: {error}") }]
    })?;
    let problems: Vec<RuleFileProblem> = unknown_keys(text, &set)
        .into_iter()
        // Read as a law for all families.
        .filter(|(_, key)| key != "family_order")
        .map(|(line, key)| RuleFileProblem { line, message: format!("Nothing is called “{key}” here") })
        .collect();
    if problems.is_empty() { Ok(set) } else { Err(problems) }
}
