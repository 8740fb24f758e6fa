//! Plans for markdowns and promotions, price tests, curves and back-tests.

use std::fmt::Write;

use app_contract::{
    ChartPalette, ChartRequestLook, ElasticityGrade, ExperimentInput, MarkdownInput, PromotionInput, Switchback,
};
use pricing_domain::{CivilDate, FileKind, GridFilter, Instant};

use crate::scenarios::selling;
use crate::support::Shop;

fn kettles() -> Vec<GridFilter> {
    vec![GridFilter::Family("kettles".into())]
}

#[tokio::test]
async fn a_markdown_reaches_its_target_at_allowed_prices_or_says_that_none_does() {
    let shop = selling().await;
    // Ten kettles a week at 29.99: sixty in six weeks, and eighty are there.
    shop.import_clean(FileKind::Stock, "sku,stock\nA1,80\nB2,3\n").await;
    let plan = MarkdownInput { left_at_most: 0.0, ..MarkdownInput::default() };
    let view = shop.workspace.plan_markdown(plan.clone()).await.unwrap();
    assert_eq!((view.products, view.missed, view.already), (2, 0, 1), "{view:?}");
    let kettle = view.rows.iter().find(|row| row.sku == "A1").expect("planned");
    assert_eq!((kettle.left_as_today, kettle.left, kettle.met), (20.0, 0.0, true));
    assert!(kettle.prices.windows(2).all(|pair| pair[1] <= pair[0]) && kettle.prices[5] < 2_999, "{:?}", kettle.prices);
    let changes = std::iter::once(&2_999).chain(&kettle.prices).zip(&kettle.prices).filter(|(a, b)| a != b).count();
    assert!((1..=3).contains(&changes), "{:?}", kettle.prices);
    let toaster = view.rows.iter().find(|row| row.sku == "B2").expect("planned");
    assert_eq!(toaster.prices, [1_999; 6], "three toasters are sold as they are");
    assert_eq!(view.left_out, [("without a stock".to_owned(), 1)]);

    let far = MarkdownInput { lowest: 95.0, ..plan.clone() };
    shop.import_clean(FileKind::Stock, "sku,stock\nA1,800\n").await;
    let view = shop.workspace.plan_markdown(far).await.unwrap();
    let kettle = view.rows.iter().find(|row| row.sku == "A1").expect("planned");
    assert!(!kettle.met && kettle.left > 0.0 && view.missed == 1, "{kettle:?}");
    assert!(kettle.prices.iter().all(|price| *price >= 2_850), "{:?}", kettle.prices);
    assert!(view.remarks.iter().any(|remark| remark.contains("cannot reach the target")));

    let made = shop.workspace.propose_markdown(MarkdownInput { only: kettles(), ..plan }).await.unwrap();
    assert_eq!(made.changes + made.exceptions, 1);
    assert_eq!(shop.proposals().await[0].sku, "A1");
}

