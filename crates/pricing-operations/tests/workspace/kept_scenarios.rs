//! Scenarios that are kept, optimised, and turned into proposals and drafts of the rules.

use std::fmt::Write;

use app_contract::{
    ScenarioAssumptions, ScenarioChange, ScenarioClearance, ScenarioIndexLimit, ScenarioInput, ScenarioObjective,
    ScenarioPrices, ScenarioReaction, ScenarioView,
};
use pricing_domain::{
    BasisPoints, FileKind, GridFilter, Instant, ProposalKind, ProposalStatus, RuleSetState, Strategy,
};
use pricing_operations::{Sensitivity, read_rules};

use crate::scenarios::{keeping, run, selling};
use crate::support::Shop;

fn named(name: &str, scenario: ScenarioInput) -> ScenarioInput {
    ScenarioInput { name: name.to_owned(), ..scenario }
}

fn cheaper_kettle() -> ScenarioInput {
    let only = vec![GridFilter::Family("kettles".into())];
    named("Kettle down", keeping(vec![ScenarioChange::Price { percent: -10.0, only }]))
}

#[tokio::test]
async fn a_kept_scenario_gives_the_same_figures_whatever_the_catalogue_has_become() {
    let shop = selling().await;
    let kept = shop.workspace.keep_scenario(cheaper_kettle(), None).await.unwrap();
    assert!(kept.repeatable && !kept.outdated, "{kept:?}");
    shop.import_clean(FileKind::Prices, "sku,price_list,price,currency\nA1,DEFAULT,99.00,EUR\n").await;
    shop.import_clean(FileKind::Sales, "sku,date,units\nA1,2026-03-02,400\n").await;
    let rows = shop.workspace.kept_scenarios().await.unwrap();
    assert!(rows[0].outdated, "the price and the sales are others now");
    let repeated = shop.workspace.repeat_scenario(kept.id).await.unwrap();
    assert!(repeated.same, "every figure stands");
    assert_eq!(repeated.answer.today.margin, kept.today.margin);
    let anew = run(&shop, cheaper_kettle()).await;
    assert_ne!(anew.today.margin, kept.today.margin, "played on the catalogue as it stands it is another answer");
}

#[tokio::test]
async fn kept_scenarios_are_copied_replaced_named_apart_and_removed() {
    let shop = selling().await;
    let first = shop.workspace.keep_scenario(cheaper_kettle(), None).await.unwrap();
    let second = shop.workspace.keep_scenario(cheaper_kettle(), None).await.unwrap();
    assert_eq!((first.name.as_str(), second.name.as_str()), ("Kettle down", "Kettle down (2)"));
    let copy = shop.workspace.copy_scenario(first.id, "Another").await.unwrap();
    assert_eq!((copy.after, copy.repeatable), (first.after, true));
    assert!(shop.workspace.repeat_scenario(copy.id).await.unwrap().same, "a copy recomputes as well");
    let dearer = keeping(vec![ScenarioChange::Cost { percent: 10.0, only: vec![] }]);
    let replaced = shop.workspace.keep_scenario(named("Dearer", dearer), Some(copy.id)).await.unwrap();
    assert_eq!((replaced.id, replaced.name.as_str()), (copy.id, "Dearer"));
    let found = shop.workspace.kept_scenario(copy.id).await.unwrap();
    assert!(matches!(found.scenario.changes[0], ScenarioChange::Cost { .. }));
    assert_eq!(found.answer.after.margin, replaced.after.margin);
    let left = shop.workspace.remove_scenario(second.id).await.unwrap();
    assert_eq!(left.len(), 2);
    let gone = shop.workspace.kept_scenario(second.id).await.unwrap_err();
    assert!(gone.message.contains("not in the workspace any more"));
    let nameless = shop.workspace.keep_scenario(named(" ", cheaper_kettle()), None).await.unwrap_err();
    assert_eq!(nameless.message, "Give the scenario a name.");
}

