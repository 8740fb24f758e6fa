//! Forecasts of next weeks and of past ones, families, categories, and days without stock, on sales whose law is known.

use std::fmt::Write;

use app_contract::{ElasticityGrade, ForecastPlan, ForecastView, PlannedPromotion};
use pricing_domain::{FileKind, Instant};
use pricing_operations::{BacktestQuestion, ErrorKind, Progress};

use crate::plans::look;
use crate::scenarios::with_a_year_of_sales;
use crate::support::Shop;

async fn ahead(shop: &Shop, sku: &str, plan: ForecastPlan) -> ForecastView {
    let product = shop.workspace.find_sku(sku).await.unwrap();
    let list = shop.list("DEFAULT").await;
    shop.workspace.forecast_product(product, list, 8, plan).await.unwrap()
}

/// What the year of sales sells in a week at a price, by the law that made it.
fn law(price: f64) -> f64 {
    300.0 * (price / 20.0).powf(-2.0)
}

fn is_near(found: f64, wanted: f64, share: f64) -> bool {
    (found / wanted - 1.0).abs() < share
}

#[tokio::test]
async fn the_next_weeks_follow_the_price_that_is_planned_and_mean_and_median_are_two_figures() {
    let shop = with_a_year_of_sales().await;
    let kept = ahead(&shop, "P3", ForecastPlan::default()).await;
    assert_eq!((kept.weeks.len(), kept.known_weeks, kept.sold_weeks, kept.neighbours), (8, 59, 59, 7), "{kept:?}");
    // The 23rd has sales, but its week is not over: it is the first one ahead.
    assert_eq!(
        (kept.weeks[0].monday.to_string(), kept.weeks[7].monday.to_string()),
        ("2026-02-23".into(), "2026-04-13".into())
    );
    assert_eq!(kept.past.last().unwrap().monday.to_string(), "2026-02-16");
    for week in &kept.weeks {
        assert_eq!((week.price_minor, week.promotion, week.extrapolated), (2_000, 0.0, false));
        assert!(is_near(week.median, law(20.0), 0.08) && is_near(week.mean, law(20.0), 0.08), "{week:?}");
        let ends = [week.between_95.0, week.between_80.0, week.median, week.between_80.1, week.between_95.1];
        assert!(ends.is_sorted() && ends[0] > 0.8 * law(20.0) && ends[4] < 1.2 * law(20.0), "{ends:?}");
    }
    let sum: f64 = kept.weeks.iter().map(|week| week.mean).sum();
    assert_eq!(kept.units, sum);

    let cheaper = ahead(&shop, "P3", ForecastPlan { price_minor: Some(1_700), promotion: None }).await;
    assert!(cheaper.weeks.iter().all(|week| week.price_minor == 1_700 && is_near(week.median, law(17.0), 0.1)));
    assert_eq!(ahead(&shop, "P3", ForecastPlan { price_minor: Some(1_700), promotion: None }).await, cheaper, "kept");

    let drawn = pricing_operations::Workspace::draw_forecast(kept.past, kept.weeks, look()).await.unwrap();
    assert!(drawn.title.contains("units are expected a week"), "{}", drawn.title);
    assert_eq!(
        (drawn.rows.len(), drawn.columns.len()),
        (8, 8),
        "a row for each week, with mean, median and both intervals"
    );
}

#[tokio::test]
async fn promotions_of_the_workspace_and_of_the_plan_lower_the_price_of_their_weeks() {
    let shop = with_a_year_of_sales().await;
    let spring = "sku,name,price,currency,valid_from,valid_to\nP3,Spring,18.00,EUR,2026-03-09,2026-03-16\n";
    shop.import_clean(FileKind::Promotions, spring).await;
    let promotion = Some(PlannedPromotion { price_minor: 1_500, first_week: 5, weeks: 1 });
    let view = ahead(&shop, "P3", ForecastPlan { price_minor: None, promotion }).await;
    let prices: Vec<i64> = view.weeks.iter().map(|week| week.price_minor).collect();
    assert_eq!((prices[0], prices[2], prices[4], prices[5]), (2_000, 1_800, 1_500, 2_000), "{prices:?}");
    assert!(is_near(view.weeks[2].median, law(18.0), 0.1) && view.weeks[2].promotion == 100.0, "{:?}", view.weeks[2]);
    assert!(view.weeks[4].extrapolated && is_near(view.weeks[4].median, law(15.0), 0.2), "{:?}", view.weeks[4]);
    assert!(is_near(view.weeks[5].median, law(20.0), 0.1), "{:?}", view.weeks[5]);
    let said = |words: &str| view.remarks.iter().any(|remark| remark.contains(words));
    assert!(said("never sold in a promotion") && said("In 1 weeks the price lies outside"), "{:?}", view.remarks);
}

