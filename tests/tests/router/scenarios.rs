//! What happens if, over the sample workspace: costs rise, a competitor gets cheaper, and the rules answer.

use anyhow::Result;
use app_contract::{
    ElasticityGrade, FitDemand, GetStatus, OpenSample, RunScenario, ScenarioChange, ScenarioInput, ScenarioPrices,
    ScenarioReaction,
};
use journeys::Router;

#[tokio::test(flavor = "multi_thread")]
async fn a_scenario_over_the_sample_answers_with_intervals_grades_and_what_matters() -> Result<()> {
    let router = Router::start()?;
    router.host.call(OpenSample {}).await?;
    let before = router.host.call(GetStatus {}).await?;
    let demand =
        router.host.call(FitDemand { grade: None, category: None, search: String::new(), offset: 0, limit: 5 }).await?;
    let graded: u64 = demand.grades.iter().map(|(_, count)| count).sum();
    assert_eq!(graded, demand.products);
    let own = |grade: ElasticityGrade| demand.grades.iter().any(|(found, count)| *found == grade && *count > 0);
    assert!(own(ElasticityGrade::OwnData) || own(ElasticityGrade::Shrunk), "{:?}", demand.grades);

    let rival =
        ScenarioChange::Competitor { percent: -5.0, name: Some("ElektroMax".into()), share: None, only: vec![] };
    let costs = ScenarioChange::Cost { percent: 4.0, only: vec![] };
    let scenario = ScenarioInput {
        name: "Dearer, and ElektroMax cheaper".into(),
        changes: vec![costs, rival],
        reaction: ScenarioReaction::FollowsDown { percent: 50.0 },
        weeks: 3,
        ..ScenarioInput::default()
    };
    let ruled = router.host.call(RunScenario { scenario: scenario.clone() }).await?;
    let kept = ScenarioInput { prices: ScenarioPrices::Keep, ..scenario };
    let kept = router.host.call(RunScenario { scenario: kept }).await?;
    assert!(ruled.products > 1_000 && ruled.weeks.len() == 3, "{} products", ruled.products);
    assert!(kept.after.margin.value < kept.today.margin.value, "dearer costs and unchanged prices earn less");
    assert!(ruled.raised + ruled.lowered > 0 && kept.raised + kept.lowered == 0);
    assert!(ruled.after.margin.low <= ruled.after.margin.value && ruled.after.margin.value <= ruled.after.margin.high);
    assert!(ruled.after.units.low < ruled.after.units.high, "changed prices leave something unsure");
    assert!(!ruled.categories.is_empty() && !ruled.brands.is_empty() && ruled.biggest.len() == 10);
    let widths: Vec<u64> = ruled.sensitivity.iter().map(|bar| bar.low.abs_diff(bar.high)).collect();
    assert!(widths.len() >= 3 && widths.is_sorted_by(|one, other| one >= other), "{widths:?}");
    assert!(ruled.indexes.iter().any(|(name, today, after)| name == "ElektroMax" && today != after));
    let after = router.host.call(GetStatus {}).await?;
    assert_eq!(after.pending_changes, before.pending_changes, "nothing was written");
    Ok(())
}