#[tokio::test]
async fn a_promotion_is_funded_lifted_and_over_when_its_weeks_are() {
    let shop = selling().await;
    let promotion = |funding: f64, cannibalised: f64| ScenarioChange::Promotion {
        percent: 20.0,
        weeks: 1,
        lift: 50.0,
        funding,
        cannibalised,
        only: vec![GridFilter::Family("kettles".into())],
    };
    let play = |change| run(&shop, ScenarioInput { weeks: 2, ..keeping(vec![change]) });
    let plain = play(promotion(0.0, 0.0)).await;
    let kettles = 10.0 * (2_399.0_f64 / 2_999.0).powf(-1.5) * 1.5;
    assert!((plain.weeks[0].units.value - kettles - 6.0).abs() < 1e-9, "{:?}", plain.weeks[0].units);
    assert_eq!(plain.weeks[1].margin, plain.today.margin, "afterwards it is as before");
    let funded = play(promotion(50.0, 0.0)).await;
    let paid = (funded.weeks[0].margin.value - plain.weeks[0].margin.value) as f64;
    let wanted = kettles * 0.5 * 600.0 / 1.19;
    assert!((paid - wanted).abs() < 2.0, "{paid} of {wanted}");
    // The toaster is the only other kitchen product: it loses at most all it sells.
    let eaten = play(promotion(0.0, 10.0)).await;
    let lost = plain.weeks[0].units.value - eaten.weeks[0].units.value;
    assert!((lost - 0.1 * (kettles - 10.0)).abs() < 1e-9, "{lost}");
    assert_eq!(eaten.weeks[1].units, plain.weeks[1].units, "and has it back afterwards");
}

#[tokio::test]
async fn currency_stock_guardrails_and_targets_change_what_they_say() {
    let shop = selling().await;
    let currency = ScenarioChange::Currency { percent: 10.0, share: 40.0, only: vec![] };
    let view = run(&shop, keeping(vec![currency])).await;
    assert_eq!(view.after.margin.value, view.today.margin.value - 500 - 180, "40 % of 10 % is 4 % of the cost");

    let path = shop.path("margin.txt");
    std::fs::write(&path, "rule set \"Margin\"\nrule \"all\"\n  price margin 40 %\n").unwrap();
    let rules = ScenarioChange::Rules { rule_set: Box::new(read_rules(&path).unwrap()) };
    let ruled = |changes: Vec<ScenarioChange>| {
        let scenario = ScenarioInput { changes, weeks: 1, ..ScenarioInput::default() };
        async { run(&shop, scenario).await }
    };
    let at_40 = ruled(vec![rules.clone()]).await;
    let at_45 = ruled(vec![rules.clone(), ScenarioChange::Targets { points: 5.0 }]).await;
    let price = |view: &ScenarioView, sku: &str| {
        view.biggest.iter().find(|one| one.sku == sku).map(|one| one.new_minor).expect("it moves")
    };
    assert_eq!((price(&at_40, "A1"), price(&at_45, "A1")), (2_479, 2_705), "12.50 ÷ 0.6 and ÷ 0.55, with VAT");
    let narrow = ScenarioChange::Guardrails { floor_margin: None, step_up: None, step_down: Some(5.0) };
    let held = ruled(vec![rules.clone(), narrow]).await;
    assert_eq!(price(&held, "A1"), 2_850, "5 % down at most");
    let floor = ScenarioChange::Guardrails { floor_margin: Some(45.0), step_up: None, step_down: None };
    assert!(price(&ruled(vec![rules.clone(), floor]).await, "A1") >= 2_705);

    let covered = shop.path("cover.txt");
    std::fs::write(&covered, "rule set \"Cover\"\nrule \"much\"\n  when stock > 5\n  price formula price * 0.9\n")
        .unwrap();
    let rules = ScenarioChange::Rules { rule_set: Box::new(read_rules(&covered).unwrap()) };
    let sold = ScenarioChange::Stock { percent: -50.0, only: vec![] };
    let (before, after) = (ruled(vec![rules.clone()]).await, ruled(vec![rules, sold]).await);
    assert_eq!((before.lowered, after.lowered), (1, 0), "seven kettles are more than five, three are not");

    let nothing = ScenarioInput {
        changes: vec![ScenarioChange::Guardrails { floor_margin: None, step_up: None, step_down: None }],
        ..ScenarioInput::default()
    };
    let nothing = shop.workspace.run_scenario(nothing, Sensitivity::OfDemand);
    assert!(nothing.await.unwrap_err().message.contains("Change 1: guardrails need"));
}

