//! What would happen if, and what the sales say about demand.

use std::fmt::Write;

use app_contract::{
    ElasticityGrade, ScenarioAssumptions, ScenarioChange, ScenarioFigure, ScenarioInput, ScenarioObjective,
    ScenarioPrices, ScenarioReaction, ScenarioView,
};
use pricing_domain::{FileKind, GridColumn, GridFilter, GridSort, Instant};
use pricing_operations::{Sensitivity, read_rules};

use crate::support::Shop;

/// A kettle that sells 10 and a toaster that sells 5 a week, with a rival that has both, and a lamp without a cost that
/// sells one.
pub async fn selling() -> Shop {
    let shop = Shop::with_products().await;
    shop.import_clean(
        FileKind::Observations,
        "sku,competitor,observed_at,price,currency,availability\nA1,Rival,2026-03-02T08:00:00Z,28.49,EUR,InStock\n\
         B2,Rival,2026-03-02T08:00:00Z,18.99,EUR,InStock\n",
    )
    .await;
    shop.import_clean(FileKind::Sales, "sku,date,units\nA1,2026-03-01,40\nB2,2026-03-01,20\nC3,2026-03-01,4\n").await;
    shop
}

pub fn keeping(changes: Vec<ScenarioChange>) -> ScenarioInput {
    ScenarioInput { changes, prices: ScenarioPrices::Keep, weeks: 1, ..ScenarioInput::default() }
}

fn cost(percent: f64, only: Vec<GridFilter>) -> ScenarioChange {
    ScenarioChange::Cost { percent, only }
}

pub async fn run(shop: &Shop, scenario: ScenarioInput) -> ScenarioView {
    shop.workspace.run_scenario(scenario, Sensitivity::Whole).await.unwrap()
}

#[tokio::test]
async fn dearer_costs_take_exactly_their_part_of_the_margin_and_nothing_is_written() {
    let shop = selling().await;
    let sequence = shop.workspace.sequence().await.unwrap();
    let all = run(&shop, keeping(vec![cost(4.0, vec![])])).await;
    // A week's margin is 10 × (29.99 ÷ 1.19 − 12.50) + 5 × (19.99 ÷ 1.19 − 9.00).
    assert_eq!((all.products, all.today.margin.value), (3, 16_601));
    assert_eq!(all.after.margin.value, 16_601 - 500 - 180);
    assert_eq!(all.today.revenue, all.after.revenue);
    assert_eq!(all.left_out, []);
    let one =
        run(&shop, keeping(vec![cost(4.0, vec![GridFilter::Brand("Boilo".into())]), cost(-100.0 / 26.0, vec![])]))
            .await;
    assert!((one.after.margin.value - 16_601).abs() <= 1, "the second change takes the first back: {one:?}");
    assert_eq!(shop.workspace.sequence().await.unwrap(), sequence);
}

#[tokio::test]
async fn a_changed_price_sells_by_its_elasticity_and_says_how_sure_it_is() {
    let shop = selling().await;
    let kettle = ScenarioChange::Price { percent: -10.0, only: vec![GridFilter::Family("kettles".into())] };
    let assumptions = ScenarioAssumptions { elasticity: -2.0, elasticity_error: 0.5, ..Default::default() };
    let view = run(&shop, ScenarioInput { assumptions, ..keeping(vec![kettle]) }).await;
    let units = 10.0 * (2_699.0_f64 / 2_999.0).powf(-2.0) + 6.0;
    assert!((view.after.units.value - units).abs() < 1e-9);
    assert!(view.after.units.low < units && view.after.units.high > units);
    assert_eq!((view.lowered, view.unchanged), (1, 2));
    assert!(view.after.extrapolated > 50.0, "the kettle was never sold at this price");
    assert_eq!(view.biggest[0].sku, "A1");
    let products: u64 = view.categories.iter().map(|group| group.products).sum();
    let margin: i64 = view.categories.iter().map(|group| group.after.margin.value).sum();
    assert_eq!((products, margin), (3, view.after.margin.value));
    let assumed = view.sensitivity.iter().find(|bar| bar.assumption.starts_with("assumed")).expect("it matters");
    assert!(assumed.low > assumed.high, "who answers more buys more of what is cheaper: {assumed:?}");
}

