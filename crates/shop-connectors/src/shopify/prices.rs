//! Prices of a Shopify shop: what it shows by article number or id, and new ones, a product's variants together.

use std::collections::{BTreeMap, HashMap};

use pricing_domain::Currency;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shopify;
use crate::amounts::minor;
use crate::error::ShopError;
use crate::views::{Placed, PriceUpdate, SendReport, ShopPlace, ShownPrice};

/// Article numbers of one search.
const SKUS_AT_ONCE: usize = 50;
/// Variants of one change and ids of one look.
const VARIANTS_AT_ONCE: usize = 100;
/// A change of prices costs this.
const CHANGE_POINTS: f64 = 10.0;

const BY_SKU: &str = "query($query: String!, $first: Int!) { productVariants(first: $first, query: $query) { \
    nodes { id sku price compareAtPrice product { id } } } }";
const BY_ID: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on ProductVariant { \
    id sku price compareAtPrice product { id } } } }";
const CHANGE: &str = "mutation($product: ID!, $variants: [ProductVariantsBulkInput!]!) { \
    productVariantsBulkUpdate(productId: $product, variants: $variants, allowPartialUpdates: true) { \
    productVariants { id } userErrors { field message } } }";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireSearch {
    product_variants: WireNodes,
}

#[derive(Deserialize)]
struct WireNodes {
    nodes: Vec<WirePrice>,
}

#[derive(Deserialize)]
struct WireLook {
    nodes: Vec<Option<WirePrice>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WirePrice {
    id: String,
    sku: Option<String>,
    price: String,
    compare_at_price: Option<String>,
    product: WireId,
}

#[derive(Deserialize)]
struct WireId {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireChanged {
    product_variants_bulk_update: Option<WireOutcome>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireOutcome {
    #[serde(default)]
    user_errors: Vec<WireUserError>,
}

#[derive(Deserialize)]
struct WireUserError {
    field: Option<Vec<String>>,
    message: String,
}

impl Shopify {
    /// What the shop shows for article numbers, in their order. The search may find more than was asked for; only equal
    /// numbers count.
    pub(crate) async fn prices(&self, skus: &[String], currency: Currency) -> Result<Vec<Placed>, ShopError> {
        let mut found: HashMap<String, Vec<WirePrice>> = HashMap::new();
        for some in skus.chunks(SKUS_AT_ONCE) {
            let query = some.iter().map(|sku| format!("sku:{}", quoted(sku))).collect::<Vec<_>>().join(" OR ");
            // Room for numbers that several variants share.
            let first = (some.len() * 4).clamp(10, 250);
            let points = 3.0 + first as f64 * 2.0;
            let wire: WireSearch = self.ask(BY_SKU, json!({ "query": query, "first": first }), points).await?;
            for row in wire.product_variants.nodes {
                if let Some(sku) = row.sku.clone() {
                    found.entry(sku).or_default().push(row);
                }
            }
        }
        let placed = |sku: &String| match found.get(sku).map_or(&[][..], Vec::as_slice) {
            [] => Placed::Nowhere,
            [row] => Placed::At(shown(row, currency)),
            _ => Placed::Twice,
        };
        Ok(skus.iter().map(placed).collect())
    }

    /// What the shop shows at places that are known, in their order. Unlike the search, this is never behind.
    pub(crate) async fn prices_at(&self, places: &[ShopPlace], currency: Currency) -> Result<Vec<Placed>, ShopError> {
        let mut all = Vec::with_capacity(places.len());
        for some in places.chunks(VARIANTS_AT_ONCE) {
            let ids: Vec<&str> = some.iter().map(|place| place.variant.as_str()).collect();
            let points = some.len() as f64 * 2.0;
            let wire: WireLook = self.ask(BY_ID, json!({ "ids": ids }), points).await?;
            let known: HashMap<&str, &WirePrice> =
                wire.nodes.iter().flatten().map(|row| (row.id.as_str(), row)).collect();
            all.extend(ids.iter().map(|id| match known.get(id) {
                Some(row) => Placed::At(shown(row, currency)),
                None => Placed::Nowhere,
            }));
        }
        Ok(all)
    }

    /// Sends new prices product by product.
    pub(crate) async fn send_prices(&self, updates: &[PriceUpdate]) -> SendReport {
        let mut report = SendReport::default();
        let mut products: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, update) in updates.iter().enumerate() {
            products.entry(update.place.product.as_str()).or_default().push(index);
        }
        for (product, all) in products {
            for some in all.chunks(VARIANTS_AT_ONCE) {
                match self.change(product, updates, some).await {
                    Ok(refused) => report.refused.extend(refused),
                    Err(error) => {
                        report.broke_off = Some(error);
                        return report;
                    }
                }
            }
        }
        report
    }

    async fn change(
        &self,
        product: &str,
        updates: &[PriceUpdate],
        some: &[usize],
    ) -> Result<Vec<(usize, String)>, ShopError> {
        let variants: Vec<Value> = some.iter().map(|index| variant(&updates[*index])).collect();
        let variables = json!({ "product": product, "variants": variants });
        let wire: WireChanged = self.ask(CHANGE, variables, CHANGE_POINTS).await?;
        let outcome = wire.product_variants_bulk_update.ok_or_else(|| ShopError::unreadable("no outcome"))?;
        Ok(refused(&outcome.user_errors, some))
    }
}

/// Errors name the place of the variant in what was sent; one that names none concerns all.
fn refused(errors: &[WireUserError], some: &[usize]) -> Vec<(usize, String)> {
    let mut refused = Vec::new();
    for error in errors {
        let place = error.field.iter().flatten().find_map(|part| part.parse::<usize>().ok());
        match place.and_then(|place| some.get(place)) {
            Some(index) => refused.push((*index, error.message.clone())),
            None => refused.extend(some.iter().map(|index| (*index, error.message.clone()))),
        }
    }
    refused
}

fn variant(update: &PriceUpdate) -> Value {
    let mut variant = json!({ "id": update.place.variant, "price": update.new.amount_text() });
    if update.clears_reference {
        variant["compareAtPrice"] = Value::Null;
    }
    variant
}

fn shown(row: &WirePrice, currency: Currency) -> ShownPrice {
    ShownPrice {
        place: ShopPlace {
            sku: row.sku.clone().unwrap_or_default(),
            product: row.product.id.clone(),
            variant: row.id.clone(),
        },
        price_minor: minor(&row.price, currency),
        sale: None,
        compare_at_minor: row.compare_at_price.as_deref().and_then(|text| minor(text, currency)),
    }
}

/// A value of the search language, which has quotes and backslashes of its own.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::{WireUserError, quoted, refused};

    #[test]
    fn a_refused_variant_is_found_by_its_place() {
        let error = |field: &[&str], message: &str| WireUserError {
            field: Some(field.iter().map(|part| (*part).to_owned()).collect()),
            message: message.to_owned(),
        };
        let errors = [error(&["variants", "1", "price"], "too low")];
        assert_eq!(refused(&errors, &[7, 9]), [(9, "too low".to_owned())]);
        let all = [error(&["productId"], "gone")];
        assert_eq!(refused(&all, &[7, 9]).len(), 2, "without a place all are refused");
    }

    #[test]
    fn article_numbers_do_not_break_out_of_the_search() {
        assert_eq!(quoted(r#"A"1\2"#), r#""A\"1\\2""#);
    }
}