fn rival_at_most(at_most: f64, category: Option<&str>) -> ScenarioIndexLimit {
    let category = category.map(str::to_owned);
    ScenarioIndexLimit { competitor: "Rival".into(), at_least: None, at_most: Some(at_most), category }
}

fn best(objective: ScenarioObjective) -> ScenarioInput {
    named("Best", ScenarioInput { prices: ScenarioPrices::Best, objective, weeks: 1, ..ScenarioInput::default() })
}

#[tokio::test]
async fn the_best_prices_keep_their_limits_and_the_bound_is_never_passed() {
    let shop = selling().await;
    let free = run(&shop, best(ScenarioObjective::default())).await;
    let optimum = free.optimum.clone().expect("prices were chosen");
    assert!(optimum.value >= optimum.before && optimum.value <= optimum.bound, "{optimum:?}");
    assert!(optimum.proven && free.after.margin.value >= free.today.margin.value);
    // With an elasticity of -1.5 the best price is three times the net cost: both rise as far as they may.
    assert_eq!((free.raised, free.lowered), (2, 0), "{:?}", free.biggest);
    assert!(free.biggest.iter().all(|one| one.new_minor as f64 <= 1.1 * one.old_minor as f64 + 0.5));
    assert!(optimum.extrapolated_gain > 99.0, "no other price was ever charged");

    let few = ScenarioObjective { changes_at_most: Some(50.0), ..ScenarioObjective::default() };
    let view = run(&shop, best(few)).await;
    let found = view.optimum.expect("prices were chosen");
    assert_eq!((view.raised, found.changes), (1, 1));
    assert!(found.limits[0].binds && found.value < optimum.value, "{found:?}");

    let limit = rival_at_most(100.0, None);
    let view = run(&shop, best(ScenarioObjective { index: Some(limit), ..ScenarioObjective::default() })).await;
    let (_, today, after) = &view.indexes[0];
    assert!(*today > 10_000 && *after <= 10_001, "{today} → {after}");
    let limit = &view.optimum.expect("prices were chosen").limits[0];
    assert!(limit.binds && limit.worth > 0 && limit.used <= 100.0 + 1e-6, "{limit:?}");

    let none = ScenarioObjective { revenue_at_least: Some(500.0), ..ScenarioObjective::default() };
    let refused = shop.workspace.run_scenario(best(none), Sensitivity::OfDemand).await.unwrap_err();
    assert!(refused.message.contains("No allowed prices satisfy"), "{}", refused.message);
}

/// Products whose prices stand on no allowed ending, so that the engine would move every one of them.
async fn on_no_ending() -> Shop {
    let shop = Shop::new().await;
    let mut products = "sku,name,category,currency,price,cost,vat_rate\n".to_owned();
    let mut sales = "sku,date,units\n".to_owned();
    for product in 0..20_u32 {
        writeln!(products, "P{product:02},Product {product},Audio,EUR,{}.37,9,19", 20 + product).unwrap();
        writeln!(sales, "P{product:02},2026-03-01,{}", 20 + 4 * product).unwrap();
    }
    shop.import_clean(FileKind::Products, &products).await;
    shop.import_clean(FileKind::Sales, &sales).await;
    let path = shop.path("endings.txt");
    std::fs::write(&path, "rule set \"Endings\"\nguardrails\n  ending 99 of 100\n").unwrap();
    shop.workspace.activate_rule_set(read_rules(&path).unwrap()).await.unwrap();
    shop
}