#[tokio::test]
async fn a_promotion_is_told_apart_into_its_parts_and_checked_against_the_prior_price() {
    let shop = selling().await;
    let plan = PromotionInput {
        only: kettles(),
        percent: 20.0,
        weeks: 2,
        lift: 50.0,
        funding: 50.0,
        cannibalised: 10.0,
        ..PromotionInput::default()
    };
    let view = shop.workspace.plan_promotion(plan.clone()).await.unwrap();
    let kettles_a_week = 10.0 * (2_399.0_f64 / 2_999.0).powf(-1.5) * 1.5;
    assert!((view.more_units - 2.0 * (kettles_a_week - 10.0)).abs() < 1e-6, "{}", view.more_units);
    assert!((view.lost_units - 0.1 * view.more_units).abs() < 1e-6);
    let [grade] = view.grades[..] else { panic!("one product, one grade: {:?}", view.grades) };
    assert_eq!((grade.grade, grade.products), (ElasticityGrade::Default, 1));
    assert!((grade.revenue_percent - 100.0).abs() < 1e-9, "{grade:?}");
    assert_eq!((view.rows[0].grade, view.rows[0].elasticity), (ElasticityGrade::Default, -1.5));
    assert!(view.rows[0].extrapolated, "the kettle was never sold at this price");
    assert!(view.remarks.iter().any(|remark| remark.contains("by an assumed elasticity")), "{:?}", view.remarks);
    let funding = 2.0 * kettles_a_week * 0.5 * 600.0 / 1.19;
    assert!((view.funding as f64 - funding).abs() < 2.0, "{} {funding}", view.funding);
    // The toaster earns 19.99 ÷ 1.19 − 9.00 = 7.80 a piece.
    assert!((view.lost_margin as f64 - view.lost_units * 779.8).abs() < 2.0, "{}", view.lost_margin);
    let margin = view.with.margin.value - view.without.margin.value;
    assert_eq!(view.margin_change.value, margin);

    assert_eq!(view.break_even_lift, Some(0.0), "with half of it paid by the supplier it pays at once");
    let alone = PromotionInput { funding: 0.0, ..plan.clone() };
    let lift = shop.workspace.plan_promotion(alone.clone()).await.unwrap().break_even_lift.expect("some lift pays");
    assert!(lift > 10.0 && lift < 50.0, "{lift}");
    let at = shop.workspace.plan_promotion(PromotionInput { lift, ..alone }).await.unwrap();
    assert!(at.margin_change.value.abs() <= 2, "with that lift it pays exactly: {}", at.margin_change.value);

    let every = |weeks| PromotionInput { only: Vec::new(), percent: 30.0, weeks, ..PromotionInput::default() };
    let one = shop.workspace.plan_promotion(every(1)).await.unwrap();
    let three = shop.workspace.plan_promotion(every(3)).await.unwrap();
    assert!(one.more_units > 0.0 && (three.more_units - 3.0 * one.more_units).abs() < 1e-6, "each week counts");

    assert_eq!((view.reduced, view.proven, view.unproven), (1, 0, 1), "a price since this noon proves nothing");
    shop.later_hours(24 * 40);
    shop.import_clean(FileKind::Sales, "sku,date,units\nA1,2026-04-10,40\nB2,2026-04-10,20\n").await;
    let later = shop.workspace.plan_promotion(plan).await.unwrap();
    let row = &later.rows[0];
    assert_eq!((row.prior_minor, row.reduction_bp, row.proven), (Some(2_999), Some(2_001), true), "{row:?}");
}

/// The first day of the new prices: a Monday.
const STARTS: &str = "2026-01-05";

/// Forty products with sales up to that day.
async fn before_a_test() -> Shop {
    let shop = Shop::new().await;
    let mut products = "sku,name,category,currency,price,cost,vat_rate\n".to_owned();
    for product in 0..40_usize {
        writeln!(products, "P{product:02},Product {product},Audio,EUR,20.00,9,19").unwrap();
    }
    shop.import_clean(FileKind::Products, &products).await;
    shop.import_clean(FileKind::Sales, &weeks_of_sales(-31..0, 0.0, &[])).await;
    shop
}

/// Sales of weeks counted from the first day; those with the new price sell more by `effect`.
fn weeks_of_sales(weeks: std::ops::Range<i64>, effect: f64, treated: &[String]) -> String {
    let mut sales = "sku,date,units,price\n".to_owned();
    let first = Instant::at_utc_midnight(STARTS.parse().unwrap());
    for product in 0..40_u32 {
        let sku = format!("P{product:02}");
        let is_tested = treated.contains(&sku);
        for week in weeks.clone() {
            let date = first.plus_days(7 * week).utc_date();
            let mixed = ((week + 100) as u32 * 7_919 + product * 104_729).wrapping_mul(2_654_435_761) >> 16;
            let noise = f64::from(mixed % 1_000) / 500.0 - 1.0;
            let level = 60.0 * (0.3 * noise).exp() * if is_tested { 1.0 + effect } else { 1.0 };
            writeln!(sales, "{sku},{date},{level:.0},{}", if is_tested { "18.00" } else { "20.00" }).unwrap();
        }
    }
    sales
}

