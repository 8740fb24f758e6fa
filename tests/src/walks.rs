//! The stretches of the main job that are walked the same way in every host.

use anyhow::{Context, Result, ensure};

use crate::{App, Frame, ProductsPage};

/// Today says how the day stands.
pub async fn look_at_today(app: &App) -> Result<()> {
    let today = Frame::of(app).today().await?;
    let text = today.text_with("needs you").await?;
    for part in ["index", "margin"] {
        ensure!(text.to_lowercase().contains(part), "Today says nothing about {part}: {text}");
    }
    Ok(())
}

/// Searches, sorts and filters the grid. Gives the SKU of a product that competitors sell too.
pub async fn search_sort_filter(app: &App) -> Result<String> {
    let products = Frame::of(app).products().await?;
    let (_, total) = products.counts_that(|matching, total| matching == total && total > 0).await?;
    check_order(&products).await?;

    products.filter("has_offers").await?;
    let (matching, _) = products.counts_that(|matching, of| matching > 0 && matching < total && of == total).await?;
    products.sort_by("offers").await?;
    products.sorted("offers", "ascending").await?;
    let fewest = products.settled_rows().await?;
    products.sort_by("offers").await?;
    products.sorted("offers", "descending").await?;
    let rows = products.rows_that(|rows| !rows.is_empty() && rows.first() != fewest.first()).await?;
    let sku = rows.first().context("a product with offers")?.clone();

    products.search(&sku).await?;
    products.counts_that(|found, _| found >= 1 && found < matching.max(2)).await?;
    products.rows_that(|rows| rows.first() == Some(&sku)).await?;
    products.search("no such product").await?;
    products.counts_that(|found, of| found == 0 && of == total).await?;
    products.search(&sku).await?;
    products.rows_that(|rows| rows.first() == Some(&sku)).await?;
    Ok(sku)
}

async fn check_order(products: &ProductsPage<'_>) -> Result<()> {
    products.sorted("sku", "ascending").await?;
    let upwards = products.rows_that(|rows| rows.len() > 5 && rows.is_sorted()).await?;
    products.sort_by("sku").await?;
    products.sorted("sku", "descending").await?;
    let downwards = products.rows_that(|rows| rows.len() > 5 && rows.iter().rev().is_sorted()).await?;
    ensure!(upwards.first() != downwards.first(), "both orders begin with {:?}", upwards.first());
    Ok(())
}

/// Opens a product: its history at an instant, where its offers come from, the way to its price.
pub async fn look_into_product(app: &App, sku: &str) -> Result<()> {
    let products = ProductsPage::on(app);
    products.open(sku).await?;
    ensure!(products.offers().await? > 1, "the product has several offers");
    let evidence = products.evidence().await?;
    ensure!(evidence.contains("Found in") && evidence.contains("http://"), "where the price was read: {evidence}");
    let by_keyboard = products.chart_values_by_keyboard().await?;
    let by_pointer = products.chart_values_by_pointer().await?;
    ensure!(by_keyboard != by_pointer, "keyboard and pointer are at the same instant: {by_pointer}");
    ensure!(products.price_way().await? > 2, "the way has steps");
    Ok(())
}

/// Prices, rejects two with a reason, approves the other ordinary changes, and gives how many those are.
pub async fn decide_proposals(app: &App) -> Result<u64> {
    let proposals = Frame::of(app).proposals().await?;
    proposals.price_now().await?;
    proposals.show("exceptions").await?;
    proposals.open_first().await?;
    proposals.close().await?;

    proposals.show("ordinary-changes").await?;
    let waiting = proposals.group_count("ordinary-changes").await?;
    proposals.count_that(|count| count == waiting && count > 2).await?;
    proposals.mark_first(2).await?;
    proposals.reject_marked("too small to bother").await?;
    let left = proposals.count_that(|count| count == waiting - 2).await?;
    ensure!(proposals.group_count("rejected").await? >= 2, "the rejected ones are counted");

    proposals.approve_all().await?;
    proposals.count_that(|count| count == 0).await?;
    ensure!(proposals.group_count("approved").await? == left, "as many are approved as were shown");
    Ok(left)
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
