//! `omnipricex science category`.

use std::process::ExitCode;

use anyhow::Result;
use app_commands::Host;
use app_contract::{CategoryElasticityView, GetCategoryElasticity};

use super::grades::print_row;
use crate::output;

/// Ends of a 95 % interval in standard errors.
const WIDTH: f64 = 1.96;

/// Looks a category up and prints it.
pub async fn run(host: &Host, category: String, offset: u64, limit: u32, json: bool) -> Result<ExitCode> {
    let view = host.call(GetCategoryElasticity { category, offset, limit }).await?;
    output::answer(json, &view, print);
    Ok(ExitCode::SUCCESS)
}

fn print(view: &CategoryElasticityView) {
    let ends = |value: f64, error: f64| format!("{:.2} to {:.2}", value - WIDTH * error, value + WIDTH * error);
    match &view.demand {
        Some(found) => {
            let between = ends(found.elasticity, found.error);
            println!(
                "{}: {:.2} (95 % between {between}), from {} estimates",
                view.category, found.elasticity, found.products
            );
            println!("  products differ by {:.2} (standard deviation)", found.between);
            if let Some(families) = found.between_families {
                println!("  of that between families {families:.2}");
            }
        }
        None => {
            let (has, needs) = view.estimates;
            println!("{}: no estimate of its own: {has} of {needs} products with one", view.category);
            if let Some(above) = &view.stands_in {
                println!("  {above} stands in");
            }
        }
    }
    for family in &view.families {
        let between = ends(family.elasticity, family.error);
        println!(
            "  family {}: {:.2} ({between}), from {} estimates",
            family.family, family.elasticity, family.products
        );
    }
    if let Some(words) = &view.siblings {
        println!("  {words}");
    }
    println!("{} products, {} of them hardly answer their price", view.products, view.inelastic);
    view.grades
        .iter()
        .filter(|(_, count)| *count > 0)
        .for_each(|(grade, count)| println!("  {count:>8} {}", grade.title()));
    if !view.lacking.is_empty() {
        println!("Missing for an estimate from own data:");
        view.lacking.iter().for_each(|(words, count)| println!("  {count:>8} {words}"));
    }
    if !view.dropped.is_empty() {
        println!("Days left out:");
        view.dropped.iter().for_each(|(words, count)| println!("  {count:>8} {words}"));
    }
    view.rows.iter().for_each(print_row);
}