#[tokio::test]
async fn a_price_test_is_designed_kept_and_read_as_it_was() {
    let shop = before_a_test().await;
    let experiment = ExperimentInput { effect: 20.0, ..ExperimentInput::default() };
    let design = shop.workspace.design_experiment(experiment.clone()).await.unwrap();
    assert_eq!(design.eligible, 40);
    assert_eq!((design.treated.len() as u64, design.held.len() as u64), (design.needed, design.needed));
    assert!(design.detectable.unwrap() <= 20.0 && design.deviation > 0.0, "{design:?}");
    assert!(design.treated.iter().all(|one| one.test_minor == 1_800));
    // Without prices in the sales nothing is known of any elasticity, and that is said of each of them.
    let unknown = design.grades.iter().find(|(grade, _)| *grade == ElasticityGrade::NotEnough);
    assert_eq!(unknown.map(|(_, count)| *count), Some(2 * design.needed));
    assert!(design.treated.iter().all(|one| one.grade == ElasticityGrade::NotEnough && one.elasticity.is_none()));
    assert_eq!(shop.workspace.design_experiment(experiment.clone()).await.unwrap(), design, "chance is the name's");
    let stricter = ExperimentInput { effect: 3.0, ..experiment.clone() };
    assert!(shop.workspace.design_experiment(stricter).await.unwrap().needed > design.needed);

    let all = ExperimentInput { products: Some(20), ..experiment };
    let starts: CivilDate = STARTS.parse().unwrap();
    let kept = shop.workspace.keep_experiment(all.clone(), starts).await.unwrap();
    assert_eq!((kept.treated, kept.held, kept.starts), (20, 20, starts));
    let early = shop.workspace.read_experiment(kept.id).await.unwrap_err();
    assert!(early.message.contains("whole week"), "{}", early.message);
    shop.import_clean(FileKind::Sales, &weeks_of_sales(0..8, 0.0, &[])).await;
    let nothing = shop.workspace.read_experiment(kept.id).await.unwrap();
    assert!(nothing.effect.low < 0.0 && nothing.effect.high > 0.0, "{}", nothing.answer);
    assert!(nothing.answer.contains("from chance") && nothing.price_change.is_some_and(|change| change == 0.0));
    assert!(nothing.remarks.iter().any(|remark| remark.contains("do not show")));
    let twice = shop.workspace.keep_experiment(all, starts).await.unwrap_err();
    assert!(twice.message.contains("Another price test"), "{}", twice.message);
    assert_eq!(shop.workspace.remove_experiment(kept.id).await.unwrap(), []);
}

#[tokio::test]
async fn an_effect_that_is_there_is_found_with_its_elasticity() {
    let shop = before_a_test().await;
    let all = ExperimentInput { products: Some(20), ..ExperimentInput::default() };
    let design = shop.workspace.design_experiment(all.clone()).await.unwrap();
    let treated: Vec<String> = design.treated.iter().map(|one| one.sku.clone()).collect();
    let kept = shop.workspace.keep_experiment(all, STARTS.parse().unwrap()).await.unwrap();
    shop.import_clean(FileKind::Sales, &weeks_of_sales(0..8, 0.25, &treated)).await;
    let read = shop.workspace.read_experiment(kept.id).await.unwrap();
    assert!((read.effect.value - 25.0).abs() < 15.0 && read.p < 0.001, "{}", read.answer);
    assert!((read.price_change.unwrap() + 10.0).abs() < 0.01, "{:?}", read.price_change);
    let elasticity = read.elasticity.unwrap();
    assert!(elasticity.low < -2.1 && elasticity.high > -2.1 && elasticity.high < -0.5, "{elasticity:?}");
    assert_eq!((read.weeks, read.treated, read.held), (4, 20, 20));
    let known: u64 = read.grades.iter().map(|(_, count)| count).sum();
    assert_eq!(known, 20, "every treated product has a grade");
    let made = shop.workspace.propose_experiment(kept.id).await.unwrap();
    assert_eq!(made.changes + made.exceptions, 20);
}