#[tokio::test]
async fn what_sales_cannot_carry_is_refused_with_the_reason() {
    let shop = with_a_year_of_sales().await;
    let list = shop.list("DEFAULT").await;
    for (sku, weeks, reason) in [
        ("NEW", 8, "has no sales yet"),
        ("ODD", 8, "needs 26 weeks since the first sale of the product; there are 3"),
        ("P3", 13, "needs 62 weeks of sales in the category; there are 59. Ask for fewer weeks."),
        ("P3", 7, "8 to 13 weeks"),
    ] {
        let product = shop.workspace.find_sku(sku).await.unwrap();
        let asked = shop.workspace.forecast_product(product, list, weeks, ForecastPlan::default()).await;
        let refused = asked.map(|view| view.units).unwrap_err();
        assert!(refused.kind == ErrorKind::Refused && refused.message.contains(reason), "{sku}: {}", refused.message);
    }
    let product = shop.workspace.find_sku("P3").await.unwrap();
    let promotion = Some(PlannedPromotion { price_minor: 1_500, first_week: 9, weeks: 1 });
    let late = ForecastPlan { price_minor: None, promotion };
    let refused = shop.workspace.forecast_product(product, list, 8, late).await.map(|view| view.units).unwrap_err();
    assert!(refused.message.contains("begins in one of the weeks ahead"), "{}", refused.message);
}

/// Units of a product in a week, as the year of sales has them.
fn sold(product: i64, week: i64) -> f64 {
    let price = 20.0 - ((week * 7 + product) % 4) as f64;
    let wave = ((week * 13 + product * 29) as f64 * 1.7).sin();
    (law(price) * (0.05 * wave).exp()).round()
}

#[tokio::test]
async fn a_back_test_from_several_origins_scores_each_and_all_as_sums_by_hand_do() {
    let shop = with_a_year_of_sales().await;
    let question = BacktestQuestion { weeks: 4, products: 10, origins: 3 };
    let view = shop.workspace.backtest_demand(question, &Progress::silent()).await.unwrap();
    assert_eq!((view.products, view.test_weeks, view.total.rows), (8, 4, 3 * 8 * 4), "{view:?}");
    let mondays: Vec<String> = view.origins.iter().map(|origin| origin.first_tested.to_string()).collect();
    assert_eq!(mondays, ["2025-12-01", "2025-12-29", "2026-01-26"]);
    let (mut missed, mut all, mut model) = (0.0, 0.0, 0.0);
    for (origin, last) in view.origins.iter().zip([46, 50, 54]) {
        assert_eq!(origin.learnt_weeks, last as u64 + 1);
        let pairs = || (0..8).flat_map(|product| (last + 1..=last + 4).map(move |week| (product, week)));
        let total: f64 = pairs().map(|(product, week)| sold(product, week)).sum();
        let naive: f64 = pairs().map(|(product, week)| (sold(product, week) - sold(product, last)).abs()).sum();
        let [of_model, by_naive, _] = &origin.figures.scores[..] else { panic!("three forecasts") };
        assert!((by_naive.wmape - 100.0 * naive / total).abs() < 1e-9, "{} {}", by_naive.wmape, 100.0 * naive / total);
        let added = 100.0 * (1.0 - of_model.wmape / by_naive.wmape);
        assert!((by_naive.value_added - added).abs() < 1e-9 && added > 30.0, "prices explain these sales: {added}");
        (missed, all, model) = (missed + naive, all + total, model + of_model.wmape * total);
    }
    assert!((view.total.scores[1].wmape - 100.0 * missed / all).abs() < 1e-9);
    assert!((view.total.scores[0].wmape - model / all).abs() < 1e-9);
    let again = shop.workspace.backtest_demand(question, &Progress::silent()).await.unwrap();
    assert_eq!(again, view, "kept, the time it took included");
}

#[tokio::test]
async fn a_back_test_says_what_it_lacks_and_stops_when_asked() {
    let shop = with_a_year_of_sales().await;
    let ask = |weeks, products, origins| BacktestQuestion { weeks, products, origins };
    let short = shop.workspace.backtest_demand(ask(8, 10, 3), &Progress::silent()).await.unwrap_err();
    assert!(
        short.message.contains("needs 42 weeks of sales before the first of them; there are 35"),
        "{}",
        short.message
    );
    let few = shop.workspace.backtest_demand(ask(4, 5, 1), &Progress::silent()).await.unwrap_err();
    assert!(few.message.contains("10 to 1000 products"), "{}", few.message);
    let progress = Progress::silent();
    progress.cancel.cancel();
    let stopped = shop.workspace.backtest_demand(ask(4, 10, 1), &progress).await.unwrap_err();
    assert_eq!(stopped.kind, ErrorKind::Cancelled, "{}", stopped.message);
}

