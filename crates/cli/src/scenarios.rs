//! `omnipricex scenario`: plays what-if scenarios, keeps them, and makes proposals or a draft of the rules of them.

mod answer;
mod kept;

use std::path::PathBuf;
use std::process::ExitCode;

pub use answer::amount;
use anyhow::Result;
use app_commands::{Host, read_scenario};
use app_contract::{DraftScenario, KeepScenario, ProposeScenario, RunScenario, ScenarioInput, suggested_name};
use clap::Subcommand;

use crate::output;

const EXAMPLES: &str = "\
A scenario is a TOML file (or JSON with the same words):

  name = \"Cost up, ElektroMax cheaper\"
  price_list = \"DE\"         # without it the first one
  weeks = 8
  prices = \"rules\"          # the rules decide anew each week; \"keep\": as the changes left them; \"best\": see below
  reaction = { kind = \"follows_down\", percent = 50 }   # none, follows_down, follows_both, matches_lowest,
                            # or { kind = \"learnt\", days = 365 }: as each of them did in the past, after us
                            # and after each other
  stop_at_fall = 15         # a price war stops where own prices have fallen by so many percent; it is seen without it too

  [[changes]]               # in order
  kind = \"cost\"             # cost, competitor, price, volume, stock: percent; vat: rate. Products whose stock changes
                            # sell from it, without deliveries
  percent = 4
  only = [{ brand = \"Sony\" }, \"key_value\"]   # filters as in the grid, also as \"brand:Sony\",
                            # \"demand:own_data\": brand, category, supplier, family, tag, …

  [[changes]]
  kind = \"competitor\"
  name = \"ElektroMax\"       # without it all competitors
  share = 30                # only 30 % of their prices
  percent = -5

  [[changes]]
  kind = \"currency\"         # dearer by percent, and share percent of the costs are paid in it
  percent = 6
  share = 40

  [[changes]]
  kind = \"promotion\"        # percent off for so many weeks; lift, funding, cannibalised: percent
  percent = 20
  weeks = 2
  lift = 30
  funding = 50
  cannibalised = 15

  [[changes]]
  kind = \"index\"
  target = 102
  competitor = \"ElektroMax\"

  [[changes]]
  kind = \"rules\"
  file = \"rules.txt\"        # instead of the rules in force; guardrails: floor_margin, step_up, step_down;
                            # targets: points by which target margins change

  [objective]               # for prices = \"best\"; what a unit of each counts, and what must hold
  margin = 1.0
  revenue = 0.0
  units = 0.0
  step = 10                 # no price moves further, in percent
  changes_at_most = 30      # percent of the prices; revenue_at_least, margin_at_least, units_at_least,
                            # basket_at_most, category_at_most: percent of before
  index = { competitor = \"ElektroMax\", at_most = 102 }
  indexes = [{ competitor = \"ElektroMax\", category = \"Audio > Speakers\", at_least = 98 }]
  clear = { weeks = 6, salvage = 20, only = [{ tag = \"clearance\" }] }

  [assumptions]             # where the sales cannot say
  elasticity = -1.5
  elasticity_error = 0.75
  cross_elasticity = 0.5    # units follow the lowest competitor
  cross_elasticity_error = 0.5

Examples:
  omnipricex --workspace shop.omnipricex scenario run costs-up.toml
  omnipricex scenario run costs-up.toml --json | jq .after.margin
  omnipricex scenario run best.toml --keep --propose";

/// What can be done with scenarios.
#[derive(Subcommand)]
pub enum ScenarioTask {
    /// Plays a scenario over the workspace as it stands. Without --keep, --propose and --draft nothing is written.
    #[command(after_help = EXAMPLES)]
    Run {
        /// A TOML or JSON file.
        file: PathBuf,
        /// Keeps it in the workspace with its answer and all that decided it.
        #[arg(long)]
        keep: bool,
        /// Makes a batch of proposals of the prices at its end; what waits is superseded.
        #[arg(long)]
        propose: bool,
        /// Makes a draft of the rules of it.
        #[arg(long)]
        draft: bool,
    },
    /// The scenarios kept in the workspace.
    List,
    /// What came of a kept scenario when it was kept.
    Show {
        /// Its name.
        name: String,
    },
    /// Plays a kept scenario on what was kept with it, and says whether every figure is the same. Exit code 1: it is not.
    Repeat {
        /// Its name.
        name: String,
    },
    /// Keeps a scenario a second time under another name.
    Copy {
        /// Its name.
        name: String,
        /// The name of the copy.
        new_name: String,
    },
    /// Up to five kept scenarios side by side.
    Compare {
        /// Their names.
        #[arg(required = true, num_args = 1..=5)]
        names: Vec<String>,
    },
    /// Makes a batch of proposals of a kept scenario, on the catalogue as it stands.
    Propose {
        /// Its name.
        name: String,
    },
    /// Makes a draft of the rules of a kept scenario.
    Draft {
        /// Its name.
        name: String,
    },
    /// Forgets a kept scenario.
    Remove {
        /// Its name.
        name: String,
    },
}

/// Does it.
pub async fn run(host: &Host, task: ScenarioTask, json: bool) -> Result<ExitCode> {
    match task {
        ScenarioTask::Run { file, keep, propose: proposes, draft: drafts } => {
            let mut scenario = read_scenario(&file)?;
            if scenario.name.trim().is_empty() {
                scenario.name = suggested_name(&scenario.changes);
            }
            let view = host.call(RunScenario { scenario: scenario.clone(), sensitivity: true }).await?;
            output::answer(json, &view, answer::print);
            if keep {
                let kept = host.call(KeepScenario { scenario: scenario.clone(), replaces: None }).await?;
                output::answer(json, &kept, |kept| println!("Kept as “{}”.", kept.name));
            }
            if proposes {
                propose(host, scenario.clone(), json).await?;
            }
            if drafts {
                draft(host, scenario, json).await?;
            }
        }
        ScenarioTask::List => kept::list(host, json).await?,
        ScenarioTask::Show { name } => {
            let found = kept::found(host, &name).await?;
            output::answer(json, &found, |found| {
                kept::print_row(&found.row);
                answer::print(&found.answer);
            });
        }
        ScenarioTask::Repeat { name } => return kept::repeat(host, &name, json).await,
        ScenarioTask::Copy { name, new_name } => kept::copy(host, &name, new_name, json).await?,
        ScenarioTask::Compare { names } => kept::compare(host, &names, json).await?,
        ScenarioTask::Propose { name } => propose(host, kept::found(host, &name).await?.scenario, json).await?,
        ScenarioTask::Draft { name } => draft(host, kept::found(host, &name).await?.scenario, json).await?,
        ScenarioTask::Remove { name } => kept::remove(host, &name, json).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn propose(host: &Host, scenario: ScenarioInput, json: bool) -> Result<()> {
    let made = host.call(ProposeScenario { scenario }).await?;
    output::answer(json, &made, |made| {
        println!(
            "{} prices proposed, {} need a person; guardrails and endings moved {} and refused {}; {} proposals that waited \
             are superseded.",
            made.changes, made.exceptions, made.moved, made.refused, made.superseded
        );
        made.held_for.iter().for_each(|reason| println!("! The batch waits as a whole: {reason}"));
    });
    Ok(())
}

async fn draft(host: &Host, scenario: ScenarioInput, json: bool) -> Result<()> {
    let made = host.call(DraftScenario { scenario }).await?;
    output::answer(json, &made, |made| {
        println!("Version {} of the rules is a draft: “{}”", made.version, made.name);
        made.remarks.iter().for_each(|remark| println!("  {remark}"));
    });
    Ok(())
}
