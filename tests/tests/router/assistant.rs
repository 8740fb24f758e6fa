//! Questions in words through commands: every figure has a source, nothing but the conversation is written.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use app_contract::{
    AnswerBlock, AnswerOutcome, AnswerPicture, AnswerTable, AskAssistant, AssistantContext, AssistantTurn, CardAction,
    ClearConversation, DecideProposals, FigureSource, FindProduct, GetProposal, GetRuleSet, KeepScenario,
    ListAssistantQuestions, ListChangeSets, ListConversation, ListPriceLists, ListScenarios, OpenSample, PinAnswer,
    PreviewRules, ProposalDecision, ProposalSelection, RepeatAssistantStep, RuleShare, ScenarioChange, WriteReport,
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
async fn a_stock_cover_that_is_not_known_says_what_is_missing() -> Result<()> {
    let router = router().await?;
    let turn = ask(&router, "How long does our stock last in kettles?").await?;
    assert_eq!(turn.answer.outcome, AnswerOutcome::NotEnoughData);
    let said = text(&turn);
    assert!(said.contains("the stock is known, but no sales of the last 28 days"), "{said}");
    let one = ask(&router, "how long does the stock of A-1001 last").await?;
    assert!(!text(&one).contains("no stock is known"), "{}", text(&one));
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

/// The tools of the steps that the figures of a sentence lead to.
fn tools_of(turn: &AssistantTurn, figure: &str) -> Vec<String> {
    let mut tools = Vec::new();
    for block in &turn.answer.blocks {
        let AnswerBlock::Text(spans) = block else { continue };
        for span in spans.iter().filter(|span| span.text == figure) {
            if let Some(FigureSource::Step(step)) = span.source {
                tools.push(turn.answer.steps[step as usize].tool.clone());
            }
        }
    }
    tools
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_leads_to_the_look_up_it_was_made_from_though_a_later_one_holds_the_same_number() -> Result<()> {
    let router = priced().await?;
    let turn = ask(&router, "write the summary for Monday").await?;
    // The import of four products is in the newest operations too.
    let listed = turn.answer.steps.iter().any(|step| step.tool == "list_change_sets");
    assert!(listed, "{:?}", turn.answer.steps);
    let tools = tools_of(&turn, "4");
    assert!(!tools.is_empty() && tools.iter().all(|tool| tool == "get_today"), "{tools:?}: {}", all_text(&turn));
    // “28 days” is a definition and of no look-up.
    assert!(tools_of(&turn, "28").is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_of_today_never_answers_a_question_about_the_past() -> Result<()> {
    let router = priced().await?;
    for (question, intent) in [
        ("how has the price of headphones changed over the last month?", "not_kept"),
        ("how did our price for headphones develop?", "not_kept"),
        ("Wie hat sich unser Preis für Kopfhörer entwickelt?", "not_kept"),
        ("how did our stock develop in 2025?", "not_kept"),
        ("how did the margin of A-1003 develop?", "not_kept"),
        ("how did revenue develop in the last 3 months?", "trend"),
        ("Wie hat sich der Umsatz in den letzten drei Monaten entwickelt?", "trend"),
    ] {
        let turn = ask(&router, question).await?;
        assert_eq!(turn.answer.outcome, AnswerOutcome::NotEnoughData, "{question}: {}", all_text(&turn));
        assert_eq!((turn.answer.intent.as_str(), turn.answer.withheld), (intent, 0), "{question}");
        let money = text(&turn).contains("EUR");
        assert!(!money, "{question}: {}", text(&turn));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sales_over_time_are_told_with_the_days_before_or_that_these_are_not_known() -> Result<()> {
    let router = router().await?;
    let now = now()?;
    let day = |days: i64| now.plus_days(-days).utc_date().to_string();
    let mut sales = String::from("sku,date,units,net_revenue\n");
    for back in 0..56 {
        let units = if back < 28 { 2 } else { 1 };
        sales.push_str(&format!("A-1003,{},{units},{}.00\n", day(back), 80 * units));
    }
    let report = router.import(FileKind::Sales, &sales).await?;
    assert_eq!(report.refused, 0, "{:?}", report.problems);
    let turn = ask(&router, "how did revenue develop in the last 28 days?").await?;
    assert_eq!((turn.answer.outcome, turn.answer.withheld), (AnswerOutcome::Answered, 0), "{}", all_text(&turn));
    assert!(text(&turn).contains("4,480.00 EUR") && text(&turn).contains("rose by 100 %"), "{}", text(&turn));
    let units = ask(&router, "how many units did we sell in the last 2 weeks?").await?;
    assert!(text(&units).contains("28 pieces were sold"), "{}", text(&units));
    let longer = ask(&router, "how did revenue develop in the last 3 months?").await?;
    assert_eq!(longer.answer.outcome, AnswerOutcome::NotEnoughData, "{}", all_text(&longer));
    assert!(text(&longer).contains("not the whole 90 days"), "{}", text(&longer));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_two_is_answered_and_groups_are_put_in_order() -> Result<()> {
    let router = router().await?;
    let now = now()?.to_string();
    let offers = format!(
        "sku,competitor,observed_at,price,currency\nA-1002,ElektroMax,{now},47.95,EUR\nA-1003,Strompfeil,{now},90.00,EUR\n"
    );
    router.import(FileKind::Observations, &offers).await?;
    let sales = format!("sku,date,units\nA-1002,{0},3\nA-1003,{0},2\n", &now[..10]);
    router.import(FileKind::Sales, &sales).await?;
    let both = ask(&router, "compare ElektroMax and Strompfeil").await?;
    for name in ["Against ElektroMax", "Against Strompfeil", "Each is compared with us"] {
        assert!(text(&both).contains(name), "{name}: {}", text(&both));
    }
    // 100 ÷ 1.19 = 84.03 less 50 is 40.5 %; 49.95 ÷ 1.19 = 41.97 less 21 is 50 %.
    let margins = ask(&router, "margin in headphones versus kettles").await?;
    assert!(text(&margins).contains("40.5 %") && text(&margins).contains("50 %"), "{}", text(&margins));
    let ranked = ask(&router, "Which categories have the weakest margin?").await?;
    assert!(text(&ranked).contains("TV & Audio > Headphones with 40.5 %"), "{}", text(&ranked));
    let german = ask(&router, "Welche Kategorien haben die schwächste Marge?").await?;
    assert!(text(&german).contains("TV & Audio > Headphones mit 40,5 %"), "{}", text(&german));
    let cannot = ask(&router, "which categories have the most price changes?").await?;
    assert_eq!(cannot.answer.outcome, AnswerOutcome::NotUnderstood, "{}", text(&cannot));
    for turn in [&both, &margins, &ranked, &german, &cannot] {
        assert_eq!(turn.answer.withheld, 0, "{}", all_text(turn));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strategy_is_suggested_by_role_with_drafts_and_nothing_is_written() -> Result<()> {
    let router = priced().await?;
    let before = router.host.call(ListChangeSets { limit: 500 }).await?.len();
    for question in ["suggest a pricing strategy for headphones", "Schlag eine Preisstrategie für Kopfhörer vor"] {
        let turn = ask(&router, question).await?;
        assert_eq!((turn.answer.intent.as_str(), turn.answer.withheld), ("strategy", 0), "{}", all_text(&turn));
        let drafts = turn.answer.blocks.iter().filter(|block| {
            matches!(block, AnswerBlock::Card(card) if matches!(card.action, CardAction::EditRules(_)) && !card.reason.is_empty())
        });
        assert!(drafts.count() > 0, "{}", all_text(&turn));
    }
    assert_eq!(router.host.call(ListChangeSets { limit: 500 }).await?.len(), before, "nothing was written");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn grades_are_explained_and_a_file_is_imported_by_the_person() -> Result<()> {
    let router = router().await?;
    let now = now()?;
    let mut sales = String::from("sku,date,units,price\n");
    for week in 0..5 {
        let price = if week % 2 == 0 { "100.00" } else { "95.00" };
        sales.push_str(&format!("A-1003,{},6,{price}\n", now.plus_days(-7 * week).utc_date()));
    }
    router.import(FileKind::Sales, &sales).await?;
    let english = ask(&router, "how reliable is the elasticity of A-1003?").await?;
    assert!(text(&english).contains("more weeks with sales"), "{}", text(&english));
    let german = ask(&router, "Wie verlässlich ist die Elastizität von A-1003?").await?;
    assert!(text(&german).contains("weitere Wochen mit Verkäufen"), "{}", text(&german));
    for word in ["more", "assumed", "estimate", "instead"] {
        assert!(!text(&german).contains(word), "{word}: {}", text(&german));
    }
    let grades = ask(&router, "what do the grades mean?").await?;
    assert_eq!((grades.answer.intent.as_str(), grades.answer.withheld), ("grades", 0), "{}", all_text(&grades));
    let file = ask(&router, "how do I import a spreadsheet of competitor prices?").await?;
    let offered = file.answer.blocks.iter().any(|block| {
        matches!(block, AnswerBlock::Card(card) if card.action == CardAction::ImportFile(Some(FileKind::Observations)))
    });
    assert!(offered && file.answer.withheld == 0, "{}", all_text(&file));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_that_never_was_is_denied_before_it_is_explained() -> Result<()> {
    let router = router().await?;
    let never = ask(&router, "why did we drop A-1003?").await?;
    assert!(text(&never).starts_with("No, it was not lowered"), "{}", text(&never));
    let before = now()?.plus_days(-10).to_string();
    let history = format!("sku;price;currency;valid_from;valid_to\nA-1002;59,95;EUR;{before};\n");
    let report = router.import(FileKind::PriceHistory, &history).await?;
    assert_eq!(report.refused, 0, "{:?}", report.problems);
    let cut = ask(&router, "Warum ist A-1002 billiger geworden?").await?;
    assert!(text(&cut).starts_with("Ja, gesenkt wurde: A-1002"), "{}", text(&cut));
    assert!(text(&cut).contains("59,95 EUR") && text(&cut).contains("49,95 EUR"), "{}", text(&cut));
    let raised = ask(&router, "why did we raise A-1002?").await?;
    assert!(text(&raised).starts_with("No, it was not raised"), "{}", text(&raised));
    Ok(())
}

fn table<'a>(turn: &'a AssistantTurn, title: &str) -> Option<&'a AnswerTable> {
    turn.answer.blocks.iter().find_map(|block| match block {
        AnswerBlock::Table(table) if table.title == title => Some(table),
        _ => None,
    })
}

/// One run of the rules tells what the two runs of a preview tell, of the sample's two lists.
#[tokio::test(flavor = "multi_thread")]
async fn rules_are_counted_as_their_preview_counts_them() -> Result<()> {
    let router = Router::start()?;
    router.host.call(OpenSample {}).await?;
    let rules = router.host.call(GetRuleSet {}).await?;
    for list in router.host.call(ListPriceLists {}).await? {
        let request = PreviewRules { rule_set: rules.clone(), price_list: list.id };
        let preview = router.host.call(request).await?;
        let question = format!("which rule decides most products in {}?", list.name);
        let turn = ask(&router, &question).await?;
        let rows = &table(&turn, "Rules in order").context("the rules are listed")?.rows;
        let mut told: Vec<Vec<String>> = rows.iter().map(|row| row.cells[1..].to_vec()).collect();
        let plain = |number: u64| {
            if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
        };
        let counts =
            |share: &RuleShare| [share.products, share.raised, share.lowered, share.exceptions].map(plain).to_vec();
        let mut counted: Vec<Vec<String>> = preview.rules.iter().map(counts).collect();
        told.sort();
        counted.sort();
        assert_eq!(told, counted, "{}", list.name);
    }
    Ok(())
}

/// What is put in order by a sum of 28 days, in what is not so, and of each of several things.
#[tokio::test(flavor = "multi_thread")]
async fn products_by_revenue_negations_and_figures_by_brand_are_those_of_the_catalogue() -> Result<()> {
    let router = Router::start()?;
    router.host.call(OpenSample {}).await?;
    let turn = ask(&router, "top 3 products by revenue").await?;
    let rows = &table(&turn, "Products").context("products are listed")?.rows;
    let sums: Vec<f64> = rows
        .iter()
        .map(|row| {
            row.cells.last().map_or(0.0, |cell| cell.replace([',', ' '], "").replace("EUR", "").parse().unwrap_or(0.0))
        })
        .collect();
    assert_eq!(sums.len(), 3);
    assert!(sums.windows(2).all(|pair| pair[0] >= pair[1]) && sums[2] > 0.0, "{sums:?}");
    let below = ask(&router, "how many products are below cost?").await?;
    let not_below = ask(&router, "how many products are not below cost?").await?;
    assert!(text(&below).starts_with("2 of 2,000 products"), "{}", text(&below));
    assert!(text(&not_below).starts_with("1,998 of 2,000 products"), "{}", text(&not_below));
    let by_brand = ask(&router, "revenue by brand").await?;
    assert_eq!(table(&by_brand, "Groups in order").context("brands are listed")?.total, 14);
    let both = text(&ask(&router, "price and stock of NL-10001").await?);
    assert!(both.contains("256.99 EUR") && both.contains("in stock"), "{both}");
    Ok(())
}
