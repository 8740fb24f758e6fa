//! What decides a number: periods that are over, price lists, promotions, categories, packs.

use app_contract::MoversView;
use pricing_domain::{
    AlertCondition, AlertRule, AlertTurn, AlertWays, FileKind, IndexForm, MarketFilter, MarketGroup, MarketRows, Pivot,
    PivotMeasure, PriceListId, ReportFormat, ReportKind,
};
use pricing_operations::{ChartQuestion, ChartRequest, Progress, ReportQuestion};

use crate::market::{against_x, filter, look, watched};
use crate::readings::read_once;
use crate::support::Shop;

const SOLD: &str = "sku,date,units,net_revenue,promotion,price_list\n";

async fn until(shop: &Shop, day: &str) -> MarketFilter {
    MarketFilter { to: Some(day.parse().unwrap()), ..filter(shop).await }
}

#[tokio::test]
async fn a_period_that_is_over_shows_how_it_ended_and_not_today() {
    let shop = watched().await;
    let past = until(&shop, "2026-03-01").await;
    let overview = shop.workspace.market_overview(&past, IndexForm::Basket).await.unwrap();
    // A1 alone had a price then: 30.00 against 24.00.
    assert_eq!((overview.index_centi, overview.coverage_bp), (Some(12_500), 10_000));
    assert_eq!((overview.priced, overview.win, overview.tie, overview.loss), (1, 0, 0, 1));
    assert_eq!(overview.standing_day, Some("2026-03-01".parse().unwrap()));
    assert!(overview.is_past());
    let positions = shop.workspace.competitor_positions(&past, IndexForm::Basket).await.unwrap();
    let of = |name: &str| positions.iter().find(|one| one.competitor == name).unwrap();
    assert_eq!((of("X").index_centi, of("X").loss, of("Y").compared), (Some(12_500), 1, 0));
    // The same question about X alone, and in a form that is not kept: as of now.
    let only = MarketFilter { competitors: vec!["X".into()], ..past.clone() };
    let against = shop.workspace.market_overview(&only, IndexForm::Basket).await.unwrap();
    assert_eq!((against.index_centi, against.standing_day), (Some(12_500), overview.standing_day));
    // X was compared, Y was not: their lowest offer is that of X.
    let both = MarketFilter { competitors: vec!["X".into(), "Y".into()], ..past.clone() };
    let against = shop.workspace.market_overview(&both, IndexForm::Basket).await.unwrap();
    assert_eq!((against.index_centi, against.loss, against.standing_day), (Some(12_500), 1, overview.standing_day));
    let mean = shop.workspace.market_overview(&past, IndexForm::RatioMean).await.unwrap();
    assert_eq!((mean.standing_day, mean.priced), (None, 3));
    let today = shop.workspace.market_overview(&filter(&shop).await, IndexForm::Basket).await.unwrap();
    assert_eq!((today.index_centi, today.standing_day, today.is_past()), (Some(12_003), None, false));
}

#[tokio::test]
async fn sales_of_one_price_list_are_never_those_of_another_one() {
    let shop = watched().await;
    let prices = "sku,price_list,price,currency\nA1,US,35.00,USD\n";
    shop.import_clean(FileKind::Prices, prices).await;
    let us = MarketFilter { price_list: shop.list("US").await, ..filter(&shop).await };
    let none = shop.workspace.market_overview(&us, IndexForm::Basket).await.unwrap();
    assert_eq!(none.sales, None, "nothing is known of its sales");
    assert!(shop.workspace.market_chart(&us, ChartQuestion::Bridge(1), look()).await.is_err());
    let before = shop.workspace.market_overview(&filter(&shop).await, IndexForm::Basket).await.unwrap().sales.unwrap();
    let sold = format!("{SOLD}A1,2026-02-25,4,120.00,,US\nB2,2026-02-24,1,20.00,,DEFAULT\n");
    shop.import_clean(FileKind::Sales, &sold).await;
    shop.import_clean(FileKind::Costs, "sku,cost,currency,valid_from\nA1,15.00,USD,2026-01-01\n").await;
    let sales = shop.workspace.market_overview(&us, IndexForm::Basket).await.unwrap().sales.unwrap();
    // Four at 15.00 USD; the cost in euro is no cost here.
    assert_eq!((sales.revenue_minor, sales.margin_minor, sales.costed_bp), (12_000, 6_000, Some(10_000)));
    let after = shop.workspace.market_overview(&filter(&shop).await, IndexForm::Basket).await.unwrap().sales.unwrap();
    assert_eq!(after.revenue_minor, before.revenue_minor + 2_000, "only the row of the default list");
    assert_eq!(after.margin_minor, before.margin_minor + 2_000 - 900);
    let unknown = shop.import(FileKind::Sales, &format!("{SOLD}A1,2026-02-27,1,1.00,,MOON\n")).await;
    assert_eq!(unknown.problems.len(), 1, "a list that nobody has");
}

