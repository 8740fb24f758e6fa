//! Questions in words through commands: every figure has a source, nothing but the conversation is written.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use app_contract::{
    AnswerBlock, AnswerOutcome, AnswerPicture, AskAssistant, AssistantContext, AssistantTurn, CardAction,
    ClearConversation, DecideProposals, FindProduct, GetProposal, KeepScenario, ListAssistantQuestions, ListChangeSets,
    ListConversation, ListScenarios, PinAnswer, ProposalDecision, ProposalSelection, RepeatAssistantStep,
    ScenarioChange, WriteReport,
};
use journeys::Router;
use pricing_domain::{FileKind, Instant, MarketFilter, ProposalStatus, ReportFormat, ReportKind};

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

fn all_text(turn: &AssistantTurn) -> String {
    turn.answer.markdown()
}

fn now() -> Result<Instant> {
    Ok(Instant(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())?))
}

/// Kettles below their floor and headphones above a competitor, priced once.
async fn priced() -> Result<Router> {
    let router = router().await?;
    let now = now()?;
    let days_ago = |days: i64| now.plus_days(-days).to_string();
    let (before, lately) = (days_ago(5), days_ago(0));
    let offers = format!(
        "sku,competitor,observed_at,price,currency\n\
         A-1002,ElektroMax,{lately},47.95,EUR\n\
         A-1003,ElektroMax,{before},95.00,EUR\n\
         A-1003,ElektroMax,{lately},90.00,EUR\n"
    );
    let report = router.import(FileKind::Observations, &offers).await?;
    assert_eq!(report.refused, 0, "{:?}", report.problems);
    router.price().await?;
    Ok(router)
}

