//! `omnipricex science forecast`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use app_commands::Host;
use app_contract::{FindProduct, ForecastPlan, ForecastProduct, ForecastView, GetStatus, PlannedPromotion};
use clap::Args;

use crate::output;
use crate::run::named_list;
use crate::scenarios::amount;

pub const EXAMPLES: &str = "\
Prices and promotions that are kept in the workspace for these weeks are followed; --price and --promotion-price plan
others. Means add up over weeks; half of such weeks sell less than the median. Nothing is written.

Examples:
  omnipricex science forecast WM-7 --weeks 8
  omnipricex science forecast WM-7 --weeks 8 --price 399 --promotion-price 349 --promotion-from 3 --promotion-weeks 2
  omnipricex science forecast WM-7 --json | jq '.weeks[].mean'";

/// What to forecast.
#[derive(Args)]
pub struct ForecastWords {
    /// Article number.
    sku: String,
    /// Weeks, 8 to 13.
    #[arg(long, default_value_t = 8)]
    weeks: u32,
    /// Code of the price list; without it the first one.
    #[arg(long)]
    list: Option<String>,
    /// The regular price of all weeks, in place of those that are kept.
    #[arg(long)]
    price: Option<String>,
    /// The price of a promotion beside those that are kept.
    #[arg(long)]
    promotion_price: Option<String>,
    /// Its first week, from 1.
    #[arg(long, default_value_t = 1, requires = "promotion_price")]
    promotion_from: u32,
    /// For so many weeks.
    #[arg(long, default_value_t = 1, requires = "promotion_price")]
    promotion_weeks: u32,
}

/// Forecasts and prints.
pub async fn run(host: &Host, words: ForecastWords, json: bool) -> Result<ExitCode> {
    let status = host.call(GetStatus {}).await?;
    let list = named_list(&status, words.list.as_deref())?;
    let minor = |text: &Option<String>| -> Result<Option<i64>> {
        let Some(text) = text else { return Ok(None) };
        match pricing_domain::parse_scaled(text, list.currency.minor_digits()) {
            Some(minor) if minor > 0 => Ok(Some(minor)),
            _ => bail!("“{text}” is not a price in {}.", list.currency),
        }
    };
    let promotion = minor(&words.promotion_price)?.map(|price_minor| PlannedPromotion {
        price_minor,
        first_week: words.promotion_from,
        weeks: words.promotion_weeks,
    });
    let plan = ForecastPlan { price_minor: minor(&words.price)?, promotion };
    let product = host.call(FindProduct { sku: words.sku }).await?;
    let view = host.call(ForecastProduct { product, price_list: list.id, weeks: words.weeks, plan }).await?;
    output::answer(json, &view, print);
    Ok(ExitCode::SUCCESS)
}

fn print(view: &ForecastView) {
    println!("{} {}: {:.1} units expected in {} weeks", view.sku, view.name, view.units, view.weeks.len());
    println!(
        "learnt from {} weeks ({} with sales) and {} others of its category; past forecasts were off by {:.1} %",
        view.known_weeks, view.sold_weeks, view.neighbours, view.off_percent
    );
    println!("{:<12} {:>10} {:>8} {:>8}  {:>17} {:>17}", "week of", "price", "median", "mean", "80 %", "95 %");
    for week in &view.weeks {
        let ends = |(low, high): (f64, f64)| format!("{low:.1} to {high:.1}");
        let promotion = if week.promotion > 0.0 { "  promotion" } else { "" };
        let extrapolated = if week.extrapolated { "  extrapolated" } else { "" };
        println!(
            "{:<12} {:>10} {:>8.1} {:>8.1}  {:>17} {:>17}{promotion}{extrapolated}",
            week.monday.to_string(),
            amount(week.price_minor, view.currency),
            week.median,
            week.mean,
            ends(week.between_80),
            ends(week.between_95)
        );
    }
    view.remarks.iter().for_each(|remark| println!("! {remark}"));
}
