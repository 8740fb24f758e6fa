//! The screens with the sample in them.

use anyhow::Result;
use journeys::{FirstStart, Frame, MainJob, walks};

use crate::Camera;

/// The other screens, where nothing needs to be done first: the picture's name, the address and the page.
const OTHERS: [(&str, &str, &str); 11] = [
    ("competitors", "/competitors", "competitors"),
    ("quarantine", "/competitors/quarantine", "quarantine"),
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

/// What a first start offers.
pub(crate) async fn take_first_start(camera: &Camera<'_>) -> Result<()> {
    FirstStart::seen(camera.app).await?;
    camera.take("first-start").await
}
