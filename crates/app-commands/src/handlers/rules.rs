//! Rule sets, their versions, and their effect before they are active.

use app_contract::{
    ActivateRuleSet, CommandError, FieldValues, GetRuleSet, GetRuleSetVersion, JobKind, JobResult, JobView, LintRules,
    ListFieldValues, ListRuleSets, PreviewRules, RemoveRuleSet, RulePreview, RuleRemark, RuleSetVersionView,
    RulesCommands, SaveRuleDraft, ScheduleRuleSet, StartBackTest,
};
use pricing_domain::RuleSet;
use pricing_operations::BackTestQuestion;

use crate::errors::crossing;
use crate::host::Host;

impl RulesCommands for Host {
    async fn get_rule_set(&self, _: GetRuleSet) -> Result<RuleSet, CommandError> {
        self.workspace().await?.rule_set().await.map_err(crossing)
    }

    async fn preview_rules(&self, request: PreviewRules) -> Result<RulePreview, CommandError> {
        let workspace = self.workspace().await?;
        workspace.preview_rules(request.rule_set, request.price_list).await.map_err(crossing)
    }

    async fn start_back_test(&self, request: StartBackTest) -> Result<JobView, CommandError> {
        let StartBackTest { rule_set, price_list, from, to, look } = request;
        let workspace = self.workspace().await?;
        let question = BackTestQuestion { rule_set, price_list, from, to, look };
        self.start_job(JobKind::BackTest, "Back-test of rules".into(), "days", move |progress| async move {
            Ok(JobResult::BackTest(Box::new(workspace.back_test(question, &progress).await?)))
        })
    }

    async fn lint_rules(&self, request: LintRules) -> Result<Vec<RuleRemark>, CommandError> {
        let workspace = self.workspace().await?;
        workspace.lint_rules(request.rule_set, request.price_list).await.map_err(crossing)
    }

    async fn list_field_values(&self, request: ListFieldValues) -> Result<FieldValues, CommandError> {
        let ListFieldValues { field, attribute, written } = request;
        self.workspace().await?.field_values(field, attribute, written).await.map_err(crossing)
    }

    async fn list_rule_sets(&self, _: ListRuleSets) -> Result<Vec<RuleSetVersionView>, CommandError> {
        self.workspace().await?.rule_set_versions().await.map_err(crossing)
    }

    async fn get_rule_set_version(&self, request: GetRuleSetVersion) -> Result<RuleSet, CommandError> {
        self.workspace().await?.rule_set_version(request.version).await.map_err(crossing)
    }

    async fn activate_rule_set(&self, request: ActivateRuleSet) -> Result<RuleSet, CommandError> {
        self.workspace().await?.activate_rule_set(request.rule_set).await.map_err(crossing)
    }

    async fn save_rule_draft(&self, request: SaveRuleDraft) -> Result<Vec<RuleSetVersionView>, CommandError> {
        self.workspace().await?.save_rule_draft(&request.rule_set).await.map_err(crossing)
    }

    async fn schedule_rule_set(&self, request: ScheduleRuleSet) -> Result<Vec<RuleSetVersionView>, CommandError> {
        self.workspace().await?.schedule_rule_set(&request.rule_set, request.from).await.map_err(crossing)
    }

    async fn remove_rule_set(&self, request: RemoveRuleSet) -> Result<Vec<RuleSetVersionView>, CommandError> {
        self.workspace().await?.remove_rule_set(request.version).await.map_err(crossing)
    }
}
