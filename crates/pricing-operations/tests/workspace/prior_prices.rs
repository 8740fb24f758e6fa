//! What reductions may be announced against.

use app_contract::{PriorPriceView, ReductionKind};
use pricing_domain::{FileKind, Money};

use crate::support::Shop;

async fn of(shop: &Shop, sku: &str) -> PriorPriceView {
    let product = shop.workspace.find_sku(sku).await.unwrap();
    let mut views = shop.workspace.prior_prices_of(product).await.unwrap();
    assert_eq!(views.len(), 1, "{views:?}");
    views.remove(0)
}

fn euros(minor: i64) -> Option<Money> {
    Some(Money::new(minor, pricing_domain::Currency::EUR))
}

const HISTORY: &str = "sku,price_list,valid_from,valid_to,price,currency
A1,DEFAULT,2025-12-01T00:00:00Z,2026-02-10T00:00:00Z,29.99,EUR
A1,DEFAULT,2026-02-10T00:00:00Z,2026-02-13T00:00:00Z,24.99,EUR
A1,DEFAULT,2026-02-13T00:00:00Z,2026-03-02T12:00:00Z,29.99,EUR
";

#[tokio::test]
async fn a_reduction_shown_against_another_price_is_flagged() {
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::PriceHistory, HISTORY).await;
    let now = of(&shop, "A1").await;
    assert_eq!((now.kind, now.prior, now.proven), (ReductionKind::None, euros(2_499), true), "{}", now.words);

    let promotion = "sku,price_list,name,price,currency,valid_from,valid_to
A1,DEFAULT,Spring,23.99,EUR,2026-03-04T00:00:00Z,2026-03-10T00:00:00Z
";
    shop.import_clean(FileKind::Promotions, promotion).await;
    let planned = of(&shop, "A1").await;
    assert_eq!((planned.kind, planned.prior, planned.wrong), (ReductionKind::Planned, euros(2_499), false));
    assert_eq!(planned.reduction_bp, Some(400), "{}", planned.words);

    let products = "sku,name,currency,price,compare_at_price\nA1,Kettle,EUR,29.99,34.99\n";
    shop.import_clean(FileKind::Products, products).await;
    let wrong = of(&shop, "A1").await;
    assert!(wrong.wrong && wrong.words.contains("the prior price is 24.99"), "{}", wrong.words);
    assert_eq!(wrong.announced, euros(3_499));
}

#[tokio::test]
async fn too_little_history_says_unproven() {
    let shop = Shop::with_products().await;
    shop.later_hours(1);
    let view = of(&shop, "B2").await;
    assert!(!view.proven && view.words.contains("Unproven"), "{}", view.words);
}

#[tokio::test]
async fn a_price_ends_where_the_next_one_begins_though_no_end_was_stated() {
    let shop = Shop::with_products().await;
    let history = "sku,price_list,valid_from,price,currency
B2,DEFAULT,2025-11-01T00:00:00Z,80.00,EUR
B2,DEFAULT,2025-12-01T00:00:00Z,100.00,EUR
";
    shop.import_clean(FileKind::PriceHistory, history).await;
    let promotion = "sku,price_list,name,price,currency,valid_from,valid_to
B2,DEFAULT,Spring,15.00,EUR,2026-03-01T00:00:00Z,2026-03-10T00:00:00Z
";
    shop.import_clean(FileKind::Promotions, promotion).await;
    let running = of(&shop, "B2").await;
    assert_eq!((running.kind, running.prior), (ReductionKind::Running, euros(10_000)), "{}", running.words);
}