const FAMILIES: [(&str, f64); 3] = [("small", -1.5), ("middle", -3.0), ("large", -4.5)];

/// Three families of three with an elasticity each, a member without history in one, and a product without a family.
async fn with_families() -> Shop {
    let shop = Shop::new().await;
    let mut products = "sku,name,category,family,currency,price,cost,vat_rate\n".to_owned();
    let mut sales = "sku,date,units,price\n".to_owned();
    let first: Instant = "2025-01-06T00:00:00Z".parse().unwrap();
    for (family, (name, elasticity)) in FAMILIES.into_iter().enumerate() {
        for member in 0..3_usize {
            let sku = format!("{name}-{member}");
            writeln!(products, "{sku},Tin {sku},Pantry > Tins,{name},EUR,20.00,9,19").unwrap();
            for week in 0..60_i64 {
                let price = 20.0 - ((week * 7 + member as i64 + family as i64) % 4) as f64;
                let wave = ((week * 13 + member as i64 * 29 + family as i64 * 7) as f64 * 1.7).sin();
                let units = (2_000.0 * (price / 20.0_f64).powf(elasticity) * (0.02 * wave).exp()).round();
                let date = first.plus_days(7 * week).utc_date();
                writeln!(sales, "{sku},{date},{units},{price:.2}").unwrap();
            }
        }
    }
    products
        .push_str("FRESH,New tin,Pantry > Tins,large,EUR,20.00,9,19\nALONE,Odd tin,Pantry > Tins,,EUR,20.00,9,19\n");
    shop.import_clean(FileKind::Products, &products).await;
    shop.import_clean(FileKind::Sales, &sales).await;
    shop
}

#[tokio::test]
async fn a_category_page_tells_its_estimate_grades_families_and_products() {
    let shop = with_families().await;
    let view = shop.workspace.category_elasticity("pantry > tins", 0, 5).await.unwrap();
    assert_eq!((view.category.as_str(), view.products, view.rows.len()), ("Pantry > Tins", 11, 5));
    assert_eq!(view.estimates, (9, 5));
    let found = view.demand.expect("nine estimates");
    assert!((found.elasticity + 3.0).abs() < 0.1 && found.products == 9, "{found:?}");
    // The squares of -1.5, -3 and -4.5 sum up to 4.5, which of three families is divided by 3 - 1 - 1 (their likelihood
    // times the root of the variance); within a family they are the same.
    let between = 4.5_f64.sqrt();
    assert!((found.between_families.unwrap() - between).abs() < 0.15, "{found:?}");
    assert!((found.between - between).abs() < 0.15, "{found:?}");
    let families: Vec<(&str, u64)> = view.families.iter().map(|one| (one.family.as_str(), one.products)).collect();
    assert_eq!(families, [("large", 3), ("middle", 3), ("small", 3)]);
    for (family, wanted) in view.families.iter().zip([-4.5, -3.0, -1.5]) {
        assert!((family.elasticity - wanted).abs() < 0.1 && family.within < 0.15, "{family:?}");
    }
    let count = |grade| view.grades.iter().find(|(found, _)| *found == grade).map_or(0, |(_, count)| *count);
    assert_eq!(
        (count(ElasticityGrade::OwnData) + count(ElasticityGrade::Shrunk), count(ElasticityGrade::Category)),
        (9, 2)
    );

    let of = |sku: &'static str| {
        let shop = &shop;
        async move { shop.workspace.elasticity(shop.workspace.find_sku(sku).await.unwrap()).await.unwrap() }
    };
    let (fresh, alone) = (of("FRESH").await, of("ALONE").await);
    assert_eq!((fresh.family.as_deref(), fresh.category.as_deref()), (Some("large"), Some("Pantry > Tins")));
    assert!((fresh.row.elasticity.unwrap() + 4.5).abs() < 0.15, "{:?}", fresh.row);
    assert_eq!((alone.family, alone.row.grade), (None, ElasticityGrade::Category));
    assert!((alone.row.elasticity.unwrap() + 3.0).abs() < 0.15 && alone.row.error > fresh.row.error, "{:?}", alone.row);
    assert_eq!(of("small-0").await.family.as_deref(), Some("small"));

    let above = shop.workspace.category_elasticity("Pantry", 0, 500).await.unwrap();
    assert_eq!((above.products, above.rows.len()), (11, 11), "those below it count with it");
    let nowhere = shop.workspace.category_elasticity("Nowhere", 0, 5).await.map(|view| view.products).unwrap_err();
    assert!(nowhere.message.contains("no category “Nowhere”"), "{}", nowhere.message);
}

