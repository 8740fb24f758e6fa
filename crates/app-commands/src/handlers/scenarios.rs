//! Scenarios: run, kept, compared, and turned into proposals or drafts.

use app_contract::{
    CommandError, CopyScenario, DraftScenario, DrawScenarioWeeks, GetScenario, KeepScenario, KeptScenario,
    KeptScenarioRow, ListScenarios, MarketChartView, ProposeScenario, RemoveScenario, RepeatScenario, RepeatedScenario,
    RunScenario, ScenarioDraft, ScenarioProposals, ScenarioView, ScenariosCommands,
};
use pricing_operations::{Sensitivity, Workspace};

use crate::errors::crossing;
use crate::host::Host;

impl ScenariosCommands for Host {
    async fn run_scenario(&self, request: RunScenario) -> Result<ScenarioView, CommandError> {
        let sensitivity = if request.sensitivity { Sensitivity::Whole } else { Sensitivity::OfDemand };
        self.workspace().await?.run_scenario(request.scenario, sensitivity).await.map_err(crossing)
    }

    async fn list_scenarios(&self, _: ListScenarios) -> Result<Vec<KeptScenarioRow>, CommandError> {
        self.workspace().await?.kept_scenarios().await.map_err(crossing)
    }

    async fn get_scenario(&self, request: GetScenario) -> Result<KeptScenario, CommandError> {
        self.workspace().await?.kept_scenario(request.scenario).await.map_err(crossing)
    }

    async fn keep_scenario(&self, request: KeepScenario) -> Result<KeptScenarioRow, CommandError> {
        self.workspace().await?.keep_scenario(request.scenario, request.replaces).await.map_err(crossing)
    }

    async fn copy_scenario(&self, request: CopyScenario) -> Result<KeptScenarioRow, CommandError> {
        self.workspace().await?.copy_scenario(request.scenario, &request.name).await.map_err(crossing)
    }

    async fn remove_scenario(&self, request: RemoveScenario) -> Result<Vec<KeptScenarioRow>, CommandError> {
        self.workspace().await?.remove_scenario(request.scenario).await.map_err(crossing)
    }

    async fn repeat_scenario(&self, request: RepeatScenario) -> Result<RepeatedScenario, CommandError> {
        self.workspace().await?.repeat_scenario(request.scenario).await.map_err(crossing)
    }

    async fn propose_scenario(&self, request: ProposeScenario) -> Result<ScenarioProposals, CommandError> {
        self.workspace().await?.propose_scenario(request.scenario).await.map_err(crossing)
    }

    async fn draft_scenario(&self, request: DraftScenario) -> Result<ScenarioDraft, CommandError> {
        self.workspace().await?.draft_scenario(request.scenario).await.map_err(crossing)
    }

    async fn draw_scenario_weeks(&self, request: DrawScenarioWeeks) -> Result<MarketChartView, CommandError> {
        let DrawScenarioWeeks { today, weeks, currency, look } = request;
        Workspace::draw_scenario_weeks(today, weeks, currency, look).await.map_err(crossing)
    }
}
