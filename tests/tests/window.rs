//! The real window: the same screens as in the browser, native files, and what the window must not be able to do.

#[path = "window/confinement.rs"]
mod confinement;

use anyhow::{Context, Result, ensure};
use journeys::{FirstStart, Frame, Start, check_accessibility, in_window, walks};

#[tokio::test(flavor = "multi_thread")]
async fn the_window_can_do_nothing_but_what_the_interface_needs() -> Result<()> {
    in_window("window-confinement", Start::default(), async |desktop| {
        confinement::check_policy(&desktop.app).await?;
        confinement::check_commands(&desktop.app).await?;
        confinement::check_navigation(&desktop.app).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_becomes_changed_prices_in_a_file() -> Result<()> {
    let start = Start {
        arguments: vec!["--sample".to_owned()],
        picked: Some(("any.txt".to_owned(), String::new())),
        ..Start::default()
    };
    in_window("window-main-job", start, async |desktop| {
        let app = &desktop.app;
        walks::look_at_today(app).await?;
        check_accessibility(app, "Today in the window").await?;
        let sku = walks::search_sort_filter(app).await?;
        walks::look_into_product(app, &sku).await?;
        walks::look_at_its_history(app).await?;
        let approved = walks::decide_proposals(app).await?;
        Frame::of(app).proposals().await?.export_csv().await?;
        let file = desktop.saved("csv").await?;
        walks::check_price_file(&std::fs::read_to_string(file).context("reading the saved file")?, approved)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_is_imported_through_the_dialog_and_taken_back() -> Result<()> {
    let catalogue = "sku,name,currency,price,cost\nK-1,Kettle,EUR,29.95,17.20\nT-1,Toaster,EUR,wrong,9.10\n";
    let start = Start { picked: Some(("catalogue.csv".to_owned(), catalogue.to_owned())), ..Start::default() };
    in_window("window-import", start, async |desktop| {
        let app = &desktop.app;
        let first = FirstStart::seen(app).await?;
        ensure!(first.offers_to_open_a_file().await?, "the window opens workspace files");
        first.import_catalogue("Kettles & Co.").await?;
        let report = app.text_that("import-report", |text| text.contains("wrong")).await?;
        ensure!(report.contains("price"), "the refused row names its column: {report}");

        let products = Frame::of(app).products().await?;
        products.counts_that(|matching, total| (matching, total) == (1, 1)).await?;
        app.click_css("[data-testid=import-report] [data-testid=undo]").await?;
        app.text_that("import-report", |text| text.contains("Taken back")).await.map(drop)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_the_interface_is_told_and_a_reload_goes_on() -> Result<()> {
    in_window("window-fault", Start::default(), async |desktop| {
        let app = &desktop.app;
        app.driver().execute("setTimeout(() => { throw new Error('tried') })", Vec::new()).await?;
        let notice = app.text_that("fault", |text| text.contains("Reload")).await?;
        ensure!(notice.contains("is safe"), "what a person needs to know: {notice}");
        check_accessibility(app, "a fault").await?;
        app.click_css("[data-testid=fault] summary").await?;
        app.text_that("fault", |text| text.contains("tried")).await?;
        app.click_css("[data-testid=fault] button").await?;
        FirstStart::seen(app).await.map(drop)?;
        app.gone("fault").await
    })
    .await
}
