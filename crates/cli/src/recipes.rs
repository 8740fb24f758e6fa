//! Recipes for sites, tried and learnt from files: no workspace, no network.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use app_commands::reading::{Recipe, RecipeTrial, learn_recipe, try_recipe};
use clap::Subcommand;

use crate::output;
use crate::run::PARTLY;

/// What can be done with a recipe.
#[derive(Subcommand)]
pub enum RecipeTask {
    /// Reads pages with a recipe and prints what it finds; exit code 3 when it finds no price on one of them.
    #[command(after_help = "Example:\n  omnipricex recipe test shop.example.json pages/*.html")]
    Test {
        /// The recipe's file.
        file: PathBuf,
        /// Pages of the site.
        #[arg(required = true)]
        pages: Vec<PathBuf>,
    },
    /// Proposes a recipe from one page and the price you see on it, and tries it on other pages of the site.
    #[command(after_help = "Example:\n  omnipricex recipe learn page.html --price \"1.234,56 €\" \\\n    \
        --url https://shop.example/lamp --also other.html --out shop.example.json")]
    Learn {
        /// The page's file.
        page: PathBuf,
        /// The price as the page shows it.
        #[arg(long)]
        price: String,
        /// The page's address.
        #[arg(long, default_value = "")]
        url: String,
        /// Another page of the site to try the proposal on; may be given more than once.
        #[arg(long, value_name = "PAGE")]
        also: Vec<PathBuf>,
        /// Where to write the recipe; without it on standard output.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// `omnipricex recipe`
pub fn recipe(task: RecipeTask, json: bool) -> Result<ExitCode> {
    let trials = match task {
        RecipeTask::Test { file, pages } => {
            let text = std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
            let recipe = Recipe::parse(&text).with_context(|| format!("{}", file.display()))?;
            let trials = try_recipe(&recipe, &pages)?;
            output::answer(json, &trials, |trials| trials.iter().for_each(trial_in_words));
            trials
        }
        RecipeTask::Learn { page, price, url, also, out } => {
            let learnt = learn_recipe(&page, &url, &price, &also)?;
            if let Some(out) = &out {
                std::fs::write(out, learnt.recipe.to_json() + "\n")
                    .with_context(|| format!("writing {}", out.display()))?;
            }
            output::answer(json, &learnt, |learnt| {
                match &out {
                    Some(out) => println!("{}", out.display()),
                    None => println!("{}", learnt.recipe.to_json()),
                }
                eprintln!("{} is shown by {} elements", learnt.price, learnt.shown);
                learnt.warnings.iter().for_each(|warning| eprintln!("  {warning}"));
                learnt.trials.iter().for_each(trial_to_stderr);
            });
            learnt.trials
        }
    };
    let all = trials.iter().all(|trial| trial.by_recipe);
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(PARTLY) })
}

fn trial_in_words(trial: &RecipeTrial) {
    println!("{}", line(trial));
    trial.answer.warnings.iter().for_each(|warning| println!("    {warning}"));
}

fn trial_to_stderr(trial: &RecipeTrial) {
    eprintln!("{}", line(trial));
}

fn line(trial: &RecipeTrial) -> String {
    let answer = &trial.answer;
    let price = answer.price.map_or_else(|| format!("refused ({})", answer.state), |price| price.to_string());
    let currency = answer.currency.map(|currency| format!(" {currency}")).unwrap_or_default();
    let way = if trial.by_recipe { "by the recipe" } else { "the recipe finds no price" };
    let without = trial.price_without.map_or_else(|| "none".to_owned(), |price| price.to_string());
    format!("{}: {price}{currency}, {way}; without it {without}", trial.file.display())
}
