//! What alerts say, and when they wait for a price that nobody sees any more.

use app_contract::{AlertRecord, MailSettings, ReportPlan};
use pricing_domain::{
    AlertCondition, AlertDirection, AlertPrice, AlertRule, AlertWays, FileKind, IndexForm, MailSecurity, MarketFilter,
    MarketRows, Pivot, PivotMeasure, ReportFormat, ReportKind, ReportPeriod,
};

use crate::market::filter;
use crate::support::Shop;

async fn asks(shop: &Shop, competitor: &str, price: &str) {
    let at = shop.now();
    let seen = format!("sku,competitor,observed_at,price,currency\nA1,{competitor},{at},{price},EUR\n");
    shop.import_clean(FileKind::Observations, &seen).await;
}

/// An alert as a person gets it who says nothing else: the lowest offer falls below an amount.
async fn watch_lowest(shop: &Shop, amount_minor: i64) {
    let condition =
        AlertCondition::PriceCrosses { whose: AlertPrice::Lowest, amount_minor, direction: AlertDirection::Down };
    let rule = AlertRule {
        name: "Lowest".into(),
        condition,
        filter: MarketFilter::of_list(shop.list("DEFAULT").await),
        words: String::new(),
        tolerance_bp: 0,
        tell_end: false,
        ways: AlertWays::default(),
        quiet: None,
        digest_minute: None,
        time_zone: "UTC".into(),
        paused: false,
    };
    shop.workspace.save_alert(None, rule).await.expect("an alert");
}

/// Looks, and gives what was told up to now.
async fn told(shop: &Shop) -> Vec<AlertRecord> {
    shop.workspace.look_for_alerts().await.expect("a look");
    shop.workspace.alert_history(None, 0, 10).await.expect("a history").rows
}

#[tokio::test]
async fn an_alert_about_the_lowest_offer_says_whose_it_is_and_when_that_was_read() {
    let shop = Shop::with_products().await;
    asks(&shop, "X", "35.00").await;
    watch_lowest(&shop, 3_000).await;
    shop.later_hours(1);
    asks(&shop, "X", "28.00").await;
    let read = shop.now();
    shop.later_hours(1);
    asks(&shop, "Y", "36.00").await;
    let told = told(&shop).await;
    let item = &told[0].content.items[0];
    assert_eq!(item.words, "The lowest offer, X's, is 28.00 EUR, below 30.00 EUR");
    assert_eq!((item.competitor.as_str(), item.before.as_str()), ("X", "35.00 EUR"));
    assert_eq!(item.seen_at, Some(read), "X's own time, and not Y's");
}

#[tokio::test]
async fn a_listing_that_is_never_seen_again_does_not_silence_an_alert_for_ever() {
    let shop = Shop::with_products().await;
    asks(&shop, "Gone", "40.00").await;
    asks(&shop, "X", "35.00").await;
    watch_lowest(&shop, 3_000).await;
    let unjudged = async || shop.workspace.alerts().await.expect("alerts")[0].unjudged;
    assert_eq!(unjudged().await, 0);
    shop.later_hours(4 * 24);
    asks(&shop, "X", "28.00").await;
    assert!(told(&shop).await.is_empty(), "the other one may be lower: nobody knows");
    assert_eq!(unjudged().await, 1, "and the list of alerts says so");
    shop.later_hours(11 * 24);
    asks(&shop, "X", "27.50").await;
    let told = told(&shop).await;
    assert_eq!((told.len(), unjudged().await), (1, 0), "after two weeks it is gone");
    assert_eq!(told[0].content.items[0].words, "The lowest offer, X's, is 27.50 EUR, below 30.00 EUR");
}

const TWO_PROMOTIONS: &str = "sku,price_list,name,price,currency,valid_from,valid_to\n\
    A1,DEFAULT,Deep,22.49,EUR,2026-02-25,2026-03-20\n\
    A1,DEFAULT,Newer,27.99,EUR,2026-03-01,2026-03-20\n";

#[tokio::test]
async fn of_two_promotions_on_one_product_both_are_seen() {
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::Products, "sku,name,currency,price,map_price\nA1,Kettle,EUR,29.99,25.00\n").await;
    shop.import_clean(FileKind::Promotions, TWO_PROMOTIONS).await;
    let all = filter(&shop).await;
    shop.workspace.save_map_lists(&[all.price_list]).await.expect("limits");
    let overview = shop.workspace.market_overview(&all, IndexForm::Basket).await.expect("an overview");
    assert_eq!((overview.map_violations, overview.map_products), (1, 1), "the older promotion is below MAP");
    // One product at the lower price: 1 − 22.49 ÷ 29.99.
    assert_eq!((overview.promoted, overview.promotion_depth_bp), (1, Some(2_501)));
    let page = shop.workspace.market_products(&all, &MarketRows::BelowMap, 0, 10).await.expect("products");
    assert_eq!(page.matching, 1);
    let running = shop.store().await.running_promotions(1, shop.now()).await.expect("promotions");
    let names: Vec<&str> = running.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Deep", "Newer"], "the proof of prior prices lists each");
}

