//! Conversations with the assistant, without a model and with a scripted one.

use anyhow::{Context, Result, ensure};
use journeys::scripted_model::{Act, MODEL, ScriptedModel, Seen, call};
use journeys::{Assistant, Frame, MainJob};
use serde_json::json;

use crate::Camera;

/// Ten conversations.
pub(crate) async fn take_all(camera: &Camera<'_>) -> Result<()> {
    let frame = Frame::of(camera.app);
    frame.proposals().await?.price_now().await?;
    // Before the assistant takes a part of the grid's columns.
    camera.app.show_catalogue().await?;
    let sku = camera.app.most_offered().await?;
    let assistant = frame.assistant().await?;
    without_model(camera, &assistant, &sku).await?;
    with_model(camera, &assistant).await
}

/// The advisor, beside the screen that a person would have open.
async fn without_model(camera: &Camera<'_>, assistant: &Assistant<'_>, sku: &str) -> Result<()> {
    let app = camera.app;
    let frame = Frame::of(app);
    let proposed = changed_sku(camera).await?;

    frame.products().await?;
    assistant.ask(&format!("Why did we change {proposed}?")).await?;
    camera.take("talk-01-why").await?;
    frame.analytics().await?;
    assistant.ask("Where do we lose margin against ElektroMax?").await?;
    camera.take("talk-02-losing").await?;
    assistant.ask("How did our price index develop?").await?;
    app.see("answer-picture").await?;
    camera.take("talk-03-picture").await?;
    frame.scenarios().await?;
    assistant.ask("What if headphones go down 5 %?").await?;
    camera.take("talk-04-what-if").await?;
    frame.rules().await?;
    assistant.ask("Draft a rule: headphones 1 % below the lowest").await?;
    camera.take("talk-05-draft").await?;
    frame.today().await?;
    assistant.ask("Welche Produkte liegen unter Einstand?").await?;
    camera.take("talk-06-german").await?;
    assistant.ask("How is the weather in Rome?").await?;
    assistant.ask(&format!("How elastic is {sku}?")).await?;
    camera.take("talk-07-unsure").await
}

/// A model on this machine that says what it is told here.
async fn with_model(camera: &Camera<'_>, assistant: &Assistant<'_>) -> Result<()> {
    let app = camera.app;
    let frame = Frame::of(app);
    let sku = changed_sku(camera).await?;
    let model = ScriptedModel::start(says).await?;
    let settings = frame.settings().await?;
    settings.choose_model(&model.url(), MODEL).await?;
    settings.choose_model_elsewhere("https://model.example/v1").await?;
    camera.take("talk-08-local-only").await?;

    frame.today().await?;
    ensure!(assistant.who().await?.contains("on this machine"), "the model answers");
    assistant.clear().await?;
    assistant.ask("How many products are there?").await?;
    camera.take("talk-09-withheld").await?;
    frame.proposals().await?;
    assistant.ask(&format!("Price {sku} at 1,999.00")).await?;
    assistant.apply_card().await?;
    camera.take("talk-10-applied").await
}

/// Answers one question with a wrong number, drafts a price for the other.
fn says(seen: &Seen) -> Act {
    let text = seen.text();
    let price = "My question: Price ";
    let sku = text.find(price).and_then(|at| text[at + price.len()..].split([' ', '"']).next());
    match (sku, seen.results()) {
        (None, 0) => call("get_figure", &json!({ "figure": "products" })),
        (None, _) => {
            Act::Say("There are 2,000 products. Of them, 4,711 are out of season. Look at them first.".to_owned())
        }
        (Some(sku), 0) => call("draft_price", &json!({ "sku": sku, "price": 1_999.0, "reason": "asked for" })),
        (Some(_), _) => Act::Say("The draft is below. Only you can apply it.".to_owned()),
    }
}

/// A product with an ordinary change that waits.
async fn changed_sku(camera: &Camera<'_>) -> Result<String> {
    let proposals = Frame::of(camera.app).proposals().await?;
    proposals.show("ordinary-changes").await?;
    camera.app.see("proposal-row").await?;
    let rows = "return [document.querySelector('[data-testid=proposal-row]').dataset.sku]";
    camera.app.strings(rows).await?.pop().context("a change waits")
}