#[tokio::test]
async fn groups_tell_units_revenue_and_margin_with_intervals_by_category_brand_and_position() {
    let shop = selling().await;
    let kettle = ScenarioChange::Price { percent: -10.0, only: vec![GridFilter::Family("kettles".into())] };
    let view = run(&shop, keeping(vec![kettle])).await;
    // The kettle falls from 29.99 to 26.99, below the rival's 28.49; the toaster stays dearer than the rival's.
    let kettles = 10.0 * (2_699.0_f64 / 2_999.0).powf(-1.5);
    let positions: Vec<(&str, u64, Option<u64>)> =
        view.positions.iter().map(|group| (group.name.as_str(), group.products, group.products_after)).collect();
    assert_eq!(
        positions,
        [
            ("cheaper than every competitor", 0, Some(1)),
            ("dearest, or as dear as the dearest", 2, Some(1)),
            ("without a usable competitor price", 1, Some(1))
        ]
    );
    // The lamp is of another category and brand.
    for group in [&view.categories[0], &view.brands[0], &view.positions[1]] {
        assert!((group.after.units.value - (kettles + 5.0)).abs() < 1e-9, "{group:?}");
        let revenue = (kettles * 2_699.0 + 5.0 * 1_999.0) / 1.19;
        let margin = kettles * (2_699.0 / 1.19 - 1_250.0) + 5.0 * (1_999.0 / 1.19 - 900.0);
        assert_eq!(
            (group.after.revenue.value, group.after.margin.value),
            (revenue.round() as i64, margin.round() as i64)
        );
        // An assumed error of 0.75 moves the logarithm of the kettle's units by 0.75 · |ln ratio|.
        let half = 1.96 * 0.75 * (2_999.0_f64 / 2_699.0).ln() * kettles;
        assert!((group.after.units.high - group.after.units.value - half).abs() < 1e-9, "{:?}", group.after.units);
        let worth = half * (2_699.0 / 1.19);
        assert!((group.after.revenue.high as f64 - (revenue + worth)).abs() <= 1.0, "{:?}", group.after.revenue);
        assert_eq!(group.today.units.low, group.today.units.high, "today is no guess");
    }
}

#[tokio::test]
async fn a_higher_tax_is_paid_by_the_margin_until_prices_follow() {
    let shop = selling().await;
    let view = run(&shop, keeping(vec![ScenarioChange::Vat { rate: 21.0, only: vec![] }])).await;
    let net = |vat: f64| 10.0 * 2_999.0 / vat + 5.0 * 1_999.0 / vat;
    assert_eq!(view.after.revenue.value, (net(1.21) + 4_900.0 / 1.21).round() as i64);
    // Both margins are rounded on their own.
    let paid = view.today.margin.value - view.after.margin.value;
    assert!((paid as f64 - (net(1.19) - net(1.21))).abs() <= 1.0, "{paid}");
}

#[tokio::test]
async fn the_rules_decide_what_a_run_would_and_an_index_is_held() {
    let shop = selling().await;
    let rival = ScenarioChange::Competitor { percent: -5.0, name: Some("rival".into()), share: None, only: vec![] };
    let ruled = ScenarioInput { changes: vec![rival.clone()], weeks: 1, ..ScenarioInput::default() };
    let view = run(&shop, ruled).await;
    assert!(view.lowered > 0, "{view:?}");
    assert!(view.after.units.value > 0.0 && view.exceptions <= 3);

    let held = ScenarioChange::Index { target: 102.0, competitor: "Rival".into() };
    let view = run(&shop, keeping(vec![rival, held])).await;
    let (name, today, after) = &view.indexes[0];
    assert_eq!(name, "Rival");
    assert!((*after - 10_200).abs() <= 5 && (*today - 10_200).abs() > 100, "{today} → {after}");
}

