//! Questions to a language model through commands: a scripted model that behaves well, wrongly, slowly and with malice,
//! over real HTTP on this machine.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use app_contract::{
    AnswerBlock, AskAssistant, AssistantContext, AssistantNews, AssistantTurn, CancelAssistant, Drafting, ErrorCode,
    Event, GetModelSettings, ModelKind, ModelProtocol, ModelSettings, ModelUse, ProposalCard, SaveModelSettings,
    SetModelKey, ShareCosts, TestModel, ToolCalling,
};
use journeys::Router;
use journeys::scripted_model::{Act, MODEL, ScriptedModel, Seen, call};
use pricing_domain::FileKind;
use serde_json::json;

const PRODUCTS: &str = "sku;name;brand;category;currency;price;cost;stock;vat_rate\n\
    A-1001;Ion 40 Kettle;Brysta;Household > Kettles;EUR;29,95;27,21;5;19\n\
    A-1002;Ion 60 Kettle;Brysta;Household > Kettles;EUR;49,95;21,00;0;19\n\
    A-1003;Duo 12 Headphones;Zorvik;TV & Audio > Headphones;EUR;100,00;50,00;3;19\n";
const KEY: &str = "sk-canary-4f9c1d7e";

async fn router() -> Result<Router> {
    let router = Router::start()?;
    router.create_workspace("Nordlicht").await?;
    router.import(FileKind::Products, PRODUCTS).await?;
    Ok(router)
}

fn of(model: &ScriptedModel) -> ModelSettings {
    ModelSettings {
        kind: ModelKind::Compatible,
        url: model.url(),
        model: MODEL.to_owned(),
        timeout_seconds: 2,
        ..ModelSettings::default()
    }
}

async fn with(model: &ScriptedModel, change: impl FnOnce(&mut ModelSettings)) -> Result<Router> {
    let router = router().await?;
    let mut settings = of(model);
    change(&mut settings);
    router.host.call(SaveModelSettings { settings }).await?;
    Ok(router)
}

async fn ask(router: &Router, question: &str) -> Result<AssistantTurn> {
    let request = AskAssistant { question: question.into(), price_list: None, context: AssistantContext::default() };
    Ok(router.host.call(request).await?)
}

fn text(turn: &AssistantTurn) -> String {
    let spans = turn.answer.blocks.iter().filter_map(|block| match block {
        AnswerBlock::Text(spans) => Some(spans.iter().map(|span| span.text.as_str()).collect::<String>()),
        _ => None,
    });
    spans.collect::<Vec<_>>().join("\n")
}

fn used(turn: &AssistantTurn) -> ModelUse {
    turn.answer.model.clone().expect("a model was asked")
}

fn cards(turn: &AssistantTurn) -> Vec<&ProposalCard> {
    let blocks = turn.answer.blocks.iter();
    let cards = blocks.filter_map(|block| match block {
        AnswerBlock::Card(card) => Some(card),
        _ => None,
    });
    cards.collect()
}