#[tokio::test]
async fn a_switchback_drops_the_weeks_after_a_switch_and_finds_an_effect_that_a_week_of_stocking_up_would_hide() {
    let shop = before_a_test().await;
    let switchback = Some(Switchback { period: 2, carry_over: 1 });
    let all = ExperimentInput { weeks: 24, switchback, ..ExperimentInput::default() };
    let design = shop.workspace.design_experiment(all.clone()).await.unwrap();
    assert_eq!((design.eligible, design.treated.len(), design.held.len(), design.periods.len()), (40, 40, 0, 12));
    // Forty products move by a fortieth of one's variance.
    assert!(design.deviation < 15.0 && design.needed >= 3 && design.detectable.is_some(), "{design:?}");
    assert!(design.remarks[0].starts_with("Prices by chance: weeks 1 to 2 "), "{:?}", design.remarks);
    let undropped = ExperimentInput { switchback: Some(Switchback { period: 2, carry_over: 0 }), ..all.clone() };
    let undropped = shop.workspace.design_experiment(undropped).await.unwrap();
    assert!(undropped.remarks.iter().any(|remark| remark.contains("No week is dropped")));
    let odd = ExperimentInput { weeks: 6, ..all.clone() };
    let refused = shop.workspace.design_experiment(odd).await.unwrap_err();
    assert!(refused.message.contains("12 to 52 weeks in steps of 4"), "{}", refused.message);

    let kept = shop.workspace.keep_experiment(all, STARTS.parse().unwrap()).await.unwrap();
    assert_eq!((kept.treated, kept.held), (40, 0));
    // A quarter more at the new price; in the first week of a period twice as much as that, and half after it.
    let is_new = |week: i64| {
        let week = week as u32 + 1;
        design.periods.iter().any(|one| one.new_price && (one.first_week..=one.last_week).contains(&week))
    };
    // A week is over where the next one has sales.
    for week in 0..17_i64 {
        let (new, first) = (is_new(week), week % 2 == 0);
        let effect = match (new, first) {
            (true, true) => 1.5,
            (true, false) => 0.25,
            (false, true) => -0.5,
            (false, false) => 0.0,
        };
        let tested: Vec<String> = (0..40).map(|product| format!("P{product:02}")).collect();
        let sales = weeks_of_sales(week..week + 1, effect, &tested);
        let sales = if new { sales } else { sales.replace(",18.00", ",20.00") };
        shop.import_clean(FileKind::Sales, &sales).await;
        if week == 7 {
            let early = shop.workspace.read_experiment(kept.id).await.unwrap_err();
            assert!(early.message.contains("1 whole pairs of periods"), "{}", early.message);
        }
    }
    let read = shop.workspace.read_experiment(kept.id).await.unwrap();
    assert_eq!((read.weeks, read.treated, read.held), (16, 40, 0));
    assert!((read.effect.value - 25.0).abs() < 10.0 && read.effect.low > 5.0, "{}", read.answer);
    assert!((read.price_change.unwrap() + 10.0).abs() < 0.01, "{:?}", read.price_change);
    assert!(read.units[0].1 > 1.1 * read.units[0].0, "{:?}", read.units);
    assert!(read.remarks.iter().any(|remark| remark.contains("4 of 6 pairs")), "{:?}", read.remarks);
    let made = shop.workspace.propose_experiment(kept.id).await.unwrap();
    assert!(made.changes + made.exceptions <= 40);
}

pub fn look() -> ChartRequestLook {
    let color = || "#336699".to_owned();
    ChartRequestLook {
        width: 640,
        height: 260,
        palette: ChartPalette {
            surface: color(),
            text: color(),
            text_muted: color(),
            border: color(),
            own_price: color(),
            competitors: vec![color()],
        },
    }
}

#[tokio::test]
async fn curves_show_the_weeks_they_rest_on_and_where_a_product_earns_most() {
    let shop = crate::scenarios::with_a_year_of_sales().await;
    let product = shop.workspace.find_sku("P3").await.unwrap();
    let curve = shop.workspace.demand_curve(product, look()).await.unwrap();
    assert!(
        curve.title.contains("One percent dearer sells 2.") || curve.title.contains("sells 1.9"),
        "{}",
        curve.title
    );
    assert_eq!(curve.marks.len(), 61 + 60, "61 places of the curve, 60 weeks");
    let list = shop.list("DEFAULT").await;
    // Twice the cost of 9.00 is 18.00 net and 21.42 gross at an elasticity of -2.
    let profit = shop.workspace.profit_curve(product, list, look()).await.unwrap();
    assert!(profit.title.starts_with("21.") && profit.title.contains("would earn most"), "{}", profit.title);
    let odd = shop.workspace.find_sku("ODD").await.unwrap();
    let refused = shop.workspace.demand_curve(odd, look()).await.map(|curve| curve.title).unwrap_err();
    assert!(refused.message.contains("more weeks with sales"), "{}", refused.message);
    let refused = shop.workspace.profit_curve(odd, list, look()).await.map(|curve| curve.title).unwrap_err();
    assert!(refused.message.contains("Without an elasticity"), "{}", refused.message);
}
