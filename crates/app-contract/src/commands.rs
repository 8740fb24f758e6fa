//! Every command of the product, by area. One entry there is a command at every host.

mod analytics;
mod assistant;
mod catalog;
mod collection;
mod demand;
mod matching;
mod proposals;
mod publishing;
mod reading;
mod reporting;
mod rules;
mod scenarios;
mod workspace;

use crate::command::areas;

areas! {
    workspace: WorkspaceCommands,
    catalog: CatalogCommands,
    collection: CollectionCommands,
    reading: ReadingCommands,
    matching: MatchingCommands,
    proposals: ProposalsCommands,
    rules: RulesCommands,
    publishing: PublishingCommands,
    scenarios: ScenariosCommands,
    demand: DemandCommands,
    analytics: AnalyticsCommands,
    reporting: ReportingCommands,
    assistant: AssistantCommands,
}
