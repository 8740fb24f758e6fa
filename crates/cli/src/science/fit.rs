//! `omnipricex science fit`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use app_commands::pricing_science::{
    BetweenVariance, Convention, FitReport, FitRequest, GroupedReport, Method, WeakInstruments, fit, fit_groups,
};
use app_commands::science::read_table;
use clap::{Args, ValueEnum};

use crate::output;

pub const EXAMPLES: &str = "\
The formula: OUTCOME ~ TERMS | FIXED EFFECTS | ENDOGENOUS ~ INSTRUMENTS
  a + b adds, a:b multiplies, a*b is a + b + a:b, 0 removes the intercept; texts and C(x) are factors.
  (1 + x | group) is a random effect and makes the fit a mixed model by REML.
  log, exp, sqrt, abs, I(arithmetic), lag(x, unit, time), change(x, unit, time),
  choose(price, brand): in each row the column whose name is price with that row's brand behind it.

Examples:
  omnipricex science fit oj.csv.gz --formula 'log(sales) ~ brand + log(price)' --errors HC1
  omnipricex science fit oj.csv.gz --let 'lp=log(price)' --formula 'log(sales) ~ lp*brand*feat' \\
      --sum 'promoted=lp + lp:feat'
  omnipricex science fit panel.csv --formula 'units ~ log(price) + promo | product + store + week' \\
      --method ppml --cluster product
  omnipricex science fit panel.csv --formula 'log(units) ~ promo | store | log(price) ~ log(cost)'
  omnipricex science fit cheese.csv.gz --let 'lp=log(PRICE)' --formula 'log(VOLUME) ~ DISP + lp' \\
      --by RETAILER --shrink lp

Conventions of standard errors: classical, HC0, HC1, HC2, HC3, CR0, CR1 (default with --cluster), CRD.
An estimate by weak instruments (first-stage F below 10, Staiger and Stock 1997) is withheld; --despite-weak-instruments shows
it with a warning, to compute published figures again.
Exit code 3: done, but the instruments are weak or a group could not be fitted.";

/// Done, but not to be used as it stands.
const PARTLY: u8 = 3;

/// What to fit.
#[derive(Args)]
pub struct FitWords {
    /// A CSV file whose first line names the columns.
    file: PathBuf,
    /// OUTCOME ~ TERMS | FIXED EFFECTS | ENDOGENOUS ~ INSTRUMENTS
    #[arg(long, short)]
    formula: String,
    /// A column to compute first; may be given several times.
    #[arg(long = "let", value_name = "NAME=EXPRESSION")]
    definitions: Vec<String>,
    /// Only rows where this holds: 'brand == 1 & week <= 147'.
    #[arg(long = "where", value_name = "CONDITION")]
    condition: Option<String>,
    /// linear (least squares, 2SLS, REML by the formula) or ppml.
    #[arg(long, default_value = "linear")]
    method: MethodWord,
    /// Convention of the standard errors.
    #[arg(long, visible_alias = "se", value_name = "CONVENTION")]
    errors: Option<String>,
    /// What the errors are clustered by, separated by commas.
    #[arg(long, value_delimiter = ',')]
    cluster: Vec<String>,
    /// Weights of the rows.
    #[arg(long)]
    weights: Option<String>,
    /// Also the sum of coefficients, parts separated by ' + '; may be given several times.
    #[arg(long = "sum", value_name = "NAME=A + B")]
    sums: Vec<String>,
    /// Fits each group of this column on its own.
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// With --by: this coefficient is shrunk towards the mean of the groups.
    #[arg(long, value_name = "COEFFICIENT", requires = "by")]
    shrink: Option<String>,
    /// Shows an estimate by weak instruments, with a warning.
    #[arg(long)]
    despite_weak_instruments: bool,
    /// How the variance between groups is found.
    #[arg(long, default_value = "reml")]
    between: BetweenWord,
}

#[derive(Clone, Copy, ValueEnum)]
enum MethodWord {
    Linear,
    Ppml,
}

#[derive(Clone, Copy, ValueEnum)]
enum BetweenWord {
    Reml,
    Moments,
    /// Restricted likelihood times the variance: few groups are never taken for all alike.
    Adjusted,
}