#[tokio::test]
async fn a_limit_on_changes_holds_for_the_prices_at_the_end_and_for_the_proposals() {
    let shop = on_no_ending().await;
    let few = ScenarioObjective { changes_at_most: Some(30.0), ..ScenarioObjective::default() };
    let view = run(&shop, best(few.clone())).await;
    let optimum = view.optimum.expect("prices were chosen");
    let limit = &optimum.limits[0];
    assert_eq!((view.raised + view.lowered, optimum.changes, limit.used), (6, 6, 6.0), "{optimum:?}");
    assert!(limit.binds && !limit.broken && limit.bound == 6.0, "{limit:?}");
    let made = shop.workspace.propose_scenario(best(few)).await.unwrap();
    assert_eq!((made.changes + made.exceptions, made.refused), (6, 0), "{made:?}");
    assert_eq!(shop.proposals().await.len(), 6);
}

#[tokio::test]
async fn what_guardrails_make_of_the_chosen_prices_is_what_is_told() {
    let shop = selling().await;
    let view = run(&shop, best(ScenarioObjective::default())).await;
    let optimum = view.optimum.expect("prices were chosen");
    // The first week is played with the judged prices and nothing else: the objective is its margin.
    assert!((optimum.value - view.after.margin.value).abs() <= 1, "{optimum:?} {:?}", view.after.margin);
    assert_eq!(optimum.changes, view.raised + view.lowered);
    // Of an assumed elasticity of -1.5 ± 0.75 it cannot be ruled out that no best price lies inside.
    assert_eq!((optimum.at_bound, optimum.perhaps_at_bound), (0, 2));
    let assumptions = ScenarioAssumptions { elasticity: -0.8, elasticity_error: 0.1, ..Default::default() };
    let view = run(&shop, ScenarioInput { assumptions, ..best(ScenarioObjective::default()) }).await;
    let optimum = view.optimum.expect("prices were chosen");
    assert_eq!(
        (optimum.at_bound, optimum.perhaps_at_bound),
        (2, 0),
        "they stand at the step because demand is inelastic"
    );
    let assumptions = ScenarioAssumptions { elasticity: -6.0, elasticity_error: 0.1, ..Default::default() };
    let view = run(&shop, ScenarioInput { assumptions, ..best(ScenarioObjective::default()) }).await;
    assert_eq!(view.optimum.map(|optimum| (optimum.at_bound, optimum.perhaps_at_bound)), Some((0, 0)));
}

#[tokio::test]
async fn stock_that_has_to_go_is_sold_at_lower_prices() {
    let shop = selling().await;
    shop.import_clean(FileKind::Stock, "sku,stock\nA1,400\nB2,3\n").await;
    let clear = ScenarioClearance { weeks: 4, salvage: 10.0, only: vec![GridFilter::Family("kettles".into())] };
    let objective = ScenarioObjective { clear: Some(clear), step: 30.0, ..ScenarioObjective::default() };
    let view = run(&shop, best(objective)).await;
    let (stock, today, chosen) = view.optimum.expect("prices were chosen").cleared.expect("a clearance");
    assert!(stock == 400.0 && today == 40.0 && chosen > today, "{stock} {today} {chosen}");
    let kettle = view.biggest.iter().find(|one| one.sku == "A1").expect("it moves");
    assert!(kettle.new_minor < kettle.old_minor);
}

#[tokio::test]
async fn a_scenario_becomes_a_batch_of_proposals_that_explain_themselves() {
    let shop = selling().await;
    let made = shop.workspace.propose_scenario(cheaper_kettle()).await.unwrap();
    assert_eq!((made.changes + made.exceptions, made.refused), (1, 0), "{made:?}");
    let proposals = shop.proposals().await;
    assert_eq!(proposals.len(), 1);
    let proposal = &proposals[0];
    assert_eq!((proposal.sku.as_str(), proposal.status), ("A1", ProposalStatus::Pending));
    let new = if proposal.kind == ProposalKind::Change { proposal.new_minor } else { proposal.lawful_minor };
    assert_eq!(new, Some(2_699), "ten percent off 29.99: {proposal:?}");
    let way = shop.workspace.price_way(proposal.id).await.unwrap();
    assert!(way.lines.iter().any(|line| format!("{line:?}").contains("Kettle down")), "{:?}", way.lines);
    let nothing = shop.workspace.propose_scenario(named("Nothing", keeping(vec![]))).await.unwrap_err();
    assert!(nothing.message.contains("every price stands as it does today"));
}

