//! Rules: the ordered list, one rule as a form, guardrails and endings, the effect while they are edited, versions.

pub mod back_test;
pub mod desk;
pub mod effect_panel;
pub mod guardrail_form;
pub mod header;
pub mod rule_form;
pub mod rule_list;
pub mod rule_text;
pub mod versions;

mod ending_form;
mod examples;
mod expression_input;
mod floor_form;
mod further_strategies;
mod pace_form;
mod pairs_form;
mod places;
pub mod rule_words;
mod scope_choices;
pub mod scope_form;
mod scoped_form;
mod strategy_choices;
mod strategy_form;