#[tokio::test]
async fn a_promotion_column_that_says_no_is_no_promotion() {
    let shop = Shop::with_products().await;
    let sold = format!("{SOLD}A1,2026-02-25,1,30.00,no,\nB2,2026-02-25,1,10.00,Spring,\nB2,2026-02-26,1,10.00,0,\n");
    shop.import_clean(FileKind::Sales, &sold).await;
    let overview = shop.workspace.market_overview(&filter(&shop).await, IndexForm::Basket).await.unwrap();
    assert_eq!(overview.sales.unwrap().promotion_bp, Some(2_000), "10 of 50");
}

/// A1 may be advertised from 28.00 on; four competitors, one of them absurd, and one price of ten days ago.
async fn limited() -> (Shop, MarketFilter) {
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::Products, "sku,name,currency,price,map_price\nA1,Kettle,EUR,29.99,28.00\n").await;
    let seen = "sku,competitor,observed_at,price,currency\n\
                A1,V,2026-03-02T08:00:00Z,26.00,EUR\n\
                A1,W,2026-03-02T08:00:00Z,28.00,EUR\n\
                A1,X,2026-03-02T08:00:00Z,24.00,EUR\n\
                A1,Old,2026-02-20T08:00:00Z,20.00,EUR\n\
                A1,Z,2026-03-02T08:00:00Z,5.00,EUR\n";
    shop.import_clean(FileKind::Observations, seen).await;
    let list = shop.list("DEFAULT").await;
    (shop, MarketFilter::of_list(list))
}

#[tokio::test]
async fn every_advertised_price_counts_and_the_figure_leads_to_its_products() {
    let (shop, all) = limited().await;
    let europe = shop.workspace.market_overview(&all, IndexForm::Basket).await.unwrap();
    assert_eq!((europe.map_violations, europe.map_products), (0, 0), "a list in euro has no such limit by itself");
    shop.workspace.save_map_lists(&[all.price_list]).await.unwrap();
    let overview = shop.workspace.market_overview(&all, IndexForm::Basket).await.unwrap();
    // V, X and Z, which is left out everywhere else as unusual.
    assert_eq!((overview.map_violations, overview.map_products), (3, 1));
    let promoted = "sku,price_list,name,price,currency,valid_from,valid_to\n\
                    A1,DEFAULT,Spring,24.99,EUR,2026-03-02,2026-03-10\n";
    shop.import_clean(FileKind::Promotions, promoted).await;
    let overview = shop.workspace.market_overview(&all, IndexForm::Basket).await.unwrap();
    assert_eq!((overview.map_violations, overview.map_products), (4, 1), "our promotion is advertised too");
    let page = shop.workspace.market_products(&all, &MarketRows::BelowMap, 0, 10).await.unwrap();
    assert_eq!(page.matching, overview.map_products);
    let only_z = MarketFilter { competitors: vec!["Z".into()], ..all.clone() };
    let page = shop.workspace.market_products(&only_z, &MarketRows::BelowMap, 0, 10).await.unwrap();
    assert_eq!(page.matching, 1, "its only violator is unusual");
}

