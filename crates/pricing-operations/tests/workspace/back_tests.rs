//! Rules over the workspace's own past.

use app_contract::BackTestView;
use pricing_domain::{FileKind, RuleSet, Strategy};
use pricing_operations::{BackTestQuestion, ErrorKind, Progress};

use crate::support::Shop;

/// A shop that charged one price through February, while a competitor undercut it from the 20th on.
async fn shop() -> Shop {
    let shop = Shop::with_products().await;
    let history = "sku,price_list,valid_from,valid_to,price,currency
A1,DEFAULT,2026-01-01T00:00:00Z,2026-02-26T00:00:00Z,29.99,EUR
A1,DEFAULT,2026-02-26T00:00:00Z,2026-03-02T12:00:00Z,28.99,EUR
";
    shop.import_clean(FileKind::PriceHistory, history).await;
    shop.import_clean(FileKind::Costs, "sku,cost,currency,valid_from\nA1,12.50,EUR,2026-01-01\n").await;
    let offers: String = (20..=28).map(|day| format!("A1,Rival,2026-02-{day}T06:00:00Z,28.49,EUR,InStock\n")).collect();
    let text = format!("sku,competitor,observed_at,price,currency,availability\n{offers}");
    shop.import_clean(FileKind::Observations, &text).await;
    shop
}

async fn played(shop: &Shop, rule_set: Option<RuleSet>) -> BackTestView {
    let question = BackTestQuestion {
        rule_set,
        price_list: shop.list("DEFAULT").await,
        from: "2026-02-18".parse().ok(),
        to: "2026-02-28".parse().ok(),
        look: None,
    };
    shop.workspace.back_test(question, &Progress::silent()).await.unwrap()
}

#[tokio::test]
async fn rules_are_played_over_the_past_as_it_was_known_then() {
    let shop = shop().await;
    let sequence = shop.workspace.sequence().await.unwrap();
    let view = played(&shop, None).await;
    assert_eq!(view.days.len(), 11, "{view:?}");
    let quiet: u64 = view.days[..2].iter().map(|day| day.rule_changes).sum();
    assert_eq!(quiet, 0, "nobody undercut us on the 18th and 19th: {:?}", view.days);
    assert!(view.days[..2].iter().all(|day| day.rule_index_hundredths.is_none()), "no offer was known then");
    assert_eq!(view.days[2].rule_changes, 1, "the 20th: {:?}", view.days[2]);
    assert_eq!((view.totals.charged_changes, view.days[8].charged_changes), (1, 1), "we went down on the 26th");
    for day in &view.days[2..8] {
        assert!(day.rule_index_hundredths < day.charged_index_hundredths && day.different == 1, "{day:?}");
    }
    let last = view.days.last().unwrap();
    assert_eq!(last.level_hundredths, Some(10_000), "from the 26th on we charged what the rules say");
    assert!(view.differences.is_empty(), "{:?}", view.differences);
    assert!(view.remarks.iter().any(|remark| remark.contains("fixed")));
    assert_eq!(shop.workspace.sequence().await.unwrap(), sequence, "nothing is written");
    assert_eq!(played(&shop, None).await.days, view.days, "the same twice");
}

#[tokio::test]
async fn rules_that_keep_prices_part_from_what_was_charged_only_where_it_moved() {
    let shop = shop().await;
    let active = shop.workspace.rule_set().await.unwrap();
    let keep = RuleSet { rules: Vec::new(), otherwise: Strategy::Keep, ..active };
    let view = played(&shop, Some(keep)).await;
    assert_eq!((view.totals.rule_changes, view.totals.charged_changes), (0, 1));
    let different: Vec<u64> = view.days.iter().map(|day| day.different).collect();
    assert_eq!(different, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
    assert_eq!(view.days[7].level_hundredths, Some(10_000));
    assert!(view.days[8].level_hundredths > Some(10_000), "the rules would still charge 29.99");
}

#[tokio::test]
async fn a_back_test_is_about_the_past_and_stops_when_asked() {
    let shop = shop().await;
    let price_list = shop.list("DEFAULT").await;
    let question = |from: &str, to: &str| BackTestQuestion {
        rule_set: None,
        price_list,
        from: from.parse().ok(),
        to: to.parse().ok(),
        look: None,
    };
    for (from, to) in [("2026-02-01", "2026-03-02"), ("2026-02-20", "2026-02-10"), ("2024-01-01", "2026-02-01")] {
        let refused = shop.workspace.back_test(question(from, to), &Progress::silent()).await.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Refused, "{}", refused.message);
    }
    let progress = Progress::silent();
    progress.cancel.cancel();
    let stopped = shop.workspace.back_test(question("2026-02-01", "2026-02-28"), &progress).await.unwrap_err();
    assert_eq!(stopped.kind, ErrorKind::Cancelled, "{}", stopped.message);
}