#[tokio::test]
async fn a_price_war_is_seen_and_stopped() {
    let shop = selling().await;
    let path = shop.path("war.txt");
    std::fs::write(&path, "rule set \"War\"\nrule \"undercut\"\n  price lowest - 5 %\n").unwrap();
    let war = ScenarioInput {
        changes: vec![ScenarioChange::Rules { rule_set: Box::new(read_rules(&path).unwrap()) }],
        reaction: ScenarioReaction::MatchesLowest,
        weeks: 52,
        stop_at_fall: Some(20.0),
        ..ScenarioInput::default()
    };
    let view = run(&shop, war.clone()).await;
    assert!(view.price_war && view.price_war_stopped && view.weeks.len() < 52, "{} weeks", view.weeks.len());
    assert!(view.weeks.windows(2).all(|pair| pair[1].price_change <= pair[0].price_change));
    assert!(view.remarks.iter().any(|remark| remark.contains("fall in turn")));
    let on = run(&shop, ScenarioInput { stop_at_fall: None, weeks: 6, ..war.clone() }).await;
    assert_eq!(
        (on.price_war, on.price_war_stopped, on.weeks.len()),
        (true, false, 6),
        "it is seen where nothing stops it"
    );
    assert!(on.remarks.iter().any(|remark| remark.contains("played on to week 6")), "{:?}", on.remarks);
    let peace = run(&shop, ScenarioInput { reaction: ScenarioReaction::None, ..war }).await;
    assert!(!peace.price_war && peace.weeks.len() == 52);
    let answers = view.sensitivity.iter().find(|bar| bar.assumption.contains("competitors answer"));
    assert_eq!(answers.map(|bar| bar.low), Some(peace.after.margin.value));
}

#[tokio::test]
async fn what_cannot_be_played_is_refused_with_what_to_do() {
    let shop = selling().await;
    let refused = |changes: Vec<ScenarioChange>| {
        let workspace = shop.workspace.clone();
        async move { workspace.run_scenario(keeping(changes), Sensitivity::Whole).await.unwrap_err().message }
    };
    let nobody = ScenarioChange::Competitor { percent: 1.0, name: Some("Nobody".into()), share: None, only: vec![] };
    assert_eq!(
        refused(vec![cost(1.0, vec![]), nobody]).await,
        "Change 2: no competitor is called “Nobody”; there are Rival."
    );
    let nothing = refused(vec![cost(1.0, vec![GridFilter::Brand("None".into())])]).await;
    assert!(nothing.contains("no product fits"), "{nothing}");
    assert!(refused(vec![cost(-100.0, vec![])]).await.contains("above -100"));
    let empty = Shop::with_products().await;
    let message =
        empty.workspace.run_scenario(ScenarioInput::default(), Sensitivity::OfDemand).await.unwrap_err().message;
    assert!(message.contains("3 without sales in the last four weeks"), "{message}");
    empty.import_clean(FileKind::Sales, "sku,date,units\nA1,2026-03-01,40\n").await;
    let nobody = ScenarioChange::Competitor { percent: 1.0, name: Some("Nobody".into()), share: None, only: vec![] };
    let message = empty.workspace.run_scenario(keeping(vec![nobody]), Sensitivity::Whole).await.unwrap_err().message;
    assert_eq!(message, "Change 1: no competitor is called “Nobody”; no competitors are known yet.");
}

#[tokio::test]
async fn what_has_no_cost_or_rate_is_played_as_far_as_it_goes_and_the_margin_says_what_it_counts() {
    let shop = selling().await;
    shop.import_clean(FileKind::Products, "sku,name,category,currency,price,cost\nD4,Lead,Living,EUR,10.00,4\n").await;
    shop.import_clean(FileKind::Sales, "sku,date,units\nD4,2026-03-01,16\n").await;
    let dearer = ScenarioChange::Price { percent: 10.0, only: vec![GridFilter::Category("Living".into())] };
    let view = run(&shop, keeping(vec![dearer])).await;
    let coverage = view.coverage.expect("told");
    assert_eq!((view.products, coverage.revenue_products, coverage.margin_products), (4, 3, 2));
    assert!((coverage.margin_units_percent - 75.0).abs() < 1e-9, "15 of 20 units: {coverage:?}");
    assert_eq!(view.after.margin, view.today.margin, "neither of the two has a margin that could change");
    let lamp = (4_900.0 * 1.1_f64.powf(-0.5) - 4_900.0) / 1.19;
    let more = (view.after.revenue.value - view.today.revenue.value) as f64;
    assert!((more - lamp).abs() < 2.0, "the revenue of the lamp alone: {more} and {lamp}");
    let fewer = 20.0 - view.after.units.value;
    assert!((fewer - 5.0 * (1.0 - 1.1_f64.powf(-1.5))).abs() < 0.01, "the units of both: {fewer}");
    let remarks = view.remarks.join(" ");
    for said in
        ["1 products without a VAT rate count in units only", "1 products without a cost", "Margin counts 2 of 4"]
    {
        assert!(remarks.contains(said), "{remarks}");
    }
    // A rate that the scenario states does not make today's revenue known: the two would not compare.
    let vat = run(&shop, keeping(vec![ScenarioChange::Vat { rate: 19.0, only: vec![] }])).await;
    assert_eq!(vat.after.revenue, vat.today.revenue);

    let odd = Shop::new().await;
    odd.import_clean(FileKind::Products, "sku,name,currency,price\nX,Thing,EUR,10.00\n").await;
    odd.import_clean(FileKind::Sales, "sku,date,units\nX,2026-03-01,8\n").await;
    let view = run(&odd, keeping(vec![])).await;
    assert_eq!((view.today.units.value, view.today.revenue.value, view.today.margin.value), (2.0, 2_000, 0));
    assert_eq!(view.coverage.map(|found| (found.revenue_products, found.margin_products)), Some((1, 0)));
    assert!(view.remarks[0].starts_with("No product has a VAT rate: revenue is told at prices on the shelf"));
    assert!(view.grades.iter().all(|grade| grade.revenue_percent.is_finite()), "{:?}", view.grades);
}

