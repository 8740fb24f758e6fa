//! Lists of work.

use app_contract::{WorkKind, WorkTask, WorkView};
use pricing_domain::{Currency, FileKind, MicroAmount, PriceListSettings};

use crate::support::Shop;

async fn list(shop: &Shop, kind: WorkKind) -> WorkView {
    let price_list = shop.list("DEFAULT").await;
    shop.workspace.work(kind, price_list, 0, 100).await.unwrap()
}

#[tokio::test]
async fn a_cost_that_rose_says_what_must_move_and_what_waiting_costs() {
    let shop = Shop::with_products().await;
    assert_eq!(list(&shop, WorkKind::CostChanges).await.counts.cost_changes, 0, "a first cost is no change");
    let sales: String = (10..=28).map(|day| format!("A1,2026-02-{day},10\n")).collect();
    shop.import_clean(FileKind::Sales, &format!("sku,date,units\n{sales}")).await;
    shop.later_hours(24);
    shop.import_clean(FileKind::Costs, "sku,cost,currency,valid_from\nA1,24.50,EUR,2026-03-03\n").await;
    let view = list(&shop, WorkKind::CostChanges).await;
    assert_eq!((view.counts.cost_changes, view.rows.len()), (1, 1), "{view:?}");
    let row = &view.rows[0];
    let WorkTask::Cost(cost) = &row.task else { panic!("{row:?}") };
    assert_eq!((row.sku.as_str(), cost.before, cost.now), ("A1", MicroAmount(12_500_000), MicroAmount(24_500_000)));
    assert!(cost.margin_bp < cost.margin_before_bp, "{cost:?}");
    // 12.00 a piece, some ten pieces a day.
    let a_day = cost.cost_day.unwrap();
    assert!(a_day.currency == Currency::EUR && a_day.amount_minor > 0, "{a_day}");
    let proposed = row.proposed_minor.expect("the margin floor asks for more");
    assert!(Some(proposed) > row.price_minor, "{row:?}");
    assert!(cost.waiting_day.is_some_and(|day| day.amount_minor > 0) && view.waiting_day == cost.waiting_day);

    shop.later_hours(24 * 8);
    assert_eq!(list(&shop, WorkKind::CostChanges).await.counts.cost_changes, 0, "a week later it is no news");
}

#[tokio::test]
async fn a_cost_that_changed_its_currency_is_a_changed_cost() {
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::Rates, "date,base,quote,rate\n2026-03-01,EUR,USD,2\n").await;
    shop.later_hours(24);
    shop.import_clean(FileKind::Costs, "sku,cost,currency,valid_from\nA1,30.00,USD,2026-03-03\n").await;
    let view = list(&shop, WorkKind::CostChanges).await;
    let [row] = view.rows.as_slice() else { panic!("{view:?}") };
    let WorkTask::Cost(cost) = &row.task else { panic!("{row:?}") };
    assert_eq!(
        (cost.before, cost.now, cost.change_bp),
        (MicroAmount(12_500_000), MicroAmount(15_000_000), Some(2_000))
    );
    assert!(cost.margin_bp < cost.margin_before_bp, "{cost:?}");
}

#[tokio::test]
async fn new_products_and_promotions_are_listed_until_their_time_has_come() {
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::Prices, "sku,price_list,price,currency\nA1,DE,31.00,EUR\n").await;
    let price_list = shop.list("DE").await;
    let unpriced = shop.workspace.work(WorkKind::WithoutPrice, price_list, 0, 100).await.unwrap();
    let mut skus: Vec<&str> = unpriced.rows.iter().map(|row| row.sku.as_str()).collect();
    skus.sort_unstable();
    assert_eq!(skus, ["B2", "C3"]);
    let toaster = unpriced.rows.iter().find(|row| row.sku == "B2").unwrap();
    assert!(matches!(&toaster.task, WorkTask::Price(work) if work.cost == Some(MicroAmount(9_000_000))), "{toaster:?}");

    let promotion = "sku,price_list,name,price,currency,valid_from,valid_to
A1,DEFAULT,Spring,23.99,EUR,2026-03-04T00:00:00Z,2026-03-20T00:00:00Z
";
    shop.import_clean(FileKind::Promotions, promotion).await;
    let starting = list(&shop, WorkKind::PromotionsStarting).await;
    let WorkTask::Promotion(spring) = &starting.rows[0].task else { panic!("{starting:?}") };
    assert!(spring.name == "Spring" && spring.price_minor == Some(2_399) && !spring.prior_words.is_empty());
    assert_eq!((starting.counts.promotions_starting, starting.counts.promotions_ending), (1, 0));
    shop.later_hours(24 * 12);
    let ending = list(&shop, WorkKind::PromotionsEnding).await;
    assert_eq!((ending.counts.promotions_starting, ending.counts.promotions_ending), (0, 1));
}

#[tokio::test]
async fn days_are_those_of_the_lists_clock() {
    let shop = Shop::with_products().await;
    let settings = PriceListSettings {
        name: "Shop".into(),
        time_zone: "Europe/Berlin".into(),
        cash_step_minor: 1,
        ..PriceListSettings::default()
    };
    shop.workspace.save_price_list(shop.list("DEFAULT").await, &settings, false).await.unwrap();
    let promotion = "sku,price_list,name,price,currency,valid_from,valid_to
A1,DEFAULT,Spring,23.99,EUR,2026-03-04,2026-03-20
B2,DEFAULT,Noon,15.99,EUR,2026-03-05T12:00:00+01:00,2026-03-06T18:30:00+01:00
";
    shop.import_clean(FileKind::Promotions, promotion).await;
    let days: Vec<String> = list(&shop, WorkKind::PromotionsStarting)
        .await
        .rows
        .into_iter()
        .map(|row| match row.task {
            WorkTask::Promotion(work) => work.days,
            task => panic!("{task:?}"),
        })
        .collect();
    assert_eq!(days, ["from 2026-03-04 until 2026-03-20", "from 2026-03-05 12:00 until 2026-03-06 18:30"]);
    let kettle = shop.workspace.find_sku("A1").await.unwrap();
    assert_eq!(shop.workspace.prior_prices_of(kettle).await.unwrap()[0].starts_words, "2026-03-04");
    shop.import_clean(FileKind::Locks, "sku,valid_from,reason\nC3,2026-04-01,Catalogue\n").await;
    let locks = shop.workspace.price_locks(None).await.unwrap();
    assert_eq!(locks[0].days, "from 2026-04-01 until further notice");
}
