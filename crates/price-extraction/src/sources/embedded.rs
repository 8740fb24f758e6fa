//! State that shops embed for their scripts: variants of WooCommerce and Shopify, and the price beside the product's
//! name in the state of Next, Nuxt and data layers.

use pricing_domain::{Availability, ExtractionMethod, Gtin};

use super::{Found, Offer};
use crate::amount::Amount;
use crate::currencies::in_markup;
use crate::dom::{Dom, Tag, unescape};
use crate::extraction::Variant;
use crate::json::{Json, parse_all, parse_prefix};
use crate::page::Page;

/// Longest script that is looked into.
const LONGEST: usize = 3_000_000;

/// The variants that a form or a script lists.
pub(crate) fn variants(dom: &Dom<'_>) -> Vec<Variant> {
    woo_variants(dom).or_else(|| shopify_variants(dom)).unwrap_or_default()
}

/// WooCommerce: a JSON attribute of the form.
fn woo_variants(dom: &Dom<'_>) -> Option<Vec<Variant>> {
    let form = dom.elements(Tag::Form).find(|id| dom.raw_attribute(*id, "data-product_variations").is_some())?;
    let text = dom.attribute(form, "data-product_variations")?;
    let documents = parse_all(&text);
    let list = documents.values.first()?;
    let variants: Vec<Variant> = list.items().iter().filter_map(woo_variant).collect();
    (!variants.is_empty()).then_some(variants)
}

fn woo_variant(value: &Json<'_>) -> Option<Variant> {
    let price = amount(value.get("display_price")?)?;
    let regular = value.get("display_regular_price").and_then(amount).filter(|regular| *regular > price);
    let attributes: Vec<(String, String)> = match value.get("attributes") {
        Some(Json::Object(members)) => {
            members.iter().filter_map(|(name, value)| Some((name.to_string(), value.as_text()?.to_owned()))).collect()
        }
        _ => Vec::new(),
    };
    let in_stock = value.get("is_in_stock").map(|stock| *stock == Json::Bool(true));
    Some(Variant {
        title: joined(&attributes),
        sku: text(value, "sku"),
        gtin: None,
        price: Some(price),
        list_price: regular,
        availability: in_stock.map(stock),
        attributes,
    })
}

/// Shopify: `"variants":[{"id":…,"price":…}]` in a script, prices in minor units unless they have a decimal point.
fn shopify_variants(dom: &Dom<'_>) -> Option<Vec<Variant>> {
    for id in dom.elements(Tag::Script) {
        let script = dom.raw_text(id);
        if script.len() > LONGEST || !script.contains("\"variants\"") || !script.contains("\"available\"") {
            continue;
        }
        let at = script.find("\"variants\"")? + "\"variants\"".len();
        let (list, _) = parse_prefix(script[at..].trim_start().trim_start_matches(':'));
        let variants: Vec<Variant> = list.items().iter().filter_map(shopify_variant).collect();
        if !variants.is_empty() {
            return Some(variants);
        }
    }
    None
}

/// One entry of such a list.
pub(crate) fn shopify_variant(value: &Json<'_>) -> Option<Variant> {
    value.get("id")?;
    let price = minor_or_major(value.get("price")?)?;
    let before = value.get("compare_at_price").and_then(minor_or_major).filter(|before| *before > price);
    let option = |name: &str| text(value, name).map(|chosen| (name.to_owned(), chosen));
    let available = value.get("available").map(|available| *available == Json::Bool(true));
    Some(Variant {
        title: text(value, "public_title").or_else(|| text(value, "title")),
        sku: text(value, "sku"),
        gtin: text(value, "barcode").and_then(|code| Gtin::parse(&code).ok()),
        price: Some(price),
        list_price: before,
        availability: available.map(stock),
        attributes: ["option1", "option2", "option3"].into_iter().filter_map(option).collect(),
    })
}

fn stock(available: bool) -> Availability {
    if available { Availability::InStock } else { Availability::OutOfStock }
}