#[tokio::test]
async fn a_stock_that_changes_is_sold_from_and_no_further() {
    let shop = selling().await;
    let stock = |percent: f64| ScenarioChange::Stock { percent, only: vec![] };
    let play = |percent: f64, weeks: u32| run(&shop, ScenarioInput { weeks, ..keeping(vec![stock(percent)]) });
    // Seven kettles and three toasters are there; the lamp's stock is not known.
    let none = play(-100.0, 2).await;
    assert_eq!((none.weeks[0].units.value, none.weeks[1].units.value), (1.0, 1.0));
    let double = play(100.0, 2).await;
    assert_eq!(double.weeks[0].units.value, 10.0 + 5.0 + 1.0, "fourteen and six are enough for a week");
    assert_eq!(double.weeks[1].units.value, 4.0 + 1.0 + 1.0, "and what is left is sold in the next");
    assert_eq!(double.weeks[1].units.low, double.weeks[1].units.high, "whatever the elasticity");
    let remarks = double.remarks.join(" ");
    assert!(remarks.contains("2 products sell from the changed stock") && remarks.contains("in week 2"), "{remarks}");
    assert!(remarks.contains("The stock of 1 products is not known"), "{remarks}");
    let untouched = run(&shop, keeping(vec![])).await;
    assert_eq!(untouched.after.units, untouched.today.units, "without a change of stock deliveries go on");
}

#[tokio::test]
async fn what_the_rules_do_anyway_is_told_apart_from_what_the_changes_do() {
    let shop = selling().await;
    let path = shop.path("margin.txt");
    std::fs::write(&path, "rule set \"Margin\"\nrule \"all\"\n  price margin 45 %\n").unwrap();
    shop.workspace.activate_rule_set(read_rules(&path).unwrap()).await.unwrap();
    let play = |changes: Vec<ScenarioChange>| {
        let scenario = ScenarioInput { changes, weeks: 1, ..ScenarioInput::default() };
        async { run(&shop, scenario).await }
    };
    let plain = play(vec![]).await;
    assert!(plain.effect.is_none() && plain.after.margin != plain.today.margin, "the rules have work");
    assert!(plain.remarks.iter().any(|remark| remark.starts_with("Nothing is changed")), "{:?}", plain.remarks);
    let dearer = play(vec![cost(4.0, vec![])]).await;
    let effect = dearer.effect.expect("the rules decide");
    assert_eq!(effect.unchanged, plain.after);
    let added = dearer.after.margin.value - plain.after.margin.value;
    assert!((effect.added.margin.value - added).abs() <= 1, "{} {added}", effect.added.margin.value);
    assert!(effect.added.margin.low < effect.added.margin.value);
    // Asked again, the weeks without changes are known, and so are they with another amount.
    assert_eq!(play(vec![cost(4.0, vec![])]).await.effect, Some(effect));
    assert_eq!(play(vec![cost(5.0, vec![])]).await.effect.expect("the rules decide").unchanged, plain.after);
    assert!(run(&shop, keeping(vec![cost(4.0, vec![])])).await.effect.is_none(), "where no rule decides there is none");
}

