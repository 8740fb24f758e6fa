//! Shopify's Admin GraphQL API, as far as a catalogue and its prices go. By its documentation: a token with scopes, a
//! request may cost at most 1,000 points, a bucket that empties and refills, connections by cursor with at most 250 nodes,
//! amounts as text, errors of single variants by their place. A field that the schema does not have is refused.

mod schema;

use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::TakenPrice;
use crate::door::Door;

const MOST_POINTS: f64 = 1_000.0;
const MOST_NODES: u64 = 250;

/// A variant with what is needed of its product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopifyVariant {
    /// Its number.
    pub id: u64,
    /// Its product's.
    pub product: u64,
    /// Article number.
    pub sku: String,
    /// The product's title.
    pub title: String,
    /// What sets it apart; empty: it is the only one.
    pub option: String,
    /// Price.
    pub price: String,
    /// Struck through.
    pub compare_at: String,
    /// Units.
    pub stock: i64,
    /// Cost, where it is kept.
    pub cost: String,
    /// The address of its own picture; empty: it has none.
    pub image: String,
    /// The address of its product's first picture; empty: it has none.
    pub product_image: String,
}

struct Shop {
    variants: Vec<ShopifyVariant>,
    taken: Vec<TakenPrice>,
    scopes: Vec<&'static str>,
    lacks: Option<&'static str>,
    points: f64,
    bucket: f64,
    a_second: f64,
    at: Instant,
    throttled: u64,
}

type Shared = Arc<Mutex<Shop>>;

/// A shop.
pub struct ShopifyShop {
    /// Where requests come in.
    pub door: Door,
    shop: Shared,
}

impl ShopifyShop {
    /// The token that opens it.
    pub const TOKEN: &'static str = "shpat_0123456789abcdef0123456789abcdef";

    /// Opens a shop with these variants; prices contain VAT and are in euro.
    pub async fn open(variants: Vec<ShopifyVariant>) -> Self {
        let shop: Shared = Arc::new(Mutex::new(Shop {
            variants,
            taken: Vec::new(),
            scopes: vec!["read_products", "write_products", "read_inventory"],
            lacks: None,
            points: 2_000.0,
            bucket: 2_000.0,
            a_second: 100.0,
            at: Instant::now(),
            throttled: 0,
        }));
        let routes = Router::new().route("/admin/api/{version}/graphql.json", post(answer)).with_state(shop.clone());
        Self { door: Door::open(routes).await, shop }
    }

    /// Every price it took, in order.
    pub fn taken(&self) -> Vec<TakenPrice> {
        self.shop.lock().unwrap().taken.clone()
    }

    /// A variant as it stands.
    pub fn variant(&self, sku: &str) -> ShopifyVariant {
        self.shop.lock().unwrap().variants.iter().find(|one| one.sku == sku).unwrap().clone()
    }

