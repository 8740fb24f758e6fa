//! `omnipricex science grades`.

use std::process::ExitCode;

use anyhow::Result;
use app_commands::Host;
use app_contract::{
    DemandReport, ElasticityGrade, ElasticityRow, ElasticityView, FindProduct, FitDemand, GetElasticity,
};
use clap::{Args, ValueEnum};

use crate::output;

pub const EXAMPLES: &str = "\
Each product's elasticity comes from its own sales, from its own sales drawn towards its category, from its category
alone, or there is not enough data, and then what is missing is said. Nothing is written.

Examples:
  omnipricex --workspace shop.omnipricex science grades
  omnipricex science grades --grade not-enough --limit 100 --json
  omnipricex science grades SKU-1";

/// What to show.
#[derive(Args)]
pub struct GradesWords {
    /// Only this product, with all that its elasticity rests on.
    sku: Option<String>,
    /// Only products of this grade.
    #[arg(long)]
    grade: Option<GradeWord>,
    /// Only products of this category and those below it: 'TV & Audio > Headphones'.
    #[arg(long)]
    category: Option<String>,
    /// Words that must all occur in SKU, name, brand or GTIN.
    #[arg(long, default_value = "")]
    search: String,
    /// The first product, from 0.
    #[arg(long, default_value_t = 0)]
    offset: u64,
    /// At most so many products.
    #[arg(long, default_value_t = 20)]
    limit: u32,
}

#[derive(Clone, Copy, ValueEnum)]
enum GradeWord {
    OwnData,
    Shrunk,
    Category,
    NotEnough,
}

impl From<GradeWord> for ElasticityGrade {
    fn from(word: GradeWord) -> Self {
        match word {
            GradeWord::OwnData => Self::OwnData,
            GradeWord::Shrunk => Self::Shrunk,
            GradeWord::Category => Self::Category,
            GradeWord::NotEnough => Self::NotEnough,
        }
    }
}

/// Asks and prints.
pub async fn run(host: &Host, words: GradesWords, json: bool) -> Result<ExitCode> {
    if let Some(sku) = words.sku {
        let product = host.call(FindProduct { sku }).await?;
        output::answer(json, &host.call(GetElasticity { product }).await?, print_one);
        return Ok(ExitCode::SUCCESS);
    }
    let GradesWords { grade, category, search, offset, limit, .. } = words;
    let report = host.call(FitDemand { grade: grade.map(Into::into), category, search, offset, limit }).await?;
    output::answer(json, &report, print);
    Ok(ExitCode::SUCCESS)
}

fn print(report: &DemandReport) {
    println!("{} products, {} rows of sales, fitted in {} ms", report.products, report.sales_rows, report.elapsed_ms);
    report.grades.iter().for_each(|(grade, count)| println!("  {count:>8} {}", grade.title()));
    println!("Missing for an estimate from own data:");
    report.lacking.iter().for_each(|(words, count)| println!("  {count:>8} {words}"));
    if !report.dropped.is_empty() {
        println!("Days left out:");
        report.dropped.iter().for_each(|(words, count)| println!("  {count:>8} {words}"));
    }
    for found in &report.categories {
        let name = found.category.as_deref().unwrap_or("the whole catalogue");
        println!(
            "{name}: {:.2} (error {:.2}), products differ by {:.2}, from {} estimates",
            found.elasticity, found.error, found.between, found.products
        );
    }
    println!("{} products", report.matching);
    report.rows.iter().for_each(print_row);
}

pub(super) fn print_row(row: &ElasticityRow) {
    let value = row.elasticity.zip(row.error);
    let value = value.map_or_else(|| "–".to_owned(), |(value, error)| format!("{value:.2} ± {error:.2}"));
    let inelastic = if row.inelastic { ", inelastic" } else { "" };
    println!("  {:<14} {value:>16}  {}{inelastic}  {}", row.sku, row.grade.title(), row.missing.join("; "));
}

fn print_one(view: &ElasticityView) {
    print_row(&view.row);
    println!("  {}", view.row.name);
    if let Some((value, error)) = view.own {
        println!("  own estimate {value:.2} ± {error:.2}");
    }
    if let Some(category) = &view.category {
        println!("  drawn towards {category}");
    }
    if let Some(family) = &view.family {
        println!("  by way of its family {family}");
    }
    println!("  prices of its family: {}", view.siblings_words);
    println!("  prices of competitors: {}", view.rival_words);
    println!(
        "  {} weeks with sales, {} prices, variation {:.1} %, {} days in promotion",
        view.weeks, view.price_levels, view.price_variation, view.promotion_days
    );
    if view.row.inelastic {
        println!("  demand hardly answers the price: no best price lies inside, a bound must be used");
    }
    view.dropped.iter().for_each(|(reason, count)| println!("  {count} days left out: {reason}"));
}