#[tokio::test]
async fn what_is_assumed_of_competitors_is_said_where_the_answer_rests_on_it() {
    let shop = selling().await;
    let said = |view: &ScenarioView| view.remarks.iter().find(|one| one.contains("is assumed, not estimated")).cloned();
    let rival = ScenarioChange::Competitor { percent: -5.0, name: None, share: None, only: vec![] };
    let view = run(&shop, keeping(vec![rival])).await;
    let remark = said(&view).expect("it rests on it");
    assert!(remark.contains("0.5 % fewer units") && remark.contains("2 products with 94 % of the units"), "{remark}");
    assert_eq!(said(&run(&shop, keeping(vec![cost(4.0, vec![])])).await), None, "nothing moved there");
}

/// Sixty weeks of a category in which every product answers its price, and two that cannot say.
pub async fn with_a_year_of_sales() -> Shop {
    let shop = Shop::new().await;
    let mut products = "sku,name,category,currency,price,cost,vat_rate\n".to_owned();
    let mut sales = "sku,date,units,net_revenue,price,promotion\n".to_owned();
    let first: Instant = "2025-01-06T00:00:00Z".parse().unwrap();
    for product in 0..8 {
        writeln!(products, "P{product},Product {product},Audio > Radios,EUR,20.00,9,19").unwrap();
        for week in 0..60_i64 {
            let price = 20.0 - f64::from(u8::try_from((week * 7 + product) % 4).unwrap());
            let wave = ((week * 13 + product * 29) as f64 * 1.7).sin();
            let units = (300.0 * (price / 20.0).powf(-2.0) * (0.05 * wave).exp()).round();
            let date = first.plus_days(7 * week).utc_date();
            writeln!(sales, "P{product},{date},{units},{:.2},{price:.2},", units * price / 1.19).unwrap();
        }
    }
    products.push_str("NEW,New radio,Audio > Radios,EUR,25.00,12,19\nODD,Odd thing,,EUR,5.00,2,19\n");
    sales.push_str("ODD,2026-02-02,3,12.61,5.00,\nODD,2026-02-03,-1,,5.00,\n");
    shop.import_clean(FileKind::Products, &products).await;
    shop.import_clean(FileKind::Sales, &sales).await;
    shop
}

#[tokio::test]
async fn every_product_is_graded_by_what_its_sales_can_say() {
    let shop = with_a_year_of_sales().await;
    let report = shop.workspace.demand_report(None, None, "", 0, 500).await.unwrap();
    let grades: Vec<(ElasticityGrade, u64)> = report.grades.iter().copied().filter(|(_, count)| *count > 0).collect();
    let own: u64 = grades.iter().filter(|(grade, _)| *grade <= ElasticityGrade::Shrunk).map(|(_, count)| count).sum();
    assert_eq!(own, 8, "{grades:?}");
    let row = |sku: &str| report.rows.iter().find(|row| row.sku == sku).cloned().expect("listed");
    assert!((row("P3").elasticity.unwrap() + 2.0).abs() < 0.2, "{:?}", row("P3"));
    assert_eq!(row("NEW").grade, ElasticityGrade::Category);
    assert_eq!((row("ODD").grade, row("ODD").elasticity), (ElasticityGrade::NotEnough, None));
    assert_eq!(row("ODD").missing[0], "25 more weeks with sales");
    let lacking = report.lacking.iter().map(|(words, _)| words.as_str());
    assert!(lacking.clone().all(|words| !words.contains('-') && !words.contains("of %")), "{:?}", report.lacking);
    assert!(row("NEW").missing.iter().all(|words| !words.contains("-0")), "{:?}", row("NEW").missing);
    assert_eq!(report.dropped, [("more came back than was sold".to_owned(), 1)]);
    let above = report.categories.iter().find(|found| found.category.as_deref() == Some("Audio"));
    assert_eq!(above.map(|found| found.products), Some(8), "a category counts those below it");

    let few = shop.workspace.demand_report(Some(ElasticityGrade::NotEnough), None, "", 0, 500).await.unwrap();
    assert_eq!((few.matching, few.rows[0].sku.as_str()), (1, "ODD"));
    let product = shop.workspace.find_sku("P3").await.unwrap();
    let view = shop.workspace.elasticity(product).await.unwrap();
    assert_eq!((view.weeks, view.price_levels, view.points.len()), (60, 4, 60));
    assert_eq!(view.category.as_deref(), Some("Audio > Radios"));
    assert!(view.own.is_some() && view.lowest_micro < view.highest_micro);
    assert_eq!(view.repriced_days, 0, "what was charged is what was stated, less the tax");
    shop.import_clean(FileKind::Sales, "sku,date,units,net_revenue,price\nP3,2026-03-01,10,150.00,20.00\n").await;
    assert_eq!(shop.workspace.elasticity(product).await.unwrap().repriced_days, 1, "15.00 net is not 20.00 gross");
}