#[tokio::test]
async fn a_scenario_becomes_a_draft_of_the_rules_or_says_that_it_has_none() {
    let shop = selling().await;
    let held = ScenarioChange::Index { target: 102.0, competitor: "Rival".into() };
    let draft = shop.workspace.draft_scenario(named("Hold", keeping(vec![held]))).await.unwrap();
    let versions = shop.workspace.rule_set_versions().await.unwrap();
    let version = versions.iter().find(|one| one.version == draft.version).expect("it is listed");
    assert_eq!((version.state, version.name.as_str()), (RuleSetState::Draft, "Scenario “Hold”"));
    let rules = shop.workspace.rule_set_version(draft.version).await.unwrap();
    let first = &rules.rules[0].strategy;
    assert!(matches!(first, Strategy::IndexTarget { index: BasisPoints(10_200), .. }), "{first:?}");
    let once = shop.workspace.draft_scenario(cheaper_kettle()).await.unwrap_err();
    assert!(once.message.contains("no rule"), "{}", once.message);
}

#[tokio::test]
async fn what_a_competitor_did_in_the_past_is_played_again() {
    let shop = Shop::new().await;
    let mut products = "sku,name,category,currency,price,cost,vat_rate\n".to_owned();
    let mut prices = "sku,price_list,price,currency,valid_from,valid_to\n".to_owned();
    let mut offers = "sku,competitor,observed_at,price,currency,availability\n".to_owned();
    let mut sales = "sku,date,units\n".to_owned();
    let first: Instant = "2025-12-01T00:00:00Z".parse().unwrap();
    for product in 0..12_i64 {
        writeln!(products, "P{product},Product {product},Audio,EUR,18.00,9,19").unwrap();
        let cut = first.plus_days(10 + product);
        writeln!(prices, "P{product},DEFAULT,20.00,EUR,{},{}", first, cut).unwrap();
        writeln!(prices, "P{product},DEFAULT,18.00,EUR,{},", cut).unwrap();
        // Half of our cut of 10 %, three days later.
        let answers = [(first, "20.00"), (cut.plus_days(2), "20.00"), (cut.plus_days(3), "19.00")];
        for (at, price) in answers {
            writeln!(offers, "P{product},Rival,{at},{price},EUR,InStock").unwrap();
        }
        writeln!(offers, "P{product},Rival,2026-03-02T08:00:00Z,19.00,EUR,InStock").unwrap();
        writeln!(sales, "P{product},2026-03-01,40").unwrap();
    }
    shop.import_clean(FileKind::Products, &products).await;
    shop.import_clean(FileKind::PriceHistory, &prices).await;
    shop.import_clean(FileKind::Observations, &offers).await;
    shop.import_clean(FileKind::Sales, &sales).await;
    let scenario = ScenarioInput {
        reaction: ScenarioReaction::Learnt { days: 365 },
        weeks: 3,
        ..keeping(vec![ScenarioChange::Price { percent: -10.0, only: vec![] }])
    };
    let view = run(&shop, scenario.clone()).await;
    let cuts = view.learnt.iter().find(|one| one.cuts).expect("cuts were answered");
    assert_eq!((cuts.competitor.as_str(), cuts.moves, cuts.followed, cuts.enough), ("Rival", 12, 12, true));
    assert!((cuts.share - 50.0).abs() < 3.0 && cuts.days == Some(3.0), "{cuts:?}");
    let (_, today, after) = &view.indexes[0];
    let silent = run(&shop, ScenarioInput { reaction: ScenarioReaction::None, ..scenario }).await;
    assert!(view.after.units.value < silent.after.units.value, "who is followed sells less: {today} → {after}");
}