#[tokio::test(flavor = "multi_thread")]
async fn release_notes_say_what_a_batch_changes_in_both_languages() -> Result<()> {
    let router = router().await?;
    let before = ask(&router, "release notes for the last batch").await?;
    assert_eq!(before.answer.outcome, AnswerOutcome::NotEnoughData, "{}", text(&before));
    let router = priced().await?;
    let english = ask(&router, "release notes for the last batch").await?;
    let german = ask(&router, "Was ändert die letzte Charge?").await?;
    for (turn, words) in [(&english, ["By rule", "Sources"]), (&german, ["Nach Regel", "Quellen"])] {
        let markdown = all_text(turn);
        assert_eq!(turn.answer.intent, "release_notes");
        assert_eq!(turn.answer.withheld, 0, "{markdown}");
        words.iter().for_each(|word| assert!(markdown.contains(word), "{word}: {markdown}"));
        for block in &turn.answer.blocks {
            let AnswerBlock::Text(spans) = block else { continue };
            let bare =
                spans.iter().find(|span| span.source.is_none() && span.text.bytes().any(|one| one.is_ascii_digit()));
            assert!(bare.is_none(), "no source: {bare:?}");
        }
    }
    let rows: u64 = english.answer.steps[0].rows;
    assert!(rows > 0, "the batch has proposals");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_has_one_picture_by_reference() -> Result<()> {
    let router = priced().await?;
    let pictures = |turn: &AssistantTurn| -> Vec<AnswerPicture> {
        let of = |block: &AnswerBlock| match block {
            AnswerBlock::Chart(chart) => Some((chart.picture.clone(), chart.alternative.clone())),
            _ => None,
        };
        let found: Vec<_> = turn.answer.blocks.iter().filter_map(of).collect();
        assert!(found.iter().all(|(_, words)| !words.is_empty()));
        found.into_iter().map(|(picture, _)| picture).collect()
    };
    let history = ask(&router, "how did the price of A-1003 develop").await?;
    assert!(matches!(pictures(&history)[..], [AnswerPicture::PriceHistory { .. }]), "{}", all_text(&history));
    let index = ask(&router, "how do we stand against ElektroMax?").await?;
    assert!(
        matches!(&pictures(&index)[..], [AnswerPicture::IndexHistory(filter)] if filter.competitors == ["ElektroMax"]),
        "{}",
        all_text(&index)
    );
    let none = ask(&router, "which rules never fire?").await?;
    assert!(pictures(&none).is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assumption_is_a_scenario_that_can_be_kept() -> Result<()> {
    let router = router().await?;
    let now = now()?;
    let sold = (1..60).map(|days| format!("A-1003,{},3,252.10\n", now.plus_days(-days).utc_date()));
    let sales = format!("sku,date,units,net_revenue\n{}", sold.collect::<String>());
    let report = router.import(FileKind::Sales, &sales).await?;
    assert_eq!(report.refused, 0, "{:?}", report.problems);
    let turn = ask(&router, "what if headphones go down 5 %?").await?;
    let input = turn.answer.blocks.iter().find_map(|block| match block {
        AnswerBlock::Card(card) => match &card.action {
            CardAction::OpenScenario(input) => Some((**input).clone()),
            _ => None,
        },
        _ => None,
    });
    let input = input.expect("a scenario is drafted");
    assert!(
        matches!(&input.changes[..], [ScenarioChange::Price { percent, only }] if *percent == -5.0 && only.len() == 1),
        "{input:?}"
    );
    let kept = router.host.call(KeepScenario { scenario: input, replaces: None }).await?;
    let listed = router.host.call(ListScenarios {}).await?;
    assert_eq!(listed.iter().map(|row| row.id).collect::<Vec<_>>(), [kept.id]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decided_card_is_known_by_its_proposal_and_a_step_is_made_again() -> Result<()> {
    let router = priced().await?;
    let turn = ask(&router, "biggest price changes").await?;
    let proposal = turn.answer.blocks.iter().find_map(|block| match block {
        AnswerBlock::Card(card) => match card.action {
            CardAction::DecideProposal(proposal) => Some(proposal),
            _ => None,
        },
        _ => None,
    });
    let proposal = proposal.expect("a card of a proposal");
    assert_eq!(router.host.call(GetProposal { proposal }).await?.status, ProposalStatus::Pending);
    let waiting = turn.answer.steps[0].rows;
    let selection = ProposalSelection::Ids(vec![proposal]);
    let decision = ProposalDecision::Reject;
    router.host.call(DecideProposals { selection, decision, reason: String::new() }).await?;
    let router = router.restart().await?;
    assert_eq!(router.host.call(GetProposal { proposal }).await?.status, ProposalStatus::Rejected);

    let again = router.host.call(RepeatAssistantStep { answer: turn.id, step: 0 }).await?;
    let step = &again.answer.steps[again.place as usize];
    assert_eq!((again.rows_then, step.rows), (waiting, waiting - 1));
    assert_eq!(step.tool, turn.answer.steps[0].tool);
    assert!(!again.answer.blocks.is_empty());
    let kept = router.host.call(ListConversation { limit: 10 }).await?;
    assert_eq!(kept.len(), 1, "making a step again keeps nothing");
    assert!(router.host.call(RepeatAssistantStep { answer: turn.id, step: 9 }).await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn trends_are_told_and_pinned_answers_go_into_the_weekly_report() -> Result<()> {
    let router = priced().await?;
    let trend = ask(&router, "how did our index against ElektroMax develop in the last 300 days?").await?;
    assert_eq!((trend.answer.intent.as_str(), trend.answer.withheld), ("trend", 0), "{}", all_text(&trend));
    let movers = ask(&router, "which competitor changes prices most in the last 300 days?").await?;
    assert_eq!(movers.answer.withheld, 0, "{}", all_text(&movers));
    let filtered = ask(&router, "how did our index in own brands develop?").await?;
    assert_eq!(filtered.answer.outcome, AnswerOutcome::NotEnoughData, "{}", all_text(&filtered));

    let list = router.default_list().await?;
    let below = ask(&router, "which products are below cost?").await?;
    router.host.call(PinAnswer { answer: below.id, pinned: true }).await?;
    router.host.call(PinAnswer { answer: trend.id, pinned: true }).await?;
    for format in [ReportFormat::Xlsx, ReportFormat::Pdf] {
        let mut sizes = Vec::new();
        for pinned_answers in [false, true] {
            let (report, filter) = (ReportKind::Weekly, MarketFilter::of_list(list));
            let file = router.host.call(WriteReport { report, filter, format, pinned_answers }).await?;
            let path = router.host.file_path(file.id).context("the report is there")?;
            sizes.push(std::fs::read(path)?.len());
        }
        assert!(sizes[1] > sizes[0] + 1_000, "the pinned answers and their sources are in it as {format}: {sizes:?}");
    }
    Ok(())
}
