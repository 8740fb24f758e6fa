//! Products whose units follow the prices of their families: from the sales to scenarios and best prices.

use std::fmt::Write;

use app_contract::{ScenarioChange, ScenarioInput, ScenarioObjective, ScenarioPrices, ScenarioView};
use pricing_domain::{FileKind, GridFilter, Instant};

use crate::scenarios::{keeping, run};
use crate::support::Shop;

const WEEKS: i64 = 60;

/// A number between 0 and 1 that has nothing to do with that of other places.
fn scattered(place: i64) -> f64 {
    ((place as f64 * 12.9898 + 4.1414).sin() * 43_758.545_3).rem_euclid(1.0)
}

/// Four families of three products, for each of which the first is of the brand “Lead”. Units follow the own price by -2
/// and the mean of the siblings' prices by `cross`.
async fn families(cross: f64) -> Shop {
    let shop = Shop::new().await;
    let mut products = "sku,name,brand,category,family,currency,price,cost,vat_rate\n".to_owned();
    let mut sales = "sku,date,units,price\n".to_owned();
    let first: Instant = "2025-01-06T00:00:00Z".parse().unwrap();
    for family in 0..4_i64 {
        let price = |member: i64, week: i64| 20.0 - (scattered(1_000 * family + 100 * member + week / 2) * 5.0).floor();
        for member in 0..3_i64 {
            let brand = if member == 0 { "Lead" } else { "Other" };
            writeln!(products, "F{family}-{member},Product,{brand},Audio,F{family},EUR,20.00,9,19").unwrap();
            for week in 0..WEEKS {
                let others =
                    (0..3).filter(|other| *other != member).map(|other| (price(other, week) / 20.0).ln() / 2.0);
                let noise = 0.1 * (scattered(7_777 + 311 * family + 57 * member + 13 * week) - 0.5);
                let own = price(member, week);
                let units = (300.0 * (-2.0 * (own / 20.0).ln() + cross * others.sum::<f64>() + noise).exp()).round();
                let date = first.plus_days(7 * week).utc_date();
                writeln!(sales, "F{family}-{member},{date},{units},{own:.2}").unwrap();
            }
        }
    }
    shop.import_clean(FileKind::Products, &products).await;
    shop.import_clean(FileKind::Sales, &sales).await;
    shop
}

fn cheaper_lead() -> ScenarioInput {
    let only = vec![GridFilter::Brand("Lead".into()), GridFilter::Family("F0".into())];
    ScenarioInput { name: "Lead down".into(), ..keeping(vec![ScenarioChange::Price { percent: -10.0, only }]) }
}

fn best() -> ScenarioInput {
    let objective = ScenarioObjective::default();
    ScenarioInput { prices: ScenarioPrices::Best, objective, weeks: 1, ..ScenarioInput::default() }
}

fn said(view: &ScenarioView) -> Option<&String> {
    view.remarks.iter().find(|one| one.contains("follow the prices of their families"))
}

#[tokio::test]
async fn what_a_family_does_to_a_product_is_found_told_and_played() {
    let shop = families(0.6).await;
    let product = shop.workspace.find_sku("F0-1").await.unwrap();
    let view = shop.workspace.elasticity(product).await.unwrap();
    let (value, error) = view.siblings.expect("it is told from none");
    assert!((value - 0.6).abs() < 3.0 * error && error < 0.15, "{value} {error}");
    assert!((view.row.elasticity.expect("own data") + 2.0).abs() < 0.2, "{:?}", view.row);
    let words = &view.siblings_words;
    assert!(words.starts_with("Where 2 other products of its family get one percent dearer, it sells 0."), "{words}");
    assert!(words.contains("drawn towards Audio with 12 estimates"), "{words}");
    let category = shop.workspace.category_elasticity("Audio", 0, 10).await.unwrap();
    let words = category.siblings.expect("twelve estimates of four families");
    assert!(words.contains("told from none; from 12 products of 4 families"), "{words}");

    let view = run(&shop, cheaper_lead()).await;
    let siblings = said(&view).expect("two products answer");
    assert!(siblings.starts_with("2 products with "), "{siblings}");
    let bar = view.sensitivity.iter().find(|bar| bar.assumption.contains("products of a family")).expect("it matters");
    assert_eq!(bar.high, view.after.margin.value);
    assert!(bar.low > bar.high, "what siblings lose is missing without the effect: {bar:?}");
    let sibling = view.biggest.iter().find(|one| one.sku == "F0-1").expect("it loses units");
    assert_eq!(sibling.old_minor, sibling.new_minor);
    let ratio = sibling.units.1 / sibling.units.0;
    // Half of what its siblings weigh got ten percent cheaper.
    assert!((ratio - 0.9_f64.powf(value / 2.0)).abs() < 0.005, "{ratio}");
    assert!(view.biggest.iter().all(|one| one.sku.starts_with("F0")), "{:?}", view.biggest);
}