#[tokio::test]
async fn the_grid_is_filtered_and_ordered_by_what_the_sales_say_of_demand_and_so_are_scenarios() {
    let shop = with_a_year_of_sales().await;
    let list = shop.list("DEFAULT").await;
    let skus = async |filters: Vec<GridFilter>, sort: GridSort| {
        let page = shop.workspace.products(list, "", &filters, sort, 0, 500).await.unwrap();
        page.rows.into_iter().map(|row| (row.sku, row.demand.expect("fitted for it"))).collect::<Vec<_>>()
    };
    let few = skus(vec![GridFilter::Demand(ElasticityGrade::NotEnough)], GridSort::default()).await;
    assert_eq!(few.iter().map(|(sku, _)| sku.as_str()).collect::<Vec<_>>(), ["ODD"]);
    assert_eq!(skus(vec![GridFilter::Inelastic], GridSort::default()).await, []);
    let sort = GridSort { column: GridColumn::Demand, descending: false };
    let ordered = skus(vec![], sort).await;
    assert_eq!(
        (ordered.len(), ordered.last().map(|(sku, _)| sku.as_str())),
        (10, Some("ODD")),
        "what is missing is last"
    );
    let values: Vec<f64> = ordered.iter().filter_map(|(_, fact)| fact.elasticity).map(|(value, _)| value).collect();
    assert!(values.len() == 9 && values.is_sorted_by(|one, other| *one <= other + 0.001), "{values:?}");

    let of_none = vec![GridFilter::Demand(ElasticityGrade::NotEnough)];
    shop.import_clean(FileKind::Sales, "sku,date,units,net_revenue,price\nODD,2026-02-27,3,12.61,5.00\n").await;
    let dearer = vec![ScenarioChange::Price { percent: 10.0, only: of_none }];
    let dearer = ScenarioInput { name: "What cannot say".into(), ..keeping(dearer) };
    let view = run(&shop, dearer.clone()).await;
    assert_eq!((view.raised, view.biggest[0].sku.as_str()), (1, "ODD"), "{:?}", view.biggest);
    let kept = shop.workspace.keep_scenario(dearer, None).await.unwrap();
    assert!(shop.workspace.repeat_scenario(kept.id).await.unwrap().same);
}

#[tokio::test]
async fn without_costs_a_scenario_is_told_by_revenue_and_says_what_costs_would_be_needed_for() {
    let shop = Shop::new().await;
    shop.import_clean(FileKind::Products, "sku,name,currency,price\nX,Thing,EUR,10.00\nY,Other,EUR,20.00\n").await;
    shop.import_clean(FileKind::Sales, "sku,date,units\nX,2026-03-01,8\nY,2026-03-01,8\n").await;
    let dearer = ScenarioChange::Price { percent: 10.0, only: vec![] };
    let view = run(&shop, keeping(vec![dearer, cost(4.0, vec![])])).await;
    assert_eq!(view.figure(), ScenarioFigure::Revenue);
    let matter: Vec<&str> = view.biggest.iter().map(|one| one.sku.as_str()).collect();
    assert_eq!(matter, ["Y", "X"], "by revenue, the larger first");
    assert!(view.biggest.iter().all(|one| one.revenue.0 > one.revenue.1 && one.margin == (0, 0)), "{:?}", view.biggest);
    let bar = view.sensitivity.iter().find(|bar| bar.assumption.contains("own prices")).expect("it moves revenue");
    assert_eq!((bar.low, bar.high), (view.today.revenue.value, view.after.revenue.value));
    assert!(
        view.remarks.iter().any(|one| one.starts_with("No cost is known of any of these products")),
        "{:?}",
        view.remarks
    );

    let best = |margin: f64, revenue: f64| ScenarioInput {
        prices: ScenarioPrices::Best,
        objective: ScenarioObjective { margin, revenue, ..ScenarioObjective::default() },
        weeks: 1,
        ..ScenarioInput::default()
    };
    let refused = shop.workspace.run_scenario(best(1.0, 0.0), Sensitivity::Whole).await.unwrap_err().message;
    assert!(refused.starts_with("The objective cannot be told of any product: the margin needs a cost"), "{refused}");
    // Cheaper would sell for more; without a cost no price is cut, and that is said.
    let view = run(&shop, best(0.0, 1.0)).await;
    assert_eq!((view.lowered, view.optimum.as_ref().map(|optimum| optimum.without_cuts)), (0, Some(2)));
    assert!(view.remarks.iter().any(|one| one.contains("may only get dearer")), "{:?}", view.remarks);
}

