//! Rule sets, their versions, and their effect before they are active.

use pricing_domain::{CivilDate, Instant, PriceListId, RuleSet};

use crate::command::commands;
use crate::views::{ChartRequestLook, FieldValues, JobView, RulePreview, RuleRemark, RuleSetVersionView};

commands! {
    RulesCommands;

    /// The rule set in force.
    get_rule_set: GetRuleSet {} -> RuleSet, reads [Rules], writes [];

    /// What a rule set would do to a price list now. Writes nothing; a later question ends an earlier one that still runs.
    preview_rules: PreviewRules {
        /// The rules.
        rule_set: RuleSet,
        /// Whose prices.
        price_list: PriceListId,
    } -> RulePreview, reads [Products, Offers, Rules], writes [];

    /// Starts playing rules over the workspace's own past, day by day. Nothing is written; the job's result is a back-test.
    start_back_test: StartBackTest {
        /// The rules; `None`: those in force.
        rule_set: Option<RuleSet>,
        /// Whose prices.
        price_list: PriceListId,
        /// First day; `None`: 60 days up to the last.
        from: Option<CivilDate>,
        /// Last day; `None`: yesterday.
        to: Option<CivilDate>,
        /// Size and colours of the picture; `None`: none is wanted.
        look: Option<ChartRequestLook>,
    } -> JobView, reads [], writes [Jobs];

    /// What is doubtful about a rule set over the catalogue: unreachable rules, missing inputs, guardrails that bind often.
    lint_rules: LintRules {
        /// The rules.
        rule_set: RuleSet,
        /// Whose prices.
        price_list: PriceListId,
    } -> Vec<RuleRemark>, reads [Products, Offers, Rules], writes [];

    /// The catalogue's own words for what is being written in a rule, those that begin so first.
    list_field_values: ListFieldValues {
        /// Which field, as the language of rules names it: `brand`, `attribute`, `attribute_name`.
        field: String,
        /// Of a free attribute's text: the attribute.
        attribute: Option<String>,
        /// What is written so far.
        written: String,
    } -> FieldValues, reads [Products, Rules], writes [];

    /// Every version of the rule set, newest first.
    list_rule_sets: ListRuleSets {} -> Vec<RuleSetVersionView>, reads [Rules], writes [];

    /// A version of the rule set.
    get_rule_set_version: GetRuleSetVersion {
        /// Its number, from 1.
        version: i64,
    } -> RuleSet, reads [Rules], writes [];

    /// Puts a rule set in force, as a new version.
    activate_rule_set: ActivateRuleSet {
        /// The rules.
        rule_set: RuleSet,
    } -> RuleSet, reads [], writes [Rules, Changes];

    /// Keeps a rule set as a draft: it may still contradict itself, and is not in force.
    save_rule_draft: SaveRuleDraft {
        /// The rules.
        rule_set: RuleSet,
    } -> Vec<RuleSetVersionView>, reads [], writes [Rules, Changes];

    /// Lets a rule set come into force by itself.
    schedule_rule_set: ScheduleRuleSet {
        /// The rules.
        rule_set: RuleSet,
        /// When.
        from: Instant,
    } -> Vec<RuleSetVersionView>, reads [], writes [Rules, Changes];

    /// Removes a draft or a scheduled version.
    remove_rule_set: RemoveRuleSet {
        /// Its number, from 1.
        version: i64,
    } -> Vec<RuleSetVersionView>, reads [], writes [Rules, Changes];
}