#[tokio::test]
async fn a_kept_scenario_with_families_comes_to_the_same_figures_again() {
    let shop = families(0.6).await;
    let kept = shop.workspace.keep_scenario(cheaper_lead(), None).await.unwrap();
    // Whatever has been learnt since.
    shop.import_clean(FileKind::Sales, "sku,date,units,price\nF0-1,2026-03-01,900,20.00\n").await;
    let again = shop.workspace.repeat_scenario(kept.id).await.unwrap();
    assert!(again.same && said(&again.answer).is_some(), "{:?}", again.answer.after);
}

#[tokio::test]
async fn best_prices_are_told_with_what_families_do_and_their_bound_is_never_passed() {
    let shop = families(0.6).await;
    let view = run(&shop, best()).await;
    let optimum = view.optimum.clone().expect("prices were chosen");
    assert!((optimum.value - view.after.margin.value).abs() <= 1, "{optimum:?} {:?}", view.after.margin);
    assert!(optimum.proven && optimum.value == optimum.bound, "families of three are searched to the end: {optimum:?}");
    assert!(said(&view).is_some_and(|words| words.contains("the bound counts them")), "{:?}", view.remarks);
}

#[tokio::test]
async fn best_prices_of_a_family_are_higher_where_what_its_products_win_from_each_other_counts() {
    let shop = families(0.6).await;
    let mut costs = "sku,name,brand,category,family,currency,price,cost,vat_rate\n".to_owned();
    for (family, member) in (0..4).flat_map(|family| (0..3).map(move |member| (family, member))) {
        let brand = if member == 0 { "Lead" } else { "Other" };
        writeln!(costs, "F{family}-{member},Product,{brand},Audio,F{family},EUR,20.00,8,19").unwrap();
    }
    shop.import_clean(FileKind::Products, &costs).await;
    let wide =
        || ScenarioInput { objective: ScenarioObjective { step: 20.0, ..ScenarioObjective::default() }, ..best() };
    let view = run(&shop, wide()).await;
    let optimum = view.optimum.clone().expect("prices were chosen");
    // A product alone is best at a net price of 8 × 2 ÷ (2 − 1), 19.04 gross and cheaper than today. Where all of a family
    // move together, units follow by -1.4 only, and the best price lies above all that are allowed.
    assert!(optimum.families_gain > 0 && optimum.families_steps > 0 && !optimum.families_cut, "{optimum:?}");
    let prices: Vec<i64> = view.biggest.iter().map(|one| one.new_minor).collect();
    assert!(!prices.is_empty() && prices.iter().all(|price| *price > 2_000), "{prices:?}");
    assert!((optimum.value - view.after.margin.value).abs() <= 1 && optimum.proven, "{optimum:?}");

    // Limits hold for the prices that were chosen again.
    let objective = ScenarioObjective { changes_at_most: Some(50.0), basket_at_most: Some(103.0), ..wide().objective };
    let limited = run(&shop, ScenarioInput { objective, ..wide() }).await.optimum.expect("prices were chosen");
    assert!(limited.changes <= 6 && limited.limits.iter().all(|limit| !limit.broken), "{limited:?}");
    assert!(limited.value < optimum.value && limited.value <= limited.bound, "{limited:?}");
    // What is proven is not far above: the limits are paid for with the families' answers.
    assert!(limited.bound < optimum.value, "{limited:?}");
    let room = (limited.bound - limited.value) as f64 / (limited.bound - limited.before) as f64;
    println!("left of the gain at most {room:.3}");
    assert!(room < 0.5, "{room} {limited:?}");
}

#[tokio::test]
async fn families_without_an_effect_are_left_alone() {
    let shop = families(0.0).await;
    let product = shop.workspace.find_sku("F0-1").await.unwrap();
    let view = shop.workspace.elasticity(product).await.unwrap();
    assert_eq!(view.siblings, None);
    assert!(view.siblings_words.starts_with("Not used: it cannot be told from none. Its own estimate: "));
    let view = run(&shop, cheaper_lead()).await;
    assert_eq!(said(&view), None);
    assert!(view.biggest.iter().all(|one| one.sku == "F0-0"), "{:?}", view.biggest);
    assert!(run(&shop, best()).await.optimum.expect("prices were chosen").proven);
}
