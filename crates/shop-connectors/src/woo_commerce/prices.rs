//! Prices of a WooCommerce shop: what it shows by article number, and new ones in batches.

use std::collections::{BTreeMap, HashMap};

use pricing_domain::Currency;
use serde::Deserialize;
use serde_json::json;

use super::{AT_ONCE, WireError, WooCommerce, or_none, plain};
use crate::amounts::minor;
use crate::error::ShopError;
use crate::views::{Placed, PriceUpdate, SaleInShop, SendReport, ShopPlace, ShownPrice};

/// Article numbers in one address; more would make it too long for some servers.
const SKUS_AT_ONCE: usize = 50;

#[derive(Deserialize)]
struct WirePrice {
    id: u64,
    #[serde(default)]
    sku: String,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    parent_id: u64,
    #[serde(default)]
    regular_price: String,
    #[serde(default)]
    sale_price: String,
    #[serde(default)]
    on_sale: bool,
}

#[derive(Deserialize)]
struct WireBatch {
    #[serde(default)]
    update: Vec<WireUpdated>,
}

#[derive(Deserialize)]
struct WireUpdated {
    id: u64,
    #[serde(default)]
    error: Option<WireError>,
}

impl WooCommerce {
    /// What the shop shows for article numbers, in their order.
    pub(crate) async fn prices(&self, skus: &[String], currency: Currency) -> Result<Vec<Placed>, ShopError> {
        let mut found: HashMap<String, Vec<WirePrice>> = HashMap::new();
        // A comma divides article numbers; one that has a comma is asked for alone.
        let (with_comma, plain): (Vec<_>, Vec<_>) = skus.iter().partition(|sku| sku.contains(','));
        let asked = plain.chunks(SKUS_AT_ONCE).chain(with_comma.chunks(1));
        for some in asked {
            let list = some.iter().map(|sku| sku.as_str()).collect::<Vec<_>>().join(",");
            let query = [
                ("sku", list.as_str()),
                ("status", "any"),
                ("_fields", "id,sku,type,parent_id,regular_price,sale_price,on_sale"),
            ];
            let mut page = 1;
            loop {
                let (rows, _, pages) = self.page::<WirePrice>("products", &query, page).await?;
                for row in rows {
                    found.entry(row.sku.clone()).or_default().push(row);
                }
                if page >= pages {
                    break;
                }
                page += 1;
            }
        }
        Ok(skus.iter().map(|sku| placed(found.get(sku).map_or(&[][..], Vec::as_slice), currency)).collect())
    }

    /// Sends new prices, product by product in batches, and the variations of each product together.
    pub(crate) async fn send_prices(&self, updates: &[PriceUpdate]) -> SendReport {
        let mut report = SendReport::default();
        let mut simple = Vec::new();
        let mut varied: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, update) in updates.iter().enumerate() {
            if update.place.variant.is_empty() {
                simple.push(index);
            } else {
                varied.entry(update.place.product.as_str()).or_default().push(index);
            }
        }
        let mut batches: Vec<(String, Vec<usize>)> = Vec::new();
        batches.extend(simple.chunks(AT_ONCE).map(|some| ("products/batch".to_owned(), some.to_vec())));
        for (product, all) in varied {
            let path = format!("products/{product}/variations/batch");
            batches.extend(all.chunks(AT_ONCE).map(|some| (path.clone(), some.to_vec())));
        }
        for (path, some) in batches {
            if let Err(error) = self.send_batch(&path, updates, &some, &mut report).await {
                report.broke_off = Some(error);
                break;
            }
        }
        report
    }

    async fn send_batch(
        &self,
        path: &str,
        updates: &[PriceUpdate],
        some: &[usize],
        report: &mut SendReport,
    ) -> Result<(), ShopError> {
        let ids: HashMap<u64, usize> =
            some.iter().filter_map(|index| Some((id(&updates[*index].place)?, *index))).collect();
        let objects: Vec<_> = some.iter().filter_map(|index| object(&updates[*index])).collect();
        let batch: WireBatch = self.write(path, &json!({ "update": objects })).await?;
        for row in batch.update {
            if let (Some(index), Some(error)) = (ids.get(&row.id), row.error) {
                report.refused.push((*index, or_none(&plain(&error.message)).to_owned()));
            }
        }
        Ok(())
    }
}

fn id(place: &ShopPlace) -> Option<u64> {
    if place.variant.is_empty() { place.product.parse().ok() } else { place.variant.parse().ok() }
}

/// Amounts are text. A sale that would not lie below the new price is taken away with its dates.
fn object(update: &PriceUpdate) -> Option<serde_json::Value> {
    let mut object = json!({ "id": id(&update.place)?, "regular_price": update.new.amount_text() });
    if update.clears_reference {
        object["sale_price"] = json!("");
        object["date_on_sale_from"] = json!("");
        object["date_on_sale_to"] = json!("");
    }
    Some(object)
}

fn placed(rows: &[WirePrice], currency: Currency) -> Placed {
    let priced: Vec<&WirePrice> =
        rows.iter().filter(|row| !matches!(row.kind.as_str(), "variable" | "grouped")).collect();
    match (priced.as_slice(), rows.len()) {
        ([], 0) => Placed::Nowhere,
        ([], _) => Placed::WithoutPrice,
        ([row], _) => {
            let is_variant = row.parent_id > 0;
            let (product, variant) =
                if is_variant { (row.parent_id, row.id.to_string()) } else { (row.id, String::new()) };
            let sale = minor(&row.sale_price, currency);
            Placed::At(ShownPrice {
                place: ShopPlace { sku: row.sku.clone(), product: product.to_string(), variant },
                price_minor: minor(&row.regular_price, currency),
                sale: sale.map(|price_minor| SaleInShop { price_minor, runs: row.on_sale }),
                compare_at_minor: None,
            })
        }
        _ => Placed::Twice,
    }
}
