//! WooCommerce's REST API, version 3, as far as a catalogue and its prices go. By its documentation: over HTTP only
//! OAuth 1.0a, a key has a permission, pages and batches hold at most 100, amounts are text with a dot, variations are
//! changed by their product, an object of a batch that is refused has an error in its place, names are HTML.

mod authentication;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, body::to_bytes};
use serde_json::{Value, json};

use crate::TakenPrice;
use crate::door::Door;

const MOST: usize = 100;

/// A product or a variation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WooProduct {
    /// Its id.
    pub id: u64,
    /// Of a variation: its product's.
    pub parent: u64,
    /// `simple`, `variable`, `variation`, `grouped`.
    pub kind: String,
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Its regular price.
    pub regular_price: String,
    /// The price of a sale.
    pub sale_price: String,
    /// Of a sale, UTC.
    pub sale_from: String,
    /// Units; none: not counted.
    pub stock: Option<i64>,
    /// Cost, where it is kept.
    pub cost: Option<f64>,
    /// What sets a variation apart.
    pub option: String,
    /// An attribute of a product that is no variation.
    pub material: String,
    /// Nothing is there, whether it is counted or not.
    pub is_sold_out: bool,
    /// The address of its picture.
    pub image: String,
    /// Its tax class; empty: the ordinary one.
    pub tax_class: String,
    /// Nothing of it is taxed.
    pub is_untaxed: bool,
    /// The id of its category.
    pub category: u64,
}

#[derive(Default)]
struct Shop {
    products: Vec<WooProduct>,
    taken: Vec<TakenPrice>,
    nonces: HashSet<String>,
    read_only: bool,
    includes_tax: bool,
    keeps_taxes: bool,
    most: Option<usize>,
}

type Shared = Arc<Mutex<Shop>>;

/// A shop.
pub struct WooShop {
    /// Where requests come in.
    pub door: Door,
    shop: Shared,
}

impl WooShop {
    /// The key that opens it.
    pub const KEY: &'static str = "ck_0123456789abcdef0123456789abcdef01234567";
    /// Its secret.
    pub const SECRET: &'static str = "cs_fedcba9876543210fedcba9876543210fedcba98";

    /// Opens a shop with these products; prices contain VAT and are in euro.
    pub async fn open(products: Vec<WooProduct>) -> Self {
        let shop: Shared = Arc::new(Mutex::new(Shop { products, includes_tax: true, ..Shop::default() }));
        let routes = Router::new()
            .route("/wp-json/wc/v3/products", get(list))
            .route("/wp-json/wc/v3/products/batch", post(batch))
            .route("/wp-json/wc/v3/products/categories", get(categories))
            .route("/wp-json/wc/v3/products/{id}/variations", get(variations))
            .route("/wp-json/wc/v3/products/{id}/variations/batch", post(variation_batch))
            .route("/wp-json/wc/v3/taxes", get(taxes))
            .route("/wp-json/wc/v3/settings/{group}/{name}", get(setting))
            .fallback(|| async {
                error(404, "rest_no_route", "No route was found matching the URL and request method.")
            })
            .layer(middleware::from_fn_with_state(shop.clone(), authenticate))
            .with_state(shop.clone());
        Self { door: Door::open(routes).await, shop }
    }

    /// Every price it took, in order.
    pub fn taken(&self) -> Vec<TakenPrice> {
        self.shop.lock().unwrap().taken.clone()
    }

    /// A product as it stands.
    pub fn product(&self, sku: &str) -> WooProduct {
        self.shop.lock().unwrap().products.iter().find(|one| one.sku == sku).unwrap().clone()
    }

    /// Changes the regular price behind everybody's back.
    pub fn reprice(&self, sku: &str, price: &str) {
        let mut shop = self.shop.lock().unwrap();
        price.clone_into(&mut shop.products.iter_mut().find(|one| one.sku == sku).unwrap().regular_price);
    }

    /// Removes a product.
    pub fn remove(&self, sku: &str) {
        self.shop.lock().unwrap().products.retain(|one| one.sku != sku);
    }

    /// Whether the key may only read.
    pub fn set_read_only(&self, read_only: bool) {
        self.shop.lock().unwrap().read_only = read_only;
    }

    /// Whether the key may not read the rates of taxes.
    pub fn set_keeps_taxes(&self, keeps: bool) {
        self.shop.lock().unwrap().keeps_taxes = keeps;
    }

    /// Whether prices contain VAT.
    pub fn set_includes_tax(&self, includes: bool) {
        self.shop.lock().unwrap().includes_tax = includes;
    }
}