fn alert(list: PriceListId) -> AlertRule {
    AlertRule {
        name: "MAP".into(),
        condition: AlertCondition::MapViolated,
        filter: MarketFilter { competitors: vec!["W".into()], ..MarketFilter::of_list(list) },
        words: String::new(),
        tolerance_bp: 0,
        tell_end: true,
        ways: AlertWays::default(),
        quiet: None,
        digest_minute: None,
        time_zone: "UTC".into(),
        paused: false,
    }
}

#[tokio::test]
async fn a_price_back_at_its_minimum_is_over_and_a_new_violation_is_told() {
    let (shop, all) = limited().await;
    shop.workspace.save_map_lists(&[all.price_list]).await.unwrap();
    shop.workspace.save_alert(None, alert(all.price_list)).await.unwrap();
    for (hour, price) in [(9, "27.00"), (10, "28.00"), (11, "27.50")] {
        let seen = format!("sku,competitor,observed_at,price,currency\nA1,W,2026-03-02T{hour:02}:00:00Z,{price},EUR\n");
        shop.import_clean(FileKind::Observations, &seen).await;
        shop.workspace.look_for_alerts().await.unwrap();
    }
    let told = shop.workspace.alert_history(None, 0, 10).await.unwrap().rows;
    let turns: Vec<AlertTurn> = told.iter().rev().map(|record| record.content.items[0].turn).collect();
    assert_eq!(turns, [AlertTurn::Began, AlertTurn::Ended, AlertTurn::Began]);
}

#[tokio::test]
async fn we_are_a_mover_and_a_move_before_the_period_can_be_followed() {
    let shop = watched().await;
    // X fell on 27 February; our price fell to 29.99 on 2 March.
    let of = |movers: &MoversView, name: &str| {
        let leader = movers.leaders.iter().find(|one| one.name == name).cloned();
        leader.map(|one| (one.moves, one.first, one.followed, one.follows))
    };
    let movers = shop.workspace.movers(&filter(&shop).await, 7).await.unwrap();
    assert_eq!((of(&movers, "X"), of(&movers, "")), (Some((1, 1, 1, 0)), Some((1, 0, 0, 1))));
    let march = MarketFilter { from: Some("2026-03-01".parse().unwrap()), ..filter(&shop).await };
    let movers = shop.workspace.movers(&march, 7).await.unwrap();
    assert_eq!((of(&movers, "X"), of(&movers, "")), (None, Some((1, 0, 0, 1))), "it follows a move of February");
    assert_eq!((movers.followers[0].leader.as_str(), movers.followers[0].follower.as_str()), ("X", ""));
    let counted = shop.workspace.count_movers(&march, 7, &Progress::silent()).await.unwrap();
    assert_eq!(counted, movers, "a job counts the same");
    assert_eq!(shop.workspace.movers(&march, 7).await.unwrap(), counted, "and its answer is kept");
    assert_eq!(shop.workspace.movers(&march, 1).await.unwrap().window_days, 1, "for the same question");
}

#[tokio::test]
async fn sales_follow_a_product_to_its_new_category_and_take_a_cost_that_a_product_file_gives() {
    let shop = watched().await;
    let living = MarketFilter { categories: vec!["Living".into()], ..filter(&shop).await };
    let revenue = |filter: MarketFilter| {
        let shop = &shop;
        async move {
            let overview = shop.workspace.market_overview(&filter, IndexForm::Basket).await.unwrap();
            overview.sales.map(|sales| (sales.revenue_minor, sales.costed_bp))
        }
    };
    assert_eq!(revenue(living.clone()).await, None);
    shop.import_clean(FileKind::Products, "sku,name,category,currency,price\nB2,Toaster,Living,EUR,19.99\n").await;
    assert_eq!(revenue(living.clone()).await, Some((8_000, Some(10_000))));
    shop.import_clean(FileKind::Sales, &format!("{SOLD}C3,2026-02-25,1,40.00,,\n")).await;
    assert_eq!(revenue(living.clone()).await, Some((12_000, Some(6_667))), "nothing is known of the lamp's cost");
    shop.import_clean(FileKind::Products, "sku,name,currency,price,cost\nC3,Lamp,EUR,49.00,25.00\n").await;
    assert_eq!(revenue(living).await, Some((12_000, Some(10_000))));
}