    /// Gives the token other scopes.
    pub fn set_scopes(&self, scopes: &[&'static str]) {
        self.shop.lock().unwrap().scopes = scopes.to_vec();
    }

    /// Takes a field away, as a later version of the API may.
    pub fn drop_field(&self, field: &'static str) {
        self.shop.lock().unwrap().lacks = Some(field);
    }

    /// Sets the size of the bucket, which is full then, and how much comes back in a second.
    pub fn set_bucket(&self, points: f64, a_second: f64) {
        let mut shop = self.shop.lock().unwrap();
        (shop.bucket, shop.points, shop.a_second, shop.at) = (points, points, a_second, Instant::now());
    }

    /// How often somebody was sent away.
    pub fn throttled(&self) -> u64 {
        self.shop.lock().unwrap().throttled
    }
}

async fn answer(
    State(shop): State<Shared>,
    Path(version): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if headers.get("x-shopify-access-token").is_none_or(|token| token != ShopifyShop::TOKEN) {
        let reason = "[API] Invalid API key or access token (unrecognized login or wrong password)";
        return (StatusCode::UNAUTHORIZED, Json(json!({ "errors": reason }))).into_response();
    }
    let dated = version.len() == 7 && version.as_bytes()[4] == b'-';
    if !dated {
        return (StatusCode::NOT_FOUND, Json(json!({ "errors": "Not Found" }))).into_response();
    }
    let (query, variables) = (body["query"].as_str().unwrap_or_default(), &body["variables"]);
    let mut shop = shop.lock().unwrap();
    if let Some(field) = schema::unknown_field(query, shop.lacks) {
        let message = format!("Field '{field}' doesn't exist");
        return Json(json!({ "errors": [{ "message": message, "extensions": { "code": "undefinedField" } }] }))
            .into_response();
    }
    let cost = schema::cost(query, variables);
    if cost > MOST_POINTS {
        let message = format!("Query cost is {cost}, which exceeds the single query max cost limit (1000).");
        return Json(json!({ "errors": [{ "message": message, "extensions": { "code": "MAX_COST_EXCEEDED" } }] }))
            .into_response();
    }
    shop.refill();
    if shop.bucket < cost {
        shop.throttled += 1;
        let mut answer = json!({ "errors": [{ "message": "Throttled", "extensions": { "code": "THROTTLED" } }] });
        answer["extensions"] = shop.cost(cost);
        return Json(answer).into_response();
    }
    shop.bucket -= cost;
    let mut answer = shop.run(query, variables);
    answer["extensions"] = shop.cost(cost);
    Json(answer).into_response()
}

impl Shop {
    fn refill(&mut self) {
        let passed = self.at.elapsed().as_secs_f64();
        self.bucket = (self.bucket + passed * self.a_second).min(self.points);
        self.at = Instant::now();
    }

    fn cost(&self, cost: f64) -> Value {
        json!({ "cost": { "requestedQueryCost": cost, "actualQueryCost": cost, "throttleStatus": {
            "maximumAvailable": self.points, "currentlyAvailable": self.bucket, "restoreRate": self.a_second } } })
    }

    fn has(&self, scope: &str) -> bool {
        self.scopes.contains(&scope)
    }

    fn run(&mut self, query: &str, variables: &Value) -> Value {
        if query.contains("productVariantsBulkUpdate") {
            if !self.has("write_products") {
                return denied("productVariantsBulkUpdate", &["productVariantsBulkUpdate"]);
            }
            return json!({ "data": { "productVariantsBulkUpdate": self.change(variables) } });
        }
        if query.contains("currentAppInstallation") {
            let scopes: Vec<Value> = self.scopes.iter().map(|scope| json!({ "handle": scope })).collect();
            return json!({ "data": {
                "shop": { "name": "Nordlicht", "currencyCode": "EUR", "taxesIncluded": true },
                "productsCount": { "count": self.variants.len() },
                "currentAppInstallation": { "accessScopes": scopes } } });
        }
        if query.contains("nodes(ids:") {
            let ids = variables["ids"].as_array().cloned().unwrap_or_default();
            let find = |id: &Value| {
                let found = self.variants.iter().find(|one| variant_id(one.id) == id.as_str().unwrap_or_default());
                found.map_or(Value::Null, |one| self.document(one))
            };
            return json!({ "data": { "nodes": ids.iter().map(find).collect::<Vec<_>>() } });
        }
        self.list(query, variables)
    }

    fn list(&self, query: &str, variables: &Value) -> Value {
        let first = variables["first"].as_u64().unwrap_or(0);
        if first == 0 || first > MOST_NODES {
            return json!({ "errors": [{ "message": "first must be between 1 and 250" }] });
        }
        let words = variables["query"].as_str().map(schema::searched_skus);
        let after = variables["after"].as_str().and_then(|text| text.strip_prefix("after-")?.parse::<u64>().ok());
        let mut rows = self.variants.iter().filter(|one| {
            words.as_ref().is_none_or(|skus| skus.contains(&one.sku)) && after.is_none_or(|after| one.id > after)
        });
        let page: Vec<&ShopifyVariant> = rows.by_ref().take(first as usize).collect();
        let more = rows.next().is_some();
        let cursor = page.last().map(|one| format!("after-{}", one.id));
        let mut nodes: Vec<Value> = page.iter().map(|one| self.document(one)).collect();
        if !query.contains("featuredMedia") {
            for node in &mut nodes {
                (node["image"], node["product"]["featuredMedia"]) = (Value::Null, Value::Null);
            }
        }
        let mut answer = json!({ "data": { "productVariants": {
            "nodes": nodes, "pageInfo": { "hasNextPage": more, "endCursor": cursor } } } });
        if query.contains("unitCost") && !self.has("read_inventory") {
            answer["errors"] =
                denied("unitCost", &["productVariants", "nodes", "inventoryItem", "unitCost"])["errors"].take();
        }
        answer
    }

