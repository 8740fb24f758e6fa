//! Products whose units follow the lowest competitor: from offers and sales to scenarios.

use std::fmt::Write;

use app_contract::{ScenarioChange, ScenarioInput, ScenarioView};
use pricing_domain::{FileKind, Instant};

use crate::scenarios::{keeping, run};
use crate::support::Shop;

const WEEKS: i64 = 60;
const PRODUCTS: i64 = 12;
const CROSS: f64 = 0.8;

/// A number between 0 and 1 that has nothing to do with that of other places.
fn scattered(place: i64) -> f64 {
    ((place as f64 * 12.9898 + 4.1414).sin() * 43_758.545_3).rem_euclid(1.0)
}

/// Twelve products. Units follow the own price by -2 and the lowest competitor by 0.8, whose price `moves` or stands still. It
/// is read on Mondays and Thursdays, and a dearer one beside it.
async fn followed(moves: bool) -> Shop {
    let shop = Shop::new().await;
    let mut products = "sku,name,category,currency,price,cost,vat_rate\n".to_owned();
    let mut sales = "sku,date,units,price\n".to_owned();
    let mut offers = "sku,competitor,observed_at,price,currency,availability\n".to_owned();
    let first: Instant = "2025-01-06T06:00:00Z".parse().unwrap();
    for product in 0..PRODUCTS {
        writeln!(products, "R{product},Product {product},Audio,EUR,20.00,9,19").unwrap();
        for week in 0..WEEKS {
            let own = 20.0 - (scattered(1_000 * product + week / 2) * 5.0).floor();
            let theirs = 19.0 - if moves { (scattered(500_000 + 777 * product + week / 3) * 6.0).floor() } else { 0.0 };
            let noise = 0.1 * (scattered(90_000 + 57 * product + 13 * week) - 0.5);
            let units = 200.0 * (-2.0 * (own / 20.0).ln() + CROSS * (theirs / 19.0_f64).ln() + noise).exp();
            let monday = first.plus_days(7 * week);
            writeln!(sales, "R{product},{},{:.0},{own:.2}", monday.utc_date(), units.round()).unwrap();
            for at in [monday, monday.plus_days(3)] {
                writeln!(offers, "R{product},Rival,{at},{theirs:.2},EUR,InStock").unwrap();
                writeln!(offers, "R{product},Dear,{at},25.00,EUR,InStock").unwrap();
                // The cheapest of all cannot be bought.
                writeln!(offers, "R{product},Empty,{at},5.00,EUR,OutOfStock").unwrap();
            }
        }
        writeln!(offers, "R{product},Rival,2026-03-02T08:00:00Z,19.00,EUR,InStock").unwrap();
    }
    shop.import_clean(FileKind::Products, &products).await;
    shop.import_clean(FileKind::Sales, &sales).await;
    shop.import_clean(FileKind::Observations, &offers).await;
    shop
}

fn cheaper_rival() -> ScenarioInput {
    let change = ScenarioChange::Competitor { percent: -10.0, name: Some("Rival".into()), share: None, only: vec![] };
    ScenarioInput { name: "Rival down".into(), ..keeping(vec![change]) }
}

fn said(view: &ScenarioView) -> &str {
    view.remarks.iter().find(|one| one.contains("How demand follows competitors' prices")).expect("it is said")
}

#[tokio::test]
async fn what_competitors_do_to_units_is_learnt_from_offers_and_sales_and_played() {
    let shop = followed(true).await;
    let product = shop.workspace.find_sku("R3").await.unwrap();
    let view = shop.workspace.elasticity(product).await.unwrap();
    assert!(
        view.rival_words.starts_with("Where the lowest competitor gets one percent dearer, it sells 0."),
        "{view:?}"
    );
    assert!(view.rival_words.contains("its own 60 weeks"), "{}", view.rival_words);
    let answer = run(&shop, cheaper_rival()).await;
    let words = said(&answer);
    let all = "is learnt from the sales for all that it concerns: 12 products with 100 % of the units and 100 % of the revenue.";
    assert!(words.contains(all), "{words}");
    let ratio = answer.after.units.value / answer.today.units.value;
    assert!((ratio - 0.9_f64.powf(CROSS)).abs() < 0.01, "{ratio}");
    assert!(
        answer.after.units.low > 0.85 * answer.today.units.value,
        "surer than an assumption: {:?}",
        answer.after.units
    );
    let bar = answer.sensitivity.iter().find(|bar| bar.assumption == "how demand follows competitors");
    assert!(bar.is_some_and(|bar| bar.low != bar.high), "{:?}", answer.sensitivity);
    let kept = shop.workspace.keep_scenario(cheaper_rival(), None).await.unwrap();
    // Whatever is sold later.
    shop.import_clean(FileKind::Sales, "sku,date,units,price\nR3,2026-03-01,900,20.00\n").await;
    let again = shop.workspace.repeat_scenario(kept.id).await.unwrap();
    assert!(again.same, "{:?}", again.answer.after);
}

#[tokio::test]
async fn competitors_that_never_moved_teach_nothing_and_the_assumption_is_named() {
    let shop = followed(false).await;
    let product = shop.workspace.find_sku("R3").await.unwrap();
    let view = shop.workspace.elasticity(product).await.unwrap();
    assert!(view.rival_words.starts_with("The lowest competitor hardly moved by itself"), "{}", view.rival_words);
    let answer = run(&shop, cheaper_rival()).await;
    let words = said(&answer);
    assert!(words.contains("is assumed, not estimated: 0.5 % fewer units"), "{words}");
    let ratio = answer.after.units.value / answer.today.units.value;
    assert!((ratio - 0.9_f64.sqrt()).abs() < 1e-3, "{ratio}");
}

#[tokio::test]
async fn offers_that_become_known_are_learnt_from_without_any_other_change() {
    let shop = followed(true).await;
    let product = shop.workspace.find_sku("R3").await.unwrap();
    let before = shop.workspace.elasticity(product).await.unwrap();
    // Another competitor turns out to have been cheaper than everybody, at one price: the lowest never moved.
    let mut offers = "sku,competitor,observed_at,price,currency,availability\n".to_owned();
    let first: Instant = "2025-01-06T05:00:00Z".parse().unwrap();
    for product in 0..PRODUCTS {
        for day in (0..7 * WEEKS).step_by(3) {
            writeln!(offers, "R{product},Steady,{},9.00,EUR,InStock", first.plus_days(day)).unwrap();
        }
    }
    shop.import_clean(FileKind::Observations, &offers).await;
    let after = shop.workspace.elasticity(product).await.unwrap();
    assert!(before.rival_words.starts_with("Where the lowest competitor"), "{}", before.rival_words);
    assert!(after.rival_words.starts_with("The lowest competitor hardly moved"), "{}", after.rival_words);
}