#[tokio::test]
async fn a_promotion_of_the_past_is_measured_against_the_price_beside_it() {
    let shop = Shop::with_products().await;
    let history = "sku,price_list,price,currency,valid_from\n\
                   A1,DEFAULT,40.00,EUR,2026-01-10\n\
                   A1,DEFAULT,32.00,EUR,2026-02-24\n";
    shop.import_clean(FileKind::PriceHistory, history).await;
    let promoted = "sku,price_list,name,price,currency,valid_from,valid_to\n\
                    A1,DEFAULT,January,30.00,EUR,2026-01-20,2026-02-20\n\
                    B2,DEFAULT,Unknown,15.00,EUR,2026-02-01,2026-02-20\n\
                    B2,DEFAULT,Now,15.99,EUR,2026-02-25,2026-03-20\n";
    shop.import_clean(FileKind::Promotions, promoted).await;
    let since = MarketFilter { from: Some("2026-01-01".parse().expect("a day")), ..filter(&shop).await };
    let rows = shop.workspace.market_promotions(&since).await.expect("promotions").rows;
    let depth = |name: &str| {
        let one = rows.iter().find(|one| one.promotion == name).expect("it ran");
        (one.regular_minor, one.depth_bp)
    };
    assert_eq!(depth("January"), (Some(4_000), Some(2_500)));
    assert_eq!(depth("Unknown"), (None, None), "nothing is known of our price then");
    assert_eq!(depth("Now"), (Some(1_999), Some(2_001)), "it stands beside today's price");
}

#[tokio::test]
async fn a_report_goes_to_every_address_that_can_be_reached_and_the_plan_says_which_could_not() {
    let shop = Shop::with_products().await;
    // Nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let mail = MailSettings {
        host: "localhost".into(),
        port,
        security: MailSecurity::Plain,
        from: "prices@shop.example".into(),
        ..MailSettings::default()
    };
    shop.workspace.save_message_settings(mail, None, "").await.expect("settings");
    let plan = ReportPlan {
        name: "Monday".into(),
        report: ReportKind::Weekly,
        filter: MarketFilter::of_list(shop.list("DEFAULT").await),
        period: ReportPeriod::LastWeek,
        format: ReportFormat::Xlsx,
        pattern: "0 7 * * MON".into(),
        time_zone: "UTC".into(),
        email: vec!["first@shop.example".into(), "second@shop.example".into()],
        keep: 5,
        pinned_answers: false,
        paused: false,
    };
    let id = shop.workspace.save_report_plan(None, plan).await.expect("a plan")[0].id;
    let error = shop.workspace.run_report_plan(id).await.expect_err("nobody listens").message;
    assert!(error.contains("first@shop.example") && error.contains("second@shop.example"), "{error}");
    let plans = shop.workspace.report_plans().await.expect("plans");
    assert_eq!((plans[0].last_error.as_str(), plans[0].last_at), (error.as_str(), Some(shop.now())));
    assert_eq!(shop.workspace.kept_reports().await.expect("reports").len(), 1, "the report is kept all the same");
}

#[tokio::test]
async fn products_are_shown_one_by_one_too() {
    let shop = crate::market::watched().await;
    let all = filter(&shop).await;
    let form = IndexForm::Basket;
    let by = pricing_domain::MarketGroup::Product;
    let groups = shop.workspace.group_standings(&all, by, form, 10).await.expect("products");
    let index = |name: &str| groups.iter().find(|one| one.name == name).expect("a product").index_centi;
    assert_eq!((groups.len(), index("A1 Kettle"), index("C3 Lamp")), (3, Some(12_496), None));
    let measures = vec![PivotMeasure::Index];
    let pivot = Pivot { name: String::new(), rows: by, columns: None, measures, filter: all, form };
    let table = shop.workspace.pivot(&pivot).await.expect("a table");
    let row = table.rows.iter().find(|row| row.name == "A1").expect("a row");
    assert_eq!((table.rows.len(), row.cells.as_slice()), (3, &[Some(12_496)][..]));
}
