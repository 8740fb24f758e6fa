//! The screens with the sample in them.

use anyhow::Result;
use journeys::{Frame, MainJob, walks};

use crate::Camera;

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
    camera.take("scenarios").await
}
