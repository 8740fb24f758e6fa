//! `omnipricex science backtest`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use app_commands::Host;
use app_commands::pricing_science::{BacktestReport, ForecastRequest, backtest};
use app_commands::science::read_table;
use app_contract::{BacktestDemand, BacktestFigures, BacktestView};
use clap::Args;

use crate::output;
use crate::run::end;

pub const EXAMPLES: &str = "\
Every column is an expression, as in `science fit`. Settings are chosen by rolling origins inside the training periods;
the test periods are looked at once, for the score. Prices and promotions of the test periods are taken as known.

Examples:
  omnipricex science backtest sales.csv --units units --price price --promotions promo \\
      --pool sku --unit store --time week --train-until 147 --test-until 160
  omnipricex science backtest orangeJuice.csv.gz --units 'exp(logmove)' --price 'choose(price, brand)' \\
      --promotions deal,feat --pool brand --unit store --time week --train-until 147 --test-until 160 \\
      --other-prices price1,price2,price3,price4,price5,price6,price7,price8,price9,price10,price11 --json";

/// What to test.
#[derive(Args)]
pub struct BacktestWords {
    /// A CSV file (gzip is fine) with a row for each product, store and period.
    file: PathBuf,
    /// Units sold.
    #[arg(long, default_value = "units")]
    units: String,
    /// The own price.
    #[arg(long, default_value = "price")]
    price: String,
    /// Promotions and features, separated by commas.
    #[arg(long, value_delimiter = ',')]
    promotions: Vec<String>,
    /// Prices of others that may matter, separated by commas.
    #[arg(long, value_delimiter = ',')]
    other_prices: Vec<String>,
    /// Series of one pool share what is learnt: the product.
    #[arg(long, default_value = "product")]
    pool: String,
    /// What tells the series of a pool apart: the store; 1 where there is only one.
    #[arg(long, default_value = "1")]
    unit: String,
    /// The period, a whole number.
    #[arg(long, default_value = "week")]
    time: String,
    /// Periods in a year.
    #[arg(long, default_value_t = 52.0)]
    season: f64,
    /// The last period that is learnt from.
    #[arg(long)]
    train_until: f64,
    /// The last period that is forecast.
    #[arg(long)]
    test_until: f64,
}

/// Tests and prints.
pub fn run(words: &BacktestWords, json: bool) -> Result<ExitCode> {
    let table = read_table(&words.file)?;
    let report = backtest(
        &table,
        &ForecastRequest {
            units: words.units.clone(),
            price: words.price.clone(),
            promotions: words.promotions.clone(),
            other_prices: words.other_prices.clone(),
            unit: words.unit.clone(),
            pool: words.pool.clone(),
            time: words.time.clone(),
            season_length: words.season,
            train_until: words.train_until,
            test_until: words.test_until,
        },
    )?;
    output::answer(json, &report, print);
    Ok(ExitCode::SUCCESS)
}

fn print(report: &BacktestReport) {
    println!("{} rows forecast, {} could not be", report.rows, report.not_forecast);
    println!("{:<16} {:>8} {:>9} {:>12}", "", "WMAPE", "bias", "value added");
    for score in &report.scores {
        let bias = 100.0 * score.bias;
        println!("{:<16} {:>8.4} {bias:>7.2} % {:>10.1} %", score.name, score.wmape, 100.0 * score.value_added);
    }
    println!("mean forecast: WMAPE {:.4}, bias {:.2} %", report.mean_wmape, 100.0 * report.mean_bias);
    println!("median forecast: WMAPE {:.4}, bias {:.2} %", report.median_wmape, 100.0 * report.median_bias);
    println!("80 % interval covers {:.1} %", 100.0 * report.coverage_80);
    println!("95 % interval covers {:.1} %", 100.0 * report.coverage_95);
    for one in &report.classes {
        println!(
            "  {:<14} {:>6} rows of {:>5} series: 80 % covers {:.1} %, 95 % covers {:.1} %, {:.1} units wide",
            format!("{:?}", one.class).to_lowercase(),
            one.rows,
            one.series,
            100.0 * one.coverage_80,
            100.0 * one.coverage_95,
            one.width_80
        );
    }
    let (wmape, bias) = (report.inner_wmape, 100.0 * report.inner_bias);
    println!("inside the training periods, where the settings were chosen: WMAPE {wmape:.4}, bias {bias:.2} %");
}

/// Tests on the sales of the workspace.
pub async fn run_on_workspace(host: &Host, question: BacktestDemand, json: bool) -> Result<ExitCode> {
    let job = host.call(question).await?;
    end(host, job, json).await
}

/// Prints it, all origins together first.
pub fn print_of_workspace(view: &BacktestView) {
    println!(
        "{} products, {} weeks from each of {} origins, {} ms",
        view.products,
        view.test_weeks,
        view.origins.len(),
        view.elapsed_ms
    );
    print_figures(&view.total);
    for origin in view.origins.iter().filter(|_| view.origins.len() > 1) {
        println!("from {} on, learnt from {} weeks:", origin.first_tested, origin.learnt_weeks);
        print_figures(&origin.figures);
    }
    let (wmape, bias) = view.inner;
    println!("on the weeks in which settings were chosen: WMAPE {wmape:.1} %, bias {bias:.1} %");
    view.remarks.iter().for_each(|remark| println!("! {remark}"));
}

fn print_figures(figures: &BacktestFigures) {
    println!("  {} forecasts, {} could not be made", figures.rows, figures.not_forecast);
    println!("  {:<16} {:>8} {:>9} {:>12}", "", "WMAPE", "bias", "value added");
    for score in &figures.scores {
        println!("  {:<16} {:>6.1} % {:>7.1} % {:>10.1} %", score.name, score.wmape, score.bias, score.value_added);
    }
    println!("  {:<16} {:>6.1} % {:>7.1} %", "mean", figures.mean.0, figures.mean.1);
    println!("  {:<16} {:>6.1} % {:>7.1} %", "median", figures.median.0, figures.median.1);
    println!("  80 % interval covers {:.1} %, 95 % interval {:.1} %", figures.coverage_80, figures.coverage_95);
    for one in &figures.classes {
        println!(
            "  {:<22} {:>5} products, {:>6.1} a week: 80 % covers {:.1} % ({:.1} wide), 95 % covers {:.1} %, off by {}",
            one.class.title(),
            one.products,
            one.mean_units,
            one.coverage_80,
            one.width_80,
            one.coverage_95,
            one.wmape.map_or_else(|| "–".to_owned(), |wmape| format!("{wmape:.1} %"))
        );
    }
}
