//! A shop that sells what the sample sells.

use anyhow::{Context, Result, ensure};
use app_commands::Host;
use app_contract::{GetStatus, ListProducts, ProductRow};
use pricing_domain::GridSort;
use test_shops::{WooProduct, WooShop};

async fn rows(host: &Host) -> Result<Vec<ProductRow>> {
    let status = host.call(GetStatus {}).await?;
    let list = status.workspace.and_then(|open| open.price_lists.first().cloned()).context("the sample has a list")?;
    let mut rows: Vec<ProductRow> = Vec::new();
    loop {
        let page = host
            .call(ListProducts {
                price_list: list.id,
                search: String::new(),
                filters: Vec::new(),
                sort: GridSort::default(),
                offset: rows.len() as u64,
                limit: 500,
            })
            .await?;
        if page.rows.is_empty() {
            return Ok(rows);
        }
        rows.extend(page.rows);
    }
}

fn price_text(row: &ProductRow) -> String {
    row.price_minor.map(|minor| format!("{}.{:02}", minor / 100, minor % 100)).unwrap_or_default()
}

/// The sample's catalogue with the prices of its default list.
pub async fn catalogue(host: &Host) -> Result<Vec<WooProduct>> {
    let rows = rows(host).await?;
    let product = |(row, id): (&ProductRow, u64)| WooProduct {
        id,
        kind: "simple".into(),
        sku: row.sku.clone(),
        name: row.name.clone(),
        regular_price: price_text(row),
        ..WooProduct::default()
    };
    Ok(rows.iter().zip(1..).map(product).collect())
}

/// Fails unless the shop shows the prices that the workspace has in force.
pub async fn shows_the_sample(host: &Host, shop: &WooShop) -> Result<()> {
    let rows = rows(host).await?;
    for row in rows {
        let shown = shop.product(&row.sku).regular_price;
        ensure!(shown == price_text(&row), "{}: {shown} in the shop, {} here", row.sku, price_text(&row));
    }
    Ok(())
}
