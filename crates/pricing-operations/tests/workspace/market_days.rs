//! Days that are over stay what they were, however seldom somebody looks.

use pricing_domain::{FileKind, IndexForm, MarketFilter};

use crate::market::against_x;
use crate::support::Shop;

/// What X asks for A1 at noon of each day from the second of March on.
const ASKED: [&str; 5] = ["25.00", "26.00", "27.00", "28.00", "29.00"];

async fn x_asks(shop: &Shop, price: &str) {
    let at = shop.now();
    let seen = format!("sku,competitor,observed_at,price,currency\nA1,X,{at},{price},EUR\n");
    shop.import_clean(FileKind::Observations, &seen).await;
}

/// A shop that sells A1, since an index weighs what is sold, and twenty products about which nothing happens.
async fn selling() -> Shop {
    let shop = Shop::with_products().await;
    let mut others = "sku,name,currency,price\n".to_owned();
    (1..=20).for_each(|number| others.push_str(&format!("Z{number},Bulb {number},EUR,{number}.00\n")));
    shop.import_clean(FileKind::Products, &others).await;
    shop.import_clean(FileKind::Sales, "sku,date,units,net_revenue\nA1,2026-03-01,10,250.00\n").await;
    shop
}

async fn since(shop: &Shop, day: &str) -> MarketFilter {
    MarketFilter { from: Some(day.parse().expect("a day")), ..MarketFilter::of_list(shop.list("DEFAULT").await) }
}

/// X asks another price every day; then our price changes, and X is not seen any more.
async fn lived_through(looks_daily: bool) -> Shop {
    let shop = selling().await;
    for price in ASKED {
        x_asks(&shop, price).await;
        if looks_daily || price == ASKED[0] {
            shop.workspace.refresh_figures().await.expect("figures");
        }
        shop.later_hours(24);
    }
    shop.import_clean(FileKind::Prices, "sku,price_list,price,currency\nA1,DEFAULT,28.00,EUR\n").await;
    for _ in 0..5 {
        if looks_daily {
            shop.workspace.refresh_figures().await.expect("figures");
        }
        shop.later_hours(24);
    }
    shop
}

#[tokio::test]
async fn days_on_which_nobody_looked_come_out_as_if_somebody_had() {
    let (daily, seldom) = (lived_through(true).await, lived_through(false).await);
    let expected = [
        ["2026-03-02", "119.96", "4.35"],
        ["2026-03-03", "115.35", "4.35"],
        ["2026-03-04", "111.07", "4.35"],
        ["2026-03-05", "107.11", "4.35"],
        ["2026-03-06", "103.41", "4.35"],
        // 28.00 against 29.00, which was seen last at noon of the sixth and counts for 72 hours.
        ["2026-03-07", "96.55", "4.35"],
        ["2026-03-08", "96.55", "4.35"],
    ];
    let expected = expected.map(|row| row.map(str::to_owned));
    let all = since(&daily, "2026-03-01").await;
    assert_eq!(against_x(&daily, &all).await, expected, "looked at daily");
    let all = since(&seldom, "2026-03-01").await;
    assert_eq!(against_x(&seldom, &all).await, expected, "looked at on the first day and ten days later");
    for (day, index) in [("2026-03-04", Some(11_107)), ("2026-03-08", Some(9_655)), ("2026-03-10", None)] {
        let past = MarketFilter { to: Some(day.parse().expect("a day")), ..all.clone() };
        let overview = seldom.workspace.market_overview(&past, IndexForm::Basket).await.expect("an overview");
        assert_eq!((overview.index_centi, overview.standing_day), (index, past.to), "{day}");
    }
}

#[tokio::test]
async fn a_clock_that_was_wrong_leaves_no_day_behind() {
    let shop = selling().await;
    x_asks(&shop, "25.00").await;
    shop.workspace.refresh_figures().await.expect("figures");
    shop.later_hours(5 * 24);
    x_asks(&shop, "20.00").await;
    shop.workspace.refresh_figures().await.expect("figures");
    // The computer's clock is put right again.
    shop.later_hours(-4 * 24);
    let all = since(&shop, "2026-03-01").await;
    let days = against_x(&shop, &all).await;
    assert_eq!(days[0], ["2026-03-02", "119.96", "4.35"].map(str::to_owned));
    assert!(days.iter().all(|day| ["119.96", "149.95"].contains(&day[1].as_str())), "{days:?}");
    assert!(days.iter().all(|day| day[2] == "4.35"), "{days:?}");
    shop.later_hours(4 * 24);
    let days = against_x(&shop, &all).await;
    assert_eq!(days.last().map(|day| day[1].as_str()), Some("149.95"));
}
