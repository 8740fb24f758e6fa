//! The screens with the sample in them.

use anyhow::Result;
use journeys::{App, FirstStart, Frame, MainJob, walks};
use sample_shops::products;

use crate::Camera;

/// The other screens, where nothing needs to be done first: the picture's name, the address and the page.
const OTHERS: [(&str, &str, &str); 10] = [
    ("competitors", "/competitors", "competitors"),
    ("matches", "/matches", "matches"),
    ("connections", "/connections", "connections"),
    ("work", "/work", "work"),
    ("automation", "/automation", "automation"),
    ("demand", "/scenarios/demand", "demand"),
    ("forecasts", "/scenarios/forecasts", "forecasts"),
    ("plans", "/scenarios/plans", "plans"),
    ("experiments", "/scenarios/experiments", "experiments"),
    ("settings", "/settings", "settings"),
];

/// Every screen that the documentation shows.
pub(crate) async fn take_all(camera: &Camera<'_>) -> Result<()> {
    let app = camera.app;
    let frame = Frame::of(app);
    app.text_that("page-today", |text| text.contains("Price index by competitor")).await?;
    camera.take("today").await?;

    let products = frame.products().await?;
    let sku = app.most_offered().await?;
    walks::look_into_product(app, &sku).await?;
    app.script("document.querySelector('[data-testid=detail-panel] h2').scrollIntoView(); return 0").await?;
    app.see("price-chart").await?;
    camera.take("products").await?;
    products.evidence().await?;
    app.script("document.querySelector('[data-testid=offers-table]').scrollIntoView(); return 0").await?;
    camera.take("evidence").await?;
    products.close().await?;

    let proposals = frame.proposals().await?;
    proposals.price_now().await?;
    proposals.open_first().await?;
    camera.take("proposals").await?;

    let rules = frame.rules().await?;
    rules.effect().await?;
    rules.add_margin_rule("Drosva: two points more", "Drosva", "27").await?;
    rules.effect().await?;
    camera.take("rules").await?;
    rules.discard().await?;

    let analytics = frame.analytics().await?;
    analytics.figures().await?;
    analytics.pictures().await?;
    camera.take("analytics").await?;

    frame.collection().await?;
    app.see("sites").await?;
    camera.take("collection").await?;

    let scenarios = frame.scenarios().await?;
    scenarios.answer().await?;
    camera.take("scenarios").await?;
    for (name, address, page) in OTHERS {
        camera.visit(address, page).await?;
        camera.take(name).await?;
    }
    Ok(())
}

/// What an import would do: costs that differ, one that is new, rows that are refused.
pub(crate) async fn take_import_preview(camera: &Camera<'_>) -> Result<()> {
    look_at_file(camera.app).await?;
    camera.app.text_that("import-report", |text| text.contains("What would be new")).await?;
    camera.take("import-preview").await
}

/// What the columns of a file are that is nobody's format.
pub(crate) async fn take_mapping(camera: &Camera<'_>) -> Result<()> {
    look_at_file(camera.app).await?;
    camera.app.click("map-columns").await?;
    camera.app.see("mapping").await?;
    camera.take("mapping").await
}

/// Opens the import of the file that the dialog picks.
async fn look_at_file(app: &App) -> Result<()> {
    Frame::of(app).products().await?;
    app.click("import-menu").await?;
    app.click("import-any").await
}

/// The file that is previewed.
pub(crate) fn costs() -> String {
    let rows = products().iter().step_by(97).take(9).enumerate().map(|(place, product)| {
        let cost = product.price_minor * 6 / 10 + 25;
        let day = if place % 4 == 3 { "2027-01-01" } else { "" };
        format!("{},{}.{:02},EUR,{day}\n", product.sku, cost / 100, cost % 100)
    });
    format!(
        "sku,cost,currency,valid_from\n{}OLD-1,12.00,EUR,\n{},wrong,EUR,\n",
        rows.collect::<String>(),
        products()[5].sku
    )
}

/// The file of an ERP whose columns are said.
pub(crate) fn erp_export() -> String {
    let rows = products().iter().take(12).map(|product| {
        let (euro, cents) = (product.price_minor / 100, product.price_minor % 100);
        format!("{};{};{euro},{cents:02};{},{cents:02};{}\n", product.sku, product.name, euro * 6 / 10, product.gtin)
    });
    format!("Nr;Artikel;Betrag;Selbstkosten;EAN-Code\n{}", rows.collect::<String>())
}

/// What a first start offers.
pub(crate) async fn take_first_start(camera: &Camera<'_>) -> Result<()> {
    FirstStart::seen(camera.app).await?;
    camera.take("first-start").await
}
