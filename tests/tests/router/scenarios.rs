//! What happens if, over the sample workspace: costs rise, a competitor gets cheaper, and the rules answer.

use anyhow::{Context, Result, bail};
use app_contract::{
    BacktestDemand, DesignExperiment, ElasticityGrade, ExperimentInput, FitDemand, ForecastPlan, ForecastProduct,
    GetCategoryElasticity, GetScenario, GetStatus, JobResult, KeepScenario, MarkdownInput, OpenSample, PlanMarkdown,
    PlanPromotion, PromotionInput, ProposeScenario, RepeatScenario, RunScenario, ScenarioChange, ScenarioInput,
    ScenarioObjective, ScenarioPrices, ScenarioReaction,
};
use journeys::Router;
use pricing_domain::GridFilter;

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
    let ruled = router.host.call(RunScenario { scenario: scenario.clone(), sensitivity: true }).await?;
    let kept = ScenarioInput { prices: ScenarioPrices::Keep, ..scenario };
    let kept = router.host.call(RunScenario { scenario: kept, sensitivity: true }).await?;
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

#[tokio::test(flavor = "multi_thread")]
async fn best_prices_are_kept_computed_again_and_proposed() -> Result<()> {
    let router = Router::start()?;
    router.host.call(OpenSample {}).await?;
    let objective = ScenarioObjective { changes_at_most: Some(20.0), step: 5.0, ..ScenarioObjective::default() };
    let scenario = ScenarioInput {
        name: "Best".into(),
        prices: ScenarioPrices::Best,
        objective,
        weeks: 1,
        ..ScenarioInput::default()
    };
    let row = router.host.call(KeepScenario { scenario: scenario.clone(), replaces: None }).await?;
    let kept = router.host.call(GetScenario { scenario: row.id }).await?;
    let optimum = kept.answer.optimum.clone().context("prices were chosen")?;
    assert!(optimum.value > optimum.before && optimum.value <= optimum.bound, "{optimum:?}");
    assert!(optimum.changes > 0 && optimum.changes * 5 <= kept.answer.products, "a fifth at most: {optimum:?}");
    assert!((optimum.bound - optimum.value) as f64 <= 1e-3 * optimum.value as f64, "{optimum:?}");
    let repeated = router.host.call(RepeatScenario { scenario: row.id }).await?;
    assert!(repeated.same, "the same figures");

    let made = router.host.call(ProposeScenario { scenario }).await?;
    let status = router.host.call(GetStatus {}).await?;
    assert_eq!(status.pending_changes, made.changes, "{made:?}");
    assert!(made.changes + made.exceptions > 0);
    let again = router.host.call(RepeatScenario { scenario: row.id }).await?;
    assert!(again.same, "also after the proposals");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn plans_over_the_sample_name_their_target_their_parts_and_their_groups() -> Result<()> {
    let router = Router::start()?;
    router.host.call(OpenSample {}).await?;
    let markdown = router.host.call(PlanMarkdown { plan: MarkdownInput { weeks: 4, ..Default::default() } }).await?;
    assert!(markdown.products > 100 && markdown.left < markdown.left_as_today, "{:?}", markdown.remarks);
    let falling = |row: &app_contract::MarkdownRow| row.prices.windows(2).all(|pair| pair[1] <= pair[0]);
    assert!(markdown.rows.iter().all(falling));

    let plan = PromotionInput { only: vec![GridFilter::KeyValue], funding: 100.0, ..PromotionInput::default() };
    let promotion = router.host.call(PlanPromotion { plan }).await?;
    assert!(promotion.more_units > 0.0 && promotion.funding > 0, "{promotion:?}");
    assert_eq!(promotion.proven + promotion.unproven, promotion.reduced);

    let design = router.host.call(DesignExperiment { experiment: ExperimentInput::default() }).await?;
    assert_eq!(design.treated.len(), design.held.len());
    let treated: std::collections::HashSet<&str> = design.treated.iter().map(|one| one.sku.as_str()).collect();
    assert!(design.held.iter().all(|one| !treated.contains(one.sku.as_str())), "nobody is in both");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_samples_next_and_past_weeks_are_forecast_and_a_category_is_told() -> Result<()> {
    let router = Router::start()?;
    router.host.call(OpenSample {}).await?;
    let price_list = router.default_list().await?;
    let best = |grade| FitDemand { grade: Some(grade), category: None, search: String::new(), offset: 0, limit: 1 };
    let own = router.host.call(best(ElasticityGrade::OwnData)).await?;
    let shrunk = router.host.call(best(ElasticityGrade::Shrunk)).await?;
    let known = own.rows.first().or(shrunk.rows.first()).context("a product with an estimate of its own")?;
    let ask = |plan| ForecastProduct { product: known.product, price_list, weeks: 8, plan };
    let view = router.host.call(ask(ForecastPlan::default())).await?;
    assert_eq!(view.weeks.len(), 8);
    for week in &view.weeks {
        let ends = [week.between_95.0, week.between_80.0, week.median, week.between_80.1, week.between_95.1];
        assert!(ends.is_sorted() && ends[0] >= 0.0 && week.mean > 0.0, "{week:?}");
    }
    let dearer = ForecastPlan { price_minor: Some(view.weeks[0].price_minor * 11 / 10), promotion: None };
    let dearer = router.host.call(ask(dearer)).await?;
    assert!(dearer.units < view.units, "dearer sells less: {} and {}", dearer.units, view.units);

    let job = router.host.call(BacktestDemand { weeks: 4, products: 20, origins: 2 }).await?;
    let job = router.finished(job).await?;
    let Some(JobResult::ForecastBackTest(tested)) = job.result else { bail!("no back-test: {:?}", job.error) };
    assert_eq!(tested.origins.len(), 2);
    assert_eq!(tested.origins.iter().map(|origin| origin.figures.rows).sum::<u64>(), tested.total.rows);

    let category = own.categories.iter().chain(&shrunk.categories).find_map(|found| found.category.clone());
    let category = category.context("a category with an estimate")?;
    let view = router.host.call(GetCategoryElasticity { category, offset: 0, limit: 500 }).await?;
    let graded: u64 = view.grades.iter().map(|(_, count)| count).sum();
    assert!(view.demand.is_some() && graded == view.products, "{:?}", view.demand);
    Ok(())
}