fn joined(attributes: &[(String, String)]) -> Option<String> {
    let values: Vec<&str> = attributes.iter().map(|(_, value)| value.as_str()).collect();
    (!values.is_empty()).then(|| values.join(" / "))
}

fn text(value: &Json<'_>, name: &str) -> Option<String> {
    value.get(name)?.as_text().map(str::to_owned)
}

fn amount(value: &Json<'_>) -> Option<Amount> {
    Amount::parse_plain(value.as_text()?)
}

/// Whole numbers are minor units there; texts and numbers with a point are major units.
fn minor_or_major(value: &Json<'_>) -> Option<Amount> {
    match value {
        Json::Number(number) if !number.contains('.') => {
            Amount::parse_plain(number).map(|amount| amount.shifted_right(2))
        }
        other => amount(other),
    }
}

/// The page's product in embedded state: an object with its name and a price in plain decimals.
pub(crate) fn product(page: &Page<'_>) -> Option<Found> {
    let mut best: Option<(f64, Found)> = None;
    for id in page.dom.elements(Tag::Script) {
        let script = page.dom.raw_text(id);
        let ld = page.dom.raw_attribute(id, "type").is_some_and(|kind| kind.contains("ld+json"));
        if ld || script.len() > LONGEST || !mentions_price(script) {
            continue;
        }
        let unescaped = script.trim_start().starts_with("{&quot;").then(|| unescape(script).into_owned());
        let documents = parse_all(unescaped.as_deref().unwrap_or(script));
        for document in &documents.values {
            search(page, document, 0, &mut best);
        }
    }
    best.map(|(_, found)| found)
}

fn mentions_price(script: &str) -> bool {
    memchr::memmem::find(script.as_bytes(), b"rice").is_some() && script.len() > 40
}

fn search(page: &Page<'_>, value: &Json<'_>, depth: usize, best: &mut Option<(f64, Found)>) {
    if depth > 60 {
        return;
    }
    match value {
        Json::List(items) => items.iter().for_each(|item| search(page, item, depth + 1, best)),
        Json::Object(members) => {
            if let Some((fit, found)) = as_product(page, value)
                && best.as_ref().is_none_or(|(known, _)| fit > *known)
            {
                *best = Some((fit, found));
            }
            members.iter().for_each(|(_, member)| search(page, member, depth + 1, best));
        }
        _ => {}
    }
}

/// An object that names the page's product and has a price.
fn as_product(page: &Page<'_>, value: &Json<'_>) -> Option<(f64, Found)> {
    let name = value.first_of(&["name", "title", "productName", "displayName"])?.as_text()?;
    let price = [
        "salePrice",
        "sale_price",
        "currentPrice",
        "finalPrice",
        "final_price",
        "sellingPrice",
        "specialPrice",
        "price",
        "prices",
    ]
    .iter()
    .find_map(|key| current(value.get(key)?))?;
    let fit = page.title_likeness(name);
    if fit < 0.6 {
        return None;
    }
    let mut found = Found::new(ExtractionMethod::EmbeddedState);
    found.title = Some(name.to_owned());
    found.sku = ["sku", "productId", "product_id", "itemId"].iter().find_map(|key| text(value, key));
    let currency =
        value.first_of(&["currency", "priceCurrency", "currencyCode"]).and_then(Json::as_text).and_then(in_markup);
    found.offers.push(Offer { price: Some(price), currency, ..Offer::default() });
    Some((fit, found))
}

/// A plain decimal with a point, or the current one of an object of prices. Whole numbers may be minor units.
fn current(value: &Json<'_>) -> Option<String> {
    match value {
        Json::Object(_) => [
            "sale",
            "current",
            "now",
            "final",
            "special",
            "discounted",
            "value",
            "amount",
            "selling",
            "regular",
            "original",
        ]
        .iter()
        .find_map(|key| current(value.get(key)?)),
        other => other
            .as_text()
            .filter(|text| text.contains('.') && Amount::parse_plain(text).is_some_and(Amount::is_positive))
            .map(str::to_owned),
    }
}
