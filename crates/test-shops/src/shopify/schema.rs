//! The little of the schema that is needed: which names it has, and what a request costs.

use std::collections::HashSet;

use serde_json::Value;

/// Fields, arguments and types of the Admin API that may occur.
const KNOWN: &[&str] = &[
    "query",
    "mutation",
    "on",
    "shop",
    "name",
    "currencyCode",
    "taxesIncluded",
    "productsCount",
    "count",
    "currentAppInstallation",
    "accessScopes",
    "handle",
    "productVariants",
    "first",
    "after",
    "nodes",
    "ids",
    "id",
    "sku",
    "barcode",
    "price",
    "compareAtPrice",
    "inventoryQuantity",
    "title",
    "selectedOptions",
    "value",
    "inventoryItem",
    "tracked",
    "unitCost",
    "amount",
    "product",
    "legacyResourceId",
    "vendor",
    "productType",
    "hasOnlyDefaultVariant",
    "category",
    "fullName",
    "image",
    "url",
    "featuredMedia",
    "preview",
    "pageInfo",
    "hasNextPage",
    "endCursor",
    "ProductVariant",
    "productVariantsBulkUpdate",
    "productId",
    "variants",
    "allowPartialUpdates",
    "true",
    "userErrors",
    "field",
    "message",
    "Int",
    "String",
    "ID",
    "ProductVariantsBulkInput",
];

/// A name that the schema does not have.
pub(super) fn unknown_field(query: &str, lacks: Option<&str>) -> Option<String> {
    let without_text: String = query.split('"').step_by(2).collect::<Vec<_>>().join(" ");
    let names = without_text.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '$');
    names
        .filter(|name| !name.is_empty() && !name.starts_with('$'))
        .find(|name| !KNOWN.contains(name) || lacks == Some(name))
        .map(str::to_owned)
}

/// Points: one for each object, two for a connection and its nodes on top, ten for a change.
pub(super) fn cost(query: &str, variables: &Value) -> f64 {
    if query.contains("productVariantsBulkUpdate") {
        return 10.0;
    }
    let objects = [
        "selectedOptions {",
        "inventoryItem {",
        "unitCost {",
        "product {",
        "category {",
        "image {",
        "featuredMedia {",
        "preview {",
    ];
    let a_node = 1 + objects.iter().map(|object| query.matches(object).count()).sum::<usize>();
    let nodes = if query.contains("nodes(ids:") {
        variables["ids"].as_array().map_or(0, Vec::len)
    } else {
        variables["first"].as_u64().map_or(0, |first| first as usize)
    };
    (2 + nodes * a_node) as f64
}

/// The article numbers of a search `sku:"A" OR sku:"B"`.
pub(super) fn searched_skus(search: &str) -> HashSet<String> {
    let mut skus = HashSet::new();
    let mut rest = search;
    while let Some((_, after)) = rest.split_once("sku:\"") {
        let mut sku = String::new();
        let mut letters = after.char_indices();
        let mut end = after.len();
        while let Some((place, letter)) = letters.next() {
            match letter {
                '\\' => sku.extend(letters.next().map(|(_, letter)| letter)),
                '"' => {
                    end = place;
                    break;
                }
                letter => sku.push(letter),
            }
        }
        skus.insert(sku);
        rest = &after[end..];
    }
    skus
}
