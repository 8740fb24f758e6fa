//! Scenarios over the catalogue: rules, demand, answers of competitors, totals with intervals.

use std::path::Path;

use anyhow::{Result, bail, ensure};
use app_contract::{
    ImportOptions, JobResult, RunScenario, ScenarioChange, ScenarioInput, ScenarioPrices, ScenarioReaction, StartImport,
};
use pricing_domain::FileKind;

use super::add_costs;
use crate::catalogue::SALES_FILE;
use crate::figures::{Figures, Unit};
use crate::session::Session;

const ROUNDS: u32 = 5;
/// Competitors see prices in the first week and answer them for the second.
const WITH_AN_ANSWER: u32 = 2;
const FURTHER_WEEKS: u32 = 4;
/// The size at which a slider moves, and the large one.
const SLIDER: u32 = 10_000;
const LARGE: u32 = 1_000_000;

/// Costs rise, competitors follow cuts for the week after; so many weeks that they have answered once, then some more.
pub(super) async fn over_the_catalogue(folder: &Path, figures: &mut Figures) -> Result<()> {
    let session = Session::open(folder).await?;
    let file = session.host.register_input(session.path(SALES_FILE))?.id;
    let job = session.job(StartImport { file, options: ImportOptions::of_kind(FileKind::Sales) }).await?;
    match &job.view.result {
        Some(JobResult::Import(report)) => ensure!(report.refused == 0, "{} rows of sales are refused", report.refused),
        other => bail!("an import ends with its report, not with {other:?}"),
    }
    let scenario = |percent: f64, weeks: u32| ScenarioInput {
        changes: vec![ScenarioChange::Cost { percent, only: Vec::new() }],
        prices: ScenarioPrices::Rules,
        reaction: ScenarioReaction::FollowsDown { percent: 50.0 },
        weeks,
        ..ScenarioInput::default()
    };
    let ask = |percent: f64, weeks: u32| {
        session.timed(RunScenario { scenario: scenario(percent, weeks), sensitivity: false })
    };
    let (view, first) = ask(4.0, WITH_AN_ANSWER).await?;
    ensure!(view.raised + view.lowered > 0, "the rules have work");
    figures.add("Scenario: the first one, demand fitted", first, Unit::Milliseconds);
    figures.add("Scenario: products played", view.products as f64, Unit::Count);
    let (mut one, mut more) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // Another cost each time, as while a slider moves.
        let percent = 4.0 + f64::from(round);
        one.push(ask(percent, WITH_AN_ANSWER).await?.1);
        more.push(ask(percent, WITH_AN_ANSWER + FURTHER_WEEKS).await?.1);
    }
    let middle = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let (one, more) = (middle(&mut one), middle(&mut more));
    let name = "Scenario: two weeks with a round of answers, while a slider moves";
    figures.aim_by_size(name, one, Unit::Milliseconds, &[(SLIDER, 50.0), (LARGE, 3_000.0)]);
    let further = (more - one) / f64::from(FURTHER_WEEKS);
    figures.aim_by_size("Scenario: each further week", further, Unit::Milliseconds, &[(LARGE, 500.0)]);
    add_costs(figures, "Scenarios", None);
    session.close().await;
    Ok(())
}
