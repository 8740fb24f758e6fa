//! The stretches of the main job that are walked the same way in every host.

use anyhow::{Context, Result, ensure};
use pricing_domain::GridColumn;

use crate::steps::MainJob;
use crate::{App, ProductsPage};

/// Today says how the day stands.
pub async fn look_at_today(host: &impl MainJob) -> Result<()> {
    let text = host.today().await?;
    for part in ["index", "margin"] {
        ensure!(text.to_lowercase().contains(part), "Today says nothing about {part}: {text}");
    }
    Ok(())
}

/// Searches, sorts and filters the catalogue. Gives the SKU of a product that several competitors sell too.
pub async fn search_sort_filter(host: &impl MainJob) -> Result<String> {
    host.show_catalogue().await?;
    let upwards = host.order(GridColumn::Sku, false).await?;
    let downwards = host.order(GridColumn::Sku, true).await?;
    ensure!(upwards.len() > 5 && upwards.is_sorted(), "not upwards: {upwards:?}");
    ensure!(downwards.len() > 5 && downwards.iter().rev().is_sorted(), "not downwards: {downwards:?}");
    ensure!(upwards.first() != downwards.first(), "both orders begin with {:?}", upwards.first());

    let (matching, total) = host.with_offers().await?;
    ensure!(matching > 0 && matching < total, "{matching} of {total} have offers");
    let sku = host.most_offered().await?;
    let (_, first) = host.search(&sku, |found| found == 1).await?;
    ensure!(first.as_ref() == Some(&sku), "{sku} finds {first:?}");
    host.search("no such product", |found| found == 0).await?;
    host.search(&sku, |found| found == 1).await?;
    Ok(sku)
}

/// Opens a product: its offers and the way to its price.
pub async fn look_into_product(host: &impl MainJob, sku: &str) -> Result<()> {
    let (offers, steps) = host.look_into(sku).await?;
    ensure!(offers > 1, "{sku} has {offers} offers");
    ensure!(steps > 2, "the way to the price of {sku} has {steps} steps");
    Ok(())
}

/// What only a screen shows of the open product: its history at an instant, and where its offers come from.
pub async fn look_at_its_history(app: &App) -> Result<()> {
    let products = ProductsPage::on(app);
    let evidence = products.evidence().await?;
    ensure!(evidence.contains("Found in") && evidence.contains("http://"), "where the price was read: {evidence}");
    let by_keyboard = products.chart_values_by_keyboard().await?;
    let by_pointer = products.chart_values_by_pointer().await?;
    ensure!(by_keyboard != by_pointer, "keyboard and pointer are at the same instant: {by_pointer}");
    Ok(())
}

/// Prices, rejects two with a reason, approves the other ordinary changes, and gives how many those are.
pub async fn decide_proposals(host: &impl MainJob) -> Result<u64> {
    let waiting = host.price().await?;
    ensure!(waiting > 2, "{waiting} ordinary changes");
    let left = host.reject_first(2, "too small to bother").await?;
    ensure!(left == waiting - 2, "{left} of {waiting} are left");
    let approved = host.approve_the_rest().await?;
    ensure!(approved == left, "{approved} are approved, {left} were shown");
    Ok(approved)
}

/// Checks a file of changed prices: as many rows as were approved, each with another price than before.
pub fn check_price_file(content: &str, approved: u64) -> Result<()> {
    let mut lines = content.trim_start_matches('\u{feff}').lines();
    let header: Vec<&str> = lines.next().context("the file has a header")?.split(',').collect();
    let place = |name: &str| header.iter().position(|column| *column == name).context("a column is missing");
    let (old, new) = (place("old_price")?, place("new_price")?);
    let mut rows = 0;
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        ensure!(cells[old] != cells[new] && !cells[new].is_empty(), "not a changed price: {line}");
        rows += 1;
    }
    ensure!(rows == approved, "{rows} rows for {approved} approved prices");
    Ok(())
}