async fn authenticate(State(shop): State<Shared>, request: Request, next: Next) -> Response {
    let refusal = {
        let mut shop = shop.lock().unwrap();
        let read_only = shop.read_only;
        match authentication::check(&request, WooShop::KEY, WooShop::SECRET, &mut shop.nonces) {
            Ok(()) if read_only && request.method() != "GET" => {
                Some("The API key provided does not have write permissions.")
            }
            Ok(()) => None,
            Err(reason) => Some(reason),
        }
    };
    match refusal {
        Some(reason) => error(401, "woocommerce_rest_authentication_error", reason),
        None => next.run(request).await,
    }
}

type Words = Query<HashMap<String, String>>;

async fn list(State(shop): State<Shared>, Query(words): Words) -> Response {
    let shop = shop.lock().unwrap();
    let skus: Option<Vec<&str>> = words.get("sku").map(|text| text.split(',').chain([text.as_str()]).collect());
    let rows = shop.products.iter().filter(|one| match &skus {
        // Article numbers are looked for among products and variations.
        Some(skus) => skus.contains(&one.sku.as_str()),
        None => one.kind != "variation",
    });
    page(rows.map(|one| document(one, &shop)).collect(), &words)
}

async fn variations(State(shop): State<Shared>, Path(id): Path<u64>, Query(words): Words) -> Response {
    let shop = shop.lock().unwrap();
    if !shop.products.iter().any(|one| one.id == id && one.kind == "variable") {
        return error(404, "woocommerce_rest_product_invalid_id", "Invalid ID.");
    }
    page(shop.products.iter().filter(|one| one.parent == id).map(|one| document(one, &shop)).collect(), &words)
}

async fn categories(Query(words): Words) -> Response {
    let all = [(10, "TV & Audio", 0), (11, "Headphones", 10), (12, "In-ear", 11)];
    page(
        all.iter().map(|(id, name, parent)| json!({ "id": id, "name": as_html(name), "parent": parent })).collect(),
        &words,
    )
}

/// WordPress keeps names as HTML shows them.
fn as_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('\'', "&#8217;")
}

/// Rates by class: of the shop's country, of another, and of a part of its own.
async fn taxes(State(shop): State<Shared>) -> Response {
    if shop.lock().unwrap().keeps_taxes {
        return error(403, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.");
    }
    let rate = |country: &str, state: &str, class: &str, rate: &str| {
        json!({ "id": 1, "country": country, "state": state, "postcode": "", "city": "", "postcodes": [], "cities": [],
            "rate": rate, "name": "VAT", "priority": 1, "compound": false, "shipping": true, "order": 1, "class": class })
    };
    let rates = [
        rate("DE", "", "standard", "19.0000"),
        rate("AT", "", "standard", "20.0000"),
        rate("DE", "", "reduced-rate", "7.0000"),
        rate("DE", "HB", "islands", "5.0000"),
    ];
    Json(json!(rates)).into_response()
}

async fn setting(State(shop): State<Shared>, Path((group, name)): Path<(String, String)>) -> Response {
    let yes = |on: bool| if on { "yes" } else { "no" };
    let value = match (group.as_str(), name.as_str()) {
        ("general", "woocommerce_currency") => "EUR",
        ("general", "woocommerce_default_country") => "DE:DE-HB",
        ("general", "woocommerce_calc_taxes") => "yes",
        ("tax", "woocommerce_prices_include_tax") => yes(shop.lock().unwrap().includes_tax),
        _ => return error(404, "rest_setting_setting_invalid", "Invalid setting."),
    };
    Json(json!({ "id": name, "value": value })).into_response()
}

async fn batch(State(shop): State<Shared>, request: Request) -> Response {
    change(&shop, request, |one| match one.kind.as_str() {
        "variation" => Err((
            404,
            "woocommerce_rest_invalid_product_id",
            "To manipulate product variations you should use the /products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint.",
        )),
        _ => Ok(()),
    })
    .await
}

async fn variation_batch(State(shop): State<Shared>, Path(id): Path<u64>, request: Request) -> Response {
    change(&shop, request, move |one| {
        if one.parent == id {
            Ok(())
        } else {
            Err((404, "woocommerce_rest_product_variation_invalid_id", "Invalid ID."))
        }
    })
    .await
}

type Refusal = (u16, &'static str, &'static str);

async fn change(shop: &Shared, request: Request, belongs: impl Fn(&WooProduct) -> Result<(), Refusal>) -> Response {
    let body = to_bytes(request.into_body(), 1 << 24).await.unwrap();
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return error(400, "rest_invalid_json", "Invalid JSON body passed.");
    };
    let objects = body["update"].as_array().cloned().unwrap_or_default();
    let mut shop = shop.lock().unwrap();
    if objects.len() > shop.most.unwrap_or(MOST) {
        let reason = "Unable to accept more than 100 items for this request.";
        return error(413, "woocommerce_rest_request_entity_too_large", reason);
    }
    let answers: Vec<Value> = objects
        .iter()
        .map(|object| {
            let id = object["id"].as_u64().unwrap_or(0);
            match update(&mut shop, id, object, &belongs) {
                Ok(document) => document,
                Err((status, code, message)) => {
                    json!({ "id": id, "error": { "code": code, "message": message, "data": { "status": status } } })
                }
            }
        })
        .collect();
    Json(json!({ "update": answers })).into_response()
}

