//! The whole job in a browser at the gateway, every screen checked for accessibility.

#[path = "browser/engine.rs"]
mod engine;
#[path = "browser/publishing.rs"]
mod publishing;

use anyhow::{Context, Result, bail, ensure};
use app_commands::Host;
use app_contract::{GetProduct, GetStatus, LearnRecipe, ListCompetitors, ListProducts, ListProposals, ProposalFilter};
use journeys::scripted_model::{Act, MODEL, ScriptedModel, Seen, call};
use journeys::{App, FirstStart, Frame, check_accessibility, in_browser, walks};
use pricing_domain::{GridFilter, GridSort, ProposalStatus};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_is_looked_at_decided_and_exported() -> Result<()> {
    in_browser("browser-main-job", async |browser| {
        let app = &browser.app;
        let first = FirstStart::seen(app).await?;
        ensure!(!first.offers_to_open_a_file().await?, "a browser cannot name a file of the host");
        check_accessibility(app, "first start").await?;
        first.open_sample().await?;

        walks::look_at_today(app).await?;
        check_accessibility(app, "Today").await?;
        let sku = walks::search_sort_filter(app).await?;
        walks::look_into_product(app, &sku).await?;
        walks::look_at_its_history(app).await?;
        check_accessibility(app, "Products with a product").await?;

        let approved = walks::decide_proposals(app).await?;
        check_accessibility(app, "Proposals").await?;
        let proposals = Frame::of(app).proposals().await?;
        proposals.export_csv().await?;
        let file = browser.downloaded("csv").await?;
        walks::check_price_file(&std::fs::read_to_string(file).context("reading the download")?, approved)?;

        proposals.put_newest_back().await?;
        proposals.taken_back().await?;
        check_accessibility(app, "Proposals with hand-overs").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_is_connected_and_approved_prices_are_seen_there() -> Result<()> {
    in_browser("browser-publishing", async |browser| {
        let app = &browser.app;
        FirstStart::seen(app).await?.open_sample().await?;
        let shop = test_shops::WooShop::open(publishing::catalogue(&browser.host).await?).await;

        let connections = Frame::of(app).connections().await?;
        check_accessibility(app, "Connections without any").await?;
        let (key, secret) = (test_shops::WooShop::KEY, test_shops::WooShop::SECRET);
        connections.add_woo_commerce("Our shop", shop.door.address(), key, secret).await?;
        let facts = connections.test().await?;
        ensure!(facts.contains("EUR"), "{facts}");

        let approved = walks::decide_proposals(app).await?;
        let connections = Frame::of(app).connections().await?;
        app.click("connection").await?;
        let dry = connections.dry_run().await?;
        ensure!(dry.contains("would be sent") && shop.taken().is_empty(), "{dry}");
        connections.runs("would be sent").await?;
        check_accessibility(app, "Connections with a dry run").await?;

        let proposals = Frame::of(app).proposals().await?;
        let report = proposals.publish().await?;
        let sent = shop.taken().len();
        ensure!(sent > 0 && sent as u64 <= approved, "{sent} of {approved}: {report}");
        let standing = proposals.newest_publication().await?;
        ensure!(standing.starts_with("Done") && standing.contains(&format!("{sent} of {sent}")), "{standing}");
        proposals.put_newest_back_in_shop().await?;
        proposals.taken_back().await?;
        check_accessibility(app, "Proposals published and put back").await?;
        publishing::shows_the_sample(&browser.host, &shop).await?;

        Frame::of(app).connections().await?;
        app.click("connection").await?;
        connections.remove().await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_edited_with_their_effect_in_sight_and_put_in_force() -> Result<()> {
    in_browser("browser-rules", async |browser| {
        let app = &browser.app;
        FirstStart::seen(app).await?.open_sample().await?;
        let rules = Frame::of(app).rules().await?;
        let before = rules.effect().await?;
        check_accessibility(app, "Rules").await?;

        rules.add_margin_rule("Own margin", "Nordlicht", "41,5").await?;
        rules.move_up().await?;
        let after = rules.effect_other_than(&before).await?;
        ensure!(rules.names().await?[0] == "Own margin", "{:?}", rules.names().await?);
        rules.set_step_down("0").await?;
        let problems = rules.problems().await?;
        ensure!(problems.contains("above zero"), "{problems}");
        rules.set_step_down("15").await?;
        rules.effect_other_than(&before).await?;
        check_accessibility(app, "Guardrails").await?;

        // Another screen and back: what was edited is still there.
        Frame::of(app).today().await?;
        let rules = Frame::of(app).rules().await?;
        ensure!(rules.names().await?[0] == "Own margin", "the draft stays");
        rules.put_in_force().await?;
        let differences = rules.differences_to_the_first().await?;
        ensure!(differences.contains("Own margin"), "{differences}");
        ensure!(after != before, "the new rule has an effect");
        let versions = browser.host.call(app_contract::ListRuleSets {}).await?;
        ensure!(versions.len() == 2 && versions[0].state == pricing_domain::RuleSetState::Active, "{versions:?}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn products_are_found_at_a_competitor_and_reviewed_with_the_keyboard() -> Result<()> {
    in_browser("browser-matches", async |browser| {
        let app = &browser.app;
        FirstStart::seen(app).await?.open_sample().await?;
        let competitors = browser.host.call(app_contract::GetCollection {}).await?.competitors;
        let shop = competitors.iter().find(|shop| shop.name == "Gerätefuchs");
        let shop = shop.context("the sample has this competitor")?;

        let matches = Frame::of(app).matches().await?;
        check_accessibility(app, "Matches without any").await?;
        matches.find_at(&shop.name, &shop.origins[0]).await?;
        let certain = matches.group_that("certain", |count| count > 3).await?;
        let words = matches.open_first().await?;
        ensure!(words.contains("GTIN") && words.contains("of 100"), "{words}");
        check_accessibility(app, "Matches with a match").await?;
        matches.press("a").await?;
        matches.group_that("accepted", |count| count == 1).await?;
        matches.press("r").await?;
        matches.group_that("rejected", |count| count == 1).await?;
        ensure!(matches.group_that("certain", |count| count < certain).await? >= 1, "others still wait");
        Ok(())
    })
    .await
}

/// A page of the competitor that is listed first whose price is still the one collected, and that price.
async fn page_that_teaches(host: &Host) -> Result<(String, String)> {
    let first = host.call(ListCompetitors {}).await?.into_iter().next().context("a competitor")?;
    let status = host.call(GetStatus {}).await?;
    let price_list = status.workspace.context("a workspace")?.price_lists[0].id;
    let filters = vec![GridFilter::HasOffers];
    let page =
        ListProducts { price_list, search: String::new(), filters, sort: GridSort::default(), offset: 0, limit: 100 };
    for row in host.call(page).await?.rows {
        let detail = host.call(GetProduct { product: row.id, price_list }).await?;
        let offers = detail.offers.into_iter().filter(|offer| offer.competitor == first.name);
        for (url, price) in offers.filter_map(|offer| Some((offer.url, offer.price?.to_string()))) {
            let lesson = LearnRecipe { competitor: first.id, url: url.clone(), price: price.clone() };
            if host.call(lesson).await.is_ok_and(|test| test.by_recipe > 0) {
                return Ok((url, price));
            }
        }
    }
    bail!("no page of {} shows the price that was collected", first.name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_competitor_is_scheduled_and_a_price_is_set_by_hand() -> Result<()> {
    in_browser("browser-competitors", async |browser| {
        let app = &browser.app;
        FirstStart::seen(app).await?.open_sample().await?;
        let competitors = Frame::of(app).competitors().await?;
        competitors.open_first().await?;
        check_accessibility(app, "Competitors with a competitor").await?;
        let (url, price) = page_that_teaches(&browser.host).await?;
        let learnt = competitors.learn(&url, &price).await?;
        ensure!(learnt.contains("The price was understood as"), "{learnt}");
        check_accessibility(app, "A recipe that was learnt").await?;
        competitors.save_recipe().await?;
        competitors.set_delay("1500").await?;
        let words = competitors.schedule().await?;
        ensure!(words.contains("06:00"), "{words}");
        let stored = browser.host.call(ListCompetitors {}).await?;
        ensure!(stored.iter().any(|one| one.settings.delay_ms == Some(1_500) && one.schedule.is_some()), "{stored:?}");
        competitors.quarantine().await?;
        check_accessibility(app, "Quarantine").await?;

        let proposals = Frame::of(app).proposals().await?;
        proposals.open_first().await?;
        proposals.set_price("0.01", "A slip").await?;
        app.text_that("toast", |text| text.contains("is refused")).await?;
        proposals.set_price_again("9999", "On purpose").await?;
        // The panel closes once the price is set.
        app.gone("detail-panel").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_market_is_looked_at_a_scenario_is_played_and_questions_are_answered() -> Result<()> {
    in_browser("browser-insights", async |browser| {
        let app = &browser.app;
        FirstStart::seen(app).await?.open_sample().await?;
        let frame = Frame::of(app);
        let analytics = frame.analytics().await?;
        let figures = analytics.figures().await?;
        analytics.pictures().await?;
        analytics.redrawn_in("dark").await?;
        analytics.redrawn_in("light").await?;
        check_accessibility(app, "Analytics").await?;
        analytics.of_brand("Brysta").await?;
        analytics.figures_other_than(&figures).await?;

        let scenarios = frame.scenarios().await?;
        let answer = scenarios.answer().await?;
        ensure!(answer.contains("falls"), "dearer goods cost margin: {answer}");
        scenarios.keep("Costs up 4").await?;
        let other = scenarios.by("-4", &answer).await?;
        ensure!(other.contains("rises"), "cheaper goods bring margin: {other}");
        scenarios.keep("Costs down 4").await?;
        let beside = scenarios.compare().await?;
        ensure!(beside.contains("Costs down 4"), "{beside}");
        check_accessibility(app, "Scenarios").await?;
        let best = scenarios.choose_best().await?;
        ensure!(best.contains("instead of"), "{best}");
        scenarios.beside("science-demand", "demand-categories").await?;
        check_accessibility(app, "Demand").await?;
        scenarios.beside("demand-category-page", "category-answer").await?;
        scenarios.beside("demand-product", "elasticity-answer").await?;
        app.see("start-forecast").await?;
        check_accessibility(app, "Demand of a category, with a product").await?;
        scenarios.beside("science-plans", "markdown-answer").await?;
        check_accessibility(app, "Markdowns and promotions").await?;
        scenarios.beside("science-experiments", "experiment-answer").await?;
        check_accessibility(app, "Experiments").await?;

        let assistant = frame.assistant().await?;
        let words = assistant.ask("Which products are below cost?").await?;
        ensure!(words.chars().any(|sign| sign.is_ascii_digit()), "{words}");
        check_accessibility(app, "The assistant beside Scenarios").await?;
        let source = assistant.open_source().await?;
        ensure!(source.contains("rows") && source.contains("state"), "{source}");
        let again = assistant.run_step_again().await?;
        ensure!(again.contains("as before"), "{again}");
        assistant.ask("How did our price index develop?").await?;
        app.see("answer-picture").await?;
        assistant.newest_question_on_top().await?;
        check_accessibility(app, "An answer with a picture").await?;
        frame.proposals().await?;
        app.click("release-notes").await?;
        let notes = assistant.answer_to("Release notes for the last batch").await?;
        ensure!(notes.contains("By rule") && !notes.contains("withheld"), "{notes}");
        frame.scenarios().await?;
        app.click("science-forecasts").await?;
        app.see("page-forecasts").await?;
        check_accessibility(app, "Forecasts").await
    })
    .await
}

/// Looks a proposal's product up in the question, drafts another price for it, and says so.
fn drafts_a_price(seen: &Seen) -> Act {
    let text = seen.text();
    if text.contains("My question: Think") {
        return Act::Drip("Let me think about it for a long while ".repeat(40), std::time::Duration::from_millis(60));
    }
    let sku =
        text.find("My question: Price ").and_then(|at| text[at + 19..].split([' ', '"']).next()).unwrap_or_default();
    match (sku, seen.results()) {
        ("", 0) => call("get_figure", &json!({ "figure": "products" })),
        ("", _) => Act::Say("There are 2,000 products. Of them, 4,711 are on the moon. Look at them.".to_owned()),
        (sku, 0) => call("draft_price", &json!({ "sku": sku, "price": 1_999.0, "reason": "a test" })),
        (_, _) => Act::Say("The draft is below. Only you can apply it.".to_owned()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_chosen_answers_in_the_panel_and_only_a_person_applies() -> Result<()> {
    in_browser("browser-models", async |browser| {
        let app = &browser.app;
        let model = ScriptedModel::start(drafts_a_price).await?;
        FirstStart::seen(app).await?.open_sample().await?;
        let frame = Frame::of(app);
        let settings = frame.settings().await?;
        let leaves = settings.choose_model(&model.url(), MODEL).await?;
        ensure!(leaves.starts_with("Nothing"), "a server of this machine gets it all: {leaves}");
        let refused = settings.choose_model_elsewhere("https://model.example/v1").await?;
        ensure!(refused.contains("local only"), "{refused}");
        check_accessibility(app, "Settings with a model").await?;

        let assistant = frame.assistant().await?;
        ensure!(assistant.who().await?.contains("on this machine"));
        let words = assistant.ask("How many products are there?").await?;
        ensure!(words.contains("[…]") && !words.contains("4,711") && words.contains("withheld"), "{words}");
        assistant.ask_and_stop("Think about everything", "think about").await?;
        let filter = ProposalFilter { status: Some(ProposalStatus::Pending), ..ProposalFilter::default() };
        let waiting = browser.host.call(ListProposals { filter, offset: 0, limit: 500 }).await?;
        let rises = waiting.rows.iter().find(|row| row.ceiling_minor.is_none() && row.old_minor.is_some());
        let sku = rises.context("a proposal without a ceiling")?.sku.clone();
        let words = assistant.ask(&format!("Price {sku} at 1,999.00")).await?;
        ensure!(words.contains("Only you can apply it"), "{words}");
        let still = browser.host.call(ListProposals { filter: of_sku(&sku), offset: 0, limit: 10 }).await?;
        ensure!(still.rows.iter().all(|row| row.status == ProposalStatus::Pending), "the model acted");
        check_accessibility(app, "The assistant with a card").await?;
        assistant.apply_card().await?;
        let after = browser.host.call(ListProposals { filter: of_sku(&sku), offset: 0, limit: 10 }).await?;
        ensure!(after.rows.iter().any(|row| row.new_minor == Some(199_900)), "{:?}", after.rows);
        Ok(())
    })
    .await
}

fn of_sku(sku: &str) -> ProposalFilter {
    ProposalFilter { search: sku.to_owned(), ..ProposalFilter::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn appearance_the_stop_switch_and_the_keyboard_work_everywhere() -> Result<()> {
    in_browser("browser-frame", async |browser| {
        let app = &browser.app;
        FirstStart::seen(app).await?.open_sample().await?;
        let frame = Frame::of(app);
        frame.collection().await?;
        app.see("sites").await?;
        check_accessibility(app, "Collection").await?;
        for screen in ["work", "automation"] {
            app.click(&format!("rail-{screen}")).await?;
            app.see(&format!("page-{screen}")).await?;
            check_accessibility(app, screen).await?;
        }

        let settings = frame.settings().await?;
        let mut backgrounds = Vec::new();
        for theme in ["light", "dark", "contrast"] {
            backgrounds.push(settings.choose_theme(theme).await?);
            check_accessibility(app, &format!("Settings ({theme})")).await?;
        }
        ensure!(backgrounds[0] != backgrounds[1], "light and dark look the same: {backgrounds:?}");
        settings.choose_theme("dark").await?;
        for (words, screen) in [("today", "today"), ("products", "products"), ("proposals", "proposals")] {
            frame.go_by_palette(words, screen).await?;
            check_accessibility(app, &format!("{screen} (dark)")).await?;
        }
        check_stop(app).await
    })
    .await
}

async fn check_stop(app: &App) -> Result<()> {
    let frame = Frame::of(app);
    frame.stop_publishing().await?;
    frame.products().await?;
    app.see("stop-banner").await?;
    check_accessibility(app, "Products while stopped").await?;
    frame.allow_publishing().await
}
