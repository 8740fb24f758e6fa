//! Roles of many products at once, and roles that sales and competition suggest.

use app_contract::RoleSelection;
use pricing_domain::{FileKind, GridFilter, Role};
use pricing_operations::ErrorKind;

use crate::support::Shop;

/// Twelve products in one category that sold 100, 50, then less and less; the first is carried by three rivals.
async fn sold() -> Shop {
    let shop = Shop::new().await;
    let (mut products, mut sales) =
        ("sku,name,category,currency,price,cost,vat_rate\n".to_owned(), "sku,date,units\n".to_owned());
    let units = [100, 60, 40, 20, 10, 8, 6, 4, 3, 2, 1, 0];
    for (number, units) in units.into_iter().enumerate() {
        products.push_str(&format!("S{number:02},Thing {number},Home > Things,EUR,10.00,5.00,19\n"));
        if units > 0 {
            sales.push_str(&format!("S{number:02},2026-02-28,{units}\n"));
        }
    }
    shop.import_clean(FileKind::Products, &products).await;
    shop.import_clean(FileKind::Sales, &sales).await;
    let mut seen = "sku,competitor,observed_at,price,currency\n".to_owned();
    for rival in ["North", "South", "West"] {
        seen.push_str(&format!(
            "S00,{rival},2026-03-01T08:00:00Z,10.50,EUR\nS00,{rival},2026-03-02T08:00:00Z,10.20,EUR\n"
        ));
    }
    shop.import_clean(FileKind::Observations, &seen).await;
    shop
}

async fn roles(shop: &Shop) -> Vec<Option<Role>> {
    let mut rows = shop.grid("DEFAULT").await;
    rows.sort_by(|one, other| one.sku.cmp(&other.sku));
    rows.into_iter().map(|row| row.role).collect()
}

#[tokio::test]
async fn roles_are_suggested_from_sales_and_competition_and_applied_in_one_step() {
    let shop = sold().await;
    let list = shop.list("DEFAULT").await;
    let found = shop.workspace.suggest_roles(list, false, 3).await.unwrap();
    assert_eq!((found.judged, found.changes, found.rows.len()), (12, 12, 3));
    let of = |role| found.counts.iter().find(|count| count.role == role).map(|count| (count.now, count.suggested));
    assert_eq!(of(Some(Role::KeyValue)), Some((0, 1)));
    assert_eq!(of(None), Some((12, 0)));
    assert!(found.rows[0].reason.contains("3 competitors carry it"), "{}", found.rows[0].reason);
    assert!(found.rows[0].reason.starts_with("100 sold in 28 days"), "{}", found.rows[0].reason);

    let report = shop.workspace.apply_roles(list, false).await.unwrap();
    assert_eq!((report.changed, report.unchanged), (12, 0));
    let now = roles(&shop).await;
    assert_eq!(now[..3], [Some(Role::KeyValue), Some(Role::Traffic), Some(Role::Traffic)]);
    assert_eq!(now[11], Some(Role::Tail));
    assert_eq!(shop.workspace.suggest_roles(list, false, 9).await.unwrap().changes, 0);

    shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(roles(&shop).await, [None; 12]);
}

#[tokio::test]
async fn marked_products_get_a_role_and_those_that_have_it_stay_untouched() {
    let shop = sold().await;
    let skus = |skus: &[&str]| RoleSelection::Skus(skus.iter().map(|sku| (*sku).to_owned()).collect());
    let first = shop.workspace.set_roles(&skus(&["s03", "S04", "X"]), Some(Role::Profit)).await.unwrap();
    assert_eq!((first.changed, first.unchanged, first.unknown), (2, 0, vec!["X".to_owned()]));
    let list = shop.list("DEFAULT").await;
    let filters = vec![GridFilter::Role(Role::Profit)];
    let of_grid = RoleSelection::Grid { price_list: list, search: "Thing 4".into(), filters };
    let second = shop.workspace.set_roles(&of_grid, None).await.unwrap();
    assert_eq!((second.changed, shop.row("S04", "DEFAULT").await.role), (1, None));
    let again = shop.workspace.set_roles(&skus(&["S03"]), Some(Role::Profit)).await.unwrap();
    assert_eq!((again.changed, again.unchanged, again.change_set), (0, 1, None));
    let found = shop.workspace.suggest_roles(list, true, 50).await.unwrap();
    assert!(!found.rows.iter().any(|row| row.sku == "S03"), "what has a role is left alone when asked so");

    shop.workspace
        .set_roles(&RoleSelection::Products(vec![shop.row("S03", "DEFAULT").await.id]), Some(Role::Tail))
        .await
        .unwrap();
    let undone = shop.workspace.undo_change_set(first.change_set.unwrap()).await.unwrap();
    assert_eq!(shop.row("S03", "DEFAULT").await.role, Some(Role::Tail), "a later change stays: {undone:?}");
}

#[tokio::test]
async fn without_sales_nothing_is_suggested() {
    let shop = Shop::with_products().await;
    let refused = shop.workspace.suggest_roles(shop.list("DEFAULT").await, false, 9).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Refused);
    assert!(refused.message.contains("Import sales first"), "{}", refused.message);
}