#[tokio::test]
async fn another_pack_makes_other_prices_of_the_past() {
    const PAGE: &str = "https://x.example/kettle";
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::Sales, "sku,date,units\nA1,2026-02-25,10\n").await;
    shop.import_clean(FileKind::Matches, &format!("sku,competitor,url\nA1,X,{PAGE}\n")).await;
    read_once(&shop, PAGE, 2_400).await;
    let all = filter(&shop).await;
    let yesterday =
        |rows: Vec<[String; 3]>| rows.into_iter().find(|row| row[0] == "2026-03-02").map(|row| row[1].clone());
    assert_eq!(yesterday(against_x(&shop, &all).await).as_deref(), Some("124.96"));
    shop.later_hours(24);
    assert_eq!(yesterday(against_x(&shop, &all).await).as_deref(), Some("124.96"));
    // Theirs are two of ours.
    shop.import_clean(FileKind::Matches, &format!("sku,competitor,url,pack_coefficient\nA1,X,{PAGE},2\n")).await;
    let after = yesterday(against_x(&shop, &all).await);
    assert!(after.as_deref().is_some_and(|index| index != "124.96"), "the past is read anew: {after:?}");
}

#[tokio::test]
async fn a_promotion_shows_its_depth_its_funding_and_what_it_moved() {
    let shop = Shop::with_products().await;
    shop.import_clean(
        FileKind::PriceHistory,
        "sku,price_list,price,currency,valid_from\nA1,DEFAULT,29.99,EUR,2026-01-01\n",
    )
    .await;
    let promoted = "sku,price_list,name,price,currency,valid_from,valid_to,funding\n\
                    A1,DEFAULT,Spring,24.99,EUR,2026-02-25,2026-02-26,1.50\n";
    shop.import_clean(FileKind::Promotions, promoted).await;
    // Two days before it, each with a sale; two days in it; a day after it.
    let sold = format!(
        "{SOLD}A1,2026-02-20,2,50.00,,\nB2,2026-02-21,1,20.00,,\nA1,2026-02-25,3,60.00,,\nA1,2026-02-26,4,80.00,,\nA1,2026-02-27,9,200.00,,\n"
    );
    shop.import_clean(FileKind::Sales, &sold).await;
    let promotions = shop.workspace.market_promotions(&filter(&shop).await).await.unwrap();
    assert_eq!(promotions.matching, 1);
    let one = &promotions.rows[0];
    assert_eq!((one.sku.as_str(), one.running), ("A1", false));
    assert_eq!(
        (one.first_day.to_string(), one.last_day.unwrap().to_string()),
        ("2026-02-25".into(), "2026-02-26".into())
    );
    // 1 − 24.99 ÷ 29.99; 7 pieces × 1.50; 3.5 a day against 1 a day.
    assert_eq!((one.depth_bp, one.units_milli, one.funded_minor), (Some(1_667), Some(7_000), Some(1_050)));
    assert_eq!(one.uplift_bp, Some(25_000));
    let april = MarketFilter { from: Some("2026-03-01".parse().unwrap()), ..filter(&shop).await };
    assert_eq!(shop.workspace.market_promotions(&april).await.unwrap().matching, 0, "it was over by then");
}

