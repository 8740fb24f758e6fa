//! `omnipricex scenario`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use app_commands::{Host, read_scenario};
use app_contract::{Expected, RunScenario, ScenarioGroup, ScenarioTotals, ScenarioView};
use clap::Subcommand;
use pricing_domain::{Currency, Money};

use crate::output;

const EXAMPLES: &str = "\
A scenario is a TOML file (or JSON with the same words):

  name = \"Cost up, ElektroMax cheaper\"
  price_list = \"DE\"         # without it the first one
  weeks = 8
  prices = \"rules\"          # the rules decide anew each week; \"keep\": prices stay as the changes left them
  reaction = { kind = \"follows_down\", percent = 50 }   # none, follows_down, follows_both, matches_lowest
  stop_at_fall = 15         # a price war stops where own prices have fallen by so many percent

  [[changes]]               # in order
  kind = \"cost\"             # cost, competitor, price, volume: percent; vat: rate; index: target, competitor
  percent = 4
  only = [{ brand = \"Sony\" }, \"key_value\"]   # filters as in the grid: brand, category, supplier, family, tag, …

  [[changes]]
  kind = \"competitor\"
  name = \"ElektroMax\"       # without it all competitors
  percent = -5

  [[changes]]
  kind = \"index\"
  target = 102
  competitor = \"ElektroMax\"

  [[changes]]
  kind = \"rules\"
  file = \"rules.txt\"        # instead of the rules in force

  [assumptions]             # where the sales cannot say
  elasticity = -1.5
  elasticity_error = 0.75
  cross_elasticity = 0.5    # units follow the lowest competitor
  cross_elasticity_error = 0.5

Examples:
  omnipricex --workspace shop.omnipricex scenario run costs-up.toml
  omnipricex scenario run costs-up.toml --json | jq .after.margin";

/// What can be done with scenarios.
#[derive(Subcommand)]
pub enum ScenarioTask {
    /// Plays a scenario over the workspace as it stands. Nothing is written.
    #[command(after_help = EXAMPLES)]
    Run {
        /// A TOML or JSON file.
        file: PathBuf,
    },
}

/// Does it.
pub async fn run(host: &Host, task: ScenarioTask, json: bool) -> Result<ExitCode> {
    let ScenarioTask::Run { file } = task;
    let view = host.call(RunScenario { scenario: read_scenario(&file)? }).await?;
    output::answer(json, &view, print);
    Ok(ExitCode::SUCCESS)
}

fn print(view: &ScenarioView) {
    const GROUPS: usize = 8;
    let currency = view.currency;
    let change = view.after.margin.value - view.today.margin.value;
    let verb = if change < 0 { "falls" } else { "rises" };
    println!(
        "{}: margin a week {verb} by {} {}, from {} to {} (between {} and {})",
        if view.name.is_empty() { "Scenario" } else { &view.name },
        amount(change.abs(), currency),
        currency.code(),
        amount(view.today.margin.value, currency),
        amount(view.after.margin.value, currency),
        amount(view.after.margin.low, currency),
        amount(view.after.margin.high, currency)
    );
    println!(
        "{} products on {}, {} weeks, {} ms; {} raised, {} lowered, {} unchanged, {} need you",
        view.products,
        view.price_list,
        view.weeks.len(),
        view.elapsed_ms,
        view.raised,
        view.lowered,
        view.unchanged,
        view.exceptions
    );
    view.left_out.iter().for_each(|(reason, count)| println!("  {count} left out: {reason}"));
    println!("{:<12} {:>16} {:>16}   95 % interval", "", "today", "then");
    let units = |of: &Expected<f64>| format!("{:.0} to {:.0}", of.low, of.high);
    println!(
        "{:<12} {:>16.0} {:>16.0}   {}",
        "units",
        view.today.units.value,
        view.after.units.value,
        units(&view.after.units)
    );
    let row = |name: &str, of: &dyn Fn(&ScenarioTotals) -> Expected<i64>| {
        let (today, after) = (of(&view.today), of(&view.after));
        let interval = format!("{} to {}", amount(after.low, currency), amount(after.high, currency));
        println!("{name:<12} {:>16} {:>16}   {interval}", amount(today.value, currency), amount(after.value, currency));
    };
    row("revenue", &|totals| totals.revenue);
    row("margin", &|totals| totals.margin);
    println!("mean price change {:+.2} %", view.after.price_change);
    for (name, before, after) in &view.indexes {
        println!("  index against {name:<20} {:>8.2} → {:>8.2}", *before as f64 / 100.0, *after as f64 / 100.0);
    }
    groups("By category", &view.categories, currency, GROUPS);
    groups("By brand", &view.brands, currency, GROUPS);
    println!("What moves the margin most:");
    for bar in &view.sensitivity {
        let (low, high) = (amount(bar.low, currency), amount(bar.high, currency));
        println!("  {:<54} {low:>14} ({}) {high:>14} ({})", bar.assumption, bar.low_words, bar.high_words);
    }
    println!("Rests on:");
    for grade in &view.grades {
        let (title, share) = (grade.grade.title(), grade.revenue_percent);
        println!("  {title:<40} {:>7} products, {share:>5.1} % of the revenue", grade.products);
    }
    view.remarks.iter().for_each(|remark| println!("! {remark}"));
}

fn groups(title: &str, groups: &[ScenarioGroup], currency: Currency, shown: usize) {
    println!("{title}, margin a week:");
    for group in groups.iter().take(shown) {
        let name = if group.name.is_empty() { "(none)" } else { &group.name };
        let (today, after) = (amount(group.today.margin.value, currency), amount(group.after.margin.value, currency));
        println!("  {name:<40} {:>6} products {today:>14} → {after:>14}", group.products);
    }
}

fn amount(minor: i64, currency: Currency) -> String {
    Money::new(minor, currency).amount_text()
}