#[tokio::test]
async fn a_category_with_too_few_estimates_says_so_and_names_what_stands_in() {
    let shop = with_a_year_of_sales().await;
    shop.import_clean(
        FileKind::Products,
        "sku,name,category,currency,price,cost,vat_rate\nP0,Product 0,Audio > Clocks,EUR,20.00,9,19\nP1,Product 1,Audio > Clocks,EUR,20.00,9,19\n",
    )
    .await;
    let view = shop.workspace.category_elasticity("Audio > Clocks", 0, 5).await.unwrap();
    assert_eq!((view.estimates, view.demand.is_none(), view.stands_in.as_deref()), ((2, 5), true, Some("Audio")));
}

/// Days on which the first product of such a shop is not to be had: days 59 to 76 lie in weeks 8 to 10, 143 to 160 in 20 to
/// 22, 227 to 244 in 32 to 34.
fn is_out(day: i64) -> bool {
    [59..77, 143..161, 227..245].iter().any(|run| run.contains(&day))
}

async fn with_stock_outs() -> Shop {
    let shop = Shop::new().await;
    // A Monday, so that the weeks of the fit are those of the test; it ends on a Sunday.
    let first = "2025-01-06T00:00:00Z".parse::<Instant>().unwrap();
    let mut products = "sku,name,currency,price,cost,vat_rate\n".to_owned();
    let mut sales = "sku,date,units,price\n".to_owned();
    for product in 0..3_i64 {
        writeln!(products, "P{product},Product {product},EUR,10.00,4,19").unwrap();
        for day in (0..364_i64).filter(|day| product > 0 || !is_out(*day)) {
            let price = [10.0, 9.0, 8.0][((day / 28 + product) % 3) as usize];
            let units = (200.0 * (price / 10.0_f64).powf(-2.0)).round();
            writeln!(sales, "P{product},{},{units},{price:.2}", first.plus_days(day).utc_date()).unwrap();
        }
    }
    shop.import_clean(FileKind::Products, &products).await;
    shop.import_clean(FileKind::Sales, &sales).await;
    shop
}

#[tokio::test]
async fn forecasts_do_not_learn_from_weeks_without_stock_and_back_tests_know_of_them_only_what_was_known() {
    let shop = with_stock_outs().await;
    let plan = ForecastPlan { price_minor: Some(800), promotion: None };
    let view = ahead(&shop, "P0", plan).await;
    let [(reason, weeks)] = &view.left_out[..] else { panic!("one reason: {:?}", view.left_out) };
    assert!(reason.contains("probably nothing was in stock") && *weeks == 9, "{:?}", view.left_out);
    assert!(view.remarks.iter().any(|remark| remark.contains("not learnt from: 9")), "{:?}", view.remarks);
    // At this price, which it mostly lacked, it sells 7 × 200 × 0.8⁻² in a whole week.
    for week in &view.weeks {
        assert!(is_near(week.mean, 1_400.0 / 0.64, 0.06), "{week:?}");
    }
    let other = ahead(&shop, "P1", ForecastPlan::default()).await;
    assert_eq!(other.left_out, []);

    // Two origins: the newest knows all three runs, the one before only what had an end by then.
    let question = BacktestQuestion { weeks: 4, products: 10, origins: 2 };
    let tested = shop.workspace.backtest_demand(question, &Progress::silent()).await.unwrap();
    assert_eq!(tested.left_out, view.left_out);
    assert_eq!(tested.total.rows, 2 * 3 * 4, "every week is scored");
    assert!(tested.remarks.iter().any(|remark| remark.contains("could be told by then")), "{:?}", tested.remarks);
}

#[tokio::test]
async fn days_on_which_there_was_probably_no_stock_are_left_out_and_counted() {
    let shop = with_stock_outs().await;
    let view = shop.workspace.elasticity(shop.workspace.find_sku("P0").await.unwrap()).await.unwrap();
    assert!((view.own.unwrap().0 + 2.0).abs() < 0.1, "{:?}", view.own);
    // By hand: weeks that lack a day count whole, the lost days and those with sales.
    let lacking = |week: &i64| (7 * week..7 * week + 7).filter(|day| is_out(*day)).count();
    let left_out: usize = (0..52).filter(|week| lacking(week) > 0).map(|_| 7).sum();
    assert_eq!(left_out, 9 * 7, "days 59 to 76 lie in weeks 8 to 10, 143 to 160 in 20 to 22, 227 to 244 in 32 to 34");
    let [(reason, days)] = &view.dropped[..] else { panic!("one reason: {:?}", view.dropped) };
    assert!(reason.contains("probably nothing was in stock"), "{reason}");
    assert_eq!(*days, left_out as u64);
    let report = shop.workspace.demand_report(None, None, "", 0, 1).await.unwrap();
    assert_eq!(report.dropped, view.dropped, "the others lack nothing");
}