/// Thirty products of three competitors. “Leader” cuts each once, “Follower” cuts it half as far four days later, and
/// “Loner” cuts whenever it likes.
async fn led_market() -> Shop {
    let shop = Shop::new().await;
    let mut products = "sku,name,category,currency,price,cost,vat_rate\n".to_owned();
    let mut offers = "sku,competitor,observed_at,price,currency,availability\n".to_owned();
    let mut sales = "sku,date,units\n".to_owned();
    let first: Instant = "2025-12-01T00:00:00Z".parse().unwrap();
    for product in 0..30_i64 {
        writeln!(products, "P{product},Product {product},Audio,EUR,30.00,9,19").unwrap();
        writeln!(sales, "P{product},2026-03-01,40").unwrap();
        let led = 3 + product * 37 % 75;
        for (who, day, after) in
            [("Leader", led, "18.00"), ("Follower", led + 4, "19.00"), ("Loner", 3 + product * 53 % 79, "19.50")]
        {
            let seen = [(first, "20.00"), (first.plus_days(day), after)];
            seen.iter().for_each(|(at, price)| writeln!(offers, "P{product},{who},{at},{price},EUR,InStock").unwrap());
            writeln!(offers, "P{product},{who},2026-03-02T08:00:00Z,{after},EUR,InStock").unwrap();
        }
    }
    shop.import_clean(FileKind::Products, &products).await;
    shop.import_clean(FileKind::Observations, &offers).await;
    shop.import_clean(FileKind::Sales, &sales).await;
    shop
}

#[tokio::test]
async fn a_competitor_that_moves_makes_its_followers_move_in_later_weeks() {
    let shop = led_market().await;
    let cut = ScenarioChange::Competitor { percent: -10.0, name: Some("Leader".into()), share: None, only: vec![] };
    let after = |weeks| ScenarioInput {
        reaction: ScenarioReaction::Learnt { days: 365 },
        weeks,
        name: "Leader cuts".into(),
        ..keeping(vec![cut.clone()])
    };
    let view = run(&shop, after(3)).await;
    assert_eq!(view.following.len(), 1, "nobody else follows: {:?}", view.following);
    let found = &view.following[0];
    assert_eq!((found.leader.as_str(), found.follower.as_str(), found.cuts), ("Leader", "Follower", true));
    assert_eq!((found.moves, found.followed, found.days), (30, 30, 4.0));
    assert!((45.0..=50.0).contains(&found.share) && found.by_chance < 45.0, "{found:?}");
    let words = view.remarks.iter().find(|one| one.contains("follow each other")).expect("it is said");
    assert!(words.starts_with("Competitors also follow each other, in 1 of 12 ways and beyond chance"), "{words}");
    assert!(words.contains("there were too few changes to tell"), "nobody raised a price: {words}");
    let index = |view: &ScenarioView, who: &str| {
        let (_, today, after) = view.indexes.iter().find(|one| one.0 == who).expect("it has offers").clone();
        after as f64 / today as f64
    };
    // Half of ten percent, in the second week.
    assert!((index(&view, "Follower") - 1.0 / 0.95).abs() < 0.005, "{}", index(&view, "Follower"));
    assert_eq!(index(&view, "Loner"), 1.0);
    assert_eq!(index(&run(&shop, after(1)).await, "Follower"), 1.0, "answers come from the week after");
    let silent = ScenarioInput { reaction: ScenarioReaction::None, ..after(3) };
    assert_eq!(index(&run(&shop, silent).await, "Follower"), 1.0);
    let kept = shop.workspace.keep_scenario(after(3), None).await.unwrap();
    // Whatever they do later.
    let later =
        "sku,competitor,observed_at,price,currency,availability\nP0,Follower,2026-03-02T09:00:00Z,1.00,EUR,InStock\n";
    shop.import_clean(FileKind::Observations, later).await;
    let again = shop.workspace.repeat_scenario(kept.id).await.unwrap();
    assert!(again.same && again.answer.following == view.following, "{:?}", again.answer.following);
}

/// Five loudspeakers and five kettles (an answer names ten products), each a little dearer than at the rival.
async fn two_categories() -> Shop {
    let shop = Shop::new().await;
    let mut products = "sku,name,category,currency,price,cost,vat_rate\n".to_owned();
    let mut sales = "sku,date,units\n".to_owned();
    let mut offers = "sku,competitor,observed_at,price,currency,availability\n".to_owned();
    for product in 0..10_u32 {
        let category = if product < 5 { "Audio > Speakers" } else { "Kitchen" };
        writeln!(products, "P{product:02},Product {product},{category},EUR,{}.99,25,19", 40 + product).unwrap();
        writeln!(sales, "P{product:02},2026-03-01,{}", 20 + 4 * product).unwrap();
        writeln!(offers, "P{product:02},Rival,2026-03-02T08:00:00Z,{}.49,EUR,InStock", 39 + product).unwrap();
    }
    shop.import_clean(FileKind::Products, &products).await;
    shop.import_clean(FileKind::Sales, &sales).await;
    shop.import_clean(FileKind::Observations, &offers).await;
    shop
}