fn update(
    shop: &mut Shop,
    id: u64,
    object: &Value,
    belongs: &impl Fn(&WooProduct) -> Result<(), Refusal>,
) -> Result<Value, Refusal> {
    let unknown = (400, "woocommerce_rest_product_invalid_id", "Invalid ID.");
    let place = shop.products.iter().position(|one| one.id == id).ok_or(unknown)?;
    belongs(&shop.products[place])?;
    let amount = |name: &str| match &object[name] {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() || is_amount(text) => Ok(Some(text.clone())),
        _ => Err((400, "rest_invalid_param", "Invalid parameter(s): a price is text with a dot.")),
    };
    let (regular, sale) = (amount("regular_price")?, amount("sale_price")?);
    let product = &mut shop.products[place];
    if product.kind == "variable" {
        return Err((400, "rest_invalid_param", "A variable product has no price of its own."));
    }
    if let Some(sale) = sale {
        product.sale_price = sale;
    }
    if let Some(price) = regular {
        product.regular_price.clone_from(&price);
        // A sale that is not below the regular price is no sale.
        if product.sale_price.parse::<f64>().is_ok_and(|sale| price.parse::<f64>().is_ok_and(|price| sale >= price)) {
            product.sale_price = String::new();
        }
        let sku = product.sku.clone();
        shop.taken.push(TakenPrice { sku, price });
    }
    let product = shop.products[place].clone();
    Ok(document(&product, shop))
}

fn is_amount(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.parse::<f64>().is_ok()
}

fn document(one: &WooProduct, shop: &Shop) -> Value {
    // A variation without a SKU shows that of its product.
    let parent = shop.products.iter().find(|parent| parent.id == one.parent);
    let sku = if one.sku.is_empty() { parent.map_or("", |parent| parent.sku.as_str()) } else { &one.sku };
    let mut document = json!({
        "id": one.id,
        "parent_id": one.parent,
        "type": one.kind,
        "sku": sku,
        "name": as_html(&one.name),
        "regular_price": one.regular_price,
        "sale_price": one.sale_price,
        "on_sale": !one.sale_price.is_empty(),
        "date_on_sale_from_gmt": (!one.sale_from.is_empty()).then_some(&one.sale_from),
        "date_on_sale_to_gmt": null,
        "stock_quantity": one.stock,
        "stock_status": if one.is_sold_out { "outofstock" } else { "instock" },
        "tax_class": one.tax_class,
        "tax_status": if one.is_untaxed { "none" } else { "taxable" },
        "categories": if one.category == 0 { json!([]) } else { json!([{ "id": one.category, "name": "" }]) },
    });
    if one.kind == "variation" {
        let option = json!([{ "id": 0, "name": "Colour", "option": as_html(&one.option) }]);
        document["attributes"] = if one.option.is_empty() { json!([]) } else { option };
        document["image"] = if one.image.is_empty() { Value::Null } else { json!({ "src": one.image }) };
    } else {
        let own = json!({ "id": 0, "name": "Material", "variation": false, "options": [as_html(&one.material)] });
        let choice = json!({ "id": 0, "name": "Colour", "variation": true, "options": ["Red", "Blue"] });
        let own = (!one.material.is_empty()).then_some(own);
        let attributes: Vec<Value> = own.into_iter().chain((one.kind == "variable").then_some(choice)).collect();
        document["attributes"] = json!(attributes);
        document["images"] = if one.image.is_empty() { json!([]) } else { json!([{ "src": one.image }]) };
    }
    if let Some(cost) = one.cost {
        document["cost_of_goods_sold"] = json!({ "total_value": cost });
    }
    document
}

fn page(rows: Vec<Value>, words: &HashMap<String, String>) -> Response {
    let number = |name: &str, usual: usize| words.get(name).map_or(Some(usual), |text| text.parse().ok());
    let (Some(size), Some(page)) = (number("per_page", 10), number("page", 1)) else {
        return error(400, "rest_invalid_param", "Invalid parameter(s): page");
    };
    if size == 0 || size > MOST || page == 0 {
        return error(400, "rest_invalid_param", "per_page must be between 1 (inclusive) and 100 (inclusive)");
    }
    let (total, pages) = (rows.len(), rows.len().div_ceil(size));
    let rows: Vec<Value> = rows.into_iter().skip((page - 1) * size).take(size).collect();
    let mut headers = HeaderMap::new();
    headers.insert("x-wp-total", total.into());
    headers.insert("x-wp-totalpages", pages.into());
    (headers, Json(rows)).into_response()
}

fn error(status: u16, code: &str, message: &str) -> Response {
    let body = json!({ "code": code, "message": message, "data": { "status": status } });
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}
