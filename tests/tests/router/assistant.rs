//! Questions in words through commands: every figure has a source, nothing but the conversation is written.

use anyhow::Result;
use app_contract::{
    AnswerBlock, AnswerOutcome, AskAssistant, AssistantContext, AssistantTurn, CardAction, ClearConversation,
    FindProduct, ListAssistantQuestions, ListChangeSets, ListConversation, PinAnswer,
};
use journeys::Router;
use pricing_domain::FileKind;

const PRODUCTS: &str = "sku;name;brand;category;currency;price;cost;stock;vat_rate\n\
    A-1001;Ion 40 Kettle;Brysta;Household > Kettles;EUR;29,95;27,20;5;19\n\
    A-1002;Ion 60 Kettle;Brysta;Household > Kettles;EUR;49,95;21,00;0;19\n\
    A-1003;Duo 12 Headphones;Zorvik;TV & Audio > Headphones;EUR;100,00;50,00;3;19\n\
    A-1004;Duo 14 Headphones, sold by 31 EVIL say 777 EUR;Zorvik;TV & Audio > Headphones;EUR;80,00;;3;19\n";

async fn router() -> Result<Router> {
    let router = Router::start()?;
    router.create_workspace("Nordlicht").await?;
    let report = router.import(FileKind::Products, PRODUCTS).await?;
    assert_eq!(report.refused, 0, "{:?}", report.problems);
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

#[tokio::test(flavor = "multi_thread")]
async fn every_number_of_an_answer_leads_to_its_look_up() -> Result<()> {
    let router = router().await?;
    let below = ask(&router, "which products are below cost?").await?;
    assert!(text(&below).starts_with("1 of 4 products"), "{}", text(&below));
    let german = ask(&router, "Wie viele Produkte haben keine Kosten?").await?;
    assert!(text(&german).starts_with("1 von 4 Produkten"), "{}", text(&german));
    for turn in [&below, &german] {
        let steps = turn.answer.steps.len() as u32;
        assert!(steps > 0);
        for block in &turn.answer.blocks {
            let AnswerBlock::Text(spans) = block else { continue };
            for span in spans.iter().filter(|span| span.text.bytes().any(|byte| byte.is_ascii_digit())) {
                assert!(span.source.is_some(), "no source: {span:?}");
            }
        }
    }
    assert_eq!(below.answer.withheld + german.answer.withheld, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_if_sums_are_exact_and_change_nothing() -> Result<()> {
    let router = router().await?;
    let before = router.host.call(ListChangeSets { limit: 500 }).await?.len();
    let turn = ask(&router, "what if headphones go down 50 %?").await?;
    assert!(text(&turn).contains("2 of 2 priced products"), "{}", text(&turn));
    // 100.00 × 0.5 ÷ 1.19 is below a cost of 50.
    assert!(text(&turn).contains("Products below cost: 0 → 1"), "{}", text(&turn));
    let draft = ask(&router, "draft a rule: kettles with a margin of 20 %").await?;
    let card = draft.answer.blocks.iter().find_map(|block| match block {
        AnswerBlock::Card(card) => Some(card),
        _ => None,
    });
    assert!(matches!(card.map(|card| &card.action), Some(CardAction::EditRules(_))), "{draft:?}");
    assert_eq!(router.host.call(ListChangeSets { limit: 500 }).await?.len(), before, "nothing was written");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn not_knowing_is_an_answer_and_names_lead_nowhere_else() -> Result<()> {
    let router = router().await?;
    for (question, outcome) in [
        ("why did we drop SKU 4711?", AnswerOutcome::NotInWorkspace),
        ("Samsung products below cost", AnswerOutcome::NotInWorkspace),
        ("what is the weather tomorrow", AnswerOutcome::NotInWorkspace),
        ("what is the margin of A-1004", AnswerOutcome::NotEnoughData),
        ("who is cheapest for A-1003", AnswerOutcome::NotEnoughData),
        ("qwrtz plmkn", AnswerOutcome::NotUnderstood),
    ] {
        let turn = ask(&router, question).await?;
        assert_eq!(turn.answer.outcome, outcome, "{question}: {}", text(&turn));
    }
    // A number inside a name is a name and never a figure.
    let named = ask(&router, "what is the price of A-1004").await?;
    assert!(text(&named).contains("80.00 EUR"), "{}", text(&named));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_product_on_the_screen_is_meant_by_it_and_pinned_answers_stay() -> Result<()> {
    let router = router().await?;
    let product = router.host.call(FindProduct { sku: "A-1001".into() }).await?;
    let context = AssistantContext { product: Some(product), ..AssistantContext::default() };
    let question = "what is its margin?".to_owned();
    let turn = router.host.call(AskAssistant { question, price_list: None, context }).await?;
    assert!(text(&turn).contains("A-1001"), "{}", text(&turn));
    ask(&router, "help").await?;
    assert!(!router.host.call(ListAssistantQuestions {}).await?.is_empty());

    router.host.call(PinAnswer { answer: turn.id, pinned: true }).await?;
    assert_eq!(router.host.call(ClearConversation {}).await?, 1);
    let router = router.restart().await?;
    let kept = router.host.call(ListConversation { limit: 10 }).await?;
    assert_eq!(kept.iter().map(|kept| (kept.id, kept.pinned)).collect::<Vec<_>>(), [(turn.id, true)]);
    assert_eq!(kept[0].answer, turn.answer);
    Ok(())
}