#[tokio::test]
async fn a_table_of_ones_own_shows_the_figures_by_rows_and_columns_and_is_kept() {
    let shop = watched().await;
    let pivot = Pivot {
        name: "Brands".into(),
        rows: MarketGroup::Brand,
        columns: Some(MarketGroup::Competitor),
        measures: vec![PivotMeasure::Index, PivotMeasure::Coverage, PivotMeasure::Dearer],
        filter: filter(&shop).await,
        form: IndexForm::Basket,
    };
    let table = shop.workspace.pivot(&pivot).await.unwrap();
    let heads: Vec<Option<&str>> = table.columns.iter().map(|column| column.0.as_deref()).collect();
    assert_eq!(heads, [Some("X"), Some("X"), Some("X"), Some("Y"), Some("Y"), Some("Y")]);
    // 29.99 ÷ 24.00 on one of Boilo's two products; 19.99 ÷ 20.99 on the other one.
    assert_eq!(table.rows.len(), 1, "nobody else has the lamp");
    assert_eq!(table.rows[0].cells, [12_496, 5_000, 1, 9_524, 5_000, 0].map(Some));
    let plain = Pivot { columns: None, measures: vec![PivotMeasure::Products, PivotMeasure::Revenue], ..pivot.clone() };
    let table = shop.workspace.pivot(&plain).await.unwrap();
    let groups =
        shop.workspace.group_standings(&plain.filter, MarketGroup::Brand, IndexForm::Basket, 10).await.unwrap();
    for (row, group) in table.rows.iter().zip(&groups) {
        assert_eq!(
            (row.name.as_str(), &row.cells),
            (group.name.as_str(), &vec![Some(group.products as i64), Some(group.revenue_minor)])
        );
    }
    assert_eq!(table.rows.len(), groups.len());
    assert_eq!(shop.workspace.save_pivot(pivot.clone()).await.unwrap(), std::slice::from_ref(&pivot));
    assert_eq!(shop.open_again().await.pivots().await.unwrap(), std::slice::from_ref(&pivot));
    assert!(shop.workspace.save_pivot(Pivot { measures: Vec::new(), ..pivot.clone() }).await.is_err());
    assert!(shop.workspace.pivot(&Pivot { columns: Some(MarketGroup::Brand), ..pivot }).await.is_err());
    assert_eq!(shop.workspace.remove_pivot("Brands").await.unwrap(), []);
}

#[tokio::test]
async fn price_lists_stand_beside_each_other_in_a_table_and_only_one_currency_is_summed() {
    let shop = watched().await;
    shop.import_clean(FileKind::Prices, "sku,price_list,price,currency\nA1,B2B,12.00,EUR\n").await;
    let pivot = Pivot {
        name: String::new(),
        rows: MarketGroup::Brand,
        columns: Some(MarketGroup::PriceList),
        measures: vec![PivotMeasure::Products, PivotMeasure::Revenue, PivotMeasure::Index],
        filter: filter(&shop).await,
        form: IndexForm::Basket,
    };
    let table = shop.workspace.pivot(&pivot).await.expect("all lists are in euros");
    let heads: Vec<Option<&str>> = table.columns.iter().step_by(3).map(|column| column.0.as_deref()).collect();
    assert_eq!(heads.len(), 2);
    let place = |name: &str| 3 * heads.iter().position(|head| *head == Some(name)).expect("a list of the table");
    let alone = |list| Pivot {
        columns: None,
        filter: MarketFilter { price_list: list, ..pivot.filter.clone() },
        ..pivot.clone()
    };
    for (code, name) in [("DEFAULT", "Default"), ("B2B", "B2B")] {
        let one = shop.workspace.pivot(&alone(shop.list(code).await)).await.expect("a table of one list");
        for row in &one.rows {
            let both = table.rows.iter().find(|both| both.name == row.name).expect("the same brands");
            assert_eq!(both.cells[place(name)..place(name) + 3], row.cells, "{} on {name}", row.name);
        }
    }
    // As rows, against the figures by list.
    let rows = Pivot { rows: MarketGroup::PriceList, columns: None, ..pivot.clone() };
    let rows = shop.workspace.pivot(&rows).await.expect("rows by list").rows;
    assert_eq!(rows.iter().map(|row| row.cells[0]).collect::<Vec<_>>(), [Some(3), Some(1)]);
    shop.import_clean(FileKind::Prices, "sku,price_list,price,currency\nA1,SWISS,12.00,CHF\n").await;
    let refused = shop.workspace.pivot(&pivot).await.expect_err("two currencies").to_string();
    assert!(refused.contains("Leave revenue out"), "{refused}");
    let counted = Pivot { measures: vec![PivotMeasure::Products, PivotMeasure::Index], ..pivot };
    assert_eq!(shop.workspace.pivot(&counted).await.expect("nothing is summed").columns.len(), 6);
}

