//! A rule set to its text.

use pricing_domain::{Rule, RuleSet, RuleTest, Strategy, Validity};

use super::guardrails::guardrail_lines;
use super::strategies::{policy_text, strategy_text};
use super::tests_of_files::test_lines;
use super::two_way_tables;
use super::words::{one_line, percent, quoted};
use crate::language::scope_text;

/// A rule set as a text that [`super::parse_rule_set`] reads back.
pub fn rule_set_text(set: &RuleSet) -> String {
    let mut text = Lines::default();
    text.line(0, &format!("rule set {}", quoted(&set.name)));
    if let Some(limit) = set.approval_limit {
        text.line(0, &format!("approval limit {}", percent(limit)));
    }
    text.line(0, &format!("otherwise {}", strategy_text(&set.otherwise)));
    two_way_tables::lines(&set.otherwise).iter().for_each(|line| text.line(1, line));
    for rule in &set.rules {
        text.gap();
        write_rule(rule, 0, &mut text);
    }
    let guardrails = guardrail_lines(&set.guardrails, &set.endings);
    if !guardrails.is_empty() {
        text.gap();
        text.line(0, "guardrails");
        guardrails.iter().for_each(|line| text.line(1, line));
    }
    for test in &set.tests {
        text.gap();
        write_test(test, &mut text);
    }
    text.text
}

#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn line(&mut self, depth: usize, words: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(words);
        self.text.push('\n');
    }

    fn gap(&mut self) {
        self.text.push('\n');
    }
}

fn write_rule(rule: &Rule, depth: usize, text: &mut Lines) {
    let kind = if rule.rules.is_empty() { "rule" } else { "group" };
    text.line(depth, &format!("{kind} {}", quoted(&rule.name)));
    let inner = depth + 1;
    if !rule.enabled {
        text.line(inner, "off");
    }
    if !rule.owner.is_empty() {
        text.line(inner, &format!("owner {}", quoted(&rule.owner)));
    }
    if !rule.note.is_empty() {
        text.line(inner, &format!("note {}", quoted(&rule.note)));
    }
    if !rule.valid.is_always() {
        text.line(inner, &format!("valid {}", validity_text(&rule.valid)));
    }
    if !rule.scope.0.is_empty() {
        text.line(inner, &format!("for {}", scope_text(&rule.scope)));
    }
    if let Some(condition) = &rule.condition {
        text.line(inner, &format!("when {}", one_line(condition)));
    }
    if let Some(offers) = &rule.offers {
        text.line(inner, format!("offers {}", policy_text(offers)).trim_end());
    }
    rule.rules.iter().for_each(|one| write_rule(one, inner, text));
    if rule.rules.is_empty() || rule.strategy != Strategy::Keep {
        text.line(inner, &format!("price {}", strategy_text(&rule.strategy)));
        two_way_tables::lines(&rule.strategy).iter().for_each(|line| text.line(inner + 1, line));
    }
    if let Some(fallback) = &rule.fallback {
        text.line(inner, &format!("else {}", strategy_text(fallback)));
        two_way_tables::lines(fallback).iter().for_each(|line| text.line(inner + 1, line));
    }
}

/// `from 2026-11-27 to 2026-11-30 on friday, saturday between 8 and 20`.
fn validity_text(valid: &Validity) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(valid.from.map(|day| format!("from {day}")));
    parts.extend(valid.to.map(|day| format!("to {day}")));
    if !valid.weekdays.is_empty() {
        let days: Vec<&str> = valid.weekdays.iter().map(|day| day.as_str()).collect();
        parts.push(format!("on {}", days.join(", ")));
    }
    parts.extend(valid.hours.map(|hours| format!("between {} and {}", hours.from, hours.to)));
    parts.join(" ")
}

fn write_test(test: &RuleTest, text: &mut Lines) {
    text.line(0, &format!("test {}", quoted(&test.name)));
    test_lines(test).iter().for_each(|line| text.line(1, line));
}