/// Looks the number of products up and says it.
fn counts_products(seen: &Seen) -> Act {
    match seen.results() {
        0 => call("get_figure", &json!({ "figure": "products" })),
        _ => Act::Say("There are 3 products here. ElektroMax is not among them.".into()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_protocol_streams_calls_tools_and_counts_tokens() -> Result<()> {
    let cases = [
        (ModelKind::Compatible, ModelProtocol::Chat, "POST /v1/chat/completions"),
        (ModelKind::OpenAi, ModelProtocol::Chat, "POST /v1/chat/completions"),
        (ModelKind::OpenAi, ModelProtocol::Responses, "POST /v1/responses"),
        (ModelKind::Anthropic, ModelProtocol::Chat, "POST /v1/messages"),
    ];
    for (kind, protocol, line) in cases {
        let model = ScriptedModel::start(counts_products).await?;
        let router = with(&model, |settings| {
            (settings.kind, settings.protocol) = (kind, protocol);
            settings.input_price_micro = 2_000_000;
        })
        .await?;
        router.host.call(SetModelKey { key: KEY.into() }).await?;
        let test = router.host.call(TestModel { settings: ModelSettings { kind, ..of(&model) } }).await?;
        assert_eq!((test.reached, test.models), (true, vec![MODEL.to_owned()]), "{}", test.message);

        let mut events = router.host.subscribe();
        let turn = ask(&router, "How many products are there?").await?;
        assert_eq!(text(&turn), "There are 3 products here. ElektroMax is not among them.", "{line}");
        let AnswerBlock::Text(spans) = &turn.answer.blocks[0] else { panic!("words first") };
        assert!(spans.iter().any(|span| span.text == "3" && span.source.is_some()), "{spans:?}");
        let used = used(&turn);
        assert_eq!((used.calls, used.input_tokens, used.output_tokens), (2, 240, 60), "{line}");
        assert_eq!((used.cost_micro, used.fell_back, used.local), (480, None, true));
        assert_eq!(used.sent.iter().map(|sent| sent.what.as_str()).collect::<Vec<_>>(), ["question", "get_figure"]);

        let mut streamed = String::new();
        while let Ok(envelope) = events.try_recv() {
            if let Event::Assistant { news: AssistantNews::Text(piece), .. } = envelope.event {
                streamed.push_str(&piece);
            }
        }
        assert_eq!(streamed, text(&turn), "{line}");
        let asked: Vec<Seen> = model.seen().into_iter().filter(|seen| seen.line.starts_with("POST")).collect();
        assert!(asked.iter().all(|seen| seen.line == line), "{asked:?}");
        assert!(asked[0].headers.iter().any(|(_, value)| value.contains(KEY)), "the key goes with the request");
        assert!(!asked[0].text().contains(KEY) && !serde_json::to_string(&turn)?.contains(KEY));
        let view = router.host.call(GetModelSettings {}).await?;
        assert!(view.has_key && !serde_json::to_string(&view)?.contains(KEY));
        assert_eq!((view.usage.calls, view.usage.input_tokens, view.usage.cost_micro), (2, 240, 480));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_no_tool_gave_is_withheld_also_while_it_streams() -> Result<()> {
    let model = ScriptedModel::start(|seen| match seen.results() {
        0 => call("get_figure", &json!({ "figure": "products" })),
        _ => Act::Say("There are 3 products. They earn 4,711.00 EUR a week. Look at them.\n\n| SKU | Price |\n|---|---|\n| A-1 | 7.77 EUR |".into()),
    })
    .await?;
    let router = with(&model, |_| {}).await?;
    let mut events = router.host.subscribe();
    let turn = ask(&router, "How many products are there?").await?;
    assert_eq!(text(&turn), "There are 3 products. […]  Look at them.");
    assert_eq!(turn.answer.withheld, 2, "a sentence and a table");
    let mut shown = String::new();
    while let Ok(envelope) = events.try_recv() {
        shown.push_str(&serde_json::to_string(&envelope.event)?);
    }
    assert!(!shown.contains("4,711") && !shown.contains("7.77"), "{shown}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_stopped_within_200_milliseconds_and_the_server_notices() -> Result<()> {
    let slow = "Let me think about it for a very long time ".repeat(20);
    let model = ScriptedModel::start(move |_| Act::Drip(slow.clone(), Duration::from_millis(40))).await?;
    let router = with(&model, |_| {}).await?;
    let mut events = router.host.subscribe();
    let host = router.host.clone();
    let context = AssistantContext { ticket: Some("t-1".into()), ..AssistantContext::default() };
    let request = AskAssistant { question: "What needs me?".into(), price_list: None, context };
    let asked = tokio::spawn(async move { host.call(request).await });
    loop {
        if let Event::Assistant { news: AssistantNews::Text(_), ticket } = events.recv().await?.event {
            assert_eq!(ticket, "t-1");
            break;
        }
    }
    let waited = model.spoke_at().expect("it spoke").elapsed();
    assert!(waited < Duration::from_millis(100), "shown {waited:?} after it was sent");
    let stopped = Instant::now();
    assert!(router.host.call(CancelAssistant { ticket: "t-1".into() }).await?);
    let refused = asked.await?.expect_err("it was stopped");
    assert!(stopped.elapsed() < Duration::from_millis(200), "{:?}", stopped.elapsed());
    assert_eq!(refused.code, ErrorCode::Cancelled);
    assert!(!router.host.call(CancelAssistant { ticket: "t-1".into() }).await?, "it is over");
    for _ in 0..40 {
        if model.given_up() == 1 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the connection is still open");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_model_fails_the_advisor_answers_and_says_why() -> Result<()> {
    let cases: Vec<(Act, &str)> = vec![
        (Act::Status(500), "the server failed (status 500)"),
        (Act::Status(401), "the server refused the key"),
        (Act::Status(404), "the server does not know this model or address"),
        (Act::Cut("There are".into()), "the answer was cut off"),
        (Act::Silent, "the server was silent for too long"),
        (Act::Garbage, "the answer does not follow the protocol"),
        (Act::Endless, "the answer is too long"),
    ];
    for (act, why) in cases {
        let played = act.clone();
        let model = ScriptedModel::start(move |_| played.clone()).await?;
        let router = with(&model, |settings| settings.timeout_seconds = 1).await?;
        let turn = ask(&router, "How many products are there?").await?;
        assert_eq!(used(&turn).fell_back.as_deref(), Some(why), "{act:?}");
        assert!(text(&turn).contains('3') && !turn.answer.steps.is_empty(), "{act:?}: {}", text(&turn));
        let asked = model.asked();
        let again = matches!(act, Act::Status(500) | Act::Cut(_));
        assert_eq!(asked, if again { 3 } else { 1 }, "{act:?}: what may help is tried again, the rest is not");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_temporary_passes_and_a_redirect_is_not_followed() -> Result<()> {
    let tries = std::sync::atomic::AtomicU32::new(0);
    let model = ScriptedModel::start(move |seen| match tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => Act::Busy(0),
        1 => Act::Cut("There ".into()),
        _ => counts_products(seen),
    })
    .await?;
    let router = with(&model, |_| {}).await?;
    let turn = ask(&router, "How many products are there?").await?;
    assert_eq!((used(&turn).fell_back, text(&turn).contains("3 products")), (None, true));

    let elsewhere = ScriptedModel::start(counts_products).await?;
    let to = format!("{}/chat/completions", elsewhere.url());
    let model = ScriptedModel::start(move |_| Act::Redirect(to.clone())).await?;
    let router = with(&model, |_| {}).await?;
    let turn = ask(&router, "How many products are there?").await?;
    assert!(used(&turn).fell_back.is_some());
    assert!(elsewhere.seen().is_empty(), "a question was carried elsewhere");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_calls_are_told_to_the_model_and_a_turn_has_eight_at_most() -> Result<()> {
    let model = ScriptedModel::start(|seen| match seen.results() {
        0 => Act::Call(vec![("get_figure".into(), "figure=products".into())]),
        1 => call("approve_everything", &json!({})),
        2 => call("get_product", &json!({})),
        3 => call("get_figure", &json!({ "figure": "products", "sql": "DROP TABLE" })),
        4 => Act::SayAndCall("Let me look.".into(), vec![("get_figure".into(), "{\"figure\": \"products\",".into())]),
        _ if seen.tools().is_empty() => Act::Say("There are 3 products.".into()),
        _ => call("get_figure", &json!({ "figure": "products" })),
    })
    .await?;
    let router = with(&model, |_| {}).await?;
    let turn = ask(&router, "How many products are there?").await?;
    assert_eq!(text(&turn), "There are 3 products.");
    let asked = model.seen();
    let last = asked.last().expect("it was asked").text();
    for told in ["are no JSON object", "There is no tool “approve_everything”", "needs “sku”", "no argument “sql”"]
    {
        assert!(last.contains(told), "the model was not told: {told}");
    }
    assert_eq!(asked.last().expect("asked").results(), 8, "eight calls and no more");
    assert_eq!(turn.answer.steps.iter().filter(|step| step.question.starts_with("refused")).count(), 4);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_last_call_messages_still_name_the_tools_that_were_called_and_allow_none() -> Result<()> {
    let model = ScriptedModel::start(|seen| match seen.body["tool_choice"]["type"].as_str() {
        Some("none") => Act::Say("There are 3 products.".into()),
        _ => call("get_figure", &json!({ "figure": "products" })),
    })
    .await?;
    let router = with(&model, |settings| settings.kind = ModelKind::Anthropic).await?;
    router.host.call(SetModelKey { key: KEY.into() }).await?;
    let turn = ask(&router, "How many products are there?").await?;
    assert_eq!((text(&turn).as_str(), used(&turn).fell_back), ("There are 3 products.", None));
    let asked = model.seen();
    let (last, before) = asked.split_last().expect("it was asked");
    assert_eq!(last.results(), 8, "eight calls and no more");
    assert!(last.tools().iter().any(|name| name == "get_figure"), "the history holds calls of it");
    assert!(before.iter().all(|seen| seen.body["tool_choice"].is_null()), "calls are free before");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_knows_no_stream_options_is_asked_once_more_without_them() -> Result<()> {
    for status in [400, 422] {
        let model = ScriptedModel::start(move |seen| match seen.body["stream_options"].is_null() {
            false => Act::Status(status),
            true => counts_products(seen),
        })
        .await?;
        let router = with(&model, |_| {}).await?;
        let turn = ask(&router, "How many products are there?").await?;
        assert!(text(&turn).starts_with("There are 3 products"), "{}", text(&turn));
        let used = used(&turn);
        assert_eq!((used.fell_back, used.estimated), (None, true), "nobody counted, so it is estimated");
        assert!(used.input_tokens > 0 && used.output_tokens > 0);
        let refused = model.seen().iter().filter(|seen| !seen.body["stream_options"].is_null()).count();
        assert_eq!((refused, model.asked()), (1, 3), "refused once, then two rounds");
    }
    // What is refused for another reason is not asked without end.
    let model = ScriptedModel::start(|_| Act::Status(400)).await?;
    let router = with(&model, |_| {}).await?;
    let turn = ask(&router, "How many products are there?").await?;
    assert_eq!(used(&turn).fell_back.as_deref(), Some("the server did not accept the request (status 400)"));
    assert_eq!(model.asked(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stretch_of_time_is_told_and_kept_scenarios_are_read() -> Result<()> {
    let model = ScriptedModel::start(|seen| match seen.results() {
        0 => call("get_figure", &json!({ "figure": "margin" })),
        1 => call("list_scenarios", &json!({})),
        2 => call("get_scenario", &json!({ "name": "None of these" })),
        3 => call("get_scenario", &json!({})),
        _ => Act::Say("No scenario is kept.".into()),
    })
    .await?;
    let router = with(&model, |settings| settings.costs = ShareCosts::Withheld).await?;
    let sales = format!("sku,date,units\nA-1001,{},4\n", today()?);
    router.import(FileKind::Sales, &sales).await?;
    let turn = ask(&router, "What is our margin, and which scenarios are there?").await?;
    assert_eq!(text(&turn), "No scenario is kept.");
    let last = model.seen().last().expect("it was asked").text();
    assert!(last.contains("28 days") && !last.contains("[[f1]] days"), "{last}");
    assert!(last.contains("[[f1]]"), "the margin itself is withheld: {last}");
    for told in ["No scenario is kept", "No scenario of this name is kept", "needs “name”"] {
        assert!(last.contains(told), "the model was not told: {told}\n{last}");
    }
    Ok(())
}

fn today() -> Result<String> {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())?;
    Ok(pricing_domain::Instant(now).utc_date().to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_without_calls_works_in_envelopes_that_are_mended() -> Result<()> {
    let model = ScriptedModel::start(|seen| {
        assert!(seen.tools().is_empty() && seen.body["response_format"]["type"] == "json_schema");
        match seen.body["messages"].as_array().map_or(0, Vec::len) {
            2 => Act::Say("I would like to know.".into()),
            4 => Act::Say(
                "Sure:\n```json\n{\"tool\": \"get_figure\", \"arguments\": {\"figure\": \"products\"},}\n```".into(),
            ),
            _ => Act::Say("{\"tool\": \"answer\", \"arguments\": {}, \"text\": \"There are 3 products.\"}".into()),
        }
    })
    .await?;
    let router = with(&model, |settings| settings.calling = ToolCalling::Envelope).await?;
    let mut events = router.host.subscribe();
    let turn = ask(&router, "How many products are there?").await?;
    assert_eq!((text(&turn).as_str(), used(&turn).calls), ("There are 3 products.", 3));
    let mut shown = String::new();
    while let Ok(envelope) = events.try_recv() {
        match envelope.event {
            Event::Assistant { news: AssistantNews::Text(piece), .. } => shown.push_str(&piece),
            Event::Assistant { news: AssistantNews::Again, .. } => shown.clear(),
            _ => {}
        }
    }
    assert_eq!(shown, "There are 3 products.", "the text is heard, the envelope is not");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn withheld_costs_never_leave_and_stand_in_the_answer_all_the_same() -> Result<()> {
    let model = ScriptedModel::start(|seen| match seen.results() {
        0 => call("get_product", &json!({ "sku": "A-1001", "about": "margin" })),
        _ => {
            let told = seen.text();
            let mark =
                told.find("[[f").map(|at| told[at..].split_inclusive("]]").next().unwrap_or_default().to_owned());
            Act::Say(format!("The figure is {}.", mark.unwrap_or_default()))
        }
    })
    .await?;
    for costs in [ShareCosts::Withheld, ShareCosts::Exact] {
        let router = with(&model, |settings| settings.costs = costs).await?;
        let before = model.asked();
        let turn = ask(&router, "What is the margin of A-1001?").await?;
        let sent: String = model.seen_since(before).iter().map(Seen::text).collect();
        assert_eq!(sent.contains("27.21"), costs == ShareCosts::Exact, "{costs:?}: {sent}");
        if costs == ShareCosts::Withheld {
            assert!(
                text(&turn).bytes().any(|byte| byte.is_ascii_digit()) && !text(&turn).contains("[["),
                "{}",
                text(&turn)
            );
            assert!(used(&turn).sent.iter().any(|sent| sent.withheld > 0));
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_shows_one_of_our_charts_by_reference_and_gets_it_in_words() -> Result<()> {
    let model = ScriptedModel::start(|seen| match seen.results() {
        0 => call("get_chart", &json!({ "picture": "price_history", "sku": "A-1003" })),
        _ => Act::Say("The chart is below. It rose to 4,711 EUR.".into()),
    })
    .await?;
    let router = with(&model, |_| {}).await?;
    let micros = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros();
    let seen_at = pricing_domain::Instant(i64::try_from(micros)?).plus_days(-5);
    let seen = format!("sku,competitor,observed_at,price,currency\nA-1003,ElektroMax,{seen_at},95.00,EUR\n");
    router.import(FileKind::Observations, &seen).await?;
    let turn = ask(&router, "Show me how the price of A-1003 developed").await?;
    let words = text(&turn);
    // What no look-up gave stays out beside a picture too.
    assert!(words.contains("The chart is below.") && !words.contains("4,711"), "{words}");
    let charts = turn.answer.blocks.iter().filter(|block| matches!(block, AnswerBlock::Chart(_))).count();
    assert_eq!(charts, 1, "{:?}", turn.answer.blocks);
    let told: String = model.seen().iter().map(Seen::text).collect();
    assert!(told.contains("A chart is shown to the person") && !told.contains("<svg"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drafted_price_tells_product_margin_and_floor_and_its_name_never_reaches_the_model() -> Result<()> {
    let model = ScriptedModel::start(|seen| match seen.results() {
        0 => call("draft_price", &json!({ "sku": "A-1003", "price": 85.0, "reason": "asked for" })),
        _ => Act::Say("The draft is below.".into()),
    })
    .await?;
    let router = with(&model, |_| {}).await?;
    let micros = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros();
    let now = pricing_domain::Instant(i64::try_from(micros)?);
    let offer = format!("sku,competitor,observed_at,price,currency\nA-1003,ElektroMax,{now},90.00,EUR\n");
    router.import(FileKind::Observations, &offer).await?;
    let sold = format!("sku,date,units\nA-1003,{},10\n", now.plus_days(-2).utc_date());
    router.import(FileKind::Sales, &sold).await?;
    router.price().await?;
    let turn = ask(&router, "Price A-1003 at 85.00").await?;
    let [card] = cards(&turn)[..] else { anyhow::bail!("one card: {turn:?}") };
    assert_eq!(card.heading(), "A-1003 Duo 12 Headphones");
    assert_eq!((card.current.as_str(), card.proposed.as_str()), ("100.00 EUR", "85.00 EUR"));
    // Net 84.03 and 71.43, cost 50; ten pieces at 15 ÷ 1.19 less each.
    for line in ["Change: −15 %", "Margin: 40.5 % → 30 %", "Margin effect in 28 days: −126.05 EUR"] {
        assert!(card.effect.iter().any(|one| one == line), "{line}: {:?}", card.effect);
    }
    assert!(card.guardrails.iter().any(|one| one.starts_with("Floor: ") && one.ends_with(" EUR")), "{card:?}");
    let told: String = model.seen().iter().map(Seen::text).collect();
    assert!(told.contains("A card is shown to the person") && !told.contains("Duo 12"), "{told}");
    assert!(!told.contains("40.5") && !told.contains("126.05"), "margins are withheld: {told}");
    assert_eq!(used(&turn).drafting, Drafting::Open, "a draft reads no name");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drafted_rule_says_who_drafted_it_and_its_effect_once() -> Result<()> {
    let model = ScriptedModel::start(|seen| match seen.results() {
        0 => call("draft_rule", &json!({ "by": "cost_plus_margin", "percent": 20, "brand": "Brysta" })),
        _ => Act::Say("The draft is below.".into()),
    })
    .await?;
    let router = with(&model, |_| {}).await?;
    let by_model = ask(&router, "A rule for Brysta, please").await?;
    let context = AssistantContext { without_model: true, ..AssistantContext::default() };
    let question = "draft a rule: kettles with a margin of 20 %".to_owned();
    let by_person = router.host.call(AskAssistant { question, price_list: None, context }).await?;
    for (turn, reason) in [(&by_model, "Drafted by a language model."), (&by_person, "Drafted from your sentence.")] {
        let [card] = cards(turn)[..] else { anyhow::bail!("one card: {turn:?}") };
        assert_eq!(card.reason, reason);
        assert_ne!(card.current, card.proposed);
        assert_eq!(card.effect, ["Products it decides: 2"]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_says_where_a_name_that_was_read_ended_drafting() -> Result<()> {
    let drafts = call("draft_price", &json!({ "sku": "A-1003", "price": 85.0, "reason": "asked for" }));
    let model = ScriptedModel::start(move |seen| match (seen.text().contains("also draft"), seen.results()) {
        (_, 0) => call("get_product", &json!({ "sku": "A-1003" })),
        (true, 1) => drafts.clone(),
        _ => Act::Say("It waits for a decision.".into()),
    })
    .await?;
    let router = with(&model, |_| {}).await?;
    let looked = ask(&router, "What about A-1003?").await?;
    assert_eq!(used(&looked).drafting, Drafting::Ended);
    let refused = ask(&router, "What about A-1003, and also draft a price").await?;
    assert_eq!(used(&refused).drafting, Drafting::Refused);
    assert!(cards(&refused).is_empty(), "{refused:?}");
    assert!(used(&refused).drafting.note().is_some_and(|note| note.contains("No draft was made")));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn local_only_and_agreement_hold_before_anything_is_sent() -> Result<()> {
    let router = router().await?;
    let away = |local_only, agreed| ModelSettings {
        kind: ModelKind::Compatible,
        url: "https://model.example/v1".into(),
        model: MODEL.into(),
        local_only,
        agreed,
        ..ModelSettings::default()
    };
    let refused = router.host.call(SaveModelSettings { settings: away(true, true) }).await.expect_err("local only");
    assert!(refused.code == ErrorCode::Refused && refused.message.contains("local only"), "{refused:?}");
    let view = router.host.call(SaveModelSettings { settings: away(false, false) }).await?;
    assert!(view.problem.expect("it is said").contains("agreed"));
    assert!(view.leaves.iter().any(|line| line.contains("model.example")), "{:?}", view.leaves);
    let turn = ask(&router, "How many products are there?").await?;
    assert_eq!(used(&turn).fell_back.as_deref(), Some("what leaves this machine was not agreed to yet"));
    assert!(used(&turn).sent.is_empty() && text(&turn).contains('3'));
    let agreed = router.host.call(SaveModelSettings { settings: away(false, true) }).await?;
    assert!(agreed.settings.agreed && agreed.problem.is_none());
    let other = ModelSettings { costs: ShareCosts::Exact, ..away(false, false) };
    assert!(!router.host.call(SaveModelSettings { settings: other }).await?.settings.agreed, "asked anew for more");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_months_limit_ends_asking() -> Result<()> {
    let model = ScriptedModel::start(counts_products).await?;
    let router = with(&model, |settings| settings.monthly_tokens = Some(100)).await?;
    let turn = ask(&router, "How many products are there?").await?;
    assert_eq!(used(&turn).fell_back.as_deref(), Some("this month's limit is reached"));
    assert!(model.seen().is_empty(), "nothing was sent");
    Ok(())
}
