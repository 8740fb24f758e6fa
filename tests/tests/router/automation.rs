//! What runs by itself, with real shops: collected, priced, approved by the policy and handed over in one turn; then
//! the rules over the past of the sample.

use anyhow::{Result, bail};
use app_contract::{
    AutomationTurnView, GetAutomationDigest, JobResult, ListWork, OpenSample, PauseAutomation, RunAutomation,
    SaveApprovalPolicy, SaveAutomation, SetPublishingStop, StartBackTest, WorkKind,
};
use journeys::Router;
use pricing_domain::{
    ApprovalLine, ApprovalPolicy, AutomationOutcome, AutomationPlan, AutomationTarget, BasisPoints, FourEyes, Instant,
    Scope, ScopeTest,
};

use crate::retailer::Retailer;

async fn turn(router: &Router, run: RunAutomation) -> Result<AutomationTurnView> {
    let job = router.finished(router.host.call(run).await?).await?;
    match job.result {
        Some(JobResult::Automation(turn)) => Ok(turn),
        other => bail!("no turn: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_runs_by_itself_and_the_stop_switch_blocks_it() -> Result<()> {
    let router = Router::start()?;
    let retailer = Retailer::open().await?;
    retailer.move_in(&router).await?;
    router.collect_with_delay(0).await?;
    let line = ApprovalLine {
        name: "Up to 6 %".into(),
        largest_raise: Some(BasisPoints(600)),
        largest_cut: Some(BasisPoints(600)),
        least_margin: Some(BasisPoints(500)),
        ..ApprovalLine::default()
    };
    let policy = ApprovalPolicy { enabled: false, lines: vec![line], four_eyes: FourEyes::Off, all_or_nothing: false };
    router.host.call(SaveApprovalPolicy { policy }).await?;
    let plan = AutomationPlan {
        name: "Night".into(),
        pattern: "0 3 * * *".into(),
        time_zone: "Europe/Berlin".into(),
        scope: Scope(vec![ScopeTest::HasCost(true)]),
        collect: true,
        competitors: Vec::new(),
        approve: true,
        target: AutomationTarget::File,
        connection: None,
    };
    let view = router.host.call(SaveAutomation { automation: None, plan }).await?;
    let automation = view.automations[0].id;
    assert!(view.automations[0].next_at.is_some() && view.turns.is_empty());

    router.host.call(SetPublishingStop { stopped: true, reason: "odd prices".into() }).await?;
    let blocked = turn(&router, RunAutomation { automation }).await?;
    assert_eq!((blocked.outcome, blocked.figures.pages), (Some(AutomationOutcome::Stopped), 0), "{blocked:?}");
    router.host.call(SetPublishingStop { stopped: false, reason: String::new() }).await?;

    let done = turn(&router, RunAutomation { automation }).await?;
    match done.outcome {
        Some(AutomationOutcome::Done) => {
            assert!(done.figures.pages > 0 && done.figures.approved > 0, "{done:?}");
            assert_eq!(done.figures.handed_over, done.figures.approved, "{done:?}");
            let file = done.file.as_ref().expect("handed over");
            let written = std::fs::read_to_string(router.host.file_path(file.id).expect("known"))?;
            assert_eq!(written.lines().count() as u64, done.figures.handed_over + 1);
        }
        Some(AutomationOutcome::Held) => {
            assert!(done.figures.approved == 0 && done.file.is_none(), "{done:?}");
        }
        other => bail!("{other:?}: {done:?}"),
    }
    let digest = router.host.call(GetAutomationDigest { day: None, time_zone: "Europe/Berlin".into() }).await?;
    assert_eq!(digest.turns.len(), 2, "{:?}", digest.words);
    assert!(digest.words.iter().any(|line| line.contains("blocked by the stop switch")), "{:?}", digest.words);
    let rests = router.host.call(PauseAutomation { automation, paused: true }).await?;
    assert!(rests.automations[0].paused && rests.automations[0].next_at.is_none());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_in_force_are_played_over_the_past_of_the_sample() -> Result<()> {
    let router = Router::start()?;
    router.host.call(OpenSample {}).await?;
    let price_list = router.default_list().await?;
    let micros = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_micros();
    let day = |back: i64| Instant(i64::try_from(micros).unwrap_or(0)).plus_days(-back).utc_date();
    let back_test = StartBackTest { rule_set: None, price_list, from: Some(day(14)), to: Some(day(1)), look: None };
    let job = router.finished(router.host.call(back_test).await?).await?;
    let Some(JobResult::BackTest(view)) = job.result else { bail!("no back-test: {:?}", job.error) };
    assert_eq!(view.days.len(), 14);
    let last = view.days.last().expect("fourteen days");
    assert!(last.products > 1_000 && view.totals.rule_changes > 0, "{last:?}");
    println!(
        "{} products, {} days, {} changes by the rules, {} ms",
        last.products,
        view.days.len(),
        view.totals.rule_changes,
        view.elapsed_ms
    );
    let work = ListWork { kind: WorkKind::CostChanges, price_list, offset: 0, limit: 50 };
    let work = router.host.call(work).await?;
    assert!(work.rows.len() as u64 <= work.counts.cost_changes);
    Ok(())
}