#[tokio::test]
async fn a_chart_of_chosen_days_ends_with_the_last_of_them() {
    let shop = watched().await;
    let list = shop.list("DEFAULT").await;
    let product = shop.workspace.find_sku("A1").await.unwrap();
    let until = Some("2026-02-26".parse().unwrap());
    let request = ChartRequest { width: 640, height: 240, days: 10, until, palette: look().palette };
    let chart = shop.workspace.price_chart(product, list, request).await.unwrap();
    let last = chart.points.last().unwrap();
    assert!(last.at <= "2026-02-27T00:00:00Z".parse().unwrap(), "{:?}", last.at);
    let amounts: Vec<i64> =
        chart.points.iter().flat_map(|point| &point.values).map(|value| value.amount_minor).collect();
    assert!(amounts.contains(&2_500) && !amounts.contains(&2_400), "X asked 24.00 only later: {amounts:?}");
}

#[tokio::test]
async fn a_lost_place_and_a_thin_margin_say_what_they_were_before() {
    let shop = Shop::with_products().await;
    let seen = |at: &str, price: &str| {
        format!("sku,competitor,observed_at,price,currency\nA1,W,2026-03-02T{at}:00Z,{price},EUR\n")
    };
    shop.import_clean(FileKind::Observations, &seen("08:00", "31.00")).await;
    let list = shop.list("DEFAULT").await;
    let rule = |name: &str, condition| AlertRule { name: name.into(), condition, ..alert(list) };
    shop.workspace.save_alert(None, rule("place", AlertCondition::PositionLost { place: 1 })).await.unwrap();
    shop.workspace.save_alert(None, rule("margin", AlertCondition::MarginBelow { margin_bp: 4_500 })).await.unwrap();
    shop.later_hours(1);
    shop.import_clean(FileKind::Observations, &seen("12:30", "29.00")).await;
    shop.workspace.look_for_alerts().await.unwrap();
    shop.later_hours(1);
    // 29.99 gross are 25.20 net, 26.00 are 21.85: 50.4 % and 42.8 % at a cost of 12.50.
    shop.import_clean(FileKind::Prices, "sku,price_list,price,currency\nA1,DEFAULT,26.00,EUR\n").await;
    shop.workspace.look_for_alerts().await.unwrap();
    let told = shop.workspace.alert_history(None, 0, 10).await.unwrap().rows;
    let before = |name: &str| {
        let record = told.iter().rev().find(|record| record.content.name == name).expect("it is told");
        record.content.items[0].before.clone()
    };
    assert_eq!((before("place").as_str(), before("margin").as_str()), ("1", "50.4 %"));
}

#[tokio::test]
async fn a_logo_is_kept_in_the_workspace_and_drawn_on_reports() {
    const SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="10"><rect width="40" height="10" fill="#0a0"/></svg>"##;
    let shop = watched().await;
    let all = filter(&shop).await;
    let (logo, report) = (shop.path("logo.svg"), shop.path("weekly.pdf"));
    let size = async || {
        let question = ReportQuestion { kind: ReportKind::Weekly, filter: &all, pinned_answers: false };
        shop.workspace.write_report(&report, question, ReportFormat::Pdf).await.unwrap();
        std::fs::metadata(&report).unwrap().len()
    };
    let plain = size().await;
    std::fs::write(&logo, SVG).unwrap();
    shop.workspace.save_report_logo(Some(&logo)).await.unwrap();
    let settings = shop.open_again().await.report_settings().await.unwrap();
    assert!(settings.logo.starts_with("data:image/svg+xml;base64,"), "{}", settings.logo);
    assert!(size().await > plain);
    std::fs::write(&logo, "no picture").unwrap();
    assert!(shop.workspace.save_report_logo(Some(&logo)).await.is_err());
    shop.workspace.save_report_logo(None).await.unwrap();
    assert_eq!(shop.workspace.report_settings().await.unwrap().logo, "");
}