    fn document(&self, one: &ShopifyVariant) -> Value {
        let text = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
        let cost = if one.cost.is_empty() || !self.has("read_inventory") {
            Value::Null
        } else {
            json!({ "amount": one.cost })
        };
        json!({
            "id": variant_id(one.id),
            "sku": text(&one.sku),
            "barcode": null,
            "price": one.price,
            "compareAtPrice": text(&one.compare_at),
            "inventoryQuantity": one.stock,
            "title": if one.option.is_empty() { "Default Title" } else { one.option.as_str() },
            "selectedOptions": if one.option.is_empty() {
                json!([{ "name": "Title", "value": "Default Title" }])
            } else {
                json!([{ "name": "Size", "value": one.option }])
            },
            "image": picture(&one.image),
            "inventoryItem": { "tracked": true, "unitCost": cost },
            "product": {
                "id": product_id(one.product), "legacyResourceId": one.product.to_string(), "title": one.title,
                "vendor": "Sennheiser", "productType": "Headphones", "hasOnlyDefaultVariant": one.option.is_empty(),
                "category": null, "featuredMedia": { "preview": { "image": picture(&one.product_image) } } },
        })
    }

    /// With partial updates allowed, what is right is done and what is wrong is named.
    fn change(&mut self, variables: &Value) -> Value {
        let product = variables["product"].as_str().unwrap_or_default();
        let wanted = variables["variants"].as_array().cloned().unwrap_or_default();
        if !self.variants.iter().any(|one| product_id(one.product) == product) {
            return json!({ "productVariants": null,
                "userErrors": [{ "field": ["productId"], "message": "Product does not exist" }] });
        }
        let (mut errors, mut done) = (Vec::new(), Vec::new());
        for (place, input) in wanted.iter().enumerate() {
            let id = input["id"].as_str().unwrap_or_default();
            let complain = |field: &str, message: &str| json!({ "field": ["variants", place.to_string(), field], "message": message });
            let found =
                self.variants.iter_mut().find(|one| variant_id(one.id) == id && product_id(one.product) == product);
            let Some(variant) = found else {
                errors.push(complain("id", "Product variant does not exist"));
                continue;
            };
            let Some(price) =
                input["price"].as_str().filter(|text| text.parse::<f64>().is_ok_and(|price| price >= 0.0))
            else {
                errors.push(complain("price", "Price must be greater than or equal to 0"));
                continue;
            };
            if variant.title.contains("Locked") {
                errors.push(complain("price", "This price is managed by another app"));
                continue;
            }
            price.clone_into(&mut variant.price);
            if input.get("compareAtPrice").is_some_and(Value::is_null) {
                variant.compare_at = String::new();
            }
            done.push(json!({ "id": id }));
            self.taken.push(TakenPrice { sku: variant.sku.clone(), price: price.to_owned() });
        }
        json!({ "productVariants": done, "userErrors": errors })
    }
}

fn denied(field: &str, path: &[&str]) -> Value {
    let message = format!("Access denied for {field} field.");
    json!({ "data": null, "errors": [{ "message": message, "path": path, "extensions": { "code": "ACCESS_DENIED" } }] })
}

fn picture(address: &str) -> Value {
    if address.is_empty() { Value::Null } else { json!({ "url": address }) }
}

fn variant_id(id: u64) -> String {
    format!("gid://shopify/ProductVariant/{id}")
}

fn product_id(id: u64) -> String {
    format!("gid://shopify/Product/{id}")
}