fn pair(text: &str) -> Result<(String, String)> {
    let (name, value) = text.split_once('=').with_context(|| format!("“{text}” is not NAME=VALUE"))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

impl FitWords {
    fn request(&self) -> Result<FitRequest> {
        let sum = |text: &String| {
            let (name, parts) = pair(text)?;
            Ok((name, parts.split(" + ").map(|part| part.trim().to_owned()).collect()))
        };
        Ok(FitRequest {
            formula: self.formula.clone(),
            definitions: self.definitions.iter().map(|text| pair(text)).collect::<Result<_>>()?,
            condition: self.condition.clone(),
            method: match self.method {
                MethodWord::Linear => Method::Linear,
                MethodWord::Ppml => Method::Ppml,
            },
            convention: self.errors.as_deref().map(Convention::find).transpose()?,
            clusters: self.cluster.clone(),
            weights: self.weights.clone(),
            sums: self.sums.iter().map(sum).collect::<Result<_>>()?,
            weak_instruments: match self.despite_weak_instruments {
                true => WeakInstruments::Show,
                false => WeakInstruments::Withhold,
            },
        })
    }
}

/// Fits and prints.
pub fn run(words: &FitWords, json: bool) -> Result<ExitCode> {
    let table = read_table(&words.file)?;
    let request = words.request()?;
    let Some(by) = &words.by else {
        let report = fit(&table, &request)?;
        output::answer(json, &report, print);
        let is_weak = report.first_stages.iter().any(|stage| stage.is_weak);
        return Ok(if is_weak { ExitCode::from(PARTLY) } else { ExitCode::SUCCESS });
    };
    let between = match words.between {
        BetweenWord::Reml => BetweenVariance::Reml,
        BetweenWord::Moments => BetweenVariance::Moments,
        BetweenWord::Adjusted => BetweenVariance::Adjusted,
    };
    let report = fit_groups(&table, &request, by, words.shrink.as_deref().map(|name| (name, between)))?;
    output::answer(json, &report, print_groups);
    let is_whole = report.groups.iter().all(|group| group.fit.is_some() && group.problem.is_none());
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::from(PARTLY) })
}

fn print(report: &FitReport) {
    println!("{}, standard errors {}, n = {}", report.method, report.convention, report.observations);
    if report.left_out > 0 {
        println!("{} rows left out: something in them is missing or not finite", report.left_out);
    }
    let sizes = |title: &str, sizes: &[(String, usize)]| {
        sizes.iter().for_each(|(name, count)| println!("{title} {name} ({count})"));
    };
    sizes("absorbed", &report.absorbed);
    sizes("clusters", &report.clusters);
    for stage in &report.first_stages {
        println!("first stage of {}: F = {:.4}, {} instruments", stage.name, stage.f, stage.instruments);
    }
    if let Some(reason) = &report.withheld {
        println!("No estimate is shown. {reason}");
        report.remarks.iter().for_each(|remark| println!("! {remark}"));
        return;
    }
    println!("{:<40} {:>14} {:>14} {:>10} {:>10}", "", "estimate", "std. error", "t", "p");
    for found in report.coefficients.iter().chain(&report.sums) {
        println!(
            "{:<40} {:>14.7} {:>14.7} {:>10.3} {:>10.4}",
            found.name, found.estimate, found.standard_error, found.t, found.p
        );
    }
    for component in &report.variance_components {
        println!("{:<40} {:>14.7}  (standard deviation or correlation)", component.name, component.value);
    }
    report.collinear.iter().for_each(|name| println!("{name}: left out, others explain it"));
    if let Some(test) = &report.overidentification {
        println!("overidentification: J = {:.4}, {} degrees, p = {:.4}", test.j, test.degrees, test.p);
    }
    let within = report.within_r_squared.map_or_else(String::new, |within| format!(", within {within:.6}"));
    println!("R² {:.6}{within}, residual deviation {:.6}", report.r_squared, report.residual_deviation);
    report.remarks.iter().for_each(|remark| println!("! {remark}"));
}

fn print_groups(report: &GroupedReport) {
    for group in &report.groups {
        match (&group.fit, &group.problem) {
            (Some(fit), None) => {
                println!("{} (n = {}, R² {:.4}, {})", group.group, fit.observations, fit.r_squared, fit.convention);
                for found in &fit.coefficients {
                    println!("  {:<38} {:>14.7} {:>14.7}", found.name, found.estimate, found.standard_error);
                }
                if let Some((value, error)) = group.shrunk {
                    println!("  {:<38} {value:>14.7} {error:>14.7}", "shrunk");
                }
            }
            (_, problem) => println!("{}: {}", group.group, problem.as_deref().unwrap_or("not fitted")),
        }
    }
    if let Some(found) = &report.shrinkage {
        println!("mean {:.7} ({:.7}), τ² {:.7}, Q {:.4}", found.mean, found.mean_error, found.tau2, found.q);
        println!("standard deviation: own {:.7}, shrunk {:.7}", found.raw_deviation, found.shrunk_deviation);
    }
}