#[tokio::test]
async fn a_change_of_competitors_that_reaches_no_usable_price_says_so() {
    let shop = selling().await;
    let rival = || ScenarioChange::Competitor { percent: -5.0, name: None, share: None, only: vec![] };
    let said = |view: &ScenarioView| view.remarks.iter().any(|one| one.starts_with("No product has a usable"));
    assert!(!said(&run(&shop, keeping(vec![rival()])).await));
    shop.later_hours(24 * 20);
    shop.import_clean(FileKind::Sales, "sku,date,units\nA1,2026-03-21,40\n").await;
    let view = run(&shop, keeping(vec![rival()])).await;
    assert!(said(&view), "{:?}", view.remarks);
    assert!(view.remarks.iter().any(|one| one.contains("changes nothing")), "{:?}", view.remarks);
    // An index that is held looks at their prices even so, and moves ours.
    let held = ScenarioChange::Index { target: 102.0, competitor: "Rival".into() };
    let view = run(&shop, keeping(vec![rival(), held])).await;
    assert!(view.remarks.iter().any(|one| one.contains("only the index that is held")), "{:?}", view.remarks);
    assert!(!view.remarks.iter().any(|one| one.contains("changes nothing")), "{:?}", view.remarks);
}

#[tokio::test]
async fn what_is_known_of_demand_stands_beside_a_product_and_in_the_way_to_its_price_once_it_was_fitted() {
    let shop = with_a_year_of_sales().await;
    assert!(shop.grid("DEFAULT").await.iter().all(|row| row.demand.is_none()), "the grid fits nothing by itself");
    shop.workspace.demand_report(None, None, "", 0, 0).await.unwrap();
    let product = shop.workspace.find_sku("P3").await.unwrap();
    let known = shop.workspace.elasticity(product).await.unwrap().row;
    let fact = shop.row("P3", "DEFAULT").await.demand.expect("fitted");
    assert_eq!((fact.grade, fact.elasticity), (known.grade, known.elasticity.zip(known.error)));
    assert!(fact.words().starts_with("elasticity -2.0") && fact.words().contains("), own data"), "{}", fact.words());
    let detail = shop.detail("P3").await;
    assert_eq!(detail.row.demand, Some(fact));
    let way = shop.workspace.explain_product(product, shop.list("DEFAULT").await).await.unwrap();
    assert_eq!(way.demand, Some(fact));
    assert_eq!(shop.row("ODD", "DEFAULT").await.demand.expect("graded").words(), "not enough data");
    // Another product moves the rows; what was fitted stays with its own, and the new one has nothing yet.
    let new = "sku,name,category,currency,price,cost,vat_rate\nA0,First,Audio > Radios,EUR,20.00,9,19\n";
    shop.import_clean(FileKind::Products, new).await;
    assert_eq!(shop.row("P3", "DEFAULT").await.demand, Some(fact));
    assert_eq!(shop.row("A0", "DEFAULT").await.demand, None);
}

#[tokio::test]
async fn new_sales_are_fitted_anew_and_without_any_it_says_so() {
    let shop = with_a_year_of_sales().await;
    let before = shop.workspace.demand_report(None, None, "", 0, 1).await.unwrap();
    shop.import_clean(FileKind::Sales, "sku,date,units,net_revenue,price\nODD,2026-02-04,3,12.61,5.00\n").await;
    let after = shop.workspace.demand_report(None, None, "", 0, 1).await.unwrap();
    assert_eq!(after.sales_rows, before.sales_rows + 1);
    let empty = Shop::with_products().await;
    let message = empty.workspace.demand_report(None, None, "", 0, 1).await.unwrap_err().message;
    assert!(message.contains("no sales yet"), "{message}");
}
