//! `omnipricex automation`: what runs by itself.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use app_commands::Host;
use app_contract::{
    AutomationDigest, AutomationTurnView, AutomationView, AutomationsView, GetAutomationDigest, ListAutomations,
    PauseAutomation, RemoveAutomation, RunAutomation, SaveAutomation,
};
use clap::Subcommand;
use pricing_domain::{AutomationOutcome, AutomationPlan, CivilDate};

use crate::output;
use crate::run::{PARTLY, end};

/// What can be done with what runs by itself.
#[derive(Subcommand)]
pub enum AutomationTask {
    /// Saves a plan of a JSON file; one with its name is replaced.
    #[command(
        after_help = "Example of a plan:\n  {\"name\": \"Night\", \"pattern\": \"0 5 * * *\", \"time_zone\": \"Europe/Berlin\",\n   \
        \"scope\": [{\"role\": [\"tail\"]}], \"collect\": true, \"approve\": true, \"target\": \"file\"}\n\
        target: \"file\", or \"nothing\" where a person hands approved prices over."
    )]
    Save {
        /// As JSON.
        file: PathBuf,
    },
    /// Prints a plan as JSON, to be changed and saved again.
    Show {
        /// Its name.
        name: String,
    },
    /// Runs a turn now.
    Run {
        /// Its name.
        name: String,
        /// Also visit this origin on your own machine or network.
        #[arg(long, value_name = "ORIGIN")]
        allow_origin: Vec<String>,
    },
    /// Lets it rest.
    Pause {
        /// Its name.
        name: String,
    },
    /// Lets it go on with its next turn.
    Resume {
        /// Its name.
        name: String,
    },
    /// Removes it with its turns.
    Remove {
        /// Its name.
        name: String,
    },
    /// What ran by itself on a day, and what needs a person.
    Digest {
        /// Which day (2026-12-24); without it today.
        #[arg(long, value_name = "DAY")]
        day: Option<CivilDate>,
        /// In which zone.
        #[arg(long, default_value = "UTC")]
        zone: String,
    },
    /// Stays and takes turns by schedule, collections too, until Ctrl+C.
    Watch,
}

/// Does what the words ask for; without any, lists.
pub async fn run(host: &Host, task: Option<AutomationTask>, json: bool) -> Result<ExitCode> {
    let view = match task {
        None => host.call(ListAutomations {}).await?,
        Some(AutomationTask::Save { file }) => {
            let text = std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
            let plan: AutomationPlan =
                serde_json::from_str(&text).with_context(|| format!("{} is no plan", file.display()))?;
            crate::approvals::refuse_unknown_keys(&file, &text, &plan)?;
            let known = host.call(ListAutomations {}).await?;
            let automation = known.automations.iter().find(|one| one.plan.name == plan.name).map(|one| one.id);
            host.call(SaveAutomation { automation, plan }).await?
        }
        Some(AutomationTask::Show { name }) => {
            println!("{}", serde_json::to_string_pretty(&named(host, &name).await?.plan)?);
            return Ok(ExitCode::SUCCESS);
        }
        Some(AutomationTask::Run { name, allow_origin }) => {
            for origin in allow_origin {
                host.allow_private_origin(&origin).await?;
            }
            let job = host.call(RunAutomation { automation: named(host, &name).await?.id }).await?;
            return end(host, job, json).await;
        }
        Some(AutomationTask::Pause { name }) => pause(host, &name, true).await?,
        Some(AutomationTask::Resume { name }) => pause(host, &name, false).await?,
        Some(AutomationTask::Remove { name }) => {
            host.call(RemoveAutomation { automation: named(host, &name).await?.id }).await?
        }
        Some(AutomationTask::Digest { day, zone }) => {
            let digest = host.call(GetAutomationDigest { day, time_zone: zone }).await?;
            output::answer(json, &digest, in_words);
            return Ok(ExitCode::SUCCESS);
        }
        Some(AutomationTask::Watch) => {
            host.read_ahead().await;
            println!("Taking turns by schedule; Ctrl+C ends it.");
            tokio::signal::ctrl_c().await?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    output::answer(json, &view, list);
    Ok(ExitCode::SUCCESS)
}

/// The exit code of a turn: refused and blocked turns are no success.
pub fn exit_code(turn: &AutomationTurnView) -> ExitCode {
    match turn.outcome {
        Some(AutomationOutcome::Done) => ExitCode::SUCCESS,
        Some(AutomationOutcome::Failed) => ExitCode::FAILURE,
        _ => ExitCode::from(PARTLY),
    }
}

async fn pause(host: &Host, name: &str, paused: bool) -> Result<AutomationsView> {
    Ok(host.call(PauseAutomation { automation: named(host, name).await?.id, paused }).await?)
}

async fn named(host: &Host, name: &str) -> Result<AutomationView> {
    let known = host.call(ListAutomations {}).await?.automations;
    let found = known.into_iter().find(|one| one.plan.name.eq_ignore_ascii_case(name.trim()));
    found.with_context(|| format!("nothing that runs by itself is called “{name}”"))
}

fn list(view: &AutomationsView) {
    if view.stopped {
        println!("The stop switch is on: nothing runs by itself.");
    }
    if view.automations.is_empty() {
        println!("Nothing runs by itself yet. `omnipricex automation save plan.json` begins it.");
    }
    for one in &view.automations {
        let next = match one.next_at {
            Some(at) => format!("next {at}"),
            None => "rests".to_owned(),
        };
        println!("{:<24} {} ({}); {next}", one.plan.name, one.words.trim_end_matches('.'), one.plan.time_zone);
    }
    for one in view.turns.iter().take(10) {
        println!();
        turn(one);
    }
}

/// A turn in words.
pub fn turn(turn: &AutomationTurnView) {
    let outcome = turn.outcome.map_or_else(|| "not finished".to_owned(), |outcome| outcome.to_string());
    println!("{}  {}: {outcome}", turn.started_at, turn.name);
    turn.words.iter().for_each(|line| println!("  {line}"));
}

fn in_words(digest: &AutomationDigest) {
    println!("{} ({})", digest.day, digest.time_zone);
    digest.words.iter().for_each(|line| println!("  {line}"));
    for one in &digest.turns {
        println!();
        turn(one);
    }
}
