//! The catalogue of a Shopify shop: every variant of every active product, by cursor.

use serde::Deserialize;
use serde_json::json;

use super::{Shopify, refusal};
use crate::error::ShopError;
use crate::views::{CatalogueCounts, ShopProduct};

/// Variants of a page. With the nine objects asked for each that is 902 of the 1,000 points that one request may cost.
const AT_ONCE: u32 = 90;
const POINTS: f64 = 902.0;

/// The picture of the variant, and the first one of its product.
const PICTURES: [&str; 2] = ["image { url }", "featuredMedia { preview { image { url } } }"];

fn variants([of_variant, of_product]: [&str; 2]) -> String {
    format!(
        "query($first: Int!, $after: String) {{ productVariants(first: $first, after: $after, \
         query: \"product_status:active\") {{ \
         nodes {{ sku barcode price compareAtPrice inventoryQuantity title selectedOptions {{ name value }} {of_variant} \
         inventoryItem {{ tracked unitCost {{ amount }} }} \
         product {{ legacyResourceId title vendor productType hasOnlyDefaultVariant category {{ fullName }} \
         {of_product} }} }} \
         pageInfo {{ hasNextPage endCursor }} }} }}"
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WirePage {
    product_variants: Option<WireVariants>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireVariants {
    nodes: Vec<WireVariant>,
    page_info: WirePageInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WirePageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireVariant {
    sku: Option<String>,
    barcode: Option<String>,
    price: String,
    compare_at_price: Option<String>,
    inventory_quantity: Option<i64>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    selected_options: Vec<WireOption>,
    inventory_item: Option<WireItem>,
    image: Option<WireImage>,
    product: WireProduct,
}

#[derive(Deserialize)]
struct WireImage {
    url: String,
}

#[derive(Deserialize)]
struct WireMedia {
    preview: Option<WirePreview>,
}

#[derive(Deserialize)]
struct WirePreview {
    image: Option<WireImage>,
}

#[derive(Deserialize)]
struct WireOption {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireItem {
    #[serde(default)]
    tracked: bool,
    unit_cost: Option<WireMoney>,
}

#[derive(Deserialize)]
struct WireMoney {
    amount: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireProduct {
    legacy_resource_id: String,
    title: String,
    #[serde(default)]
    vendor: String,
    #[serde(default)]
    product_type: String,
    #[serde(default)]
    has_only_default_variant: bool,
    category: Option<WireCategory>,
    featured_media: Option<WireMedia>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireCategory {
    full_name: String,
}

impl Shopify {
    /// Reads every variant of active products and hands each page on. Costs that the token may not see stay out, and so do
    /// pictures where a later version of the API calls them otherwise.
    pub(crate) async fn pull(
        &self,
        hand_on: &mut (dyn FnMut(Vec<ShopProduct>, Option<u64>) + Send),
    ) -> Result<CatalogueCounts, ShopError> {
        let mut counts = CatalogueCounts::default();
        let mut after = None::<String>;
        let mut pictures = PICTURES;
        loop {
            let variables = json!({ "first": AT_ONCE, "after": after });
            let (page, complaints) = self.ask_partly::<WirePage>(&variants(pictures), variables, POINTS).await?;
            if pictures == PICTURES && complaints.iter().any(|one| one.code == "undefinedField") {
                pictures = ["", ""];
                continue;
            }
            let only_costs = |one: &&super::Complaint| one.code == "ACCESS_DENIED" && one.path.ends_with("unitCost");
            if let Some(complaint) = complaints.iter().find(|one| !only_costs(one)) {
                return Err(refusal(complaint));
            }
            let variants = page.and_then(|page| page.product_variants);
            let variants = variants.ok_or_else(|| ShopError::unreadable("no variants"))?;
            let mut rows = Vec::with_capacity(variants.nodes.len());
            for variant in variants.nodes {
                match row(variant) {
                    Some(row) => {
                        counts.read += 1;
                        rows.push(row);
                    }
                    None => counts.without_sku += 1,
                }
            }
            hand_on(rows, None);
            after = variants.page_info.end_cursor.filter(|_| variants.page_info.has_next_page);
            if after.is_none() {
                return Ok(counts);
            }
        }
    }
}

fn row(variant: WireVariant) -> Option<ShopProduct> {
    let sku = variant.sku.filter(|sku| !sku.trim().is_empty())?;
    let product = variant.product;
    let item = variant.inventory_item;
    let tracked = item.as_ref().is_some_and(|item| item.tracked);
    let (name, group) = if product.has_only_default_variant {
        (product.title, String::new())
    } else {
        (format!("{} - {}", product.title, variant.title), product.legacy_resource_id)
    };
    let attributes = if product.has_only_default_variant {
        Vec::new()
    } else {
        variant.selected_options.into_iter().map(|one| (one.name, one.value)).collect()
    };
    let featured = product.featured_media.and_then(|media| media.preview).and_then(|preview| preview.image);
    let category = product.category.map(|one| one.full_name).filter(|name| !name.is_empty());
    Some(ShopProduct {
        sku,
        name,
        gtin: variant.barcode.unwrap_or_default(),
        brand: product.vendor,
        category: category.unwrap_or(product.product_type),
        group,
        price: variant.price,
        compare_at: variant.compare_at_price.unwrap_or_default(),
        cost: item.and_then(|item| item.unit_cost).map(|cost| cost.amount).unwrap_or_default(),
        stock: variant.inventory_quantity.filter(|_| tracked),
        image: variant.image.or(featured).map(|image| image.url).unwrap_or_default(),
        attributes,
        ..ShopProduct::default()
    })
}