/// The index of some products at the prices of an answer.
fn index_of(view: &ScenarioView, products: std::ops::Range<u32>) -> f64 {
    let (mut ours, mut theirs) = (0.0, 0.0);
    for product in products {
        let sku = format!("P{product:02}");
        let moved = view.biggest.iter().find(|one| one.sku == sku).map(|one| one.new_minor);
        let weight = f64::from(20 + 4 * product);
        ours += weight * moved.unwrap_or(i64::from(4_099 + 100 * product)) as f64;
        theirs += weight * f64::from(3_949 + 100 * product);
    }
    100.0 * ours / theirs
}

#[tokio::test]
async fn an_index_of_a_category_holds_for_its_products_and_leaves_the_others_free() {
    let shop = two_categories().await;
    let free = run(&shop, best(ScenarioObjective::default())).await;
    let both = [index_of(&free, 0..5), index_of(&free, 5..10)];
    assert!(both.iter().all(|index| *index > 110.0), "all rise as far as they may: {both:?}");
    let audio = |at_most| rival_at_most(at_most, Some(" audio "));
    let with = |indexes| best(ScenarioObjective { indexes, ..ScenarioObjective::default() });
    let view = run(&shop, with(vec![audio(101.0)])).await;
    assert!(index_of(&view, 0..5) <= 101.0 + 1e-6 && index_of(&view, 5..10) > 110.0);
    let limit = &view.optimum.as_ref().expect("prices were chosen").limits[0];
    assert!(limit.binds && !limit.broken && limit.worth > 0, "{limit:?}");
    assert!((limit.used - index_of(&view, 0..5)).abs() < 1e-6, "{limit:?}");
    let ScenarioIndexLimit { competitor, category, .. } = audio(101.0);
    let floor = ScenarioIndexLimit { competitor, category, at_least: Some(106.0), at_most: Some(107.0) };
    let view = run(&shop, with(vec![floor, rival_at_most(103.5, Some("Kitchen"))])).await;
    assert!((106.0 - 1e-6..=107.0 + 1e-6).contains(&index_of(&view, 0..5)), "{}", index_of(&view, 0..5));
    assert!(index_of(&view, 5..10) <= 103.5 + 1e-6);
    let names: Vec<_> = view.optimum.expect("prices were chosen").limits.into_iter().map(|limit| limit.name).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(names[2], "index of “Kitchen” against Rival, at most");
}

#[tokio::test]
async fn an_index_that_cannot_be_meant_is_refused_in_words() {
    let shop = two_categories().await;
    let limit = |at_least, at_most, category: &str| ScenarioIndexLimit {
        competitor: "Rival".into(),
        at_least,
        at_most,
        category: Some(category.into()),
    };
    let cases = [
        (limit(None, None, "Kitchen"), "The index of “Kitchen” against Rival needs a number"),
        (limit(Some(105.0), Some(100.0), "Kitchen"), "cannot be at least more than at most"),
        (limit(None, Some(f64::NAN), "Kitchen"), "has to lie above 0"),
        (limit(None, Some(-3.0), "Kitchen"), "has to lie above 0"),
        (limit(None, Some(100.0), "Garden"), "is in the category “Garden”"),
        (limit(None, Some(80.0), "Kitchen"), "index of “Kitchen” against Rival, at most: 80.0 is asked"),
    ];
    for (limit, words) in cases {
        let objective = ScenarioObjective { indexes: vec![limit], ..ScenarioObjective::default() };
        let refused = shop.workspace.run_scenario(best(objective), Sensitivity::OfDemand).await.unwrap_err();
        assert!(refused.message.contains(words), "{}", refused.message);
    }
}
