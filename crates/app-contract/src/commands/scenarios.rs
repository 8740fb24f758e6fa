//! Scenarios: run, kept, compared, and turned into proposals or drafts.

use pricing_domain::{Currency, ScenarioId};

use crate::command::commands;
use crate::views::{
    ChartRequestLook, KeptScenario, KeptScenarioRow, MarketChartView, RepeatedScenario, ScenarioDraft, ScenarioInput,
    ScenarioProposals, ScenarioTotals, ScenarioView,
};

commands! {
    ScenariosCommands;

    /// What would happen if: plays a scenario over the catalogue as it stands. Writes nothing; a later scenario ends an
    /// earlier one that still runs.
    run_scenario: RunScenario {
        /// The scenario.
        scenario: ScenarioInput,
        /// Whether it is also played without each change and with other reactions, for the sensitivity; otherwise only
        /// what is assumed about demand is moved.
        sensitivity: bool,
    } -> ScenarioView, reads [Products, Offers, Rules], writes [];

    /// The scenarios kept in the workspace, newest first.
    list_scenarios: ListScenarios {} -> Vec<KeptScenarioRow>, reads [Scenarios, Changes], writes [];

    /// A kept scenario with what came of it when it was kept.
    get_scenario: GetScenario {
        /// Which.
        scenario: ScenarioId,
    } -> KeptScenario, reads [Scenarios], writes [];

    /// Plays a scenario and keeps it with its answer and all that decided it.
    keep_scenario: KeepScenario {
        /// The scenario; its name is made unique where it is taken.
        scenario: ScenarioInput,
        /// Which kept one it replaces; `None`: it is a new one.
        replaces: Option<ScenarioId>,
    } -> KeptScenarioRow, reads [], writes [Scenarios, Changes];

    /// Keeps a scenario a second time under another name, with its answer.
    copy_scenario: CopyScenario {
        /// Which.
        scenario: ScenarioId,
        /// The name of the copy.
        name: String,
    } -> KeptScenarioRow, reads [], writes [Scenarios, Changes];

    /// Forgets a kept scenario.
    remove_scenario: RemoveScenario {
        /// Which.
        scenario: ScenarioId,
    } -> Vec<KeptScenarioRow>, reads [], writes [Scenarios, Changes];

    /// Plays a kept scenario again on the inputs that were kept with it: the same figures, whatever changed since.
    repeat_scenario: RepeatScenario {
        /// Which.
        scenario: ScenarioId,
    } -> RepeatedScenario, reads [Scenarios], writes [];

    /// Plays a scenario and makes a batch of proposals of the prices at its end, under the guardrails in force.
    propose_scenario: ProposeScenario {
        /// The scenario.
        scenario: ScenarioInput,
    } -> ScenarioProposals, reads [], writes [Proposals, Products, Rules, Changes];

    /// Makes a draft of the rules of a scenario: its own rules, the index it holds, or the margins its best prices have.
    draft_scenario: DraftScenario {
        /// The scenario.
        scenario: ScenarioInput,
    } -> ScenarioDraft, reads [], writes [Rules, Changes];

    /// The margin of the weeks of a scenario as a picture, with its interval.
    draw_scenario_weeks: DrawScenarioWeeks {
        /// A week without the scenario.
        today: ScenarioTotals,
        /// The weeks played, in order.
        weeks: Vec<ScenarioTotals>,
        /// Of the amounts.
        currency: Currency,
        /// Size and colours.
        look: ChartRequestLook,
    } -> MarketChartView, reads [], writes [];
}
